"""Reads the article behind what a source offered: from a file, a page, or the feed's item itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from syndicator.errors import HttpStatusError, NoArticleError, ParseError, RobotsRefusedError, SourceError
from syndicator.extract.item import article_from_item, complete, needs_page
from syndicator.extract.page import read_page
from syndicator.extract.pasted import read_html_file, read_text
from syndicator.model import Article, FeedItem, FetchedDocument, Publish, Source, SourceKind
from syndicator.ports import FOR_PAGES, Arrival
from syndicator.steps.presence import is_gone, see_gone
from syndicator.steps.world import World
from syndicator.text.messages import tr

# After so many vain visits to an item's page, what the feed itself carries is taken.
VISITS = 5


def read(world: World, source: Source, arrival: Arrival, documents: dict[str, FetchedDocument]) -> Article:
    """Return the article behind an arrival. Raises SourceError.

    ``documents`` holds by their addresses the pages that were fetched already, and then the last one read.
    """
    readers: dict[SourceKind, Callable[[], Article]] = {
        SourceKind.INBOX: lambda: _read_file(world, source, arrival.key),
        SourceKind.PAGE: lambda: _read_linked(world, source, arrival.item.url, documents),
        SourceKind.FEED: lambda: _read_item(world, source, arrival, documents),
        SourceKind.LISTING: lambda: _read_listed(world, source, arrival, documents),
        SourceKind.SITEMAP: lambda: _read_listed(world, source, arrival, documents),
    }
    return readers[source.kind]()


def read_again(world: World, source: Source, arrival: Arrival, document: FetchedDocument) -> Article:
    """Return the article on its page that changed. Raises NoArticleError and ParseError."""
    page = read_page(document, source.rules, source.language, world.now, world.timezone)
    return complete(arrival.item, page) if source.kind is SourceKind.FEED else _dated(page, arrival.item)


def _read_file(world: World, source: Source, name: str) -> Article:
    data = world.inbox.read(source.path, name)
    reader = _READERS.get(PurePosixPath(name).suffix.lower(), read_text)
    return reader(data, name, source.language, world.now, world.timezone)


def _read_office(data: bytes, name: str, language: str, now: datetime, timezone: ZoneInfo) -> Article:
    from syndicator.extract.office import read_office  # 3 MB, and few inboxes need it

    return read_office(data, name, language, now, timezone)


def _read_letter(data: bytes, name: str, language: str, now: datetime, timezone: ZoneInfo) -> Article:
    from syndicator.extract.letters import read_letter

    return read_letter(data, name, language, now, timezone)


_READERS: dict[str, Callable[[bytes, str, str, datetime, ZoneInfo], Article]] = {
    ".docx": _read_office,
    ".eml": _read_letter,
    ".htm": read_html_file,
    ".html": read_html_file,
}


def _read_linked(world: World, source: Source, url: str, documents: dict[str, FetchedDocument]) -> Article:
    document = documents.get(url)
    if document is None:
        document = world.fetcher.fetch(url, accept=FOR_PAGES, permitted=source.permitted(world.now))
        documents.clear()  # one page at a time is kept, for what is remembered of it
        documents[url] = document
    return read_page(document, source.rules, source.language, world.now, world.timezone)


def _read_listed(
    world: World, source: Source, arrival: Arrival, documents: dict[str, FetchedDocument]
) -> Article:
    try:
        return _dated(_read_linked(world, source, arrival.item.url, documents), arrival.item)
    except HttpStatusError as error:
        if not is_gone(error):
            raise
        raise NoArticleError(str(error)) from error  # lists name pages that are gone; so be it


def _dated(article: Article, item: FeedItem) -> Article:
    """Return an article with the date that a news sitemap gives it, where the page tells none."""
    return replace(article, published=article.published or item.published)


def _read_item(
    world: World, source: Source, arrival: Arrival, documents: dict[str, FetchedDocument]
) -> Article:
    item = arrival.item
    base_url = item.url or source.url
    if not _wants_page(source, item):
        return article_from_item(item, source.language, base_url)
    try:
        page = _read_linked(world, source, item.url, documents)
    except SourceError as error:
        if not _hopeless(error, arrival):
            raise
        if arrival.known:
            if is_gone(error):
                see_gone(world.store, source, arrival.article_id, world.now)
            # What was read from the page while it was there is better than the feed's few lines.
            raise NoArticleError(
                tr("{url}: the page cannot be read any more; its article stays as it was", url=item.url)
            ) from error
        # The page is gone for good; what the feed carries is then all there is of the article.
        return article_from_item(item, source.language, base_url)
    return complete(item, page)


def _wants_page(source: Source, item: FeedItem) -> bool:
    if not source.full_text or not item.url or urlsplit(item.url).scheme not in ("http", "https"):
        return False
    if source.publish is Publish.FULL:
        return needs_page(item)
    return source.publish is Publish.SUMMARY and not (item.summary or item.content)


def _hopeless(error: SourceError, arrival: Arrival) -> bool:
    if is_gone(error):
        return True
    too_often = arrival.attempts + 1 >= VISITS and not arrival.known
    return isinstance(error, NoArticleError | ParseError | RobotsRefusedError) or too_often
