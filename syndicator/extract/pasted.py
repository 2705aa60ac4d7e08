"""Reads articles from files: plain text that somebody pasted, and saved pages."""

import re
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import NoArticleError
from syndicator.extract.boilerplate import Line, is_comments_label, is_section_label, judge_whole
from syndicator.extract.cleaning import Gleanings, clean_blocks, note_parts
from syndicator.extract.dates import read_date
from syndicator.extract.decode import clean, decode
from syndicator.extract.measures import is_prose
from syndicator.extract.metadata import is_author
from syndicator.extract.page import joined_rights, markup_of, read_markup
from syndicator.extract.rights import find_rights
from syndicator.model import Article, SiteRules
from syndicator.text.html import clean_html, plain_text
from syndicator.text.messages import tr

_FEWEST_LETTERS = 40
_LONGEST_TITLE = 250  # characters
_MASTHEAD_WORDS = 3
_LONGEST_HEADING = 90
_LONGEST_OWNER = 200  # characters, signs and blanks included
_NARROWEST, _WIDEST = 45, 100  # characters of a line that a mail program or an editor broke by itself
_LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<!doctype\s+html|<html|<head|<body|<article|<p[\s>]|<div[\s>])", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[-•*·▪●‣◦–—]\s+(?=\S)")
_DASH = re.compile(r"^\s*[–—-]\s")
_NUMBER = re.compile(r"^\s*(\d{1,2})[.)]\s+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"^\s*#{1,6}\s+(?=\S)")
_TITLE_LABEL = re.compile(r"^\s*(?:заглавие|title)\s*:\s*", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…;:,][\"'“”»)]*$")
_SENTENCE_END = re.compile(r"[.!?…:][\"'“”»)]*$")
_FIRST_SENTENCE = re.compile(r".{15,}?[.!?…](?=\s|$)")
_ADDRESS = re.compile(
    r"(?P<web>(?:https?://|www\.)[^\s<>\"„“”«»]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_MAY_HAVE_ADDRESS = re.compile(r"://|[@wW]")
_LABELLED_DATE = re.compile(
    r"^\W*(?:публикуван|добавен|качен|дата|създаден)\w*\s*(?:на)?\s*:?\s*", re.IGNORECASE
)


def read_text(text: str | bytes, name: str, language: str, now: datetime, timezone: ZoneInfo) -> Article:
    """Return the article in a plain text, as somebody wrote or pasted it.

    The first line that is not boilerplate is the title; blank lines (or, without them, line ends) divide
    paragraphs. Bytes are decoded first. ``name`` is the file's, for messages and where the text has no title.
    Text that is HTML is read as :func:`read_html_file` does. Raises NoArticleError for a text without one.
    """
    if isinstance(text, bytes):
        text = decode(text, "", "text")
    text = clean(text).lstrip("\ufeff")
    if _LOOKS_LIKE_HTML.match(text):
        return read_html_file(text, name, language, now, timezone)
    gleanings = Gleanings()
    notice = find_rights(text.splitlines())
    title, paragraphs = _split_title(_without_masthead(_paragraphs(text), notice), gleanings)
    paragraphs = [p for p in _without_footer(_without_sections(paragraphs)) if not _is_owner(p, notice)]
    blocks, found = clean_blocks(_blocks(paragraphs))
    body = clean_html("".join(map(markup_of, blocks)), "")
    plain = plain_text(body)
    if sum(1 for _ in islice(filter(str.isalpha, plain), _FEWEST_LETTERS)) < _FEWEST_LETTERS:
        raise NoArticleError(
            tr("{name} holds no article: it needs a title and, below it, at least one paragraph", name=name)
        )
    dates = [*gleanings.dates, *found.dates]
    return Article(
        title=title or _title_from(plain, name),
        summary="",
        body=body,
        language=language,
        url="",
        authors=tuple(dict.fromkeys(a for a in (*gleanings.authors, *found.authors) if is_author(a, ""))),
        published=_first_date(dates, now, timezone, language),
        rights=joined_rights(notice, found.rights),
    )


def read_html_file(
    markup: str | bytes, name: str, language: str, now: datetime, timezone: ZoneInfo
) -> Article:
    """Return the article in a saved page or a piece of HTML, as read_page does without an address.

    Raises NoArticleError where there is none.
    """
    if isinstance(markup, bytes):
        markup = decode(markup, "", "html")
    if not markup.strip():
        raise NoArticleError(tr("{name} is empty: put a page with an article into it", name=name))
    try:
        return read_markup(markup, "", SiteRules(), language, now, timezone)
    except NoArticleError as error:
        raise NoArticleError(
            tr("{name} holds no article: it needs a title and, below it, at least one paragraph", name=name)
        ) from error


# Lines to paragraphs


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each on one line; items of lists are paragraphs of their own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        squeezed = " ".join(line.replace("\u00a0", " ").split())
        if squeezed:
            groups[-1].append(squeezed)
        elif groups[-1]:
            groups.append([])
    return [paragraph for group in groups for paragraph in _joined_lines(group)]


def _joined_lines(lines: list[str]) -> list[str]:
    """Return the paragraphs among lines that no blank line divides."""
    if not _is_wrapped(lines):
        return lines
    width = max(map(len, lines))
    paragraphs: list[str] = []
    ended = True
    for line in lines:
        if ended or _BULLET.match(line) or _NUMBER.match(line):
            paragraphs.append(line)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        ended = len(line) < 0.75 * width and _SENTENCE_END.search(line) is not None
    return paragraphs


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a program broke the lines at a width, so that a line end means nothing."""
    if len(lines) < 2 or max(map(len, lines)) > _WIDEST:
        return False
    if len(lines) == 2 and judge_whole(Line(lines[1], is_head=True)) is not None:
        return False  # a title and its date
    broken = [line for line in lines[:-1] if not _ENDS.search(line)]
    full = [line for line in lines[:-1] if len(line) >= _NARROWEST]
    continued = [line for line in lines[1:] if line[0].islower()]
    if len(continued) < 0.4 * len(lines[1:]):
        return False
    return len(full) >= 0.7 * len(lines[:-1]) and len(broken) >= 0.5 * len(lines[:-1])


# What is the article


def _without_masthead(paragraphs: list[str], notice: str) -> list[str]:
    """Drop the site's name above the title, or below it between it and other lines of the site's own.

    The copyright notice has that name, or it stands in capitals.
    """
    first, second = (*paragraphs[:2], "", "")[:2]
    is_title = (
        len(second) > len(first) and not is_prose(second) and judge_whole(Line(second, is_head=True)) is None
    )
    if is_title and _is_masthead(first, notice) and not second.isupper():
        return paragraphs[1:]
    if len(paragraphs) > 2 and _is_masthead(second, notice) and not first.isupper():
        below = judge_whole(Line(paragraphs[2], is_head=True))
        return [first, *paragraphs[2:]] if below is not None else paragraphs
    return paragraphs


def _is_masthead(line: str, notice: str) -> bool:
    return _is_owner(line, notice) or (line.isupper() and len(line.split()) <= _MASTHEAD_WORDS)


def _split_title(paragraphs: list[str], gleanings: Gleanings) -> tuple[str, list[str]]:
    """Return the title, ``""`` where the text begins with a paragraph, and the paragraphs below it."""
    for index, paragraph in enumerate(paragraphs):
        rule = judge_whole(Line(paragraph, is_head=True))
        if rule is not None and not _MARKDOWN_HEADING.match(paragraph):
            note_parts(rule, paragraph, gleanings)
            continue
        title = _TITLE_LABEL.sub("", _MARKDOWN_HEADING.sub("", paragraph)).strip()
        is_paragraph = len(title) > _LONGEST_TITLE or (
            title.endswith(".") and is_prose(title) and len(title) > 120
        )
        if is_paragraph:
            return "", paragraphs[index:]
        return title, paragraphs[index + 1 :]
    return "", []


def _title_from(plain: str, name: str) -> str:
    """Return a title for a text that has none: its file's name if that is one, else its first sentence."""
    stem = PurePosixPath(name).stem.replace("_", " ").replace("-", " ").strip()
    if len(re.findall(r"[^\W\d_]{2,}", stem)) >= 3:
        return stem
    first = plain.split("\n", 1)[0]
    sentence = _FIRST_SENTENCE.match(first)
    title = sentence.group() if sentence and len(sentence.group()) <= _LONGEST_TITLE else first[:120]
    return title.rstrip(" .") if len(title) < len(first) or title.endswith(".") else title


def _without_sections(paragraphs: list[str]) -> list[str]:
    """Drop what stands under „Още новини“ and „Коментари“ behind the article, but not the footer's rights."""
    for index, paragraph in enumerate(paragraphs):
        if not is_section_label(paragraph):
            continue
        before = sum(len(p) for p in paragraphs[:index] if _SENTENCE_END.search(p))
        after = sum(len(p) for p in paragraphs[index + 1 :] if is_prose(p))
        if before and (is_comments_label(paragraph) or after < before):
            return paragraphs[:index]
    return paragraphs


def _without_footer(paragraphs: list[str]) -> list[str]:
    """Drop what stands below the copyright notice behind the article: contacts, makers."""
    for index, paragraph in enumerate(paragraphs):
        rule = judge_whole(Line(paragraph))
        if rule is not None and rule.name == "copyright":
            before = sum(len(p) for p in paragraphs[:index] if is_prose(p))
            after = sum(len(p) for p in paragraphs[index + 1 :] if is_prose(p))
            return paragraphs[: index + 1] if after < before else paragraphs
    return paragraphs


def _is_owner(paragraph: str, notice: str) -> bool:
    """Whether a short line is the name of the site, as its copyright notice has it."""
    if not notice or len(paragraph) > _LONGEST_OWNER:
        return False
    letters = re.sub(r"\W", "", paragraph).casefold()
    return 4 <= len(letters) <= 40 and letters in re.sub(r"\W", "", notice).casefold()


def _first_date(lines: list[str], now: datetime, timezone: ZoneInfo, language: str) -> datetime | None:
    """Read the first line that is a date as a whole; dates inside sentences are those of events."""
    for line in lines:
        moment = read_date(_LABELLED_DATE.sub("", line), now, timezone, language)
        if moment is not None:
            return moment
    return None


# Paragraphs to blocks


def paragraph_blocks(text: str) -> list[etree._Element]:
    """Return a plain text as blocks: paragraphs, lists and headings, addresses as links."""
    return _blocks(_paragraphs(clean(text)))


def _blocks(paragraphs: list[str]) -> list[etree._Element]:
    blocks: list[etree._Element] = []
    index = 0
    while index < len(paragraphs):
        items = _list_at(paragraphs, index)
        if items:
            ordered = _NUMBER.match(paragraphs[index]) is not None
            group = etree.Element("ol" if ordered else "ul")
            for item in items:
                group.append(_block("li", (_NUMBER if ordered else _BULLET).sub("", item)))
            blocks.append(group)
            index += len(items)
        else:
            following = paragraphs[index + 1] if index + 1 < len(paragraphs) else ""
            tag = "h2" if _is_heading(paragraphs[index], following, is_first=index == 0) else "p"
            blocks.append(_block(tag, _MARKDOWN_HEADING.sub("", paragraphs[index])))
            index += 1
    return blocks


def _list_at(paragraphs: list[str], start: int) -> list[str]:
    """Return the items of the list that begins here; none of a dialogue with its dashes."""
    items: list[str] = []
    for paragraph in paragraphs[start:]:
        number = _NUMBER.match(paragraph)
        numbered = number is not None and int(number.group(1)) == len(items) + 1
        if not numbered and not (_BULLET.match(paragraph) and (not items or _BULLET.match(items[0]))):
            break
        items.append(paragraph)
    introduced = start > 0 and paragraphs[start - 1].endswith(":")
    if len(items) < (1 if introduced and items and _BULLET.match(items[0]) else 2):
        return []
    speech = [i for i in items if _DASH.match(i) and i.endswith((".", "?", "!"))]
    return [] if not introduced and len(speech) > len(items) / 2 else items


def _is_heading(paragraph: str, following: str, is_first: bool) -> bool:
    if _MARKDOWN_HEADING.match(paragraph):
        return True
    return (
        not is_first
        and len(paragraph) <= _LONGEST_HEADING
        and not _ENDS.search(paragraph)
        and paragraph[0].isupper()
        and is_prose(following)
        and judge_whole(Line(paragraph, is_head=True, is_tail=True)) is None
    )


def _block(tag: str, text: str) -> etree._Element:
    """Return a block of a text in which addresses are links."""
    block = etree.Element(tag)
    last: etree._Element | None = None
    at = 0
    for match in _ADDRESS.finditer(text) if _MAY_HAVE_ADDRESS.search(text) else ():
        shown = match.group().rstrip(".,;:!?)")
        before = text[at : match.start()]
        if last is None:
            block.text = before
        else:
            last.tail = before
        last = etree.SubElement(block, "a")
        last.text = shown
        last.set("href", f"mailto:{shown}" if match["mail"] else _with_scheme(shown))
        at = match.start() + len(shown)
    if last is None:
        block.text = text
    else:
        last.tail = text[at:]
    return block


def _with_scheme(address: str) -> str:
    return address if address.lower().startswith("http") else f"http://{address}"
