"""Remembered segments are found by others that are nearly alike, or differ in numerals only."""

from datetime import UTC, datetime

import pytest

from syndicator.errors import DataFileError
from syndicator.model import Pair, Remembered
from syndicator.store import memory, memory_index
from syndicator.store.database import Database
from syndicator.store.store import SqlMemory
from syndicator.translation.tmx import MemoryUnit

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PAIR = Pair("bg", "en")
BRIDGE = "Мостът над реката в центъра на града беше отворен отново за движение във вторник."
LIKE_IT = "Мостът над реката в края на града беше отворен отново за движение в сряда."


@pytest.fixture
def kept(database: Database) -> SqlMemory:
    return SqlMemory(database, "f", NOW)


def test_the_nearest_come_first_and_the_segment_itself_is_none_of_them(kept: SqlMemory) -> None:
    kept.remember(
        PAIR,
        {
            BRIDGE: Remembered("The bridge was reopened on Tuesday.", "reviewed"),
            "Мостът над реката в центъра на града беше ремонтиран.": Remembered("It was repaired.", "g"),
            "Търговците искат повече сянка и чешма с вода.": Remembered("The traders ask.", "g"),
        },
    )
    near = kept.similar(PAIR, [LIKE_IT, BRIDGE])
    assert [one.text for one in near[LIKE_IT]] == ["The bridge was reopened on Tuesday.", "It was repaired."]
    assert [one.reviewed for one in near[LIKE_IT]] == [True, False]
    assert kept.similar(PAIR, [LIKE_IT], limit=1)[LIKE_IT] == near[LIKE_IT][:1]
    assert BRIDGE not in [one.segment for one in near.get(BRIDGE, ())]
    assert kept.similar(Pair("bg", "it"), [LIKE_IT]) == {}


def test_reviewed_goes_before_machine_and_helpers_are_no_hints(kept: SqlMemory) -> None:
    kept.remember(PAIR, {BRIDGE: Remembered("machine", "g")})
    assert kept.similar(PAIR, [LIKE_IT])[LIKE_IT][0].text == "machine"
    kept.remember(PAIR, {BRIDGE: Remembered("by hand", "reviewed")})
    assert [one.text for one in kept.similar(PAIR, [LIKE_IT])[LIKE_IT]] == ["by hand"]
    other = "Търговците искат повече сянка и чешма с вода."
    kept.remember(PAIR, {other: Remembered("x", "g")}, helpers=[other])
    assert kept.similar(PAIR, [other.replace("вода", "пейка")]) == {}


def test_what_was_forgotten_is_no_hint(kept: SqlMemory, database: Database) -> None:
    kept.remember(PAIR, {BRIDGE: Remembered("The bridge.", "g")})
    assert kept.similar(PAIR, [LIKE_IT])
    with database.writing() as connection:
        memory.forget(connection, [BRIDGE])
    assert kept.similar(PAIR, [LIKE_IT]) == {}
    assert number_of_marks(database) == 0


def number_of_marks(database: Database) -> int:
    with database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM memory_marks").scalar() or 0


def test_segments_are_indexed_when_somebody_first_asks(kept: SqlMemory, database: Database) -> None:
    kept.remember(PAIR, {BRIDGE: Remembered("The bridge.", "g")})
    assert kept.similar(PAIR, []) == {}
    assert number_of_marks(database) == 0
    assert kept.similar(PAIR, [LIKE_IT])[LIKE_IT]
    before = number_of_marks(database)
    assert before
    kept.remember(PAIR, {BRIDGE: Remembered("The bridge again.", "g")})
    assert kept.similar(PAIR, [LIKE_IT])[LIKE_IT][0].text == "The bridge again."
    assert number_of_marks(database) == before


def test_what_placed_markup_first_and_is_a_sentence_now_is_found(kept: SqlMemory) -> None:
    kept.remember(PAIR, {BRIDGE: Remembered("The bridge.", "g")}, helpers=[BRIDGE])
    assert kept.similar(PAIR, [LIKE_IT]) == {}
    kept.remember(PAIR, {BRIDGE: Remembered("The bridge.", "g")})
    assert kept.similar(PAIR, [LIKE_IT])[LIKE_IT][0].text == "The bridge."


def test_a_large_memory_is_indexed_in_pieces(kept: SqlMemory, database: Database) -> None:
    texts = [f"Мостът номер {word} беше отворен отново." for word in ("едно", "девет", "тридесет")]
    kept.remember(PAIR, {text: Remembered("x", "g") for text in texts})
    with database.writing() as connection:
        assert memory_index.unmarked(connection) == 3
        assert [memory_index.mark_fresh(connection, 2) for _ in range(3)] == [2, 1, 0]
        assert memory_index.unmarked(connection) == 0


def test_segments_that_differ_in_numerals_only(kept: SqlMemory) -> None:
    kept.remember(
        PAIR,
        {
            "На 23 март е празник.": Remembered("The feast is on March 23.", "g"),
            "На 25 март е празник.": Remembered("The feast is on March 25.", "reviewed"),
            "На 26 март е празник.": Remembered("The feast is on March.", "g", "number: 26"),
        },
    )
    found = kept.but_for_numerals(PAIR, ["На 24 март е празник.", "На 24 май е празник.", "Без числа"])
    assert [one.text for one in found.pop("На 24 март е празник.")] == [
        "The feast is on March 25.",
        "The feast is on March 23.",
    ]
    assert found == {}


def unit(text: str, changed: datetime | None = None) -> MemoryUnit:
    return MemoryUnit("bg", "en", BRIDGE, text, changed=changed)


def test_of_two_imported_units_the_newer_one_wins_whatever_their_order(kept: SqlMemory) -> None:
    old, new = NOW.replace(year=2024), NOW.replace(year=2025)
    kept.import_units([unit("new", new), unit("old", old)], b"1")
    assert kept.lookup(PAIR, [BRIDGE])[BRIDGE].text == "new"
    kept.import_units([unit("older still", old)], b"2")
    assert kept.lookup(PAIR, [BRIDGE])[BRIDGE].text == "new"
    kept.import_units([unit("undated")], b"3")
    assert kept.lookup(PAIR, [BRIDGE])[BRIDGE].text == "undated"
    assert kept.similar(PAIR, [LIKE_IT])[LIKE_IT][0].text == "undated"


def test_a_mistake_in_the_middle_of_a_stream_takes_back_what_was_stored(kept: SqlMemory) -> None:
    def broken():
        yield unit("first")
        raise DataFileError("m.tmx:7: no")

    with pytest.raises(DataFileError):
        kept.import_stream(broken(), "digest")
    assert kept.lookup(PAIR, [BRIDGE]) == {}
    assert not kept.knows_digest("digest")
