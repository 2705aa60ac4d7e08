"""What the steps find around them besides the store's content: the network, folders, the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from syndicator.ports import Fetcher, Inbox, Store, nobody


@dataclass(frozen=True, slots=True)
class World:
    """What intake needs besides the store: the network, the inbox folders, the time and the site's zone."""

    store: Store
    fetcher: Fetcher
    inbox: Inbox
    now: datetime
    timezone: ZoneInfo
    host: str  # of the published tree: names the authority of new articles' ids (RFC 4151 §2.1)
    ignore_backoff: bool = True
    coming: Callable[[], None] = nobody  # called when a source offers what was not there before
    taken_in: Callable[[], None] = nobody  # called for each article that is new or changed
