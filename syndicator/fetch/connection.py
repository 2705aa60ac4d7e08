"""Connections to addresses that the guard has checked, within one time limit and one size limit.

This is a network backend for httpcore, below TLS and HTTP: whatever a server does at those levels, the time
and the number of bytes it can take are bounded here. Checking a name first and letting the HTTP library
resolve it again would be open to a name that answers differently the second time (DNS rebinding).
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from syndicator.errors import AddressRefusedError, FetchTimeoutError, TooLargeError, UnreachableError
from syndicator.fetch.guard import Exemptions, IPAddress, is_exempt, literal_address, permitted
from syndicator.text.messages import tr

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@dataclass(slots=True)
class Exchange:
    """One question and its answer, over all redirects: what is left of its time and size."""

    place: str  # the address asked, for messages
    ends_at: float  # on the clock of time.monotonic()
    bytes_left: int  # how much the server may still send, packed as it is

    def seconds_left(self, wish: float | None) -> float:
        """Return the time that a step may take: what is left, at most what it asks for.

        Raises FetchTimeoutError where nothing is left.
        """
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise FetchTimeoutError(tr("{url}: the answer took too long", url=self.place))
        return left if wish is None else min(left, wish)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to permitted addresses only."""

    def __init__(self, exchange: Exchange, exemptions: Exemptions, ports: frozenset[int]) -> None:
        self._exchange = exchange
        self._exemptions = exemptions
        self._ports = ports
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first permitted address that accepts.

        Raises UnreachableError, FetchTimeoutError, or AddressRefusedError where none is permitted.
        """
        exchange = self._exchange
        found = resolve(host, port, exchange)
        addresses = permitted(host, found, self._exemptions)
        if not addresses:
            raise AddressRefusedError(
                tr(
                    "{url}: {host} is a private address ({address}); if that is meant, name it in "
                    "fetch.allow_private",
                    url=exchange.place,
                    host=host,
                    address=", ".join(map(str, found)),
                )
            )
        if port not in self._ports and not is_exempt(host, addresses, self._exemptions):
            # Behind other ports stand mail servers, databases and consoles that take a request for a command.
            raise AddressRefusedError(
                tr(
                    "{url}: port {port} is none that web sites use; if it is meant, name it in fetch.ports",
                    url=exchange.place,
                    port=port,
                )
            )
        problem: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for number, address in enumerate(addresses):
            # A share of the time for each, or an address that swallows packets would use up all of it.
            share = exchange.seconds_left(timeout) / (len(addresses) - number)
            try:
                stream = self._network.connect_tcp(
                    str(address), port, share, local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return GuardedStream(stream, exchange)
        raise unreachable(exchange.place, problem) from problem


class GuardedStream(httpcore.NetworkStream):
    """A connection that ends with its exchange's time or size."""

    def __init__(self, stream: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; raises TooLargeError and FetchTimeoutError at the exchange's limits."""
        received = self._stream.read(max_bytes, self._exchange.seconds_left(timeout))
        self._exchange.bytes_left -= len(received)
        if self._exchange.bytes_left < 0:
            raise TooLargeError(
                tr("{url}: the answer is larger than fetch.max_bytes allows", url=self._exchange.place)
            )
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; raises FetchTimeoutError at the exchange's limit."""
        self._stream.write(buffer, self._exchange.seconds_left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go over to TLS; raises UnreachableError where the server's certificate is not valid."""
        place = self._exchange.place
        try:
            stream = self._stream.start_tls(
                ssl_context, server_hostname, self._exchange.seconds_left(timeout)
            )
        except httpcore.ConnectError as error:
            raise unreachable(place, error) from error
        return GuardedStream(stream, self._exchange)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return what httpcore asks about the connection."""
        return self._stream.get_extra_info(info)


class GuardedTransport(httpx.HTTPTransport):
    """An httpx transport over guarded connections, none of which is kept alive.

    With the connections of many hosts kept alive, httpcore looks through all of them at every request: 5.1 ms
    a poll against 0.7 for 1,000 hosts.
    """

    def __init__(
        self,
        exchange: Exchange,
        exemptions: Exemptions,
        ssl_context: ssl.SSLContext,
        ports: frozenset[int],
    ) -> None:
        # httpx offers no parameter for the backend. Its own constructor is left out: should the attribute be
        # renamed one day, requests fail instead of going unguarded.
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_keepalive_connections=0,
            network_backend=GuardedBackend(exchange, exemptions, ports),
        )


def resolve(host: str, port: int, exchange: Exchange) -> tuple[IPAddress, ...]:
    """Return a host's addresses as the system's resolver orders them.

    Raises UnreachableError where there is none, FetchTimeoutError where the resolver does not answer in time.
    """
    literal = literal_address(host)
    if literal is not None:
        return (literal,)
    # The system's resolver knows no time limit, so it works in a thread that may be left behind; a daemon,
    # because a pool's thread would hold the process at its end.
    answers: queue.SimpleQueue[tuple[IPAddress, ...] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(tuple(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found)))

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=exchange.seconds_left(None))
    except queue.Empty as error:
        raise FetchTimeoutError(
            tr("{url}: the name service did not answer in time", url=exchange.place)
        ) from error
    if isinstance(answer, tuple):
        return answer
    if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
        raise UnreachableError(
            tr("{url}: the server's name cannot be looked up at the moment", url=exchange.place)
        ) from answer
    raise UnreachableError(tr("{url}: the server's name does not resolve", url=exchange.place)) from answer


def unreachable(place: str, error: BaseException | None) -> UnreachableError | FetchTimeoutError:
    """Name in the operator's words why there is no connection."""
    reason = error.__cause__ or error.__context__ if error is not None else None
    if isinstance(error, httpcore.TimeoutException):
        return FetchTimeoutError(tr("{url}: the server does not accept connections in time", url=place))
    if isinstance(reason, ssl.SSLCertVerificationError):
        return UnreachableError(
            tr(
                "{url}: the server's certificate is not valid: {reason}",
                url=place,
                reason=reason.verify_message,
            )
        )
    if isinstance(reason, ssl.SSLError):
        return UnreachableError(
            tr(
                "{url}: no encrypted connection could be made: {reason}",
                url=place,
                reason=reason.reason or reason,
            )
        )
    if isinstance(reason, ConnectionRefusedError):
        return UnreachableError(tr("{url}: the server refuses connections", url=place))
    return UnreachableError(
        tr("{url}: the server cannot be reached: {reason}", url=place, reason=reason or error)
    )
