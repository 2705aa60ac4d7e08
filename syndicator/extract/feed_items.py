"""What the readers of all feed formats share: texts, addresses, people, pictures and identities of items."""

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from syndicator.extract.dates import read_date
from syndicator.extract.decode import clean
from syndicator.model import FeedItem, Image
from syndicator.text.html import plain_text, resolve

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Only names that HTML knows: "Новият стандарт <XYZ>" is a title without markup.
MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|div|em|figure|font|h[1-6]|hr|i|img|ins|del|li|mark|ol|p|pre"
    r"|q|s|small|span|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|video|iframe|script|style)\b[^<>]*>",
    re.IGNORECASE,
)
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[!#-;=?-Z_a-z~]*", re.ASCII)

MAIL_AND_NAME = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\s*\((?P<name>[^()]+)\)")  # RSS 2.0, <author>
NAME_AND_MAIL = re.compile(r"(?P<name>[^<>()]+?)\s*[<(][^\s@<>()]+@[^\s@<>()]+[>)]")
MAIL = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+")

IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
NO_PICTURE = re.compile(r"gravatar\.com/avatar|/smilies/|feeds\.feedburner\.com/~", re.IGNORECASE)

SHARED_BY_MANY = 3


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a feed does not say of itself."""

    url: str  # where it came from, absolute
    now: datetime
    timezone: ZoneInfo  # of times that name none


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that an item offers."""

    url: str  # absolute
    width: int = 0  # pixels; 0 if unknown
    media_type: str = ""
    length: int | None = None
    caption: str = ""
    credit: str = ""


def moment(text: str, circumstances: Circumstances) -> datetime | None:
    """Return the moment that a feed's date names, None where there is none or it cannot be trusted."""
    return read_date(text, circumstances.now, circumstances.timezone) if text else None


def plain(text: str) -> str:
    """Return a title, name or label as plain text on one line, however often its markup was escaped."""
    for _ in range(3):
        if "<" not in text and "&" not in text:
            break
        if "<" in text and MARKUP.search(text):
            text = plain_text(text)
        elif "&" in text and ENTITY.search(text):
            text = clean(html.unescape(text))
        else:
            break
    return " ".join(text.split())


def as_html(text: str) -> str:
    """Return plain text as HTML: a paragraph for each block of lines."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{html.escape(block, quote=False)}</p>" for block in blocks if block)


def absolute(address: str, base: str) -> str:
    """Return an address as an absolute http(s) one, ``""`` where it is none."""
    address = address.strip()
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    resolved = resolve(address, base)
    return resolved if resolved.startswith(("http://", "https://")) else ""


def person(text: str) -> str:
    """Return a person's name from "mail (Name)", "Name <mail>" or "Name"; ``""`` for a bare mail address."""
    name = plain(text)
    found = MAIL_AND_NAME.fullmatch(name) or NAME_AND_MAIL.fullmatch(name)
    if found is not None:
        return found["name"].strip()
    return "" if MAIL.fullmatch(name) else name


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in their order, each once, without empty ones."""
    return tuple(dict.fromkeys(text for text in texts if text))


def number(text: str | None) -> int:
    """Return a positive whole number, 0 for anything else."""
    if not text:
        return 0
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def is_image(address: str, media_type: str, medium: str = "") -> bool:
    """Return whether an attachment is a picture that can stand for an article."""
    if not address or NO_PICTURE.search(address):
        return False
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return IMAGE_FILE.search(address.partition("?")[0]) is not None


def best_image(groups: Iterable[Iterable[Candidate]]) -> Image | None:
    """Return the widest picture of the first group that has any; the groups after it are not asked for."""
    for group in groups:
        candidates = list(group)
        if candidates:
            best = max(candidates, key=lambda candidate: candidate.width)
            return Image(
                url=best.url,
                caption=best.caption,
                credit=best.credit,
                media_type=best.media_type if best.media_type.startswith("image/") else "",
                length=best.length or None,
            )
    return None


def fallback_key(url: str, title: str, date: str, content: str) -> str:
    """Return the identity of an item that states none: its address, else a hash of what it says."""
    if url:
        return url
    said = f"{title}\n{date}" if title or date else content
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}" if said else ""


def identified(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Return the items that have an identity, each identity once; of equal ones the first wins.

    Some feeds write the same guid into every item. One shared by three items or more with different
    addresses identifies nothing, so there the address does.
    """
    kept = [item for item in items if item.key]
    addresses: dict[str, set[str]] = {}
    for item in kept:
        addresses.setdefault(item.key, set()).add(item.url)
    unique: dict[str, FeedItem] = {}
    for item in kept:
        urls = addresses[item.key]
        meaningless = len(urls) >= SHARED_BY_MANY and "" not in urls
        key = item.url if meaningless else item.key
        unique.setdefault(key, replace(item, key=key) if meaningless else item)
    return tuple(unique.values())
