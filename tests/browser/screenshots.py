"""Take the pictures of the documentation: ``python tests/browser/screenshots.py docs/images``.

The demo's tree is shown by the built-in server, and its pictures by one that stands in for the invented site;
the browser asks both under their public addresses.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

from syndicator.runtime.demo import run_demo
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, address_of, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House

HERE = Path(__file__).parent
BASE = "https://feeds.example.eu/"
SITE = "https://dolinka.example/"
PHONE = {"width": 390, "height": 844, "scale": 2}
DESK = {"width": 1200, "height": 900}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_):
        pass


def pictures_of(tree: Path) -> dict[str, dict]:
    """Return what is looked at, by the name of its picture."""
    feed = json.loads((tree / "en/all.json").read_text("utf-8"))
    with_picture = next(item for item in feed["items"] if "image" in item)
    article = with_picture["url"]
    side = article.replace(".html", ".side.html")
    return {
        "landing-page": {"url": f"{BASE}en/index.html", **DESK},
        "landing-page-phone": {"url": f"{BASE}it/index.html", **PHONE},
        "article": {"url": article, **DESK},
        "article-phone-dark": {"url": article.replace("/en/", "/it/"), "dark": True, **PHONE},
        "side-by-side": {"url": side, **DESK},
        "feed-in-a-browser": {"url": f"{BASE}en/all.rss", **DESK},
        "feed-in-a-browser-dark": {"url": f"{BASE}it/all.atom", "dark": True, **DESK},
    }


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium or not (HERE / "node_modules").is_dir():
        sys.exit("wanted: chromium, nodejs and npm, and `npm ci` in tests/browser")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images").absolute()
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place, "feeds")
        run_demo(tree)
        samples = resources.files("syndicator.demo") / "samples" / "site"
        site = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(samples)))
        threading.Thread(target=site.serve_forever, daemon=True).start()
        listening = listen("127.0.0.1:0")
        server = Server(PublishedTree(Shelf(tree, House(BASE))))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        asked = {
            "chromium": chromium,
            "stand_ins": {BASE: address_of(listening), SITE: f"http://127.0.0.1:{site.server_address[1]}/"},
            "pages": [
                {**page, "plain": True, "shot": str(folder / f"{name}.png")}
                for name, page in pictures_of(tree).items()
            ],
        }
        done = subprocess.run(
            ["node", str(HERE / "look.mjs")],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
        )
        server.should_exit = True
        thread.join(20)
        site.shutdown()
        site.server_close()
    if done.returncode:
        sys.exit(done.stderr)
    for page in json.loads(done.stdout):
        print(page["url"], *page["problems"])


if __name__ == "__main__":
    main()
