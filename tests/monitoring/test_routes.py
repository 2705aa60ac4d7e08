"""Who sees what at the built-in server: a real one, on loopback."""

import httpx
import pytest

from syndicator.runtime.monitoring.pulse import Pulse
from syndicator.runtime.monitoring.routes import readiness
from syndicator.runtime.serving import start_in_thread
from syndicator.serve.watchers import watchers

from .conftest import configure, settings_of


@pytest.fixture(scope="module")
def url(lived):
    serving = start_in_thread(lived, bind="127.0.0.1:0")
    yield serving.address
    serving.stop()


def test_metrics_from_the_store_alone(url):
    said = httpx.get(f"{url}metrics")
    assert said.status_code == 200
    assert said.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'syndicator_source_articles{source="pasted"} 2.0' in said.text
    assert "scheduler" not in said.text, "no worker runs in this process"
    assert httpx.head(f"{url}metrics").status_code == 200


@pytest.mark.parametrize("path", ["livez", "readyz"])
def test_health_is_for_everybody(url, path):
    said = httpx.get(url + path, headers={"X-Forwarded-For": "203.0.113.7", "Host": "feeds.example.eu"})
    assert (said.status_code, said.text) == (200, "ok\n")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 Caddy"},
        {"Host": "feeds.example.eu"},
        {"Host": "rebound.example:8080"},
    ],
)
def test_what_came_through_a_proxy_or_under_another_name_sees_no_metrics(url, headers):
    said = httpx.get(f"{url}metrics", headers=headers)
    assert said.status_code == 403
    assert "serve.watchers" in said.text
    assert "syndicator_" not in said.text


def test_a_conditional_request_is_no_way_around(url):
    said = httpx.get(f"{url}metrics", headers={"If-None-Match": "*", "Via": "1.1 p"})
    assert said.status_code == 403


@pytest.mark.parametrize(
    ("given", "client", "host", "sees"),
    [
        (("127.0.0.0/8", "::1"), "127.0.0.1", "localhost:8080", True),
        (("127.0.0.0/8", "::1"), "::1", "[::1]:8080", True),
        (("127.0.0.0/8", "::1"), "::ffff:127.0.0.1", "127.0.0.1", True),
        (("127.0.0.0/8", "::1"), "192.168.1.5", "192.168.1.4:8080", False),
        (("192.168.1.5",), "192.168.1.5", "server.lan:8080", True),
        (("10.8.0.0/24",), "10.8.0.77", "10.8.0.1", True),
        (("10.8.0.0/24",), "127.0.0.1", "127.0.0.1", False),
        ((), "127.0.0.1", "127.0.0.1", False),
        (("127.0.0.0/8",), "", "127.0.0.1", False),
        (("127.0.0.0/8",), "127.0.0.1", "", False),
    ],
)
def test_watchers(given, client, host, sees):
    assert watchers(given).admit(client, {"host": host}) is sees


def test_nothing_is_made_by_looking(tmp_path):
    """Where there is no database yet, neither /readyz nor /metrics makes one."""
    settings = settings_of(configure(tmp_path / "new"))
    serving = start_in_thread(settings, bind="127.0.0.1:0")
    ready = httpx.get(f"{serving.address}readyz")
    metrics = httpx.get(f"{serving.address}metrics")
    serving.stop()
    assert (ready.status_code, ready.text) == (
        503,
        "the database cannot be read\nnothing is published yet\n",
    )
    assert metrics.status_code == 200
    assert "syndicator_store_up 0.0" in metrics.text
    assert not (tmp_path / "new" / "var").exists()


def test_a_worker_that_hangs_is_not_ready(lived):
    moments = [0.0]
    pulse = Pulse(clock=lambda: moments[0])
    assert readiness(lived, pulse).status == 503
    pulse.beat()
    assert readiness(lived, pulse).status == 200
    moments[0] = 1000
    assert b"does not move" in readiness(lived, pulse).body
