"""The real server on loopback: what uvicorn and our limits make of real connections."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from syndicator.errors import ServeError
from syndicator.serve.server import MOST_HEADERS, address_of, listen

from .conftest import FEED, running

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds until a test gives up


def connect(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def everything(connection: socket.socket) -> bytes:
    """Return what comes until the server ends the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            received += piece
    return received


def test_a_reader_keeps_its_connection_and_gets_304(tree):
    with running(tree.root) as place, httpx.Client(base_url=f"http://{place}") as client:
        first = client.get("/en/all.rss")
        assert (first.status_code, first.content) == (200, FEED)
        assert first.headers["content-encoding"] in {"gzip", "br", "zstd"}
        assert "server" not in first.headers
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-Modified-Since": first.headers["last-modified"]},
        ):
            again = client.get("/en/all.rss", headers=headers)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            assert "date" in again.headers
        assert client.head("/en/all.rss").headers["content-length"] == first.headers["content-length"]
        assert client.get("/none").status_code == 404
        assert client.post("/en/all.rss", content=b"x" * 100_000).status_code == 405


def test_paths_are_taken_as_they_were_sent(tree):
    (tree.root.parent / "secret").write_bytes(b"SECRET")
    for path in (b"/../secret", b"/en/%2e%2e/%2e%2e/secret", b"/..%2fsecret", b"/en/..%00", b"//secret"):
        with running(tree.root) as place, connect(place) as connection:
            connection.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
            answer = everything(connection)
        assert b"SECRET" not in answer
        assert answer.split(b" ")[1] in {b"404", b"400"}


def test_several_requests_at_once_are_answered_in_their_order(tree):
    with running(tree.root) as place, connect(place) as connection:
        etag = httpx.get(f"http://{place}/photo.png").headers["etag"].encode()
        connection.sendall(
            b"GET /photo.png HTTP/1.1\r\nHost: x\r\nIf-None-Match: %s\r\n\r\n"
            b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
            b"HEAD /photo.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % etag
        )
        answers = everything(connection)
    assert [answers.count(b"HTTP/1.1 %d" % status) for status in (304, 200)] == [1, 2]
    assert answers.index(b" 304 ") < answers.index(b"ok\n") < answers.rindex(b"image/png")


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /en/all.rss HTTP/1.1\r\nHost: x\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
        b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTT",
    ],
    ids=["nothing", "half the headers", "half a body", "half a second request"],
)
def test_a_client_that_does_not_finish_its_request_is_left(tree, beginning):
    with running(tree.root, read_seconds=0.3, write_seconds=0.3) as place, connect(place) as connection:
        connection.sendall(beginning)
        everything(connection)  # returns, or the connection's timeout fails the test


def test_a_client_that_drips_its_request_is_left(tree):
    with running(tree.root, read_seconds=0.5) as place, connect(place) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(PATIENCE * 10):
            try:
                connection.sendall(b"X: y\r\n")
            except OSError:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the server reads on and on")


def test_a_client_that_does_not_read_its_answer_is_left(tree):
    tree.write("large.bin", bytes(20_000_000))
    with running(tree.root, write_seconds=0.5) as place, connect(place) as connection:
        connection.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(3)
        assert len(everything(connection)) < 20_000_000


def test_a_slow_client_that_reads_gets_all(tree):
    data = os.urandom(3_000_000)
    tree.write("large.bin", data)
    with running(tree.root, write_seconds=2) as place, connect(place) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(100_000):
            received += piece
            time.sleep(0.05)
    assert received.endswith(data)


def test_endless_headers_are_refused(tree):
    with running(tree.root) as place, connect(place) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                connection.sendall(b"X: %s\r\n" % (b"y" * 1000))
        with contextlib.suppress(OSError):
            assert b" 431 " in everything(connection)


def test_headers_of_a_usual_size_are_read(tree):
    with running(tree.root) as place:
        cookie = {"Cookie": "x" * (MOST_HEADERS // 2)}
        assert httpx.get(f"http://{place}/", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01\x02\x00", b"HELO x\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n"]
)
def test_nonsense_gets_an_answer_and_harms_nobody(tree, nonsense):
    with running(tree.root) as place:
        with connect(place) as connection:
            connection.sendall(nonsense)
            assert everything(connection).startswith(b"HTTP/1.1 400")
        assert httpx.get(f"http://{place}/livez").text == "ok\n"


def test_a_place_that_is_taken_is_told():
    with listen("127.0.0.1:0") as taken:
        place = address_of(taken).removeprefix("http://").rstrip("/")
        with pytest.raises(ServeError, match=rf"cannot listen at {place}.*--bind"):
            listen(place)


def test_a_name_that_is_none_of_ours_is_told():
    with pytest.raises(ServeError, match=r"cannot listen at 192\.0\.2\.1:80"):
        listen("192.0.2.1:80")


SERVE = """
import asyncio, pathlib, signal, sys
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, allow_many_connections, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
listening = listen("127.0.0.1:0")
allow_many_connections()
server = Server(PublishedTree(Shelf(pathlib.Path(sys.argv[1]), House("https://e.example/"))))
signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
print(listening.getsockname()[1], flush=True)
asyncio.run(server.serve(sockets=[listening]))
"""


def resident(process: "subprocess.Popen[str]") -> int:
    """Return a process's memory in bytes."""
    pages = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads a process's memory from /proc")
def test_a_hundred_clients_that_read_nothing_cost_little_and_delay_nobody(tree):
    tree.write("large.bin", bytes(20_000_000))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tree.root)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process, contextlib.ExitStack() as clients:
        try:
            place = f"127.0.0.1:{process.stdout.readline().strip()}"
            httpx.get(f"http://{place}/en/all.rss")
            before = resident(process)
            for _ in range(100):
                client = clients.enter_context(connect(place))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(1)
            assert httpx.get(f"http://{place}/en/all.rss", timeout=PATIENCE).content == FEED
            assert resident(process) - before < 100 * 400_000
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
