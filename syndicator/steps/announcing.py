"""Changed feeds → WebSub hubs, which push them to their subscribers."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from syndicator.errors import HubError
from syndicator.ports import Hubs, Store

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def announce(store: Store, hubs: Hubs, addresses: Collection[str], now: datetime) -> int:
    """Tell the hubs at these addresses what they have to be told by now; return how much they took.

    A hub that does not answer is told again at a later cycle, at growing distances, and not asked for more
    in this one. Nothing that a hub does stops a cycle.
    """
    told = 0
    down: dict[str, str] = {}
    for announcement in store.due_announcements(addresses, now):
        error = down.get(announcement.hub, "")
        if not error:
            try:
                hubs.tell(announcement.hub, announcement.topic)
            except HubError as failure:
                error = str(failure)
                log.warning("hub not told", hub=announcement.hub, topic=announcement.topic, error=error)
                if failure.is_down:
                    down[announcement.hub] = error
            else:
                store.announced(announcement)
                told += 1
                continue
        store.postpone_announcement(announcement, error, now + pause(announcement.attempts))
    return told


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts and one more."""
    return min(FIRST_PAUSE * (1 << min(attempts, 20)), LONGEST_PAUSE)
