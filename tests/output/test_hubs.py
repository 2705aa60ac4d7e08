"""What a hub is sent, and what its answers mean."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from syndicator.errors import HubError
from syndicator.output.hubs import HttpHubs

TOPIC = "https://feeds.example.eu/en/all.atom"


class Hub:
    """A hub on loopback that answers as it is told to."""

    def __init__(self):
        self.status, self.delay = 204, 0
        self.told = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                hub.told.append((self.headers["User-Agent"], parse_qs(body)))
                time.sleep(hub.delay)
                self.send_response(hub.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def hub():
    hub = Hub()
    yield hub
    hub.close()


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_hub_is_told_the_changed_address(hub, status):
    hub.status = status
    HttpHubs("syndicator-test").tell(hub.url, TOPIC)
    assert hub.told == [("syndicator-test", {"hub.mode": ["publish"], "hub.url": [TOPIC]})]


@pytest.mark.parametrize(
    ("status", "is_down"), [(400, False), (404, False), (301, False), (429, True), (500, True), (503, True)]
)
def test_a_refusal_is_told_with_the_hub_and_the_address(hub, status, is_down):
    hub.status = status
    with pytest.raises(HubError, match=f"{hub.url} answered with status {status} for {TOPIC}") as failure:
        HttpHubs("x").tell(hub.url, TOPIC)
    assert failure.value.is_down is is_down


def test_a_hub_that_is_silent_or_gone_is_down(hub):
    hub.delay = 1
    with pytest.raises(HubError, match=r"did not answer within 0\.2 s") as failure:
        HttpHubs("x", timeout=0.2).tell(hub.url, TOPIC)
    assert failure.value.is_down
    with pytest.raises(HubError, match="cannot be reached") as failure:
        HttpHubs("x").tell("http://127.0.0.1:1/", TOPIC)
    assert failure.value.is_down
