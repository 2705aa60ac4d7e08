"""What is wrong, as a value: a pure function of the figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from syndicator.runtime.monitoring.figures import Figures
from syndicator.settings.schema import AlertKind as Kind
from syndicator.text.messages import tr

PATIENCE = {Kind.ARTICLE_HELD: timedelta(days=1)}
"""How long something may be wrong before anybody is told; what is not named here is told at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong."""

    kind: Kind
    subject: str  # which source, engine, article…; with the kind, what makes the trouble the same as before
    text: str  # what is wrong and what to do, in a sentence

    @property
    def patience(self) -> timedelta:
        """Return how long it may last before anybody is told."""
        return PATIENCE.get(self.kind, timedelta())


def troubles(figures: Figures, *, reload_refused: bool = False) -> tuple[Trouble, ...]:
    """Return everything that is wrong."""
    found = [*_sources(figures), *_engines(figures), *_held(figures), *_disks(figures)]
    if reload_refused:
        text = tr(
            "the changed config has mistakes, and the last good one is in force; see `syndicator check`"
        )
        found.append(Trouble(Kind.RELOAD_REFUSED, "config", text))
    return tuple(found)


def _sources(figures: Figures) -> Iterator[Trouble]:
    for source in figures.sources:
        if source.is_silent(figures.now):
            text = tr(
                "the source {id} has not been read for three intervals: {error}",
                id=source.id,
                error=source.last_error,
            )
            yield Trouble(Kind.SOURCE_SILENT, source.id, text)


def _engines(figures: Figures) -> Iterator[Trouble]:
    for engine in figures.engines:
        if engine.off:
            error = engine.last_error.removeprefix(f"{engine.id}: ")
            text = tr("the engine {id} does not translate: {error}", id=engine.id, error=error)
            yield Trouble(Kind.ENGINE_OFF, engine.id, text)
        spent = engine.spent_budget()
        if spent is not None:
            period = {"day": tr("today"), "month": tr("this month")}[spent.period]
            text = tr(
                "the budget of the engine {id} has ended {period}: {spent} of {limit} characters are used",
                id=engine.id,
                period=period,
                spent=spent.spent,
                limit=spent.limit,
            )
            yield Trouble(Kind.BUDGET_ENDED, engine.id, text)


def _held(figures: Figures) -> Iterator[Trouble]:
    for held in figures.held:
        text = tr(
            "the article {id} is held in {language}: {reason}",
            id=held.article,
            language=held.language,
            reason=held.name if held.confidential else held.reason,
        )
        yield Trouble(Kind.ARTICLE_HELD, f"{held.article}/{held.language}", text)


def _disks(figures: Figures) -> Iterator[Trouble]:
    for disk in figures.disks:
        if disk.nearly_full:
            text = tr(
                "the disk of {path} is nearly full: {free} MB of {total} MB are free",
                path=disk.path,
                free=disk.free // 1_000_000,
                total=disk.total // 1_000_000,
            )
            yield Trouble(Kind.DISK_NEARLY_FULL, disk.place, text)
