"""When sources are due, across every change of clocks from 2026 to 2030."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from syndicator.model import Publish, Source, SourceKind
from syndicator.steps.schedule import LONGEST_BACKOFF, next_due, schedule_of

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
    while (at := next_due(one, at, 0, zone, at)) < end:
        found.append(at)
    return found


def test_one_that_was_never_polled_is_due_now():
    assert next_due(source(), None, 0, ZONES[0], START) == START


@pytest.mark.parametrize("failures", range(12))
def test_failures_in_a_row_double_the_interval_up_to_a_bound(failures):
    wait = next_due(source(), START, failures, ZONES[0], START) - START
    assert wait == min(timedelta(minutes=30) * 2**failures, LONGEST_BACKOFF)


def test_an_interval_longer_than_the_bound_stays_as_it_is():
    daily = source(every=timedelta(days=1))
    assert next_due(daily, START, 3, ZONES[0], START) == START + timedelta(days=1)


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
