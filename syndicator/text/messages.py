"""Messages to operators, in English or Bulgarian by the process's locale.

The English text is the key; Bulgarian stands in ``locale/bg.po`` beside this module. Only a Bulgarian
process reads that file, so an English one pays nothing for it.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"


def message_language(environ: Mapping[str, str] | None = None) -> str:
    """Return ``"bg"`` or ``"en"`` by the first of LC_ALL, LC_MESSAGES and LANG that is set (POSIX.1 §8.2)."""
    environ = os.environ if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "bg" if value.lower().startswith("bg") else "en"
    return "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the translations of messages into a language; empty where there is no catalogue for it."""
    path = CATALOGUES / f"{language}.po"
    if not path.is_file():
        return {}
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}


def tr(message: str, /, **values: object) -> str:
    """Return the message in the operator's language with its ``{named}`` places filled in."""
    text = catalogue(message_language()).get(message, message) if message_language() != "en" else message
    return text.format_map(values) if values else text
