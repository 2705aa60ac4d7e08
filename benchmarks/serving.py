"""How much a 304 costs the built-in server, against Starlette's StaticFiles under the same uvicorn.

Each server is a process of its own on loopback and answers the same conditional requests over one kept
connection, in turns; what counts is the CPU time of the server's process. Then slow clients by the hundred ask
for a large file and hardly read, and what counts is how much the server's memory grows.

    python benchmarks/serving.py [--requests 4000] [--rounds 3] [--slow 500]
"""

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

FLOOR_304 = 3.0
CEILING_SLOW = 150  # MB that 500 slow clients may cost
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
LARGE = 20_000_000

OURS = """
import asyncio, sys, pathlib
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, allow_many_connections, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
listening = listen("127.0.0.1:0")
allow_many_connections()
print(listening.getsockname()[1], flush=True)
app = PublishedTree(Shelf(pathlib.Path(sys.argv[1]), House("https://feeds.example.eu/")))
asyncio.run(Server(app).serve(sockets=[listening]))
"""
STARLETTE = """
import asyncio, sys, uvicorn
from starlette.staticfiles import StaticFiles
from syndicator.serve.server import listen
listening = listen("127.0.0.1:0")
print(listening.getsockname()[1], flush=True)
config = uvicorn.Config(StaticFiles(directory=sys.argv[1]), http="httptools", ws="none", loop="asyncio",
    lifespan="off", log_config=None, access_log=False, server_header=False, timeout_keep_alive=60)
asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
"""


class Server:
    """A server's process."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def cpu(self):
        """Return the CPU seconds that the process has used, its threads' among them."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        """Return the resident memory in MB."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


def asked(connection, request, times):
    """Send a request so many times, one after the other; return the last answer."""
    answer = b""
    for _ in range(times):
        connection.sendall(request)
        answer = connection.recv(65536)
    return answer


def cost_of_304(server, requests):
    """Return the CPU microseconds per conditional request."""
    with server.connect() as connection:
        plain = b"GET /en/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall(plain)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head = answer.partition(b"\r\n\r\n")[0].decode().lower().split("\r\n")
    etag = next(line.partition(":")[2].strip() for line in head if line.startswith("etag:"))
    request = (
        "GET /en/all.rss HTTP/1.1\r\nHost: feeds.example.eu\r\nUser-Agent: reader/1.0\r\nAccept: */*\r\n"
        f"Accept-Encoding: identity\r\nIf-None-Match: {etag}\r\n\r\n"
    ).encode()
    with server.connect() as connection:
        assert b" 304 " in asked(connection, request, 200)
        before = server.cpu()
        assert b" 304 " in asked(connection, request, requests)
        return (server.cpu() - before) / requests * 1e6


def growth_under(server, clients):
    """Return how many MB so many clients cost that ask for a large file and do not read it."""
    request = b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n"
    before = server.memory()
    connections = []
    try:
        for _ in range(clients):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(30)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(request)
            connections.append(connection)
        time.sleep(3)
        most = server.memory()
        with server.connect() as reader:  # everybody else is answered all the same
            reader.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 200 " in reader.recv(65536)
        return most - before
    finally:
        for connection in connections:
            connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=int, default=500)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "en").mkdir()
        (Path(folder) / "en/all.rss").write_bytes(b"<rss/>" * 10_000)
        (Path(folder) / "large.bin").write_bytes(bytes(LARGE))
        servers = {"ours": Server(OURS, folder), "Starlette": Server(STARLETTE, folder)}
        try:
            costs = {name: [] for name in servers}
            for _ in range(options.rounds):
                for name, server in servers.items():
                    costs[name].append(cost_of_304(server, options.requests))
            growth = growth_under(servers["ours"], options.slow)
        finally:
            for server in servers.values():
                server.stop()
    ours, theirs = (median(costs[name]) for name in ("ours", "Starlette"))
    ratio = median(b / a for a, b in zip(costs["ours"], costs["Starlette"], strict=True))
    print(f"CPU per 304: ours {ours:.0f} µs, Starlette's StaticFiles {theirs:.0f} µs")
    print(f"a 304 is {ratio:.1f} times as fast (floor {FLOOR_304})")
    print(f"{options.slow} slow clients cost {growth:.0f} MB (ceiling {CEILING_SLOW})")
    sys.exit(0 if ratio >= FLOOR_304 and growth <= CEILING_SLOW else 1)


if __name__ == "__main__":
    main()
