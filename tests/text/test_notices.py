import dataclasses

import pytest

from syndicator.text.languages import language_name, script_of
from syndicator.text.notices import NOTICES, has_notice, machine_line, notice_for, reviewed_line
from syndicator.text.transliterate import has_cyrillic

EU = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()
NEIGHBOURS = "ru uk sr mk tr sq".split()


@pytest.mark.parametrize("code", EU + NEIGHBOURS)
def test_every_official_language_of_the_union_and_its_neighbours_has_its_words(code):
    assert has_notice(code)
    assert NOTICES[code].language == code


@pytest.mark.parametrize("code", NOTICES)
def test_words_are_whole_and_in_their_script(code):
    notice = NOTICES[code]
    for field in dataclasses.fields(notice):
        text = getattr(notice, field.name)
        assert text == text.strip()
        assert text
        if field.name != "language":
            assert has_cyrillic(text) == (script_of(code) == "Cyrl")
    for mark in (notice.mark, notice.reviewed_mark):
        assert mark.startswith("[")
        assert mark.endswith("]")
        assert len(mark.split()) <= 3
    assert notice.original.endswith(":")
    assert notice.source.endswith(":")
    assert not notice.line.endswith(".")
    assert notice.withdrawn.endswith(".")


@pytest.mark.parametrize("code", NOTICES)
@pytest.mark.parametrize("source", ["bg", "en", "el"])
def test_lines_name_the_source_language(code, source):
    notice = NOTICES[code]
    for line in (machine_line(notice, source), reviewed_line(notice, source)):
        assert "{" not in line
        assert language_name(source, code) in line


def test_what_is_said_of_a_machine_is_not_said_of_an_editor():
    for notice in NOTICES.values():
        assert notice.line != notice.reviewed_line
        assert notice.mark != notice.reviewed_mark


def test_a_region_has_the_words_of_its_language_and_others_get_english():
    assert notice_for("pt-BR") is NOTICES["pt"]
    assert notice_for("sr-Latn") is NOTICES["sr-Latn"]
    assert notice_for("ja") is NOTICES["en"]
    assert not has_notice("ja")
    assert machine_line(notice_for("it"), "bg") == "Traduzione automatica (lingua originale: bulgaro)"
    assert machine_line(notice_for("en"), "bg") == "Machine-translated from Bulgarian"
