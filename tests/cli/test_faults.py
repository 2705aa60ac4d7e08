"""Disks, clocks, locks and names that fail: a clear message, and all of it there once the fault is over."""

import os
import sqlite3
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.runtime.build import open_workshop
from syndicator.runtime.notify import Notifier
from syndicator.runtime.reload import ConfigFile
from syndicator.runtime.worker import ClockWatch, Worker, due_moments
from syndicator.settings.load import examine
from syndicator.store import clock
from syndicator.store import database as database_module

SECONDS = 40
DAY = timedelta(days=1)
SCHOOL = "Училището посреща учениците с нова библиотека"


def mount(*arguments):
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(desk):
    """Give the desk's state and tree a disk of two megabytes of their own."""
    place = desk.folder / "small"
    place.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)):
        pytest.skip("only root may mount a disk")
    text = desk.config.read_text("utf-8")
    desk.config.write_text(
        text.replace("sqlite:///state.db", "sqlite:///small/state.db").replace(
            "feeds: feeds", "feeds: small/feeds, compress: false"
        ),
        "utf-8",
    )
    (desk.folder / "feeds").symlink_to(place / "feeds")
    yield place
    mount("-o", "remount,rw", str(place))
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place):
    """Fill a disk to its last byte."""
    with (place / "ballast").open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return place / "ballast"


@contextmanager
def working(desk):
    """Run a worker in a thread, with a short breath between its rounds."""
    settings, problems = examine(desk.config, desk.environment(), datetime.now(UTC))
    assert settings is not None, problems
    worker = Worker(ConfigFile(desk.config), settings, Notifier({}), between_rounds=0.5)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(SECONDS)
        assert not thread.is_alive()


def wait(condition):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("not in time")


def lively(desk):
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace("    kind: feed", "    kind: feed\n    every: 1s"), "utf-8")


def test_a_full_disk_is_named_and_nothing_is_lost_or_bought_twice(desk, small_disk):
    desk.site.titles.remove(SCHOOL)
    assert desk.run("once").code == 0
    before = desk.titles("en")
    bought = list(desk.libre.asked)
    ballast = fill(small_disk)
    desk.site.titles.append(SCHOOL)
    for _ in range(2):
        ran = desk.run("once")
        assert ran.code == 1, ran.out
        assert "full" in ran.err
        assert "small" in ran.err
    assert desk.titles("en") == before, "what was published stays whole"
    ballast.unlink()
    ran = desk.run("once")
    assert ran.code == 0, ran.err
    assert desk.titles("it") == desk.titles_but("it")
    asked = desk.libre.asked[len(bought) :]
    assert len(asked) <= 2 * len(set(asked)), "each sentence once per language"
    assert desk.run("doctor").code == 0


def test_a_worker_outlives_a_full_disk(desk, small_disk):
    lively(desk)
    desk.site.titles.remove(SCHOOL)
    with working(desk):
        wait(lambda: desk.titles("it") == desk.titles_but("it"))
        desk.site.titles.append(SCHOOL)
        for _ in range(25):  # what a round gives back is taken at once
            ballast = fill(small_disk)
            time.sleep(0.1)
        assert SCHOOL not in desk.titles("en")
        ballast.unlink()
        wait(lambda: desk.titles("it") == desk.titles_but("it"))


def test_a_disk_that_became_read_only_is_named_and_recovers(desk, small_disk):
    desk.site.titles.remove(SCHOOL)
    assert desk.run("once").code == 0
    desk.site.titles.append(SCHOOL)
    identity = desk.run("articles", "list", "--json").json["articles"][0]["id"]
    assert mount("-o", "remount,ro", str(small_disk))
    for command in (["once"], ["articles", "retry", identity], ["doctor", "--repair"]):
        ran = desk.run(*command)
        assert (ran.code, "small" in ran.err) == (1, True), (command, ran.err)
    assert desk.titles("en") == desk.titles_but("en", SCHOOL)
    assert mount("-o", "remount,rw", str(small_disk))
    assert desk.run("once").code == 0
    assert desk.titles("it") == desk.titles_but("it")


def test_a_database_that_another_program_keeps_locked_is_waited_for(desk, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 1)
    lively(desk)
    desk.site.titles.remove(SCHOOL)
    other = sqlite3.connect(desk.folder / "state.db", isolation_level=None)
    with working(desk):
        wait(lambda: desk.titles("it") == desk.titles_but("it"))
        other.execute("BEGIN IMMEDIATE")
        desk.site.titles.append(SCHOOL)
        ran = desk.run("memory", "import", memory_file(desk))
        assert (ran.code, "locked" in ran.err, "state.db" in ran.err) == (1, True, True)
        time.sleep(1.5)
        other.execute("COMMIT")
        wait(lambda: desk.titles("it") == desk.titles_but("it"))
    other.close()


def memory_file(desk):
    path = desk.folder / "m.tmx"
    path.write_text(
        '<tmx version="1.4"><header srclang="bg"/><body><tu><tuv xml:lang="bg"><seg>Да</seg></tuv>'
        '<tuv xml:lang="en"><seg>Yes</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    return path


def test_names_that_do_not_resolve_stop_nothing_else_and_are_asked_again_soon_after(desk):
    text = desk.config.read_text("utf-8")
    extra = """\
  - {id: far, name: Далече, kind: feed, url: "http://feeds.nowhere.invalid/rss", publish: summary}
  - {id: near, name: Близо, kind: feed, url: "http://near.nowhere.invalid/rss", publish: summary}
"""
    desk.config.write_text(text.replace("translation:\n", f"{extra}translation:\n", 1), "utf-8")
    ran = desk.run("once")
    assert ran.code == 3
    assert "feeds.nowhere.invalid" in ran.out + ran.err
    assert desk.titles("it") == desk.titles_but("it")
    settings, _ = examine(desk.config, desk.environment(), datetime.now(UTC))
    now = datetime.now(UTC)
    with open_workshop(settings, now) as workshop:
        for _ in range(6):  # hours of it
            for name in ("far", "near"):
                workshop.store.record_poll_failure(name, "no such name", now)
        slow = due_moments(workshop, {"far", "near"}, now)
        assert min(slow.values()) > now + timedelta(hours=5), "it is asked less and less often"
        soon = due_moments(workshop, {"near"}, now, frozenset({"far"}))
        assert soon["far"] <= now + timedelta(minutes=30), "until another one is back"
        assert soon["near"] == slow["near"]


def test_a_clock_that_ran_ahead_lets_nothing_wait_for_it(desk):
    desk.libre.fault, desk.libre.about = "500", ""
    desk.run("once")
    settings, _ = examine(desk.config, desk.environment(), datetime.now(UTC))
    ahead = datetime.now(UTC) + 3650 * DAY
    with open_workshop(settings, ahead) as workshop:
        source = workshop.sources[0].id
        workshop.store.record_poll_failure(source, "down", ahead, ahead + DAY)
        due_moments(workshop, None, ahead)
        due_moments(workshop, {source}, ahead)
        with workshop.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE renditions SET retry_at = '{ahead:%Y-%m-%d %H:%M:%S.%f}'")
            connection.exec_driver_sql(f"UPDATE engines SET rest_until = '{ahead:%Y-%m-%d %H:%M:%S.%f}'")
    now = datetime.now(UTC)
    with open_workshop(settings, now) as workshop:
        moments = due_moments(workshop, None, now)
        assert moments[source] <= now + timedelta(hours=6)
        with workshop.database.reading() as connection:
            assert not clock.ran_ahead(connection, now)
    desk.libre.fault = ""
    lively(desk)
    with working(desk):
        wait(lambda: desk.titles("it") == desk.titles_but("it"))


def test_a_clock_that_is_set_is_noticed_once_and_drift_is_not():
    moments = {"wall": 1000.0, "steady": 0.0}
    watch = ClockWatch(lambda: moments["wall"], lambda: moments["steady"])
    moments.update(wall=1061.0, steady=60.0)
    assert watch.moved() == 0
    moments.update(wall=1061.0 - 86400, steady=60.0)
    assert watch.moved() == -86400
    assert watch.moved() == 0
    moments.update(wall=1061.0, steady=60.0)
    assert watch.moved() == 86400
