"""Hubs are told of changes, after the files are in place, and again after a failure."""

from datetime import timedelta

import pytest

from syndicator.errors import HubError, OutputError
from syndicator.steps.announcing import FIRST_PAUSE, LONGEST_PAUSE, pause
from syndicator.store import pushing

HUB, OTHER = "https://hub.example/", "https://other.example/"


class Hubs:
    """Notes what hubs are told; those in ``down`` do not answer, and nobody takes an address in ``bad``."""

    def __init__(self, line):
        self.line = line
        self.down = set()
        self.bad = set()
        self.told = []
        self.asked = []

    def tell(self, hub, topic):
        self.asked.append((hub, topic))
        path = topic.removeprefix("https://e.example/")
        assert self.line.tree.exists(path)
        if hub in self.down or path in self.bad:
            raise HubError(f"{hub} failed", is_down=hub in self.down)
        self.told.append((hub, path))

    def news(self):
        told, self.told, self.asked = self.told, [], []
        return told


@pytest.fixture
def hubs(line):
    line.website.items = [line.item(1)]
    line.languages = ("bg",)
    line.hubs = Hubs(line)
    line.hub_addresses = (HUB,)
    return line.hubs


def of(hub):
    return [(hub, f"bg/all.{ending}") for ending in ("atom", "json", "rss")]


def waiting(line):
    with line.database.reading() as connection:
        return pushing.waiting(connection, line.hub_addresses)


def test_a_hub_is_told_of_each_format_once_and_only_of_changes(line, hubs):
    line.cycle()
    assert sorted(hubs.news()) == of(HUB)
    line.cycle(hours=1)
    assert hubs.asked == []
    line.website.items.append(line.item(2))
    line.cycle(hours=1)
    assert sorted(hubs.news()) == of(HUB)


def test_a_hub_that_is_down_is_asked_once_a_cycle_and_told_later(line, hubs):
    line.hub_addresses = (HUB, OTHER)
    hubs.down = {HUB}
    assert line.cycle().feeds_written == 3
    assert [hub for hub, _ in hubs.asked].count(HUB) == 1
    assert waiting(line) == {HUB: (3, f"{HUB} failed")}
    assert sorted(hubs.news()) == of(OTHER)
    line.cycle()
    assert hubs.asked == []  # its pause is not over
    line.cycle(hours=FIRST_PAUSE / timedelta(hours=1))
    assert len(hubs.asked) == 1
    hubs.down = set()
    line.cycle(hours=1)
    assert sorted(hubs.news()) == of(HUB)
    assert waiting(line) == {}


def test_what_a_hub_thinks_of_one_address_does_not_keep_the_others_from_it(line, hubs):
    hubs.bad = {"bg/all.atom"}
    line.cycle()
    assert sorted(hubs.news()) == of(HUB)[1:]
    assert waiting(line)[HUB][0] == 1


def test_a_new_change_does_not_wait_for_the_end_of_a_pause(line, hubs):
    hubs.down = {HUB}
    line.cycle()
    hubs.news()
    hubs.down = set()
    line.website.items.append(line.item(2))
    line.cycle()
    assert sorted(hubs.news()) == of(HUB)


def test_what_was_written_by_a_cycle_that_broke_off_is_told_by_the_next(line, hubs):
    real = line.tree.write

    def write(path, data):
        if path == "index.html":
            raise OutputError("the disk is full")
        return real(path, data)

    line.tree.write = write
    with pytest.raises(OutputError, match="full"):
        line.cycle()
    assert hubs.asked == []
    line.tree.write = real
    line.cycle()
    assert sorted(hubs.news()) == of(HUB)


def test_a_hub_that_is_no_longer_configured_is_left_alone(line, hubs):
    hubs.down = {HUB}
    line.cycle()
    hubs.news()
    line.hub_addresses = (OTHER,)
    line.cycle(hours=24)
    assert {hub for hub, _ in hubs.asked} == {OTHER}


def test_pauses_grow_to_a_limit():
    pauses = [pause(attempts) for attempts in range(12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pause(1000)) == (FIRST_PAUSE, 2 * FIRST_PAUSE, LONGEST_PAUSE)
