"""The values that travel through the program, in the order of their travel.

``Source → FetchedDocument → ParsedFeed/FeedItem → Article → Entry → Feed → bytes``

All are immutable. Times are timezone-aware and in UTC. Texts called "plain" hold no markup; texts called
"HTML" hold only what :mod:`syndicator.text.html` allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

STAY = timedelta(hours=48)
"""How long an entry stands in its feed at least, whatever else is said.

Importers look twice a day: an entry must not come and go between two looks.
"""

LocalText = Mapping[str, str]
"""A text for readers by language code; the key ``""`` holds one that was given without a language."""


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    PAGE = "page"
    LISTING = "listing"
    SITEMAP = "sitemap"
    INBOX = "inbox"


class OnGone(StrEnum):
    """What happens to an article whose page is gone for good."""

    KEEP = "keep"
    WITHDRAW = "withdraw"


class Content(StrEnum):
    """How much of an article a feed carries; never more than its source allows."""

    FULL = "full"
    SUMMARY = "summary"


class Place(StrEnum):
    """Where a keyword filter looks."""

    TITLE = "title"
    TEXT = "text"
    TAGS = "tags"


class Publish(StrEnum):
    """How much of an article its source lets us publish."""

    FULL = "full"
    SUMMARY = "summary"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The operator's hints for one site, as CSS selectors or XPath; empty where there is none."""

    body: str = ""
    title: str = ""
    date: str = ""
    author: str = ""
    remove: tuple[str, ...] = ()
    links: str = ""  # on a listing: the links to articles, or what holds them
    next: str = ""  # on a listing: the link to its next page


@dataclass(frozen=True, slots=True)
class Match:
    """A keyword filter; a Bulgarian word stands for all its forms, and case does not count."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    places: tuple[Place, ...] = (Place.TITLE, Place.TEXT, Place.TAGS)

    def __bool__(self) -> bool:
        """Whether the filter asks for anything."""
        return bool(self.any or self.all or self.none)


@dataclass(frozen=True, slots=True)
class Length:
    """The least text that an article needs below its title."""

    characters: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from and what may be done with them."""

    id: str
    kind: SourceKind
    name: LocalText
    url: str  # "" for an inbox
    path: str  # absolute folder of an inbox, else ""
    language: str
    publish: Publish
    every: timedelta = timedelta(minutes=30)
    cron: str = ""
    settle: timedelta = timedelta(0)
    backfill: int | None = None
    full_text: bool = True
    tags: tuple[str, ...] = ()
    rules: SiteRules = SiteRules()
    match: Match = Match()
    max_age: timedelta | None = None
    min_length: Length = Length()
    accept: tuple[str, ...] = ()  # further languages whose articles are taken as they are
    priority: int = 0  # of articles that several sources carry, the one of the highest priority leads
    on_gone: OnGone = OnGone.KEEP
    engines: tuple[str, ...] = ()  # empty: any
    confidential: bool = False
    rights: LocalText = field(default_factory=dict)
    pages: int = 3  # of a listing, at most
    paths: tuple[str, ...] = ()  # of a listing or sitemap: only addresses with such paths; empty: any
    recent: timedelta = timedelta(days=14)  # how far back a sitemap is followed
    has_permission: bool = False
    keep: bool = True  # of an inbox: whether files that were taken stay where they are
    permitted_until: datetime | None = None
    index_pages: bool | None = None  # whether search engines may list its pages; None: as the site says

    def permitted(self, now: datetime) -> bool:
        """Whether a permission is on record that holds at a moment."""
        return self.has_permission and (self.permitted_until is None or now < self.permitted_until)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "anything new?" with (RFC 9110 §8.8)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """What an address answered: bytes as they came, undecoded."""

    url: str  # the address asked
    final_url: str  # the address that answered, after redirects
    status: int  # 200, or 304 with an empty body
    body: bytes
    content_type: str  # the header as received; "" if there was none
    validators: Validators
    fetched_at: datetime
    moved_to: str = ""  # where a permanent redirect (301, 308) points; "" if there was none
    tdm_reservation: str = ""  # the header of that name, as received


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that stands for its article."""

    url: str  # absolute
    alt: str = ""  # plain
    caption: str = ""  # plain
    credit: str = ""  # plain
    media_type: str = ""  # "image/jpeg"; "" if unknown
    length: int | None = None  # bytes; None if unknown


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that an article links to: a PDF, a text or a table."""

    url: str  # absolute
    title: str  # plain; the words of its link
    media_type: str  # "application/pdf"
    language: str  # of the document, as far as anybody says; else the article's


@dataclass(frozen=True, slots=True)
class Dropped:
    """A text on a page that was not taken for the article's, and why."""

    text: str  # plain, one line
    rule: str  # "line: counter", "site rule: .share", "beside the article"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed as its publisher wrote it, before any cleaning."""

    key: str  # guid, id or address: what the publisher means to be permanent
    url: str  # absolute; "" if the item has none
    title: str  # plain
    summary: str  # HTML as received; "" if there is none
    content: str  # HTML as received; "" if there is none
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    image: Image | None = None
    rights: str = ""
    language: str = ""  # as declared by the item or its feed; "" if undeclared


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as its publisher wrote it."""

    title: str
    url: str  # the home page it names; "" if none
    language: str
    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One article in its own language, cleaned: what is stored, and what is translated."""

    title: str  # plain
    summary: str  # plain; "" if the publisher wrote none
    body: str  # HTML
    language: str
    url: str  # canonical, absolute; "" for one without an address
    authors: tuple[str, ...] = ()
    published: datetime | None = None  # None: nobody says; it is then dated by when it was first seen
    image: Image | None = None
    rights: str = ""  # plain; the site's own copyright or reuse line
    tags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()  # linked documents; their links stand in the body, too
    events: tuple[date, ...] = ()  # days that the text names, in the site's own calendar; never its date


class TranslationState(StrEnum):
    """Where a translation stands (contract: *pending*, *held*, *failed*, *done*)."""

    PENDING = "pending"
    HELD = "held"
    FAILED = "failed"
    DONE = "done"


class Mark(StrEnum):
    """How the text of an entry came about, told to readers and machines."""

    ORIGINAL = "original"
    MACHINE = "machine"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Notice:
    """The words around texts in one language; all plain."""

    language: str  # the code of these words' own language
    line: str  # first line of a machine's translation, without a full stop; {language} is the source's
    mark: str  # at most three words for the head of its summary
    reviewed_line: str  # the same two for a translation that a person has reviewed
    reviewed_mark: str
    original: str  # a label, with its colon
    source: str  # a label, with its colon
    withdrawn: str  # a sentence
    latest: str  # a heading
    subscribe: str  # a label of a link


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of the pages around texts in one language, beside those of :class:`Notice`; all plain."""

    skip: str  # a link for those who do not see the page
    languages: str  # a heading
    side: str  # a link to the page with the original beside the translation
    single: str  # a link back from there
    elsewhere: str  # a sentence where the source permits no more than a title or a summary
    rights: str  # a label, with its colon
    corrected: str  # a label before a date, with its colon
    translator: str  # a label before the engines' names, with its colon
    about: str  # a heading
    search: str  # a label
    nothing: str  # a sentence where no title matches
    found: str  # a label before a number, with its colon
    months: str  # a heading
    feed_hint: str  # a sentence: what a feed is good for


@dataclass(frozen=True, slots=True)
class Edition:
    """The same feed or article in another language."""

    language: str
    title: str
    url: str  # address of the feed in the same format, or the entry's id


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in one language, ready to be written in any format."""

    id: str  # "tag:…" (RFC 4151), minted once
    language: str
    title: str  # plain
    summary: str  # plain
    body: str  # HTML; "" where the source permits a summary or a title only
    url: str  # what the entry links to: ASCII; the original, our page, or the feed's home
    original_url: str  # ASCII; "" where the article has no address
    source_id: str
    source_name: str  # in the entry's language
    source_url: str  # the source's own feed or home, ASCII; "" if none
    source_language: str
    mark: Mark
    published: datetime
    dated_by_first_sight: bool  # nobody said when it was published
    updated: datetime
    authors: tuple[str, ...] = ()
    image: Image | None = None
    rights: str = ""
    tags: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()  # who translated, by id
    editions: tuple[Edition, ...] = ()  # the same article in other languages, the original's first
    attachments: tuple[Attachment, ...] = ()  # documents that the body links to
    withdrawn: bool = False  # keeps its id and says that it was withdrawn; body and summary are empty
    notice: Notice | None = None  # the operator's words; None: the program's own for the language
    original_title: str = ""  # plain; "" where the original is not shown
    original_body: str = ""  # HTML; the original, shown under its translation
    corrected: datetime | None = None  # when its source changed what readers had read
    correction: str = ""  # plain; the line that tells them so


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in one language, ready to be written in any format."""

    id: str
    language: str
    title: str
    description: str
    url: str  # the page it belongs to: base_url
    base_url: str  # public address of the published tree, ending in "/"
    contact: str  # e-mail address; "" if none
    updated: datetime  # of its newest change
    entries: tuple[Entry, ...]  # newest in this feed first
    formats: tuple[str, ...] = ("rss", "atom", "json")
    rights: str = ""
    funding: str = ""
    funding_image: str = ""
    editions: tuple[Edition, ...] = ()  # Edition.url is the address without the format's ending
    ttl_minutes: int = 30
    hubs: tuple[str, ...] = ()  # addresses of WebSub hubs; none for a feed that is not public
    notice: Notice | None = None  # the operator's words; None: the program's own for the language
    archive: int = 0  # the number of this archive document (RFC 5005 §4); 0: it is the feed itself
    older: int = 0  # the number of the archive document before it; 0: there is none
    newer: int = 0  # the number of the one after it; 0: there is none


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """Which articles a feed carries, and how."""

    id: str
    title: LocalText
    languages: tuple[str, ...]
    sources: tuple[str, ...]  # empty: every source
    tags: tuple[str, ...] = ()  # an article needs one of them
    match: Match = Match()
    formats: tuple[str, ...] = ("rss", "atom", "json")
    limit: int = 50
    description: LocalText = field(default_factory=dict)
    max_age: timedelta | None = None
    min_length: Length = Length()
    content: Content = Content.FULL
    combined: bool = False  # all languages in one file
    bilingual: bool = False  # the original under its translation
    archives: bool = True  # whether what leaves the feed stays in archive documents
    private: bool = False  # published for holders of a token only


@dataclass(frozen=True, slots=True)
class Rendition:
    """An article's readable parts in one language: the original's, or a complete translation that passed."""

    language: str
    title: str  # plain
    summary: str  # plain; "" if the article has none
    body: str  # HTML; "" where only a summary or a title may be published
    mark: Mark
    authors: tuple[str, ...] = ()
    image: Image | None = None
    rights: str = ""
    tags: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()  # who translated, by id; "reviewed" stands for the reviewed memory
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A direction of translation, by language codes."""

    source: str
    target: str

    def __str__(self) -> str:
        """Return the pair as operators write it: ``bg→en``."""
        return f"{self.source}→{self.target}"


DERIVED = "memory"
"""The origin of an answer that was made from a remembered one, by putting other numerals in."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the translation memory knows of one segment."""

    text: str  # the raw answer, or the reviewed translation
    origin: str  # the engine's id, "reviewed", or DERIVED
    warning: str = ""  # a doubt that stood when the answer was taken

    @property
    def reviewed(self) -> bool:
        """Whether a person has approved it."""
        return self.origin == "reviewed"


@dataclass(frozen=True, slots=True)
class Site:
    """What every feed says of the site that publishes it."""

    title: LocalText
    base_url: str  # ends in "/"
    contact: str = ""  # e-mail address
    funding: LocalText = field(default_factory=dict)
    funding_image: str = ""
    index_pages: bool = False  # whether search engines may list the articles' pages
    hubs: tuple[str, ...] = ()  # addresses of WebSub hubs
