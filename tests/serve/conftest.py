"""A published tree, and two ways to ask for what is in it: the application alone, and the real server."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from syndicator.output.local import LocalTree
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, _Connection, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House

FEED = "<rss>Новина</rss>".encode() * 100
PAGE = b"<!DOCTYPE html><title>Index</title>" + b"<p>text</p>" * 100
FILES = {
    "index.html": PAGE,
    "feeds.opml": b"<opml/>",
    "en/all.rss": FEED,
    "en/all.archive-1.rss": FEED,
    "en/all.atom": b"<feed/>" * 100,
    "en/all.json": b'{"version": "1.1"}' * 50,
    "en/all.embed.html": PAGE,
    "en/index.html": b"<p>English</p>",
    "private/s3cr3t/en/all.rss": FEED,
    "assets/page.0123456789ab.css": b"p{}" * 100,
    "photo.png": b"\x89PNG" * 100,
}


@dataclass
class Said:
    """What the application answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Asker:
    """Asks the application itself, without a server."""

    app: PublishedTree
    tree: LocalTree

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Said:
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": named}
        scope["raw_path"] = path.encode("latin-1")
        said = Said()

        async def send(message: dict) -> None:
            if message["type"] == "http.response.start":
                said.status = message["status"]
                names = [name for name, _ in message["headers"]]
                assert len(names) == len(set(names)), names
                said.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                said.body += message.get("body", b"")

        async def receive() -> dict:
            raise AssertionError("nothing that is answered here has a body")

        asyncio.run(self.app(scope, receive, send))
        return said


@pytest.fixture
def tree(tmp_path: Path) -> LocalTree:
    tree = LocalTree(tmp_path / "feeds", compress=True)
    for path, data in FILES.items():
        tree.write(path, data)
    return tree


@pytest.fixture
def ask(tree: LocalTree) -> Asker:
    house = House("https://feeds.example.eu/", ["https://partner.example"])
    return Asker(PublishedTree(Shelf(tree.root, house)), tree)


@contextmanager
def running(root: Path, read_seconds: float = 10, write_seconds: float = 60) -> Iterator[str]:
    """Run the real server in a thread with other deadlines; give its HOST:PORT."""
    limits = {"read_seconds": read_seconds, "write_seconds": write_seconds}
    connection = type("Connection", (_Connection,), limits)
    listening = listen("127.0.0.1:0")
    server = Server(PublishedTree(Shelf(root, House("https://feeds.example.eu/"))), connection)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
