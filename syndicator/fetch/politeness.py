"""Turns at hosts: so many requests at once, and a pause between their beginnings.

Small sites live on small servers, and some ban whoever asks for thirty pages in one second.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


class HostTurns:
    """Gives each host's requests their turns, across threads.

    It remembers one number for each host ever asked: a few hundred bytes, for at most as many hosts as the
    sources link to.
    """

    def __init__(self, concurrency: int, delay: timedelta) -> None:
        self._concurrency = concurrency
        self._delay = delay.total_seconds()
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()
        self._next_start: dict[str, float] = {}  # on the clock of time.monotonic()
        self._slower: dict[str, float] = {}  # pauses that hosts themselves ask for
        self._closed = False

    @contextmanager
    def turn(self, host: str) -> Iterator[bool]:
        """Wait for a turn at a host and hold it; gives False, at once, after :meth:`close`."""
        with self._changed:
            while not self._closed and (wait := self._wait(host)) != 0:
                self._changed.wait(wait)
            granted = not self._closed
            if granted:
                self._running[host] += 1
                self._next_start[host] = time.monotonic() + max(self._delay, self._slower.get(host, 0.0))
        try:
            yield granted
        finally:
            if granted:
                with self._changed:
                    self._running[host] -= 1
                    self._changed.notify_all()

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep a longer pause at a host than at others."""
        with self._changed:
            self._slower[host] = seconds

    def close(self) -> None:
        """Wake whoever waits; nobody gets a turn any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _wait(self, host: str) -> float | None:
        """Return seconds until the next turn: 0 for now, None for when another request ends."""
        if self._running[host] >= self._concurrency:
            return None
        return max(0.0, self._next_start.get(host, 0.0) - time.monotonic())
