"""A site of several kinds of sources on loopback: serves the made articles, and counts who asked for what."""

import hashlib
import html
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote

import corpus_feeds as feeds
import page_noise as noise
from corpus_articles import Kind, MadeArticle
from corpus_feeds import Channel, Item
from page_templates import TEMPLATES, Page, text_file

EPOCH = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)  # when the first article was published
STEP = timedelta(hours=3, minutes=7)


@dataclass(frozen=True, slots=True)
class Section:
    """A source of the site: which feed it writes and which pages stand behind it."""

    id: str
    kind: str  # feed, page, inbox: as in the config
    share: int  # of 48 articles
    write_feed: Callable[[Channel], str] | None = None
    media_type: str = ""
    feed_charset: str = "utf-8"
    templates: tuple[str, ...] = ()
    page_charset: str = "utf-8"
    address: str = ""  # of a page, with {number}
    etag: bool = True  # else Last-Modified alone


SECTIONS = (
    Section(
        "wp-full", "feed", 9, feeds.rss_full, "application/rss+xml; charset=UTF-8", "utf-8",
        ("wordpress",), "utf-8", "/wp/" + quote("новина").lower() + "-{number}/",
    ),
    Section(
        "rss-summary", "feed", 7, feeds.rss_summary, "text/xml", "utf-8",
        ("semantic", "div_soup"), "utf-8", "/dnes/{number}-statia.html",
    ),
    Section(
        "atom-full", "feed", 7, feeds.atom, "application/atom+xml", "utf-8",
        ("semantic",), "utf-8", "/blog/2025/{number}.html",
    ),
    Section(
        "rdf-old", "feed", 5, feeds.rdf, "application/rdf+xml", "utf-8",
        ("old_tables",), "windows-1251", "/staro/read.php?id={number}", etag=False,
    ),
    Section(
        "json-full", "feed", 6, feeds.json_feed, "application/feed+json", "utf-8",
        ("semantic",), "utf-8", "/novo/{number}",
    ),
    Section(
        "joomla-1251", "feed", 6, feeds.rss_teaser, "text/xml", "windows-1251",
        ("joomla", "line_breaks"), "windows-1251", "/index.php?option=com_content&view=article&id={number}:statia",
        etag=False,
    ),
    Section("page", "page", 4, templates=("wordpress", "joomla", "div_soup", "line_breaks"), address="/edna/{number}.html"),
    Section("inbox", "inbox", 4, templates=("text", "copied_text", "wordpress", "joomla")),
)  # fmt: skip
PATTERN = tuple(section for section in SECTIONS for _ in range(section.share))


def section_of(number: int) -> Section:
    """The source that carries an article."""
    return PATTERN[number % len(PATTERN)]


def template_of(number: int) -> str:
    """The template of an article's page, or of its file in the inbox."""
    section = section_of(number)
    return section.templates[number % len(section.templates)]


def kinds(count: int) -> list[Kind]:
    """What can be written in each of the first ``count`` articles."""
    return [Kind.PLAIN if template_of(number).endswith("text") else Kind.RICH for number in range(count)]


def picture(number: int) -> bytes:
    """A real PNG of 640 × 360 in one colour of its own (ISO/IEC 15948)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 640, 360, 1, 3, 0, 0, 0)
    colour = struct.pack(">I", number * 2654435761 % 2**32)[:3] + b"\xff\xff\xff"
    rows = zlib.compress(b"\0" * ((640 // 8 + 1) * 360), 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", colour)
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at an address."""

    body: bytes
    content_type: str
    modified: datetime
    etag: str = ""  # "" where the server sends Last-Modified alone

    def unchanged_for(self, if_none_match: str, if_modified_since: str) -> bool:
        """Whether a conditional request gets 304 (RFC 9110 §13.2.2: If-None-Match goes first)."""
        if if_none_match and self.etag:
            return self.etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        if not if_modified_since:
            return False
        try:
            return self.modified <= parsedate_to_datetime(if_modified_since)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """What the config has to say about one source."""

    id: str
    kind: str
    address: str  # a URL, or an inbox's folder


class Site:
    """The served site. Use as a context manager; ``origin`` is its address."""

    def __init__(self, articles: Sequence[MadeArticle], inbox: Path) -> None:
        self.articles = {article.number: article for article in articles}
        self.inbox = inbox
        self.resources: dict[str, Resource] = {}
        self.answers: Counter[tuple[str, int]] = Counter()  # (path, status)
        self.lock = threading.Lock()
        self.clock = EPOCH + STEP * (len(articles) + 1)  # the site's own time: of its last change
        self.server = SiteServer(self)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.render()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    # What stands where

    def url_of(self, number: int) -> str:
        """An article's own address; "" for one from the inbox."""
        section = section_of(number)
        return self.origin + section.address.format(number=number) if section.address else ""

    def home_of(self, section: Section) -> str:
        return f"{self.origin}/{section.id}/"

    def numbers_of(self, section: Section) -> list[int]:
        return [number for number in self.articles if section_of(number) is section]

    def sources(self) -> list[SourceConfig]:
        """Every source that the config has to name."""
        found = []
        for section in SECTIONS:
            numbers = self.numbers_of(section)
            if section.kind == "feed" and numbers:
                found.append(SourceConfig(section.id, "feed", f"{self.origin}/{section.id}/feed"))
            elif section.kind == "page":
                found += [SourceConfig(f"page-{number}", "page", self.url_of(number)) for number in numbers]
            elif numbers:
                found.append(SourceConfig(section.id, "inbox", str(self.inbox)))
        return found

    def page(self, number: int) -> Page:
        section = section_of(number)
        return Page(
            self.articles[number],
            self.url_of(number) or f"{self.origin}/zapazeno/{number}.html",
            self.home_of(section),
            EPOCH + STEP * number,
            noise.AUTHORS[number % len(noise.AUTHORS)],
            section.page_charset,
        )

    # Rendering

    def render(self) -> None:
        """Put everything in its place; what has not changed keeps its time."""
        for number, article in self.articles.items():
            if section_of(number).kind == "inbox":
                self.render_inbox_file(number)
            else:
                self.render_page(number)
            for src in article.pictures:
                self.put(src, picture(number), "image/png")
        for section in SECTIONS:
            numbers = self.numbers_of(section)
            if section.write_feed and numbers:
                self.render_feed(section, numbers)
        self.put("/robots.txt", b"User-agent: *\nDisallow: /administrator/\n", "text/plain")

    def render_page(self, number: int) -> None:
        section, page = section_of(number), self.page(number)
        body = TEMPLATES[template_of(number)](page).encode(section.page_charset, "xmlcharrefreplace")
        # The old sites leave the charset to the page itself.
        content_type = "text/html; charset=utf-8" if section.page_charset == "utf-8" else "text/html"
        self.put(page.url.removeprefix(self.origin), body, content_type, section.etag)

    def render_feed(self, section: Section, numbers: Sequence[int]) -> None:
        assert section.write_feed is not None
        pages = [self.page(number) for number in reversed(numbers)]
        items = [Item(page.article, page.url, page.published, page.author) for page in pages]
        home, path = self.home_of(section), f"/{section.id}/feed"
        document = section.write_feed(Channel(self.origin + path, home, items, section.feed_charset))
        self.put(
            path, document.encode(section.feed_charset, "xmlcharrefreplace"), section.media_type, section.etag
        )
        listed = "".join(
            f'<li><a href="{html.escape(item.url)}">{item.article.number}</a></li>' for item in items
        )
        self.put(
            f"/{section.id}/", f"<title>{noise.SITE_NAME}</title><ul>{listed}</ul>".encode(), "text/html"
        )

    def render_inbox_file(self, number: int) -> None:
        """Files that an editor drops: text, or a page saved with its addresses made absolute."""
        template, page = template_of(number), self.page(number)
        self.inbox.mkdir(parents=True, exist_ok=True)
        if template.endswith("text"):
            document, ending = text_file(page.article, template == "copied_text"), "txt"
        else:
            document, ending = TEMPLATES[template](page).replace('="/', f'="{self.origin}/'), "html"
        path = self.inbox / f"statia-{number}.{ending}"
        if not path.exists() or path.read_text("utf-8") != document:
            path.write_text(document, "utf-8")

    def put(self, path: str, body: bytes, content_type: str, etag: bool = True) -> None:
        key = unquote(path)
        with self.lock:
            old = self.resources.get(key)
            if old and old.body == body:
                return
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if etag else ""
            self.resources[key] = Resource(body, content_type, self.clock, tag)

    def edit(self, article: MadeArticle) -> None:
        """Replace an article by its new version wherever it stands."""
        self.clock += timedelta(hours=1)
        self.articles[article.number] = article
        self.render()

    # Counting

    def count(self, path: str, status: int) -> None:
        with self.lock:
            self.answers[path, status] += 1

    def forget_counts(self) -> None:
        with self.lock:
            self.answers.clear()

    def bodies_sent(self) -> tuple[int, int]:
        """Bodies sent since counting began: of articles' pages, and of feeds."""
        pages = {unquote(self.url_of(number).removeprefix(self.origin)) for number in self.articles}
        with self.lock:
            sent = {path: n for (path, status), n in self.answers.items() if status == HTTPStatus.OK}
        of_feeds = sum(n for path, n in sent.items() if path.endswith("/feed"))
        return sum(n for path, n in sent.items() if path in pages), of_feeds


class SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), SiteHandler)
        self.site = site

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that was stopped in mid-answer is no news here."""


class SiteHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SiteServer

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, with_body: bool) -> None:
        site, path = self.server.site, unquote(self.path)
        with site.lock:
            resource = site.resources.get(path)
        if resource is None:
            self.send(path, HTTPStatus.NOT_FOUND, Resource(b"", "text/plain", EPOCH), with_body)
        elif resource.unchanged_for(
            self.headers.get("If-None-Match", ""), self.headers.get("If-Modified-Since", "")
        ):
            self.send(path, HTTPStatus.NOT_MODIFIED, resource, with_body=False)
        else:
            self.send(path, HTTPStatus.OK, resource, with_body)

    def send(self, path: str, status: HTTPStatus, resource: Resource, with_body: bool) -> None:
        if with_body or status is not HTTPStatus.OK:
            self.server.site.count(path, status)
        self.send_response(status)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        if resource.etag:
            self.send_header("ETag", resource.etag)
        self.send_header("Last-Modified", format_datetime(resource.modified, usegmt=True))
        self.end_headers()
        if with_body:
            self.wfile.write(resource.body)
