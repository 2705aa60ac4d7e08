"""``syndicator serve`` as an operator runs it, and the same in a thread beside a worker."""

import os
import signal
from datetime import UTC, datetime

import httpx
import pytest

from syndicator.errors import ServeError
from syndicator.runtime.serving import start_in_thread
from syndicator.serve.app import Answer
from syndicator.serve.server import listen
from syndicator.settings.load import load


def served(desk):
    """Start the server on a free port; return it and its address."""
    process = desk.start("serve", "--bind", "127.0.0.1:0")
    told = process.stderr.readline()
    assert told.startswith(f"Serving {desk.folder}/feeds at http://127.0.0.1:"), told
    return process, told.rpartition(" at ")[2].strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_published_tree_is_shown_until_a_signal(desk, number):
    assert desk.run("once").code == 0
    process, address = served(desk)
    with process:
        try:
            feed = httpx.get(f"{address}en/all.json")
            assert feed.json()["items"] == desk.feed("en")
            assert feed.headers["content-encoding"] in {"gzip", "br", "zstd"}
            again = httpx.get(f"{address}en/all.json", headers={"If-None-Match": feed.headers["etag"]})
            assert again.status_code == 304
            assert "<h1>" in httpx.get(address).text
            assert "target=" in httpx.get(f"{address}en/all.embed.html").text
            process.send_signal(number)
            assert process.wait(20) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()


def test_a_new_article_shows_without_a_restart(desk):
    process, address = served(desk)
    with process:
        try:
            assert httpx.get(f"{address}en/all.json").status_code == 404
            assert httpx.get(f"{address}livez").text == "ok\n"
            assert desk.run("once").code == 0
            assert len(httpx.get(f"{address}en/all.json").json()["items"]) == 3
        finally:
            process.terminate()


def test_a_place_that_is_taken_is_told(desk):
    with listen("127.0.0.1:0") as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = desk.run("serve", "--bind", place)
    assert ran.code == 1
    assert f"cannot listen at {place}" in ran.err
    assert "--bind" in ran.err


def test_a_place_that_is_none_is_wrong_usage(desk):
    ran = desk.run("serve", "--bind", "8080")
    assert ran.code == 2
    assert "127.0.0.1:8080" in ran.err


def test_the_same_in_a_thread_with_routes_of_its_own(desk):
    assert desk.run("once").code == 0
    settings = load(desk.config, os.environ, datetime.now(UTC))
    serving = start_in_thread(
        settings, bind="127.0.0.1:0", routes={"/readyz": lambda: Answer(b"not yet", 503)}
    )
    try:
        assert httpx.get(f"{serving.address}en/all.rss").status_code == 200
        assert httpx.get(f"{serving.address}readyz").status_code == 503
        assert httpx.get(f"{serving.address}livez").status_code == 200
        with pytest.raises(ServeError):
            start_in_thread(settings, bind=serving.address.removeprefix("http://").rstrip("/"))
    finally:
        serving.stop()
    assert not serving.is_alive
    with pytest.raises(httpx.ConnectError):
        httpx.get(serving.address)


def test_a_hub_that_fails_does_not_make_a_cycle_fail(desk):
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text + 'websub: {hubs: ["http://127.0.0.1:1/hub"]}\n', "utf-8")
    ran = desk.run("once")
    assert ran.code == 0
    assert "hub not told" in ran.err
    (waiting,) = desk.run("status", "--json").json["hubs"]
    assert waiting["hub"] == "http://127.0.0.1:1/hub"
    assert waiting["waiting"] == 9
    status = desk.run("status")
    assert status.code == 0
    assert "cannot be reached" in status.out
    assert 'rel="hub" href="http://127.0.0.1:1/hub"' in (desk.folder / "feeds/en/all.atom").read_text("utf-8")
