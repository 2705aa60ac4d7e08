"""What the steps ask of the world: protocols, each implemented by one package of the shell.

A step receives these and plain values; it never learns which database, network or folder stands behind them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from syndicator.model import (
    Article,
    FeedItem,
    FetchedDocument,
    Pair,
    Remembered,
    Rendition,
    TranslationState,
    Validators,
)

UNCONDITIONAL = Validators()
# What to ask for, for servers that keep several kinds under one address.
FOR_FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
FOR_PAGES = "text/html, application/xhtml+xml, */*;q=0.5"


class Fetcher(Protocol):
    """Gets documents from addresses."""

    def fetch(
        self, url: str, validators: Validators = UNCONDITIONAL, accept: str = FOR_FEEDS
    ) -> FetchedDocument:
        """Return what the address answers; status 304 where it says that nothing changed.

        ``accept`` says which kinds of documents are welcome (RFC 9110 §12.5.1).
        Raises FetchError.
        """


class Inbox(Protocol):
    """Lists and reads the files of an inbox folder."""

    def files(self, folder: str) -> Sequence[str]:
        """Return the readable files below a folder, relative to it, the most recently changed first.

        Raises SourceError where the folder cannot be read.
        """

    def read(self, folder: str, name: str) -> bytes:
        """Return a file's content. Raises SourceError."""


class Tree(Protocol):
    """The published tree."""

    def write(self, path: str, data: bytes) -> bool:
        """Make the file hold the data, whole or not at all; return whether it changed. Raises OutputError."""

    def exists(self, path: str) -> bool:
        """Return whether a file is published. Raises OutputError."""

    def remove(self, path: str) -> bool:
        """Take a file away; return whether there was one. Raises OutputError."""

    def paths(self) -> Sequence[str]:
        """Return the paths of all published files, sorted."""


class Engine(Protocol):
    """A machine-translation engine."""

    @property
    def id(self) -> str:
        """Its id in the config."""

    @property
    def local(self) -> bool:
        """Whether texts stay on the operator's machines."""

    @property
    def max_characters(self) -> int:
        """How much text one request may carry, by :meth:`size`."""

    @property
    def max_texts(self) -> int:
        """How many texts one request may carry; 0: any number."""

    def size(self, text: str) -> int:
        """Return how much of a request's room a text takes."""

    def supports(self, pair: Pair) -> bool:
        """Return whether the engine translates this pair directly. Raises EngineError."""

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Return as many translations as texts, in their order, as the engine gave them.

        Raises EngineError.
        """


class Memory(Protocol):
    """The translation memory, and what was refused."""

    def lookup(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Remembered]:
        """Return what is known, by segment; reviewed translations win."""

    def remember(
        self, pair: Pair, answers: Mapping[str, Remembered], *, helpers: Collection[str] = ()
    ) -> None:
        """Commit raw answers by segment; ``helpers`` are segments that only place markup (not exported)."""

    def refuse(self, pair: Pair, refusals: Sequence["Refusal"]) -> None:
        """Keep answers that a blocking check refused."""

    def refused(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Sequence["Refusal"]]:
        """Return what was refused for these segments since the engines or the glossary last changed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that must not be published."""

    segment: str
    engine: str
    answer: str
    reason: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a segment has no translation, and what state that puts its article in."""

    state: TranslationState
    reason: str


@dataclass(frozen=True, slots=True)
class Translated:
    """What came of a request for segments."""

    known: Mapping[str, Remembered]
    failures: Mapping[str, Failure] = field(default_factory=dict)  # of those that remain unknown


class Translator(Protocol):
    """Gets segments translated, from the memory or an engine."""

    def translate(
        self,
        pair: Pair,
        segments: Collection[str],
        *,
        helpers: Collection[str] = (),
        allowed: Collection[str] | None = None,
    ) -> Translated:
        """Return what is known of the segments in the end, and why the rest is not.

        ``helpers`` are segments that only place markup or repair terms; ``allowed`` names the engines that
        may see the texts (None: all).
        """


class Ledger(Protocol):
    """What the engines were asked, and what it cost."""

    def spent(self, engine: str, since: datetime) -> int:
        """Return the characters sent to an engine since a moment (day and month budgets)."""

    def record(
        self,
        engine: str,
        *,
        requests: int = 0,
        characters: int = 0,
        errors: int = 0,
        seconds: float = 0,
        error: str = "",
    ) -> None:
        """Add to today's account of an engine; ``error`` becomes its last error, "" leaves it."""


class ArrivalState(StrEnum):
    """Where something that a source offered stands on its way to becoming an article."""

    WAITING = "waiting"  # its page or its body is still to be fetched
    TAKEN = "taken"
    REJECTED = "rejected"  # by a rule: too short, filtered, another language
    PAST = "past"  # was there before its source's first poll, beyond the backfill limit
    ERASED = "erased"  # was erased once and does not come back


class Became(StrEnum):
    """What the store made of an article that was to be taken in."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"  # another source brought the same article first
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that a source offered."""

    id: int
    source_id: str
    key: str
    fingerprint: str  # of what the source said of it: unchanged means nothing to do
    item: FeedItem
    first_seen: datetime
    attempts: int = 0
    known: bool = False  # it is an article already; this is news of it


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between polls."""

    validators: Validators = UNCONDITIONAL
    body_hash: str = ""
    last_success: datetime | None = None
    polled_before: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """An arrival as a poll found it, before it is stored."""

    key: str
    fingerprint: str
    item: FeedItem


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored revision of an article, as the translating and publishing steps need it."""

    article_id: int
    public_id: str
    revision_id: int
    source_id: str
    article: Article
    first_seen: datetime
    revised: datetime  # when this revision was stored
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A revision that lacks a finished rendition in a language."""

    stored: Stored
    language: str
    attempts: int
    state: TranslationState | None  # None: never tried


@dataclass(frozen=True, slots=True)
class Published:
    """A finished rendition of an article with what stands in an entry about it."""

    stored: Stored  # the revision that the rendition renders, not always the newest
    rendition: Rendition
    tag: str  # "tag:…", the article's part of its entries' ids
    updated: datetime
    entered: datetime | None  # first publication in the feed; None before that


@dataclass(frozen=True, slots=True)
class FeedFile:
    """What was last written of a feed in one language."""

    feed_id: str
    language: str
    entries: int
    content_hash: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """A change that a WebSub hub still has to be told of."""

    hub: str
    topic: str  # the feed's address in one format
    changed: datetime
    attempts: int = 0  # failed ones


class Hubs(Protocol):
    """Tells WebSub hubs of changes."""

    def tell(self, hub: str, topic: str) -> None:
        """Tell a hub that the feed at an address has changed. Raises HubError."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far one article came in one language."""

    state: TranslationState
    reason: str = ""
    rendition: Rendition | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)


class Store(Protocol):
    """Articles and everything known about them; every work list is a query."""

    def source_state(self, source_id: str) -> SourceState:
        """Return what is remembered of a source."""

    def record_poll(
        self,
        source_id: str,
        offers: Sequence[Offer],
        state: SourceState,
        now: datetime,
        *,
        newest: int | None = None,
    ) -> "PollCount":
        """Store a poll's offers and the source's new state in one transaction.

        ``newest``: take only so many of the offers that were never seen, the first ones, and reject the rest.
        """

    def record_poll_failure(self, source_id: str, error: str, now: datetime) -> None:
        """Remember why a source could not be polled."""

    def waiting(self, source_id: str, now: datetime, *, ignore_backoff: bool) -> Sequence[Arrival]:
        """Return the arrivals of a source that still have to become articles, oldest first."""

    def take_in(
        self, arrival: Arrival, article: Article, content_hash: str, authority: str, now: datetime
    ) -> Became:
        """Store an article or a new revision of it, and close its arrival."""

    def reject(self, arrival: Arrival, reason: str, now: datetime) -> None:
        """Close an arrival that no rule wants; it is looked at again when the source changes it."""

    def postpone(self, arrival: Arrival, reason: str, retry_at: datetime) -> None:
        """Keep an arrival waiting after a failure."""

    def work(
        self,
        language: str,
        source_ids: Iterable[str],
        now: datetime,
        fingerprint: str,
        *,
        ignore_backoff: bool,
    ) -> Sequence[Work]:
        """Return the newest revisions that lack a rendition in the language, oldest first.

        Held ones come only where ``fingerprint`` (of engines and glossary) has changed since.
        """

    def settle(
        self, work: Work, outcome: Outcome, fingerprint: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Store how far an article came in a language."""

    def open_language(self, source_id: str, language: str, backfill: int | None) -> None:
        """Settle, once, how far back a source's articles are published in a language."""

    def candidates(self, feed_id: str, language: str, source_ids: Collection[str]) -> Sequence[Published]:
        """Return finished articles that have no place in a feed yet, the oldest first."""

    def enter(self, feed_id: str, language: str, article_ids: Sequence[int], now: datetime) -> None:
        """Give articles their places in a feed, in the given order, once and for all."""

    def entries(
        self, feed_id: str, language: str, source_ids: Collection[str], limit: int, since: datetime
    ) -> Sequence[Published]:
        """Return a feed's entries, the newest first: ``limit`` of them, and all since ``since``."""

    def languages_of(self, article_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """Return in which languages each article is finished."""

    def feed_file(self, feed_id: str, language: str) -> "FeedFile | None":
        """Return what was last written of a feed."""

    def record_feed_file(self, written: "FeedFile", announcements: Sequence[Announcement] = ()) -> None:
        """Remember, in one transaction, what was written of a feed and what hubs have to be told of it."""

    def due_announcements(self, hubs: Collection[str], now: datetime) -> Sequence[Announcement]:
        """Return what these hubs have to be told by now, the oldest change first."""

    def announced(self, announcement: Announcement) -> None:
        """Forget what a hub has taken."""

    def postpone_announcement(self, announcement: Announcement, error: str, retry_at: datetime) -> None:
        """Keep an announcement for later, with the reason."""


@dataclass(frozen=True, slots=True)
class PollCount:
    """What a poll's offers were."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
