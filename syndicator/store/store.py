"""The store as the steps see it: each call is one transaction."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from syndicator.model import Pair, Remembered, TranslationState
from syndicator.ports import (
    NO_TERMS,
    Announcement,
    ArchiveFile,
    Arrival,
    ArrivalState,
    Became,
    FeedFile,
    FeedToken,
    HostState,
    ImageFile,
    Listed,
    Offer,
    Outcome,
    PageFile,
    PageState,
    PageWork,
    PollCount,
    Published,
    ReadArticle,
    Refusal,
    Rest,
    Settled,
    Similar,
    SourceState,
    Work,
)
from syndicator.store import (
    accounts,
    archives,
    articles,
    erasing,
    feeds,
    glossaries,
    hosts,
    images,
    memory,
    memory_index,
    pages,
    presence,
    pushing,
    source_pages,
    sources,
    tokens,
    told,
    tracing,
)
from syndicator.store.database import Database
from syndicator.text.messages import tr
from syndicator.translation.glossary import Glossary
from syndicator.translation.tmx import MemoryUnit

log = structlog.get_logger(__name__)
# Every line about an article names it in the field `article`, so that one can be followed through all steps.

_CLOSED = {
    Became.NEW: ArrivalState.TAKEN,
    Became.UPDATED: ArrivalState.TAKEN,
    Became.UNCHANGED: ArrivalState.TAKEN,
    Became.LINKED: ArrivalState.TAKEN,
    Became.DUPLICATE: ArrivalState.REJECTED,
    Became.ERASED: ArrivalState.ERASED,
}


REMEMBERED = 8  # changes of a source, which make its rhythm
MARKED_AT_ONCE = 20_000  # segments: a second's work


class SqlStore:
    """Articles, feeds and sources (the port :class:`~syndicator.ports.Store`)."""

    def __init__(self, database: Database, realm: int = 0) -> None:
        self.database = database
        self.realm = realm  # whose published tree is meant; 0: the public one

    def source_state(self, source_id: str) -> SourceState:
        """See the port."""
        with self.database.reading() as connection:
            return sources.state(connection, source_id)

    def record_poll(
        self,
        source_id: str,
        offers: Sequence[Offer],
        state: SourceState,
        now: datetime,
        *,
        newest: int | None = None,
    ) -> PollCount:
        """See the port: offers and state are stored together, so that no offer is lost to a kill between."""
        with self.database.writing() as connection:
            count = sources.record_offers(connection, source_id, offers, now, newest)
            if count.new or count.changed:
                state = replace(state, changes=(*state.changes, now)[-REMEMBERED:])
            sources.record_success(connection, source_id, state, now)
            return count

    def source_states(self, source_ids: Collection[str]) -> Mapping[str, SourceState]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.states(connection, source_ids)

    def record_quiet_polls(self, polled: Mapping[str, SourceState], now: datetime) -> None:
        """See the port."""
        if polled:
            with self.database.writing() as connection:
                sources.record_quiet(connection, polled, now)

    def sources_with_work(self, now: datetime, *, ignore_backoff: bool) -> Collection[str]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.with_work(connection, now, ignore_backoff=ignore_backoff)

    def known_keys(self, source_id: str, keys: Collection[str]) -> Collection[str]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.known_keys(connection, source_id, list(keys))

    def record_poll_failure(
        self, source_id: str, error: str, now: datetime, retry_at: datetime | None = None
    ) -> None:
        """See the port."""
        with self.database.writing() as connection:
            sources.record_failure(connection, source_id, error, now, retry_at)

    def pages_due(self, source_id: str, now: datetime, limit: int) -> Sequence[tuple[Arrival, PageState]]:
        """See the port."""
        with self.database.reading() as connection:
            return source_pages.due(connection, source_id, now, limit)

    def record_page(self, arrival: Arrival, page: PageState) -> None:
        """See the port."""
        with self.database.writing() as connection:
            source_pages.record(connection, arrival, page)

    def waiting(self, source_id: str, now: datetime, *, ignore_backoff: bool) -> Sequence[Arrival]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.waiting(connection, source_id, now, ignore_backoff=ignore_backoff)

    def settled(self, source_id: str) -> Mapping[str, Settled]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.settled(connection, source_id)

    def set_next_due(self, due: Mapping[str, tuple[str, datetime]]) -> None:
        """Remember when sources are to be polled next: by id, the schedule in words and the moment."""
        with self.database.writing() as connection:
            for source_id, (schedule, at) in due.items():
                sources.set_next_due(connection, source_id, schedule, at)

    def take_in(self, read: Sequence[ReadArticle], authority: str, now: datetime) -> Sequence[Became]:
        """See the port."""
        if not read:
            return []
        became = []
        with self.database.writing() as connection:
            for one in read:
                outcome = articles.store(
                    connection, one.arrival, one.article, one.content_hash, authority, now
                )
                reason = tr("the same article is there already") if outcome is Became.DUPLICATE else ""
                sources.close(connection, one.arrival, _CLOSED[outcome], reason)
                became.append((outcome, tracing.public_id_of(connection, one.arrival.id)))
        for one, (outcome, public_id) in zip(read, became, strict=True):
            tell = log.debug if outcome is Became.UNCHANGED else log.info
            tell("article taken in", article=public_id, source=one.arrival.source_id, became=outcome.value)
        return [outcome for outcome, _ in became]

    def reject(self, arrival: Arrival, reason: str, now: datetime, *, filtered: bool = False) -> None:  # noqa: ARG002
        """See the port."""
        with self.database.writing() as connection:
            sources.close(connection, arrival, ArrivalState.REJECTED, reason, filtered=filtered)

    def reconsider(self, source_id: str, wanted: str) -> None:
        """See the port."""
        with self.database.reading() as connection:
            if sources.is_wanted(connection, source_id, wanted):
                return  # as in nearly every cycle, which then takes no lock
        with self.database.writing() as connection:
            sources.reconsider(connection, source_id, wanted)

    def article_of(self, source_id: str, key: str) -> int | None:
        """See the port."""
        with self.database.reading() as connection:
            return articles.by_key(connection, source_id, key)

    def record_gone(self, article_id: int, now: datetime) -> bool:
        """See the port."""
        with self.database.writing() as connection:
            return presence.record_gone(connection, article_id, now)

    def record_present(self, article_id: int, now: datetime) -> None:
        """See the port."""
        with self.database.reading() as connection:
            if presence.is_present(connection, article_id):
                return
        with self.database.writing() as connection:
            presence.record_present(connection, article_id, now)

    def withdraw_gone(self, article_id: int, now: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            presence.withdraw(connection, article_id, now, presence.GONE)
            found = list(tracing.public_ids(connection, [article_id]))
        for public_id in found:
            log.info("article withdrawn", article=public_id, by=presence.GONE)

    def relatives(self, feed_id: str, language: str, families: Collection[str]) -> Sequence[Published]:
        """See the port."""
        if not families:
            return []
        with self.database.reading() as connection:
            return list(feeds.relatives(connection, feed_id, language, families))

    def renewals(self, lapsed: Mapping[str, bool], now: datetime) -> Mapping[str, datetime]:
        """See the port."""
        with self.database.reading() as connection:
            known = presence.permissions(connection)
        changed = {one: has for one, has in lapsed.items() if has != known.get(one, (False, None))[0]}
        if changed:
            with self.database.writing() as connection:
                for source_id, has in changed.items():
                    presence.note_permission(connection, source_id, lapsed=has, now=now)
                known = presence.permissions(connection)
        return {one: moment for one, (_, moment) in known.items() if moment is not None and one in lapsed}

    def postpone(self, arrival: Arrival, reason: str, retry_at: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            sources.postpone(connection, arrival, reason, retry_at)

    def open_language(self, source_id: str, language: str, backfill: int | None) -> None:
        """See the port."""
        with self.database.reading() as connection:
            if articles.is_open(connection, source_id, language):
                return  # as in nearly every cycle, which then takes no lock
        with self.database.writing() as connection:
            articles.open_language(connection, source_id, language, backfill)

    def work(
        self,
        language: str,
        source_ids: Iterable[str],
        now: datetime,
        fingerprint: str,
        *,
        ignore_backoff: bool,
    ) -> Sequence[Work]:
        """See the port."""
        with self.database.reading() as connection:
            return list(
                articles.work(
                    connection, language, list(source_ids), now, fingerprint, ignore_backoff=ignore_backoff
                )
            )

    def adopt_glossary(self, language: str, glossary: Glossary, now: datetime) -> int:
        """See the port."""
        with self.database.reading() as connection:
            before = glossaries.in_force(connection, language)
        if before is not None and before.fingerprint == glossary.fingerprint:
            return 0  # as in nearly every cycle, which then takes no lock
        with self.database.writing() as connection:
            return glossaries.adopt(connection, language, glossary, now)

    def rerenderings(self, language: str, source_ids: Iterable[str]) -> Sequence[Work]:
        """See the port."""
        with self.database.reading() as connection:
            return list(glossaries.due(connection, language, list(source_ids)))

    def settle(
        self, settled: Sequence[tuple[Work, Outcome, datetime | None]], fingerprint: str, now: datetime
    ) -> None:
        """See the port."""
        if not settled:
            return
        with self.database.writing() as connection:
            there = [
                articles.settle(connection, work, outcome, fingerprint, retry_at, now)
                for work, outcome, retry_at in settled
            ]
        for (work, outcome, _), is_there in zip(settled, there, strict=True):
            if is_there:
                self._tell_settled(work, outcome)
            else:
                # Its sentences were remembered after they were erased.
                erasing.forget_article(self.database, work.stored.article)

    @staticmethod
    def _tell_settled(work: Work, outcome: Outcome) -> None:
        needs_person = outcome.state in (TranslationState.HELD, TranslationState.FAILED)
        tell = log.warning if needs_person else log.info
        told = {"reason": outcome.reason} if outcome.reason else {}
        tell(
            "article translated" if outcome.state is TranslationState.DONE else "article not translated",
            article=work.stored.public_id,
            language=work.language,
            state=outcome.state.value,
            **told,
        )

    def candidates(
        self,
        feed_id: str,
        language: str,
        source_ids: Collection[str],
        among: Collection[int] | None = None,
    ) -> Sequence[Published]:
        """See the port."""
        with self.database.reading() as connection:
            return list(feeds.candidates(connection, feed_id, language, source_ids, among))

    def enter(self, feed_id: str, language: str, article_ids: Sequence[int], now: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            feeds.enter(connection, feed_id, language, article_ids, now)
            entered = list(tracing.public_ids(connection, article_ids))
        for public_id in entered:
            log.info("article published", article=public_id, feed=feed_id, language=language)

    def entries(
        self, feed_id: str, language: str, source_ids: Collection[str], limit: int, since: datetime
    ) -> Sequence[Published]:
        """See the port."""
        with self.database.reading() as connection:
            return list(feeds.entries(connection, feed_id, language, source_ids, limit, since))

    def languages_of(self, article_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """See the port."""
        with self.database.reading() as connection:
            return feeds.languages_of(connection, article_ids)

    def feed_file(self, feed_id: str, language: str) -> FeedFile | None:
        """See the port."""
        with self.database.reading() as connection:
            return feeds.feed_file(connection, self.realm, feed_id, language)

    def record_feed_file(self, written: FeedFile, announcements: Sequence[Announcement] = ()) -> None:
        """See the port."""
        with self.database.writing() as connection:
            feeds.record_feed_file(connection, self.realm, written)
            for announcement in announcements:
                pushing.announce(connection, announcement)

    def feed_files(self) -> Sequence[FeedFile]:
        """See the port."""
        with self.database.reading() as connection:
            return list(feeds.feed_files_of(connection, self.realm))

    def drop_feed_file(self, feed_id: str, language: str) -> None:
        """See the port."""
        with self.database.writing() as connection:
            feeds.drop_feed_file(connection, self.realm, feed_id, language)
            archives.drop(connection, self.realm, feed_id, language)

    def entries_between(
        self, feed_id: str, language: str, source_ids: Collection[str], places: tuple[int, int]
    ) -> Sequence[Published]:
        """See the port."""
        with self.database.reading() as connection:
            return list(feeds.between(connection, feed_id, language, source_ids, places))

    def places_after(
        self, feed_id: str, language: str, source_ids: Collection[str], after: int
    ) -> Mapping[int, datetime]:
        """See the port."""
        with self.database.reading() as connection:
            return feeds.places_after(connection, feed_id, language, source_ids, after)

    def archives(self, feed_id: str, language: str) -> Sequence[ArchiveFile]:
        """See the port."""
        with self.database.reading() as connection:
            return list(archives.archives(connection, self.realm, feed_id, language))

    def archive_stamps(self, feed_id: str, language: str) -> Mapping[int, str]:
        """See the port."""
        with self.database.reading() as connection:
            return archives.stamps(connection, self.realm, feed_id, language)

    def record_archive(self, written: ArchiveFile) -> None:
        """See the port."""
        with self.database.writing() as connection:
            archives.record(connection, self.realm, written)

    def drop_archives(self, feed_id: str, language: str) -> None:
        """See the port."""
        with self.database.writing() as connection:
            archives.drop(connection, self.realm, feed_id, language)

    def feed_tokens(self) -> Sequence[FeedToken]:
        """See the port."""
        with self.database.reading() as connection:
            return list(tokens.tokens(connection))

    def within(self, realm: int) -> "SqlStore":
        """See the port."""
        return SqlStore(self.database, realm)

    def leave_realms(self, kept: Collection[int]) -> None:
        """See the port."""
        with self.database.reading() as connection:
            left = tokens.realms(connection) - set(kept)
        for realm in left:
            with self.database.writing() as connection:
                tokens.leave(connection, realm)

    def note_images(self) -> None:
        """See the port."""
        with self.database.writing() as connection:
            images.note(connection)

    def images_to_fetch(
        self, source_ids: Collection[str], feed_ids: Collection[str], now: datetime, limit: int
    ) -> Sequence[ImageFile]:
        """See the port."""
        with self.database.reading() as connection:
            return list(images.to_fetch(connection, source_ids, feed_ids, now, limit))

    def drop_images(self, source_ids: Collection[str], feed_ids: Collection[str]) -> None:
        """See the port."""
        with self.database.writing() as connection:
            images.drop(connection, source_ids, feed_ids)

    def record_image(self, image: ImageFile) -> None:
        """See the port."""
        with self.database.writing() as connection:
            images.record(connection, image)

    def image_files(self, source_ids: Collection[str], feed_ids: Collection[str]) -> Mapping[str, str]:
        """See the port."""
        with self.database.reading() as connection:
            return images.files(connection, source_ids, feed_ids)

    def images(self, urls: Collection[str]) -> Mapping[str, ImageFile]:
        """See the port."""
        if not urls:
            return {}
        with self.database.reading() as connection:
            return images.by_url(connection, urls)

    def due_announcements(self, hubs: Collection[str], now: datetime) -> Sequence[Announcement]:
        """See the port."""
        if not hubs:
            return ()
        with self.database.reading() as connection:
            return list(pushing.due(connection, hubs, now))

    def announced(self, announcement: Announcement) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pushing.told(connection, announcement)

    def postpone_announcement(self, announcement: Announcement, error: str, retry_at: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pushing.postpone(connection, announcement, error, retry_at)

    def stale_pages(
        self,
        language: str,
        feed_ids: Collection[str],
        frames: Mapping[str, str],
        after: int,
        limit: int,
        among: Collection[int] | None = None,
    ) -> Sequence[PageWork]:
        """See the port."""
        with self.database.reading() as connection:
            return list(pages.stale(connection, self.realm, language, feed_ids, frames, after, limit, among))

    def record_pages(self, written: Sequence[PageFile]) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pages.record(connection, self.realm, written)

    def orphaned_pages(self) -> Sequence[PageFile]:
        """See the port."""
        with self.database.reading() as connection:
            return list(pages.orphaned(connection, self.realm))

    def misplaced_pages(
        self, feed_ids: Collection[str], elsewhere: Collection[str] | None
    ) -> Sequence[PageFile]:
        """See the port."""
        with self.database.reading() as connection:
            return list(pages.misplaced(connection, self.realm, feed_ids, elsewhere))

    def drop_page(self, page: PageFile) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pages.drop(connection, self.realm, page)

    def forget_pages(self) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pages.forget(connection, self.realm)
            archives.forget(connection, self.realm)

    def months(self, language: str) -> Sequence[str]:
        """See the port."""
        with self.database.reading() as connection:
            return pages.months(connection, self.realm, language)

    def stale_months(self, language: str, frame: str) -> Sequence[str]:
        """See the port."""
        with self.database.reading() as connection:
            return pages.stale_months(connection, self.realm, language, frame)

    def spoiled_months(self, language: str) -> Sequence[str]:
        """See the port."""
        with self.database.reading() as connection:
            return pages.spoiled_months(connection, self.realm, language)

    def has_listed(self, language: str, month: str) -> bool:
        """See the port."""
        with self.database.reading() as connection:
            return pages.has_listed(connection, self.realm, language, month)

    def listed(self, language: str, month: str) -> Sequence[Listed]:
        """See the port."""
        with self.database.reading() as connection:
            return list(pages.listed(connection, self.realm, language, month))

    def newest_pages(self, language: str, limit: int) -> Sequence[Listed]:
        """See the port."""
        with self.database.reading() as connection:
            return list(pages.listed(connection, self.realm, language, limit=limit))

    def record_month(self, language: str, month: str, frame: str) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pages.record_month(connection, self.realm, language, month, frame)

    def drop_month(self, language: str, month: str) -> None:
        """See the port."""
        with self.database.writing() as connection:
            pages.drop_month(connection, self.realm, language, month)


class SqlMemory:
    """The translation memory (the port :class:`~syndicator.ports.Memory`).

    ``fingerprint`` names the present engines and glossary: refusals under another one do not count.
    """

    def __init__(self, database: Database, fingerprint: str, now: datetime) -> None:
        self.database = database
        self.fingerprint = fingerprint
        self.now = now

    def lookup(
        self, pair: Pair, segments: Collection[str], terms: Mapping[str, str] = NO_TERMS
    ) -> Mapping[str, Remembered]:
        """See the port: of two engines' answers, the one given in the knowledge of the terms."""
        with self.database.reading() as connection:
            found = memory.lookup(connection, pair, segments)
            open_to_terms = {
                segment: key
                for segment, key in terms.items()
                if segment not in found or not found[segment].reviewed
            }
            return {**found, **told.lookup(connection, pair, open_to_terms)}

    def remember(
        self,
        pair: Pair,
        answers: Mapping[str, Remembered],
        *,
        helpers: Collection[str] = (),
        terms: Mapping[str, str] = NO_TERMS,
    ) -> None:
        """See the port."""
        with_terms = {segment: answer for segment, answer in answers.items() if terms.get(segment)}
        plain = {segment: answer for segment, answer in answers.items() if segment not in with_terms}
        with self.database.writing() as connection:
            memory.remember(connection, pair, plain, helpers, self.now)
            told.remember(connection, pair, with_terms, helpers, terms, self.now)

    def but_for_numerals(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Sequence[Similar]]:
        """See the port."""
        with self.database.reading() as connection:
            return memory_index.but_for_numerals(connection, pair, segments)

    def similar(
        self, pair: Pair, segments: Collection[str], limit: int = 3
    ) -> Mapping[str, Sequence[Similar]]:
        """See the port."""
        if not segments:
            return {}
        self._mark_fresh()
        with self.database.reading() as connection:
            return memory_index.similar(connection, pair, segments, limit)

    def _mark_fresh(self) -> None:
        """Index what was remembered since the last time, in pieces: others write, too."""
        with self.database.reading() as connection:
            waiting = memory_index.unmarked(connection)
        marked = 0
        while marked < waiting:
            with self.database.writing() as connection:
                fresh = memory_index.mark_fresh(connection, MARKED_AT_ONCE)
            marked += fresh
            if waiting > MARKED_AT_ONCE:
                log.info("translation memory indexed", segments=marked, of=waiting)
            if not fresh:
                return

    def knows_file(self, data: bytes) -> bool:
        """Return whether a memory file with this content was imported before."""
        return self.knows_digest(hashlib.sha256(data).hexdigest())

    def knows_digest(self, digest: str) -> bool:
        """Return whether a memory file with this SHA-256 was imported before."""
        with self.database.reading() as connection:
            return memory.knows_file(connection, digest)

    def import_units(self, units: Iterable[MemoryUnit], data: bytes) -> None:
        """Store the reviewed units of a file with this content, all or none."""
        self.import_stream(units, hashlib.sha256(data).hexdigest())

    def import_stream(self, units: Iterable[MemoryUnit], digest: str) -> int:
        """Store the reviewed units of a file with this SHA-256 as they come; all, or none where one raises.

        Returns how many there are.
        """
        with self.database.writing() as connection:
            count = memory.import_reviewed(connection, units, self.now)
            memory.record_file(connection, digest, count, self.now)
            return count

    def refuse(self, pair: Pair, refusals: Sequence[Refusal]) -> None:
        """See the port."""
        with self.database.writing() as connection:
            memory.refuse(connection, pair, refusals, self.fingerprint, self.now)

    def refused(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Sequence[Refusal]]:
        """See the port."""
        with self.database.reading() as connection:
            return memory.refused(connection, pair, segments, self.fingerprint)


class SqlLedger:
    """The engines' accounts (the port :class:`~syndicator.ports.Ledger`)."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    def spent(self, engine: str, since: datetime) -> int:
        """See the port."""
        with self.database.reading() as connection:
            return accounts.spent(connection, engine, since)

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
        """See the port."""
        with self.database.writing() as connection:
            accounts.record(
                connection,
                engine,
                self.now,
                requests=requests,
                characters=characters,
                errors=errors,
                seconds=seconds,
                error=error,
            )

    def rest(self, engine: str) -> Rest | None:
        """See the port."""
        with self.database.reading() as connection:
            return accounts.rest(connection, engine)

    def begin_rest(self, engine: str, rest: Rest) -> None:
        """See the port."""
        with self.database.writing() as connection:
            accounts.begin_rest(connection, engine, rest)

    def end_rest(self, engine: str) -> None:
        """See the port."""
        with self.database.writing() as connection:
            accounts.end_rest(connection, engine)


class SqlHosts:
    """What hosts say in robots.txt and tdmrep.json (the port :class:`~syndicator.ports.Hosts`)."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def states(self) -> Mapping[str, HostState]:
        """See the port."""
        with self.database.reading() as connection:
            return hosts.all_states(connection)

    def record(self, origin: str, state: HostState) -> None:
        """See the port."""
        with self.database.writing() as connection:
            hosts.record(connection, origin, state)
