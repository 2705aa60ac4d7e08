"""The addresses at which the built-in server tells how the service is."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from syndicator.errors import StoreError
from syndicator.runtime.monitoring.pulse import Pulse
from syndicator.serve.app import Answer, Route
from syndicator.settings.schema import Settings
from syndicator.store.database import Database

log = structlog.get_logger(__name__)

KEPT_SECONDS = 2.0
"""How long an answer is given again, however many ask."""

SHARE = 20
"""An answer that takes long to make is given again for so many times as long: a twentieth at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of: the settings as they are at each moment, and the worker in this process, if any."""

    settings: Callable[[], Settings]
    pulse: Pulse | None = None


def public_routes(told: Told) -> Mapping[str, Route]:
    """Return what anybody may ask: ``/readyz``."""
    return {"/readyz": _kept(lambda: readiness(told.settings(), told.pulse))}


def watched_routes(told: Told) -> Mapping[str, Route]:
    """Return what the watchers may ask: ``/metrics``, ``/status``."""
    return {
        "/metrics": _kept(lambda: metrics(told.settings(), told.pulse)),
        "/status": _kept(lambda: status(told.settings(), told.pulse)),
    }


def readiness(settings: Settings, pulse: Pulse | None) -> Answer:
    """Say whether everything is there that the service works with: ``ok``, or what is not."""
    lacking = []
    try:
        with Database(settings.storage.database, read_only=True):
            pass
    except StoreError as error:
        log.debug("not ready", error=str(error))
        lacking.append("the database cannot be read")
    feeds = settings.storage.feeds
    if isinstance(feeds, Path) and not feeds.is_dir():
        lacking.append("nothing is published yet")
    if pulse is not None and not pulse.condition().working:
        lacking.append("the worker does not move")
    if lacking:
        return Answer("".join(f"{each}\n" for each in lacking).encode(), 503)
    return Answer(b"ok\n")


def metrics(settings: Settings, pulse: Pulse | None) -> Answer:
    """Answer with the metrics; where the store cannot be read, with that and what else there is."""
    from syndicator.runtime.monitoring.exposition import MEDIA_TYPE, exposition
    from syndicator.runtime.monitoring.figures import figures_of, looking

    try:
        with looking(settings) as workshop:
            figures = figures_of(workshop)
    except StoreError as error:
        log.warning("metrics without the store", error=str(error))
        figures = None
    return Answer(exposition(figures, pulse.condition() if pulse else None), media_type=MEDIA_TYPE)


def status(settings: Settings, pulse: Pulse | None) -> Answer:
    """Answer with the status page."""
    from syndicator.runtime.monitoring.figures import looking
    from syndicator.runtime.monitoring.status_file import page_of

    refused = pulse is not None and not pulse.condition().reload_accepted
    try:
        with looking(settings) as workshop:
            return Answer(page_of(workshop, reload_refused=refused), media_type="text/html; charset=utf-8")
    except StoreError as error:
        return Answer(f"{error}\n".encode(), 503)


def _kept(make: Callable[[], Answer]) -> Route:
    """Return a route that makes its answer anew only after a while."""
    lock = threading.Lock()
    made: tuple[float, Answer] | None = None

    def route() -> Answer:
        nonlocal made
        with lock:
            begun = time.monotonic()
            if made is None or begun > made[0]:
                answer = make()
                ended = time.monotonic()
                made = (ended + max(KEPT_SECONDS, SHARE * (ended - begun)), answer)
            return made[1]

    return route
