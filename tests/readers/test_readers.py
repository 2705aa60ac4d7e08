"""What real readers' parsers make of our feeds: feedparser, newsboat, and rss-parser of Node.js.

Each shows an entry's title, link, date, text and picture as they were meant, and opens the page in the
reader's language. The tree is the demo's, served by the built-in server, with a feed beside it of a picture
whose length is known.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import httpx
import pytest
from lxml import html

from syndicator.formats.render import render_feed
from syndicator.runtime.demo import run_demo
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, address_of, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
from tests.formats.odd_articles import ALL_ENTRIES, feed_of

HERE = Path(__file__).parent
BASE = "https://feeds.example.eu/"
LANGUAGES = ("bg", "en", "it")
FEEDS = [f"{language}/all.{fmt}" for language in LANGUAGES for fmt in ("rss", "atom")]
NODE, NEWSBOAT = shutil.which("node"), shutil.which("newsboat")


@dataclass(frozen=True)
class Shown:
    """An entry as a reader shows it."""

    title: str
    link: str
    published: datetime
    content: str
    author: str
    images: tuple[str, ...]
    language: str = ""  # "" where the reader has no place for it


@dataclass(frozen=True)
class Site:
    """The demo's tree, and where it is served."""

    tree: Path
    address: str

    def entries(self, path: str) -> dict[str, dict]:
        """Return what JSON Feed says of the same entries, by their titles."""
        feed = json.loads((self.tree / path).with_suffix(".json").read_text("utf-8"))
        return {item["title"]: item for item in feed["items"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    tree = tmp_path_factory.mktemp("readers") / "feeds"
    run_demo(tree)
    picture = feed_of(ALL_ENTRIES["on_our_page"])
    (tree / "picture").mkdir()
    for fmt in ("rss", "atom", "json"):
        (tree / f"picture/all.{fmt}").write_bytes(render_feed(picture, fmt))
    listening = listen("127.0.0.1:0")
    server = Server(PublishedTree(Shelf(tree, House(BASE))))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield Site(tree, address_of(listening))
    server.should_exit = True
    thread.join(20)


def by_feedparser(site, paths, _folder):
    """Yield what feedparser shows of each feed."""
    for path in paths:
        parsed = feedparser.parse(httpx.get(site.address + path).content)
        assert not parsed.bozo
        yield [
            Shown(
                title=entry.title,
                link=entry.link,
                published=datetime(*entry.published_parsed[:6], tzinfo=UTC),
                content=entry.content[0].value,
                author=entry.author,
                images=tuple(
                    [picture["url"] for picture in entry.get("media_content", [])]
                    + [one["href"] for one in entry.enclosures]
                ),
                language=entry.content[0].language,
            )
            for entry in parsed.entries
        ]


def by_newsboat(site, paths, folder):
    """Yield what newsboat keeps of each feed, each in its own cache: it knows articles by their ids."""
    (folder / "config").write_text("error-log errors\n")
    for number, path in enumerate(paths):
        (folder / "urls").write_text(site.address + path + "\n")
        cache = folder / f"{number}.db"
        command = [NEWSBOAT, "-u", "urls", "-C", "config", "-c", str(cache), "-x", "reload"]
        environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        subprocess.run(command, cwd=folder, env=environment, timeout=60, check=True)
        with closing(sqlite3.connect(cache)) as database:
            rows = database.execute("SELECT title, url, pubDate, content, author FROM rss_item").fetchall()
        yield [
            Shown(
                title,
                link,
                datetime.fromtimestamp(date, UTC),
                content,
                author,
                tuple(html.fromstring(content).xpath("//img/@src")),
            )
            for title, link, date, content, author in rows
        ]


def by_rss_parser(site, paths, _folder):
    """Yield what rss-parser makes of each feed."""
    done = subprocess.run(
        [NODE, str(HERE / "read.mjs")],
        input=json.dumps([site.address + path for path in paths]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for feed in json.loads(done.stdout):
        yield [
            Shown(
                title=item["title"],
                link=item["link"],
                published=datetime.fromisoformat(item["isoDate"]),
                content=item.get("content:encoded", item["content"]),
                author=item.get("creator", item.get("author")),
                images=tuple(
                    one["url"]
                    for one in (item.get("media:content", {}).get("$"), item.get("enclosure"))
                    if one
                ),
                language=item.get("dc:language", ""),
            )
            for item in feed["items"]
        ]


def told(content: str) -> tuple[str, list[str]]:
    """Return a content's text and addresses: feedparser writes its markup anew."""
    root = html.fragment_fromstring(content, create_parent="div")
    return " ".join(root.text_content().split()), root.xpath("//@href | //@src")


READERS = [
    pytest.param(by_feedparser, id="feedparser"),
    pytest.param(
        by_newsboat,
        id="newsboat",
        marks=pytest.mark.skipif(not NEWSBOAT, reason="no newsboat: apt-get install newsboat"),
    ),
    pytest.param(
        by_rss_parser,
        id="rss-parser",
        marks=pytest.mark.skipif(
            not NODE or not (HERE / "node_modules" / "rss-parser").is_dir(),
            reason="apt-get install nodejs npm, then run `npm ci` in tests/readers",
        ),
    ),
]


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_shows_every_entry_right_and_opens_the_page_in_its_language(site, reader, tmp_path):
    for path, shown in zip(FEEDS, reader(site, FEEDS, tmp_path), strict=True):
        language = path.partition("/")[0]
        meant = site.entries(path)
        assert sorted(one.title for one in shown) == sorted(meant)
        for one in shown:
            entry = meant[one.title]
            assert one.link == entry["url"]
            assert one.published == datetime.fromisoformat(entry["date_published"])
            assert told(one.content) == told(entry["content_html"])
            expected = [author["name"] for author in entry.get("authors", [])]
            assert one.author in (expected or [entry["_syndicator"]["source"]["name"]])
            assert one.language in ("", language)
            page = html.document_fromstring((site.tree / one.link.removeprefix(BASE)).read_bytes())
            assert page.get("lang") == language
            assert page.findtext(".//h1") == one.title


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_shows_the_picture(site, reader, tmp_path):
    for (shown,) in reader(site, ["picture/all.rss", "picture/all.atom"], tmp_path):
        assert shown.images
        assert set(shown.images) == {"https://example.bg/i/foto.jpg"}


def test_feedparser_is_told_the_picture_s_true_length(site):
    for fmt in ("rss", "atom"):
        (entry,) = feedparser.parse((site.tree / f"picture/all.{fmt}").read_bytes()).entries
        assert [(one.href, one.length, one.type) for one in entry.enclosures] == [
            ("https://example.bg/i/foto.jpg", "48123", "image/jpeg")
        ]
