"""Fetches only what sites let be fetched: robots.txt, reservations, and requests to come later.

What a host says is asked once a day, kept in the database, and shared by all threads.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit

from protego import Protego

from syndicator.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    ReservedError,
    RobotsRefusedError,
)
from syndicator.extract.reservation import WELL_KNOWN, Rules, read_rules, reserved_by, rules_to_json
from syndicator.fetch.client import FEED_ACCEPT, NO_VALIDATORS, HttpFetcher
from syndicator.model import FetchedDocument, Validators
from syndicator.ports import Hosts, HostState
from syndicator.text.addresses import ascii_url
from syndicator.text.messages import tr

PRODUCT = "syndicator"  # our token in robots.txt (RFC 9309 §2.2.1)
KEPT = timedelta(hours=24)  # the longest that a robots.txt may be kept (RFC 9309 §2.4)
KEPT_WHILE_FAILING = timedelta(hours=1)
GIVEN_UP = timedelta(days=30)  # so long unreachable: as if there were none (RFC 9309 §2.3.1.4)
LARGEST_ROBOTS = 500 * 1024  # bytes that are read of one (RFC 9309 §2.5)
LONGEST_LINE = 2048  # characters; a longer one is left out
LONGEST_CRAWL_DELAY = 30.0  # seconds
TEXT_ACCEPT = "text/plain, */*;q=0.5"
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class HostWord:
    """What a host says, ready to be asked."""

    state: HostState
    robots: Protego | None  # None: everything is allowed
    rules: Rules
    unreachable: bool  # its robots.txt cannot be had: nothing is allowed for a while
    until: datetime  # how long this stands

    def allows(self, url: str) -> bool:
        """Return whether robots.txt lets us read an address."""
        if self.unreachable:
            return False
        return self.robots is None or bool(self.robots.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float:
        """The pause between two requests that it asks for, in seconds; 0 for none."""
        if self.robots is None:
            return 0.0
        return min(float(self.robots.crawl_delay(PRODUCT) or 0.0), LONGEST_CRAWL_DELAY)


class PoliteFetcher:
    """The port :class:`~syndicator.ports.Fetcher` as sites want it used; threads may share one.

    ``obey``: whether robots.txt binds even where a permission is on record.
    """

    def __init__(
        self, inner: HttpFetcher, hosts: Hosts, now: Callable[[], datetime], *, obey: bool = True
    ) -> None:
        self._inner = inner
        self._hosts = hosts
        self._now = now
        self._obey = obey
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}  # one question to a host at a time
        self._known: dict[str, HostWord] = {}
        self._stored: dict[str, HostState] | None = None
        self._pauses: dict[str, float] = {}  # until when a host wants peace, on the clock of time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing any more (see :meth:`HttpFetcher.close`)."""
        self._inner.close()

    def fetch(
        self,
        url: str,
        validators: Validators = NO_VALIDATORS,
        accept: str = FEED_ACCEPT,
        *,
        permitted: bool = False,
    ) -> FetchedDocument:
        """Return what an address answers, where its site lets us read it.

        ``permitted``: a permission of the rights holder is on record. Raises the errors of
        :meth:`HttpFetcher.fetch`, RobotsRefusedError, and ReservedError where there is none.
        """
        origin = origin_of(url)
        self._keep_pause(url, origin)
        word = self.word(url) if origin else None
        if word is not None and not word.allows(url) and (self._obey or not permitted):
            raise _refused(url, word)
        document = self._asked(url, origin, validators, accept)
        if word is None:
            return document
        final = origin_of(document.final_url)
        if final and final != origin:
            word = self.word(document.final_url)  # a redirect led to another host: its word counts
            if not word.allows(document.final_url) and (self._obey or not permitted):
                raise _refused(document.final_url, word)
        if permitted:
            return document
        place = reserved_by(document, _path(document.final_url), word.rules)
        if place:
            raise ReservedError(
                tr(
                    "{url}: the site reserves its texts from text and data mining ({place}); with "
                    "its consent write a `permission:`, else delete the source",
                    url=document.final_url,
                    place=place,
                )
            )
        return document

    def looked_at(self, url: str, accept: str = FEED_ACCEPT) -> FetchedDocument:
        """Return what an address answers, for a person who looks at it once and stores nothing.

        Robots.txt speaks of programs that come again, reservations of use. Raises as
        :meth:`HttpFetcher.fetch`.
        """
        origin = origin_of(url)
        self._keep_pause(url, origin)
        return self._asked(url, origin, NO_VALIDATORS, accept)

    def word(self, url: str) -> HostWord:
        """Return what the host of an address says; it is asked, if that is not known."""
        origin = origin_of(url)
        known = self._known.get(origin)
        if known is not None and known.until > self._now():
            return known
        with self._lock:
            asking = self._asking.setdefault(origin, threading.Lock())
        with asking:
            known = self._known.get(origin)
            if known is None or known.until <= self._now():
                known = _ready(self._current(origin))
                if known.crawl_delay:
                    self._inner.slow_down(urlsplit(origin).hostname or "", known.crawl_delay)
                self._known[origin] = known
            return known

    def _current(self, origin: str) -> HostState:
        with self._lock:
            if self._stored is None:
                self._stored = dict(self._hosts.states())
        before = self._stored.get(origin)
        now = self._now()
        if before is not None and before.expires_at > now:
            return before
        state = self._ask(origin, before, now)
        self._stored[origin] = state
        self._hosts.record(origin, state)
        return state

    def _ask(self, origin: str, before: HostState | None, now: datetime) -> HostState:
        reservations = before.reservations if before else ""
        robots, status = "", 0
        failing = False
        try:
            document = self._inner.fetch(f"{origin}/robots.txt", accept=TEXT_ACCEPT)
            robots, status = readable(document.body), document.status
        except HttpStatusError as error:
            status = error.status
            failing = error.status >= 500 or error.status == TOO_MANY
        except FetchTimeoutError:
            failing = True
        except FetchError:
            # No connection: the question that follows fails too, and names the right address.
            return HostState("", 0, reservations, now, now + timedelta(minutes=10))
        try:
            reservations = rules_to_json(
                read_rules(self._inner.fetch(f"{origin}{WELL_KNOWN}", accept="application/json").body)
            )
        except HttpStatusError as error:
            if error.status < 500:
                reservations = ""
        except FetchError:
            pass  # what was known of it stands
        if not failing:
            return HostState(robots, status, reservations, now, now + KEPT)
        since = before.failing_since if before and before.failing_since else now
        kept = before.robots if before else ""
        # Not to be trusted by the next run: an operator who starts one wants to know how it is now.
        return HostState(kept, status, reservations, now, now, since)

    def _asked(self, url: str, origin: str, validators: Validators, accept: str) -> FetchedDocument:
        try:
            return self._inner.fetch(url, validators, accept)
        except HttpStatusError as error:
            if error.retry_after:
                self._pauses[origin] = time.monotonic() + error.retry_after
            raise

    def _keep_pause(self, url: str, origin: str) -> None:
        """Ask nothing of a host that has just asked for peace. Raises HttpStatusError."""
        if not self._pauses:
            return
        left = self._pauses.get(origin, 0.0) - time.monotonic()
        if left > 0:
            raise HttpStatusError(
                tr(
                    "{url}: not asked, its server wants to be left alone for {seconds} s",
                    url=url,
                    seconds=round(left),
                ),
                TOO_MANY,
                left,
            )


@lru_cache(maxsize=4096)
def origin_of(url: str) -> str:
    """Return scheme, host and port of an address in ASCII, as ``https://example.bg``; "" where it is none."""
    parts = urlsplit(ascii_url(url))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def readable(body: bytes) -> str:
    """Return the lines of a robots.txt that mean something, within its bounds."""
    text = body[:LARGEST_ROBOTS].decode("utf-8", errors="replace")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return "\n".join(line for line in lines if ":" in line and len(line) <= LONGEST_LINE)


def _ready(state: HostState) -> HostWord:
    now_unreachable = (
        state.failing_since is not None
        and not state.robots
        and state.fetched_at - state.failing_since < GIVEN_UP
    )
    robots = Protego.parse(state.robots) if state.robots else None
    rules = read_rules(state.reservations.encode()) if state.reservations else ()
    until = state.fetched_at + KEPT_WHILE_FAILING if state.failing_since else state.expires_at
    return HostWord(state, robots, rules, now_unreachable, until)


def _refused(url: str, word: HostWord) -> RobotsRefusedError:
    if word.unreachable:
        return RobotsRefusedError(
            tr(
                "{url}: the site's robots.txt cannot be had at the moment ({status}), "
                "so nothing of it is read",
                url=url,
                status=word.state.robots_status or tr("no answer in time"),
            )
        )
    return RobotsRefusedError(
        tr(
            "{url}: the site's robots.txt asks programs not to read this; with its consent write a "
            "`permission:` and `fetch: {{robots: ignore}}`",
            url=url,
        )
    )


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
