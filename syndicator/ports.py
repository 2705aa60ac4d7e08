"""What the steps ask of the world: protocols, each implemented by one package of the shell.

A step receives these and plain values; it never learns which database, network or folder stands behind them.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeGuard

from syndicator.model import (
    Article,
    FeedItem,
    FetchedDocument,
    Mark,
    Pair,
    Remembered,
    Rendition,
    TranslationState,
    Validators,
)
from syndicator.translation.glossary import Glossary

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
        self,
        url: str,
        validators: Validators = UNCONDITIONAL,
        accept: str = FOR_FEEDS,
        *,
        permitted: bool = False,
    ) -> FetchedDocument:
        """Return what the address answers; status 304 where it says that nothing changed.

        ``accept`` says which kinds of documents are welcome (RFC 9110 §12.5.1). ``permitted``: the rights
        holder allowed us to, so that a general reservation does not bind. Raises FetchError, and
        ReservedError where the site reserves its texts.
        """


class Inbox(Protocol):
    """Lists and reads the files of an inbox folder."""

    def files(self, folder: str) -> Sequence[str]:
        """Return the readable files below a folder, relative to it, the most recently changed first.

        Raises SourceError where the folder cannot be read.
        """

    def read(self, folder: str, name: str) -> bytes:
        """Return a file's content. Raises SourceError."""

    def put_away(self, folder: str, done: Mapping[str, tuple[str, str]]) -> None:
        """Move files that were dealt with out of the way, unless they changed meanwhile.

        ``done`` has the fingerprint (SHA-256) of each as it was read, and why it was refused, ``""`` if it
        was not. Raises UnreachableError where a file cannot be moved.
        """


@dataclass(frozen=True, slots=True)
class Ready:
    """A file for the published tree with what stands beside it."""

    data: bytes
    forms: Mapping[str, bytes]  # compressed, by their endings


class Tree(Protocol):
    """The published tree."""

    def write(self, path: str, data: bytes) -> bool:
        """Make the file hold the data, whole or not at all; return whether it changed. Raises OutputError."""

    def ready(self, path: str, data: bytes) -> Ready:
        """Return what is to be written, with all that takes long done; any thread may ask for it."""

    def write_all(self, files: Mapping[str, bytes | Ready]) -> int:
        """Make files hold their data, in their order; return how many changed. Raises OutputError.

        Of a failure, any of them may have been written.
        """

    def read(self, path: str) -> bytes:
        """Return a file's content. Raises OutputError, also where there is no such file."""

    def exists(self, path: str) -> bool:
        """Return whether a file is published. Raises OutputError."""

    def remove(self, path: str) -> bool:
        """Take a file away; return whether there was one. Raises OutputError."""

    def paths(self, below: str = "") -> Sequence[str]:
        """Return the paths of all published files, sorted; with ``below``, of those in that folder."""

    def folders(self, path: str) -> Sequence[str]:
        """Return the names of the folders in a folder, sorted; none where there is no such folder."""


class ImageState(StrEnum):
    """What became of a picture that was to be mirrored."""

    MIRRORED = "mirrored"  # we publish it ourselves
    ORIGINAL = "original"  # it is one, but stays where it is
    REFUSED = "refused"  # there is none, or none to show
    WAITING = "waiting"  # it could not be had yet


@dataclass(frozen=True, slots=True)
class ImageFile:
    """What is known of a picture."""

    url: str  # where its site has it
    state: ImageState
    file: str = ""  # its place in a published tree
    media_type: str = ""
    length: int | None = None  # bytes of what readers get
    credit: str = ""  # whom its own metadata name
    error: str = ""
    attempts: int = 0  # failed ones
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came from its site, and as it is published (``b""``: not at all, and why)."""

    data: bytes
    media_type: str
    ending: str
    credit: str
    length: int  # bytes of what came
    came_as: str  # its media type as it came
    problem: str = ""


class Pictures(Protocol):
    """Gets pictures to publish."""

    def picture(self, url: str) -> Picture:
        """Return a picture. Raises FetchError, and PictureError where the address has none to show."""


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


@dataclass(frozen=True, slots=True)
class Hint:
    """What an engine that takes hints is told about one text."""

    terms: tuple[tuple[str, str], ...] = ()  # a form that stands in the text, its prescribed rendering
    similar: tuple[tuple[str, str], ...] = ()  # a like text, its translation

    @property
    def key(self) -> str:
        """What the memory keeps the answer under: changes with the terms, and is "" without any."""
        if not self.terms:
            return ""
        return hashlib.blake2b(repr(sorted(self.terms)).encode(), digest_size=16).hexdigest()


NO_HINT = Hint()
NO_TERMS: Mapping[str, str] = MappingProxyType({})


class HintedEngine(Engine, Protocol):
    """An engine that can be told which terms and which like sentences there are.

    A protocol of its own, so that plain engines need not know of hints.
    """

    @property
    def takes_hints(self) -> bool:
        """True."""

    def translate(self, texts: Sequence[str], pair: Pair, hints: Sequence[Hint] = ()) -> list[str]:
        """See :class:`Engine`; ``hints`` has one for each text, or none at all."""


def takes_hints(engine: Engine) -> TypeGuard[HintedEngine]:
    """Return whether an engine is one to give hints to."""
    return bool(getattr(engine, "takes_hints", False))


def nobody(*_: object) -> None:
    """Tell nobody."""


def costs_nothing(engine: Engine) -> bool:
    """Return whether an engine charges nobody and has no limits, so that it may be asked ahead of need."""
    return bool(getattr(engine, "costs_nothing", False))


class LoadingEngine(Engine, Protocol):
    """An engine that has to load what it works with; told in time, it does so beside other work."""

    def get_ready(self, pair: Pair) -> None:
        """Load what a pair takes. What is wrong with it, the first request will tell."""


def has_to_load(engine: Engine) -> TypeGuard[LoadingEngine]:
    """Return whether an engine is one to tell in time."""
    return hasattr(engine, "get_ready")


class Memory(Protocol):
    """The translation memory, and what was refused."""

    def lookup(
        self, pair: Pair, segments: Collection[str], terms: Mapping[str, str] = NO_TERMS
    ) -> Mapping[str, Remembered]:
        """Return what is known, by segment; reviewed translations win.

        ``terms`` holds, by segment, the :attr:`Hint.key` of the terms found in it: an answer of an engine
        that was told other ones is not known.
        """

    def remember(
        self,
        pair: Pair,
        answers: Mapping[str, Remembered],
        *,
        helpers: Collection[str] = (),
        terms: Mapping[str, str] = NO_TERMS,
    ) -> None:
        """Commit raw answers by segment; ``helpers`` are segments that only place markup (not exported).

        ``terms``, by segment: those that its engine was told of.
        """

    def but_for_numerals(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Sequence["Similar"]]:
        """Return what is known of segments that differ in numerals only, by segment, reviewed ones first."""

    def similar(
        self, pair: Pair, segments: Collection[str], limit: int = 3
    ) -> Mapping[str, Sequence["Similar"]]:
        """Return, by segment, up to ``limit`` remembered ones that are nearly alike, the nearest first.

        They are hints for engines and editors; their translations are never published for the segment.
        """

    def refuse(self, pair: Pair, refusals: Sequence["Refusal"]) -> None:
        """Keep answers that a blocking check refused."""

    def refused(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Sequence["Refusal"]]:
        """Return what was refused for these segments since the engines or the glossary last changed."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A remembered segment that is nearly like another one."""

    segment: str
    text: str  # its translation
    origin: str  # the engine's id, or "reviewed"
    score: int  # per cent alike

    @property
    def reviewed(self) -> bool:
        """Whether a person has approved the translation."""
        return self.origin == "reviewed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that must not be published."""

    segment: str
    engine: str
    answer: str
    reason: str
    times: int = 1
    excused: int = 0  # how often besides, while the engine failed at random: no fault of the segment's


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
        room: Callable[[], None] = nobody,
    ) -> Translated:
        """Return what is known of the segments in the end, and why the rest is not.

        ``helpers`` are segments that only place markup or repair terms; ``allowed`` names the engines that
        may see the texts (None: all). ``room`` is called when the rest of it leaves an engine room for more:
        another thread may then ask for other segments without slowing this call down. Not every engine
        tells; one may repeatedly.
        """

    def get_ready(self, pair: Pair, *, allowed: Collection[str] | None = None) -> None:
        """Make ready for segments of a pair that will be asked for soon; tells nothing of what fails."""


@dataclass(frozen=True, slots=True)
class Rest:
    """That an engine is left alone for a while: its breaker is open."""

    until: datetime
    asked: bool = False  # the engine named the time itself; else it is our own guess
    times: int = 1  # how often in a row it has come to this
    reason: str = ""


class Hosts(Protocol):
    """What hosts say in robots.txt and tdmrep.json, kept between runs."""

    def states(self) -> "Mapping[str, HostState]":
        """Return what is remembered, by origin (``https://example.bg``)."""

    def record(self, origin: str, state: "HostState") -> None:
        """Remember what a host says."""


class Ledger(Protocol):
    """What the engines were asked, what it cost, and which of them are left alone for now."""

    def rest(self, engine: str) -> Rest | None:
        """Return until when an engine is, or was last, left alone; None once it has worked again."""

    def begin_rest(self, engine: str, rest: Rest) -> None:
        """Remember, across restarts, that an engine is left alone (its last error tells why)."""

    def end_rest(self, engine: str) -> None:
        """Remember that an engine works again."""

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


@dataclass(frozen=True, slots=True)
class Settled:
    """An arrival of which nothing remains to be done."""

    fingerprint: str  # of what it was when it was read
    refusal: str  # why it became no article; "" if it did


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
    DUPLICATE = "duplicate"  # the same article is there already
    LINKED = "linked"  # new, and a copy of what another source brought
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
    article_id: int | None = None  # that article


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """The article that was made of an arrival."""

    arrival: Arrival
    article: Article
    content_hash: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between polls."""

    validators: Validators = UNCONDITIONAL
    body_hash: str = ""
    last_success: datetime | None = None
    polled_before: bool = False
    polled_at: datetime | None = None  # the last poll, whatever came of it
    failures: int = 0  # in a row
    retry_at: datetime | None = None  # before which its server asked us not to come again
    changes: tuple[datetime, ...] = ()  # when the last polls with something new were, oldest first
    moved_to: str = ""  # where its address was redirected to for good
    moved_polls: int = 0  # how many polls in a row said so
    wanted: str = ""  # the fingerprint of the filters at the last poll


@dataclass(frozen=True, slots=True)
class PageState:
    """What is remembered of the page behind an arrival, so that its edits are seen."""

    validators: Validators = UNCONDITIONAL
    body_hash: str = ""
    due: datetime | None = None  # when it is asked again; None: no more
    gone_at: datetime | None = None  # when it was first seen to be gone (404, 410); None: it is there
    gone_again_at: datetime | None = None  # when it was last seen to be gone


@dataclass(frozen=True, slots=True)
class HostState:
    """What a host said in its robots.txt (RFC 9309) and its tdmrep.json (TDMRep)."""

    robots: str  # the rules that hold, as text; "" for none
    robots_status: int  # of the last answer: 200, 404, 503; 0 where no answer came
    reservations: str  # the rules of tdmrep.json as JSON; "" for none
    fetched_at: datetime
    expires_at: datetime
    failing_since: datetime | None = None  # since when robots.txt cannot be had


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
    family: str = ""  # what all copies of one press release have in common; "" for one without copies


@dataclass(frozen=True, slots=True)
class Work:
    """A revision that lacks a finished rendition in a language."""

    stored: Stored
    language: str
    attempts: int
    state: TranslationState | None  # None: never tried
    accepted: bool = False  # a person published it as it is: a term that is missing does not hold it


@dataclass(frozen=True, slots=True)
class Published:
    """A finished rendition of an article with what stands in an entry about it."""

    stored: Stored  # the revision that the rendition renders, not always the newest
    rendition: Rendition
    tag: str  # "tag:…", the article's part of its entries' ids
    updated: datetime
    entered: datetime | None  # first publication in the feed; None before that
    corrected: datetime | None = None  # when its source changed what readers had read


@dataclass(frozen=True, slots=True)
class FeedFile:
    """What was last written of a feed in one language."""

    feed_id: str
    language: str
    entries: int
    content_hash: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """What was last written of an archive document of a feed (RFC 5005 §4)."""

    feed_id: str
    language: str
    number: int  # 1 is the oldest
    places: tuple[int, int]  # the first and the last place in the feed that it holds, for ever
    frame: str  # hash of what it shows beside its entries; "" where nothing was written
    stamp: str  # what its entries were like; see :meth:`Store.archive_stamps`
    content_hash: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class FeedToken:
    """What lets a partner read private feeds."""

    number: int  # of its realm: the tree that is published for it
    token: str
    partner: str
    feed_id: str  # "": every private feed
    created: datetime
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class PageStamp:
    """What tells, without reading a text, whether an article changed since its page was written."""

    renditions: int  # how many of its renditions are finished, in any language
    revision_id: int  # the newest revision that has one
    updated: datetime  # when the content of one of them last changed
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PageFile:
    """What was last written of an article's page in a language."""

    public_id: str
    language: str
    source_id: str
    month: str  # "2026-11": the list it stands in
    published: datetime
    stamp: PageStamp
    frame: str  # hash of what a page shows beside its article
    side: bool  # whether the page beside the original was ever written
    content_hash: str


@dataclass(frozen=True, slots=True)
class PageWork:
    """An article whose page in a language is missing or no longer right."""

    published: Published
    stamp: PageStamp
    corrected: datetime | None  # when its source changed what readers of this language had read
    languages: tuple[str, ...]  # in which it has a page
    before: PageFile | None  # what was written last


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of an article's page."""

    public_id: str
    source_id: str
    published: datetime
    title: str
    summary: str
    mark: Mark
    withdrawn: bool


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

    def source_states(self, source_ids: Collection[str]) -> Mapping[str, SourceState]:
        """Return what is remembered of many sources; one that was never polled is not in it."""

    def record_quiet_polls(self, polled: Mapping[str, SourceState], now: datetime) -> None:
        """Remember, in one transaction, polls that found nothing new."""

    def sources_with_work(self, now: datetime, *, ignore_backoff: bool) -> Collection[str]:
        """Return the ids of the sources that have something to take in or a page to ask again."""

    def known_keys(self, source_id: str, keys: Collection[str]) -> Collection[str]:
        """Return those of the keys that a source offered before."""

    def record_poll_failure(
        self, source_id: str, error: str, now: datetime, retry_at: datetime | None = None
    ) -> None:
        """Remember why a source could not be polled, and when its server wants to be asked again."""

    def pages_due(self, source_id: str, now: datetime, limit: int) -> "Sequence[tuple[Arrival, PageState]]":
        """Return taken arrivals whose pages are to be asked again, the longest due first."""

    def record_page(self, arrival: Arrival, page: PageState) -> None:
        """Remember what is known of the page behind an arrival; nothing, if it was erased meanwhile."""

    def waiting(self, source_id: str, now: datetime, *, ignore_backoff: bool) -> Sequence[Arrival]:
        """Return the arrivals of a source that still have to become articles, oldest first."""

    def settled(self, source_id: str) -> Mapping[str, Settled]:
        """Return what became of a source's arrivals of which nothing remains to be done, by key."""

    def take_in(self, read: Sequence[ReadArticle], authority: str, now: datetime) -> Sequence[Became]:
        """Store articles or new revisions of them, and close their arrivals: all or none of them.

        Return what each became, in their order.
        """

    def reject(self, arrival: Arrival, reason: str, now: datetime, *, filtered: bool = False) -> None:
        """Close an arrival that no rule wants; it is looked at again when the source changes it.

        ``filtered``: the operator's own filters do not want it, see :meth:`reconsider`.
        """

    def reconsider(self, source_id: str, wanted: str) -> None:
        """Let what a source's filters rejected wait again, where ``wanted``, their fingerprint, changed."""

    def article_of(self, source_id: str, key: str) -> int | None:
        """Return the row id of the article that a source offers under a key."""

    def record_gone(self, article_id: int, now: datetime) -> bool:
        """Remember that an article's page was found gone.

        Return whether that was found before, at least a day ago, and not contradicted since.
        """

    def record_present(self, article_id: int, now: datetime) -> None:
        """Remember that an article's page is there, and restore it if it was withdrawn for being gone."""

    def withdraw_gone(self, article_id: int, now: datetime) -> None:
        """Withdraw an article until its page is back."""

    def relatives(self, feed_id: str, language: str, families: Collection[str]) -> Sequence["Published"]:
        """Return the finished articles of families, with their places in a feed; no withdrawn ones."""

    def renewals(self, lapsed: Mapping[str, bool], now: datetime) -> Mapping[str, datetime]:
        """Remember which sources' permissions have ended, and return when ended ones were renewed."""

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

    def adopt_glossary(self, language: str, glossary: Glossary, now: datetime) -> int:
        """Let a glossary be in force in a language; note the finished renditions that it may change.

        Returns how many these are: those whose articles hold a term that is new, gone or rendered otherwise.
        """

    def rerenderings(self, language: str, source_ids: Iterable[str]) -> Sequence[Work]:
        """Return the finished renditions that are to be put together anew, oldest first."""

    def settle(
        self, settled: Sequence[tuple[Work, Outcome, datetime | None]], fingerprint: str, now: datetime
    ) -> None:
        """Store how far each article came in a language, and when to try again: of all or of none."""

    def open_language(self, source_id: str, language: str, backfill: int | None) -> None:
        """Settle, once, how far back a source's articles are published in a language."""

    def candidates(
        self,
        feed_id: str,
        language: str,
        source_ids: Collection[str],
        among: Collection[int] | None = None,
    ) -> Sequence[Published]:
        """Return finished articles that have no place in a feed yet, the oldest first.

        ``among``: only of these articles; None: of all.
        """

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

    def feed_files(self) -> Sequence[FeedFile]:
        """Return what was last written of each feed."""

    def drop_feed_file(self, feed_id: str, language: str) -> None:
        """Forget a feed whose files, and whose archive documents, were taken away."""

    def entries_between(
        self, feed_id: str, language: str, source_ids: Collection[str], places: tuple[int, int]
    ) -> Sequence[Published]:
        """Return what stands in a feed from one place to another, both included, the newest first."""

    def places_after(
        self, feed_id: str, language: str, source_ids: Collection[str], after: int
    ) -> Mapping[int, datetime]:
        """Return the taken places of a feed behind one, in their order, each with when its entry came.

        They grow with every entry.
        """

    def archives(self, feed_id: str, language: str) -> Sequence[ArchiveFile]:
        """Return the archive documents of a feed, the oldest first."""

    def archive_stamps(self, feed_id: str, language: str) -> Mapping[int, str]:
        """Return for each archive document, by number, what its entries are like now.

        A text that changed, a withdrawal, its end, or an erasure changes that.
        """

    def record_archive(self, written: ArchiveFile) -> None:
        """Remember an archive document that was written."""

    def drop_archives(self, feed_id: str, language: str) -> None:
        """Forget the archive documents of a feed."""

    def feed_tokens(self) -> Sequence[FeedToken]:
        """Return every token for private feeds, revoked ones too, the oldest first."""

    def within(self, realm: int) -> "Store":
        """Return the store as it is asked about the published tree of a token.

        What was written of feeds, archive documents, pages and lists is remembered for each tree by itself.
        """

    def leave_realms(self, kept: Collection[int]) -> None:
        """Forget what was written of the trees of all other tokens than these."""

    def note_images(self) -> None:
        """Remember which picture each finished revision shows."""

    def images_to_fetch(
        self, source_ids: Collection[str], feed_ids: Collection[str], now: datetime, limit: int
    ) -> Sequence[ImageFile]:
        """Return pictures of these sources' articles in these feeds that are to be fetched now.

        Only of texts that readers see now: no replaced, no withdrawn ones. A state of ``WAITING`` with no
        attempts is one that was never fetched.
        """

    def drop_images(self, source_ids: Collection[str], feed_ids: Collection[str]) -> None:
        """Forget the pictures that no such article shows any more."""

    def record_image(self, image: ImageFile) -> None:
        """Remember what became of a picture; what shows it is written anew where that changed."""

    def image_files(self, source_ids: Collection[str], feed_ids: Collection[str]) -> Mapping[str, str]:
        """Return the mirrored files that such articles show, each with an address that it came from."""

    def images(self, urls: Collection[str]) -> Mapping[str, ImageFile]:
        """Return what is known of pictures, by address."""

    def due_announcements(self, hubs: Collection[str], now: datetime) -> Sequence[Announcement]:
        """Return what these hubs have to be told by now, the oldest change first."""

    def announced(self, announcement: Announcement) -> None:
        """Forget what a hub has taken."""

    def postpone_announcement(self, announcement: Announcement, error: str, retry_at: datetime) -> None:
        """Keep an announcement for later, with the reason."""

    def stale_pages(
        self,
        language: str,
        feed_ids: Collection[str],
        frames: Mapping[str, str],
        after: int,
        limit: int,
        among: Collection[int] | None = None,
    ) -> Sequence[PageWork]:
        """Return what stands in one of the feeds in a language and has no right page, by article id.

        ``frames`` holds, by source, the hash of what a page shows beside its article; sources that it lacks
        are passed over. Articles up to the id ``after`` are left out, and all that are not ``among`` these.
        """

    def record_pages(self, written: Sequence[PageFile]) -> None:
        """Remember what was written, and that the lists it stands in must be written anew."""

    def orphaned_pages(self) -> Sequence[PageFile]:
        """Return the pages of articles that were erased."""

    def misplaced_pages(
        self, feed_ids: Collection[str], elsewhere: Collection[str] | None
    ) -> Sequence[PageFile]:
        """Return the pages of articles that stand in none of these feeds.

        With ``elsewhere``, only of those that stand in one of those feeds instead.
        """

    def drop_page(self, page: PageFile) -> None:
        """Forget a page that was taken away, and let its list be written anew."""

    def forget_pages(self) -> None:
        """Let every page and list be written anew: the tree that they were written to is gone."""

    def months(self, language: str) -> Sequence[str]:
        """Return the months that have pages in a language, the newest first."""

    def stale_months(self, language: str, frame: str) -> Sequence[str]:
        """Return the months whose lists are missing or no longer right."""

    def spoiled_months(self, language: str) -> Sequence[str]:
        """Return the months in which a page changed since their lists were written."""

    def has_listed(self, language: str, month: str) -> bool:
        """Return whether anything stands in a month's list."""

    def listed(self, language: str, month: str) -> Sequence[Listed]:
        """Return what stands in a month's list, the newest first."""

    def newest_pages(self, language: str, limit: int) -> Sequence[Listed]:
        """Return the newest pages of a language that are not withdrawn."""

    def record_month(self, language: str, month: str, frame: str) -> None:
        """Remember that a month's list was written."""

    def drop_month(self, language: str, month: str) -> None:
        """Forget a month without pages."""


@dataclass(frozen=True, slots=True)
class PollCount:
    """What a poll's offers were."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
