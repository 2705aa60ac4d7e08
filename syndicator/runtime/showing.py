"""Results for people on stdout."""

import sys
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from syndicator.model import Pair
from syndicator.runtime.demo import ENGINE_URL, Demo
from syndicator.runtime.once import Summary
from syndicator.runtime.plan import Plan
from syndicator.runtime.wording import state_word
from syndicator.text.html import plain_text
from syndicator.text.messages import tr

COLOURS = {"done": "green", "pending": "yellow", "held": "magenta", "failed": "red"}
WIDE = 160  # characters; where no terminal shows the result, tables may be wider than one


def _console() -> Console:
    terminal = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not terminal, width=None if terminal else WIDE)


def _table(*columns: str, numbers: int = 0) -> Table:
    """Return a table; its last ``numbers`` columns hold numbers."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at >= len(columns) - numbers else "left")
    return table


new_console, new_table = _console, _table  # for what is shown by other modules


def show_summary(summary: Summary) -> None:
    """Print what a cycle did, and name everything that is not done."""
    console = _console()
    console.print(
        tr("Sources: with news {ok}, unchanged {unchanged}, failed {failed}", **summary.sources),
    )
    console.print(
        tr(
            "Articles: new {new}, updated {updated}, duplicate {duplicate}, "
            "rejected {rejected}, waiting {waiting}",
            **summary.articles,
        )
    )
    console.print(
        tr(
            "Translations: done now {done}; pending {pending}, held {held}, failed {failed}",
            **summary.translations,
        )
    )
    console.print(tr("Segments: from memory {from_memory}, from engines {from_engine}", **summary.segments))
    for name, account in summary.engines.items():
        console.print(
            tr(
                "Engine {name}: requests {requests}, characters {characters}, errors {errors}",
                name=name,
                **account,
            )
        )
    console.print(
        tr("Files written: {files}, in {seconds} s", files=summary.feeds_written, seconds=summary.seconds)
    )
    _show_problems(console, summary.problems)


def _show_problems(console: Console, problems: list[str]) -> None:
    for problem in problems:
        console.print(f"[yellow]![/] {escape(problem)}")


def show_demo(made: Demo) -> None:
    """Print what the demo made, what is missing in it, and how to look at it."""
    console = _console()
    show_summary(made.summary)
    console.print()
    console.print(tr("The demo's feeds are in {tree}:", tree=made.tree), soft_wrap=True)
    for path in sorted(made.tree.rglob("*")):
        relative = path.relative_to(made.tree)
        is_shown = path.suffix in {".rss", ".atom", ".json", ".opml"} or relative.name == "index.html"
        if is_shown and path.is_file() and not relative.parts[0].startswith("."):
            console.print(f"  {relative}")
    console.print()
    console.print(
        tr(
            "Look at them: open {page} in a browser, or subscribe a reader to one of the files.",
            page=made.tree / "index.html",
        ),
        soft_wrap=True,
    )
    if made.summary.problems:
        console.print(
            tr(
                "What is pending is not in the shipped memory; an engine would translate it. "
                "Start LibreTranslate at {url} (its documentation shows how), then run:",
                url=ENGINE_URL,
            )
        )
        console.print(f"  syndicator -c {made.config} once", soft_wrap=True)


def show_plan(plan: Plan) -> None:
    """Print what the next cycle would do."""
    console = _console()
    table = _table(tr("source"), tr("would come in (+new ~changed =unchanged)"))
    for source, told in plan.sources.items():
        table.add_row(source, escape(told))
    console.print(table)
    console.print()
    for language, number in plan.translations.items():
        console.print(tr("Articles to translate into {language}: {number}", language=language, number=number))
    if not plan.translations:
        console.print(tr("No article is to be translated."))
    console.print(tr("Segments that the memory holds already: {number}", number=plan.from_memory))
    if plan.without_engine:
        told = tr("Segments that no engine may translate: {number}", number=plan.without_engine)
        console.print(f"[red]{told}[/]")
    if plan.engines:
        table = _table(
            tr("engine"),
            tr("segments"),
            tr("characters"),
            tr("requests"),
            tr("cost"),
            tr("time"),
            numbers=5,
        )
        for name, engine in plan.engines.items():
            table.add_row(
                name,
                str(engine.segments),
                str(engine.characters),
                str(engine.requests),
                f"{engine.cost:.2f}",
                tr("unknown") if engine.seconds is None else tr("{number} s", number=round(engine.seconds)),
            )
        console.print()
        console.print(table)
    _show_problems(console, plan.problems)


def show_articles(found: list[dict[str, Any]]) -> None:
    """Print a line per article."""
    console = _console()
    if not found:
        console.print(tr("No articles."))
        return
    table = _table(tr("id"), tr("source"), tr("title"), tr("translations"))
    for one in found:
        states = "\n".join(
            f"[{COLOURS[state]}]{language} {state_word(state)}[/]"
            for language, state in one["translations"].items()
        )
        table.add_row(
            one["id"], one["source"], escape(one["title"]), tr("withdrawn") if one["withdrawn"] else states
        )
    console.print(table)


def show_article(told: dict[str, Any]) -> None:
    """Print one article and its translations as text."""
    console = _console()
    names = {
        "id": tr("id"),
        "source": tr("source"),
        "url": tr("address"),
        "language": tr("language"),
        "published": tr("published"),
        "first_seen": tr("first seen"),
        "rights": tr("rights"),
    }
    for key, name in names.items():
        if told[key]:
            console.print(f"[bold]{name}[/]: {escape(str(told[key]))}", soft_wrap=True)
    if told["withdrawn"]:
        console.print(f"[red]{tr('withdrawn')}[/]")
    _show_identity(console, told)
    _show_text(console, told)
    for language, translation in told["translations"].items():
        if language == told["language"]:
            continue  # the original, as it stands above
        state = translation["state"]
        reason = translation["reason"]
        console.print(
            f"\n[bold]{language}[/] [{COLOURS[state]}]{state_word(state)}[/]"
            f"{': ' if reason else ''}{escape(reason)}"
        )
        if "body" in translation:
            _show_text(console, translation)
    show_refusals(told)


def _show_identity(console: Console, told: dict[str, Any]) -> None:
    identity = told["identity"]
    permission = identity["permission"]
    lines = [
        tr("revisions: {number}", number=len(identity["revisions"])),
        *(tr("had the address {url}", url=url) for url in identity["addresses"] if url != told["url"]),
        *(
            tr("copy {id} in {source}: {title}", id=one["id"], source=one["source"], title=one["title"])
            for one in identity["copies"]
        ),
    ]
    if identity["lead"]:
        lines.append(
            tr("leads its copies")
            if identity["lead"] == told["id"]
            else tr("a copy; {id} leads", id=identity["lead"])
        )
    if identity["gone_since"]:
        lines.append(tr("its page is gone since {moment}", moment=identity["gone_since"]))
    if permission:
        lines.append(permission_words(permission))
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def permission_words(permission: dict[str, str]) -> str:
    """Return until when a permission holds, or since when it does not."""
    if permission["state"] == "ended":
        return tr("permission ended {moment}", moment=permission["until"])
    return tr("permission until {moment}", moment=permission["until"])


def _show_text(console: Console, told: dict[str, Any]) -> None:
    console.print(f"\n[bold]{escape(told['title'])}[/]\n{escape(plain_text(told['body']))}")


def show_refusals(told: dict[str, Any]) -> None:
    """Print refused answers beside their sources."""
    console = _console()
    for language, translation in told["translations"].items():
        refused = translation.get("refused") or []
        if not refused:
            continue
        console.print(f"\n[bold]{told['id']} {Pair(told['language'], language)}[/]")
        # Four columns are hard to read on 80 characters: the last one only where it says something.
        near = any(one["similar"] for one in refused)
        table = _table(
            tr("text"), tr("refused answer"), tr("why"), *([tr("nearest in the memory")] if near else [])
        )
        for one in refused:
            table.add_row(
                escape(one["segment"]),
                escape(one["answer"]),
                escape(f"{one['engine']} ×{one['times']}: {one['reason']}"),
                *([escape(_told_near(one["similar"]))] if near else []),
                end_section=True,
            )
        console.print(table)


def _told_near(similar: dict[str, Any] | None) -> str:
    return f"{similar['segment']}\n{similar['text']} ({similar['score']} %)" if similar else ""


def show_memory(counts: list[dict[str, Any]]) -> None:
    """Print the size of the memory."""
    console = _console()
    if not counts:
        console.print(tr("The memory is empty."))
        return
    table = _table(tr("pair"), tr("reviewed"), tr("machine"), tr("of those derived"), numbers=3)
    for row in counts:
        table.add_row(row["pair"], str(row["reviewed"]), str(row["machine"]), str(row["derived"]))
    console.print(table)
