"""All figures that metrics, the status page and alerts are made from, read from the store and the disk."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicator.model import TranslationState
from syndicator.pipeline import wanted_languages
from syndicator.ports import SourceState
from syndicator.runtime.build import Workshop
from syndicator.runtime.once import press_of, unfinished
from syndicator.runtime.trees import tree_of
from syndicator.settings.schema import EngineSettings, Settings
from syndicator.steps.schedule import silent_after
from syndicator.store import accounts, figures, overview
from syndicator.store.database import Database, path_of

LEAST_FREE, SMALL, LEAST_SHARE = 200_000_000, 5_000_000_000, 0.05

OFF_AFTER = timedelta(minutes=10)
"""An engine that only failed for so long since its last answer is off."""

FINDINGS = (
    *("empty", "echo", "script", "leftover", "error page", "error phrase", "markup", "babble"),
    *("cut", "rambling", "short", "long", "language", "address", "number"),
)
"""The names of the checks' findings that can hold an article."""

TERM = "term"  # the hold of an article into which a prescribed term could not be put
_FINDING = re.compile(rf"(?:^|[ :;])({'|'.join(FINDINGS)}): ")


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source."""

    id: str
    articles: int
    last_success: datetime | None
    last_new: datetime | None  # when its newest article came in
    silent_after: datetime | None  # without a good poll until then it counts as silent; None: never polled
    failures: int  # polls in a row
    last_error: str
    waiting: int  # articles that it offered and that could not be read yet

    def is_silent(self, now: datetime) -> bool:
        """Whether its polls have failed for three intervals."""
        if not self.failures:
            return False
        return now > self.silent_after if self.silent_after else self.failures >= SILENT_FROM_THE_START


SILENT_FROM_THE_START = 3  # failures of a source that never answered


@dataclass(frozen=True, slots=True)
class BudgetFigures:
    """What an engine may still be sent in a period."""

    period: str  # "day" or "month"
    limit: int
    spent: int

    @property
    def remaining(self) -> int:
        """Characters that are left."""
        return max(0, self.limit - self.spent)


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """One engine, over all time."""

    id: str
    requests: int
    characters: int
    errors: int
    seconds: float
    off: bool  # it does not answer, and is left alone or fails each time
    rest_until: datetime | None
    last_error: str
    price: float  # of a million characters
    most: int  # characters in a request
    budgets: tuple[BudgetFigures, ...]

    def spent_budget(self) -> BudgetFigures | None:
        """Return the budget that has ended: it leaves no room for a usual request."""
        ended = (one for one in self.budgets if one.remaining < min(self.most, one.limit // 10 + 1))
        return next(ended, None)


@dataclass(frozen=True, slots=True)
class BacklogFigures:
    """What one language lacks."""

    language: str
    published: int
    pending: int
    held: int
    failed: int
    oldest: datetime | None  # of what is pending, since when it could be translated


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """A translation that waits for a person."""

    article: str
    language: str
    reason: str  # in words
    name: str  # the finding's name, of a fixed set
    confidential: bool = False  # its text, which stands in the reason, must not leave the machine


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """One published feed."""

    id: str
    language: str
    entries: int
    updated: datetime


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """The disk that holds a place."""

    place: str  # "database" or "feeds"
    path: Path
    free: int  # bytes that this user may fill
    total: int

    @property
    def nearly_full(self) -> bool:
        """Whether it is time to act: below 200 MB, or below a twentieth where that is less than 5 GB."""
        return self.free < LEAST_FREE or (self.free < SMALL and self.free < self.total * LEAST_SHARE)


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of the service."""

    now: datetime
    sources: tuple[SourceFigures, ...]
    backlog: tuple[BacklogFigures, ...]
    engines: tuple[EngineFigures, ...]
    held: tuple[HeldArticle, ...]
    feeds: tuple[FeedFigures, ...]
    disks: tuple[DiskFigures, ...]
    hubs_waiting: int


@contextmanager
def looking(settings: Settings) -> Iterator[Workshop]:
    """Open the store of a config for reading only. Raises StoreError."""
    with Database(settings.storage.database, read_only=True) as database:
        yield Workshop(settings, datetime.now(UTC), database)


def figures_of(workshop: Workshop) -> Figures:
    """Return the state of the service; the workshop may be open for reading only. Raises StoreError."""
    with workshop.database.reading() as connection:
        feeds = overview.feed_rows(connection)
        hubs_waiting = figures.waiting_announcements(connection)
        newest = figures.newest_per_source(connection)
    return replace(
        vital_figures(workshop),
        sources=_sources(workshop, newest),
        backlog=_backlog(workshop),
        feeds=tuple(FeedFigures(row.feed_id, row.language, row.entries, row.updated) for row in feeds),
        hubs_waiting=hubs_waiting,
    )


def vital_figures(workshop: Workshop) -> Figures:
    """Return what alerts are made from, and nothing whose cost grows with the number of articles.

    Raises StoreError.
    """
    known = {source.id: source for source in workshop.sources}
    languages = {language for feed in workshop.feeds for language in feed.languages}
    with workshop.database.reading() as connection:
        held = figures.held_reasons(connection, languages)
    return Figures(
        now=workshop.now,
        sources=_sources(workshop, {}),
        backlog=(),
        engines=tuple(engine_figures(workshop)),
        held=tuple(
            HeldArticle(
                row.public_id,
                row.language,
                row.reason,
                hold_name(row.reason),
                known[row.source_id].confidential,
            )
            for row in held
            if row.source_id in known
        ),
        feeds=(),
        disks=disks(workshop.settings),
        hubs_waiting=0,
    )


def hold_name(reason: str) -> str:
    """Return the name of the check that holds an article: a label must come of a fixed set."""
    found = _FINDING.search(reason)
    return found[1] if found else TERM


def disks(settings: Settings) -> tuple[DiskFigures, ...]:
    """Return the disks that the service writes to; without those that are not there yet."""
    places = {"database": path_of(settings.storage.database).parent}
    if isinstance(settings.storage.feeds, Path):  # a bucket tells nobody how much room there is
        places["feeds"] = settings.storage.feeds
    found = []
    for place, path in places.items():
        there = next((each for each in (path, *path.parents) if each.exists()), None)
        if there is not None:
            usage = shutil.disk_usage(there)
            found.append(DiskFigures(place, path, usage.free, usage.total))
    return tuple(found)


def _sources(workshop: Workshop, newest: Mapping[str, tuple[int, datetime]]) -> tuple[SourceFigures, ...]:
    with workshop.database.reading() as connection:
        errors = figures.poll_errors(connection)
        waiting: dict[str, int] = {}
        for row in overview.waiting_arrivals(connection):
            waiting[row.source_id] = waiting.get(row.source_id, 0) + 1
    states = workshop.store.source_states([source.id for source in workshop.sources])
    told = []
    for source in workshop.sources:
        state = states.get(source.id, SourceState())
        count, last_new = newest.get(source.id, (0, None))
        told.append(
            SourceFigures(
                id=source.id,
                articles=count,
                last_success=state.last_success,
                last_new=last_new,
                silent_after=silent_after(source, state, workshop.timezone),
                failures=state.failures,
                last_error=errors.get(source.id, ""),
                waiting=waiting.get(source.id, 0),
            )
        )
    return tuple(told)


def _backlog(workshop: Workshop) -> tuple[BacklogFigures, ...]:
    press = press_of(workshop, tree_of(workshop.settings))
    settle = {source.id: source.settle for source in workshop.sources}
    with workshop.database.reading() as connection:
        published = overview.published_per_language(connection)
    told = []
    for language in wanted_languages(press):
        rows = unfinished(workshop, press, language)
        pending = [
            row.created + settle[row.source_id] for row in rows if row.state == TranslationState.PENDING
        ]
        count = {state: sum(row.state == state for row in rows) for state in TranslationState}
        told.append(
            BacklogFigures(
                language=language,
                published=published.get(language, 0),
                pending=count[TranslationState.PENDING],
                held=count[TranslationState.HELD],
                failed=count[TranslationState.FAILED],
                oldest=min(pending, default=None),
            )
        )
    return tuple(told)


def engine_figures(workshop: Workshop) -> Iterator[EngineFigures]:
    """Yield the configured engines. Raises StoreError."""
    midnight = workshop.now.replace(hour=0, minute=0, second=0, microsecond=0)
    with workshop.database.reading() as connection:
        totals = figures.engine_totals(connection)
        states = accounts.last_errors(connection)
        spent = {
            "day": accounts.by_engine(connection, midnight),
            "month": accounts.by_engine(connection, midnight.replace(day=1)),
        }
    for engine in workshop.settings.translation.engines:
        total, state = totals.get(engine.id), states.get(engine.id)
        yield EngineFigures(
            id=engine.id,
            requests=int(total.requests) if total is not None else 0,
            characters=int(total.characters) if total is not None else 0,
            errors=int(total.errors) if total is not None else 0,
            seconds=float(total.seconds) if total is not None else 0.0,
            off=state is not None
            and is_off(state.last_success, state.last_error_at, state.rests, state.rest_until),
            rest_until=state.rest_until if state is not None else None,
            last_error=state.last_error if state is not None else "",
            price=engine.price_per_million,
            most=engine.max_characters,
            budgets=tuple(
                BudgetFigures(
                    period,
                    limit,
                    int(spent[period][engine.id].characters) if engine.id in spent[period] else 0,
                )
                for period, limit in limits(engine).items()
            ),
        )


def limits(engine: EngineSettings) -> dict[str, int]:
    """Return an engine's budgets by their period."""
    budget = engine.budget
    given = {
        "day": budget.characters_per_day if budget else None,
        "month": budget.characters_per_month if budget else None,
    }
    return {period: limit for period, limit in given.items() if limit is not None}


def is_off(
    last_success: datetime | None, last_error: datetime | None, rests: int, rest_until: datetime | None
) -> bool:
    """Return whether an engine is off: at rest after failures, or failing since more than a while."""
    if last_error is None or (last_success is not None and last_error < last_success):
        return False
    if rests and rest_until is not None:
        return True
    return last_success is None or last_error - last_success > OFF_AFTER
