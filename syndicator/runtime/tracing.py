"""An article's life, put together from what the store remembers of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syndicator.model import DERIVED, Pair, TranslationState
from syndicator.ports import ArrivalState
from syndicator.runtime.build import Workshop
from syndicator.runtime.seeing import resolve, segments_of
from syndicator.store import overview, tracing


@dataclass(frozen=True, slots=True)
class Event:
    """One step on an article's way."""

    time: datetime | None  # None: how it stands now
    step: str  # "offered", "taken in", "revised", "answered", "refused", "translated", "published", …
    language: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the event as plain JSON."""
        time = self.time.isoformat(timespec="seconds") if self.time else None
        return {"time": time, "step": self.step, "language": self.language or None, **self.detail}


@dataclass(frozen=True, slots=True)
class Life:
    """An article and its events, the earliest first; what has no time, the present state, comes last."""

    id: str
    source: str
    title: str
    url: str
    events: tuple[Event, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the life as one JSON object."""
        return {
            "id": self.id,
            "source": self.source,
            "title": self.title,
            "url": self.url,
            "events": [event.as_json() for event in self.events],
        }


def trace(workshop: Workshop, named: str) -> Life:
    """Return the life of an article, by its id or the unique beginning of it. Raises RequestError."""
    article_id = resolve(workshop, named)
    with workshop.database.reading() as connection:
        stored = overview.stored_article(connection, article_id)
    events = [
        *_intake(workshop, article_id),
        *_segments(workshop, stored),
        *_translations(workshop, article_id),
        *_publishing(workshop, article_id),
    ]
    latest = max((event.time for event in events if event.time), default=workshop.now)
    events.sort(key=lambda event: (event.time is None, event.time or latest))
    return Life(stored.public_id, stored.source_id, stored.article.title, stored.article.url, tuple(events))


def _intake(workshop: Workshop, article_id: int) -> Iterator[Event]:
    with workshop.database.reading() as connection:
        offered = tracing.arrivals_of(connection, article_id)
        history = overview.history(connection, article_id)
    for row in offered:
        told = {"source": row.source_id, "key": row.key}
        if row.state != ArrivalState.TAKEN:
            told |= {"state": row.state, "reason": row.reason, "attempts": row.attempts}
        yield Event(row.first_seen, "offered", detail=told)
    for row in history:
        yield Event(
            row.created, "taken in" if row.number == 1 else "revised", detail={"revision": row.number}
        )


def _segments(workshop: Workshop, stored: Any) -> Iterator[Event]:  # noqa: ANN401 - ports.Stored
    """Yield where the words of the newest revision came from, in each language that is not its own."""
    own = stored.article.language
    with workshop.database.reading() as connection:
        rows = tracing.renditions_of(connection, stored.article_id)
    for language in sorted({row.language for row in rows} - {own}):
        pair = Pair(own, language)
        segments = segments_of(workshop, stored, language)
        with workshop.database.reading() as connection:
            answers = {row.key: row for row in tracing.answers_for(connection, pair, segments)}
            refused = tracing.refusals_for(connection, pair, segments)
        groups: dict[tuple[str, str], list[datetime]] = {}
        for row in answers.values():
            groups.setdefault(_origin(row, stored.revised), []).append(row.created)
        for (how, origin), moments in groups.items():
            # What the memory knew before was used when the revision came in.
            time = max(*moments, stored.revised) if how == "bought" else stored.revised
            yield Event(time, "answered", language, {"by": how, "engine": origin, "segments": len(moments)})
        for row in refused:
            yield Event(
                row.last,
                "refused",
                language,
                {
                    "engine": row.engine,
                    "reason": row.reason,
                    "times": row.times + row.excused,
                    "segment": row.segment,
                    "answer": row.answer,
                },
            )


def _origin(row: Any, revised: datetime) -> tuple[str, str]:  # noqa: ANN401 - a row of the memory
    """Return how an answer came, and from which engine: "reviewed", "derived", "memory" or "bought"."""
    if row.origin == "reviewed":
        return "reviewed", ""
    if row.origin == DERIVED:
        return "derived", ""
    return ("memory" if row.created < revised else "bought"), row.origin


def _translations(workshop: Workshop, article_id: int) -> Iterator[Event]:
    with workshop.database.reading() as connection:
        rows = tracing.renditions_of(connection, article_id)
        newest = max((row.number for row in overview.history(connection, article_id)), default=0)
    for row in rows:
        told: dict[str, Any] = {"revision": row.number}
        if row.state == TranslationState.DONE:
            step = "translated" if row.language != row.original else "ready"
            told |= {"engines": row.fields["engines"], "warnings": row.reason}
            yield Event(row.updated, step, row.language, told)
            if row.anew is not None:
                yield Event(None, "put together anew", row.language, told)
        elif row.number == newest:
            told |= {"reason": row.reason, "attempts": row.attempts}
            if row.retry_at and row.state != TranslationState.HELD:
                told["retry_at"] = row.retry_at.isoformat(timespec="seconds")
            yield Event(None, row.state, row.language, told)


def _publishing(workshop: Workshop, article_id: int) -> Iterator[Event]:
    with workshop.database.reading() as connection:
        places = tracing.places_of(connection, article_id)
        row = tracing.article_row(connection, article_id)
        updates = [one for one in tracing.renditions_of(connection, article_id) if one.updated]
    for place in places:
        told = {"feed": place.feed_id}
        yield Event(place.entered, "published", place.language, told)
        for one in updates:
            if one.language == place.language and one.updated > place.entered:
                yield Event(one.updated, "updated", place.language, {**told, "revision": one.number})
    if row.gone_at:
        yield Event(row.gone_at, "gone from its site")
    if row.withdrawn_at:
        yield Event(row.withdrawn_at, "withdrawn", detail={"by": row.withdrawn_by or "editor"})
    if row.restored_at:
        yield Event(row.restored_at, "restored")
