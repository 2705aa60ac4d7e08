"""The pages in a real Chromium: accessible, as narrow as a telephone, searchable; feeds look like pages."""

import json
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from syndicator.runtime.demo import run_demo

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(not NODE, reason="no Node.js: apt-get install nodejs npm"),
    pytest.mark.skipif(
        not (HERE / "node_modules" / "axe-core").is_dir(), reason="run `npm ci` in tests/browser first"
    ),
]


class Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - as in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "application/xml",
        ".atom": "application/xml",
    }

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """Return what the browser told of each kind of page, by its address."""
    tree = tmp_path_factory.mktemp("look") / "feeds"
    run_demo(tree)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tree)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    # The pictures' addresses and the public address of the tree do not answer here.
    for feed in (*tree.glob("*/*.rss"), *tree.glob("*/*.atom")):
        feed.write_text(
            feed.read_text("utf-8").replace("https://feeds.example.eu/assets", f"{base}assets"), "utf-8"
        )
    side = next(tree.glob("en/articles/*.side.html")).relative_to(tree).as_posix()
    phone = {"width": 360, "height": 740}
    asked = [
        {"url": base + side.replace(".side", "")},
        {"url": base + side.replace(".side", ""), "dark": True, **phone},
        {"url": base + side},
        {"url": base + side, "dark": True, **phone},
        {"url": base + "bg/index.html", "find": "долинка"},
        {"url": base + "it/index.html", "dark": True, **phone},
        {"url": base + "en/archive/2026-09.html", **phone},
        {"url": base + "index.html", **phone},
        {"url": base + "index.html", "dark": True},
        {"url": base + "en/all.rss", "plain": True},
        {"url": base + "it/all.atom", "plain": True},
    ]
    done = subprocess.run(
        [NODE, str(HERE / "look.mjs")],
        input=json.dumps({"chromium": CHROMIUM, "pages": asked}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    server.shutdown()
    server.server_close()
    thread.join()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_axe_finds_no_violation_in_light_or_dark(looked):
    assert {one["url"]: one["violations"] for one in looked if one["violations"]} == {}


def test_nothing_is_wider_than_the_screen(looked):
    assert [one["url"] for one in looked if one["wider"] > 0] == []


def test_the_search_box_finds_titles(looked):
    assert sum(one["found"] for one in looked) >= 2


def test_a_feed_looks_like_a_page_with_its_entries_on_it(looked):
    feeds = [one for one in looked if one["url"].endswith((".rss", ".atom"))]
    assert [len(one["titles"]) for one in feeds] == [7, 7], "its own title and those of six entries"
    assert [one["display"] for one in feeds] == ["block", "block"]
