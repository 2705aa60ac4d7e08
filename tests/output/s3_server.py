"""An S3-compatible store on loopback, in a process of its own: moto's server. It tells what it was asked."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from syndicator.output.s3 import Access

PROGRAM = """
import json, logging
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel("ERROR")
store = DomainDispatcherApplication(create_backend_app)
asked, faults = [], []
REFUSED = {"403": "AccessDenied", "503": "SlowDown"}

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/-asked":
        told = json.dumps(asked).encode()
        asked.clear()
        start_response("200 OK", [("Content-Length", str(len(told)))])
        return [told]
    if path == "/-faults":
        faults[:] = environ["QUERY_STRING"].split(",") if environ["QUERY_STRING"] else []
        start_response("204 No Content", [])
        return []
    asked.append(environ["REQUEST_METHOD"] + " " + path)
    if faults:
        status = faults.pop(0)
        told = f"<Error><Code>{REFUSED[status]}</Code><Message>Not now.</Message></Error>".encode()
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(told)))]
        start_response(f"{status} No", headers)
        return [told]
    return store(environ, start_response)

server = make_server("127.0.0.1", 0, application, threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}


@dataclass(frozen=True)
class Store:
    """The store, with one bucket."""

    url: str
    bucket: str = "feeds"

    @property
    def access(self) -> Access:
        return Access(self.url, "us-east-1", "key", "secret")

    def get(self, key: str) -> httpx.Response:
        """Ask for an object; this store shows nothing to whoever does not sign."""
        return httpx.get(f"{self.url}/{self.bucket}/{key}", headers=SIGNED)

    def asked(self) -> list[str]:
        """Return what the store was asked since this was last called: ``PUT /feeds/en/all.rss``."""
        return httpx.get(f"{self.url}/-asked").json()

    def fail(self, *statuses: int) -> None:
        """Answer the next requests with these statuses."""
        httpx.get(f"{self.url}/-faults?{','.join(map(str, statuses))}")


@contextmanager
def running_store() -> Iterator[Store]:
    """Run the store as long as the context is open."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            store = Store(f"http://127.0.0.1:{int(process.stdout.readline())}")
            httpx.put(f"{store.url}/{store.bucket}", headers=SIGNED).raise_for_status()
            yield store
        finally:
            process.kill()
