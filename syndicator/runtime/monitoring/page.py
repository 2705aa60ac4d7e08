"""The status page: one static file with charts, for the operator; it needs no server and no script."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicator import __version__
from syndicator.runtime.monitoring.charts import bar, columns
from syndicator.runtime.monitoring.figures import BacklogFigures, EngineFigures, Figures, SourceFigures
from syndicator.runtime.monitoring.history import EngineHistory, History
from syndicator.runtime.telling.troubles import Trouble
from syndicator.text.messages import message_language, tr

MOST_SOURCES = 60  # the least fresh; a page of a thousand rows helps nobody
MOST_TROUBLES = 30

STYLE = Path(__file__).with_name("status.css")


def status_page(
    title: str,
    figures: Figures,
    history: History,
    found: Sequence[Trouble],
    timezone: ZoneInfo,
) -> bytes:
    """Return the page in UTF-8, in the operator's language.

    Args:
        title: the site's
        figures: the state now
        history: the days before
        found: what is wrong
        timezone: the site's, for moments; days are UTC's, as those of engines' accounts
    """
    parts = [
        _head(title, figures.now, timezone),
        _troubles(found),
        _section(tr("Sources"), _sources(figures, timezone)),
        _section(tr("Articles per day"), _articles(history)),
        _section(tr("Backlog"), _backlog(figures, timezone)),
        _section(tr("Engines"), _engines(figures, history)),
        _section(tr("Feeds"), _feeds(figures, timezone)),
        f"</main>\n<footer><p class=soft>syndicator {escape(__version__)}</p></footer>\n</body>\n</html>\n",
    ]
    return "\n".join(parts).encode()


def _head(title: str, now: datetime, timezone: ZoneInfo) -> str:
    heading = tr("{title}: status", title=title)
    style = STYLE.read_text("utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="{message_language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n'
        f"<title>{escape(heading)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(heading)}</h1>\n"
        f"<p class=soft>{escape(tr('As of {moment}', moment=_moment(now, timezone)))}</p>"
    )


def _section(heading: str, content: str) -> str:
    return f"<section>\n<h2>{escape(heading)}</h2>\n{content}\n</section>"


def _troubles(found: Sequence[Trouble]) -> str:
    if not found:
        return f"<p class=good>{escape(tr('Nothing is wrong.'))}</p>"
    lines = [f"<li>{escape(trouble.text)}</li>" for trouble in found[:MOST_TROUBLES]]
    if len(found) > MOST_TROUBLES:
        lines.append(f"<li>{escape(tr('… and {number} more', number=len(found) - MOST_TROUBLES))}</li>")
    return f"<div class=wrong><p>{escape(tr('What is wrong:'))}</p><ul>{''.join(lines)}</ul></div>"


def _table(heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Return a table; a head is its text and whether its column holds numbers. Cells are HTML."""
    shown = f"<caption class=soft>{escape(caption)}</caption>" if caption else ""
    head = "".join(
        f'<th scope="col"{" class=number" if number else ""}>{escape(text)}</th>' for text, number in heads
    )
    lines = []
    for row in rows:
        first, *rest = row
        cells = "".join(
            f"<td{' class=number' if number else ''}>{cell}</td>"
            for cell, (_, number) in zip(rest, heads[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    body = "".join(lines)
    return (
        f'<div class=scroll tabindex=0 role=region aria-label="{escape(caption or heads[0][0])}">'
        f"<table>{shown}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _sources(figures: Figures, timezone: ZoneInfo) -> str:
    def waited(source: SourceFigures) -> float:
        return -1.0 if source.last_success is None else -_share(source, figures.now)

    least_fresh = sorted(figures.sources, key=waited)[:MOST_SOURCES]
    rows = []
    for source in least_fresh:
        share = _share(source, figures.now)
        silent = source.is_silent(figures.now)
        colour = "bad" if silent or share >= 1 else "warn" if source.failures else "one"
        told = tr("{share} % of the time until it counts as silent", share=round(share * 100))
        state = tr("silent") if silent else tr("failed") if source.failures else tr("ok")
        if source.last_success is None and not source.failures:
            state, told = tr("unused"), tr("never")
        rows.append(
            (
                escape(source.id),
                f"<span class=isbad>{escape(state)}</span>" if source.failures else escape(state),
                bar([(share, colour)], told),
                escape(_moment(source.last_success, timezone)),
                escape(_moment(source.last_new, timezone)),
                str(source.articles),
            )
        )
    heads = [
        (tr("source"), False),
        (tr("state"), False),
        (tr("freshness"), False),
        (tr("last success"), False),
        (tr("newest article"), False),
        (tr("articles"), True),
    ]
    key = tr(
        "The bar grows from the last good poll until the source counts as silent, after three intervals."
    )
    more = len(figures.sources) - len(least_fresh)
    rest = f"<p class=soft>{escape(tr('… and {number} more', number=more))}</p>" if more else ""
    return f"<p class=key>{escape(key)}</p>{_table(heads, rows, tr('Sources, the least fresh first'))}{rest}"


def _share(source: SourceFigures, now: datetime) -> float:
    """Return how much of the time has passed after which a source counts as silent; 1 for all of it."""
    if source.last_success is None or source.silent_after is None:
        return 1.0 if source.failures else 0.0
    whole = (source.silent_after - source.last_success) / timedelta(seconds=1)
    return min(1.0, (now - source.last_success) / timedelta(seconds=1) / whole) if whole > 0 else 1.0


def _articles(history: History) -> str:
    series: dict[str, Mapping[str, int]] = {tr("taken in"): history.taken}
    series |= {
        tr("published in {language}", language=language): history.published[language]
        for language in sorted(history.published)
    }
    most = max((max(values.values(), default=0) for values in series.values()), default=0)
    cards = [
        _card(name, history.days, values, most, "one" if name == tr("taken in") else "two")
        for name, values in series.items()
    ]
    heads = [(tr("day"), False), *((name, True) for name in series)]
    rows = [(day, *(str(values.get(day, 0)) for values in series.values())) for day in reversed(history.days)]
    return f"<div class=cards>{''.join(cards)}</div>{_as_table(heads, rows)}"


def _card(name: str, days: Sequence[str], values: Mapping[str, float], most: float, colour: str) -> str:
    total = sum(values.values())
    label = tr(
        "{name}: {total} in {days} days, at most {most} a day",
        name=name,
        total=f"{total:g}",
        days=len(days),
        most=f"{max(values.values(), default=0):g}",
    )
    return (
        f"<div class=card><h3>{escape(name)}</h3>{columns(days, values, most, label, colour)}"
        f"<div class=axis><span>{days[0]}</span><span>{days[-1]}</span></div>"
        f"<p class=soft>{escape(label.partition(': ')[2])}</p></div>"
    )


def _as_table(heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> str:
    summary = escape(tr("The same as a table"))
    return f"<details><summary>{summary}</summary>{_table(heads, rows)}</details>"


def _backlog(figures: Figures, timezone: ZoneInfo) -> str:
    most = max((one.pending + one.held + one.failed for one in figures.backlog), default=0)

    def row(one: BacklogFigures) -> tuple[str, ...]:
        parts = [(one.pending, "one"), (one.held, "warn"), (one.failed, "bad")]
        label = tr(
            "pending {pending}, held {held}, failed {failed}",
            pending=one.pending,
            held=one.held,
            failed=one.failed,
        )
        drawn = bar([(number / most if most else 0.0, colour) for number, colour in parts], label)
        oldest = _moment(one.oldest, timezone) if one.oldest else "–"
        numbers = (str(one.published), str(one.pending), str(one.held), str(one.failed))
        return (escape(one.language), drawn, *numbers, escape(oldest))

    heads = [
        (tr("language"), False),
        (tr("backlog"), False),
        (tr("finished"), True),
        (tr("pending"), True),
        (tr("held"), True),
        (tr("failed"), True),
        (tr("oldest pending"), False),
    ]
    key = "".join(
        f"<b class={colour}></b> {escape(word)} "
        for colour, word in (("one", tr("pending")), ("warn", tr("held")), ("bad", tr("failed")))
    )
    return f"<p class=key>{key}</p>{_table(heads, map(row, figures.backlog), tr('Backlog per language'))}"


def _engines(figures: Figures, history: History) -> str:
    used = {one.id: history.engines.get(one.id, EngineHistory()) for one in figures.engines}
    most = max((max(one.characters.values(), default=0) for one in used.values()), default=0)
    cards = [
        _card(tr("{engine}: characters", engine=one.id), history.days, used[one.id].characters, most, "one")
        for one in figures.engines
    ]
    heads = [
        (tr("engine"), False),
        (tr("state"), False),
        (tr("requests"), True),
        (tr("errors"), True),
        (tr("characters"), True),
        (tr("cost"), True),
        (tr("budget"), False),
    ]
    rows = [_engine_row(one, used[one.id]) for one in figures.engines]
    caption = tr("Engines in the last {days} days", days=len(history.days))
    days = _as_table(
        [(tr("day"), False), *((one.id, True) for one in figures.engines)],
        [
            (day, *(str(used[one.id].characters.get(day, 0)) for one in figures.engines))
            for day in reversed(history.days)
        ],
    )
    return f"{_table(heads, rows, caption)}<div class=cards>{''.join(cards)}</div>{days}"


def _engine_row(engine: EngineFigures, used: EngineHistory) -> tuple[str, ...]:
    characters = sum(used.characters.values())
    state = f"<span class=isbad>{escape(tr('failing'))}</span>" if engine.off else escape(tr("ok"))
    if not engine.requests:
        state = escape(tr("unused"))
    return (
        escape(engine.id),
        state,
        str(sum(used.requests.values())),
        str(sum(used.errors.values())),
        str(characters),
        f"{characters * engine.price / 1_000_000:.2f}" if engine.price else "–",
        "".join(_budgets(engine)) or "–",
    )


def _budgets(engine: EngineFigures) -> Iterator[str]:
    for budget in engine.budgets:
        period = {"day": tr("today"), "month": tr("this month")}[budget.period]
        share = budget.spent / budget.limit
        label = tr("{spent} of {limit} {period}", spent=budget.spent, limit=budget.limit, period=period)
        yield f"{bar([(share, 'bad' if share > 0.9 else 'one')], label)}<span>{escape(label)}</span>"


def _feeds(figures: Figures, timezone: ZoneInfo) -> str:
    heads = [(tr("feed"), False), (tr("language"), False), (tr("updated"), False), (tr("entries"), True)]
    rows = [
        (escape(one.id), escape(one.language), escape(_moment(one.updated, timezone)), str(one.entries))
        for one in figures.feeds
    ]
    return _table(heads, rows, tr("Published feeds"))


def _moment(moment: datetime | None, timezone: ZoneInfo) -> str:
    return moment.astimezone(timezone).strftime("%Y-%m-%d %H:%M") if moment else tr("never")
