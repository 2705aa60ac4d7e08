"""Sources that list pages: from a section page or a sitemap to what is to be followed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from syndicator.errors import ParseError, SourceError
from syndicator.extract.listing import Listing, read_listing, tidy_address
from syndicator.extract.sitemap import Listed, Sitemap, read_sitemap
from syndicator.model import FeedItem, FetchedDocument, Source
from syndicator.ports import FOR_FEEDS, FOR_PAGES, Fetcher, Offer, Store
from syndicator.text.messages import tr

MOST_SITEMAPS = 20  # files read in one poll
DEEPEST = 3  # sitemaps that list sitemaps that list sitemaps
UNDATED = 20  # pages without a date that are taken at a sitemap's first poll
ALIKE = 10  # so many pages with one and the same date: it is the sitemap's own, not theirs


@dataclass(frozen=True, slots=True)
class Found:
    """What a list offers."""

    offers: tuple[Offer, ...]  # newest first
    whole: bool = (
        True  # False: some of it could not be read, and the next poll must not take a 304 for an answer
    )
    newest: int | None = None  # so many are taken at the first poll


def listing_offers(
    fetcher: Fetcher, store: Store, source: Source, first: FetchedDocument, now: datetime
) -> Found:
    """Return the articles that a section page and its next pages list.

    A further page is read only as long as the one before brought something that was never seen, and at most
    ``source.pages`` in all. Raises SourceError where the first page is no list.
    """
    listing = read_listing(first, source.rules.links, source.rules.next)
    titles: dict[str, str] = {}
    asked = {tidy_address(first.final_url), tidy_address(first.url)}
    whole = True
    for number in range(source.pages):
        urls = [link.url for link in listing.links if wanted(link.url, source.paths)]
        fresh = [url for url in urls if url not in titles]
        for link in listing.links:
            if link.url in fresh:
                titles[link.url] = link.title
        nothing_new = not set(fresh) - set(store.known_keys(source.id, fresh))
        if nothing_new or not listing.next or listing.next in asked or number + 1 == source.pages:
            break
        asked.add(listing.next)
        try:
            listing = _further_page(fetcher, source, listing.next, now)
        except SourceError:
            whole = False  # what came is taken; the rest is looked for again at the next poll
            break
    if not titles:
        raise _nothing_wanted(first, source)
    return Found(tuple(_offer(url, title=title) for url, title in titles.items()), whole)


def _further_page(fetcher: Fetcher, source: Source, url: str, now: datetime) -> Listing:
    document = fetcher.fetch(url, accept=FOR_PAGES, permitted=source.permitted(now))
    return read_listing(document, source.rules.links, source.rules.next)


def sitemap_offers(
    fetcher: Fetcher, source: Source, first: FetchedDocument, timezone: ZoneInfo, now: datetime
) -> Found:
    """Return the recent pages of a sitemap and of the sitemaps it lists.

    Only sitemaps and pages that changed within ``source.recent`` are followed; where nothing is dated, every
    page is offered. Raises SourceError where the first document is no sitemap.
    """
    since = now - source.recent
    top = read_sitemap(first, timezone)
    pages = list(top.pages)
    # An index that tells no dates may stay the same while its sitemaps change.
    whole = not top.sitemaps or all(one.modified for one in top.sitemaps)
    queue = [(one, 1) for one in _recent_sitemaps(top, since)]
    asked = {first.url, first.final_url}
    while queue and len(asked) < MOST_SITEMAPS + 2:
        listed, depth = queue.pop(0)
        if listed.url in asked:
            continue
        asked.add(listed.url)
        try:
            document = fetcher.fetch(listed.url, accept=FOR_FEEDS, permitted=source.permitted(now))
            inner = read_sitemap(document, timezone)
        except SourceError:
            whole = False
            continue
        pages.extend(inner.pages)
        if depth < DEEPEST:
            queue.extend((one, depth + 1) for one in _recent_sitemaps(inner, since))
    whole = whole and not queue
    if not pages and not whole:
        raise ParseError(tr("{url}: none of the sitemaps that it lists could be read", url=first.final_url))
    dated, undated = _by_date([page for page in pages if wanted(page.url, source.paths)], since)
    first_time = len(dated) + UNDATED if source.backfill is None else source.backfill
    return Found(tuple(map(_page_offer, (*dated, *undated))), whole, first_time)


def _recent_sitemaps(sitemap: Sitemap, since: datetime) -> list[Listed]:
    """Return the sitemaps worth reading, the most recently changed first."""
    recent = [one for one in sitemap.sitemaps if one.modified is None or one.modified >= since]
    return sorted(recent, key=lambda one: one.modified.timestamp() if one.modified else 0.0, reverse=True)


def _by_date(pages: Sequence[Listed], since: datetime) -> tuple[list[Listed], list[Listed]]:
    """Return the recent pages, newest first, and those without a date of their own."""
    moments = {page.modified for page in pages}
    if len(pages) >= ALIKE and len(moments) == 1:
        pages = [replace(page, modified=None) for page in pages]
    once = {page.url: page for page in pages}.values()
    dates = [(page.modified or page.published, page) for page in once]
    recent = [(date, page) for date, page in dates if date is not None and date >= since]
    dated = [page for _, page in sorted(recent, key=lambda pair: pair[0], reverse=True)]
    return dated, [page for date, page in dates if date is None]


def wanted(url: str, patterns: Iterable[str]) -> bool:
    """Whether an address's path (with its query) is one of those that the operator wants: ``/novini/*``."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    chosen = tuple(patterns)
    return not chosen or any(fnmatchcase(path, pattern) for pattern in chosen)


def _nothing_wanted(document: FetchedDocument, source: Source) -> ParseError:
    return ParseError(
        tr(
            "{url}: none of the links there has a path that `paths` wants ({patterns})",
            url=document.final_url,
            patterns=", ".join(source.paths),
        )
    )


def _page_offer(page: Listed) -> Offer:
    return _offer(page.url, title=page.title, modified=page.modified, published=page.published)


def _offer(
    url: str, *, title: str = "", modified: datetime | None = None, published: datetime | None = None
) -> Offer:
    item = FeedItem(
        key=url, url=url, title=title, summary="", content="", published=published, updated=modified
    )
    # Not of the title: the same article stands under a shortened one on the next page of a list.
    told = f"{url} {modified.isoformat() if modified else ''}"
    return Offer(url, hashlib.sha256(told.encode()).hexdigest(), item)
