"""What a cycle costs in which nothing is new: 1,000 sources against a bare loop over the same addresses.

Both use the same client options (no connection kept alive, one TLS context, no environment) and the same
number of threads, and ask the same loopback server, which runs in a process of its own, with the same
validators. CPU time of this process, the best of several interleaved runs. Floor: 1.25 times the bare loop.

    python benchmarks/polling.py [SOURCES] [RUNS]
"""

import multiprocessing
import socketserver
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from syndicator.fetch.client import HttpFetcher
from syndicator.fetch.inbox import LocalInbox
from syndicator.fetch.polite import PoliteFetcher
from syndicator.model import Publish, Source, SourceKind
from syndicator.runtime.once import POLLERS, in_threads
from syndicator.steps.intake import take_in_sources
from syndicator.steps.world import World
from syndicator.store.database import Database
from syndicator.store.store import SqlHosts, SqlStore

FLOOR = 1.25
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
ACCEPT = "application/atom+xml, application/rss+xml, */*;q=0.5"


class Handler(socketserver.StreamRequestHandler):
    """Answers 304 to whoever knows the feed, 404 for what hosts say of themselves."""

    def handle(self):
        request = self.rfile.readline()
        known = False
        while (line := self.rfile.readline().strip()) != b"":
            known = known or line.lower().startswith(b"if-none-match")
        if b"/feed" not in request:
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif known:
            self.wfile.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n')
        else:
            self.wfile.write(
                b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n'
                b"Content-Length: %d\r\n\r\n%s" % (len(FEED), FEED)
            )


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 512
    daemon_threads = True
    allow_reuse_address = True


def serve(ports):
    with Server(("127.0.0.1", 0), Handler) as server:
        ports.put(server.server_address[1])
        server.serve_forever()


def bare(urls, context):
    with (
        httpx.Client(
            verify=context,
            trust_env=False,
            timeout=20,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "bare", "Accept": ACCEPT, "If-None-Match": '"1"'},
        ) as client,
        ThreadPoolExecutor(POLLERS) as pool,
    ):
        assert set(pool.map(lambda url: client.get(url).status_code, urls)) == {304}


def ours(world, sources):
    for intake in take_in_sources(world, sources, in_threads):
        assert not intake.error, intake.error


def cost(function, *arguments):
    begun = time.process_time()
    function(*arguments)
    return time.process_time() - begun


def main(number=1000, runs=5):
    ports = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(ports,), daemon=True)
    server.start()
    port = ports.get()
    urls = [f"http://127.0.0.1:{port}/feed/{n}" for n in range(number)]
    sources = [
        Source(f"s{n}", SourceKind.FEED, {"": "s"}, url, "", "bg", Publish.TITLE)
        for n, url in enumerate(urls)
    ]
    context = httpx.create_ssl_context(trust_env=False)
    try:
        with tempfile.TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/s.db") as database:
            inner = HttpFetcher(
                "bench",
                timedelta(seconds=20),
                1_000_000,
                ("127.0.0.1",),
                32,
                timedelta(0),
                ssl_context=context,
            )
            with PoliteFetcher(inner, SqlHosts(database), lambda: datetime.now(UTC)) as fetcher:
                world = World(
                    SqlStore(database), fetcher, LocalInbox(1000), datetime.now(UTC), ZoneInfo("UTC"), "h"
                )
                ours(world, sources)  # the first poll is not measured: nothing is known yet
                bare(urls, context)
                pairs = [(cost(bare, urls, context), cost(ours, world, sources)) for _ in range(runs)]
    finally:
        server.terminate()
        server.join()
    plain, own = (min(pair[index] for pair in pairs) for index in (0, 1))
    print(f"{number} sources, nothing new: bare loop {plain:.3f} s CPU, a cycle's polls {own:.3f} s CPU")
    print(f"ratio {own / plain:.2f} (floor {FLOOR})")
    return 0 if own / plain <= FLOOR else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
