"""What happened on each of the last days, out of what the store remembers anyway."""

from dataclasses import dataclass, field
from datetime import timedelta

from syndicator.runtime.build import Workshop
from syndicator.store import figures

DAYS = 30


@dataclass(frozen=True, slots=True)
class EngineHistory:
    """What one engine did, by day."""

    characters: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """The last days (UTC), and what happened on each; a day without anything is not in the maps."""

    days: tuple[str, ...]  # "2026-11-24", the oldest first
    taken: dict[str, int]
    published: dict[str, dict[str, int]]  # by language and day
    engines: dict[str, EngineHistory]


def history_of(workshop: Workshop) -> History:
    """Return the last thirty days. Raises StoreError."""
    today = workshop.now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=DAYS - 1)
    days = tuple((since + timedelta(days=at)).date().isoformat() for at in range(DAYS))
    with workshop.database.reading() as connection:
        taken = dict(figures.taken_per_day(connection, since))
        first_published = figures.published_per_day(connection, since)
        used = figures.engine_use_per_day(connection, days[0])
    published: dict[str, dict[str, int]] = {}
    for (day, language), number in first_published.items():
        published.setdefault(language, {})[day] = number
    engines: dict[str, EngineHistory] = {}
    for row in used:
        engine = engines.setdefault(row.engine, EngineHistory())
        engine.characters[row.day] = row.characters
        engine.requests[row.day] = row.requests
        engine.errors[row.day] = row.errors
    return History(days, taken, published, engines)
