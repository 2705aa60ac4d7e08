"""Sources → stored articles, in two steps: what a source offers is stored first, then taken in one by one.

A kill between the two loses nothing: the store knows what is still waiting.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from syndicator.errors import (
    HttpStatusError,
    NoArticleError,
    ParseError,
    ReservedError,
    RobotsRefusedError,
    SourceError,
)
from syndicator.extract.filters import refusal
from syndicator.extract.identity import content_hash, language_among, too_short
from syndicator.model import Article, FeedItem, FetchedDocument, Publish, Source, SourceKind
from syndicator.ports import (
    FOR_FEEDS,
    FOR_PAGES,
    UNCONDITIONAL,
    Arrival,
    Became,
    Inbox,
    Offer,
    PageState,
    ReadArticle,
    SourceState,
)
from syndicator.steps.presence import is_gone, see_gone
from syndicator.steps.revisiting import page_state, revisit
from syndicator.steps.translating import retry_delay
from syndicator.steps.world import World
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.steps.lists import Found

# What only some kinds of sources need is imported where it is used. So is what reads articles: it takes
# about as long to load as an engine, which can do so meanwhile (``World.coming``).

# Files of an inbox that are stored together: for each alone, half of the work was its transaction.
# The first ones are fewer, so that the engine gets something to do soon.
FIRST_FILES, FILES_AT_ONCE = 4, 10


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
    quiet: SourceState | None = None  # of a poll that found nothing new: to be stored together with others


def take_in_source(world: World, source: Source) -> Intake:
    """Poll a source, then take in everything of it that waits. Never raises SourceError: it is reported."""
    return next(iter(take_in_sources(world, (source,), map)))


def take_in_sources(
    world: World,
    sources: Sequence[Source],
    concurrently: Callable[[Callable[[Source], Intake], Iterable[Source]], Iterable[Intake]],
    polled: Collection[str] | None = None,
) -> Iterator[Intake]:
    """Poll sources and take in what waits; yield what came of each, in their order.

    ``polled`` names the sources to poll (None: all); of the others only what waits already is taken in.

    What is remembered of all is read at once, and polls that found nothing new are stored at once: of a
    thousand sources, nearly all have nothing new, and a transaction for each would cost more than asking.
    A kill in between loses of such polls only that they were made.
    """
    states = world.store.source_states([source.id for source in sources])
    busy = world.store.sources_with_work(world.now, ignore_backoff=world.ignore_backoff)
    quiet: dict[str, SourceState] = {}

    def one(source: Source) -> Intake:
        state = states.get(source.id, SourceState())
        if polled is not None and source.id not in polled:
            return _take_in_all(world, source, {}, Intake(source.id))
        return _poll_and_take_in(world, source, state, has_work=source.id in busy)

    asked = [each for each in sources if polled is None or each.id in polled or each.id in busy]
    try:
        for intake in concurrently(one, asked):
            if intake.quiet is not None:
                quiet[intake.source_id] = intake.quiet
            yield intake
    finally:
        world.store.record_quiet_polls(quiet, world.now)


def _poll_and_take_in(world: World, source: Source, state: SourceState, *, has_work: bool) -> Intake:
    documents: dict[str, FetchedDocument] = {}
    if state.wanted != (wanted := _wanted(source)):
        world.store.reconsider(source.id, wanted)
        has_work = True
    try:
        intake = _poll(world, source, state, documents)
    except SourceError as error:
        if source.kind is SourceKind.PAGE and is_gone(error):
            see_gone(world.store, source, world.store.article_of(source.id, source.url), world.now)
        intake = _failed(world, Intake(source.id), error)
    if has_work or intake.changed:
        return _take_in_all(world, source, documents, intake)
    # Nothing new, but a run that was killed may have left files that it had dealt with.
    return _put_away(world, source, intake)


def _failed(world: World, intake: Intake, error: SourceError) -> Intake:
    pause = error.retry_after if isinstance(error, HttpStatusError) else None
    retry_at = world.now + timedelta(seconds=pause) if pause else None
    world.store.record_poll_failure(intake.source_id, str(error), world.now, retry_at)
    return replace(intake, error=str(error), quiet=None)


def _take_in_all(
    world: World, source: Source, documents: dict[str, FetchedDocument], intake: Intake
) -> Intake:
    waiting = world.store.waiting(source.id, world.now, ignore_backoff=world.ignore_backoff)
    for together in _groups(source, waiting):
        try:
            intake = _take_in(world, source, together, documents, intake)
        except ReservedError as error:
            # What is reserved on one page is so on all: they wait, unasked, for a permission.
            return intake if intake.error else _failed(world, intake, error)

    def take(arrival: Arrival, document: FetchedDocument) -> Article | None:
        nonlocal intake
        article, intake = _take_in_again(world, source, arrival, document, intake)
        return article

    revisit(world.fetcher, world.store, source, world.now, take)
    return _put_away(world, source, intake)


def _groups(source: Source, waiting: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    """Yield what is stored together."""
    sizes = chain((FIRST_FILES,), repeat(FILES_AT_ONCE)) if source.kind is SourceKind.INBOX else repeat(1)
    rest = iter(waiting)
    while group := tuple(islice(rest, next(sizes))):
        yield group


def _put_away(world: World, source: Source, intake: Intake) -> Intake:
    """Let an inbox that keeps nothing move away the files that were dealt with.

    Those of a run that was killed before it came to that, too.
    """
    if source.kind is not SourceKind.INBOX or source.keep:
        return intake
    settled = world.store.settled(source.id)
    try:
        # Not only those that are listed: a kill may have left one under a hidden name.
        done = {name: (one.fingerprint, one.refusal) for name, one in settled.items()}
        world.inbox.put_away(source.path, done)
    except SourceError as error:
        return replace(intake, error=intake.error or str(error))
    return intake


def _poll(world: World, source: Source, state: SourceState, documents: dict[str, FetchedDocument]) -> Intake:
    """Ask the source what it has, and store that together with what to ask next time."""
    newest = None if state.polled_before or source.kind is SourceKind.PAGE else source.backfill
    if source.kind is SourceKind.INBOX:
        offers = list(_files(world.inbox, source.path))
        fresh = SourceState(body_hash=_digest(repr([(one.key, one.fingerprint) for one in offers]).encode()))
    else:
        accept = FOR_PAGES if source.kind in (SourceKind.PAGE, SourceKind.LISTING) else FOR_FEEDS
        document = world.fetcher.fetch(
            source.url, state.validators, accept, permitted=source.permitted(world.now)
        )
        moved_polls = state.moved_polls + 1 if document.moved_to == state.moved_to else 1
        kept = replace(state, moved_to=document.moved_to, moved_polls=moved_polls if document.moved_to else 0)
        unchanged = document.status == 304 or _digest(document.body) == state.body_hash
        if unchanged:
            if document.status == 200:
                kept = replace(kept, validators=document.validators)
            return Intake(source.id, quiet=kept)
        fresh = replace(kept, validators=document.validators, body_hash=_digest(document.body))
        if source.kind is SourceKind.PAGE:
            documents[source.url] = document
            offers = [_page_offer(source.url, fresh.body_hash)]
        elif source.kind is SourceKind.FEED:
            offers = _fed(document, world.timezone)
        else:
            found = _listed(world, source, document)
            offers = list(found.offers)
            if not found.whole:
                fresh = replace(fresh, validators=UNCONDITIONAL, body_hash="")
            if not state.polled_before and found.newest is not None:
                newest = found.newest
    count = world.store.record_poll(source.id, offers, fresh, world.now, newest=newest)
    if count.new and not source.match:  # of what a filter lets through, nobody knows yet whether it will come
        world.coming()
    return Intake(
        source.id,
        changed=bool(count.new or count.changed),
        unchanged=count.unchanged,
        rejected=count.rejected,
    )


def _fed(document: FetchedDocument, timezone: ZoneInfo) -> list[Offer]:
    from syndicator.extract.feeds import read_feed

    return [_item_offer(item) for item in _newest_first(read_feed(document, timezone).items)]


def _listed(world: World, source: Source, document: FetchedDocument) -> "Found":
    from syndicator.steps.lists import listing_offers, sitemap_offers

    if source.kind is SourceKind.LISTING:
        return listing_offers(world.fetcher, world.store, source, document, world.now)
    return sitemap_offers(world.fetcher, source, document, world.timezone, world.now)


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


def _wanted(source: Source) -> str:
    """Return a fingerprint of everything that lets a source's arrivals be passed over."""
    said = (source.match, source.max_age, source.min_length, source.language, sorted(source.accept))
    return _digest(repr(said).encode())


def _take_in(
    world: World,
    source: Source,
    arrivals: Sequence[Arrival],
    documents: dict[str, FetchedDocument],
    intake: Intake,
) -> Intake:
    """Make articles of arrivals and store them together; return the source's account with their outcome."""
    from syndicator.steps.reading import read

    wanted: list[ReadArticle] = []
    pages: list[tuple[Arrival, PageState]] = []
    try:
        for arrival in arrivals:
            try:
                article = read(world, source, arrival, documents)
            except ReservedError:
                raise  # not this article's affair, but its source's
            except (NoArticleError, ParseError, RobotsRefusedError) as error:
                intake = _rejected(world, arrival, str(error), intake)
                continue
            except SourceError as error:
                world.store.postpone(arrival, str(error), world.now + _pause(error, arrival.attempts))
                intake = replace(intake, waiting=(*intake.waiting, str(error)))
                continue
            if source.publish is not Publish.TITLE and too_short(article):
                reason = f"{_named(arrival)}: {tr('too short to be an article')}"
                intake = _rejected(world, arrival, reason, intake)
            else:
                article, refused = _judged(world, source, arrival, article)
                if refused:
                    intake = _rejected(world, arrival, f"{_named(arrival)}: {refused}", intake, filtered=True)
                else:
                    wanted.append(ReadArticle(arrival, article, content_hash(article)))
            page = documents.get(arrival.item.url)
            if page is not None and source.kind is not SourceKind.PAGE:
                published = article.published or arrival.first_seen
                pages.append((arrival, page_state(page, published, world.now)))
    except Exception:
        _store(world, wanted, intake)  # a bug stops the run, but nothing that came before it
        raise
    intake = _store(world, wanted, intake)
    for arrival, state in pages:
        world.store.record_page(arrival, state)
    return intake


def _pause(error: SourceError, attempts: int) -> timedelta:
    """Return how long to wait after a failure: as its server asks, or longer each time."""
    asked = error.retry_after if isinstance(error, HttpStatusError) else None
    return max(retry_delay(attempts), timedelta(seconds=asked or 0))


def _take_in_again(
    world: World, source: Source, arrival: Arrival, document: FetchedDocument, intake: Intake
) -> tuple[Article | None, Intake]:
    """Take in an article's page that changed; return it, or None where it is no article any more."""
    from syndicator.steps.reading import read_again

    try:
        article = read_again(world, source, arrival, document)
    except (NoArticleError, ParseError):
        return None, intake
    article, refused = _judged(world, source, arrival, article)
    if refused:
        return None, intake
    return article, _store(world, [ReadArticle(arrival, article, content_hash(article))], intake)


def _named(arrival: Arrival) -> str:
    return arrival.item.url or arrival.key


def _judged(world: World, source: Source, arrival: Arrival, article: Article) -> tuple[Article, str]:
    """Return the article under the language it is in, and why its source does not want it; "" if it does."""
    language = language_among(article, (source.language, *source.accept))
    if not language:
        return article, _foreign(source)
    article = replace(article, language=language)
    return article, _refusal(source, arrival, article, world.now)


def _store(world: World, read: Sequence[ReadArticle], intake: Intake) -> Intake:
    authority = f"{world.host},{world.now.date().isoformat()}"
    became = Counter(world.store.take_in(read, authority, world.now))
    for _ in range(became[Became.NEW] + became[Became.UPDATED]):
        world.taken_in()
    return replace(
        intake,
        new=intake.new + became[Became.NEW],
        updated=intake.updated + became[Became.UPDATED],
        unchanged=intake.unchanged + became[Became.UNCHANGED],
        duplicate=intake.duplicate + became[Became.DUPLICATE] + became[Became.LINKED],
        rejected=intake.rejected + became[Became.ERASED],
    )


def _rejected(
    world: World, arrival: Arrival, reason: str, intake: Intake, *, filtered: bool = False
) -> Intake:
    world.store.reject(arrival, reason, world.now, filtered=filtered)
    return replace(intake, rejected=intake.rejected + 1, refusals=(*intake.refusals, reason))


def _refusal(source: Source, arrival: Arrival, article: Article, now: datetime) -> str:
    """Return by which filter of its source an article is passed over; "" if by none."""
    return refusal(
        article,
        article.published or arrival.first_seen,
        now,
        match=source.match,
        # News of an article that was taken in when it was young is an edit, and is taken at any age.
        max_age=None if arrival.known else source.max_age,
        min_length=source.min_length,
    )


def _foreign(source: Source) -> str:
    if source.accept:
        languages = ", ".join((source.language, *source.accept))
        return tr("in none of the source's languages ({languages})", languages=languages)
    return tr("not in the source's language ({language})", language=source.language)
