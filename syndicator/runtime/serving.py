"""The built-in web server: in a thread beside the worker, or as a command of its own."""

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from syndicator.runtime.counting import Counting
from syndicator.runtime.leaving import is_gone
from syndicator.runtime.monitoring.pulse import Pulse
from syndicator.runtime.monitoring.routes import Told, public_routes, watched_routes
from syndicator.runtime.trees import folder_of
from syndicator.serve.app import PublishedTree, Route, alive
from syndicator.serve.readers import Readers
from syndicator.serve.server import Server, address_of, allow_many_connections, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
from syndicator.serve.watchers import watchers
from syndicator.settings.schema import ServeSettings, Settings
from syndicator.store.database import path_of

log = structlog.get_logger(__name__)

STOP_SECONDS = 15.0


def application(
    settings: Settings,
    routes: Mapping[str, Route] | None = None,
    told: Told | None = None,
    readers: Readers | None = None,
) -> PublishedTree:
    """Return the application that serves the configured tree and tells how the service is.

    ``routes`` are further addresses that anybody may ask. ``told`` is given where a worker runs in this
    process. ``readers`` counts who asks for feeds.
    """
    serve = settings.serve or ServeSettings()
    told = told or Told(lambda: settings)
    hubs = settings.websub.hubs if settings.websub else ()
    house = House(settings.site.base_url, serve.embed_ancestors, hubs)
    database = path_of(settings.storage.database)
    return PublishedTree(
        Shelf(folder_of(settings), house),
        {"/livez": alive, **public_routes(told), **(routes or {})},
        watched_routes(told),
        watchers(serve.watchers),
        gone=lambda path: is_gone(database, path),
        asked=(readers or Readers()).note,
    )


def bind_of(settings: Settings) -> str:
    """Return the configured ``HOST:PORT``."""
    return (settings.serve or ServeSettings()).bind


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs in a thread of its own."""

    address: str  # "http://127.0.0.1:8080/"
    server: Server
    thread: threading.Thread
    counting: Counting

    def stop(self) -> None:
        """Let answers that are under way finish, for a few seconds, then end; returns when it has ended."""
        self.server.should_exit = True
        self.thread.join(STOP_SECONDS)
        self.counting.stop()

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self.thread.is_alive()


def start_in_thread(
    settings: Settings,
    *,
    bind: str = "",
    routes: Mapping[str, Route] | None = None,
    told: Told | None = None,
) -> Serving:
    """Serve the configured tree in a thread; ``bind`` overrides the config's place.

    Returns when the server listens. Raises ServeError.
    """
    listening = listen(bind or bind_of(settings))
    allow_many_connections()
    counting = Counting(path_of(settings.storage.database))
    server = Server(application(settings, routes, told, counting.readers))
    address = address_of(listening)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), name="serve", daemon=True
    )
    thread.start()
    counting.start()
    log.info("serving", address=address, folder=str(settings.storage.feeds))
    return Serving(address, server, thread, counting)


class Beside:
    """The server beside a worker: there while the config has ``serve``, and as the config has it."""

    def __init__(self, pulse: Pulse | None = None) -> None:
        self._pulse = pulse
        self._serving: Serving | None = None
        self._shown: tuple[object, ...] | None = None
        self._settings: Settings | None = None

    def follow(self, settings: Settings) -> None:
        """Start, stop or move the server where these settings differ from the last. Raises ServeError."""
        self._settings = settings
        shown = (settings.serve, settings.storage.feeds, settings.site.base_url, settings.websub)
        wanted = shown if settings.serve else None
        if wanted == self._shown:
            return
        self.stop()
        if wanted:
            self._serving = start_in_thread(
                settings, told=Told(lambda: self._settings or settings, self._pulse)
            )
        self._shown = wanted

    def stop(self) -> None:
        """End the server, if there is one."""
        if self._serving is not None:
            self._serving.stop()
        self._serving, self._shown = None, None


def serve(
    settings: Settings,
    *,
    bind: str = "",
    routes: Mapping[str, Route] | None = None,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the configured tree until SIGTERM or SIGINT; a second one does not wait for slow clients.

    ``ready`` gets the address once the server listens. For the main thread. Raises ServeError.
    """
    listening = listen(bind or bind_of(settings))
    allow_many_connections()
    counting = Counting(path_of(settings.storage.database))
    server = Server(application(settings, routes, readers=counting.readers))
    counting.start()

    def stop(_number: int, _frame: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ready(address_of(listening))
        asyncio.run(server.serve(sockets=[listening]))
    finally:
        counting.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
