"""How the database answers the questions of every cycle: by its indexes, however much has gathered."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from syndicator.ports import ArchiveFile

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def filled(desk):
    for number in range(40):
        desk.take(str(number), desk.article(str(number)))
    desk.finish()
    desk.enter_all()
    desk.store.record_archive(ArchiveFile("f", "en", 1, (1, 5), "", "", "", NOW))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    return desk


QUESTIONS = {
    "waiting": lambda desk: desk.store.waiting("s", NOW, ignore_backoff=False),
    "work": lambda desk: desk.store.work("en", ["s", "t"], NOW, "f", ignore_backoff=False),
    "candidates": lambda desk: desk.store.candidates("f", "en", ["s", "t"]),
    "entries": lambda desk: desk.store.entries("f", "en", ["s", "t"], 5, NOW),
    "what left": lambda desk: desk.store.places_after("f", "en", ["s", "t"], 20),
    "archives": lambda desk: desk.store.archive_stamps("f", "en"),
    "an archive": lambda desk: desk.store.entries_between("f", "en", ["s", "t"], (1, 5)),
    "languages": lambda desk: desk.store.languages_of(range(5)),
    "take in": lambda desk: desk.take("new", desk.article("new")),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_reads_a_whole_table_for_a_few_rows(filled, question):
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(filled.database.engine, "before_cursor_execute", note)
    QUESTIONS[question](filled)
    event.remove(filled.database.engine, "before_cursor_execute", note)
    assert asked
    with filled.database.reading() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            scans = [row.detail for row in plan if row.detail.startswith("SCAN")]
            # Who lacks something cannot be looked up: the articles of the sources are walked, nothing else.
            allowed = {"SCAN articles", "SCAN openings"} if question in {"work", "candidates"} else set()
            assert not [row.detail for row in plan if "rowid>" in row.detail]
            assert not [
                scan for scan in scans if scan not in allowed and "newest" not in scan and "anon" not in scan
            ], plan
