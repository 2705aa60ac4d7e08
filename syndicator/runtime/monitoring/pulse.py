"""What a worker knows of itself and the store does not: its rounds, its scheduler, its config."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

HUNG = 300.0
"""Seconds without any progress after which a worker counts as hung; systemd's watchdog thinks so, too."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A worker's state at one moment."""

    started: datetime
    working: bool  # it has begun, and its work goes on
    rounds: dict[str, int]  # by outcome: "done", "failed"
    last_round: datetime | None  # when the last one ended well
    scheduler_running: bool
    scheduler_events: dict[str, int]  # "due", "missed", "failed"
    reload_accepted: bool  # whether the config as it was last read is in force
    reloaded: datetime  # when a config was last taken over


class Pulse:
    """Is written to by the worker and its scheduler, and read by the threads of the web server."""

    def __init__(self, now: datetime | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._started = self._reloaded = now or datetime.now(UTC)
        self._rounds = Counter({"done": 0, "failed": 0})
        self._events = Counter({"due": 0, "missed": 0, "failed": 0})
        self._last_round: datetime | None = None
        self._scheduler = False
        self._accepted = True
        self._beat: float | None = None

    def beat(self) -> None:
        """Note that the work goes on."""
        self._beat = self._clock()

    def round_ended(self, now: datetime, *, well: bool) -> None:
        """Count a round."""
        with self._lock:
            self._rounds["done" if well else "failed"] += 1
            if well:
                self._last_round = now

    def scheduler(self, *, running: bool) -> None:
        """Note whether the scheduler runs."""
        self._scheduler = running

    def scheduled(self, event: str) -> None:
        """Count an event of the scheduler: ``due``, ``missed`` or ``failed``."""
        with self._lock:
            self._events[event] += 1

    def config_read(self, now: datetime, *, accepted: bool) -> None:
        """Note what came of reading the config anew."""
        with self._lock:
            self._accepted = accepted
            if accepted:
                self._reloaded = now

    def condition(self) -> Condition:
        """Return how it is now."""
        with self._lock:
            return Condition(
                started=self._started,
                working=self._beat is not None and self._clock() - self._beat < HUNG,
                rounds=dict(self._rounds),
                last_round=self._last_round,
                scheduler_running=self._scheduler,
                scheduler_events=dict(self._events),
                reload_accepted=self._accepted,
                reloaded=self._reloaded,
            )
