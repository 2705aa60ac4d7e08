"""The questions of ``init``."""

import re
from urllib.parse import urlsplit

import typer

from syndicator.model import Publish, SourceKind
from syndicator.settings.template import Answers, FirstSource
from syndicator.text.messages import tr


def ask_answers() -> Answers:
    """Ask on the terminal, each question with a default that works; return the answers."""
    title = typer.prompt(tr("Title of your feeds"), default="News", err=True)
    base_url = typer.prompt(
        tr("Public address where the feeds will stand"),
        default="https://feeds.example.eu/",
        value_proc=_address,
        err=True,
    )
    contact = typer.prompt(tr("E-mail address for questions (may be empty)"), default="", err=True)
    targets = typer.prompt(tr("Languages to translate into"), default="en it", err=True)
    source = _ask_source()
    libre = typer.prompt(
        tr("Address of a LibreTranslate server (empty: Google's web translation)"), default="", err=True
    )
    return Answers(
        title=title,
        base_url=base_url,
        contact=contact.strip(),
        targets=tuple(dict.fromkeys(re.findall(r"[A-Za-z-]+", targets))),
        source=source,
        libretranslate=libre.strip(),
    )


def _ask_source() -> FirstSource | None:
    place = typer.prompt(
        tr("First source: the address of a feed or page, or a folder for files (empty: none yet)"),
        default="",
        err=True,
    ).strip()
    if not place:
        return None
    remote = place.startswith(("http://", "https://"))
    kind = SourceKind.INBOX
    if remote:
        is_page = typer.confirm(tr("Is this a single article's page, not a feed?"), default=False, err=True)
        kind = SourceKind.PAGE if is_page else SourceKind.FEED
    named = urlsplit(place).hostname if remote else place.rstrip("/").rpartition("/")[2]
    suggested = re.sub(r"[^a-z0-9]+", "-", (named or "").removeprefix("www.").lower()).strip("-") or "source"
    name = typer.prompt(tr("Name of the source, as readers see it"), default=named or suggested, err=True)
    full = typer.confirm(tr("Did the source permit you to publish its full text?"), default=False, err=True)
    return FirstSource(
        id=suggested, name=name, kind=kind, place=place, publish=Publish.FULL if full else Publish.SUMMARY
    )


def _address(text: str) -> str:
    text = text.strip()
    if not urlsplit(text).hostname:
        raise typer.BadParameter(tr("an address such as https://feeds.example.eu/ is needed"))
    return text
