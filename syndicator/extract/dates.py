"""Dates as feeds and small Bulgarian sites write them. No date is better than a wrong one.

A text is read only where every number in it has its place in one date: "от 5 до 7 март 2024", two different
dates, "Copyright © 2024" and a counter beside a date all give none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from zoneinfo import ZoneInfo

LONGEST = 200  # characters; what is longer is no date
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=2)
WIDEST_OFFSET = timedelta(hours=14)


def _numbered(*lines: str, start: int) -> dict[str, int]:
    return {name: number for number, line in enumerate(lines, start) for name in line.split()}


MONTHS = _numbered(
    "януари яну ян януар january jan gennaio gen januar janvier enero ianuarie января јануари јануар i і",
    "февруари февр фев фебруар february feb febbraio februar février febrero februarie ii іі",
    "март мар march mar marzo märz mars martie марта iii ііі",
    "април апр april apr aprile avril abril aprilie апреля iv",
    "май may maggio mag mai mayo мая мај v",
    "юни юн june jun giugno giu juni juin junio iunie июня јуни јун vi",
    "юли юл july jul luglio lug juli juillet julio iulie июля јули јул vii",
    "август авг august aug agosto ago août августа viii",
    "септември септ сеп септембар september sept sep settembre set septembre septiembre septembrie ix",
    "октомври окт октобар october oct ottobre ott oktober octobre octubre octombrie октября x х",
    "ноември ноем ное новембар november nov novembre noviembre noiembrie ноября xi хі",
    "декември дек децембар december dec dicembre dic dezember décembre diciembre decembrie декабря xii хіі",
    start=1,
)
WEEKDAYS = _numbered(
    "понеделник пон пн monday mon lunedì lun montag lundi",
    "вторник вто вт tuesday tue tues martedì dienstag mardi",
    "сряда сря ср wednesday wed mercoledì mer mittwoch mercredi",
    "четвъртък чет чт thursday thu thur thurs giovedì gio donnerstag jeudi",
    "петък пт friday fri venerdì ven freitag vendredi",
    "събота съб сб saturday sat sabato sab samstag samedi",
    "неделя нед нд sunday sun domenica dom sonntag dimanche",
    start=0,
)
DAYS_AGO = {
    "днес": 0,
    "today": 0,
    "oggi": 0,
    "вчера": 1,
    "yesterday": 1,
    "ieri": 1,
    "завчера": 2,
    "онзи ден": 2,
}

# RFC 822 §5 and what European servers add to it, in hours east of UTC. Other letters mean nothing certain.
ZONES = {
    zone: hours
    for hours, zones in (
        *((0, "z ut utc gmt wet"), (1, "west cet"), (2, "cest eet"), (3, "eest msk")),
        *((-4, "edt"), (-5, "est cdt"), (-6, "cst mdt"), (-7, "mst pdt"), (-8, "pst")),
    )
    for zone in zones.split()
}

# What nearly all feeds write: read at once, in a tenth of the time.
RFC_822 = re.compile(
    r"(?:[a-z]{3}, )?(\d\d?) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:(gmt|utc|z)|([+-]\d\d)(\d\d))",
    re.ASCII,
)
ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:z|[+-]\d\d:\d\d)", re.ASCII)

YEAR_FIRST = re.compile(r"(?<![\d.:/-])(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)")
COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})(?P<z>.*))?"
)
DAY_FIRST = re.compile(
    r"(?<![\d.:/–—-])(?<!\d,)"
    r"(?P<d>\d{1,2})(?P<s> ?[./-] ?)(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2}(?![:.]))(?![\d/])"
)
NAMED = re.compile(
    r"(?<![\d.:/–—-])(?<!\d,)"
    r"(?P<d>\d{1,2})(?:-?(?:ви|ри|ти|ми|и|st|nd|rd|th|º|°))?[ .,/-]{0,3}(?:de |di |of )?"
    r"(?P<name>[^\W\d_]+)[ .,/-]{0,3}(?:de |del )?(?P<y>\d{4}(?!\d)|\d{2}(?![\d:.]| ?ч))"
)
MONTH_FIRST = re.compile(r"(?<!\w)(?P<name>[^\W\d_]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})(?!\d)")
# "Thu Feb 22 10:15:00 EET 2018", as C's asctime and Java write it.
YEAR_LAST = re.compile(
    r"(?:[^\W\d_]+ )?(?P<name>[^\W\d_]+) (?P<d>\d{1,2}) "
    r"(?P<time>\d{1,2}:\d{2}:\d{2}(?: \D{1,6})?) (?P<y>\d{4})"
)

CLOCK = re.compile(
    r"(?P<t>t)?(?<![\d.,:+-])(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?(?![\d:])"
    r"(?: ?\(?(?P<zone>[a-z]{1,4})\b)?"
    r"(?: ?(?P<sign>[+-])(?P<oh>\d{1,2})(?P<colon>:?)(?P<om>\d{2})?(?!\d))?"
)
DOTTED_CLOCK = re.compile(
    r"(?<![\d.,:+-])"
    r"(?:(?<=в )(?P<H>\d{1,2})\.(?P<M>\d{2})|(?P<H2>\d{1,2})(?:[.,](?P<M2>\d{2}))? ?(?:ч\b|часа?\b))"
)
AFTERNOON = re.compile(r"\b(?:pm|p\.m|сл\. ?об|следобед|вечерта)")
MORNING = re.compile(r"\b(?:am|a\.m|пр\. ?об|преди обед|сутринта)")
AGO = re.compile(r"преди (?P<n>\d{1,3} )?(?P<unit>секунд[аи]|мин(?:\.|ут[аи]|\b)|час(?:а\b|\b)|дни\b|ден\b)")

DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"\d+")
WORD = re.compile(r"[^\W\d_]+")
SPACE = re.compile(r"\s+")
FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day found in a text."""

    year: int
    month: int
    day: int
    rest: str  # the text without it


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day found in a text."""

    hour: int
    minute: int
    second: int
    zone: tzinfo | None
    rest: str  # the text without it


def read_date(text: str, now: datetime, timezone: ZoneInfo, language: str = "bg") -> datetime | None:
    """Return the moment that a text names, in UTC; None where it names none for certain.

    Reads RFC 822 and ISO 8601 dates and what Bulgarian, English and Italian pages write. A time without a
    zone is in ``timezone``; a day without a time is its midnight there. ``now`` (aware) is what "вчера"
    counts from. ``language`` is the page's: in English "5/6/2024" may mean two days, so it means none.
    Moments before 1990 or more than two days ahead of ``now`` are somebody's mistakes and give None.
    """
    plain = SPACE.sub(" ", text).strip().lower()
    if not plain or len(plain) > LONGEST:
        return None
    moment = _read_standard(plain) or _read_ago(plain, now) or _read_day(plain, now, timezone, language)
    if moment is None or not EARLIEST <= moment <= now + LATEST_AHEAD:
        return None
    return moment


def _read_standard(plain: str) -> datetime | None:
    """Read a date that follows RFC 822 or RFC 3339 to the letter."""
    try:
        if ISO_8601.fullmatch(plain):
            return datetime.fromisoformat(plain.upper()).astimezone(UTC).replace(microsecond=0)
        found = RFC_822.fullmatch(plain)
        if found is None or found[2] not in MONTHS:
            return None
        day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
        local = datetime(year, MONTHS[found[2]], day, hour, minute, second, tzinfo=UTC)
        if found[7]:
            return local
        minutes = int(found[8][1:]) * 60 + int(found[9])
        if minutes > WIDEST_OFFSET.total_seconds() / 60:
            return None
        return local + timedelta(minutes=minutes if found[8][0] == "-" else -minutes)
    except (ValueError, OverflowError):
        return None


def _read_ago(plain: str, now: datetime) -> datetime | None:
    """Read "преди 2 часа", "преди 15 минути"."""
    found = AGO.search(plain)
    if found is None or DIGIT.search(_without(plain, found)):
        return None
    number, unit = int(found["n"] or 1), found["unit"]
    if unit.startswith("секунд"):
        ago = timedelta(seconds=number)
    elif unit.startswith("мин"):
        ago = timedelta(minutes=number)
    else:
        ago = timedelta(hours=number) if unit.startswith("час") else timedelta(days=number)
    return (now - ago).astimezone(UTC)


def _read_day(plain: str, now: datetime, timezone: ZoneInfo, language: str) -> datetime | None:
    """Read a calendar day with its time, if there is one."""
    day = next(_days(plain, language), None) or _relative_day(plain, now, timezone)
    if day is None:
        return _read_otherwise(plain, timezone, language)
    clock = _clock(day.rest)
    if clock is None or DIGIT.search(clock.rest):
        return None
    try:
        return datetime(
            *(day.year, day.month, day.day, clock.hour, clock.minute, clock.second),
            tzinfo=clock.zone or timezone,
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _days(plain: str, language: str) -> Iterator[Day]:
    """Find calendar days in a text, the most certain shape first."""
    if found := COMPACT.fullmatch(plain):
        time = f"t{found['H']}:{found['M']}:{found['S']}{found['z']}" if found["H"] else ""
        yield Day(int(found["y"]), int(found["m"]), int(found["d"]), time)
    if (found := YEAR_LAST.fullmatch(plain)) and found["name"] in MONTHS:
        yield Day(int(found["y"]), MONTHS[found["name"]], int(found["d"]), found["time"])
    for found in YEAR_FIRST.finditer(plain):
        yield Day(int(found["y"]), int(found["m"]), int(found["d"]), _without(plain, found))
    for pattern in (NAMED, MONTH_FIRST):
        for found in pattern.finditer(plain):
            if found["name"] in MONTHS:
                year, month = _year(found["y"]), MONTHS[found["name"]]
                yield Day(year, month, int(found["d"]), _without(plain, found))
    for found in DAY_FIRST.finditer(plain):
        day = Day(_year(found["y"]), int(found["m"]), int(found["d"]), _without(plain, found))
        if _is_day_first(day, language):
            yield day
        elif found["s"] == "/" and _has_weekday(swapped := replace(day, month=day.day, day=day.month)):
            yield swapped  # „пон, 11/23/2026“, as Drupal writes it


def _is_day_first(day: Day, language: str) -> bool:
    """Return whether "5/6/2024" surely means the fifth of June: a weekday beside it must agree."""
    if language == "en" and day.day <= 12 and day.day != day.month:
        return False
    named = [WEEKDAYS[word] for word in WORD.findall(day.rest) if word in WEEKDAYS]
    try:
        return not named or datetime(day.year, day.month, day.day, tzinfo=UTC).weekday() in named
    except ValueError:
        return False


def _has_weekday(day: Day) -> bool:
    """Return whether the weekday that stands beside a day is its own."""
    try:
        weekday = datetime(day.year, day.month, day.day, tzinfo=UTC).weekday()
    except ValueError:
        return False
    return weekday in [WEEKDAYS.get(word) for word in WORD.findall(day.rest)]


def _relative_day(plain: str, now: datetime, timezone: ZoneInfo) -> Day | None:
    """Read "вчера", "днес"."""
    for word, days in DAYS_AGO.items():
        found = re.search(rf"\b{word}\b", plain)
        if found is not None:
            date = now.astimezone(timezone).date() - timedelta(days=days)
            return Day(date.year, date.month, date.day, _without(plain, found))
    return None


def _clock(rest: str) -> Clock | None:
    """Find the time of day beside a day; midnight where there is none, None where it is not certain."""
    found = CLOCK.search(rest)
    if found is not None:
        # "10:00-12:00" is how long something lasts, "10:00:00-12:00" a time with its zone.
        if found["sign"] == "-" and found["colon"] and not (found["t"] or found["S"]):
            return None
        zone = _zone(found)
        if found["sign"] and zone is None:
            return None
        hour, minute, second = int(found["H"]), int(found["M"]), int(found["S"] or 0)
    else:
        found = DOTTED_CLOCK.search(rest)
        if found is None:
            return Clock(0, 0, 0, None, rest)
        zone = None
        hour, minute, second = int(found["H"] or found["H2"]), int(found["M"] or found["M2"] or 0), 0
    if AFTERNOON.search(rest) and hour < 12:
        hour += 12
    elif MORNING.search(rest) and hour == 12:
        hour = 0
    return Clock(hour, minute, min(second, 59), zone, _without(rest, found))  # 60 is a leap second


def _zone(found: re.Match[str]) -> tzinfo | None:
    """Return the zone that stands behind a time, None for one that means nothing to us."""
    if found["sign"]:
        east = timedelta(hours=int(found["oh"]), minutes=int(found["om"] or 0))
        east = -east if found["sign"] == "-" else east
        return fixed_zone(east) if abs(east) <= WIDEST_OFFSET else None
    hours = ZONES.get(found["zone"] or "")
    return None if hours is None else fixed_zone(timedelta(hours=hours))


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _read_otherwise(plain: str, timezone: ZoneInfo, language: str) -> datetime | None:
    """Let dateparser read a date whose month is a word we lack, and believe it if all numbers come back."""
    numbers = list(map(int, NUMBER.findall(plain)))
    if FULL_YEAR.search(plain) is None or DAY_FIRST.search(plain) or not 2 <= len(numbers) <= 5:
        return None
    import dateparser  # 0.3 s

    found = dateparser.parse(
        plain,
        languages=list(dict.fromkeys(("bg", language))),
        settings={
            "STRICT_PARSING": True,
            "DATE_ORDER": "DMY",
            "PREFER_LOCALE_DATE_ORDER": False,
            "PARSERS": ["absolute-time"],
            "TIMEZONE": timezone.key,
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    if found is None:
        return None
    parts = {found.year, found.day, found.hour, found.minute, found.second}
    if not {found.year, found.day} <= set(numbers) <= parts:
        return None
    return found.astimezone(UTC)
