"""An article's life on a terminal."""

from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from syndicator.runtime.showing import new_console, new_table
from syndicator.runtime.tracing import Event, Life
from syndicator.runtime.wording import moment_words
from syndicator.text.messages import tr

COLOURS = {"held": "magenta", "failed": "red", "pending": "yellow", "refused": "magenta", "withdrawn": "red"}


def show_life(life: Life, timezone: ZoneInfo) -> None:
    """Print a line per event."""
    console = new_console()
    console.print(f"[bold]{life.id}[/] {escape(life.title)}", soft_wrap=True)
    if life.url:
        console.print(escape(life.url), soft_wrap=True)
    console.print()
    table = new_table(tr("time"), tr("step"), tr("language"), tr("what"))
    table.columns[0].no_wrap = True
    for event in life.events:
        time = moment_words(event.time.isoformat(), timezone) if event.time else tr("now")
        word = _step_word(event.step)
        colour = COLOURS.get(event.step)
        table.add_row(
            time, f"[{colour}]{word}[/]" if colour else word, event.language, escape(_what(event, timezone))
        )
    console.print(table)


def _step_word(step: str) -> str:
    words = {
        "offered": tr("offered"),
        "taken in": tr("taken in"),
        "revised": tr("revised"),
        "answered": tr("answered"),
        "refused": tr("refused"),
        "ready": tr("ready"),
        "translated": tr("translated"),
        "put together anew": tr("to be put together anew"),
        "pending": tr("pending"),
        "held": tr("held"),
        "failed": tr("failed"),
        "published": tr("published"),
        "updated": tr("updated"),
        "gone from its site": tr("gone from its site"),
        "withdrawn": tr("withdrawn"),
        "restored": tr("restored"),
    }
    return words[step]


def _what(event: Event, timezone: ZoneInfo) -> str:
    told = event.detail
    match event.step:
        case "offered":
            return ": ".join(filter(None, (told["source"], told["key"], told.get("reason", ""))))
        case "taken in" | "revised" | "ready" | "put together anew":
            return tr("revision {number}", number=told["revision"])
        case "answered":
            return _answered(told)
        case "refused":
            return tr(
                "{engine}, {times} times: {reason} — “{segment}” → “{answer}”",
                **{name: told[name] for name in ("engine", "times", "reason", "segment", "answer")},
            )
        case "translated":
            engines = ", ".join(told["engines"])
            return "; ".join(filter(None, (_revision(told), engines, told["warnings"])))
        case "pending" | "held" | "failed":
            moment = moment_words(told["retry_at"], timezone) if "retry_at" in told else ""
            again = tr("again from {moment}", moment=moment) if moment else ""
            tried = tr("tried {times} times", times=told["attempts"])
            return "; ".join(filter(None, (told["reason"] or tr("not tried yet"), tried, again)))
        case "published":
            return tr("in the feed {feed}", feed=told["feed"])
        case "updated":
            return f"{tr('in the feed {feed}', feed=told['feed'])}; {_revision(told)}"
        case "withdrawn":
            return tr("by itself, for its page is gone") if told["by"] == "gone" else tr("by an editor")
    return ""


def _revision(told: dict[str, Any]) -> str:
    return tr("revision {number}", number=told["revision"])


def _answered(told: dict[str, Any]) -> str:
    number = told["segments"]
    match told["by"]:
        case "reviewed":
            return tr("sentences from reviewed translations: {number}", number=number)
        case "derived":
            return tr("sentences made from ones that differ in numerals: {number}", number=number)
        case "memory":
            return tr(
                "sentences from the memory, once bought from {engine}: {number}",
                engine=told["engine"],
                number=number,
            )
    return tr("sentences bought from {engine}: {number}", engine=told["engine"], number=number)
