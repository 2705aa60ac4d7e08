"""When sources are due, across every change of clocks from 2026 to 2030, and how their rhythm shows."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from syndicator.model import Publish, Source, SourceKind
from syndicator.ports import SourceState
from syndicator.steps.rhythm import LOOKS, interval, next_look, share_of
from syndicator.steps.schedule import LONGEST_BACKOFF, next_due, schedule_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVERY = timedelta(minutes=30)
SOFIA = ZoneInfo("Europe/Sofia")
SOURCE = Source("s", SourceKind.FEED, {}, "http://a/", "", "bg", Publish.TITLE, every=EVERY)


def ago(*hours):
    return tuple(NOW - timedelta(hours=each) for each in hours)


@pytest.mark.parametrize(
    ("changes", "times"),
    [
        ((), 1),  # nothing is known
        (ago(3, 2, 1), 1),  # lively
        (ago(50, 40, 30, 20, 10), 2),  # every ten hours: looked at every hour
        (ago(24 * 300), 8),  # silent for months
        (ago(24 * 30 + 2, 24 * 30 + 1, 24 * 30), 8),  # was lively once
    ],
)
def test_intervals_follow_the_rhythm_within_bounds(changes, times):
    found = interval(EVERY, changes, NOW, "s")
    assert EVERY * times <= found <= EVERY * min(times * 1.1, 8)


def test_chance_is_each_sources_own_and_evenly_spread():
    shares = [share_of(f"source-{n}") for n in range(1000)]
    assert shares == [share_of(f"source-{n}") for n in range(1000)]
    assert all(60 <= sum(low / 10 <= one < (low + 1) / 10 for one in shares) <= 140 for low in range(10))


def test_a_source_that_was_never_polled_is_due():
    assert next_due(SOURCE, SourceState(), SOFIA, NOW) == NOW


def test_failures_double_the_interval_up_to_a_bound():
    waits = [
        next_due(SOURCE, SourceState(polled_at=NOW, failures=n), SOFIA, NOW) - NOW for n in (1, 2, 3, 9, 99)
    ]
    assert waits == [EVERY * 2, EVERY * 4, EVERY * 8, LONGEST_BACKOFF, LONGEST_BACKOFF]
    daily = replace(SOURCE, every=timedelta(days=1))
    assert next_due(daily, SourceState(polled_at=NOW, failures=5), SOFIA, NOW) == NOW + timedelta(days=1)


def test_a_request_to_wait_is_kept():
    later = NOW + timedelta(hours=9)
    state = SourceState(polled_at=NOW, failures=1, retry_at=later)
    assert next_due(SOURCE, state, SOFIA, NOW) == later


def test_cron_is_the_sites_time_and_is_neither_stretched_nor_shifted():
    source = replace(SOURCE, cron="0 7 * * *")
    state = SourceState(polled_at=NOW, changes=ago(24 * 300), failures=3)
    assert next_due(source, state, SOFIA, NOW) == datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_a_page_is_looked_at_at_growing_distances():
    moment, looks = NOW, []
    while (due := next_look(NOW, moment)) is not None:
        looks.append(due - NOW)
        moment = due
    assert tuple(looks) == LOOKS
    assert next_look(NOW - timedelta(days=31), NOW) is None


ZONES = [ZoneInfo(name) for name in ("Europe/Sofia", "Europe/Rome", "Europe/Athens")]
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def source(cron: str = "", every: timedelta = timedelta(minutes=30)) -> Source:
    return Source(
        id="s",
        kind=SourceKind.FEED,
        name={},
        url="https://a.example/",
        path="",
        language="bg",
        publish=Publish.FULL,
        every=every,
        cron=cron,
    )


def moments(one: Source, zone: ZoneInfo, start: datetime = START, end: datetime = END) -> list[datetime]:
    """Return every moment at which a source is due that answers at once."""
    found = []
    at = start
    while (at := next_due(one, SourceState(polled_at=at), zone, at)) < end:
        found.append(at)
    return found


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("cron", ["0 0 * * *", "30 3 * * *", "15 2 * * *", "0 12 * * *"])
def test_a_daily_time_comes_once_a_day_whatever_the_clocks_do(zone, cron):
    days = Counter(moment.astimezone(zone).date() for moment in moments(source(cron), zone))
    first, last = START.astimezone(zone).date(), END.astimezone(zone).date()
    every_day = {first + timedelta(days=at) for at in range((last - first).days)}
    assert every_day - {first} <= days.keys()
    assert set(days.values()) == {1}


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("minutes", [15, 60])
def test_steps_of_minutes_neither_pause_nor_repeat(zone, minutes):
    cron = {15: "*/15 * * * *", 60: "0 * * * *"}[minutes]
    for year in range(2026, 2031):
        for month in (3, 10):
            start, end = datetime(year, month, 20, tzinfo=UTC), datetime(year, month + 1, 2, tzinfo=UTC)
            found = moments(source(cron), zone, start, end)
            gaps = {later - earlier for earlier, later in pairwise(found)}
            assert gaps == {timedelta(minutes=minutes)}


def test_weekdays_are_numbered_as_cron_does():
    assert all(
        moment.astimezone(ZONES[0]).isoweekday() == 1 for moment in moments(source("0 9 * * 1"), ZONES[0])
    )


def test_a_schedule_in_words_changes_with_the_schedule_and_with_nothing_else():
    told = schedule_of(source(), ZONES[0])
    assert told == schedule_of(source(), ZONES[1]), "an interval knows no time zone"
    assert told != schedule_of(source(every=timedelta(minutes=31)), ZONES[0])
    daily = source("0 0 * * *")
    assert schedule_of(daily, ZONES[0]) != schedule_of(daily, ZONES[1])
