"""Sources → stored articles, in two steps: what a source offers is stored first, then taken in one by one.

A kill between the two loses nothing: the store knows what is still waiting.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from syndicator.errors import HttpStatusError, NoArticleError, ParseError, SourceError
from syndicator.extract.feeds import read_feed
from syndicator.extract.identity import content_hash, is_in_language, matches, too_short
from syndicator.extract.item import article_from_item, complete, needs_page
from syndicator.extract.page import read_page
from syndicator.extract.pasted import read_html_file, read_text
from syndicator.model import Article, FeedItem, FetchedDocument, Publish, Source, SourceKind
from syndicator.ports import FOR_FEEDS, FOR_PAGES, Arrival, Became, Fetcher, Inbox, Offer, SourceState, Store
from syndicator.steps.translating import retry_delay
from syndicator.text.messages import tr

GONE = frozenset({404, 410})
# After so many vain visits to an item's page, what the feed itself carries is taken.
VISITS = 5


@dataclass(frozen=True, slots=True)
class World:
    """What intake needs besides the store: the network, the inbox folders, the time and the site's zone."""

    store: Store
    fetcher: Fetcher
    inbox: Inbox
    now: datetime
    timezone: ZoneInfo
    host: str  # of the published tree: names the authority of new articles' ids (RFC 4151 §2.1)
    ignore_backoff: bool = True


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one source."""

    source_id: str
    error: str = ""  # the source itself could not be read
    changed: bool = False  # the source offered something it did not offer before
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    waiting: tuple[str, ...] = ()  # why single articles could not be taken in yet
    refusals: tuple[str, ...] = ()  # why others are not wanted


def take_in_source(world: World, source: Source, *, poll: bool = True) -> Intake:
    """Poll a source, then take in everything of it that waits. Never raises SourceError: it is reported.

    Without ``poll`` only what waits since an earlier poll is taken in.
    """
    documents: dict[str, FetchedDocument] = {}
    try:
        intake = _poll(world, source, documents) if poll else Intake(source.id)
    except SourceError as error:
        world.store.record_poll_failure(source.id, str(error), world.now)
        intake = Intake(source.id, error=str(error))
    for arrival in world.store.waiting(source.id, world.now, ignore_backoff=world.ignore_backoff):
        intake = _take_in(world, source, arrival, documents, intake)
    return intake


def _poll(world: World, source: Source, documents: dict[str, FetchedDocument]) -> Intake:
    """Ask the source what it has, and store that together with what to ask next time."""
    state = world.store.source_state(source.id)
    if source.kind is SourceKind.INBOX:
        offers = list(_files(world.inbox, source.path))
        fresh = SourceState(body_hash=_digest(repr([(one.key, one.fingerprint) for one in offers]).encode()))
    else:
        accept = FOR_PAGES if source.kind is SourceKind.PAGE else FOR_FEEDS
        document = world.fetcher.fetch(source.url, state.validators, accept)
        unchanged = document.status == 304 or _digest(document.body) == state.body_hash
        if unchanged:
            kept = replace(state, validators=document.validators) if document.status == 200 else state
            world.store.record_poll(source.id, (), kept, world.now)
            return Intake(source.id)
        fresh = SourceState(document.validators, _digest(document.body))
        if source.kind is SourceKind.PAGE:
            documents[source.url] = document
            offers = [_page_offer(source.url, fresh.body_hash)]
        else:
            offers = [_item_offer(item) for item in _newest_first(read_feed(document, world.timezone).items)]
    newest = None if state.polled_before or source.kind is SourceKind.PAGE else source.backfill
    count = world.store.record_poll(source.id, offers, fresh, world.now, newest=newest)
    return Intake(
        source.id,
        changed=bool(count.new or count.changed),
        unchanged=count.unchanged,
        rejected=count.rejected,
    )


def _files(inbox: Inbox, folder: str) -> Iterable[Offer]:
    for name in inbox.files(folder):
        item = FeedItem(key=name, url="", title="", summary="", content="")
        try:
            seen = inbox.read(folder, name)
        except SourceError as error:
            seen = str(
                error
            ).encode()  # one bad file stops no other: it is offered, and waits with its reason
        yield Offer(name, _digest(seen), item)


def _newest_first(items: Sequence[FeedItem]) -> Sequence[FeedItem]:
    """Return a feed's items by date, where all have one; most feeds list them so anyway."""
    dated = [(item.published, item) for item in items if item.published is not None]
    if len(dated) < len(items):
        return items
    return [item for _, item in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _page_offer(url: str, fingerprint: str) -> Offer:
    return Offer(url, fingerprint, FeedItem(key=url, url=url, title="", summary="", content=""))


def _item_offer(item: FeedItem) -> Offer:
    return Offer(item.key, _digest(repr(item).encode("utf-8", "surrogatepass")), item)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _take_in(
    world: World, source: Source, arrival: Arrival, documents: dict[str, FetchedDocument], intake: Intake
) -> Intake:
    """Make an article of an arrival; return the source's account with what became of it."""
    try:
        article = _read(world, source, arrival, documents)
    except (NoArticleError, ParseError) as error:
        return _rejected(world, arrival, str(error), intake)
    except SourceError as error:
        world.store.postpone(arrival, str(error), world.now + retry_delay(arrival.attempts))
        return replace(intake, waiting=(*intake.waiting, str(error)))
    refusal = _refusal(source, article)
    if refusal:
        return _rejected(world, arrival, f"{arrival.item.url or arrival.key}: {refusal}", intake)
    authority = f"{world.host},{world.now.date().isoformat()}"
    became = world.store.take_in(arrival, article, content_hash(article), authority, world.now)
    if became is Became.NEW:
        return replace(intake, new=intake.new + 1)
    if became is Became.UPDATED:
        return replace(intake, updated=intake.updated + 1)
    if became is Became.UNCHANGED:
        return replace(intake, unchanged=intake.unchanged + 1)
    if became is Became.DUPLICATE:
        return replace(intake, duplicate=intake.duplicate + 1)
    return replace(intake, rejected=intake.rejected + 1)


def _rejected(world: World, arrival: Arrival, reason: str, intake: Intake) -> Intake:
    world.store.reject(arrival, reason, world.now)
    return replace(intake, rejected=intake.rejected + 1, refusals=(*intake.refusals, reason))


def _refusal(source: Source, article: Article) -> str:
    """Return by which rule an article is passed over; "" if by none."""
    if source.publish is not Publish.TITLE and too_short(article):
        return tr("too short to be an article")
    if not is_in_language(article, source.language):
        return tr("not in the source's language ({language})", language=source.language)
    if source.match and not matches(article, source.match):
        return tr("the source's filter (match) does not want it")
    return ""


def _read(world: World, source: Source, arrival: Arrival, documents: dict[str, FetchedDocument]) -> Article:
    """Return the article behind an arrival. Raises SourceError."""
    readers: dict[SourceKind, Callable[[], Article]] = {
        SourceKind.INBOX: lambda: _read_file(world, source, arrival.key),
        SourceKind.PAGE: lambda: _read_linked(world, source, arrival.item.url, documents),
        SourceKind.FEED: lambda: _read_item(world, source, arrival),
    }
    return readers[source.kind]()


def _read_file(world: World, source: Source, name: str) -> Article:
    data = world.inbox.read(source.path, name)
    reader = read_html_file if name.lower().endswith((".html", ".htm")) else read_text
    return reader(data, name, source.language, world.now, world.timezone)


def _read_linked(world: World, source: Source, url: str, documents: dict[str, FetchedDocument]) -> Article:
    document = documents.pop(url, None) or world.fetcher.fetch(url, accept=FOR_PAGES)
    return read_page(document, source.rules, source.language, world.now, world.timezone)


def _read_item(world: World, source: Source, arrival: Arrival) -> Article:
    item = arrival.item
    base_url = item.url or source.url
    if not _wants_page(source, item):
        return article_from_item(item, source.language, base_url)
    try:
        page = _read_linked(world, source, item.url, {})
    except SourceError as error:
        if not _hopeless(error, arrival):
            raise
        if arrival.known:
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
    if isinstance(error, HttpStatusError) and error.status in GONE:
        return True
    too_often = arrival.attempts + 1 >= VISITS and not arrival.known
    return isinstance(error, NoArticleError | ParseError) or too_often
