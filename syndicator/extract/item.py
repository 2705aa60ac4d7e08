"""Makes articles of a feed's items: of what they carry, and of the page they lead to."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from lxml import etree

from syndicator.errors import NoArticleError
from syndicator.extract.boilerplate import Line, judge
from syndicator.extract.cleaning import Gleanings, clean_blocks
from syndicator.extract.documents import attachments_in
from syndicator.extract.embeds import link_embeds
from syndicator.extract.events import find_events
from syndicator.extract.metadata import is_author, is_picture, media_type_of, tidy_tags
from syndicator.extract.noise import remove_buttons, remove_noise
from syndicator.extract.page import first_picture, joined_rights, markup_of, without_repetition
from syndicator.extract.region import leaves_of
from syndicator.extract.sections import remove_labelled
from syndicator.extract.structure import parse_page, remove_unseen, set_captions
from syndicator.extract.summary import is_cut_off, own_summary, whole_sentences, without_read_on
from syndicator.model import Article, FeedItem, Image
from syndicator.text.html import clean_html, plain_text
from syndicator.text.messages import tr
from syndicator.text.paragraphs import rebuild

_WHOLE = 600  # characters: a shorter text of one paragraph is a summary, whatever element it stands in
_MORE = 1.3  # times the length
_SAME_DAY = timedelta(hours=24)
_CUT_TITLE = re.compile(r"(?:\.\.\.|…)$")


def needs_page(item: FeedItem) -> bool:
    """Whether a feed's item carries a summary only, so that the article must be read from its page."""
    carried = _own_lines(item.content or item.summary)
    text = " ".join(carried)
    if not text or is_cut_off(text):
        return True
    is_short = len(text) < _WHOLE and len(carried) < 2
    if item.content and len(text) > len(" ".join(_own_lines(item.summary))):
        return is_short
    return len(text) < _WHOLE or len(carried) < 2


def article_from_item(item: FeedItem, language: str, base_url: str) -> Article:
    """Return the article that a feed's item carries, cleaned.

    Relative addresses are resolved against ``base_url``; ``language`` becomes the article's. Raises
    NoArticleError for an item without a title and text.
    """
    blocks, gleanings = _cleaned(item.content or item.summary, item.title, base_url, language)
    body = clean_html("".join(map(markup_of, blocks)), base_url)
    plain = plain_text(body)
    title = " ".join(item.title.split()) or plain.split("\n", 1)[0][:200]
    if not title:
        raise NoArticleError(tr("the feed's item {key} has neither a title nor a text", key=item.key))
    return Article(
        title=title,
        summary=_summary(item, title, plain, language) if item.content else "",
        body=body,
        language=language,
        url=item.url,
        authors=tuple(name for name in (item.authors or gleanings.authors) if is_author(name, "")),
        published=item.published,
        image=_image(item, blocks, gleanings),
        rights=joined_rights(item.rights, gleanings.rights),
        tags=tidy_tags(item.tags),
        attachments=attachments_in(blocks, {}, language),
        events=find_events(plain, item.published.date()) if item.published else (),
    )


def complete(item: FeedItem, page: Article) -> Article:
    """Return the article read from an item's page, with what the feed knows better or alone.

    The body is the page's, unless the feed carries several whole paragraphs of which the page has few. The
    feed's title stands unless it was cut off; of two dates on one day the
    feed's is the more precise; its summary stands where it is no cut-off beginning of the body.
    """
    title = " ".join(item.title.split())
    if not title or _CUT_TITLE.search(title):
        title = page.title
    plain = plain_text(page.body)
    carried = _own_lines(item.content or item.summary)
    if len(carried) > 1 and sum(map(len, carried)) > _MORE * len(plain) and not is_cut_off(carried[-1]):
        own = article_from_item(item, page.language, page.url or item.url)
        if len(plain_text(own.body)) > _MORE * len(plain):  # the page was misread, or is a stub
            plain = plain_text(own.body)
            page = replace(page, body=own.body, attachments=own.attachments, events=own.events)
    return replace(
        page,
        title=title,
        summary=_summary(item, title, plain, page.language) or page.summary,
        url=page.url or item.url,
        authors=page.authors or tuple(name for name in item.authors if is_author(name, "")),
        published=_closer_date(item, page),
        image=page.image or item.image,
        rights=page.rights or item.rights,
        tags=tidy_tags((*item.tags, *page.tags)),
    )


def _cleaned(markup: str, title: str, base_url: str, language: str) -> tuple[list[etree._Element], Gleanings]:
    root = parse_page(markup, base_url)
    link_embeds(root, base_url, language)
    remove_unseen(root)
    set_captions(root)
    remove_noise(root, None)
    remove_buttons(root)
    remove_labelled(root, None)
    blocks = without_repetition(leaves_of(rebuild(root, keep_divisions=True)), title)
    return clean_blocks(blocks)


def _own_lines(markup: str) -> list[str]:
    """Return the paragraphs that an item carries, without „The post … appeared first on …“ and the like."""
    lines = plain_text(markup).split("\n")
    return [line for line in lines if line and not _is_footer(line)]


def _is_footer(line: str) -> bool:
    rule = judge(Line(line))
    return rule is not None and rule.name in {
        "first appeared",
        "share",
        "tags",
        "comment count",
        "photo credit",
    }


def _summary(item: FeedItem, title: str, body: str, language: str) -> str:
    lines = [line for line in plain_text(item.summary).split("\n") if judge(Line(line, is_tail=True)) is None]
    text = " ".join(lines)
    if is_cut_off(text):
        text = whole_sentences(without_read_on(text))
    return own_summary(text, title, body, language)


def _image(item: FeedItem, blocks: list[etree._Element], gleanings: Gleanings) -> Image | None:
    image = item.image if item.image is not None and is_picture(item.image.url) else first_picture(blocks)
    if image is None:
        return None
    credit = image.credit or next(iter(gleanings.credits), "")
    return replace(image, credit=credit, media_type=image.media_type or media_type_of(image.url))


def _closer_date(item: FeedItem, page: Article) -> datetime | None:
    if page.published is None or item.published is None:
        return page.published or item.published
    return item.published if abs(item.published - page.published) < _SAME_DAY else page.published
