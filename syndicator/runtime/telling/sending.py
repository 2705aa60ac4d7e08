"""Sends what was noted: in passing after ``once``, in a thread of its own beside the worker.

A notice is forgotten once its target took it. A kill between the two tells it again: with the same id.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from syndicator.errors import NoticeError, StoreError
from syndicator.runtime.telling.targets import targets_of
from syndicator.settings.schema import Settings
from syndicator.store import telling
from syndicator.store.database import Database

log = structlog.get_logger(__name__)

FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP = timedelta(days=7)
LONGEST_SLEEP = 60.0  # seconds; whoever notes something may be another process


def send_due(database: Database, settings: Settings, *, at_once: bool = False) -> None:
    """Tell every target what it is due to hear; ``at_once``: also what is put off.

    A target that fails is told later, longer each time; the others are not. Raises StoreError.
    """
    now = datetime.now(UTC)
    for target in targets_of(settings):
        with database.reading() as connection:
            notices = telling.due(connection, [target.key], None if at_once else now)
        if not notices:
            continue
        # Few cycles have news, and httpx takes long to load.
        from syndicator.runtime.telling.ways import deliver

        for notice in notices:
            try:
                deliver(target, notice.content)
            except NoticeError as error:
                log.warning("not told", target=target.name, error=str(error))
                _put_off(database, target.key, notice.attempts, str(error))
                break
            with database.writing() as connection:
                telling.drop(connection, notice.id)
            log.info("told", target=target.name, notice=notice.content["event"])


def _put_off(database: Database, key: str, attempts: int, error: str) -> None:
    now = datetime.now(UTC)
    with database.writing() as connection:
        telling.postpone(connection, key, error, now + delay(attempts))
        for notice in telling.due(connection, [key], None):
            if now - notice.created > GIVEN_UP:
                telling.drop(connection, notice.id)
                log.error("never told", after_days=GIVEN_UP.days, notice=notice.content)


def delay(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: doubling, up to six hours."""
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempts, 10)))


class Teller:
    """Sends in a thread of its own, so that no target that hangs holds the work."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tell", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Something was noted."""
        self._wake.set()

    def stop(self, seconds: float) -> None:
        """End after what is being told, or leave it where it hangs: it is on disk, and told again."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            settings = self._settings()
            if targets_of(settings):
                try:
                    with Database(settings.storage.database) as database:
                        send_due(database, settings)
                except StoreError as error:
                    log.warning("not told", error=str(error))
            self._wake.wait(LONGEST_SLEEP)
            self._wake.clear()
