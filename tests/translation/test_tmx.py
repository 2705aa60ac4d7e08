"""The exchange format of translation memories."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import DataFileError
from syndicator.translation.segment import normalised
from syndicator.translation.tmx import MemoryUnit, read_tmx, write_tmx

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def written(*units: MemoryUnit) -> bytes:
    return b"".join(write_tmx(units, "bg", "0.1", NOW))


def file_of(body: str, header: str = '<header srclang="bg"/>') -> bytes:
    return f'<?xml version="1.0"?>\n<tmx version="1.4">{header}<body>{body}</body></tmx>'.encode()


def unit_of(*variants: str, attributes: str = "") -> str:
    return f"<tu {attributes}>{''.join(variants)}</tu>"


BG, EN, IT = (
    f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>'
    for code, text in (("bg-BG", "Да"), ("EN_us", "Yes"), ("it", "Sì"))
)


def test_reads_each_direction_from_the_source_language() -> None:
    assert read_tmx(file_of(unit_of(BG, EN, IT)), "m.tmx") == (
        MemoryUnit("bg", "en", "Да", "Yes"),
        MemoryUnit("bg", "it", "Да", "Sì"),
    )


def test_all_languages_may_be_the_source() -> None:
    units = read_tmx(file_of(unit_of(BG, EN, attributes='srclang="*all*"')), "m.tmx")
    assert [(unit.source_language, unit.target_language) for unit in units] == [("bg", "en"), ("en", "bg")]


def test_codes_and_comments_are_no_text() -> None:
    segment = '<tuv xml:lang="bg"><seg>Едно <bpt i="1">&lt;b></bpt>две<!--бележка--><hi> три</hi></seg></tuv>'
    assert read_tmx(file_of(unit_of(segment, EN)), "m.tmx")[0].source == "Едно две три"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "m.tmx:1: not well-formed XML"),
        (b"<tmx><body></tmx>", "m.tmx:1: not well-formed XML"),
        (b"<html/>", "m.tmx:1: <html> found where TMX has <tmx>"),
        (file_of(unit_of(BG)), "m.tmx:2: a <tu> with fewer than two languages"),
        (file_of(unit_of(EN, IT)), "m.tmx:2: a <tu> without its source language bg"),
        (file_of(unit_of(BG, "<tuv><seg>x</seg></tuv>")), "m.tmx:2: a <tuv> without xml:lang"),
        (file_of(unit_of(BG, '<tuv xml:lang="en"/>')), "m.tmx:2: a <tuv> without <seg>"),
        (file_of(unit_of(BG, '<tuv xml:lang="en"><seg> </seg></tuv>')), r"m.tmx:2: an empty <seg> (en)"),
    ],
)
def test_mistakes_are_named_with_file_and_line(data: bytes, reason: str) -> None:
    with pytest.raises(DataFileError, match=re.escape(reason)):
        read_tmx(data, "m.tmx")


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE tmx [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + file_of(unit_of(BG, EN)).split(b"\n", 1)[1]
    )
    data = bomb.replace("Да".encode(), "Да&c;".encode())
    assert read_tmx(data, "m.tmx")[0].source == "Да"


def test_what_was_written_says_who_made_it() -> None:
    data = written(MemoryUnit("bg", "en", "Да", "Yes", "google")).decode()
    assert '<tmx version="1.4">' in data
    assert 'creationdate="20260301T123000Z"' in data
    assert 'creationid="google"' in data


def test_our_own_file_keeps_regions() -> None:
    (unit,) = read_tmx(written(MemoryUnit("bg", "pt-BR", "Да", "Sim")), "m.tmx")
    assert unit.target_language == "pt-BR"


TEXT = st.text(st.characters() | st.sampled_from("\x00\x0b\ud800\ufffe\u200b<&]]>\r\n"), max_size=20)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=4))
def test_any_text_comes_back_as_far_as_xml_can_hold_it(texts: list[tuple[str, str, str]]) -> None:
    read = read_tmx(written(*(MemoryUnit("bg", "en", *row) for row in texts)), "m.tmx")
    not_xml = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    expected = [
        (normalised(not_xml.sub("", source)), normalised(not_xml.sub("", target)))
        for source, target, _ in texts
    ]
    assert [(unit.source, unit.target) for unit in read] == [pair for pair in expected if all(pair)]
