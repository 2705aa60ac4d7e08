import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from syndicator.fetch.client import HttpFetcher

Route = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A web server on loopback: paths lead to functions, and every request's headers are kept."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                site.routes.get(self.path, lambda handler: handler.send_error(404))(self)

            def log_message(self, *_args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that hang up are what some tests are about
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Let a path answer always the same; returns its address."""

        def route(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in headers:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.routes[path] = route
        return self.url(path)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def fetcher_with() -> Iterator[Callable[..., HttpFetcher]]:
    """Build fetchers that reach loopback, without a pause between requests unless asked for."""
    with ExitStack() as stack:

        def build(**settings: object) -> HttpFetcher:
            defaults: dict[str, object] = {
                "user_agent": "syndicator-test (ops@example.eu)",
                "timeout": timedelta(seconds=5),
                "max_bytes": 100_000,
                "allow_private": ("127.0.0.1",),
                "per_host_concurrency": 2,
                "per_host_delay": timedelta(0),
            }
            return stack.enter_context(HttpFetcher(**(defaults | settings)))

        yield build


@pytest.fixture
def fetcher(fetcher_with: Callable[..., HttpFetcher]) -> HttpFetcher:
    return fetcher_with()
