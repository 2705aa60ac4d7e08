"""The scheduled worker: polls each source when it is due, and takes up pending work in between.

One thread, the main one, does the work in rounds; a round is a cycle over the sources that are due.
APScheduler only says "due": one date job per source, added anew after each poll. When a source is due next
stands in the database, so a restart changes no source's rhythm.

Everything that may happen to the worker meets it at a *safe point*, between two steps whose results are on
disk: a signal to stop, a reload, the proof for the watchdog that the work goes on. Where a cycle works beside
the main thread, too, that is where it hears of it soon after.
"""

import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from syndicator.errors import OperatorError, ServeError
from syndicator.ports import SourceState
from syndicator.runtime import thrift
from syndicator.runtime.build import Workshop, open_workshop
from syndicator.runtime.monitoring.pulse import Pulse
from syndicator.runtime.monitoring.status_file import write_status_file
from syndicator.runtime.notify import Notifier
from syndicator.runtime.once import Summary, run_once
from syndicator.runtime.reload import ConfigFile
from syndicator.runtime.serving import Beside
from syndicator.runtime.telling.noting import note_news, settle_targets
from syndicator.runtime.telling.sending import Teller
from syndicator.runtime.telling.targets import targets_of
from syndicator.settings.schema import Settings
from syndicator.steps.schedule import next_due, schedule_of
from syndicator.store import clock, overview
from syndicator.text.messages import tr

log = structlog.get_logger(__name__)

BETWEEN_ROUNDS = 60.0  # seconds; within them an editor's change is published and due work is tried again
PULSE = 5.0  # seconds between two looks at the config file while nothing is due
AT_MOST = 25  # articles translated per language and round: in between, sources are polled and feeds written
BETWEEN_LOOKS = 20.0  # seconds between two looks for what is wrong; a thousand sources cost 0.2 s of CPU
BETWEEN_PAGES = 300.0  # seconds between two writings of the status page
TELLING = 2.0  # seconds that a notice under way has at the end; it is on disk, and told again
JUMP = 30.0  # seconds: what clocks are adjusted by more than that was set
GRACE = 10.0  # seconds from the signal until what is under way is broken off
LAST_RESORT = 8.0  # seconds after that until the process ends, whatever hangs


class Stopping(BaseException):
    """Somebody asked the worker to end: no failure that anything on the way should handle."""


class Worker:
    """Runs rounds until it is told to stop."""

    def __init__(
        self,
        config: ConfigFile,
        settings: Settings,
        notifier: Notifier,
        between_rounds: float = BETWEEN_ROUNDS,
    ) -> None:
        self._config = config
        self._settings = settings
        self._notifier = notifier
        self._between_rounds = between_rounds
        self._pulse = Pulse()
        self._web = Beside(self._pulse)
        self._page_due = self._look_due = 0.0
        self._teller = Teller(lambda: self._settings)
        self._clock = ClockWatch()
        self._replan = False  # all sources have to be given their dates anew
        # A name: that source is due. None: look at what else there is (a signal came).
        self._due: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # No Events: a signal handler must take no lock that the main thread may hold.
        self._stopping = False
        self._reload = False
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(self._count, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED | EVENT_JOB_ERROR)

    def stop(self) -> None:
        """Ask the worker to end at its next safe point. May be called by a signal handler."""
        self._stopping = True
        self._due.put(None)

    def reload(self) -> None:
        """Ask the worker to read its config anew. May be called by a signal handler."""
        self._reload = True
        self._due.put(None)

    def safe_point(self) -> None:
        """Prove that the work goes on, and end it here if that was asked for. Raises Stopping."""
        self._beat()
        if self._stopping:
            raise Stopping

    def _beat(self) -> None:
        self._notifier.beat()
        self._pulse.beat()

    def _count(self, event: JobExecutionEvent) -> None:
        told = {EVENT_JOB_EXECUTED: "due", EVENT_JOB_MISSED: "missed", EVENT_JOB_ERROR: "failed"}
        self._pulse.scheduled(told[event.code])

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Work until :meth:`stop`.

        Raises StoreError where the database cannot be opened at the start, and ServeError where the built-in
        web server cannot listen then.
        """
        thrift.bound_arenas()
        thrift.migrate_apart(self._settings.storage.database)
        self._web.follow(self._settings)
        self._plan(None)
        self._scheduler.start()
        thrift.settle()
        self._pulse.scheduler(running=True)
        self._teller.start()
        self._pulse.beat()
        ready()
        try:
            at_once = False
            while not self._stopping:
                due = self._wait(0.0 if at_once else self._between_rounds)
                if self._stopping:
                    break
                self._look_at_config()
                self._look_at_clock()
                at_once = self._round(due)
        except Stopping:
            pass
        finally:
            self._scheduler.shutdown(wait=False)
            self._pulse.scheduler(running=False)
            self._web.stop()
            self._teller.stop(TELLING)

    def _wait(self, longest: float) -> set[str]:
        """Return the sources that are due; wait for the first of them, or for a signal, at most so long."""
        due: set[str] = set()
        deadline = time.monotonic() + longest
        # The watchdog wants to hear from this loop itself: one that hangs is to be noticed.
        pulse = min(self._notifier.watchdog / 4 or PULSE, PULSE)
        while not self._stopping:
            self._beat()
            left = deadline - time.monotonic()
            try:
                named = (
                    self._due.get(timeout=max(0.0, min(left, pulse))) if not due else self._due.get_nowait()
                )
            except queue.Empty:
                if due or left <= 0 or self._config.has_changed():
                    break
                continue
            if named is None:
                break
            due.add(named)
        return due

    def _look_at_config(self) -> None:
        """Take a changed config over; keep the old one where the new one has mistakes."""
        asked = self._reload
        if not asked and not self._config.has_changed():
            return
        self._reload = False
        self._notifier.reloading()
        fresh = self._config.read_again(self._settings)
        self._pulse.config_read(datetime.now(UTC), accepted=fresh is not None)
        self._look_due = 0.0
        if fresh is not None:
            self._settings = fresh
            self._forget_jobs()
            try:
                self._plan(None)
            except OperatorError as error:
                # A full disk or a locked database may pass: the next round asks again for all of them.
                log.error("round failed", error=str(error))
                self._replan = True
            try:
                self._web.follow(fresh)
            except ServeError as error:
                log.error("not served", error=str(error))
        self._notifier.ready(tr("working") if fresh is not None else tr("working with the last good config"))

    def _look_at_clock(self) -> None:
        """Give all sources their dates anew where the clock was set: a date job waits for its wall time."""
        moved = self._clock.moved()
        if moved:
            log.warning("clock was set", seconds=round(moved))
        if not moved and not self._replan:
            return
        try:
            self._plan(None)
            self._replan = False
        except OperatorError as error:
            log.error("round failed", error=str(error))
            self._replan = True

    def _forget_jobs(self) -> None:
        wanted = {source.id for source in self._settings.sources}
        for job in self._scheduler.get_jobs():
            if job.id not in wanted:
                job.remove()

    def _round(self, due: set[str]) -> bool:
        """Run one cycle; return whether more work is due at once."""
        try:
            with open_workshop(self._settings, beat=self.safe_point) as workshop:
                settle_targets(workshop)
                failing = _failing(workshop) if due else frozenset()
                summary = run_once(
                    workshop,
                    polled=due,
                    ignore_backoff=False,
                    at_most=AT_MOST,
                    report=lambda _: self.safe_point(),
                    progress=lambda _: self.safe_point(),
                )
                still = _failing(workshop) if due & failing else failing
            self._plan(due, hasty=still if due & failing - still else frozenset())
        except OperatorError as error:
            # A full disk or a locked database may pass; the next round tries again.
            log.error("round failed", error=str(error))
            self._pulse.round_ended(datetime.now(UTC), well=False)
            self._afterwards(news=False)
            for name in due:
                self._due_again(name)
            return False
        self._pulse.round_ended(datetime.now(UTC), well=True)
        self._afterwards(news=summary.feeds_written > 0)
        _tell(summary, due)
        thrift.give_back()
        return summary.left_over > 0

    def _afterwards(self, *, news: bool) -> None:
        """Note what there is to tell, and write the status page: each where it is time, or there is news.

        What goes wrong with that is logged, and stops nothing.
        """
        now = time.monotonic()
        page_due = now >= self._page_due
        telling = bool(targets_of(self._settings)) and (news or now >= self._look_due)
        if not page_due and not telling:
            return
        refused = not self._pulse.condition().reload_accepted
        try:
            with open_workshop(self._settings) as workshop:
                if telling:
                    self._look_due = now + BETWEEN_LOOKS
                    if note_news(workshop, reload_refused=refused):
                        self._teller.wake()
                if page_due:
                    self._page_due = time.monotonic() + BETWEEN_PAGES
                    write_status_file(workshop, reload_refused=refused)
        except OperatorError as error:
            log.warning("not told", error=str(error))

    def _due_again(self, name: str) -> None:
        """Put a source whose round failed back for the next round."""
        timer = threading.Timer(self._between_rounds, self._due.put, args=[name])
        timer.daemon = True
        timer.start()

    def _plan(self, polled: set[str] | None, hasty: frozenset[str] = frozenset()) -> None:
        """Give sources (None: all) their next date jobs, and store the moments.

        ``hasty`` as for :func:`due_moments`.
        """
        now = datetime.now(UTC)
        with open_workshop(self._settings, now) as workshop:
            moments = due_moments(workshop, polled, now, hasty)
        for name, at in moments.items():
            self._scheduler.add_job(
                self._due.put,
                "date",
                run_date=max(at, now),
                args=[name],
                id=name,
                replace_existing=True,
            )


class ClockWatch:
    """Notices that the wall clock was set, by the clock that nobody sets."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] | None = None,
    ) -> None:
        self._wall = wall
        self._steady = steady or _steady
        self._offset = self._wall() - self._steady()

    def moved(self) -> float:
        """Return by how many seconds the clock was set since the last call; 0 for what is no jump."""
        offset = self._wall() - self._steady()
        jump = offset - self._offset
        self._offset = offset
        return jump if abs(jump) >= JUMP else 0.0


def _steady() -> float:
    """Return a clock that nobody sets and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _failing(workshop: Workshop) -> frozenset[str]:
    """Return the sources whose last poll failed."""
    with workshop.database.reading() as connection:
        return frozenset(name for name, row in overview.source_rows(connection).items() if row.failures)


def due_moments(
    workshop: Workshop, polled: set[str] | None, now: datetime, hasty: frozenset[str] = frozenset()
) -> dict[str, datetime]:
    """Return, and store, when sources are due: those just polled, or with None all of them.

    A stored moment stays as it is while its source's schedule does: a restart or a reload moves no source's
    phase. ``hasty`` names failing sources that are asked again without the delay that their failures earned:
    another one has just recovered, so it may have been our network that was down for hours.
    """
    with workshop.database.reading() as connection:
        ahead = clock.ran_ahead(connection, now)
    if ahead:
        with workshop.database.writing() as connection:
            log.warning("clock ran ahead", mended=clock.mend(connection, now))
    with workshop.database.reading() as connection:
        known = overview.source_rows(connection)
    states = workshop.store.source_states([source.id for source in workshop.sources])
    moments: dict[str, datetime] = {}
    fresh: dict[str, tuple[str, datetime]] = {}
    for source in workshop.sources:
        if polled is not None and source.id not in polled and source.id not in hasty:
            continue
        schedule = schedule_of(source, workshop.timezone)
        row = known.get(source.id)
        if polled is None and row is not None and row.schedule == schedule and row.next_due is not None:
            moments[source.id] = row.next_due
            continue
        state = states.get(source.id, SourceState())
        at = next_due(source, state, workshop.timezone, now)
        if source.id in hasty and state.polled_at is not None and state.retry_at is None:
            at = min(at, max(now, state.polled_at + source.every))
        moments[source.id] = at
        fresh[source.id] = (schedule, at)
    if fresh:
        workshop.store.set_next_due(fresh)
    return moments


def _tell(summary: Summary, due: set[str]) -> None:
    news = summary.articles["new"] or summary.articles["updated"]
    tell = log.info if news or summary.translations["done"] or summary.feeds_written else log.debug
    tell(
        "round done",
        polled=len(due),
        **{name: summary.articles[name] for name in ("new", "updated")},
        **{name: summary.translations[name] for name in ("done", "pending", "held", "failed")},
        feeds_written=summary.feeds_written,
        seconds=summary.seconds,
    )


def run_worker(path: Path, settings: Settings) -> None:
    """Run the worker until SIGTERM or SIGINT; SIGHUP reads the config anew. Raises StoreError.

    The lock is the caller's.
    """
    notifier = Notifier(os.environ)
    worker = Worker(ConfigFile(path), settings, notifier)

    asked: queue.SimpleQueue[int] = queue.SimpleQueue()

    def see_off() -> None:
        number = asked.get()
        log.info("stopping", signal=signal.Signals(number).name)
        notifier.stopping()
        # Neither a library that swallows the exception nor a thread that hangs may hold the process: all
        # state is on disk, so leaving is safe at any moment.
        time.sleep(GRACE + LAST_RESORT)
        os._exit(0)

    def stop(number: int, _frame: FrameType | None) -> None:
        # No log line, no thread begins here: the main thread may hold the very lock that this would wait for.
        asked.put(number)
        worker.stop()
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    def break_off(_number: int, _frame: FrameType | None) -> None:
        raise Stopping

    threading.Thread(target=see_off, name="see-off", daemon=True).start()
    signal.signal(signal.SIGALRM, break_off)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, lambda *_: worker.reload())
    try:
        worker.run(lambda: notifier.ready(tr("working")))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    log.info("stopped")
