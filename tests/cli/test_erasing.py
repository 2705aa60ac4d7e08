"""``articles erase`` leaves nothing behind; ``articles approve`` lets a person decide."""

import json
import sqlite3
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard

from syndicator.store.memory import key

from .conftest import BODIES

READERS = {
    ".gz": lambda data: zlib.decompress(data, 47),
    ".br": brotli.decompress,
    ".zst": zstandard.decompress,
}
TITLE = "Пазарът на плодове се мести на площада"
# Words that stand in this article alone, as the engine gave them back, too.
UNIQUE = ("Търговците искат повече сянка", "traders are asking for more shade", "commercianti chiedono")
BRIDGE = "Мостът над реката е отворен отново"


def identity(desk, title=TITLE):
    told = desk.run("articles", "list", "--json").json
    return next(one["id"] for one in told["articles"] if one["title"] == title)


def holding(folder: Path, *texts: str) -> list[str]:
    """Return the files below a folder that hold one of some texts, be it packed or as JSON escapes."""
    wanted = [form for text in texts for form in (text.encode(), json.dumps(text)[1:-1].encode())]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = READERS.get(path.suffix, bytes)(path.read_bytes())
            if any(form in data for form in wanted):
                found.append(path.relative_to(folder).as_posix())
    return found


@pytest.fixture
def published(desk):
    assert desk.run("once").code == 0
    return desk


def test_nothing_of_an_erased_article_is_left_in_any_file(published):
    folder = published.folder
    # The second hop of a pivot is remembered under its own pair.
    with sqlite3.connect(folder / "state.db") as connection:
        ((english, created),) = connection.execute(
            "SELECT answer, created FROM memory WHERE target = 'en' AND segment LIKE 'Търговците%'"
        )
        connection.execute(
            "INSERT INTO memory"
            " (source, target, key, reviewed, segment, answer, origin, helper, warning, created)"
            " VALUES ('en', 'it', ?, 0, ?, 'I commercianti chiedono', 'libre', 0, '', ?)",
            (key(english), english, created),
        )
        before = connection.execute("SELECT count(*) FROM memory").fetchone()[0]
    connection.close()
    assert len(holding(folder, *UNIQUE)) > 3, "the control: it is in the database and all over the tree"
    (folder / "state.db.before-0005").write_bytes((folder / "state.db").read_bytes())
    ran = published.run("articles", "erase", identity(published), "--yes")
    assert ran.code == 0, ran.err
    assert "state.db.before-0005" in ran.err
    assert published.run("once").code == 0
    assert holding(folder, *UNIQUE) == []
    assert published.titles("en") == published.titles_but("en", TITLE)
    with sqlite3.connect(folder / "state.db") as connection:
        after = connection.execute("SELECT count(*) FROM memory").fetchone()[0]
    connection.close()
    assert before - after == 7, "title and two sentences in two languages, and the second hop"


def test_older_revisions_and_files_of_the_inbox_go_with_an_erased_article(desk, tmp_path_factory):
    desk.site.titles = []
    text = tmp_path_factory.mktemp("elsewhere") / "market.txt"
    body = "От събота пазарът на плодове и зеленчуци ще се провежда на големия площад пред читалището."
    text.write_text(f"{TITLE}\n\n{body}\nТърговците искат повече сянка и чешма с вода.\n", "utf-8")
    assert desk.run("ingest", text).code == 0
    assert desk.run("once").code == 0
    text.write_text(f"{TITLE}\n\n{body}\n", "utf-8")
    assert desk.run("ingest", text).code == 0
    done = desk.folder / "inbox" / "done"
    done.mkdir()
    (done / "market.2.txt").write_text(f"{TITLE}\n\n{body}\nТърговците искат повече сянка.\n", "utf-8")
    assert desk.run("once").code == 0
    ran = desk.run("articles", "erase", identity(desk), "--yes")
    assert "market.2.txt" in ran.err
    assert desk.run("once").code == 0
    assert holding(desk.folder, *UNIQUE) == []
    assert not list((desk.folder / "inbox").rglob("*.txt"))


def test_sentences_that_stand_elsewhere_too_stay_remembered(published):
    published.site.titles.remove(TITLE)
    shared = "Пешеходците получиха нова алея с пейки и осветление."
    (published.folder / "inbox" / "alley.txt").write_text(
        f"Експертите се срещнаха в града, за да обсъдят новите идеи.\n\n{shared}\n"
        "Ремонтът продължи 14 месеца и беше платен от общината.\n",
        "utf-8",
    )
    assert published.run("once").code == 0
    asked = len(published.libre.asked)
    assert published.run("articles", "erase", identity(published, BRIDGE), "--yes").code == 0
    exported = published.run("memory", "export", "-").out
    assert shared in exported
    assert BRIDGE not in exported
    assert published.run("once").code == 0
    assert len(published.libre.asked) == asked


def test_a_held_article_is_published_when_a_person_approves_it(desk):
    desk.libre.fault, desk.libre.about = "half a sentence", "Търговците"
    for _ in range(4):
        desk.run("once")
    named = identity(desk)
    assert desk.run("articles", "list", "--state", "held", "--json").json["articles"][0]["id"] == named
    asked = desk.run("articles", "approve", named, stdin="n\n")
    assert asked.code == 1
    assert "The traders are asking" in asked.err
    assert desk.run("once").code == 3
    bought = len(desk.libre.asked)
    ran = desk.run("articles", "approve", named, "--language", "en", "--yes")
    assert ran.code == 0, ran.err
    assert desk.run("once").code == 3, "Italian is held still"
    assert desk.titles("en") == desk.titles_but("en")
    assert desk.titles("it") == desk.titles_but("it", TITLE)
    assert desk.run("articles", "approve", named, "--yes").code == 0
    assert desk.run("once").code == 0
    assert desk.titles("it") == desk.titles_but("it")
    assert len(desk.libre.asked) == bought
    again = desk.run("articles", "approve", named, "--yes")
    assert (again.code, "nothing of it waits" in again.err) == (1, True)


def test_a_translation_that_somebody_has_read_whole_is_marked_as_reviewed(published):
    named = identity(published)
    assert published.run("articles", "approve", named, "--language", "en", "--whole", "--yes").code == 0
    assert published.run("once").code == 0
    shown = published.run("articles", "show", named, "--json").json
    assert shown["translations"]["en"]["mark"] == "reviewed"
    assert shown["translations"]["it"]["mark"] == "machine"


def test_what_was_approved_reaches_whatever_else_says_it_and_a_correction_is_a_machine_s_again(desk):
    shared = "\n".join(BODIES[BRIDGE][1:])
    (desk.folder / "inbox" / "other.txt").write_text(
        f"Експертите се срещнаха в града, за да обсъдят новите идеи.\n\n{shared}\n", "utf-8"
    )
    assert desk.run("once").code == 0
    named = identity(desk, BRIDGE)
    assert desk.run("articles", "approve", named, "--language", "en", "--whole", "--yes").code == 0
    with sqlite3.connect(desk.folder / "state.db") as connection:
        anew = connection.execute("SELECT count(*), count(DISTINCT language) FROM rerenderings").fetchone()
    connection.close()
    assert anew == (2, 1), "the article, and the one that says the same once more, in English"
    asked = len(desk.libre.asked)
    assert desk.run("once").code == 0
    assert len(desk.libre.asked) == asked
    shown = desk.run("articles", "show", named, "--json").json
    assert shown["translations"]["en"]["mark"] == "reviewed"
    further = "Мостът беше измит."
    desk.libre_knows(further, "The bridge was washed.", "Il ponte è stato lavato.")
    plain = desk.site.item
    desk.site.item = lambda number, title: plain(number, title).replace(
        "</p>]]>", f"</p><p>{further}</p>]]>" if title == BRIDGE else "</p>]]>"
    )
    assert desk.run("once").code == 0
    assert set(desk.libre.asked[asked:]) == {further}, "what was approved is not asked for again"
    shown = desk.run("articles", "show", named, "--json").json
    assert shown["translations"]["en"]["mark"] == "machine"
    page = (desk.folder / "feeds" / "en" / "articles" / f"{named}.html").read_text("utf-8")
    assert "The bridge was washed." in page
    assert "orrected" in page


def test_what_has_no_answer_cannot_be_approved(desk):
    desk.libre.fault, desk.libre.about = "empty", "Търговците"
    for _ in range(4):
        desk.run("once")
    ran = desk.run("articles", "approve", identity(desk), "--language", "en", "--yes")
    assert ran.code == 1
    assert "memory import" in ran.err
    assert "Търговците" in ran.err
