"""The Bulgarian catalogue: it says all that the code says, nothing more, and fills the same places."""

import re

import pytest
from babel.messages.pofile import read_po

from syndicator.text.catalogue import messages, places
from syndicator.text.messages import CATALOGUES, catalogue, tr

SAID = messages()
KNOWN = catalogue("bg")


def holes(text: str) -> frozenset[str]:
    """Return the places of a message; of one that is never filled, all that looks like one."""
    try:
        return places(text)
    except ValueError:  # "`${` is never closed": said as it stands
        return frozenset(re.findall(r"\$*\{[^\s`}]*\}?", text))


def entries():
    """Return every entry of the file, translated or not, without the header."""
    with (CATALOGUES / "bg.po").open("rb") as file:
        return [entry for entry in read_po(file, abort_invalid=True) if entry.id]


def test_every_message_is_in_the_catalogue():
    assert [f"{place}: {text}" for text, place in SAID.items() if text not in KNOWN] == []


def test_the_catalogue_holds_nothing_that_no_code_says():
    assert [entry.id for entry in entries() if entry.id not in SAID] == []


def test_no_translation_is_empty_or_doubtful():
    assert [entry.id for entry in entries() if not str(entry.string).strip() or entry.fuzzy] == []


def test_every_translation_has_the_places_of_its_original():
    assert {text: told for text, told in KNOWN.items() if holes(told) != holes(text)} == {}


def test_every_translation_has_the_ends_of_its_original():
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert {text: told for text, told in KNOWN.items() if ends(told) != ends(text)} == {}


def test_every_translation_keeps_the_commands_and_keys_of_its_original():
    def code(text: str) -> list[str]:
        return sorted(re.findall(r"`([^`]+)`", text))

    assert {text: told for text, told in KNOWN.items() if code(told) != code(text)} == {}


def test_the_header_names_the_language():
    with (CATALOGUES / "bg.po").open("rb") as file:
        read = read_po(file)
    assert str(read.locale) == "bg"
    assert read.charset == "utf-8"
    assert read.num_plurals == 2


@pytest.mark.parametrize(("locale", "told"), [("bg_BG.UTF-8", "източник rss"), ("C.UTF-8", "source rss")])
def test_a_message_is_told_in_the_language_of_the_locale(monkeypatch, locale, told):
    monkeypatch.setenv("LC_ALL", locale)
    assert tr("source {id}", id="rss") == told
