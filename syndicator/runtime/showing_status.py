"""``status`` on a terminal: tables that fit it, what is wrong in words, and the one thing to do next."""

import os
import select
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from syndicator.runtime.showing import COLOURS, new_console, new_table, permission_words
from syndicator.runtime.wording import engine_state_word, moment_words, state_word
from syndicator.text.messages import tr

STATES = {"ok": "green", "unused": "dim", "failing": "red"}
ROWS = 12
"""Lines of one table, or of one list, on a terminal; elsewhere nothing is left out."""


NARROW = 68  # characters, below which the less important columns are left out
REFRESH = 2.0  # seconds

Item = TypeVar("Item")


def show_status(told: dict[str, Any], timezone: ZoneInfo) -> None:
    """Print the state of everything, and the one thing to do next."""
    console = new_console()
    most = ROWS if sys.stdout.isatty() else None
    console.print(status_view(told, timezone, most, narrow=console.width < NARROW))


def watch_status(look: Callable[[], dict[str, Any]], timezone: ZoneInfo) -> dict[str, Any]:
    """Show the state anew every two seconds until SIGINT or SIGTERM; return what was shown last.

    For the main thread and a terminal.
    """
    from rich.live import Live

    # Not an Event: a signal that comes while the main thread enters its wait() would wait for itself.
    ended, end = os.pipe()
    before = {
        number: signal.signal(number, lambda *_: os.write(end, b"."))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    told = look()
    try:
        with Live(console=Console(highlight=False), screen=True, auto_refresh=False) as live:
            while True:
                rows = max(3, (shutil.get_terminal_size().lines - 16) // 5)
                narrow = live.console.width < NARROW
                # What does not fit is cut off at the bottom, so the advice comes first.
                view = status_view(told, timezone, rows, narrow=narrow, advice_first=True)
                live.update(view, refresh=True)
                if select.select([ended], [], [], REFRESH)[0]:
                    return told
                told = look()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(ended)
        os.close(end)


def status_view(
    told: dict[str, Any],
    timezone: ZoneInfo,
    most: int | None,
    *,
    narrow: bool = False,
    advice_first: bool = False,
) -> RenderableType:
    """Return the state as something that rich prints; ``most`` bounds every list."""
    shown: list[RenderableType] = []
    for table in (
        _sources_table(told, timezone, most, narrow=narrow),
        _languages_table(told),
        _engines_table(told),
        _feeds_table(told, timezone, most),
    ):
        if table.row_count:
            shown += [table, ""]
    lines = [
        *_bounded(list(_open_lines(told["open"], apart=most is None)), most),
        *_bounded(list(_other_lines(told)), most),
    ]
    shown += [Text.from_markup(line) for line in lines]
    next_step = Text(advice(told), style="bold")
    return Group(next_step, "", *shown) if advice_first else Group(*shown, next_step)


def _bounded(lines: Sequence[str], most: int | None) -> Sequence[str]:
    if most is None or len(lines) <= most:
        return lines
    rest = tr("… and {number} more: `syndicator status | less` shows all", number=len(lines) - most)
    return [*lines[:most], f"[dim]{escape(rest)}[/]"]


def _open_lines(open_work: Sequence[dict[str, Any]], *, apart: bool) -> Iterator[str]:
    """Yield a line for each article and reason, what is worst first.

    Languages of one article share a line, unless they are to be ``apart``, for programs that count lines.
    """
    together: dict[tuple[str, str, str, str], list[str]] = {}
    titles: dict[str, str] = {}
    order = ("failed", "held", "pending")
    for one in sorted(open_work, key=lambda one: order.index(one["state"])):
        key = (one["id"], one["state"], one["reason"], one["language"] if apart else "")
        together.setdefault(key, []).append(one["language"])
        titles[one["id"]] = one["title"]
    for (article, state, reason, _), languages in together.items():
        yield (
            f"[{COLOURS[state]}]{state_word(state)}[/] {article} {', '.join(languages)} "
            f"“{escape(titles[article])}”: {escape(reason or tr('not tried yet'))}"
        )


def _other_lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield what else an operator has to know."""
    for source in told["sources"]:
        if source["last_error"]:
            yield f"[red]{tr('failed')}[/] {source['id']}: {escape(source['last_error'])}"
    for name, engine in told["engines"].items():
        if engine["last_error"]:
            yield f"[red]{tr('failing')}[/] {escape(_named_once(name, engine['last_error']))}"
    for one in told["waiting"]:
        named = escape(one["title"] or one["key"])
        yield f"[yellow]{tr('waiting')}[/] {one['source']} “{named}”: {escape(one['reason'])}"
    for source in told["sources"]:
        permission = source["permission"]
        if permission and permission["state"] != "valid":
            yield f"[yellow]![/] {source['id']}: {escape(permission_words(permission))}"
        if source["moved_to"]:
            moved = tr("moved for good to {url}: correct the config", url=source["moved_to"])
            yield f"[yellow]{source['id']}[/]: {escape(moved)}"
    for hub in told["hubs"]:
        yield f"[yellow]{tr('waiting')}[/] {escape(hub['last_error'])}"
    for problem in told["problems"]:
        yield f"[yellow]![/] {escape(problem)}"


def _named_once(engine: str, error: str) -> str:
    return error if error.startswith(f"{engine}:") else f"{engine}: {error}"


def _sources_table(told: dict[str, Any], timezone: ZoneInfo, most: int | None, *, narrow: bool) -> Table:
    """Return a row per source, those with an error first."""
    newest = () if narrow else (tr("newest article"),)
    table = new_table(tr("source"), tr("state"), tr("last success"), *newest, tr("articles"), numbers=1)
    _yielding(table)
    sources = told["sources"]
    if most is not None:
        sources = sorted(sources, key=lambda source: not source["last_error"])
    shown, rest = _cut(sources, most)
    for source in shown:
        state = f"[red]{tr('failed')}[/]" if source["last_error"] else f"[green]{tr('ok')}[/]"
        if not source["last_error"] and source["last_success"] is None:
            state = f"[dim]{tr('unused')}[/]"
        moments = [source["last_success"]] if narrow else [source["last_success"], source["newest"]]
        words = [moment_words(moment, timezone) for moment in moments]
        table.add_row(source["id"], state, *words, str(source["articles"]))
    if rest:
        table.add_row(f"[dim]{tr('… and {number} more', number=rest)}[/]")
    return table


def _cut(rows: Sequence[Item], most: int | None) -> tuple[Sequence[Item], int]:
    if most is None or len(rows) <= most:
        return rows, 0
    return rows[:most], len(rows) - most


def _yielding(table: Table) -> None:
    """Let the first column, a name, give way on a narrow terminal; the others keep their width."""
    for column in table.columns[1:]:
        column.no_wrap = True
    table.columns[0].overflow = "fold"


def _languages_table(told: dict[str, Any]) -> Table:
    table = new_table(tr("language"), tr("published"), tr("pending"), tr("held"), tr("failed"), numbers=4)
    for language, counts in told["languages"].items():
        cells = [
            f"[{COLOURS[state]}]{counts[state]}[/]" if counts[state] else "0"
            for state in ("pending", "held", "failed")
        ]
        table.add_row(language, str(counts["published"]), *cells)
    return table


def _engines_table(told: dict[str, Any]) -> Table:
    table = new_table(tr("engine"), tr("state"), tr("characters today"), tr("budget"), numbers=2)
    _yielding(table)
    for name, engine in told["engines"].items():
        state = engine["state"]
        day = (engine["budget"] or {}).get("characters_per_day")
        table.add_row(
            name,
            f"[{STATES[state]}]{engine_state_word(state)}[/]",
            str(engine["characters_today"]),
            str(day) if day else "–",
        )
    return table


def _feeds_table(told: dict[str, Any], timezone: ZoneInfo, most: int | None) -> Table:
    table = new_table(tr("feed"), tr("language"), tr("updated"), tr("entries"), numbers=1)
    _yielding(table)
    shown, rest = _cut(told["feeds"], most)
    for feed in shown:
        table.add_row(
            feed["id"], feed["language"], moment_words(feed["updated"], timezone), str(feed["entries"])
        )
    if rest:
        table.add_row(f"[dim]{tr('… and {number} more', number=rest)}[/]")
    return table


def advice(told: dict[str, Any]) -> str:
    """Return the one thing to do next, the most urgent first."""
    states = {one["state"] for one in told["open"]}
    off = [name for name, engine in told["engines"].items() if engine["off"]]
    spent = [name for name, engine in told["engines"].items() if engine["spent"]]
    full = [disk for disk in told["disks"] if disk["nearly_full"]]
    pending = bool(states or told["waiting"])
    if full:
        return tr("Next: free some room: the disk of {path} is nearly full.", path=full[0]["path"])
    if told["problems"]:
        return tr("Next: correct the file named above; `syndicator check` shows every mistake in it.")
    if "failed" in states:
        return tr("Next: `syndicator check --online` shows what the engines lack.")
    if "held" in states:
        return tr("Next: `syndicator articles list --state held` shows what was refused and why.")
    if off and pending:
        return tr("Next: get the engine {id} to answer; `syndicator check --online` tries it.", id=off[0])
    if any(source["last_error"] for source in told["sources"]):
        return tr("Next: `syndicator check --online` tries each source.")
    if spent and pending:
        return tr("Nothing to do: what is pending waits for the budget of {id} to renew itself.", id=spent[0])
    if pending:
        return tr("Nothing to do: what is pending is tried again by itself.")
    if not any(source["last_success"] for source in told["sources"]):
        return tr("Nothing was polled yet. Next: `syndicator once`.")
    return tr("All done.")
