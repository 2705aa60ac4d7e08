"""uvicorn, with limits for clients that are slow on purpose.

uvicorn waits for ever for the rest of a request, and for ever for a client that does not read its answer.
Here each connection has a deadline that only progress moves, and what one client can make the process hold
is bounded: 16 kB of headers, a piece of a file and the transport's buffer.
"""

import asyncio
import contextlib
import resource
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from syndicator.errors import ServeError
from syndicator.serve.app import PublishedTree
from syndicator.text.messages import tr

READ_SECONDS = 10.0
"""For the whole of a request to come in."""

WRITE_SECONDS = 60.0
"""For a client to take the next 64 kB or so of its answer."""

MOST_HEADERS = 16 * 1024
MOST_CONNECTIONS = 1000
"""With so many open, further requests are answered with 503; with twice as many, not at all."""

_KEEP_ALIVE_SECONDS = 15
_STOP_SECONDS = 5
_HANDLES = 3 * MOST_CONNECTIONS


class _Connection(HttpToolsProtocol):
    """One client's connection, with a deadline."""

    read_seconds = READ_SECONDS
    write_seconds = WRITE_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.message_open = False  # a request has begun and not ended
        self.in_headers = True
        self.header_bytes = 0
        self._allow(self.read_seconds)
        if len(self.connections) > 2 * MOST_CONNECTIONS:
            transport.abort()

    def _allow(self, seconds: float) -> None:
        self.deadline = self.loop.time() + seconds

    @property
    def answering(self) -> bool:
        """Whether an answer is under way."""
        return self.cycle is not None and not self.cycle.response_complete

    def is_overdue(self, now: float) -> bool:
        """Return whether the client has made us wait too long; an idle one is uvicorn's affair."""
        if now < self.deadline:
            return False
        waiting_for_us = self.message_open or self.cycle is None or self.answering
        return waiting_for_us or self.transport.get_write_buffer_size() > 0

    def data_received(self, data: bytes) -> None:
        if not self.message_open and not self.answering and self.cycle is not None:
            self._allow(self.read_seconds)  # the next request on this connection begins
            self.message_open = True
        super().data_received(data)
        if self.in_headers:
            self.header_bytes += len(data)
            if self.header_bytes > MOST_HEADERS and not self.transport.is_closing():
                self._refuse()

    def _refuse(self) -> None:
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        )
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 - any ASGI3
        """Answer at once that nothing changed, if that is so; else as uvicorn does.

        A task costs a further turn of the event loop, which is a third of such an answer's time.
        """
        unchanged = None
        if isinstance(app, PublishedTree) and not self.flow.write_paused:
            unchanged = app.unchanged(dict(cycle.scope))
        if unchanged is None:
            super()._start_asgi_task(cycle, app)
            return
        for message in (
            {"type": "http.response.start", "status": 304, "headers": unchanged},
            {"type": "http.response.body"},
        ):
            with contextlib.suppress(StopIteration):
                cycle.send(message).send(None)  # type: ignore[arg-type]  # waits only while writing is paused

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.message_open = True
        self.in_headers = True
        self.header_bytes = 0

    def on_headers_complete(self) -> None:
        self.in_headers = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.message_open = False
        self._allow(self.write_seconds)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if not self.message_open:
            self._allow(self.write_seconds)
        super().on_response_complete()

    def resume_writing(self) -> None:
        if not self.message_open:
            self._allow(self.write_seconds)
        super().resume_writing()


class Server(uvicorn.Server):
    """Serves an application on sockets that are open already. Stops where ``should_exit`` is set."""

    def __init__(self, app: PublishedTree, connection: type[HttpToolsProtocol] = _Connection) -> None:
        # uvicorn's own log tells of each malformed request: anybody could fill the disk.
        config = uvicorn.Config(
            app,
            http=connection,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """Once a second, end the connections of clients that do nothing."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, _Connection) and connection.is_overdue(now):
                    connection.transport.abort()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers that are under way finish, for a while; then end every connection."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def listen(bind: str) -> socket.socket:
    """Return a socket that listens at ``HOST:PORT`` (``[::1]:8080`` for IPv6). Raises ServeError."""
    host, _, port = bind.rpartition(":")
    opened: socket.socket | None = None
    try:
        places = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = places[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(2048)
        opened.setblocking(False)
    except OSError as error:
        if opened is not None:
            opened.close()
        raise ServeError(
            tr(
                "cannot listen at {bind}: {reason}; choose another place with serve.bind or --bind HOST:PORT",
                bind=bind,
                reason=error.strerror or str(error),
            )
        ) from error
    return opened


def address_of(listening: socket.socket) -> str:
    """Return the web address at which a socket listens."""
    name: Any = listening.getsockname()
    host, port = name[0], name[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def allow_many_connections() -> None:
    """Raise this process's limit of open files to what the most connections need, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _HANDLES if hard == resource.RLIM_INFINITY else min(_HANDLES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
