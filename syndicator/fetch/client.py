"""The HTTP client: one address in, one document or one named error out."""

import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from syndicator.errors import (
    AddressRefusedError,
    FetchTimeoutError,
    HttpStatusError,
    TooLargeError,
    UnreachableError,
)
from syndicator.fetch.answer import (
    LONGEST_HEADER,
    read_validators,
    redirect_target,
    sendable,
    status_error,
)
from syndicator.fetch.body import ACCEPT_ENCODING, read_body
from syndicator.fetch.connection import Exchange, GuardedTransport
from syndicator.fetch.guard import check_address, read_exemptions
from syndicator.fetch.politeness import HostTurns
from syndicator.model import FetchedDocument, Validators
from syndicator.text.messages import tr

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"
NO_VALIDATORS = Validators()
MAX_REDIRECTS = 6
HEADER_ROOM = 256 * 1024  # bytes a server may send beside its bodies: headers, TLS, chunk sizes
PERMANENT = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
# 203 differs from 200 only in that a proxy on the way changed something (RFC 9110 §15.3.4).
GOOD = {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered, before anybody judges it; a redirect or an error has no body."""

    status: int
    headers: httpx.Headers
    body: bytes
    redirect: str  # "" if it is none


class HttpFetcher:
    """Fetches documents over HTTP; threads may share one.

    ``timeout`` bounds a whole exchange, redirects included, waiting for a turn at a host not. ``max_bytes``
    counts after unpacking. ``allow_private`` names hosts and networks that the address guard lets pass.
    ``ports`` may be asked besides 80 and 443.
    ``per_host_concurrency`` requests go to a host at once, and ``per_host_delay`` lies between their starts.
    """

    def __init__(
        self,
        user_agent: str,
        timeout: timedelta,
        max_bytes: int,
        allow_private: tuple[str, ...] = (),
        per_host_concurrency: int = 2,
        per_host_delay: timedelta = timedelta(seconds=1),
        *,
        ports: frozenset[int] = frozenset(),
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._timeout = timeout.total_seconds()
        self._max_bytes = max_bytes
        self._exemptions = read_exemptions(allow_private)
        self._ports = frozenset({80, 443}) | ports
        self._turns = HostTurns(per_host_concurrency, per_host_delay)
        # One for all: reading the certificates costs 23 ms.
        self._ssl_context = ssl_context or httpx.create_ssl_context(trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing any more; requests that wait for their turn end with UnreachableError."""
        self._turns.close()

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep a longer pause between requests to a host than to others."""
        self._turns.slow_down(host, seconds)

    def fetch(
        self,
        url: str,
        validators: Validators = NO_VALIDATORS,
        accept: str = FEED_ACCEPT,
        *,
        permitted: bool = False,
    ) -> FetchedDocument:
        """Return what an address answers: 200 with its body, or 304 without one.

        ``validators`` of an earlier answer make the question conditional (RFC 9110 §13). Redirects are
        followed. Whether we may read it (``permitted``) is not looked at here but by
        :class:`~syndicator.fetch.polite.PoliteFetcher`.
        Raises one of the :class:`syndicator.errors.FetchError` family.
        """
        del permitted
        exchange = Exchange(place=url, ends_at=0.0, bytes_left=self._max_bytes + HEADER_ROOM)
        headers = self._headers(accept, validators)
        cookies = httpx.Cookies()  # for sites that set one and redirect to themselves; for this exchange only
        hop = check_address(url)
        seconds_left = self._timeout
        moved_to, all_permanent = "", True
        with GuardedTransport(exchange, self._exemptions, self._ssl_context, self._ports) as transport:
            for _ in range(MAX_REDIRECTS + 1):
                request = httpx.Request("GET", hop, headers=headers, cookies=cookies or None)
                with self._turns.turn(hop.raw_host.decode("ascii")) as granted:
                    if not granted:
                        raise UnreachableError(tr("{url}: not asked, the program is stopping", url=url))
                    begun = time.monotonic()
                    exchange.ends_at = begun + seconds_left
                    answer = self._ask(transport, request, cookies, exchange.place)
                    seconds_left -= time.monotonic() - begun
                if not answer.redirect:
                    return _judge(url, hop, answer, validators, moved_to, exchange.place)
                hop = _next_hop(hop, answer.redirect, exchange.place)
                all_permanent = all_permanent and answer.status in PERMANENT
                moved_to = str(hop) if all_permanent else moved_to
                exchange.place = f"{url} → {hop}"
        raise HttpStatusError(
            tr("{url}: more than {limit} redirects", url=exchange.place, limit=MAX_REDIRECTS), answer.status
        )

    def _headers(self, accept: str, validators: Validators) -> dict[str, str]:
        headers = {
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "close",
            "If-None-Match": sendable(validators.etag),
            "If-Modified-Since": sendable(validators.last_modified),
        }
        return {name: value for name, value in headers.items() if value}

    def _ask(
        self, transport: GuardedTransport, request: httpx.Request, cookies: httpx.Cookies, place: str
    ) -> Answer:
        # The transport alone, because httpx's client reads a redirect's target by itself and fails on some.
        try:
            with closing(transport.handle_request(request)) as response:
                response.request = request
                if "set-cookie" in response.headers:  # looking for cookies costs more than all other headers
                    cookies.extract_cookies(response)
                # httpx's is_redirect is true for a 304, too.
                redirect = redirect_target(response.headers) if response.has_redirect_location else ""
                body = b""
                if response.status_code in GOOD:
                    self._check_announced_length(response.headers, place)
                    packing = response.headers.get("content-encoding", "")
                    body = read_body(response.iter_raw(), packing, self._max_bytes, place)
                return Answer(response.status_code, response.headers, body, redirect)
        except httpx.TimeoutException as error:
            raise FetchTimeoutError(tr("{url}: the answer took too long", url=place)) from error
        except httpx.RemoteProtocolError as error:
            raise UnreachableError(
                tr("{url}: the answer broke off or is no HTTP: {reason}", url=place, reason=error)
            ) from error
        except httpx.TransportError as error:
            raise UnreachableError(
                tr("{url}: the connection broke: {reason}", url=place, reason=error)
            ) from error

    def _check_announced_length(self, headers: httpx.Headers, place: str) -> None:
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._max_bytes:
            raise TooLargeError(tr("{url}: the answer is larger than fetch.max_bytes allows", url=place))


def _next_hop(hop: httpx.URL, target: str, place: str) -> httpx.URL:
    try:
        joined = str(hop.join(target))
    except (httpx.InvalidURL, UnicodeError):
        joined = target
    try:
        return check_address(joined)
    except AddressRefusedError as error:
        raise AddressRefusedError(
            tr("{url}: redirects to what cannot be fetched: {problem}", url=place, problem=error)
        ) from error


def _judge(
    url: str, hop: httpx.URL, answer: Answer, sent: Validators, moved_to: str, place: str
) -> FetchedDocument:
    now = datetime.now(UTC)
    unchanged = answer.status == HTTPStatus.NOT_MODIFIED and (sent.etag or sent.last_modified)
    if answer.status not in GOOD and not unchanged:
        raise status_error(place, answer.status, answer.headers, now)
    return FetchedDocument(
        url=url,
        final_url=str(hop),
        status=HTTPStatus.NOT_MODIFIED.value if unchanged else HTTPStatus.OK.value,
        body=answer.body,
        content_type=answer.headers.get("content-type", "")[:LONGEST_HEADER],
        validators=read_validators(answer.headers, sent if unchanged else NO_VALIDATORS),
        fetched_at=now,
        moved_to=moved_to,
        tdm_reservation=answer.headers.get("tdm-reservation", "")[:LONGEST_HEADER],
    )
