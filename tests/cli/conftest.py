"""The program as an operator runs it: real processes, a small web site and a small engine on loopback."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syndicator.cli import main

ROOT = Path(__file__).resolve().parents[2]

# Every sentence of the site, with what the engine answers in English and Italian.
SENTENCES = {
    "Мостът над реката е отворен отново": (
        "The bridge over the river is open again",
        "Il ponte sul fiume è di nuovo aperto",
    ),
    "Мостът над реката в центъра на града беше отворен отново за движение във вторник.": (
        "The bridge over the river in the city centre was reopened to traffic on Tuesday.",
        "Il ponte sul fiume nel centro della città è stato riaperto al traffico martedì.",
    ),
    "Ремонтът продължи 14 месеца и беше платен от общината.": (
        "The repair lasted 14 months and was paid for by the municipality.",
        "I lavori sono durati 14 mesi e sono stati pagati dal comune.",
    ),
    "Пешеходците получиха нова алея с пейки и осветление.": (
        "Pedestrians were given a new path with benches and lighting.",
        "I pedoni hanno ricevuto un nuovo vialetto con panchine e illuminazione.",
    ),
    "Училището посреща учениците с нова библиотека": (
        "The school welcomes its pupils with a new library",
        "La scuola accoglie gli alunni con una nuova biblioteca",
    ),
    "Учениците от малкото училище на хълма вече имат своя библиотека с 3000 книги.": (
        "The pupils of the small school on the hill now have their own library with 3000 books.",
        "Gli alunni della piccola scuola sulla collina hanno ora la loro biblioteca con 3000 libri.",
    ),
    "Книгите бяха събрани от жителите на града през лятото.": (
        "The books were collected by the people of the town during the summer.",
        "I libri sono stati raccolti dagli abitanti della città durante l'estate.",
    ),
    "Пазарът на плодове се мести на площада": (
        "The fruit market is moving to the square",
        "Il mercato della frutta si sposta in piazza",
    ),
    "От събота пазарът на плодове и зеленчуци ще се провежда на големия площад пред читалището.": (
        "From Saturday the fruit and vegetable market will be held in the large square in front of the hall.",
        "Da sabato il mercato di frutta e verdura si terrà nella grande piazza davanti alla biblioteca.",
    ),
    "Търговците искат повече сянка и чешма с вода.": (
        "The traders are asking for more shade and a fountain with water.",
        "I commercianti chiedono più ombra e una fontana con acqua.",
    ),
    "Експертите се срещнаха в града, за да обсъдят новите идеи.": (
        "The experts met in the city to discuss the new ideas.",
        "Gli esperti si sono incontrati in città per discutere le nuove idee.",
    ),
}
BRIDGE, SCHOOL, MARKET = (
    "Мостът над реката е отворен отново",
    "Училището посреща учениците с нова библиотека",
    "Пазарът на плодове се мести на площада",
)
TEXTS = list(SENTENCES)
BODIES = {BRIDGE: TEXTS[1:4], SCHOOL: TEXTS[5:7], MARKET: TEXTS[8:10]}
# What each title becomes.
ENGLISH = {bulgarian: english for bulgarian, (english, _) in SENTENCES.items()}
ITALIAN = {bulgarian: italian for bulgarian, (_, italian) in SENTENCES.items()}


class Server(ABC):
    """A web server on loopback with a port of its own; subclasses say what it answers."""

    def __init__(self) -> None:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer(self, b"")

            def do_POST(self) -> None:
                answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that hang up belong to the tests
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @abstractmethod
    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer a request."""

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def send(handler: BaseHTTPRequestHandler, body: bytes, kind: str, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Site(Server):
    """A news site with a feed of whole articles."""

    def __init__(self) -> None:
        self.titles = [BRIDGE, SCHOOL, MARKET]
        self.delay = 0.0
        self.busy = threading.Event()
        self.broken = False
        self.reserved = False
        super().__init__()

    @property
    def feed(self) -> str:
        return f"{self.url}/rss"

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.busy.set()
        time.sleep(self.delay)
        if self.broken:
            send(handler, b"out of order", "text/plain", 500)
        elif handler.path == "/.well-known/tdmrep.json" and self.reserved:
            send(handler, b'[{"location": "/", "tdm-reservation": 1}]', "application/json")
        elif handler.path == "/rss":
            send(handler, self.rss().encode(), "application/rss+xml")
        else:
            send(handler, b"not here", "text/plain", 404)

    def rss(self) -> str:
        items = "".join(self.item(number, title) for number, title in enumerate(self.titles, 1))
        head = f"<title>Градски вести</title><link>{self.url}/</link><description>Вести</description>"
        space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        opening = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {space}><channel>'
        return f"{opening}{head}{items}</channel></rss>"

    def item(self, number: int, title: str) -> str:
        body = "".join(f"<p>{sentence}</p>" for sentence in BODIES[title])
        date = f"Mon, 0{number} Jun 2026 08:00:00 +0300"
        return (
            f"<item><title>{title}</title><link>{self.url}/news/{number}</link><guid>item-{number}</guid>"
            f"<pubDate>{date}</pubDate><content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )


class Libre(Server):
    """A LibreTranslate server that knows the site's sentences, and can be told to misbehave.

    ``fault`` is the name of a way to fail; only texts that hold ``about`` are spoilt ("": every text).
    """

    def __init__(self) -> None:
        self.fault = ""
        self.about = ""
        self.delay = 0.0
        self.asked: list[str] = []
        self.keys: list[str] = []
        self.further: dict[str, tuple[str, str]] = {}  # what it knows beside the site's sentences
        self.busy = threading.Event()
        super().__init__()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.path == "/languages":
            codes = ["bg", "en", "it"]
            told = [{"code": code, "name": code, "targets": codes} for code in codes]
            send(handler, json.dumps(told).encode(), "application/json")
            return
        asked = json.loads(body)
        self.asked.extend(asked["q"])
        self.keys.extend(filter(None, [asked.get("api_key")]))
        self.busy.set()
        time.sleep(self.delay)
        if self.fault == "timeout":
            time.sleep(3)
        elif self.fault in ("429", "500", "403"):
            error = json.dumps({"error": f"no {asked.get('api_key', '')}"}).encode()
            send(handler, error, "application/json", int(self.fault))
        elif self.fault == "no json":
            send(handler, b"<html>Welcome to the hotel network</html>", "text/html")
        else:
            answers = [self.translated(text, asked["target"]) for text in asked["q"]]
            send(handler, json.dumps({"translatedText": answers}).encode(), "application/json")

    def translated(self, text: str, language: str) -> str:
        english, italian = self.further.get(text) or SENTENCES[text]
        answer = english if language == "en" else italian
        if self.about not in text:
            return answer
        spoilt = {
            "empty": "",
            "echo": text,
            "error page": "Error 502 Bad Gateway: the server could not be reached",
            "half a sentence": answer[: len(answer) // 2],
        }
        return spoilt.get(self.fault, answer)


@dataclass
class Ran:
    """One run of the program."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


@dataclass
class Desk:
    """An operator's desk: a folder with a config, and the program at hand."""

    folder: Path
    site: Site
    libre: Libre
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "syndicator.yaml"

    def configure(self, *, extra: str = "", engine_url: str = "", publish: str = "full") -> None:
        """Write a config for the site, an inbox and the engine; ``extra`` goes under ``translation``."""
        (self.folder / "inbox").mkdir(exist_ok=True)
        text = f"""\
site:
  title: {{bg: Градски вести, en: City News, it: Notizie della città}}
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
storage: {{database: "sqlite:///state.db", feeds: feeds}}
languages: {{source: bg, targets: [en, it]}}
fetch:
  allow_private: [127.0.0.1]
  timeout: 5s
  per_host: {{delay: 0s}}
sources:
  - id: city
    name: {{bg: Градски вести, en: City News, it: Notizie della città}}
    kind: feed
    url: {self.site.feed}
    publish: {publish}
    permission: {{by: the editor, date: 2026-03-01}}
  - id: pasted
    name: {{bg: Редакция, en: Editors, it: Redazione}}
    kind: inbox
    path: inbox
    publish: full
    permission: {{by: the editor, date: 2026-03-01}}
translation:
  engines:
    - {{id: libre, kind: libretranslate, url: "{engine_url or self.libre.url}", local: true, timeout: 1s}}
{extra}
feeds:
  - id: all
    title: {{bg: Новини, en: News, it: Notizie}}
"""
        self.config.write_text(text, "utf-8")

    def libre_knows(self, text: str, english: str, italian: str) -> None:
        """Teach the engine another text."""
        self.libre.further[text] = (english, italian)

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **self.environ}

    def start(self, *arguments: object, config: bool = True) -> "subprocess.Popen[str]":
        """Start the program without waiting for it."""
        named = ["-c", str(self.config)] if config else []
        return subprocess.Popen(
            [sys.executable, "-m", "syndicator", *named, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: object, config: bool = True, stdin: str = "") -> Ran:
        """Run the program to its end, in this process to save time; a traceback is always a bug."""
        named = ["-c", str(self.config)] if config else []
        out = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
            for name in set(os.environ) - {"PATH", "HOME", "TMPDIR"}:
                patch.delenv(name)
            for name, value in self.environment().items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["syndicator", *named, *map(str, arguments)])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            stack.callback(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
            stack.callback(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(err))
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
        assert isinstance(code, int), code
        told = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ran(code, *told)

    def run_process(self, *arguments: object, config: bool = True) -> Ran:
        """Run the program to its end in a process of its own."""
        process = self.start(*arguments, config=config)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        return Ran(process.returncode, out, err)

    def feed(self, language: str) -> list[dict[str, Any]]:
        """Return the entries of a published JSON feed."""
        path = self.folder / "feeds" / language / "all.json"
        return json.loads(path.read_text("utf-8"))["items"] if path.exists() else []

    def titles(self, language: str) -> set[str]:
        return {item["title"] for item in self.feed(language)}

    def titles_but(self, language: str, *bulgarian: str) -> set[str]:
        """Return the titles that a language's feed should have when some articles are missing."""
        words = {"bg": {title: title for title in BODIES}, "en": ENGLISH, "it": ITALIAN}[language]
        return {words[title] for title in self.site.titles if title not in bulgarian}


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def libre() -> Iterator[Libre]:
    server = Libre()
    yield server
    server.close()


@pytest.fixture
def desk(tmp_path: Path, site: Site, libre: Libre) -> Desk:
    """A configured desk; nothing has run yet."""
    made = Desk(tmp_path, site, libre)
    made.configure()
    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let connections be closed by the collector: a real command's process ends with it."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
