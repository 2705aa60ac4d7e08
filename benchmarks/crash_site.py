"""A small news site, an inbox and an engine on loopback, in a process of their own; every question is logged.

The texts are our own. The engine knows their sentences and answers the same at every time, so that runs can be
compared to the letter.
"""

import json
import os
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

TARGETS = ("en", "it")
Line = tuple[str, str, str]  # Bulgarian, English, Italian


@dataclass(frozen=True, slots=True)
class Story:
    """One article: its address or file name, its title, its sentences; ``later`` takes the last one's place."""

    key: str
    kind: str  # full: the feed carries it all; teaser: its page has the text; page: a source by itself; inbox
    title: Line
    lines: tuple[Line, ...]
    later: Line | None = None
    link: str = ""  # words that are a link in the first sentence

    def sentences(self, edited: bool) -> tuple[Line, ...]:
        return (*self.lines[:-1], self.later) if edited and self.later else self.lines


STORIES = (
    Story(
        "mlekarnitsa",
        "full",
        (
            "Старата млекарница отваря врати",
            "The old dairy opens its doors",
            "Il vecchio caseificio apre le porte",
        ),
        (
            (
                "Старата млекарница в село Върбица отваря врати за посетители през юни.",
                "The old dairy in the village of Varbitsa opens its doors to visitors in June.",
                "Il vecchio caseificio nel villaggio di Varbitsa apre le porte ai visitatori a giugno.",
            ),
            (
                "Децата ще могат да опитат сирене по рецепта на 90 години.",
                "Children will be able to taste cheese made to a recipe that is 90 years old.",
                "I bambini potranno assaggiare il formaggio fatto con una ricetta di 90 anni.",
            ),
            (
                "Входът е свободен до края на лятото.",
                "Admission is free until the end of the summer.",
                "L'ingresso è libero fino alla fine dell'estate.",
            ),
        ),
        (
            "Входът е свободен до края на годината.",
            "Admission is free until the end of the year.",
            "L'ingresso è libero fino alla fine dell'anno.",
        ),
        link="село Върбица",
    ),
    Story(
        "koleloezdachi",
        "teaser",
        (
            "Колоездачи тръгват по стария път",
            "Cyclists set out on the old road",
            "I ciclisti partono per la vecchia strada",
        ),
        (
            (
                "Повече от 40 колоездачи тръгват в неделя по стария път край реката.",
                "More than 40 cyclists set out on Sunday on the old road along the river.",
                "Più di 40 ciclisti partono domenica per la vecchia strada lungo il fiume.",
            ),
            (
                "Маршрутът е дълъг 25 километра и минава през три села.",
                "The route is 25 kilometres long and passes through three villages.",
                "Il percorso è lungo 25 chilometri e attraversa tre villaggi.",
            ),
            (
                "Организаторите от мрежата ZELENPAT раздават карти и вода на всички участници.",
                "The organisers from the ZELENPAT network hand out maps and water to all participants.",
                "Gli organizzatori della rete ZELENPAT distribuiscono mappe e acqua a tutti i partecipanti.",
            ),
        ),
    ),
    Story(
        "hor",
        "full",
        (
            "Хорът на пенсионерите търси диригент",
            "The pensioners' choir is looking for a conductor",
            "Il coro dei pensionati cerca un direttore",
        ),
        (
            (
                "Хорът на пенсионерите търси нов диригент за есенния сезон.",
                "The pensioners' choir is looking for a new conductor for the autumn season.",
                "Il coro dei pensionati cerca un nuovo direttore per la stagione autunnale.",
            ),
            (
                "Репетициите са два пъти в седмицата в голямата зала на читалището.",
                "Rehearsals are held twice a week in the large hall of the community centre.",
                "Le prove si tengono due volte alla settimana nella grande sala del centro culturale.",
            ),
        ),
    ),
    Story(
        "agentsia",
        "page",
        (
            "Агенцията събира идеи за реката",
            "The Agency collects ideas for the river",
            "L'Agenzia raccoglie idee per il fiume",
        ),
        (
            (
                "Агенцията за горите събира идеи за почистването на реката до 15 май.",
                "The Forest Agency is collecting ideas for cleaning up the river until 15 May.",
                "L'Agenzia delle foreste raccoglie idee per la pulizia del fiume fino al 15 maggio.",
            ),
            (
                "Всеки жител може да изпрати своето предложение по пощата.",
                "Every resident can send a proposal by post.",
                "Ogni abitante può inviare la propria proposta per posta.",
            ),
            (
                "Най-добрите предложения ще бъдат показани на изложба в библиотеката.",
                "The best proposals will be shown at an exhibition in the library.",
                "Le proposte migliori saranno esposte in una mostra nella biblioteca.",
            ),
        ),
    ),
    Story(
        "chitalishte.txt",
        "inbox",
        (
            "Читалището получи ново пиано",
            "The community centre received a new piano",
            "Il centro culturale ha ricevuto un nuovo pianoforte",
        ),
        (
            (
                "Читалището в града получи ново пиано от бивши ученици на музикалната школа.",
                "The community centre in the town received a new piano from former pupils of the music school.",
                "Il centro culturale della città ha ricevuto un nuovo pianoforte dagli ex allievi della scuola di musica.",
            ),
            (
                "Първият концерт е на 12 септември и билетите вече са в продажба.",
                "The first concert is on 12 September and tickets are already on sale.",
                "Il primo concerto è il 12 settembre e i biglietti sono già in vendita.",
            ),
        ),
    ),
)
NEWS = Story(  # comes with the edit
    "prozortsi.txt",
    "inbox",
    (
        "Училището сменя всички прозорци",
        "The school is replacing all its windows",
        "La scuola sostituisce tutte le finestre",
    ),
    (
        (
            "Училището на хълма сменя всички прозорци през лятната ваканция.",
            "The school on the hill is replacing all its windows during the summer holidays.",
            "La scuola sulla collina sostituisce tutte le finestre durante le vacanze estive.",
        ),
        (
            "Работата струва 80 хиляди лева и ще приключи преди първия учебен ден.",
            "The work costs 80 thousand leva and will be finished before the first day of school.",
            "I lavori costano 80 mila leva e finiranno prima del primo giorno di scuola.",
        ),
    ),
)
WORDS: dict[str, tuple[str, str]] = {
    "село Върбица": ("the village of Varbitsa", "villaggio di Varbitsa"),
    "Агенцията за горите": ("The Forest Agency", "L'Agenzia delle foreste"),
}
GLOSSARY = """\
terms:
  - bg: ["Агенцията за горите"]
    en: "The Forest Agency"
    it: "L'Agenzia delle foreste"
  - keep: ["ZELENPAT"]
"""


def answers() -> dict[str, tuple[str, str]]:
    found = dict(WORDS)
    for story in (*STORIES, NEWS):
        for line in (story.title, *story.lines, *([story.later] if story.later else [])):
            found[line[0]] = line[1:]
    return found


ANSWERS = answers()
MARKED = re.compile(r"\((\d)\)")
MASK = re.compile(r"\bX[A-Z]\d+\b")


def translated(text: str, target: str) -> str:
    """The engine's answer: the sentence that is known, else the text as it came (and the harness complains)."""
    plain = " ".join(MARKED.sub(" ", text).replace(" .", ".").split())
    plain = MASK.sub("ZELENPAT", plain)
    known = ANSWERS.get(plain) or next(
        (one for bg, one in ANSWERS.items() if bg.replace(" ", "") == plain.replace(" ", "")), None
    )
    if known is None:
        return text
    answer = known[TARGETS.index(target)]
    for mask in MASK.findall(text):
        answer = answer.replace("ZELENPAT", mask)
    for words, spans in WORDS.items():
        if words in plain and MARKED.search(text):
            span = spans[TARGETS.index(target)]
            answer = answer.replace(span, f"(1){span}(2)" if "(2)" in text else f"(1){span}(1)")
    return answer


def sentences_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@dataclass
class Log:
    """What was asked since it was last taken."""

    engine: list[list[Any]] = field(default_factory=list)  # [target, [texts]] per request
    unknown: list[str] = field(default_factory=list)
    pages: list[list[Any]] = field(default_factory=list)  # [path, status] per answer of the site


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.edited = False
        self.log = Log()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that was killed in mid-answer is the purpose."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/languages":
            self.answer(json.dumps([{"code": "bg", "name": "bg", "targets": ["en", "it", "bg"]}]))
        elif self.path == "/_log":
            log, self.server.log = self.server.log, Log()
            self.answer(json.dumps(vars(log)))
        elif self.path in ("/_edited", "/_first"):
            self.server.edited = self.path == "/_edited"
            self.answer("{}")
        else:
            found = document(self.path, f"http://{self.headers['Host']}", self.server.edited)
            etag = f'"{hash(found) & 0xFFFFFFFF:08x}"'
            status = 404 if not found else 304 if self.headers.get("If-None-Match") == etag else 200
            self.server.log.pages.append([self.path, status])
            media = "application/rss+xml" if self.path.endswith(".xml") else "text/html"
            self.answer(found if status == 200 else "", f"{media}; charset=utf-8", status, etag)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        target, texts = asked["target"], asked["q"] if isinstance(asked["q"], list) else [asked["q"]]
        lines = [line for text in texts for line in sentences_of(text)]
        self.server.log.engine.append([target, lines])
        self.server.log.unknown += [line for line in lines if translated(line, target) == line]
        told = ["\n".join(translated(line, target) for line in text.split("\n")) for text in texts]
        self.answer(json.dumps({"translatedText": told}))

    def answer(self, text: str, media: str = "application/json", status: int = 200, etag: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def paragraphs(story: Story, edited: bool) -> str:
    told = [escape(line[0]) for line in story.sentences(edited)]
    if story.link:
        told[0] = told[0].replace(story.link, f'<a href="https://varbitsa.example/">{story.link}</a>')
    return "".join(f"<p>{line}</p>\n" for line in told)


def document(path: str, origin: str, edited: bool) -> str:
    if path == "/rss.xml":
        return feed(origin, edited)
    story = next((one for one in STORIES if path == f"/novini/{one.key}.html"), None)
    if story is None:
        return ""
    return (
        f'<!DOCTYPE html><html lang="bg"><head><meta charset="utf-8"><title>{story.title[0]}</title>'
        f'<meta property="article:published_time" content="2026-03-0{STORIES.index(story) + 1}T08:00:00+02:00">'
        f"</head><body><main><article><h1>{story.title[0]}</h1>\n{paragraphs(story, edited)}</article></main>"
        "</body></html>"
    )


def feed(origin: str, edited: bool) -> str:
    items = []
    for number, story in enumerate(STORIES, 1):
        if story.kind not in ("full", "teaser"):
            continue
        whole = paragraphs(story, edited)
        text = (
            f"<content:encoded><![CDATA[{whole}]]></content:encoded>"
            if story.kind == "full"
            else f"<description>{story.lines[0][0][:40]}…</description>"
        )
        items.append(
            f"<item><title>{story.title[0]}</title><link>{origin}/novini/{story.key}.html</link>"
            f'<guid isPermaLink="false">{story.key}</guid>'
            f"<pubDate>Sun, 0{number} Mar 2026 06:00:00 GMT</pubDate>{text}</item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Върбица днес</title>'
        f"<link>{origin}/</link><description>Новини</description>{''.join(items)}</channel></rss>"
    )


def write_inbox(folder: Path, stories: Sequence[Story]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for story in stories:
        text = "\n\n".join([story.title[0], *(line[0] for line in story.lines)])
        (folder / story.key).write_text(f"{text}\n", "utf-8")


def write_memory(file: Path) -> None:
    """Write a TMX file of reviewed translations, which agree with the engine."""
    units = "".join(
        "<tu>"
        + "".join(
            f'<tuv xml:lang="{language}"><seg>{escape(text)}</seg></tuv>'
            for language, text in zip(("bg", *TARGETS), line, strict=True)
        )
        + "</tu>"
        for story in STORIES
        for line in story.lines
    )
    file.write_text(
        '<?xml version="1.0" encoding="utf-8"?><tmx version="1.4"><header creationtool="crash" '
        'creationtoolversion="1" segtype="sentence" o-tmf="none" adminlang="en" srclang="bg" datatype="plaintext"/>'
        f"<body>{units}</body></tmx>",
        "utf-8",
    )


def write_world(folder: Path, origin: str) -> Path:
    """Write the config, the glossary and the inbox of a site; return the config's path."""
    folder.mkdir(parents=True)
    write_inbox(folder / "inbox", [story for story in STORIES if story.kind == "inbox"])
    (folder / "glossary.yaml").write_text(GLOSSARY, "utf-8")
    permission = "publish: full, permission: {by: the editor, date: 2026-03-01}"
    config = folder / "syndicator.yaml"
    config.write_text(
        f"""\
site:
  title: {{bg: Проверка, en: Trial, it: Prova}}
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
storage: {{database: "sqlite:///var/syndicator.db", feeds: feeds}}
languages: {{source: bg, targets: [en, it]}}
fetch:
  allow_private: [127.0.0.1]
  per_host: {{delay: 0s}}
sources:
  - {{id: varbitsa, name: {{bg: Върбица днес, en: Varbitsa Today, it: Varbitsa Oggi}}, kind: feed, url: "{origin}/rss.xml", {permission}}}
  - {{id: agency, name: {{bg: Агенция, en: Agency, it: Agenzia}}, kind: page, url: "{origin}/novini/agentsia.html", {permission}}}
  - {{id: editors, name: {{bg: Редакция, en: Editors, it: Redazione}}, kind: inbox, path: inbox, keep: false, {permission}}}
translation:
  engines:
    - {{id: replay, kind: libretranslate, url: "{origin}", local: true, max_characters: 300}}
  glossary: [glossary.yaml]
feeds:
  - {{id: all, title: {{bg: Всичко, en: Everything, it: Tutto}}}}
""",
        "utf-8",
    )
    return config


@dataclass(frozen=True, slots=True)
class World:
    """The running site and engine, as the harness asks it."""

    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tell(self, path: str) -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            told: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return told

    def take_log(self) -> Log:
        return Log(**self.tell("/_log"))

    def show(self, *, edited: bool) -> None:
        self.tell("/_edited" if edited else "/_first")


@contextmanager
def serving() -> Iterator[World]:
    """Serve the site and the engine in a process of their own, so that the caller has no threads and may fork."""
    context = get_context("fork")
    ours, theirs = socket.socketpair()
    process = context.Process(target=_serve, args=(theirs, ours), daemon=True)
    process.start()
    theirs.close()  # the site's own end, and ours is not the site's: either sees when the other has gone
    try:
        yield World(int(ours.recv(16)))
    finally:
        ours.close()
        _end(process)


def _serve(ready: socket.socket, callers: socket.socket) -> None:
    callers.close()
    server = Server()
    ready.sendall(str(server.server_address[1]).encode())
    threading.Thread(target=_end_with_the_caller, args=(ready,), daemon=True).start()
    server.serve_forever(0.05)


def _end_with_the_caller(ready: socket.socket) -> None:
    ready.recv(1)  # nothing comes but the end, however the caller came to it
    os._exit(0)


def _end(process: ForkProcess) -> None:
    process.terminate()
    process.join()
