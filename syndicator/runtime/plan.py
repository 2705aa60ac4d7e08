"""What the next cycle would do, without doing it.

The cycle's own first steps run on a copy of the database, so that what is told is what would happen, and
nothing is changed. Sources are read; no engine is asked.
"""

import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from syndicator.engines.derived import derived
from syndicator.errors import StoreError
from syndicator.model import Pair
from syndicator.pipeline import sources_for, wanted_languages
from syndicator.ports import Hint
from syndicator.runtime.build import Workshop, engine_of
from syndicator.runtime.once import in_threads, press_of
from syndicator.runtime.trees import tree_of
from syndicator.settings.schema import Settings
from syndicator.steps.intake import take_in_sources
from syndicator.steps.translating import Round, due, needs
from syndicator.steps.world import World
from syndicator.store import accounts
from syndicator.store.database import Database, path_of
from syndicator.text.messages import tr
from syndicator.translation.pack import first_fit


@dataclass(slots=True)
class EnginePlan:
    """What one engine would be asked."""

    articles: int = 0
    segments: int = 0
    characters: int = 0
    requests: int = 0
    cost: float = 0.0
    seconds: float | None = None  # None: nothing is known of its speed yet


@dataclass(slots=True)
class Plan:
    """What the next cycle would do."""

    sources: dict[str, str]  # id → what would come in, or the error
    translations: dict[str, int] = field(default_factory=dict)  # language → articles to be translated
    from_memory: int = 0
    engines: dict[str, EnginePlan] = field(default_factory=dict)
    without_engine: int = 0  # segments that no configured engine may translate
    problems: list[str] = field(default_factory=list)  # of memory and glossary files


def make_plan(settings: Settings, now: datetime) -> Plan:
    """Return what the next cycle would do. Raises StoreError."""
    with _copied(path_of(settings.storage.database)) as copy, Database(f"sqlite:///{copy}") as database:
        workshop = Workshop(settings, now, database)
        workshop.import_memory()
        plan = _plan(workshop)
        plan.problems.extend((*workshop.problems, *workshop.glossary_mistakes))
        return plan


@contextmanager
def _copied(database: Path) -> Iterator[Path]:
    """Give a copy of a database, taken without opening the original for writing; an empty one for none."""
    with tempfile.TemporaryDirectory(prefix="syndicator-plan-") as folder:
        copy = Path(folder) / "plan.db"
        if database.exists():
            try:
                address = f"{database.absolute().as_uri()}?mode=ro"
                with (
                    closing(sqlite3.connect(address, uri=True)) as source,
                    closing(sqlite3.connect(copy)) as target,
                ):
                    source.backup(target)
            except sqlite3.Error as error:
                raise StoreError(
                    tr(
                        "{path}: not a usable database ({reason}); "
                        "restore a backup with `syndicator restore FILE`, or move the file away",
                        path=database,
                        reason=error,
                    )
                ) from error
        yield copy


def _plan(workshop: Workshop) -> Plan:
    press = press_of(workshop, tree_of(workshop.settings))
    with workshop.fetcher() as fetcher:
        world = World(
            workshop.store, fetcher, workshop.inbox(), workshop.now, workshop.timezone, workshop.host
        )
        intakes = list(take_in_sources(world, workshop.sources, in_threads))
    plan = Plan(
        {one.source_id: one.error or f"+{one.new} ~{one.updated} ={one.unchanged}" for one in intakes}
    )
    wanted: dict[tuple[Pair, frozenset[str] | None], dict[str, None]] = {}
    for language in wanted_languages(press):
        sources = {source.id: source for source in sources_for(press, language)}
        works, _ = due(
            Round(
                workshop.store,
                tuple(sources.values()),
                language,
                workshop.now,
                workshop.policy,
                ignore_backoff=True,
            )
        )
        for pair, allowed, need in needs(works, sources, workshop.policy):
            plan.translations[language] = plan.translations.get(language, 0) + 1
            segments = wanted.setdefault((pair, allowed), {})
            segments.update(dict.fromkeys((*need.required, *need.helpful)))
    for (pair, allowed), segments in wanted.items():
        _add(plan, workshop, pair, allowed, segments)
    return plan


def _add(
    plan: Plan, workshop: Workshop, pair: Pair, allowed: Collection[str] | None, segments: Collection[str]
) -> None:
    hints = {segment: Hint(terms).key for segment, terms in workshop.terms(pair, segments).items()}
    known = {**workshop.memory.lookup(pair, segments, hints)}
    unknown = [segment for segment in segments if segment not in known]
    known.update(derived(pair, workshop.memory.but_for_numerals(pair, unknown)))
    plan.from_memory += len(known)
    missing = [segment for segment in segments if segment not in known]
    order = workshop.routes().get(pair, tuple(one.id for one in workshop.settings.translation.engines))
    first = next((one for one in order if allowed is None or one in allowed), None)
    if first is None:
        plan.without_engine += len(missing)
        return
    settings = next(one for one in workshop.settings.translation.engines if one.id == first)
    engine = engine_of(settings)
    entry = plan.engines.setdefault(first, EnginePlan())
    characters = sum(map(len, missing))
    entry.segments += len(missing)
    entry.characters += characters
    entry.requests += len(first_fit(missing, engine.max_characters, engine.max_texts, engine.size))
    entry.cost += characters * settings.price_per_million / 1_000_000
    speed = _seconds_per_character(workshop, first)
    if speed is not None:
        entry.seconds = (entry.seconds or 0.0) + characters * speed


def _seconds_per_character(workshop: Workshop, engine: str) -> float | None:
    with workshop.database.reading() as connection:
        row = accounts.by_engine(connection, workshop.now.replace(day=1)).get(engine)
    return row.seconds / row.characters if row and row.characters else None
