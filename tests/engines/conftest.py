import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from syndicator.engines.chain import Chain
from syndicator.engines.google import GoogleEngine
from syndicator.engines.libretranslate import LibreTranslateEngine
from syndicator.engines.supervised import Limits, SupervisedEngine
from syndicator.store.database import Database
from syndicator.store.store import SqlLedger, SqlMemory
from syndicator.text.transliterate import transliterate

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LANGUAGES = ("bg", "en", "it")


def said(text: str, target: str) -> str:
    """Return what the server answers: words of no language, other ones for each text and target."""
    return " ".join(word if KEPT.search(word) else _word(word, target) for word in text.split())


KEPT = re.compile(r"[\d@]|^[A-Z]{3,}")
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"


def _word(word: str, target: str) -> str:
    shift = sum(map(ord, target)) % 3 + 1
    letters = ""
    for letter in transliterate(word).lower():
        row = next((row for row in (VOWELS, CONSONANTS) if letter in row), "")
        letters += row[(row.index(letter) + shift) % len(row)] if row else letter
    return f"{letters}lk" if len(letters) < 3 else letters


class Server:
    """A translation server that speaks LibreTranslate and Google's mobile page, and fails on demand.

    ``faults`` are used up, one a request: a function that answers in its own way and returns True.
    ``answer`` makes one text's translation.
    """

    def __init__(self) -> None:  # noqa: C901 - one handler for every vendor's format
        self.asked: list[tuple[list[str], str, str]] = []
        self.faults: list[Callable[[BaseHTTPRequestHandler], bool]] = []
        self.answer: Callable[[str, str], str] = said
        self.reshape: Callable[[list[str]], list[str]] = lambda answers: answers
        self.targets: dict[str, list[str]] = {code: list(LANGUAGES) for code in LANGUAGES}
        self.key = ""
        self.listed = 0
        self.headers: dict[str, str] = {}
        self.bodies: list[object] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path.endswith("/languages"):
                    server.listed += 1
                    if "api-version" in parts.query:  # Microsoft
                        reply(self, 200, json.dumps({"translation": {code: {} for code in server.targets}}))
                        return
                    if "type=" in parts.query:  # DeepL
                        reply(self, 200, json.dumps([{"language": code.upper()} for code in server.targets]))
                        return
                    listed = [{"code": code, "targets": to} for code, to in server.targets.items()]
                    reply(self, 200, json.dumps(listed))
                    return
                query = parse_qs(parts.query, keep_blank_values=True)
                if parts.path.endswith("/get"):  # MyMemory
                    source, target = (code[:2] for code in query["langpair"][0].split("|"))
                    for answers in self.answered([query["q"][0]], source, target):
                        said = {"translatedText": html.escape(answers[0]) if answers else ""}
                        reply(self, 200, json.dumps({"responseData": said, "responseStatus": 200}))
                    return
                texts = query["q"][0].split("\n")
                for answers in self.answered(texts, query["sl"][0], query["tl"][0]):
                    # Google escapes what is escaped already.
                    shown = html.escape(html.escape("\n".join(answers)))
                    page = f'<html><body><div class="result-container">{shown}</div></body></html>'
                    reply(self, 200, page, "text/html; charset=utf-8")

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                parts = urlsplit(self.path)
                server.headers = dict(self.headers)
                if "tr.json" in parts.path:
                    self.yandex(parse_qs(sent.decode(), keep_blank_values=True))
                    return
                body = json.loads(sent)
                server.bodies.append(body)
                speak = {"/v2/translate": self.deepl, "/v1/chat/completions": self.openai}.get(parts.path)
                if speak or isinstance(body, list):
                    (speak or self.microsoft)(body)
                    return
                if server.key and body.get("api_key") != server.key:
                    reply(self, 403, json.dumps({"error": "Invalid API key"}))
                    return
                for answers in self.answered(body["q"], body["source"], body["target"]):
                    reply(self, 200, json.dumps({"translatedText": answers}))

            def deepl(self, body: dict) -> None:
                target = body["target_lang"].lower()[:2]
                for answers in self.answered(body["text"], body["source_lang"].lower(), target):
                    reply(self, 200, json.dumps({"translations": [{"text": one} for one in answers]}))

            def microsoft(self, body: list) -> None:
                query = parse_qs(urlsplit(self.path).query)
                texts = [one["Text"] for one in body]
                for answers in self.answered(texts, query["from"][0], query["to"][0]):
                    listed = [{"translations": [{"text": one, "to": query["to"][0]}]} for one in answers]
                    reply(self, 200, json.dumps(listed))

            def openai(self, body: dict) -> None:
                asked = json.loads(body["messages"][-1]["content"])
                for answers in self.answered(list(asked.values()), "bg", "en"):
                    said = {str(number): one for number, one in enumerate(answers, 1)}
                    reply(self, 200, spoken(json.dumps(said)))

            def yandex(self, form: dict) -> None:
                source, _, target = form["lang"][0].partition("-")
                for answers in self.answered(form["text"][0].split("\n"), source, target):
                    reply(self, 200, json.dumps({"code": 200, "text": ["\n".join(answers)]}))

            def answered(self, texts: list[str], source: str, target: str) -> Iterator[list[str]]:
                server.asked.append((texts, source, target))
                if server.faults and server.faults.pop(0)(self):
                    return
                yield server.reshape([server.answer(text, target) for text in texts])

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that hang up are what some tests are about
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def texts(self) -> list[str]:
        """Every text that was asked for, in order."""
        return [text for texts, _, _ in self.asked for text in texts]

    def status(self, status: int, body: str = "{}", **headers: str) -> Callable[..., bool]:
        def fault(handler: BaseHTTPRequestHandler) -> bool:
            reply(handler, status, body, **headers)
            return True

        return fault

    def page(self, body: str) -> Callable[..., bool]:
        return self.status(200, body)

    def hang(self, handler: BaseHTTPRequestHandler) -> bool:
        time.sleep(1)
        return False

    def drip(self, handler: BaseHTTPRequestHandler) -> bool:
        """Send a byte at a time, each well within any timeout."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(15):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)
        handler.close_connection = True
        return True

    def hang_up(self, handler: BaseHTTPRequestHandler) -> bool:
        handler.close_connection = True
        handler.connection.shutdown(2)
        return True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def reply(
    handler: BaseHTTPRequestHandler, status: int, body: str, kind: str = "application/json", **headers: str
) -> None:
    data = body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def spoken(content: str, **message: object) -> str:
    """Return an OpenAI-compatible server's answer."""
    said = {"role": "assistant", "content": content, **message}
    return json.dumps({"choices": [{"message": said, "finish_reason": "stop"}]})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def other_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path}/s.db") as database:
        yield database


class Bench:
    """Builds engines and chains on a real memory and a real ledger."""

    now = NOW
    said = staticmethod(said)
    google = GoogleEngine
    libre = LibreTranslateEngine

    def __init__(self, database: Database) -> None:
        self.database = database
        self.memory = SqlMemory(database, "fingerprint", NOW)
        self.ledger = SqlLedger(database, NOW)
        self.slept: list[float] = []

    def supervised(self, engine: object, limits: Limits | None = None, **options: object) -> SupervisedEngine:
        options.setdefault("sleep", self.slept.append)
        return SupervisedEngine(engine, self.ledger, NOW, limits or Limits(), **options)

    def engine(self, server: Server, name: str = "libre", **options: object) -> SupervisedEngine:
        return self.supervised(LibreTranslateEngine(name, server.url, timeout=0.5, **options))

    def chain(self, *engines: SupervisedEngine, **options: object) -> Chain:
        return Chain(engines, self.memory, **options)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)
