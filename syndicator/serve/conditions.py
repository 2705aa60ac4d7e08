"""Conditional and partial requests (RFC 9110 §13 and §14), decided on values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

_TAG = re.compile(r'(?:W/)?"[^"]*"')
_RANGE = re.compile(r"bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*")
_MOST_DIGITS = 18


class Verdict(Enum):
    """What becomes of a conditional request."""

    SEND = "send"
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: from its first byte up to, without, its last."""

    start: int
    end: int


UNSATISFIABLE = Span(0, 0)
"""The answer to a range that begins behind the end."""


def judge(headers: Mapping[str, str], etag: str, modified: int) -> Verdict:
    """Evaluate the conditions of a GET or HEAD request, in the order of RFC 9110 §13.2.2.

    ``etag`` is the strong entity tag, with its quotes, of what would be sent; ``modified`` its time of last
    modification in seconds since the epoch. Dates that cannot be read are ignored, as the standard demands.
    """
    if (wanted := headers.get("if-match")) is not None:
        if not _names(wanted, etag, strongly=True):
            return Verdict.FAILED
    elif (until := _seconds(headers.get("if-unmodified-since"))) is not None and modified > until:
        return Verdict.FAILED
    if (known := headers.get("if-none-match")) is not None:
        return Verdict.NOT_MODIFIED if _names(known, etag, strongly=False) else Verdict.SEND
    since = _seconds(headers.get("if-modified-since"))
    return Verdict.NOT_MODIFIED if since is not None and modified <= since else Verdict.SEND


def _names(listed: str, etag: str, *, strongly: bool) -> bool:
    """Return whether a list of entity tags names this one; proxies that compress on the fly weaken tags."""
    if listed.strip() == "*":
        return True
    tags = _TAG.findall(listed)
    return etag in tags or (not strongly and f"W/{etag}" in tags)


def _seconds(date: str | None) -> int | None:
    """Return an HTTP date in seconds since the epoch; None where it is none, or not one that can be read."""
    if date is None:
        return None
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (ValueError, OverflowError):
        return None


def asked_span(headers: Mapping[str, str], etag: str, modified: int, size: int) -> Span | None:
    """Return the part that a GET request asks for; None for the whole.

    Several ranges at once are answered with the whole (RFC 9110 §14.2 leaves that to the server), and so is a
    range of an older version (``If-Range``). A range that begins behind the end is ``UNSATISFIABLE``.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").strip().lower())
    if asked is None or not _is_current(headers.get("if-range"), etag, modified):
        return None
    first, last = asked.groups()
    if max(len(first), len(last)) > _MOST_DIGITS or not (first or last):
        return None
    if not first:
        length = min(int(last), size)
        return Span(size - length, size) if length else UNSATISFIABLE
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        return UNSATISFIABLE
    return Span(start, min(int(last) + 1, size) if last else size)


def _is_current(validator: str | None, etag: str, modified: int) -> bool:
    """Compare ``If-Range`` strongly: the same tag, or the very date (RFC 9110 §13.1.5)."""
    if validator is None:
        return True
    return validator.strip() == etag or _seconds(validator) == modified
