"""Notes what there is to tell. Nothing is sent here: what is noted is on disk, and sent by somebody else."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from syndicator.formats.paths import page_path
from syndicator.runtime.build import Workshop
from syndicator.runtime.monitoring.figures import vital_figures
from syndicator.runtime.telling.changes import Changes, Key, Known, changes
from syndicator.runtime.telling.targets import Target, targets_of
from syndicator.runtime.telling.troubles import troubles
from syndicator.steps.entries import entry_id
from syndicator.store import telling

MOST_IN_ONE = 50  # entries in one notice


def settle_targets(workshop: Workshop) -> None:
    """Settle that targets of ``on_publish`` hear of what comes from now on, where that is not settled.

    Raises StoreError.
    """
    targets = targets_of(workshop.settings)
    keys = [target.key for target in targets]
    with workshop.database.reading() as connection:
        stale = telling.has_others(connection, keys)
        unsettled = {
            target.key: _unsettled(connection, target.key, _feeds(workshop))
            for target in targets
            if target.role == "on_publish"
        }
    if not stale and not any(unsettled.values()):
        return  # as in nearly every cycle, which then takes no lock
    with workshop.database.writing() as connection:
        telling.drop_others(connection, keys)
        for key, places in unsettled.items():
            telling.mark(connection, key, places)


def _unsettled(
    connection: Connection, key: str, feeds: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return the places to begin with where none is remembered, or one whose entry was erased since.

    For an erased entry's place is given out again.
    """
    known = telling.marks(connection, key)
    last = {feed: telling.last_place(connection, *feed) for feed in feeds}
    return {feed: place for feed, place in last.items() if feed not in known or place < known[feed]}


def _feeds(workshop: Workshop) -> list[tuple[str, str]]:
    return [(feed.id, language) for feed in workshop.feeds for language in feed.languages]


def note_news(workshop: Workshop, *, reload_refused: bool = False) -> bool:
    """Note what changed; return whether there is something to tell. Raises StoreError."""
    alerted = note_alerts(workshop, reload_refused=reload_refused)
    return note_entries(workshop) or alerted


def note_alerts(workshop: Workshop, *, reload_refused: bool = False) -> bool:
    """Note what is newly wrong, and what is over, for the targets of ``on_alert``. Raises StoreError."""
    targets = targets_of(workshop.settings, "on_alert")
    if not targets:
        return False
    found = troubles(vital_figures(workshop), reload_refused=reload_refused)
    with workshop.database.reading() as connection:
        made = changes(_known(telling.known(connection)), found, workshop.now)
    if not (made.begun or made.raised or made.ended):
        return False
    with workshop.database.writing() as connection:
        for begun in made.begun:
            telling.begin(connection, begun.kind, begun.subject, begun.text, workshop.now)
        for raised in made.raised:
            telling.told(connection, raised.kind, raised.subject, workshop.now)
        for ended in made.ended:
            telling.end(connection, ended.kind, ended.subject)
        for target in targets:
            content = _alerts(workshop, target, made)
            if content["raised"] or content["cleared"]:
                telling.add(connection, target.key, content, workshop.now)
    return bool(made.raised or made.cleared)


def _known(rows: Mapping[Key, Any]) -> dict[Key, Known]:
    return {
        key: Known(row.kind, row.subject, row.text, row.since, row.told_at is not None)
        for key, row in rows.items()
    }


def _alerts(workshop: Workshop, target: Target, made: Changes) -> dict[str, Any]:
    only = target.settings.only
    return {
        **head(workshop, "alerts"),
        "raised": [_told(each) for each in made.raised if only is None or each.kind in only],
        "cleared": [_told(each) for each in made.cleared if only is None or each.kind in only],
    }


def _told(each: Known) -> dict[str, str]:
    return {
        "kind": each.kind,
        "subject": each.subject,
        "since": each.since.isoformat(timespec="seconds"),
        "text": each.text,
    }


def head(workshop: Workshop, event: str) -> dict[str, Any]:
    """Return what every notice begins with; its id lets a receiver know one that comes twice."""
    return {
        "event": event,
        "id": secrets.token_hex(16),
        "site": workshop.site.base_url,
        "time": workshop.now.isoformat(timespec="seconds"),
    }


def note_entries(workshop: Workshop) -> bool:
    """Note what has entered feeds for the targets of ``on_publish``. Raises StoreError."""
    noted = False
    for target in targets_of(workshop.settings, "on_publish"):
        with workshop.database.reading() as connection:
            rows = telling.new_entries(connection, target.key)
        if not rows:
            continue
        entries = list(_entries(workshop, target, rows))
        with workshop.database.writing() as connection:
            # In the order of places: the last row of each feed counts.
            telling.mark(connection, target.key, {(row.feed_id, row.language): row.place for row in rows})
            for at in range(0, len(entries), MOST_IN_ONE):
                content = {**head(workshop, "published"), "entries": entries[at : at + MOST_IN_ONE]}
                telling.add(connection, target.key, content, workshop.now)
        noted = noted or bool(entries)
    return noted


def _entries(workshop: Workshop, target: Target, rows: Sequence[Any]) -> Iterator[dict[str, str]]:
    wanted = target.settings
    private = {spec.id for spec in workshop.feeds if spec.private}
    for row in rows:
        # What is for partners only is told to whom the operator names with the feed, and to nobody else.
        named = row.feed_id not in private if wanted.feeds is None else row.feed_id in wanted.feeds
        if not named:
            continue
        if wanted.languages is not None and row.language not in wanted.languages:
            continue
        yield {
            "feed": row.feed_id,
            "language": row.language,
            "id": entry_id(f"tag:{row.authority}:{row.public_id}", row.language),
            "title": row.title,
            # A private feed's page lies under each partner's token, which is not for others to know.
            "url": row.url
            if row.feed_id in private
            else f"{workshop.site.base_url}{page_path(row.public_id, row.language)}",
            "source": row.source_id,
            "entered": row.entered.isoformat(timespec="seconds"),
        }
