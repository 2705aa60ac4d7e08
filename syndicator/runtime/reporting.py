"""``report``: what a period brought, for a project's own reporting."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from syndicator.errors import RequestError
from syndicator.runtime.build import Workshop
from syndicator.store import readership, summing
from syndicator.text.messages import tr

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"\d{4}")


def read_period(text: str) -> tuple[date, date]:
    """Return the first and the last day of ``2026``, ``2026-Q1``, ``2026-03``, a day, or ``A..B`` of such.

    Raises RequestError.
    """
    first, separator, last = text.strip().partition("..")
    try:
        start, end = _span(first)[0], _span(last if separator else first)[1]
    except ValueError:
        raise RequestError(
            tr("{text}: no period; write 2026, 2026-Q1, 2026-01 or 2026-01..2026-06", text=text)
        ) from None
    if start > end:
        raise RequestError(tr("{text}: ends before it begins", text=text))
    return start, end


def _span(text: str) -> tuple[date, date]:
    text = text.strip()
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if found := _QUARTER.fullmatch(text):
        month = 3 * int(found[2]) - 2
        return date(int(found[1]), month, 1), _month_end(int(found[1]), month + 2)
    if found := _MONTH.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1), _month_end(int(found[1]), int(found[2]))
    day = date.fromisoformat(text)
    return day, day


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def report(workshop: Workshop, first: date, last: date) -> dict[str, Any]:
    """Return what came, was translated, asked of engines and read between two days, both included.

    Days are those of the site's time zone for articles; engines and readers are counted by days of UTC.
    """
    zone = workshop.timezone
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    with workshop.database.reading() as connection:
        sources = summing.articles_by_source(connection, start, end)
        languages = summing.published_by_language(connection, start, end)
        engines = summing.engines(connection, first, last)
        readers = readership.between(connection, first, last)
    prices = {one.id: one.price_per_million for one in workshop.settings.translation.engines}
    names = {one.id: one.name for one in workshop.sources}
    engine_rows = [
        {
            "engine": row.engine,
            "requests": row.requests,
            "characters": row.characters,
            "errors": row.errors,
            "cost": round(row.characters * prices.get(row.engine, 0) / 1e6, 2),
        }
        for row in engines
    ]
    return {
        "period": {"from": first.isoformat(), "to": last.isoformat()},
        "articles": sum(row["articles"] for row in sources),
        "sources": [{**row, "name": _name(names.get(row["source"], {}))} for row in sources],
        "languages": languages,
        "engines": engine_rows,
        "cost": round(sum(row["cost"] for row in engine_rows), 2),
        "feeds": _feeds(readers),
        "readers": [
            {
                "feed": row.path,
                "reader": row.reader,
                "subscribers": row.subscribers,
                "requests": row.requests,
            }
            for row in readers
        ],
    }


def _name(names: Mapping[str, str]) -> str:
    return names.get("en") or next(iter(names.values()), "")


def _feeds(readers: Iterable[Any]) -> list[dict[str, Any]]:
    """Return each feed's requests, and the subscribers that its fetchers told of."""
    found: dict[str, dict[str, Any]] = {}
    for row in readers:
        feed = found.setdefault(row.path, {"feed": row.path, "subscribers": 0, "requests": 0})
        feed["subscribers"] += row.subscribers
        feed["requests"] += row.requests
    return list(found.values())


def tables(told: Mapping[str, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return a report's parts as tables: heading, columns, rows."""
    totals = [
        [tr("articles"), str(told["articles"])],
        [tr("cost"), f"{told['cost']:.2f}"],
    ]
    parts: list[tuple[str, list[str], list[list[str]]]] = [(tr("in all"), ["", tr("number")], totals)]
    for heading, key, columns in (
        (tr("sources"), "sources", {"source": tr("source"), "name": tr("name"), "articles": tr("articles")}),
        (
            tr("languages"),
            "languages",
            {
                "language": tr("language"),
                "articles": tr("articles"),
                "machine": tr("machine-translated"),
                "reviewed": tr("reviewed"),
                "original": tr("originals"),
            },
        ),
        (
            tr("engines"),
            "engines",
            {
                "engine": tr("engine"),
                "requests": tr("requests"),
                "characters": tr("characters"),
                "errors": tr("errors"),
                "cost": tr("cost"),
            },
        ),
        (
            tr("feeds"),
            "feeds",
            {"feed": tr("feed"), "subscribers": tr("subscribers"), "requests": tr("requests")},
        ),
        (
            tr("readers"),
            "readers",
            {
                "feed": tr("feed"),
                "reader": tr("reader"),
                "subscribers": tr("subscribers"),
                "requests": tr("requests"),
            },
        ),
    ):
        rows = [[_shown(row[name]) for name in columns] for row in told[key]]
        parts.append((heading, list(columns.values()), rows))
    return parts


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def as_markdown(told: Mapping[str, Any]) -> str:
    """Return a report as Markdown tables."""
    period = told["period"]
    lines = [f"# {period['from']} – {period['to']}"]
    for heading, columns, rows in tables(told):
        lines += ["", f"## {heading}", "", _line(columns), _line(["---"] * len(columns))]
        lines += [_line(row) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def as_csv(told: Mapping[str, Any]) -> str:
    """Return a report as one table (RFC 4180): part, name, measure, value. Nothing in it is a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["part", "name", "measure", "value"])
    writer.writerow(["period", told["period"]["from"], "to", told["period"]["to"]])
    writer.writerow(["all", "", "articles", told["articles"]])
    writer.writerow(["all", "", "cost", told["cost"]])
    for part, names in (
        ("sources", ("source",)),
        ("languages", ("language",)),
        ("engines", ("engine",)),
        ("readers", ("feed", "reader")),
    ):
        for row in told[part]:
            name = " ".join(str(row[one]) for one in names)
            for measure, value in row.items():
                if measure not in names and not isinstance(value, str):
                    writer.writerow([part, _harmless(name), measure, value])
    return file.getvalue()


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a reader's name for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
