"""Who reads the feeds, as far as fetchers tell: names and subscribers out of User-Agent, never addresses.

Services that fetch for many tell for how many: ``Feedly/1.0 (+http://…; 12 subscribers; like FeedFetcher)``,
``Feedbin feed-id:7 - 4 subscribers``. What says nothing of the kind is counted by its requests alone.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from syndicator.formats.paths import is_archive_path, without_token

FEEDS = (".rss", ".atom", ".json")
OTHER = "other"
_MOST_READERS = 100  # per feed and flush: anybody may call himself anything
_SUBSCRIBERS = re.compile(r"\b(\d{1,9})\s+(?:subscribers?|readers?|users?|followers?)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}")


@dataclass(slots=True)
class Count:
    """What one reader fetched of one feed in a while."""

    requests: int = 0
    subscribers: int = 0  # the most that it told; 0: it told nothing


@lru_cache(512)
def reader_of(agent: str) -> tuple[str, int]:
    """Return a fetcher's name and for how many subscribers it asks; ``other`` and 0 where it tells neither.

    Browsers are ``browser``, whatever else they say.
    """
    told = _SUBSCRIBERS.search(agent)
    subscribers = int(told[1]) if told else 0
    found = _NAME.match(agent.strip())
    name = re.split(r"[/;(]|\s-\s| feed-id| \d", found[0])[0].strip(" .-_") if found else ""
    if name.casefold() == "mozilla" and not subscribers:
        return "browser", 0
    if name.casefold() == "mozilla":  # "Mozilla/5.0 (compatible; Service/1.0; 3 subscribers)"
        inner = re.search(r"compatible;\s*([A-Za-z][A-Za-z0-9 ._-]{0,39})", agent)
        name = inner[1].strip(" .-_") if inner else ""
    return name or OTHER, subscribers


@dataclass(slots=True)
class Readers:
    """Counts in memory until somebody takes them away to be stored."""

    _counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    _per_path: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def note(self, path: str, agent: str) -> None:
        """Count a request for a feed; anything else is not counted.

        A private feed is counted without the token in its address, and archive documents not at all: whoever
        reads them reads the feed.
        """
        if not path.endswith(FEEDS) or is_archive_path(path):
            return
        path = without_token(path)
        name, subscribers = reader_of(agent)
        with self._lock:
            if (path, name) not in self._counts:
                if self._per_path.get(path, 0) >= _MOST_READERS:
                    name, subscribers = OTHER, 0
                else:
                    self._per_path[path] = self._per_path.get(path, 0) + 1
            count = self._counts.setdefault((path, name), Count())
            count.requests += 1
            count.subscribers = max(count.subscribers, subscribers)

    def take(self) -> dict[tuple[str, str], Count]:
        """Return what was counted since the last time, by path and reader."""
        with self._lock:
            taken, self._counts, self._per_path = self._counts, {}, {}
        return taken
