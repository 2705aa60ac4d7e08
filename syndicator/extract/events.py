"""Finds the days that an article's text names: when something takes place, not when it was published."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from syndicator.extract.dates import MONTHS

_MONTH = "|".join(sorted((name for name in MONTHS if len(name) >= 3), key=len, reverse=True))
_NAMED = re.compile(
    rf"(?<![\d.,:/-])(?:(?P<first>\d{{1,2}})\s?(?:-|–|—|и|до|and|to|al)\s?)?(?P<day>\d{{1,2}})(?:-?(?:ви|ри|ти|th|st|nd|rd))?"
    rf"\s(?P<name>{_MONTH})\b\.?(?:,?\s(?P<year>\d{{4}})(?!\d))?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"(?<![\d.,:/-])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)(?![\d])(?!\.\d)"
)
_MAY_NAME = re.compile(rf"\d(?:-?\w\w)?\s(?:{_MONTH})\b", re.IGNORECASE)  # most texts say no such thing
_MAY_NUMBER = re.compile(r"\d\.\d{1,2}\.(?:19|20)\d\d")
_DIGIT = re.compile(r"\d")
_BEFORE = timedelta(days=366)  # an older day is history
_AFTER = timedelta(days=3 * 366)
_NEAREST = timedelta(days=183)  # a day without a year is the one nearest to the publication
_MOST = 30


def find_events(text: str, published: date) -> tuple[date, ...]:
    """Return the days that a plain text names, around the day of its publication and other than that, sorted.

    „от 3 до 9 март“ gives both ends. A day without a year is the one nearest to ``published``. Days more than
    a year before it are history and days more than three years ahead somebody's slip.
    """
    found = {
        day
        for day in _days(text, published)
        if day != published and published - _BEFORE <= day <= published + _AFTER
    }
    return tuple(sorted(found))[:_MOST]


def _days(text: str, published: date) -> Iterator[date]:
    for match in _matches(_NAMED, text) if _MAY_NAME.search(text) else ():
        month = MONTHS[match["name"].lower()]
        for number in (match["first"], match["day"]):
            if number:
                yield from _day(match["year"] or "", month, int(number), published)
    for match in _matches(_NUMBERS, text) if _MAY_NUMBER.search(text) else ():
        yield from _day(match["year"], int(match["month"]), int(match["day"]), published)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what ``finditer`` would, of a pattern that begins with a digit: those are found much faster."""
    at = 0
    while digit := _DIGIT.search(text, at):
        match = pattern.match(text, digit.start())
        at = match.end() if match else digit.end()
        if match:
            yield match


def _day(year: str, month: int, number: int, published: date) -> Iterator[date]:
    years = [int(year)] if year else [published.year - 1, published.year, published.year + 1]
    for one in years:
        try:
            day = date(one, month, number)
        except ValueError:
            continue  # 30 февруари, or 29 in a common year
        if year or abs(day - published) <= _NEAREST:
            yield day
