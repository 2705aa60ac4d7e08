"""What each kind of page shows, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from syndicator.model import Entry, Feed, Notice, PageWords


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page's head names it."""

    title: str
    path: str  # in the published tree
    media_type: str


@dataclass(frozen=True, slots=True)
class SitePages:
    """What every page of a site in one language shows around its text."""

    language: str
    title: str
    base_url: str  # ends in "/"
    notice: Notice
    words: PageWords
    contact: str = ""
    funding: str = ""
    funding_image: str = ""
    languages: tuple[str, ...] = ()  # that the site is published in
    feeds: tuple[FeedLink, ...] = ()  # of this language
    private: bool = False  # for whoever has its address, and told to nobody else


@dataclass(frozen=True, slots=True)
class Version:
    """The same article in a language, at its address."""

    language: str
    url: str  # absolute
    path: str  # in the published tree; "" for one elsewhere


@dataclass(frozen=True, slots=True)
class Original:
    """The text that a translation was made from, where its source permits to show it."""

    title: str
    summary: str
    body: str  # HTML
    language: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article in one language."""

    entry: Entry  # cleaned; its url is the page's own
    path: str  # in the published tree
    side: str  # the path of the page beside the original; "" if there is none
    versions: tuple[Version, ...]  # all that have an address, the original's first, this one among them
    original: Original | None = None
    corrected: datetime | None = None  # when its source changed what readers had read
    indexed: bool = False  # whether search engines may list it
    whole: bool = True  # whether the source permits to show the whole text here


@dataclass(frozen=True, slots=True)
class Headline:
    """An article in a list."""

    title: str
    path: str
    published: datetime
    source_name: str
    mark: str  # how a translation came about; "" for an original
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LandingPage:
    """The first page of a language."""

    feeds: tuple[Feed, ...]
    newest: tuple[Headline, ...]
    months: tuple[str, ...]  # "2026-11", the newest first
    translators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthPage:
    """All articles of a month in a language."""

    month: str
    headlines: tuple[Headline, ...]
    newer: str = ""  # the months beside it
    older: str = ""
    indexed: bool = False
