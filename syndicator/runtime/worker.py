"""The scheduled worker: polls each source when it is due, and takes up pending work in between.

APScheduler only says "due": one date job per source, added anew after each poll. When a source is due follows
from the database (:mod:`syndicator.runtime.schedule`), so a restart forgets nothing.
"""

import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from syndicator.errors import OperatorError
from syndicator.runtime.build import open_workshop
from syndicator.runtime.once import run_once
from syndicator.runtime.schedule import next_due
from syndicator.settings.schema import Settings
from syndicator.store import overview

log = structlog.get_logger(__name__)

BETWEEN_ROUNDS = 60.0  # seconds; within them an editor's change is published and due work is tried again
GRACE = 20.0  # seconds from the signal to the end, whatever an engine or a source is doing


class Worker:
    """Runs cycles until it is told to stop."""

    def __init__(self, settings: Settings, between_rounds: float = BETWEEN_ROUNDS) -> None:
        self._settings = settings
        self._between_rounds = between_rounds
        self._due: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def stop(self) -> None:
        """End after the step that is being worked on, or after the grace period."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._due.put(None)
            # A pool thread that hangs would hold the process; all state is on disk, so leaving is safe.
            killer = threading.Timer(GRACE, lambda: os._exit(0))
            killer.daemon = True
            killer.start()

    def run(self) -> None:
        """Work until :meth:`stop`. Raises StoreError where the database cannot be opened at all."""
        self._scheduler.start()
        try:
            self._plan()
            while not self._stopping.is_set():
                sources = self._wait()
                if self._stopping.is_set():
                    break
                self._round(sources)
                self._plan(sources)
        finally:
            self._scheduler.shutdown(wait=False)

    def _wait(self) -> set[str]:
        """Return the sources that are due, waiting for the first of them for one round at most."""
        due: set[str] = set()
        deadline = time.monotonic() + self._between_rounds
        while not self._stopping.is_set():
            left = deadline - time.monotonic()
            try:
                named = self._due.get(timeout=max(0.0, left)) if not due else self._due.get_nowait()
            except queue.Empty:
                break
            if named is not None:
                due.add(named)
        return due

    def _round(self, sources: set[str]) -> None:
        try:
            with open_workshop(self._settings) as workshop:
                summary = run_once(workshop, polled=sources, ignore_backoff=False)
        except OperatorError as error:
            # A full disk or a locked database may pass; the next round tries again.
            log.error("round failed", error=str(error))
            return
        log.info(
            "round done",
            polled=sorted(sources),
            feeds_written=summary.feeds_written,
            **summary.translations,
        )

    def _plan(self, sources: set[str] | None = None) -> None:
        """Add the date jobs of sources (None: of all) from what the database remembers."""
        now = datetime.now(UTC)
        with open_workshop(self._settings, now) as workshop:
            with workshop.database.reading() as connection:
                known = overview.source_rows(connection)
            for source in workshop.sources:
                if sources is not None and source.id not in sources:
                    continue
                row = known.get(source.id)
                moments = [moment for moment in (row.last_success, row.last_error_at) if moment] if row else []
                at = next_due(
                    source, max(moments, default=None), row.failures if row else 0, workshop.timezone, now
                )
                self._scheduler.add_job(
                    self._due.put, "date", run_date=max(at, now), args=[source.id], id=source.id, replace_existing=True
                )


def run_worker(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Run the worker until SIGTERM or SIGINT. Raises StoreError."""
    worker = Worker(settings)

    def stop(number: int, _frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    ready()
    worker.run()
