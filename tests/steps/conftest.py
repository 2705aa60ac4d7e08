import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syndicator.engines.chain import Chain
from syndicator.engines.supervised import SupervisedEngine
from syndicator.fetch.client import HttpFetcher
from syndicator.fetch.inbox import LocalInbox
from syndicator.model import FeedSpec, Publish, Site, Source, SourceKind
from syndicator.output.local import LocalTree
from syndicator.pipeline import Cycle, run_cycle
from syndicator.ports import Hubs, Pictures
from syndicator.steps.press import Press
from syndicator.steps.translating import Policy
from syndicator.steps.world import World
from syndicator.store import articles, overview
from syndicator.store.database import Database
from syndicator.store.store import SqlLedger, SqlMemory, SqlStore
from syndicator.text.transliterate import transliterate

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)

BODY = (
    "Производители от областта показаха нови начини за отглеждане на малини пред гости от Италия. "
    "Срещата се проведе в голямата зала на общината и премина при голям интерес. "
    "Участниците разгледаха три стопанства и обсъдиха как да работят заедно през следващата година. "
    "След това те опитаха вина от района и получиха подаръци за спомен. "
)


@dataclass
class Item:
    """One item of the site's feed, and the page it leads to."""

    number: int
    guid: str = ""
    title: str = ""
    text: str = ""
    summary_only: bool = False
    page_status: int = 200
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.guid = self.guid or f"item-{self.number}"
        self.title = self.title or f"Стопани от село номер {self.number} посрещнаха гости"
        self.text = self.text or f"Това е новина номер {self.number} от нашия край. {BODY}"


class Website:
    """A site on loopback: a feed of items, and a page for each."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.status = 200
        self.asked: list[str] = []
        website = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                website.asked.append(self.path)
                status, kind, body = website.answer(self.path)
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def answer(self, path: str) -> tuple[int, str, str]:
        if path == "/rss":
            return self.status, "application/rss+xml", self.feed()
        found = re.fullmatch(r"/(\d+)", path)
        item = next((one for one in self.items if found and one.number == int(found[1])), None)
        if item is None:
            return 404, "text/plain", "not here"
        page = (
            f"<html lang='bg'><head><title>{escape(item.title)}</title></head><body><article>"
            f"<h1>{escape(item.title)}</h1><p>{item.text}</p><p>{BODY[::1]}</p></article></body></html>"
        )
        return item.page_status, "text/html; charset=utf-8", page

    def feed(self) -> str:
        parts = []
        for item in self.items:
            short = item.text.split(". ")[0] + "…"
            carried = "" if item.summary_only else f"<p>{item.text}</p><p>{BODY * 3}</p>"
            content = f"<content:encoded>{escape(carried)}</content:encoded>" if carried else ""
            tags = "".join(f"<category>{tag}</category>" for tag in item.tags)
            parts.append(
                f"<item><guid isPermaLink='false'>{item.guid}</guid><title>{escape(item.title)}</title>"
                f"<link>{self.url}/{item.number}</link><description>{escape(short)}</description>{content}"
                f"<pubDate>Mon, 23 Nov 2026 10:{item.number:02}:00 +0200</pubDate>{tags}</item>"
            )
        return (
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
            f"<title>Новини</title><link>{self.url}/</link>{''.join(parts)}</channel></rss>"
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"


def said(text: str) -> str:
    """Return words of no language, in the place of a translation."""
    return " ".join(word if re.search(r"\d", word) else _word(word) for word in text.split())


def _word(word: str) -> str:
    letters = ""
    for letter in transliterate(word).lower():
        row = next((row for row in (VOWELS, CONSONANTS) if letter in row), "")
        letters += row[(row.index(letter) + 1) % len(row)] if row else letter
    return f"{letters}lk" if len(letters) < 3 else letters


@dataclass
class Tongue:
    """An engine in this process: it notes what it is asked, and refuses what it is told to."""

    id: str = "tongue"
    local: bool = True
    max_characters: int = 2000
    max_texts: int = 0
    asked: list[str] = field(default_factory=list)
    echoes: str = "\0"  # texts with this in them come back untranslated

    def size(self, text: str) -> int:
        return len(text)

    def supports(self, pair: object) -> bool:
        return True

    def translate(self, texts: list[str], pair: object) -> list[str]:
        self.asked.extend(f"{pair}: {text}" for text in texts)
        return [text if self.echoes in text else said(text) for text in texts]


def in_threads(function: Callable[..., object], values: object) -> Iterator[object]:
    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(function, values)


class Line:
    """The whole line on real parts: a site, the fetcher, the store, a chain, a tree on disk."""

    item = staticmethod(Item)
    said = staticmethod(said)
    now = NOW

    def __init__(self, folder: Path, website: Website, fetcher: HttpFetcher) -> None:
        self.website = website
        self.database = Database(f"sqlite:///{folder}/s.db")
        self.store = SqlStore(self.database)
        self.tree = LocalTree(folder / "feeds")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.fetcher = fetcher
        self.engines = [Tongue()]
        self.sources = [self.source()]
        self.languages: tuple[str, ...] = ("bg", "en")
        self.feeds: list[FeedSpec] | None = None
        self.fingerprint = "engines"
        self.ignore_backoff = True
        self.hubs: Hubs | None = None
        self.hub_addresses: tuple[str, ...] = ()
        self.pictures: Pictures | None = None
        self.free = False  # whether no engine charges

    def source(self, name: str = "s", kind: SourceKind = SourceKind.FEED, **changes: object) -> Source:
        plain = Source(
            id=name,
            kind=kind,
            name={"": name},
            url="" if kind is SourceKind.INBOX else f"{self.website.url}/rss",
            path=str(self.inbox) if kind is SourceKind.INBOX else "",
            language="bg",
            publish=Publish.FULL,
        )
        return replace(plain, **changes)

    @property
    def world(self) -> World:
        zone = ZoneInfo("Europe/Sofia")
        inbox = LocalInbox(100_000)
        return World(self.store, self.fetcher, inbox, self.now, zone, "e.example", self.ignore_backoff)

    @property
    def press(self) -> Press:
        feeds = self.feeds or [FeedSpec("all", {"": "All"}, self.languages, ())]
        site = Site({"": "Site"}, "https://e.example/", hubs=self.hub_addresses)
        return Press(
            self.store,
            self.tree,
            site,
            tuple(self.sources),
            tuple(feeds),
            {},
            "1",
            self.now,
            hubs=self.hubs,
            mirrors=self.pictures is not None,
            pictures=self.pictures,
        )

    @property
    def memory(self) -> SqlMemory:
        return SqlMemory(self.database, self.fingerprint, self.now)

    def chain(self) -> Chain:
        ledger = SqlLedger(self.database, self.now)
        engines = [SupervisedEngine(engine, ledger, self.now) for engine in self.engines]
        return Chain(engines, self.memory)

    def cycle(self, hours: float = 0, store: object = None, at_most: int | None = None) -> Cycle:
        """Run a cycle, so many hours later than the one before."""
        self.now += timedelta(hours=hours)
        local = frozenset(engine.id for engine in self.engines if engine.local)
        policy = Policy(fingerprint=self.fingerprint, local_engines=local, free=self.free)
        world, press = self.world, self.press
        if store is not None:
            world, press = replace(world, store=store), replace(press, store=store)
        return run_cycle(world, press, self.chain(), policy, in_threads, at_most=at_most)

    def entries(self, language: str = "en", feed: str = "all") -> list[dict[str, object]]:
        """Return what readers of a feed see."""
        return json.loads(self.tree.read(f"{language}/{feed}.json"))["items"]

    def titles(self, language: str = "bg") -> list[object]:
        return [entry["title"] for entry in self.entries(language)]

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Return the published files: what is in them, and when they were touched."""
        found = {path: self.tree.root / path for path in self.tree.paths()}
        return {path: (file.read_bytes(), file.stat().st_mtime_ns) for path, file in found.items()}

    def unfinished(self, language: str = "en") -> list[tuple[str, str]]:
        with self.database.reading() as connection:
            rows = overview.unfinished(connection, language, [source.id for source in self.sources])
        return [(row.state, row.reason) for row in rows]

    def article_id(self, title: str) -> int:
        with self.database.reading() as connection:
            return next(row.id for row in overview.article_rows(connection) if row.title == title)

    def withdraw(self, title: str) -> None:
        article_id = self.article_id(title)
        with self.database.writing() as connection:
            articles.withdraw(connection, article_id, self.now)

    def erase(self, title: str) -> None:
        article_id = self.article_id(title)
        with self.database.writing() as connection:
            articles.erase(connection, article_id, self.now)


@pytest.fixture
def website() -> Iterator[Website]:
    website = Website()
    yield website
    website.close()


@pytest.fixture
def line(tmp_path: Path, website: Website) -> Iterator[Line]:
    with HttpFetcher(
        "syndicator-test", timedelta(seconds=5), 1_000_000, ("127.0.0.1",), 8, timedelta(0)
    ) as fetcher:
        line = Line(tmp_path, website, fetcher)
        yield line
        line.database.close()
