"""Reads the article in a letter (.eml): a press release that somebody sent or passed on.

Published is what the letter says, never who sent it to whom: headers, quoted letters, signatures, small print
and attachments stay behind.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from html import escape
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.errors import NoArticleError, ParseError
from syndicator.extract.decode import clean, decode
from syndicator.extract.measures import flat_text
from syndicator.extract.pasted import paragraph_blocks
from syndicator.extract.region import leaves_of
from syndicator.extract.structure import parse_page, remove, remove_unseen, set_captions
from syndicator.extract.written import article_of_blocks
from syndicator.model import Article
from syndicator.text.messages import tr
from syndicator.text.paragraphs import rebuild

_MOST_PARTS = 200
_PASSED_ON = re.compile(r"^\s*(?:fwd?|fw|препр(?:атено)?|i)\s*:", re.IGNORECASE)
_PREFIXES = re.compile(
    r"^\s*(?:(?:re|fwd?|fw|отн|отг|препр(?:атено)?|aw|r|i)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE
)
_QUOTED = (
    ".//div[contains(concat(' ',@class,' '),' gmail_quote ')]",
    ".//blockquote[@type='cite']",
    ".//*[@id='divRplyFwdMsg']",
    ".//*[contains(@class,'gmail_signature') or contains(@class,'moz-signature')]",
    ".//*[contains(@class,'moz-cite-prefix') or contains(@class,'yahoo_quoted')]",
    ".//*[@id='Signature' or @id='signature' or @id='appendonsend']",
)
_WROTE = re.compile(
    r"^(?:on\b|на\b|il\b|(?:пон|вт|ср|чет|пет|съб|нед)\w*,?|в\b).{0,200}\b(?:wrote|написа|ha\s+scritto|пише)\s*:?$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"^[\s>*_-]*(?:original\s+message|forwarded\s+message|begin\s+forwarded\s+message|оригинално\s+съобщение"
    r"|препратено\s+съобщение|първоначално\s+съобщение|messaggio\s+(?:originale|inoltrato))[\s:>*_-]*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^[\s>*]*(?:from|sent|to|cc|bcc|date|subject|reply-to|importance|attachments|от|изпратено|изпратен|до|копие|дата"
    r"|относно|тема|da|a|inviato|oggetto|data)\s*\*?\s*:",
    re.IGNORECASE,
)
_SENDER = re.compile(r"^[\s>*]*(?:from|от|da)\s*\*?\s*:.*", re.IGNORECASE)
_SUBJECT = re.compile(r"^[\s>*]*(?:subject|относно|тема|oggetto)\s*\*?\s*:\s*\*?\s*(\S.*)$", re.IGNORECASE)
_GOODBYE = re.compile(
    r"^\W*(?:(?:с|със)\s+(?:уважение|поздрав\w*|най-\w+\s+\w+)|поздрави|сърдечни\s+поздрави|поздрави\w*\s+от"
    r"|хубав\s+ден|лек\s+ден|best\s+regards|kind\s+regards|regards|sincerely|yours\s+\w+|cordiali\s+saluti"
    r"|sent\s+from\s+my\b.*|изпратено\s+от\s+(?:моя|mail)\b.*|get\s+outlook\b.*)\W*$",
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    r"(?:това\s+(?:електронно\s+)?(?:съобщение|писмо)|this\s+(?:e-?mail|message)|настоящото\s+съобщение).{0,200}"
    r"(?:поверителн|confidential|предназначен|intended|получател)",
    re.IGNORECASE | re.DOTALL,
)
_GREETING = re.compile(
    r"^(?:здравейте|здравей|уважаеми|уважаема|добър\s+ден|драги|скъпи|dear|hello|hi|gentili?)\b[^.]{0,60}[,!:]?$",
    re.IGNORECASE,
)
_OPENING = 250  # characters
_COVERING = re.compile(
    r"^(?:(?:в\s+прикачен\w*\s+\w+|приложено|прикачено|по-долу|отдолу)\s+)?(?:ви\s+)?(?:из|пре)?пращам(?:е)?\b"
    r"[^.]{0,60}\b(?:пресс?)?(?:съобщение|информация|текст|материал)\w{0,3}\b[^.]{0,80}[.:!]?$",
    re.IGNORECASE,
)
_LATEST_AHEAD = timedelta(days=1)


def read_letter(data: bytes, name: str, language: str, now: datetime, timezone: ZoneInfo) -> Article:
    """Return the article in a letter (RFC 5322, MIME), whose subject is the title.

    The HTML part is preferred to the plain one: it has the links. In a letter that was passed on, the letter
    inside is the article. Raises ParseError for what is no letter, NoArticleError for one without an article.
    """
    try:
        message = message_from_bytes(data)
        parts = list(_readable_parts(message))
    except RecursionError as error:
        raise ParseError(tr("{name}: the parts of this letter are nested too deep", name=name)) from error
    if not message.keys():
        raise ParseError(tr("{name} is no letter: it has no headers; save it as .eml again", name=name))
    subject = _header(message, "Subject")
    markup = next((part for part in parts if part.get_content_subtype() == "html"), None)
    plain = next((part for part in parts if part.get_content_subtype() == "plain"), None)
    part = markup if markup is not None else plain
    if part is None:
        raise NoArticleError(tr("{name}: the letter has no text, only attachments", name=name))
    passed_on = _PASSED_ON.match(subject) is not None
    blocks = _blocks_of_html(part, passed_on) if part is markup else _blocks_of_text(part)
    blocks, inner_subject = _own_words(blocks, passed_on)
    title = " ".join(_PREFIXES.sub("", inner_subject or subject).split())
    return article_of_blocks(blocks, name, language, now, timezone, title, _sent(message, now))


def _readable_parts(message: Message) -> Iterator[Message]:
    """Yield the parts that are the letter's own text: no attachments, and no letters attached to it."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting = [one for one in payload if isinstance(one, Message)] + waiting
        elif part.get_content_type() in {"text/plain", "text/html"} and not isinstance(payload, list):
            yield part


def _text_of(part: Message, kind: str) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    content_type = str(part.get("Content-Type", ""))
    return decode(data, content_type, "html" if kind == "html" else "text")


def _header(message: Message, name: str) -> str:
    """Return a header as text, whatever it is encoded in (RFC 2047, or raw bytes as old programs wrote)."""
    value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    if "=?" not in value:
        return clean(decode(value.encode("utf-8", "surrogateescape"), "", "text"))
    parts = []
    try:
        for text, charset in decode_header(value):
            raw = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
            parts.append(decode(raw, f"; charset={charset}" if charset else "", "text"))
    except (HeaderParseError, ValueError):  # broken base64
        return clean(value)
    return clean("".join(parts))


def _sent(message: Message, now: datetime) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(message.get("Date", "")))
        moment = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.year >= 1990 and moment <= now + _LATEST_AHEAD else None


def _blocks_of_html(part: Message, passed_on: bool) -> list[etree._Element]:
    root = parse_page(_text_of(part, "html"), "")
    remove_unseen(root)
    if not passed_on:
        for path in _QUOTED:
            for element in _found(root, path):
                remove(element)
    set_captions(root)
    return leaves_of(rebuild(root))


def _found(root: etree._Element, path: str) -> list[etree._Element]:
    found = root.xpath(path)
    return [one for one in found if etree.iselement(one)] if isinstance(found, list) else []


def _blocks_of_text(part: Message) -> list[etree._Element]:
    lines = _text_of(part, "plain").replace("\r\n", "\n").split("\n")
    kept = []
    for line in lines:
        if line.rstrip("\r") in {"-- ", "--"}:
            break  # a signature (RFC 3676 §4.3)
        if _HEADER.match(line) or _BOUNDARY.match(line) or _WROTE.match(line.strip()):
            kept += ["", line, ""]  # paragraphs of their own
        elif not line.startswith(">"):
            kept.append(line)
        else:
            kept.append("")
    return paragraph_blocks("\n".join(kept))


def _own_words(blocks: list[etree._Element], passed_on: bool) -> tuple[list[etree._Element], str]:
    """Return what the letter itself says, and the subject of the letter in it where one was passed on."""
    subject = ""
    end = next((at for at in range(len(blocks)) if _is_quote_start(blocks, at)), len(blocks))
    if passed_on and end < len(blocks):
        start = end
        while start < len(blocks) and (_is_heading_line(blocks[start]) or start == end):
            lines = _lines(blocks[start])
            subject = subject or next((m[1] for line in lines if (m := _SUBJECT.match(line))), "")
            start += 1
        blocks = blocks[start:]
        end = next((at for at in range(len(blocks)) if _is_quote_start(blocks, at)), len(blocks))
    blocks = blocks[:end]
    for at, block in enumerate(blocks):
        text = flat_text(block)
        if _SMALL_PRINT.search(text) or (at > 0 and any(map(_GOODBYE.match, _lines(block)))):
            blocks = [*blocks[:at], *_before_goodbye(block)]
            break
    while blocks and _is_opening(flat_text(blocks[0])):
        if next(blocks[0].iter("img"), None) is not None:
            break
        blocks = blocks[1:]
    return blocks, subject


def _is_opening(text: str) -> bool:
    """Whether a line only opens a letter: a greeting, or that a text for the press follows."""
    return not text or any(pattern.match(text[:_OPENING]) for pattern in (_GREETING, _COVERING))


def _before_goodbye(block: etree._Element) -> list[etree._Element]:
    """Return what stands in a block before „Поздрави,“, where it is its last line and not its first."""
    lines = _lines(block)
    at = next((n for n, line in enumerate(lines) if _GOODBYE.match(line)), 0)
    if at == 0 or block.tag != "p":
        return []
    markup = "<br>".join(map(escape, lines[:at]))
    return leaves_of(rebuild(parse_page(f"<p>{markup}</p>", "")))


def _is_quote_start(blocks: list[etree._Element], at: int) -> bool:
    """Whether another letter begins here: „На … г. Иван написа:“, „Original Message“, or its headers."""
    lines = _lines(blocks[at])
    if any(_BOUNDARY.match(line) or _WROTE.match(line) for line in lines):
        return True
    following = [line for block in blocks[at : at + 5] for line in _lines(block)]
    if not lines or not _SENDER.match(following[0]):
        return False
    return sum(_HEADER.match(line) is not None for line in following[:6]) >= 3


def _is_heading_line(block: etree._Element) -> bool:
    lines = _lines(block)
    return not lines or all(_HEADER.match(line) or _BOUNDARY.match(line) for line in lines)


def _lines(block: etree._Element) -> list[str]:
    lines = [""]
    for element in block.iter():
        if element is not block and element.tag == "br":
            lines.append("")
        lines[-1] += (element.text or "") if element.tag != "br" else ""
        if element is not block:
            lines[-1] += element.tail or ""
    return [" ".join(line.split()) for line in lines if line.strip()]
