"""The translation memory, what was refused, and the engines' accounts."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.model import Pair, Remembered
from syndicator.ports import Refusal
from syndicator.store import accounts, memory
from syndicator.store.database import Database
from syndicator.store.store import SqlLedger, SqlMemory
from syndicator.translation.tmx import MemoryUnit

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PAIR = Pair("bg", "en")


@pytest.fixture
def kept(database):
    return SqlMemory(database, "now", NOW)


def exported(database):
    with database.reading() as connection:
        return [unit.source for unit in memory.units(connection)]


def test_what_was_remembered_is_known_for_its_pair_only(kept):
    kept.remember(PAIR, {"Вино": Remembered("Wine", "google", "a doubt")})
    assert kept.lookup(PAIR, ["Вино", "Мед"]) == {"Вино": Remembered("Wine", "google", "a doubt")}
    assert kept.lookup(Pair("bg", "it"), ["Вино"]) == {}


def test_segments_that_differ_in_blanks_are_one(kept):
    kept.remember(PAIR, {"Вино и мед": Remembered("Wine", "google")})
    assert set(kept.lookup(PAIR, ["Вино  и мед", "Вино и мед"])) == {"Вино  и мед", "Вино и мед"}
    kept.refuse(PAIR, [Refusal("А б", "google", "x", "echo")])
    assert set(kept.refused(PAIR, ["А б", "А  б"])) == {"А б", "А  б"}


def test_more_segments_than_one_query_takes(kept):
    answers = {f"Изречение {number}": Remembered(f"{number}", "google") for number in range(1200)}
    kept.remember(PAIR, answers)
    assert kept.lookup(PAIR, answers) == answers


def test_a_reviewed_translation_wins_whichever_came_first(kept):
    for first, second in (("google", "reviewed"), ("reviewed", "google")):
        kept.remember(PAIR, {first: Remembered("a", first)})
        kept.remember(PAIR, {first: Remembered("b", second)})
        assert kept.lookup(PAIR, [first])[first].reviewed


def test_helpers_are_not_exported_until_they_are_sentences(kept, database):
    kept.remember(PAIR, {"(1)Вино(2)": Remembered("(1)Wine(2)", "google")}, helpers=["(1)Вино(2)"])
    kept.remember(PAIR, {"Мед": Remembered("Honey", "google")}, helpers=["Мед"])
    assert exported(database) == []
    kept.remember(PAIR, {"Мед": Remembered("Honey", "google")})
    assert exported(database) == ["Мед"]
    kept.remember(PAIR, {"Мед": Remembered("Honey", "google")}, helpers=["Мед"])
    assert exported(database) == ["Мед"]


def test_files_are_imported_once_and_whole(kept, database):
    units = [MemoryUnit("bg", "en", "Вино", "Wine", ""), MemoryUnit("bg", "en", "Мед", "Honey", "")]
    assert not kept.knows_file(b"tmx")
    kept.import_units(units, b"tmx")
    assert kept.knows_file(b"tmx")
    assert not kept.knows_file(b"another")
    assert all(one.reviewed for one in kept.lookup(PAIR, ["Вино", "Мед"]).values())


def test_refusals_are_counted_per_answer_and_forgotten_with_engines_and_glossary(kept, database):
    echo = Refusal("Вино", "google", "Вино", "echo")
    kept.refuse(PAIR, [echo, replace(echo, answer="Ви")])
    kept.refuse(PAIR, [echo])
    found = kept.refused(PAIR, ["Вино", "Мед"])["Вино"]
    assert {one.answer: one.times for one in found} == {"Вино": 2, "Ви": 1}
    assert SqlMemory(database, "other engines", NOW).refused(PAIR, ["Вино"]) == {}
    with database.writing() as connection:
        memory.forget_refusals(connection, ["Вино"])
    assert kept.refused(PAIR, ["Вино"]) == {}


def test_forgotten_segments_are_known_in_no_language(kept, database):
    for target in ("en", "it"):
        kept.remember(Pair("bg", target), {"Вино": Remembered("W", "google")})
    with database.writing() as connection:
        memory.forget(connection, ["Вино"])
    assert kept.lookup(PAIR, ["Вино"]) == kept.lookup(Pair("bg", "it"), ["Вино"]) == {}


def test_accounts_add_up_by_day_and_month(database):
    for days, characters in ((0, 5), (0, 6), (-1, 70), (-24, 800)):
        ledger = SqlLedger(database, NOW + timedelta(days=days))
        ledger.record("google", requests=1, characters=characters)
    ledger = SqlLedger(database, NOW)
    assert ledger.spent("google", NOW) == 11
    assert ledger.spent("google", NOW.replace(day=1)) == 81
    assert ledger.spent("another", NOW.replace(day=1)) == 0


def test_the_last_error_stays_with_what_worked_since(database):
    ledger = SqlLedger(database, NOW)
    ledger.record("google", requests=1, errors=1, error="down")
    ledger.record("google", requests=1)
    with database.reading() as connection:
        row = accounts.last_errors(connection)["google"]
        sums = accounts.by_engine(connection, NOW)["google"]
    assert (row.last_error, row.last_success, sums.requests, sums.errors) == ("down", NOW, 2, 1)


def test_writers_in_threads_and_connections_lose_nothing(database):
    other = Database(f"sqlite:///{database.path}")

    def write(base, name):
        for number in range(15):
            SqlLedger(base, NOW).record("google", requests=1, characters=1)
            SqlMemory(base, "f", NOW).remember(PAIR, {f"{name} {number}": Remembered("x", "google")})

    threads = [
        threading.Thread(target=write, args=(base, str(index)))
        for index, base in enumerate([database, other] * 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert SqlLedger(database, NOW).spent("google", NOW) == 8 * 15
    assert len(exported(database)) == 8 * 15
