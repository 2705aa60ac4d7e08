"""The built-in web server: in a thread beside the worker, or as a command of its own."""

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from syndicator.runtime.trees import folder_of
from syndicator.serve.app import PublishedTree, Route, alive
from syndicator.serve.server import Server, address_of, allow_many_connections, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
from syndicator.settings.schema import ServeSettings, Settings

log = structlog.get_logger(__name__)

STOP_SECONDS = 15.0


def application(settings: Settings, routes: Mapping[str, Route] | None = None) -> PublishedTree:
    """Return the application that serves the configured tree.

    ``routes`` are further addresses, such as ``/metrics``; ``/livez`` is always there.
    """
    serve = settings.serve or ServeSettings()
    house = House(settings.site.base_url, serve.embed_ancestors)
    return PublishedTree(Shelf(folder_of(settings), house), {"/livez": alive, **(routes or {})})


def bind_of(settings: Settings) -> str:
    """Return the configured ``HOST:PORT``."""
    return (settings.serve or ServeSettings()).bind


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs in a thread of its own."""

    address: str  # "http://127.0.0.1:8080/"
    server: Server
    thread: threading.Thread

    def stop(self) -> None:
        """Let answers that are under way finish, for a few seconds, then end; returns when it has ended."""
        self.server.should_exit = True
        self.thread.join(STOP_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self.thread.is_alive()


def start_in_thread(
    settings: Settings, *, bind: str = "", routes: Mapping[str, Route] | None = None
) -> Serving:
    """Serve the configured tree in a thread; ``bind`` overrides the config's place.

    Returns when the server listens. Raises ServeError.
    """
    listening = listen(bind or bind_of(settings))
    allow_many_connections()
    server = Server(application(settings, routes))
    address = address_of(listening)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), name="serve", daemon=True
    )
    thread.start()
    log.info("serving", address=address, folder=str(settings.storage.feeds))
    return Serving(address, server, thread)


class Beside:
    """The server beside a worker: there while the config has ``serve``, and as the config has it."""

    def __init__(self) -> None:
        self._serving: Serving | None = None
        self._shown: tuple[object, ...] | None = None

    def follow(self, settings: Settings) -> None:
        """Start, stop or move the server where these settings differ from the last. Raises ServeError."""
        wanted = (settings.serve, settings.storage.feeds, settings.site.base_url) if settings.serve else None
        if wanted == self._shown:
            return
        self.stop()
        if wanted:
            self._serving = start_in_thread(settings)
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
    server = Server(application(settings, routes))

    def stop(_number: int, _frame: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ready(address_of(listening))
        asyncio.run(server.serve(sockets=[listening]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
