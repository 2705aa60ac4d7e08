"""Reads the article on a page, whole and nothing but it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import NoArticleError, ParseError
from syndicator.extract.boilerplate import Line, is_section_label, judge
from syndicator.extract.bounds import MOST_ELEMENTS, check_bounds
from syndicator.extract.cleaning import Gleanings, clean_blocks, cut_labelled_lines, labels_links
from syndicator.extract.dates import read_date
from syndicator.extract.decode import decode
from syndicator.extract.details import remove_details
from syndicator.extract.documents import (
    attachments_in,
    is_document_list,
    languages_of_links,
    remove_icons,
    take_boxes,
)
from syndicator.extract.embeds import is_embed_link, link_embeds
from syndicator.extract.events import find_events
from syndicator.extract.foreign import article_text, chosen_blocks, is_foreign
from syndicator.extract.measures import flat_text, is_prose, letters_of, link_share
from syndicator.extract.metadata import (
    PageFacts,
    is_author,
    is_picture,
    is_same_picture,
    media_type_of,
    read_facts,
    tidy_tags,
)
from syndicator.extract.noise import remove_buttons, remove_noise
from syndicator.extract.picture_credits import take_credits
from syndicator.extract.region import find_blocks, leaves_of
from syndicator.extract.rights import copyright_line
from syndicator.extract.sections import remove_labelled
from syndicator.extract.selectors import select
from syndicator.extract.structure import (
    base_address,
    parse_page,
    remove,
    remove_scripts,
    remove_unseen,
    set_captions,
    unpack_lists,
    unwrap_cells,
)
from syndicator.extract.summary import own_summary
from syndicator.extract.teasers import TEASER, remove_teasers
from syndicator.extract.trace import UNSEEN, Trace
from syndicator.model import Article, Dropped, FetchedDocument, Image, SiteRules
from syndicator.text.html import clean_html, plain_text
from syndicator.text.messages import tr
from syndicator.text.paragraphs import TITLE_MARK, rebuild

_NOT_HTML = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?!xhtml|xml|octet-stream|x-httpd|[a-z.]*html)"
)
_MISSING = re.compile(
    r"(?:\b404\b|страницата\s+не\s+(?:е|беше|може\s+да\s+бъде)\s+намерена|няма\s+такава\s+страница|page\s+not\s+found"
    r"|not\s+found|достъпът\s+е\s+отказан|access\s+denied|just\s+a\s+moment)",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FEWEST_LETTERS = 40  # of an article; the store's own rule of too few words stands apart from this
_REPEATED = 40  # letters: a shorter line may stand twice in an article
_SHORTEST_NAMED = 12  # letters of a title that a line may name
_AROUND_TITLE = 100  # characters beside it
_PUBLISHED_AT = re.compile(
    r"публикуван|(?:се\s+)?появи|прочет|вижте|източник|appeared|published|posted|original|read|source",
    re.IGNORECASE,
)
_SMALL_PICTURE = 100  # pixels


@dataclass(frozen=True, slots=True)
class _Body:
    blocks: list[etree._Element]
    gleanings: Gleanings
    document_languages: dict[str, str]  # of links to documents, by address


def read_page(
    document: FetchedDocument,
    rules: SiteRules,
    language: str,
    now: datetime,
    timezone: ZoneInfo,
    dropped: list[Dropped] | None = None,
) -> Article:
    """Return the article on a fetched page.

    ``language`` is the source's and becomes the article's; ``now`` (aware) and ``timezone`` are what dates on
    the page are read by. What is not taken for the article's is added to ``dropped``, in the order of the
    steps, also where an error is raised in the end. The address is the page's own canonical one, else the one
    that answered. Raises ParseError where the answer is no page, or a site rule no selector; NoArticleError
    where the page holds no article.
    """
    media_type = document.content_type.partition(";")[0].strip().lower()
    if _NOT_HTML.match(media_type) or document.body[:5] == b"%PDF-":
        raise ParseError(
            tr(
                "{url} is no web page ({type}); name the address of a page with an article",
                url=document.final_url,
                type=media_type or "PDF",
            )
        )
    if not document.body.strip():
        raise ParseError(tr("{url} answered with an empty page", url=document.final_url))
    text = decode(document.body, document.content_type, "html")
    return read_markup(text, document.final_url, rules, language, now, timezone, dropped)


def read_markup(
    text: str,
    address: str,
    rules: SiteRules,
    language: str,
    now: datetime,
    timezone: ZoneInfo,
    dropped: list[Dropped] | None = None,
) -> Article:
    """Return the article in a decoded page; as :func:`read_page`, ``address`` being ``""`` for a file."""
    root = parse_page(text, address)
    # lxml makes a new object for an element that nobody holds, each time it is met.
    held = list(islice(root.iter(), MOST_ELEMENTS + 1))
    check_bounds(root, address)
    trace = Trace(dropped)
    with trace.taking_off(root, UNSEEN):
        remove_scripts(root)
    unwrap_cells(root)
    for selector in rules.remove:
        with trace.taking_off(root, f"site rule: {selector}"):
            for element in select(root, selector):
                remove(element)
    told = article_text(root) if not rules.body and is_foreign(root) else ""
    if not (rules.title or rules.body or rules.date or rules.author):  # selectors see the page's own tags
        unpack_lists(root)
    facts = read_facts(root, rules, address, now, timezone, language)
    link_embeds(root, base_address(root, address), language)
    with trace.taking_off(root, "credit beside its picture"):
        own_credits = take_credits(root)
    body = _read_body(root, facts, rules, trace, told)
    body.gleanings.credits[:0] = own_credits
    del held
    markup = clean_html("".join(map(markup_of, body.blocks)), address)
    plain = plain_text(markup)
    if sum(map(str.isalpha, plain)) < _FEWEST_LETTERS or _is_missing_page(facts.title, plain):
        raise NoArticleError(
            tr(
                "no article was found at {url}; if there is one, name its place under rules: body",
                url=address or facts.title or tr("the file"),
            )
        )
    return _article(facts, body, markup, plain, language, now, timezone)


def _article(
    facts: PageFacts,
    body: _Body,
    markup: str,
    plain: str,
    language: str,
    now: datetime,
    timezone: ZoneInfo,
) -> Article:
    found = body.gleanings
    title = facts.title or next(iter(plain.split("\n")), "")[:200]
    authors = facts.authors or tuple(name for name in found.authors if is_author(name, facts.site))
    published = facts.published or next(
        (moment for line in found.dates if (moment := _labelled_date(line, now, timezone, language))), None
    )
    credit = next(iter((*found.credits, *facts.credits)), "")
    image = facts.image or first_picture(body.blocks)
    if image is not None:
        image = _with_caption(image, body.blocks)
        image = replace(image, credit=image.credit or credit)
    return Article(
        title=title,
        summary=next(
            (
                own
                for text in facts.descriptions
                if (own := own_summary(plain_text(text), title, plain, language))
            ),
            "",
        ),
        body=markup,
        language=language,
        url=facts.url,
        authors=authors,
        published=published,
        image=image,
        rights=joined_rights(facts.rights, found.rights),
        tags=facts.tags or _tags_in_text(facts.keywords, f"{title} {plain}"),
        attachments=attachments_in(body.blocks, body.document_languages, language),
        events=find_events(plain, (published or now).astimezone(timezone).date()),
    )


def joined_rights(copyright_notice: str, lines: list[str]) -> str:
    """Return the copyright notice and the other lines about rights as one plain text, each said once."""
    notice = copyright_notice or next((own for line in lines if (own := copyright_line(line))), "")
    others = [line for line in lines if not copyright_line(line)]
    sentences = [
        part if part.endswith((".", "!")) or part is notice else f"{part}." for part in (notice, *others)
    ]
    return " ".join(dict.fromkeys(part for part in sentences if part and part != "."))


def _read_body(root: etree._Element, facts: PageFacts, rules: SiteRules, trace: Trace, told: str) -> _Body:
    """Return the article's body; ``told`` is its text as another has found it, ``""`` where nobody has."""
    heading = _mark_title(facts.heading)
    boxes = _outermost(select(root, rules.body)) if rules.body else []
    languages = languages_of_links(root)
    remove_icons(root)
    documents = take_boxes(root)
    with trace.taking_off(root, UNSEEN):
        remove_unseen(root)
    set_captions(root)
    if told:
        with trace.taking_off(root, "beside the article by its own name"):
            for menu in list(root.iter("nav")):
                remove(menu)
        page = rebuild(root)
        blocks = chosen_blocks(page, told)
        trace.blocks(leaves_of(page), blocks, "outside the article")
        return _finished(blocks, documents, languages, facts.title, trace, is_chosen=True)
    with trace.taking_off(root, "details beside the title"):
        remove_details(heading)
    with trace.taking_off(root, "beside the article by its own name"):
        remove_noise(root, heading)
        remove_buttons(root)
    with trace.taking_off(root, "under a label such as related news or comments"):
        remove_labelled(root, heading)
    with trace.taking_off(root, "row of other articles"):
        remove_teasers(root, heading)
    if boxes:
        blocks = [leaf for box in boxes for leaf in leaves_of(rebuild(box, keep_divisions=True))]
        trace.blocks(leaves_of(rebuild(root, keep_divisions=True)), blocks, "outside rules: body")
    else:
        page = rebuild(root, keep_divisions=True)
        title = next((h1 for h1 in page.iter("h1") if h1.get(TITLE_MARK)), None)
        blocks = find_blocks(page, title)
        trace.blocks(leaves_of(page), blocks, "outside the article")
    return _finished(blocks, documents, languages, facts.title, trace)


def _finished(
    blocks: list[etree._Element],
    documents: list[etree._Element],
    languages: dict[str, str],
    title: str,
    trace: Trace,
    is_chosen: bool = False,
) -> _Body:
    """Return the body of an article's blocks, rid of lines and repetitions, with its documents.

    Where each block ``is_chosen`` for what it says, links among them are the article's.
    """
    own = without_repetition(blocks, title)
    trace.blocks(blocks, own, "repetition")
    text = own if is_chosen else _without_link_ends(list(own))
    trace.blocks(own, text, "row of links")
    kept, gleanings = clean_blocks(text)
    trace.lines(gleanings.dropped)
    linked = {link.get("href") for block in kept for link in block.iter("a")}
    kept += [block for block in documents if block[0].get("href") not in linked]
    return _Body(kept, gleanings, languages)


def _mark_title(heading: etree._Element | None) -> etree._Element | None:
    """Make the element that shows the title an ``h1`` that can be found again; return it."""
    if heading is None:
        return None
    if heading.tag in {"td", "th", "li", "div"}:
        inner = etree.SubElement(heading, "h1")
        inner.text, heading.text = heading.text, None
        for child in list(heading):
            if child is not inner:
                inner.append(child)
        heading = inner
    heading.tag = "h1"
    heading.set(TITLE_MARK, "1")
    return heading


def _outermost(elements: list[etree._Element]) -> list[etree._Element]:
    chosen = set(elements)
    return [e for e in elements if not any(ancestor in chosen for ancestor in e.iterancestors())]


def without_repetition(blocks: list[etree._Element], title: str) -> list[etree._Element]:
    """Drop the title in the body, and any block or picture that stands there a second time."""
    seen: set[str] = set()
    kept: list[etree._Element] = []
    title_letters = letters_of(title)
    for block in blocks:
        letters = letters_of(flat_text(block))
        if block.get(TITLE_MARK) or (letters == title_letters and block.tag in {*_HEADINGS, "p"}):
            continue
        if block.tag == "p" and _speaks_of_itself(flat_text(block), title):
            continue
        if len(letters) >= _REPEATED and letters in seen:
            continue
        pictures = [image.get("src", "") for image in block.iter("img")]
        if pictures and len(letters) < _REPEATED and all(f"picture {src}" in seen for src in pictures):
            continue
        if pictures and block.tag == "p" and not letters and not any(map(is_picture, pictures)):
            continue
        seen.add(letters)
        seen.update(f"picture {src}" for src in pictures)
        kept.append(block)
    return kept


def _speaks_of_itself(text: str, title: str) -> bool:
    """Whether a line says where the article of this title was published: „Статията … е публикувана в …“."""
    at = text.find(title) if len(title) >= _SHORTEST_NAMED else -1
    rest = text[:at] + text[at + len(title) :] if at >= 0 else ""
    return at >= 0 and len(rest) <= _AROUND_TITLE and _PUBLISHED_AT.search(rest) is not None


def _without_link_ends(blocks: list[etree._Element]) -> list[etree._Element]:
    """Drop rows of links to other articles before and behind the text: those that nothing introduces."""
    first = next((at for at, block in enumerate(blocks) if _is_text(block)), None)
    if first is None:
        return blocks
    last = next(at for at in range(len(blocks) - 1, -1, -1) if _is_text(blocks[at]))
    last = _end_before_teasers(blocks, first, last)
    head = [b for b in blocks[:first] if not (_is_mere_link(b) and len(flat_text(b)) <= 60)]
    tail: list[etree._Element] = []
    cut_labelled_lines(blocks[last])
    links_behind = sum(_is_mere_link(block) for block in blocks[last + 1 :])
    for block in blocks[last + 1 :]:
        before = tail[-1] if tail else blocks[last]
        introduced = (before.tag in _HEADINGS or flat_text(before).endswith(":")) and not _is_label(before)
        is_row = block.tag in {"ul", "ol"} or links_behind > 1 or len(block.findall(".//a")) > 1
        if labels_links(block) or (_is_mere_link(block) and is_row and not introduced):
            continue
        tail.append(block)
    return head + blocks[first : last + 1] + tail


def _end_before_teasers(blocks: list[etree._Element], first: int, last: int) -> int:
    """Return the last block before a row of other articles, each under a heading that is a link."""
    headings = [i for i in range(first, len(blocks)) if blocks[i].tag in _HEADINGS]
    linked = [i for i in headings if link_share(blocks[i]) > 0.9]
    if len(linked) >= 2 and all(i in linked for i in headings if i >= linked[0]):
        bounds = pairwise([*linked, len(blocks)])
        if any(sum(len(flat_text(b)) for b in blocks[start + 1 : end]) > TEASER for start, end in bounds):
            return last  # sections of the article, each under a heading that links to itself
        del blocks[linked[0] :]
        return min(last, linked[0] - 1)
    return last


def _is_text(block: etree._Element) -> bool:
    if block.tag in {"blockquote", "table", "dl"}:
        return True
    return is_prose(flat_text(block)) and link_share(block) < 0.7 and not _is_junk(block)


def _is_junk(block: etree._Element) -> bool:
    return judge(Line(flat_text(block), is_head=True, is_tail=True)) is not None


def _is_label(block: etree._Element) -> bool:
    return _is_junk(block) or is_section_label(flat_text(block))


def _is_mere_link(block: etree._Element) -> bool:
    text = flat_text(block)
    if (
        not text
        or block.tag in {"figure", "table", "blockquote"}
        or next(block.iter("img"), None) is not None
    ):
        return False
    if is_embed_link(block) or is_document_list(block):
        return False
    return link_share(block) > 0.9 and (block.tag in {"ul", "ol"} or not is_prose(text))


def _is_missing_page(title: str, plain: str) -> bool:
    return bool(_MISSING.search(title)) and len(plain) < 600


def _labelled_date(line: str, now: datetime, timezone: ZoneInfo, language: str) -> datetime | None:
    """Read a date line at an edge of the body, where it says that it is the publication's."""
    match = re.match(
        r"\W*(?:публикуван|добавен|качен|дата|създаден|published|posted)\w*\s*(?:на|on)?\s*:?\s*",
        line,
        re.IGNORECASE,
    )
    return read_date(line[match.end() :], now, timezone, language) if match else None


def first_picture(blocks: list[etree._Element]) -> Image | None:
    """Return the first picture in the blocks that may stand for the article, None if there is none."""
    for block in blocks:
        for shown in block.iter("img"):
            url, width = shown.get("src", ""), shown.get("width", "")
            if is_picture(url) and not (width.isdigit() and int(width) < _SMALL_PICTURE):
                return Image(url, alt=shown.get("alt", "").strip(), media_type=media_type_of(url))
    return None


def _with_caption(image: Image, blocks: list[etree._Element]) -> Image:
    """Return the lead image with the caption that it has in the cleaned body, if it stands there."""
    for block in blocks:
        for shown in block.iter("img"):
            if is_same_picture(shown.get("src", ""), image.url):
                caption = block.find("figcaption") if block.tag == "figure" else None
                text = flat_text(caption) if caption is not None else ""
                return replace(image, alt=image.alt or shown.get("alt", "").strip(), caption=text)
    rule = judge(Line(image.caption)) if image.caption else None
    return replace(image, caption="") if rule is not None else image


def _tags_in_text(keywords: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return those keywords that the article itself uses: a site's standing ones say nothing about it."""
    folded = text.casefold()
    tags = tidy_tags(keywords)
    return tuple(tag for tag in tags if tag.casefold()[: max(4, len(tag) - 2)] in folded)


def markup_of(block: etree._Element) -> str:
    """Return a block as HTML."""
    block.tail = None
    return etree.tostring(block, encoding="unicode", method="html")
