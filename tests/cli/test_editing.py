"""``ingest``, ``articles``, ``memory``, ``plan`` and ``status``."""

import gzip
import json

import brotli
import pytest
import zstandard

TITLE = "Пазарът на плодове се мести на площада"
BODY = (
    "От събота пазарът на плодове и зеленчуци ще се провежда на големия площад пред читалището.",
    "Търговците искат повече сянка и чешма с вода.",
)
PASTED = f"{TITLE}\n\n{BODY[0]}\n\n{BODY[1]}\n"
PAGE = f"""<!doctype html><html lang="bg"><head><title>{TITLE}</title></head><body>
<nav><a href="/">Начало</a></nav><article><h1>{TITLE}</h1><p>{BODY[0]}</p><p>{BODY[1]}</p></article>
</body></html>"""


READERS = {".gz": gzip.decompress, ".br": brotli.decompress, ".zst": zstandard.decompress}


def text_of(path):
    """Return what a published file says, compressed or not."""
    return READERS.get(path.suffix, bytes)(path.read_bytes()).decode()


@pytest.fixture
def quiet(desk):
    """A desk whose feed brings nothing."""
    desk.site.titles = []
    return desk


@pytest.fixture
def published(desk):
    """A desk after a whole cycle."""
    assert desk.run("once").code == 0
    return desk


def identity(desk, title=TITLE):
    told = desk.run("articles", "list", "--json").json
    return next(one["id"] for one in told["articles"] if one["title"] == title)


@pytest.mark.parametrize(("name", "text"), [("market.txt", PASTED), ("market.html", PAGE)])
def test_a_file_becomes_an_article_in_every_language(quiet, tmp_path_factory, name, text):
    file = tmp_path_factory.mktemp("elsewhere") / name
    file.write_text(text, "utf-8")
    ran = quiet.run("ingest", file)
    assert ran.code == 0, ran.err
    assert "new: 1" in ran.out
    again = quiet.run("ingest", file)
    assert (again.code, "new: 0" in again.out) == (0, True)
    ran = quiet.run("once")
    assert ran.code == 0, ran.out
    assert [entry["title"] for entry in quiet.feed("en")] == ["The fruit market is moving to the square"]
    assert [entry["title"] for entry in quiet.feed("bg")] == [TITLE]


def test_ingest_refuses_what_it_cannot_take(quiet):
    (quiet.folder / "picture.png").write_bytes(b"\x89PNG")
    (quiet.folder / "short.txt").write_text("Кратко", "utf-8")
    for arguments, told in (
        (["gone.txt"], "gone.txt"),
        (["picture.png"], "picture.png"),
        (["short.txt"], "short.txt"),
        (["short.txt", "--source", "city"], "city"),
        (["short.txt", "--source", "nobody"], "nobody"),
    ):
        ran = quiet.run("ingest", *arguments)
        assert ran.code == 1, arguments
        assert told in ran.err, arguments


def test_list_and_show_tell_everything_in_json(published):
    told = published.run("articles", "list", "--json").json
    assert len(told["articles"]) == 3
    one = told["articles"][0]
    assert {"id", "source", "title", "url", "translations"} <= one.keys()
    assert one["translations"] == {"bg": "done", "en": "done", "it": "done"}
    shown = published.run("articles", "show", one["id"], "--json").json
    assert shown["title"] == one["title"]
    assert shown["translations"]["en"]["state"] == "done"
    assert published.run("articles", "list", "--state", "held", "--json").json == {"articles": []}
    assert published.run("articles", "list", "--source", "pasted", "--json").json == {"articles": []}


def test_list_and_show_are_readable(published):
    listed = published.run("articles", "list").out
    assert TITLE in listed
    assert "\x1b" not in listed, "no colours in a pipe"
    shown = published.run("articles", "show", identity(published)).out
    assert BODY[1] in shown
    assert "The traders are asking for more shade" in shown
    assert "No articles." in published.run("articles", "list", "--state", "failed").out


def test_an_unknown_article_is_named_and_the_way_out(published):
    for command in ("show", "retry", "withdraw"):
        ran = published.run("articles", command, "nothing")
        assert ran.code == 1
        assert "nothing" in ran.err
        assert "articles list" in ran.err
    assert published.run("articles", "erase", "nothing", "--yes").code == 1
    assert published.run("articles", "list", "--state", "wrong").code == 2


def test_a_withdrawn_article_keeps_its_entry_without_its_text(published):
    before = {entry["id"] for entry in published.feed("en")}
    assert published.run("articles", "withdraw", identity(published)).code == 0
    assert published.run("once").code == 0
    assert {entry["id"] for entry in published.feed("en")} == before
    assert "traders" not in json.dumps(published.feed("en"))
    assert "withdrawn" in published.run("articles", "list").out


def test_an_erased_article_is_gone_everywhere_and_stays_away(published):
    named = identity(published)
    asked = published.run("articles", "erase", named, stdin="n\n")
    assert asked.code == 1
    assert len(published.feed("en")) == 3
    assert published.run("articles", "erase", named, stdin="y\n").code == 0
    for _ in range(2):
        assert published.run("once").code == 0
        for language in ("bg", "en", "it"):
            assert published.titles(language) == published.titles_but(language, TITLE)
    for path in (published.folder / "feeds").rglob("*"):
        assert not path.is_file() or "читалището" not in text_of(path)
    exported = published.run("memory", "export", "-")
    assert "читалището" not in exported.out
    assert "Книгите" in exported.out
    assert published.run("articles", "show", named).code == 1


def test_the_memory_travels(published, tmp_path_factory):
    assert published.run("memory", "export", "all.tmx").code == 0
    stats = published.run("memory", "stats", "--json").json
    assert {row["pair"] for row in stats["pairs"]} == {"bg→en", "bg→it"}
    assert all(row["machine"] == 10 and row["reviewed"] == 0 for row in stats["pairs"])
    (published.folder / "state.db").unlink()
    imported = published.run("memory", "import", "all.tmx")
    assert (imported.code, "20" in imported.out) == (0, True)
    assert "before" in published.run("memory", "import", "all.tmx").out
    published.libre.asked.clear()
    assert published.run("once").code == 0
    assert published.libre.asked == []


def test_memory_files_that_cannot_be_used_are_named(desk):
    (desk.folder / "bad.tmx").write_text("<tmx>\n<body>\n<tu/>", "utf-8")
    for arguments in (["import", "gone.tmx"], ["import", "bad.tmx"], ["export", "no/such/folder.tmx"]):
        ran = desk.run("memory", *arguments)
        assert ran.code == 1, arguments
        assert arguments[1].rpartition("/")[2].partition(".")[0] in ran.err
    assert "bad.tmx:3" in desk.run("memory", "import", "bad.tmx").err
    assert desk.run("memory", "stats").out == "The memory is empty.\n"


def test_plan_tells_and_changes_nothing(desk):
    ran = desk.run("plan", "--json")
    assert ran.code == 0
    told = ran.json
    assert told["translations"] == {"en": 3, "it": 3}
    assert told["engines"]["libre"]["segments"] == 20
    assert {"articles", "characters", "requests", "cost", "seconds"} <= told["engines"]["libre"].keys()
    assert sorted(path.name for path in desk.folder.iterdir()) == ["inbox", "syndicator.yaml"]
    assert desk.libre.asked == []
    assert "libre" in desk.run("plan").out
    desk.run("once")
    before = {path: path.read_bytes() for path in desk.folder.glob("state.db")}
    told = desk.run("plan", "--json").json
    assert (told["translations"], told["engines"]) == ({}, {})
    assert {path: path.read_bytes() for path in desk.folder.glob("state.db")} == before


def test_status_has_the_shape_of_the_contract(published):
    told = published.run("status", "--json")
    assert told.code == 0
    told = told.json
    assert {"sources", "languages", "engines", "memory", "feeds"} <= told.keys()
    city = told["sources"][0]
    assert (city["id"], city["last_error"], city["articles"]) == ("city", None, 3)
    assert city["last_success"].endswith("+00:00")
    assert told["languages"]["en"] == {"published": 3, "pending": 0, "held": 0, "failed": 0}
    assert {"state", "characters_today", "budget"} <= told["engines"]["libre"].keys()
    assert told["memory"] == {"bg→en": 10, "bg→it": 10}
    assert len(told["feeds"]) == 3
    assert {"id", "language", "entries", "updated"} <= told["feeds"][0].keys()


def test_status_before_anything_ran_says_what_to_do(desk):
    ran = desk.run("status")
    assert "syndicator once" in ran.out
