"""A recording proxy before the engine: every request with the list of texts that it carried."""

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

Pair = tuple[str, str]
PROBE = re.compile(r"\(\d+\)|\[X\d+X?\]|\[\d+\]|\{\d+\}|⟦[^⟧]*⟧|</?\w+[^>]*>")


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One request as the program sent it."""

    pair: Pair
    texts: tuple[str, ...]  # one per segment: a request's list, each cut at its line breaks
    size: int  # characters, line breaks included
    status: int


@dataclass(slots=True)
class Purchase:
    """What was bought for one language pair."""

    segments: list[str] = field(default_factory=list)  # distinct, in the order of their first request
    probes: set[str] = field(default_factory=set)  # distinct probes and lone spans
    requests: int = 0  # those that carried a segment
    probe_requests: int = 0  # those that carried nothing but probes and spans
    repeats: int = 0  # times that a segment was sent again


def texts_of(path: str, content_type: str, body: bytes) -> tuple[Pair, list[str]] | None:
    """The pair and the texts of an engine request; None for anything else (languages, statistics)."""
    url = urlsplit(path)
    fields: dict[str, object] = dict(parse_qs(url.query, keep_blank_values=True).items())
    if body and "json" in content_type:
        fields |= json.loads(body)
    elif body:
        fields |= parse_qs(body.decode(), keep_blank_values=True)
    names = {"/translate": ("source", "target"), "/m": ("sl", "tl")}.get(url.path)
    if names is None:
        return None
    q = fields.get("q", [])
    source, target = (first(fields.get(name, "")) for name in names)
    return (source, target), [q] if isinstance(q, str) else [str(text) for text in q] if isinstance(
        q, list
    ) else []


def first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)


def tally(
    requests: Iterable[EngineRequest],
    is_known: Callable[[str, Pair], bool],
    is_part: Callable[[str, Pair], bool],
) -> dict[Pair, Purchase]:
    """Sort what was sent into segments on the one hand, probes and lone spans on the other.

    ``is_known`` says of a text that it is made of whole recorded sentences, ``is_part`` that it is a piece
    from inside one. Anything else counts as a segment: nobody asked for it, but it was paid for.
    """
    found: dict[Pair, Purchase] = {}
    for request in requests:
        bought = found.setdefault(request.pair, Purchase())
        carries_segment = False
        for text in request.texts:
            if not is_known(text, request.pair) and (PROBE.search(text) or is_part(text, request.pair)):
                bought.probes.add(text)
                continue
            carries_segment = True
            if text in bought.segments:
                bought.repeats += 1
            else:
                bought.segments.append(text)
        bought.requests += carries_segment
        bought.probe_requests += not carries_segment
    return found


def first_fit(sizes: Sequence[int], capacity: int) -> int:
    """How many requests of ``capacity`` characters first-fit packing needs for texts of these sizes."""
    room: list[int] = []
    for size in sizes:
        place = next((at for at, free in enumerate(room) if free >= size), None)
        if place is None:
            room.append(capacity - size)
        else:
            room[place] -= size
    return len(room)


class EngineTap:
    """The proxy. Use as a context manager; ``url`` is where the program finds the engine."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.requests: list[EngineRequest] = []
        self.lock = threading.Lock()
        self.server = TapServer(self)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def take(self) -> list[EngineRequest]:
        """The requests since the last call."""
        with self.lock:
            taken, self.requests = self.requests, []
        return taken

    def record(self, path: str, content_type: str, body: bytes, status: int) -> None:
        asked = texts_of(path, content_type, body)
        if asked is None:
            return
        pair, texts = asked
        lines = tuple(line.strip() for text in texts for line in text.split("\n") if line.strip())
        with self.lock:
            self.requests.append(EngineRequest(pair, lines, sum(map(len, texts)), status))


class TapServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tap: EngineTap) -> None:
        super().__init__(("127.0.0.1", 0), TapHandler)
        self.tap = tap

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that was stopped in mid-answer is no news here."""


class TapHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: TapServer

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content_type = self.headers.get("Content-Type", "")
        connection = http.client.HTTPConnection(self.server.tap.target, timeout=300)
        try:
            connection.request(self.command, self.path, body or None, {"Content-Type": content_type})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        self.server.tap.record(self.path, content_type, body, response.status)
        self.send_response(HTTPStatus(response.status))
        for name in ("Content-Type", "Retry-After"):
            if value := response.getheader(name):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
