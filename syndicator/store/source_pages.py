"""Queries about the pages behind arrivals: when to ask them again, and which are gone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from syndicator.model import Validators
from syndicator.ports import Arrival, ArrivalState, PageState
from syndicator.store.schema import arrivals, source_pages
from syndicator.store.sources import arrival_of


def due(
    connection: Connection, source_id: str, now: datetime, limit: int
) -> Sequence[tuple[Arrival, PageState]]:
    """Return taken arrivals whose pages are to be asked again, the longest due first."""
    query = (
        select(
            arrivals,
            source_pages.c.etag,
            source_pages.c.last_modified,
            source_pages.c.body_hash,
            source_pages.c.due,
            source_pages.c.gone_at,
            source_pages.c.gone_again_at,
        )
        .join(arrivals, arrivals.c.id == source_pages.c.arrival_id)
        .where(
            source_pages.c.source_id == source_id,
            source_pages.c.due <= now,
            arrivals.c.state == ArrivalState.TAKEN,
        )
        .order_by(source_pages.c.due)
        .limit(limit)
    )
    return [
        (
            arrival_of(row),
            PageState(
                Validators(row.etag, row.last_modified),
                row.body_hash,
                row.due,
                row.gone_at,
                row.gone_again_at,
            ),
        )
        for row in connection.execute(query)
    ]


def record(connection: Connection, arrival: Arrival, page: PageState) -> None:
    """Remember what is known of the page behind an arrival; nothing, if it was erased meanwhile."""
    state = connection.execute(select(arrivals.c.state).where(arrivals.c.id == arrival.id)).scalar()
    if state is None or state == ArrivalState.ERASED:
        return
    values = {
        "source_id": arrival.source_id,
        "etag": page.validators.etag,
        "last_modified": page.validators.last_modified,
        "body_hash": page.body_hash,
        "due": page.due,
        "gone_at": page.gone_at,
        "gone_again_at": page.gone_again_at,
    }
    statement = insert(source_pages).values(arrival_id=arrival.id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["arrival_id"], set_=values))
