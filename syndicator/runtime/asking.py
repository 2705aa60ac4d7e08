"""The questions of ``init``, and the file that comes of them."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import typer
from pydantic_core import PydanticCustomError

from syndicator.errors import RequestError
from syndicator.model import Publish, SourceKind
from syndicator.settings.scalars import (
    GIVEN,
    check_contact,
    check_language,
    check_text,
    check_web_address,
    read_base_address,
)
from syndicator.settings.template import Answers, FirstSource, render_config
from syndicator.text.messages import tr

SYSTEM = Path("/etc")


def ask_answers(config: Path) -> Answers:
    """Ask on the terminal, each question with a default that works; return answers that ``check`` takes.

    ``config`` is the file that is to be written: paths in it are relative to its folder.
    """
    title = _ask(tr("Title of your feeds"), "News", check_text)
    base_url = _ask(
        tr("Public address where the feeds will stand"), "https://feeds.example.eu/", read_base_address
    )
    contact = _ask(tr("E-mail address for questions (may be empty)"), "", _or_empty(check_contact))
    targets = _ask(tr("Languages to translate into"), "en it", _languages)
    source = _ask_source(config.absolute().parent)
    libre = _ask(
        tr("Address of a LibreTranslate server (empty: Google's web translation)"),
        "",
        _or_empty(check_web_address),
    )
    database, feeds = _places(config.absolute().parent)
    return Answers(
        title=title,
        base_url=base_url,
        contact=contact,
        targets=tuple(targets.split()),
        source=source,
        libretranslate=libre,
        database=database,
        feeds=feeds,
    )


def write_config(path: Path, answers: Answers) -> None:
    """Write the config, and make the inbox that it names. Raises RequestError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_config(answers), "utf-8")
        if answers.source and answers.source.kind is SourceKind.INBOX:
            (path.absolute().parent / answers.source.place).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            tr(
                "{path}: cannot be written ({reason}); name another file: syndicator init FILE",
                path=error.filename or path,
                reason=error.strerror,
            )
        ) from error


def _ask(question: str, default: str, check: Callable[[str], str]) -> str:
    """Ask until the answer passes the check that ``check`` makes of the same value in a config."""

    def checked(answer: str) -> str:
        try:
            return check(answer.strip())
        except PydanticCustomError as error:
            told = (error.context or {}).get("text", "")
            raise typer.BadParameter(str(told).replace(GIVEN, f'"{answer.strip()}"')) from error

    answer: str = typer.prompt(
        question, default=default, value_proc=checked, err=True, show_default=bool(default)
    )
    return answer


def _or_empty(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda answer: check(answer) if answer else ""


def _languages(answer: str) -> str:
    codes = re.findall(r"[^\s,;]+", answer)
    if not codes:
        raise typer.BadParameter(tr("name at least one language, such as en"))
    return " ".join(dict.fromkeys(map(check_language, codes)))


def _place(answer: str) -> str:
    return check_web_address(answer) if "://" in answer else answer


def _ask_source(folder: Path) -> FirstSource | None:
    place = _ask(
        tr("First source: the address of a feed or page, or a folder for files (empty: none yet)"),
        "",
        _place,
    )
    if not place:
        return None
    remote = "://" in place
    kind = SourceKind.INBOX
    if remote:
        is_page = typer.confirm(tr("Is this a single article's page, not a feed?"), default=False, err=True)
        kind = SourceKind.PAGE if is_page else SourceKind.FEED
    named = (urlsplit(place).hostname if remote else Path(place).absolute().name) or ""
    name = _ask(tr("Name of the source, as readers see it"), named or "Source", check_text)
    full = typer.confirm(tr("Did the source permit you to publish its full text?"), default=False, err=True)
    return FirstSource(
        id=re.sub(r"[^a-z0-9]+", "-", named.removeprefix("www.").lower()).strip("-") or "source",
        name=name,
        kind=kind,
        # A folder was named from where the operator stands, the config names it from its own folder.
        place=place if remote else os.path.relpath(Path(place).expanduser().absolute(), folder),
        publish=Publish.FULL if full else Publish.SUMMARY,
    )


def _places(folder: Path) -> tuple[str, str]:
    """Return the addresses of database and feeds for a config in this folder."""
    if folder.is_relative_to(SYSTEM):
        return "sqlite:////var/lib/syndicator/syndicator.db", "/var/lib/syndicator/feeds"
    # config/ lies beside var/ and feeds/; a config in another folder keeps everything below that folder.
    above = "../" if folder.name == "config" else ""
    return f"sqlite:///{above}var/syndicator.db", f"{above}feeds"
