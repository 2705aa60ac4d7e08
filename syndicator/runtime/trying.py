"""``sources try``: what would come in from an address, without storing anything."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from syndicator.errors import ConfigError, NoArticleError, ParseError, SourceError
from syndicator.extract.decode import decode
from syndicator.extract.feeds import advertised_feeds, read_feed
from syndicator.extract.item import article_from_item, complete, needs_page
from syndicator.extract.listing import read_listing
from syndicator.extract.page import read_page
from syndicator.extract.reservation import reserved_by
from syndicator.extract.sitemap import read_sitemap
from syndicator.extract.trace import UNSEEN
from syndicator.model import Article, Dropped, FetchedDocument, SiteRules, SourceKind
from syndicator.ports import FOR_FEEDS, FOR_PAGES, HostState
from syndicator.text.html import plain_text
from syndicator.text.messages import tr
from syndicator.text.transliterate import transliterate

if TYPE_CHECKING:
    from syndicator.fetch.polite import PoliteFetcher

MOST_FEEDS = 5
LONG_TEXT = 1500  # letters of an article: then a page is one, whatever else it links to


@dataclass(frozen=True, slots=True)
class Found:
    """What an address is, and what would come in from there."""

    url: str  # the address that answered
    kind: SourceKind
    told: tuple[str, ...]  # about the address: robots.txt, reservation, a move, other feeds
    titles: tuple[str, ...]  # of the articles or addresses that it lists
    article: Article | None  # the first one, as it would be stored
    article_problem: str  # why there is none; "" if there is one
    dropped: tuple[Dropped, ...]  # what of its page readers see and is no part of it, and by which rule
    yaml: str  # to be pasted into the config, under `sources:`


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What trying needs besides the network."""

    language: str
    timezone: ZoneInfo
    now: datetime
    rules: SiteRules


@dataclass
class ForNow:
    """What hosts say, remembered while the program runs (the port :class:`~syndicator.ports.Hosts`)."""

    kept: dict[str, HostState] = field(default_factory=dict)

    def states(self) -> Mapping[str, HostState]:
        """See the port."""
        return self.kept

    def record(self, origin: str, state: HostState) -> None:
        """See the port."""
        self.kept[origin] = state


def try_anywhere(url: str, config: Path | None, now: datetime, *, body: str = "", links: str = "") -> Found:
    """Try an address by the settings of a config; by the defaults where there is no config yet.

    Raises ConfigError where a config is named and cannot be used, and SourceError.
    """
    from syndicator.fetch.client import HttpFetcher
    from syndicator.fetch.polite import PoliteFetcher
    from syndicator.runtime.build import user_agent
    from syndicator.settings import load
    from syndicator.settings.schema import FetchSettings

    settings = None
    try:
        path = load.find_config(config, os.environ, Path.cwd())
    except ConfigError:
        if config is not None or os.environ.get("SYNDICATOR_CONFIG"):
            raise
    else:
        settings = load.load(path, os.environ, now)
    fetch = settings.fetch if settings else FetchSettings()
    around = Circumstances(
        settings.languages.source if settings else "bg",
        ZoneInfo(settings.site.timezone if settings else "Europe/Sofia"),
        now,
        SiteRules(body=body, links=links),
    )
    port = urlsplit(url).port
    inner = HttpFetcher(
        user_agent(settings),
        fetch.timeout,
        fetch.max_bytes,
        fetch.allow_private,
        fetch.per_host.concurrency,
        fetch.per_host.delay,
        ports=frozenset(fetch.ports) | (frozenset({port}) if port else frozenset()),
    )
    with PoliteFetcher(inner, ForNow(), lambda: datetime.now(UTC)) as fetcher:
        return try_source(fetcher, url, around)


def try_source(fetcher: "PoliteFetcher", url: str, around: Circumstances) -> Found:
    """Return what would come in from an address. Raises SourceError where nothing can be read there."""
    told: list[str] = []
    document = _asked(fetcher, url, FOR_FEEDS, told)
    if document.moved_to:
        told.append(tr("moved for good to {url}", url=document.moved_to))
    kind, titles, address = _detected(document, around)
    if kind in (SourceKind.PAGE, SourceKind.LISTING):
        feeds = _feeds(document)
        if feeds:
            told.append(
                tr("this page names feeds; they are the better source: {feeds}", feeds=", ".join(feeds))
            )
    dropped: list[Dropped] = []
    article, problem = _first_article(fetcher, document, kind, address, around, told, dropped)
    return Found(
        document.final_url,
        kind,
        tuple(dict.fromkeys(told)),
        titles,
        article,
        problem,
        tuple(dict.fromkeys(one for one in dropped if one.rule != UNSEEN)),
        _yaml(document.moved_to or url, kind, article, titles),
    )


def _asked(fetcher: "PoliteFetcher", url: str, accept: str, told: list[str]) -> FetchedDocument:
    """Fetch an address, and tell what its site says of being read: to look at it once is no mining."""
    word = fetcher.word(url)
    if not word.allows(url):
        told.append(
            tr("robots.txt forbids {url}: it needs a permission and `fetch: {{robots: ignore}}`", url=url)
        )
    document = fetcher.looked_at(url, accept)
    if word.crawl_delay:
        told.append(tr("robots.txt asks for {seconds} s between requests", seconds=f"{word.crawl_delay:g}"))
    place = reserved_by(
        document, urlsplit(document.final_url).path or "/", fetcher.word(document.final_url).rules
    )
    if place:
        told.append(tr("reserved from text and data mining ({place}): it needs a `permission:`", place=place))
    return document


def _detected(document: FetchedDocument, around: Circumstances) -> tuple[SourceKind, tuple[str, ...], str]:
    """Return what kind a document is, what it lists, and the address of its first article."""
    try:
        feed = read_feed(document, around.timezone)
    except ParseError as error:
        no_feed = error
    else:
        return SourceKind.FEED, tuple(item.title or item.url for item in feed.items), ""
    try:
        sitemap = read_sitemap(document, around.timezone)
    except ParseError:
        pass
    else:
        listed = sitemap.pages or sitemap.sitemaps
        newest = sorted(listed, key=lambda one: one.modified.timestamp() if one.modified else 0, reverse=True)
        first = newest[0].url if sitemap.pages else ""
        return SourceKind.SITEMAP, tuple(one.title or one.url for one in newest), first
    article = _article_or_none(document, around)
    try:
        listing = read_listing(document, around.rules.links, around.rules.next)
    except ParseError:
        if article is None:
            raise no_feed from None
        return SourceKind.PAGE, (article.title,), document.final_url
    # Pages of articles list others beneath; section pages have no long text of their own.
    if article is not None and _letters(article) >= LONG_TEXT and not around.rules.links:
        return SourceKind.PAGE, (article.title,), document.final_url
    return SourceKind.LISTING, tuple(one.title or one.url for one in listing.links), listing.links[0].url


def _letters(article: Article) -> int:
    return sum(map(str.isalpha, plain_text(article.body)))


def _article_or_none(document: FetchedDocument, around: Circumstances) -> Article | None:
    try:
        return read_page(document, around.rules, around.language, around.now, around.timezone)
    except (NoArticleError, ParseError):
        return None


def _first_article(
    fetcher: "PoliteFetcher",
    document: FetchedDocument,
    kind: SourceKind,
    address: str,
    around: Circumstances,
    told: list[str],
    dropped: list[Dropped],
) -> tuple[Article | None, str]:
    """Return the first article as it would be stored, or why there is none; add what was ``dropped``."""
    try:
        if kind is SourceKind.FEED:
            item = next(iter(read_feed(document, around.timezone).items), None)
            if item is None:
                return None, tr("there are no articles in it yet")
            if not needs_page(item) or not item.url:
                return article_from_item(item, around.language, item.url or document.final_url), ""
            page = _asked(fetcher, item.url, FOR_PAGES, told)
            article = read_page(page, around.rules, around.language, around.now, around.timezone, dropped)
            return complete(item, article), ""
        if not address:
            return None, tr("name the address of one of the sitemaps that it lists to see more")
        page = document if address == document.final_url else _asked(fetcher, address, FOR_PAGES, told)
        return read_page(page, around.rules, around.language, around.now, around.timezone, dropped), ""
    except SourceError as error:
        return None, str(error)


def _feeds(document: FetchedDocument) -> tuple[str, ...]:
    text = decode(document.body, document.content_type, "html")
    return advertised_feeds(text, document.final_url)[:MOST_FEEDS]


def _yaml(url: str, kind: SourceKind, article: Article | None, titles: tuple[str, ...]) -> str:
    host = (urlsplit(url).hostname or "source").removeprefix("www.")
    name = "-".join(part for part in transliterate(host).lower().split(".")[:-1] if part) or "source"
    lines = [
        f"- id: {''.join(c if c.isascii() and c.isalnum() else '-' for c in name).strip('-') or 'source'}",
        f"  name: {host}  # {tr('what readers see')}",
        f"  kind: {kind}",
        f'  url: "{url}"',
        f"  publish: summary  # {tr('full: only with a permission')}",
        f'  # permission: {{by: "…", date: {tr("YYYY-MM-DD")}}}',
    ]
    if kind is SourceKind.LISTING:
        lines.append(f'  # rules: {{links: "h2 a", next: "a.next"}}  # {tr("where the list is misread")}')
    if kind in (SourceKind.LISTING, SourceKind.SITEMAP) and len(titles) > 1:
        lines.append(f"  # paths: [/novini/*]  # {tr('to follow only some of the addresses')}")
    if article is not None and kind is not SourceKind.PAGE:
        lines.append("  backfill: 20")
    return "\n".join(lines)
