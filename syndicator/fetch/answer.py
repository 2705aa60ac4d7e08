"""What an answer's status and headers say."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import quote

import httpx

from syndicator.errors import HttpStatusError
from syndicator.model import Validators
from syndicator.text.messages import tr

LONGEST_PAUSE = 7 * 24 * 3600.0  # seconds; a server that asks for more is asked again after a week
LONGEST_HEADER = 1000  # characters kept of a header that we store
ASCII = "".join(map(chr, range(0x21, 0x7F)))


def read_validators(headers: httpx.Headers, sent: Validators) -> Validators:
    """Return what to ask with next time; a 304 may leave out what we sent (RFC 9110 §15.4.5)."""
    etag = sendable(headers.get("etag", ""))
    last_modified = sendable(headers.get("last-modified", ""))
    if etag or last_modified:
        return Validators(etag, last_modified)
    return sent


def sendable(value: str) -> str:
    """Return a header's value if it can be sent back as it is, else ``""``."""
    value = value.strip()
    return value if value.isascii() and value.isprintable() and len(value) <= LONGEST_HEADER else ""


def redirect_target(headers: httpx.Headers) -> str:
    """Return where a redirect points, as its server wrote it.

    Some servers put bare windows-1251 or UTF-8 letters there: UTF-8 is read as letters (a host may be
    among them), other bytes are percent-encoded as they are, which is what the server expects back.
    """
    raw = next(value for name, value in headers.raw if name.lower() == b"location")
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return quote(raw.strip(), safe=ASCII)


def read_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait (RFC 9110 §10.2.3), None if it names none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_PAUSE)


def status_error(place: str, status: int, headers: httpx.Headers, now: datetime) -> HttpStatusError:
    """Name an error status in the operator's words."""
    retry_after = None
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        retry_after = read_retry_after(headers.get("retry-after", ""), now)
    if status == HTTPStatus.NOT_MODIFIED:
        message = tr('{url}: the server says "not changed" to a first question (304)', url=place)
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        message = tr("{url}: the server asks us to come less often (429)", url=place)
    elif status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        message = tr("{url}: the server does not let us read this ({status})", url=place, status=status)
    elif status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        message = tr("{url}: there is nothing at this address ({status})", url=place, status=status)
    else:
        message = tr(
            "{url}: the server answered {status} {phrase}", url=place, status=status, phrase=_phrase(status)
        )
    return HttpStatusError(message.rstrip(), status, retry_after)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
