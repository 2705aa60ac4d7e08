"""Results for people on stdout, progress on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from syndicator.model import Pair
from syndicator.runtime.demo import ENGINE_URL, Demo
from syndicator.runtime.once import Summary
from syndicator.runtime.plan import Plan
from syndicator.text.html import plain_text
from syndicator.text.messages import tr

COLOURS = {"done": "green", "pending": "yellow", "held": "magenta", "failed": "red"}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


@contextmanager
def cycle_progress() -> Iterator[tuple[Callable[[str], None], Callable[[int], None]]]:
    """Give two functions that show where a cycle is: one names the step, one counts segments.

    They draw a bar on a terminal; elsewhere the log tells.
    """
    if not sys.stderr.isatty():
        yield lambda _: None, lambda _: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[segments]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr("starting"), total=None, segments="")
        count = 0

        def report(step: str) -> None:
            words = {"sources": tr("reading sources"), "feeds": tr("writing feeds")}
            bar.update(task, description=words.get(step, tr("translating into {language}", language=step)))

        def progress(segments: int) -> None:
            nonlocal count
            count += segments
            bar.update(task, segments=tr("{number} segments", number=count))

        yield report, progress


def show_summary(summary: Summary) -> None:
    """Print what a cycle did, and name everything that is not done."""
    console = _console()
    sources, articles, translations = summary.sources, summary.articles, summary.translations
    console.print(
        tr("Sources: {ok} with news, {unchanged} unchanged, {failed} failed", **sources),
    )
    console.print(
        tr(
            "Articles: {new} new, {updated} updated, {duplicate} duplicates, {rejected} rejected, {waiting} waiting",
            **articles,
        )
    )
    console.print(
        tr(
            "Translations: {done} done now; {pending} pending, {held} held, {failed} failed",
            **translations,
        )
    )
    console.print(tr("Segments: {from_memory} from memory, {from_engine} from engines", **summary.segments))
    for name, account in summary.engines.items():
        console.print(
            tr(
                "Engine {name}: {requests} requests, {characters} characters, {errors} errors",
                name=name,
                **account,
            )
        )
    console.print(
        tr("{files} files written in {seconds} s", files=summary.feeds_written, seconds=summary.seconds)
    )
    for problem in summary.problems:
        console.print(f"[yellow]![/] {escape(problem)}")


def show_demo(made: Demo) -> None:
    """Print what the demo made, what is missing in it, and how to look at it."""
    console = _console()
    show_summary(made.summary)
    console.print()
    console.print(tr("The demo's feeds are in {tree}:", tree=made.tree))
    for path in sorted(made.tree.rglob("*")):
        relative = path.relative_to(made.tree)
        if path.is_file() and not relative.parts[0].startswith(".") and relative.name != "README.md":
            console.print(f"  {relative}")
    console.print()
    console.print(
        tr(
            "Look at them: open {page} in a browser, or subscribe a reader to one of the files.",
            page=made.tree / "index.html",
        )
    )
    if made.summary.problems:
        console.print(
            tr(
                "What is pending is not in the shipped memory. An engine would translate it: start LibreTranslate at "
                "{url} (its documentation shows how), then run: syndicator -c {config} once",
                url=ENGINE_URL,
                config=made.config,
            )
        )


def show_plan(plan: Plan) -> None:
    """Print what the next cycle would do."""
    console = _console()
    table = Table(tr("source"), tr("would come in (+new ~changed =unchanged)"))
    for source, told in plan.sources.items():
        table.add_row(source, escape(told))
    console.print(table)
    for language, number in plan.translations.items():
        console.print(tr("{number} articles to translate into {language}", number=number, language=language))
    console.print(tr("{number} segments are in the memory already", number=plan.from_memory))
    if plan.without_engine:
        console.print(
            f"[red]{tr('{number} segments have no engine that may translate them', number=plan.without_engine)}[/]"
        )
    if plan.engines:
        table = Table(
            tr("engine"),
            tr("segments"),
            tr("characters"),
            tr("requests"),
            tr("cost"),
            tr("time"),
            title=tr("Requests"),
        )
        for name, engine in plan.engines.items():
            seconds = tr("unknown") if engine.seconds is None else f"{engine.seconds:.0f} s"
            table.add_row(
                name,
                str(engine.segments),
                str(engine.characters),
                str(engine.requests),
                f"{engine.cost:.2f}",
                seconds,
            )
        console.print(table)


def show_status(told: dict[str, Any]) -> None:
    """Print the state of everything, and the one thing to do next."""
    console = _console()
    table = Table(tr("source"), tr("articles"), tr("last success"), tr("last error"))
    for source in told["sources"]:
        error = f"[red]{escape(source['last_error'])}[/]" if source["last_error"] else ""
        table.add_row(source["id"], str(source["articles"]), source["last_success"] or tr("never"), error)
    console.print(table)
    table = Table(tr("language"), tr("published"), tr("pending"), tr("held"), tr("failed"))
    for language, counts in told["languages"].items():
        cells = [
            f"[{COLOURS[state]}]{counts[state]}[/]" if counts[state] else "0"
            for state in ("pending", "held", "failed")
        ]
        table.add_row(language, str(counts["published"]), *cells)
    console.print(table)
    table = Table(tr("engine"), tr("state"), tr("characters today"), tr("last error"))
    for name, engine in told["engines"].items():
        table.add_row(
            name, engine["state"], str(engine["characters_today"]), escape(engine["last_error"] or "")
        )
    console.print(table)
    table = Table(tr("feed"), tr("language"), tr("entries"), tr("updated"))
    for feed in told["feeds"]:
        table.add_row(feed["id"], feed["language"], str(feed["entries"]), feed["updated"])
    console.print(table)
    for one in told["open"]:
        console.print(
            f"[{COLOURS[one['state']]}]{one['state']}[/] {one['id']} {one['language']} "
            f"{escape(one['title'])}: {escape(one['reason'] or tr('not tried yet'))}"
        )
    for one in told["waiting"]:
        console.print(
            f"[yellow]{tr('waiting')}[/] {one['source']} {escape(one['title'] or one['key'])}: {escape(one['reason'])}"
        )
    console.print(_advice(told))


def _advice(told: dict[str, Any]) -> str:
    states = {one["state"] for one in told["open"]}
    if "failed" in states:
        return tr("Next: `syndicator check --online` shows what the engines lack.")
    if "held" in states:
        return tr("Next: `syndicator articles list --state held` shows what was refused and why.")
    if any(source["last_error"] for source in told["sources"]):
        return tr("Next: `syndicator check --online` tries each source.")
    if states or told["waiting"]:
        return tr("Nothing to do: what is pending is tried again by itself.")
    return tr("All done.")


def show_articles(found: list[dict[str, Any]]) -> None:
    """Print a line per article."""
    console = _console()
    table = Table(tr("id"), tr("source"), tr("title"), tr("translations"))
    for one in found:
        states = " ".join(
            f"[{COLOURS[state]}]{language}:{state}[/]" for language, state in one["translations"].items()
        )
        table.add_row(
            one["id"], one["source"], escape(one["title"]), tr("withdrawn") if one["withdrawn"] else states
        )
    console.print(table)


def show_article(told: dict[str, Any]) -> None:
    """Print one article and its translations as text."""
    console = _console()
    for name in ("id", "source", "url", "language", "published", "first_seen", "rights"):
        if told[name]:
            console.print(f"[bold]{name}[/]: {escape(str(told[name]))}")
    console.print(f"\n[bold]{escape(told['title'])}[/]\n{escape(plain_text(told['body']))}")
    for language, translation in told["translations"].items():
        state = translation["state"]
        console.print(f"\n[bold]{language}[/] [{COLOURS[state]}]{state}[/] {escape(translation['reason'])}")
        if "body" in translation:
            console.print(
                f"[bold]{escape(translation['title'])}[/]\n{escape(plain_text(translation['body']))}"
            )
    show_refusals(told)


def show_refusals(told: dict[str, Any]) -> None:
    """Print refused answers beside their sources."""
    console = _console()
    for language, translation in told["translations"].items():
        refused = translation.get("refused") or []
        if not refused:
            continue
        pair = Pair(told["language"], language)
        table = Table(
            tr("source"), tr("refused answer"), tr("engine"), tr("why"), title=f"{told['id']} {pair}"
        )
        for one in refused:
            table.add_row(
                escape(one["segment"]),
                escape(one["answer"]),
                f"{one['engine']} ×{one['times']}",
                escape(one["reason"]),
            )
        console.print(table)


def show_memory(counts: list[dict[str, Any]]) -> None:
    """Print the size of the memory."""
    table = Table(tr("pair"), tr("reviewed"), tr("machine"))
    for row in counts:
        table.add_row(row["pair"], str(row["reviewed"]), str(row["machine"]))
    _console().print(table)
