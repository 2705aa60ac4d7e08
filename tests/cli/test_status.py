"""``status`` as somebody sees it: on a real terminal, wide and narrow, empty and full."""

import fcntl
import io
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from syndicator.runtime.showing_status import advice, status_view

SOFIA = ZoneInfo("Europe/Sofia")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(desk, width, *arguments, until=""):
    """Run the program on a terminal, to its end or until it shows a text; return its code and output."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, width, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "syndicator", "-c", str(desk.config), *arguments],
        cwd=desk.folder,
        env={**desk.environment(), "TERM": "xterm-256color"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        if until and until.encode() in shown:
            process.send_signal(signal.SIGINT)
            until = ""
    os.close(master)
    return process.wait(20), shown.decode()


def test_it_fits_its_terminal_and_ends_with_the_next_step(desk):
    desk.libre.fault = "500"
    desk.run("once")
    code, shown = on_terminal(desk, 80, "status")
    lines = ESCAPE.sub("", shown).replace("\r", "").rstrip().split("\n")
    assert code == 3
    assert max(map(len, lines)) <= 80
    assert "\x1b[31mfailing" in shown, "in colours"
    assert lines[-1].startswith(("Next: get the engine libre to answer", "Nothing to do"))


def test_on_a_narrow_terminal_names_give_way_and_moments_stay():
    source = {**told()["sources"][0], "id": "a-source-with-quite-a-long-name-for-its-column"}
    lines = shown(told(sources=[source]), 12, width=50, narrow=True).splitlines()
    assert max(map(len, lines)) <= 50
    assert re.search(r"a-source.* 2026-11-24 14:00 +3", "\n".join(lines))


def test_watch_shows_it_until_it_is_interrupted(desk):
    desk.run("once")
    code, shown = on_terminal(desk, 80, "status", "--watch", until="city")
    assert code == 0
    assert "\x1b[?1049h" in shown, "on a screen of its own"
    assert shown.rstrip().endswith("\x1b[?1049l"), "which is left"
    assert "All done." in shown
    assert "Stopped" not in shown


@pytest.mark.parametrize("arguments", [("--watch",), ("--watch", "--json")])
def test_watch_wants_a_terminal(desk, arguments):
    ran = desk.run("status", *arguments)
    assert ran.code == 2
    assert "terminal" in ran.err


def told(**changed):
    counts = {"published": 9, "pending": 0, "held": 0, "failed": 0}
    source = {"id": "s", "last_success": "2026-11-24T12:00:00+00:00", "last_error": None, "articles": 3}
    source |= {"newest": None, "permission": None, "moved_to": None}
    engine = {"state": "ok", "last_error": None, "characters_today": 0, "budget": None}
    return {
        "sources": [source],
        "languages": {"en": counts},
        "engines": {"libre": {**engine, "off": False, "spent": False}},
        "feeds": [],
        "hubs": [],
        "disks": [{"place": "feeds", "path": "/srv/feeds", "free": 10**11, "nearly_full": False}],
        "open": [],
        "waiting": [],
        "problems": [],
        **changed,
    }


def shown(value, most, width=80, **options):
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(status_view(value, SOFIA, most, **options))
    return out.getvalue()


def test_of_many_sources_those_in_trouble_come_first():
    source = told()["sources"][0]
    many = [{**source, "id": f"source-{n}", "last_error": "no" if n == 150 else None} for n in range(200)]
    text = shown(told(sources=many), 12)
    assert len(text.splitlines()) < 40
    assert "source-150" in text
    assert "… and 188 more" in text
    assert shown(told(sources=many), None).count("source-") == 201, "a pipe gets all"


def test_languages_of_one_article_share_a_line():
    article = {"id": "abc", "title": "Мостът", "state": "pending", "reason": "down"}
    text = shown(told(open=[{**article, "language": "en"}, {**article, "language": "it"}]), 12)
    assert "pending abc en, it “Мостът”: down" in text


def test_an_empty_service():
    source = {**told()["sources"][0], "last_success": None, "articles": 0}
    text = shown(told(sources=[source], languages={}, engines={}), 12)
    assert text.rstrip().endswith("Nothing was polled yet. Next: `syndicator once`.")


def one_open(state):
    return [{"id": "a", "title": "t", "language": "en", "state": state, "reason": ""}]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, "All done."),
        ({"open": one_open("pending")}, "Nothing to do"),
        ({"open": one_open("held")}, "--state held"),
        ({"open": one_open("failed")}, "what the engines lack"),
        ({"problems": ["x"]}, "correct the file"),
        ({"disks": [{"place": "feeds", "path": "/srv", "free": 1, "nearly_full": True}]}, "free some room"),
    ],
)
def test_the_most_urgent_step(changed, wanted):
    assert wanted in advice(told(**changed))


def test_an_engine_or_a_budget_is_named_only_while_something_waits_for_it():
    engine = told()["engines"]["libre"]
    off, spent = {"libre": {**engine, "off": True}}, {"libre": {**engine, "spent": True}}
    assert "get the engine libre" in advice(told(engines=off, open=one_open("pending")))
    assert "budget of libre" in advice(told(engines=spent, open=one_open("pending")))
    assert advice(told(engines=off)) == "All done."
