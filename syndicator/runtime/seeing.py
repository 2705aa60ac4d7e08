"""What ``status`` and ``articles`` show: read-only values over the store, ready to be printed or dumped."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from syndicator.errors import RequestError
from syndicator.model import Pair, Publish, Source, TranslationState
from syndicator.pipeline import sources_for, wanted_languages
from syndicator.ports import Similar
from syndicator.runtime.build import Workshop
from syndicator.runtime.monitoring.figures import disks, engine_figures
from syndicator.runtime.once import press_of, unfinished
from syndicator.runtime.trees import tree_of
from syndicator.settings.checks import NOTICE_OF_END
from syndicator.steps.entries import is_lapsed
from syndicator.store import accounts, figures, likeness, memory, overview, pushing
from syndicator.text.messages import tr
from syndicator.translation.excerpt import publishable
from syndicator.translation.plan import Language, first_need

MOVED_POLLS = 3  # so many polls in a row must have been redirected for good: one may be a slip


def status(workshop: Workshop) -> dict[str, Any]:
    """Return the state of everything (contract: ``status --json``)."""
    press = press_of(workshop, tree_of(workshop.settings))
    languages = {}
    open_work = []
    with workshop.database.reading() as connection:
        published = overview.published_per_language(connection)
    for language in wanted_languages(press):
        rows = unfinished(workshop, press, language)
        counts = {state.value: 0 for state in TranslationState if state is not TranslationState.DONE}
        for row in rows:
            counts[row.state] += 1
            open_work.append(
                {
                    "id": row.public_id,
                    "title": row.title,
                    "language": language,
                    "state": row.state,
                    "reason": row.reason,
                }
            )
        languages[language] = {"published": published.get(language, 0), **counts}
    with workshop.database.reading() as connection:
        waiting = [
            {"source": row.source_id, "key": row.key, "title": row.item["title"], "reason": row.reason}
            for row in overview.waiting_arrivals(connection)
        ]
    return {
        "sources": _sources(workshop),
        "languages": languages,
        "engines": _engines(workshop),
        "memory": _memory(workshop),
        "feeds": _feeds(workshop),
        "hubs": _hubs(workshop),
        "disks": [
            {"place": one.place, "path": str(one.path), "free": one.free, "nearly_full": one.nearly_full}
            for one in disks(workshop.settings)
        ],
        "open": open_work,
        "waiting": waiting,
        "problems": workshop.file_mistakes(),
    }


def is_clean(told: dict[str, Any]) -> bool:
    """Whether nothing is pending, held, failed or waiting, and every source and file could be read."""
    errors = any(source["last_error"] for source in told["sources"])
    return not (told["open"] or told["waiting"] or told["problems"] or errors)


def _hubs(workshop: Workshop) -> list[dict[str, Any]]:
    """Return the hubs that could not be told of changes; they are told again by themselves."""
    with workshop.database.reading() as connection:
        waiting = pushing.waiting(connection, workshop.site.hubs)
    return [{"hub": hub, "waiting": number, "last_error": error} for hub, (number, error) in waiting.items()]


def _sources(workshop: Workshop) -> list[dict[str, Any]]:
    with workshop.database.reading() as connection:
        known = overview.source_rows(connection)
        newest = figures.newest_per_source(connection)
    rows = []
    for source in workshop.sources:
        row = known.get(source.id)
        rows.append(
            {
                "id": source.id,
                "last_success": _iso(row.last_success) if row else None,
                "last_error": (row.last_error or None) if row else None,
                "articles": newest[source.id][0] if source.id in newest else 0,
                "newest": _iso(newest[source.id][1]) if source.id in newest else None,
                "permission": _permission(source, workshop.now),
                "moved_to": row.moved_to if row and row.moved_polls >= MOVED_POLLS else None,
            }
        )
    return rows


def _permission(source: Source, now: datetime) -> dict[str, str] | None:
    """Return until when full text is permitted, and whether that is over (`ended`) or near (`ending`)."""
    until = source.permitted_until
    if until is None or source.publish is not Publish.FULL:
        return None
    state = "ended" if is_lapsed(source, now) else "ending" if until - now <= NOTICE_OF_END else "valid"
    return {"until": until.isoformat(timespec="seconds"), "state": state}


def _engines(workshop: Workshop) -> dict[str, Any]:
    with workshop.database.reading() as connection:
        today = accounts.by_engine(connection, workshop.now)
        states = accounts.last_errors(connection)
    figured = {one.id: one for one in engine_figures(workshop)}
    told = {}
    for engine in workshop.settings.translation.engines:
        row, state = today.get(engine.id), states.get(engine.id)
        failing = bool(
            state
            and state.last_error_at
            and (not state.last_success or state.last_error_at >= state.last_success)
        )
        budget = engine.budget
        told[engine.id] = {
            "state": "unused" if state is None else "failing" if failing else "ok",
            "last_error": state.last_error if state and failing else None,
            "characters_today": int(row.characters) if row else 0,
            "budget": budget.model_dump(exclude_none=True) if budget else None,
            "off": figured[engine.id].off,
            "spent": figured[engine.id].spent_budget() is not None,
        }
    return told


def _memory(workshop: Workshop) -> dict[str, int]:
    with workshop.database.reading() as connection:
        found: dict[str, int] = {}
        for row in memory.counts(connection):
            pair = str(Pair(row.source, row.target))
            found[pair] = found.get(pair, 0) + row.segments
        return found


def memory_counts(workshop: Workshop) -> list[dict[str, Any]]:
    """Return the memory's size per pair: reviewed segments, others, and how many of those were derived."""
    with workshop.database.reading() as connection:
        rows = memory.counts(connection)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        pair = str(Pair(row.source, row.target))
        entry = found.setdefault(pair, {"pair": pair, "reviewed": 0, "machine": 0, "derived": 0})
        entry["reviewed" if row.reviewed else "machine"] = row.segments
        entry["derived"] += row.derived
    return list(found.values())


def _feeds(workshop: Workshop) -> list[dict[str, Any]]:
    with workshop.database.reading() as connection:
        return [
            {
                "id": row.feed_id,
                "language": row.language,
                "entries": row.entries,
                "updated": _iso(row.updated),
            }
            for row in overview.feed_rows(connection)
        ]


def _iso(moment: Any) -> str | None:  # noqa: ANN401 - a database's datetime or None
    return moment.isoformat(timespec="seconds") if moment else None


def articles(
    workshop: Workshop, *, state: str = "", source: str = "", language: str = ""
) -> list[dict[str, Any]]:
    """Return all articles, or those of a source or with a translation in a state (in a language)."""
    press = press_of(workshop, tree_of(workshop.settings))
    wanted: dict[str, list[str]] = {one.id: [] for one in workshop.sources}
    for code in wanted_languages(press):
        for one in sources_for(press, code):
            wanted[one.id].append(code)
    found: list[dict[str, Any]] = []
    after = 0
    while True:
        with workshop.database.reading() as connection:
            rows = overview.article_rows(connection, after)
            states = overview.rendition_states(connection, [row.id for row in rows])
        if not rows:
            return found
        after = rows[-1].id
        for row in rows:
            known = states.get(row.id, {})
            told = {
                code: known[code].state if code in known else TranslationState.PENDING.value
                for code in dict.fromkeys([*wanted.get(row.source_id, ()), *known])
            }
            shown = {code: value for code, value in told.items() if not language or code == language}
            if (source and row.source_id != source) or (state and state not in shown.values()):
                continue
            found.append(
                {
                    "id": row.public_id,
                    "source": row.source_id,
                    "title": row.title,
                    "url": row.url,
                    "first_seen": _iso(row.first_seen),
                    "revision": row.number,
                    "withdrawn": row.withdrawn_at is not None,
                    "translations": told,
                }
            )


def article(workshop: Workshop, named: str) -> dict[str, Any]:
    """Return everything about one article. Raises RequestError."""
    article_id = resolve(workshop, named)
    with workshop.database.reading() as connection:
        stored = overview.stored_article(connection, article_id)
        states = overview.rendition_states(connection, [article_id]).get(article_id, {})
    original = stored.article
    told: dict[str, Any] = {
        "id": stored.public_id,
        "source": stored.source_id,
        "url": original.url,
        "language": original.language,
        "title": original.title,
        "authors": list(original.authors),
        "published": _iso(original.published),
        "first_seen": _iso(stored.first_seen),
        "withdrawn": stored.withdrawn,
        "rights": original.rights,
        "identity": _identity(workshop, stored, article_id),
        "tags": list(original.tags),
        "attachments": [asdict(attachment) for attachment in original.attachments],
        "events": [day.isoformat() for day in original.events],
        "summary": original.summary,
        "body": original.body,
        "translations": {},
    }
    for language, row in states.items():
        translation = {"state": row.state, "reason": row.reason, "retry_at": _iso(row.retry_at)}
        if row.state == TranslationState.DONE:
            translation |= {
                "title": row.title,
                "body": row.body,
                "updated": _iso(row.updated),
                "mark": row.fields["mark"],
                "engines": row.fields["engines"],
                "summary": row.fields["summary"],
            }
        else:
            translation["refused"] = refusals(workshop, stored, language)
        told["translations"][language] = translation
    return told


def _identity(workshop: Workshop, stored: Any, article_id: int) -> dict[str, Any]:  # noqa: ANN401 - ports.Stored
    """Return what makes an article itself: its addresses, revisions and copies, its page and permission.

    ``lead`` is the copy that leads where a feed carries every source.
    """
    sources = {source.id: source for source in workshop.sources}
    with workshop.database.reading() as connection:
        history = overview.history(connection, article_id)
        presence = overview.presence(connection, article_id)
        family = likeness.family_rows(connection, stored.family) if stored.family else []
    source = sources.get(stored.source_id)
    leading = [row for row in family if row.withdrawn_at is None and row.source_id in sources]
    lead = min(leading, key=lambda row: (-sources[row.source_id].priority, row.id), default=None)
    return {
        "key": presence.key,
        "addresses": list(dict.fromkeys(row.fields["url"] for row in history if row.fields["url"])),
        "revisions": [{"number": row.number, "stored": _iso(row.created)} for row in history],
        "lead": lead.public_id if lead is not None and len(family) > 1 else None,
        "copies": [
            {"id": row.public_id, "source": row.source_id, "url": row.url, "title": row.title}
            for row in family
            if row.id != article_id
        ],
        "gone_since": _iso(presence.gone_at),
        "withdrawn_by": presence.withdrawn_by or None,
        "permission": _permission(source, workshop.now) if source else None,
    }


def refusals(workshop: Workshop, stored: Any, language: str) -> list[dict[str, Any]]:  # noqa: ANN401 - ports.Stored
    """Return the refused answers of an article's segments: source, answer and reason side by side."""
    pair = Pair(stored.article.language, language)
    segments = segments_of(workshop, stored, language)
    refused = workshop.memory.refused(pair, segments)
    near = workshop.memory.similar(pair, list(refused))
    return [
        {
            "segment": one.segment,
            "engine": one.engine,
            "answer": one.answer,
            "reason": one.reason,
            "times": one.times,
            "similar": _nearest(near.get(one.segment, ())),
        }
        for found in refused.values()
        for one in found
    ]


def _nearest(near: Sequence[Similar]) -> dict[str, Any] | None:
    """Return what an editor may want to see beside a refused answer: the nearest reviewed one, else any."""
    best = next((one for one in near if one.reviewed), next(iter(near), None))
    if best is None:
        return None
    return {"segment": best.segment, "text": best.text, "origin": best.origin, "score": best.score}


def segments_of(workshop: Workshop, stored: Any, language: str) -> tuple[str, ...]:  # noqa: ANN401 - ports.Stored
    """Return the segments that an article needs in a language."""
    by_id = {source.id: source for source in workshop.sources}
    article = stored.article
    if stored.source_id in by_id:
        article = publishable(article, by_id[stored.source_id].publish)
    need = first_need(article, Language(Pair(article.language, language), workshop.glossary))
    return (*need.required, *need.helpful)


def resolve(workshop: Workshop, named: str) -> int:
    """Return the row id of an article by its id or the unique beginning of it. Raises RequestError."""
    with workshop.database.reading() as connection:
        found = overview.article_id(connection, named) if named else None
    if found is None:
        raise RequestError(
            tr(
                "{id}: no article, or more than one, has this id; `syndicator articles list` shows them",
                id=named,
            )
        )
    return found
