"""The store as the steps see it: each call is one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from syndicator.model import Article, Pair, Remembered
from syndicator.ports import (
    Announcement,
    Arrival,
    ArrivalState,
    Became,
    FeedFile,
    Offer,
    Outcome,
    PollCount,
    Published,
    Refusal,
    SourceState,
    Work,
)
from syndicator.store import accounts, articles, feeds, memory, pushing, sources
from syndicator.store.database import Database
from syndicator.text.messages import tr
from syndicator.translation.tmx import MemoryUnit

_CLOSED = {
    Became.NEW: ArrivalState.TAKEN,
    Became.UPDATED: ArrivalState.TAKEN,
    Became.UNCHANGED: ArrivalState.TAKEN,
    Became.DUPLICATE: ArrivalState.REJECTED,
    Became.ERASED: ArrivalState.ERASED,
}


class SqlStore:
    """Articles, feeds and sources (the port :class:`~syndicator.ports.Store`)."""

    def __init__(self, database: Database) -> None:
        self.database = database

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
            sources.record_success(connection, source_id, state, now)
            return count

    def record_poll_failure(self, source_id: str, error: str, now: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            sources.record_failure(connection, source_id, error, now)

    def waiting(self, source_id: str, now: datetime, *, ignore_backoff: bool) -> Sequence[Arrival]:
        """See the port."""
        with self.database.reading() as connection:
            return sources.waiting(connection, source_id, now, ignore_backoff=ignore_backoff)

    def take_in(
        self, arrival: Arrival, article: Article, content_hash: str, authority: str, now: datetime
    ) -> Became:
        """See the port."""
        with self.database.writing() as connection:
            outcome = articles.store(connection, arrival, article, content_hash, authority, now)
            reason = tr("the same article is there already") if outcome is Became.DUPLICATE else ""
            sources.close(connection, arrival, _CLOSED[outcome], reason)
            return outcome

    def reject(self, arrival: Arrival, reason: str, now: datetime) -> None:  # noqa: ARG002
        """See the port."""
        with self.database.writing() as connection:
            sources.close(connection, arrival, ArrivalState.REJECTED, reason)

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

    def settle(
        self, work: Work, outcome: Outcome, fingerprint: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """See the port."""
        with self.database.writing() as connection:
            articles.settle(connection, work, outcome, fingerprint, retry_at, now)

    def candidates(self, feed_id: str, language: str, source_ids: Collection[str]) -> Sequence[Published]:
        """See the port."""
        with self.database.reading() as connection:
            return list(feeds.candidates(connection, feed_id, language, source_ids))

    def enter(self, feed_id: str, language: str, article_ids: Sequence[int], now: datetime) -> None:
        """See the port."""
        with self.database.writing() as connection:
            feeds.enter(connection, feed_id, language, article_ids, now)

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
            return feeds.feed_file(connection, feed_id, language)

    def record_feed_file(self, written: FeedFile, announcements: Sequence[Announcement] = ()) -> None:
        """See the port."""
        with self.database.writing() as connection:
            feeds.record_feed_file(connection, written)
            for announcement in announcements:
                pushing.announce(connection, announcement)

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


class SqlMemory:
    """The translation memory (the port :class:`~syndicator.ports.Memory`).

    ``fingerprint`` names the present engines and glossary: refusals under another one do not count.
    """

    def __init__(self, database: Database, fingerprint: str, now: datetime) -> None:
        self.database = database
        self.fingerprint = fingerprint
        self.now = now

    def lookup(self, pair: Pair, segments: Collection[str]) -> Mapping[str, Remembered]:
        """See the port."""
        with self.database.reading() as connection:
            return memory.lookup(connection, pair, segments)

    def remember(
        self, pair: Pair, answers: Mapping[str, Remembered], *, helpers: Collection[str] = ()
    ) -> None:
        """See the port."""
        with self.database.writing() as connection:
            memory.remember(connection, pair, answers, helpers, self.now)

    def knows_file(self, data: bytes) -> bool:
        """Return whether a memory file with this content was imported before."""
        with self.database.reading() as connection:
            return memory.knows_file(connection, data)

    def import_units(self, units: Sequence[MemoryUnit], data: bytes) -> None:
        """Store the reviewed units of a file with this content, all or none."""
        with self.database.writing() as connection:
            for unit in units:
                pair = Pair(unit.source_language, unit.target_language)
                answer = Remembered(unit.target, "reviewed")
                memory.remember(connection, pair, {unit.source: answer}, (), self.now)
            memory.record_file(connection, data, len(units), self.now)

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
