"""Brings the counts of the web server's readers into the database, now and then and at its end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from syndicator.errors import StoreError
from syndicator.serve.readers import Readers
from syndicator.store import readership
from syndicator.store.database import Database

log = structlog.get_logger(__name__)

EVERY = 60.0  # seconds; a kill loses the counts of so long


@dataclass(slots=True)
class Counting:
    """A thread that stores what :class:`Readers` counted. Start it, and stop it at the end."""

    database: Path
    readers: Readers = field(default_factory=Readers)
    every: float = EVERY
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to store."""
        self._thread = threading.Thread(target=self._run, name="readers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store the last counts and end."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(5)
        self.flush()

    def flush(self) -> None:
        """Store what was counted; where that fails it is told and lost: readers are no reason to stop."""
        taken = self.readers.take()
        if not taken or not self.database.exists():
            return
        counts = {key: (one.requests, one.subscribers) for key, one in taken.items()}
        try:
            with Database(f"sqlite:///{self.database}") as database, database.writing() as connection:
                readership.add(connection, counts, self.clock())
        except StoreError as error:
            log.warning("readers not counted", error=str(error))

    def _run(self) -> None:
        while not self._end.wait(self.every):
            self.flush()
