"""Makes an article of what somebody wrote in a word processor or a letter: blocks with a title above them."""

import re
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import NoArticleError
from syndicator.extract.boilerplate import Line, judge_whole
from syndicator.extract.cleaning import Gleanings, clean_blocks, note_parts
from syndicator.extract.dates import read_date
from syndicator.extract.documents import attachments_in
from syndicator.extract.events import find_events
from syndicator.extract.measures import flat_text, is_prose
from syndicator.extract.metadata import is_author
from syndicator.extract.page import first_picture, joined_rights, markup_of, without_repetition
from syndicator.model import Article
from syndicator.text.html import clean_html, plain_text
from syndicator.text.messages import tr

_FEWEST_LETTERS = 40
_LONGEST_TITLE = 250  # characters
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def article_of_blocks(
    blocks: list[etree._Element],
    name: str,
    language: str,
    now: datetime,
    timezone: ZoneInfo,
    title: str = "",
    published: datetime | None = None,
) -> Article:
    """Return the article in rebuilt blocks, which hold nothing else but lines around it.

    ``title`` and ``published`` are what is known from elsewhere, such as a letter's subject; without a title
    the first short block is it, else the file's ``name``. Raises NoArticleError.
    """
    gleanings = Gleanings()
    if not title:
        title, blocks = _split_title(blocks, gleanings)
    kept, found = clean_blocks(without_repetition(blocks, title))
    body = clean_html("".join(map(markup_of, kept)), "")
    plain = plain_text(body)
    if sum(map(str.isalpha, plain)) < _FEWEST_LETTERS:
        raise NoArticleError(
            tr("{name} holds no article: it needs a title and, below it, at least one paragraph", name=name)
        )
    dates = (read_date(line, now, timezone, language) for line in (*gleanings.dates, *found.dates))
    published = published or next((moment for moment in dates if moment), None)
    authors = dict.fromkeys((*gleanings.authors, *found.authors))
    return Article(
        title=title or PurePosixPath(name).stem.replace("_", " "),
        summary="",
        body=body,
        language=language,
        url="",
        authors=tuple(author for author in authors if is_author(author, "")),
        published=published,
        image=first_picture(kept),
        rights=joined_rights("", [*gleanings.rights, *found.rights]),
        attachments=attachments_in(kept, {}, language),
        events=find_events(plain, (published or now).astimezone(timezone).date()),
    )


def _split_title(blocks: list[etree._Element], gleanings: Gleanings) -> tuple[str, list[etree._Element]]:
    for index, block in enumerate(blocks):
        text = flat_text(block)
        rule = judge_whole(Line(text, is_head=True))
        if rule is not None:
            note_parts(rule, text, gleanings)
            continue
        is_title = block.tag in _HEADINGS or (
            block.tag == "p" and len(text) <= _LONGEST_TITLE and not (is_prose(text) and len(text) > 120)
        )
        if text:
            return (re.sub(r"\s+", " ", text), blocks[index + 1 :]) if is_title else ("", blocks[index:])
    return "", blocks
