"""``backup``, ``restore``, ``doctor`` and ``report``."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time

import httpx
import pytest

TITLE = "Пазарът на плодове се мести на площада"
UNIQUE = "Търговците искат повече сянка"


@pytest.fixture
def published(desk):
    assert desk.run("once").code == 0
    return desk


def identity(desk, title=TITLE):
    told = desk.run("articles", "list", "--json").json
    return next(one["id"] for one in told["articles"] if one["title"] == title)


def tree(desk):
    folder = desk.folder / "feeds"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".html", ".json", ".js", ".opml"}
    }


def rows(desk, query):
    with sqlite3.connect(desk.folder / "state.db") as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_a_backup_brings_state_and_tree_back_on_another_machine(published):
    (published.folder / "glossary.yaml").write_text("terms:\n  - keep: [INNOGROW]\n", "utf-8")
    text = published.config.read_text("utf-8").replace(
        "translation:", "translation:\n  glossary: [glossary.yaml]"
    )
    text = text.replace("local: true,", 'local: true, api_key: "${env:LIBRE_KEY}",')
    published.config.write_text(text, "utf-8")
    published.environ["LIBRE_KEY"] = "s3cr3t-s3cr3t"
    assert published.run("once").code == 0
    ran = published.run("backup", "b.tar.gz")
    assert ran.code == 0, ran.err
    assert "articles 3" in ran.err
    assert (published.folder / "b.tar.gz").stat().st_mode & 0o77 == 0
    again = published.run("backup", "b.tar.gz")
    assert (again.code, "--force" in again.err) == (1, True)
    assert published.run("backup", "b.tar.gz", "--force").code == 0
    with tarfile.open(published.folder / "b.tar.gz") as packed:
        assert {"manifest.json", "state.db", "config/syndicator.yaml", "config/glossary.yaml"} == set(
            packed.getnames()
        )
        for member in packed.getmembers():
            assert b"s3cr3t-s3cr3t" not in packed.extractfile(member).read()
    before = tree(published)
    ids = {entry["id"] for entry in published.feed("en")}
    for name in ("state.db", "state.db-wal", "state.db-shm", "glossary.yaml"):
        (published.folder / name).unlink(missing_ok=True)
    shutil.rmtree(published.folder / "feeds")
    assert published.run("restore", "b.tar.gz", "--files", "new").code == 0
    assert (published.folder / "new" / "glossary.yaml").exists()
    assert published.run("restore", "b.tar.gz", "--files", "new").code == 1
    shutil.copy(published.folder / "new" / "glossary.yaml", published.folder)
    asked = len(published.libre.asked)
    assert published.run("restore", "b.tar.gz").code == 0
    assert published.run("once").code == 0
    assert len(published.libre.asked) == asked
    assert {entry["id"] for entry in published.feed("en")} == ids
    after = tree(published)
    assert after.keys() == before.keys()
    pages = [path for path in before if "/articles/" in path]
    assert {path: after[path] for path in pages} == {path: before[path] for path in pages}
    assert not list(published.folder.glob(".syndicator-*"))


def test_what_was_erased_after_a_backup_does_not_come_back_with_it(published):
    assert published.run("backup", "b.tar.gz").code == 0
    named = identity(published)
    assert published.run("articles", "erase", named, "--yes").code == 0
    assert published.run("once").code == 0
    for way in ("whole", "lost"):
        if way == "lost":  # the list beside it is all that is left
            (published.folder / "state.db").write_bytes(b"\0" * 4096)
        ran = published.run("restore", "b.tar.gz")
        assert ran.code == 0, ran.err
        assert "erased again: 1" in ran.out
        assert published.run("once").code == 0
        assert published.titles("en") == published.titles_but("en", TITLE)
        assert UNIQUE.encode() not in (published.folder / "state.db").read_bytes()
        assert not [path for path in tree(published) if named in path]
        time.sleep(1.1)  # the replaced ones bear seconds
    assert len(list(published.folder.glob("state.db.replaced-*"))) == 2


def test_pages_of_articles_that_a_backup_does_not_know_leave_the_tree(desk):
    desk.site.titles = desk.site.titles[:2]
    assert desk.run("once").code == 0
    before = tree(desk)
    assert desk.run("backup", "b.tar.gz").code == 0
    desk.site.titles.append(TITLE)
    assert desk.run("once").code == 0
    newer = identity(desk)
    desk.site.titles.remove(TITLE)
    assert desk.run("restore", "b.tar.gz").code == 0
    assert desk.run("once").code == 0
    assert not [path for path in tree(desk) if newer in path]
    assert tree(desk).keys() == before.keys()
    assert desk.titles("it") == desk.titles_but("it")


def test_an_unusable_backup_is_refused_and_changes_nothing(published):
    assert published.run("backup", "b.tar.gz").code == 0
    folder = published.folder
    whole = (folder / "b.tar.gz").read_bytes()
    (folder / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "text.txt").write_text("no backup")
    shutil.copy(folder / "state.db", folder / "newer.db")
    for name, statement in (
        ("newer.db", "UPDATE alembic_version SET version_num = '9999'"),
        ("other.db", "CREATE TABLE t (x)"),
    ):
        with sqlite3.connect(folder / name) as other:
            other.execute(statement)
        other.close()
    broken = bytearray((folder / "state.db").read_bytes())
    broken[8192:40960] = os.urandom(32768)
    (folder / "broken.db").write_bytes(broken)
    before = rows(published, "SELECT count(*) FROM articles")
    for name, told in (
        ("cut.tar.gz", "no whole backup"),
        ("text.txt", "no whole backup"),
        ("newer.db", "9999"),
        ("other.db", "no database of this program"),
        ("broken.db", "damaged"),
        ("gone", "no such file"),
    ):
        ran = published.run("restore", name)
        assert (ran.code, told in ran.err) == (1, True), (name, ran.err)
    assert rows(published, "SELECT count(*) FROM articles") == before
    assert not list(folder.glob("state.db.replaced-*"))
    assert not list(folder.glob(".syndicator-*"))


def test_a_backup_is_made_while_the_worker_runs_and_a_restore_refused(desk):
    process = desk.start("run")
    try:
        deadline = time.monotonic() + 30
        while not desk.feed("it") and time.monotonic() < deadline:
            time.sleep(0.1)
        command = [sys.executable, "-m", "syndicator", "-c", str(desk.config), "backup", "-"]
        with (desk.folder / "b.tar.gz").open("wb") as file:
            done = subprocess.run(command, check=False, stdout=file, env=desk.environment(), cwd=desk.folder)
        assert done.returncode == 0
        ran = desk.run("restore", "b.tar.gz")
        assert ran.code == 75
        assert str(process.pid) in ran.err
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert desk.run("restore", "b.tar.gz").code == 0


def aged(desk, days):
    """Let everything that is in the database have come in so many days earlier."""
    with sqlite3.connect(desk.folder / "state.db") as connection:
        for table, column in (("articles", "first_seen"), ("feed_entries", "entered")):
            connection.execute(f"UPDATE {table} SET {column} = datetime({column}, '-{days} days')")
    connection.close()


def test_retired_articles_leave_feeds_pages_and_database_and_their_pages_say_410(published):
    ids = [one["id"] for one in published.run("articles", "list", "--json").json["articles"]]
    aged(published, 40)
    text = published.config.read_text("utf-8")
    published.config.write_text(text + "retention: {days: 30}\n", "utf-8")
    asked = len(published.libre.asked)
    for _ in range(2):
        assert published.run("once").code == 0
        assert published.feed("en") == []
    assert len(published.libre.asked) == asked
    assert rows(published, "SELECT count(*) FROM articles") == [(0,)]
    assert rows(published, "SELECT count(*) FROM memory")[0][0] > 0
    assert not [path for path in tree(published) if "/articles/" in path or "/archive/" in path]
    process = published.start("serve", "--bind", "127.0.0.1:0")
    try:
        address = process.stderr.readline().split()[-1]
        for path, status in (
            (f"en/articles/{ids[0]}.html", 410),
            (f"it/articles/{ids[1]}.side.html", 410),
            ("en/articles/bcdfghjkmnpq.html", 404),
            ("en/all.rss", 200),
        ):
            got = httpx.get(address + path, headers={"User-Agent": "Feedly/1.0 (7 subscribers)"})
            assert got.status_code == status, path
    finally:
        process.terminate()
        process.communicate(timeout=20)
    found = rows(published, "SELECT path, reader, subscribers, requests FROM reader_days")
    assert found == [("en/all.rss", "Feedly", 7, 1)]


def test_a_report_counts_articles_languages_engines_cost_and_readers(published):
    text = published.config.read_text("utf-8")
    published.config.write_text(text.replace("local: true,", "local: true, price_per_million: 20,"), "utf-8")
    year = time.gmtime().tm_year
    with sqlite3.connect(published.folder / "state.db") as connection:
        for reader, number in (("Feedly", 12), ("=cmd|x", 0)):
            connection.execute(
                "INSERT INTO reader_days VALUES (?, 'en/all.rss', ?, ?, 30)",
                (f"{year}-01-02", reader, number),
            )
    connection.close()
    told = published.run("report", "--period", str(year), "--json").json
    assert told["articles"] == 3
    assert {one["language"]: one["articles"] for one in told["languages"]} == {"bg": 3, "en": 3, "it": 3}
    assert [(one["machine"], one["original"]) for one in told["languages"]] == [(0, 3), (3, 0), (3, 0)]
    (engine,) = told["engines"]
    assert engine["characters"] > 0
    assert told["cost"] == engine["cost"] == round(engine["characters"] * 20 / 1e6, 2)
    assert told["feeds"] == [{"feed": "en/all.rss", "subscribers": 12, "requests": 60}]
    shown = published.run("report", "--period", f"{year}-01..{year}-12").out
    assert "Feedly" in shown
    assert "City News" in shown
    assert (
        "| en/all.rss | Feedly | 12 | 30 |"
        in published.run("report", "--period", str(year), "--markdown").out
    )
    table = published.run("report", "--period", str(year), "--csv").out
    assert "readers,en/all.rss Feedly,subscribers,12" in table.replace("\r", "")
    assert published.run("report", "--period", "1999", "--json").json["articles"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_restores_a_backup_that_the_owner_of_the_database_cannot_read(desk, tmp_path_factory):
    assert desk.run("once").code == 0
    place = tmp_path_factory.mktemp("roots")
    assert desk.run("backup", place / "b.tar.gz").code == 0
    for path in (desk.folder, *desk.folder.parents):
        if path == path.parent or not str(path).startswith(tempfile.gettempdir()):
            break
        path.chmod(0o755)
    place.chmod(0o700)
    for path in [desk.folder, *desk.folder.rglob("*")]:
        os.chown(path, 65534, 65534)
    ran = desk.run_process("restore", place / "b.tar.gz")
    assert ran.code == 0, ran.err
    assert (desk.folder / "state.db").stat().st_uid == 65534
    refused = desk.run_process("backup", place / "c.tar.gz")
    assert (refused.code, "backup - >" in refused.err) == (1, True)


def test_a_period_that_is_none_is_refused(published):
    for period in ("soon", "2026-13", "2026-Q5", "2026..2025", "", "2026-02-30"):
        ran = published.run("report", "--period", period)
        assert (ran.code, bool(ran.err)) == (1, True), period


def test_a_healthy_state_has_no_findings(published):
    (published.folder / "feeds" / "robots.txt").write_text("User-agent: *\n")
    ran = published.run("doctor")
    assert (ran.code, ran.out.strip()) == (0, "Nothing is wrong.")


def test_the_doctor_finds_and_mends_what_is_wrong(published):
    folder = published.folder
    feeds = folder / "feeds"
    before = tree(published)
    page = next(path for path in before if "/articles/" in path)
    (feeds / page).unlink()
    (feeds / "en" / "all.rss").write_text("<rss/>")
    (feeds / "en" / "articles" / "nobody.html").write_text("<p>Nobody's</p>")
    (feeds / "it" / "all.json").chmod(0o600)
    (folder / "state.db").chmod(0o666)
    left = feeds / "en" / ".syndicator-abc"
    left.write_text("unfinished")
    os.utime(left, (1, 1))
    with sqlite3.connect(folder / "state.db") as connection:
        connection.execute("INSERT INTO feed_entries VALUES ('all', 'en', 999, '2026-01-01', 9)")
        connection.execute("INSERT INTO erasures VALUES (?, '2026-01-01 00:00:00.000000')", ("a" * 64,))
    connection.close()
    ran = published.run("doctor", "--json")
    assert ran.code == 1
    found = {(one["what"], one["place"].rpartition("/")[2]) for one in ran.json["findings"]}
    assert found == {
        ("tree", page.rpartition("/")[2]),
        ("tree", "all.rss"),
        ("tree", "nobody.html"),
        ("rights", "all.json"),
        ("rights", "state.db"),
        ("leftovers", ".syndicator-abc"),
        ("orphans", "feed_entries"),
        ("erasures", "state.db.erased"),
    }
    shown = published.run("doctor")
    assert "nobody.html" in shown.out
    assert "--repair" in shown.err
    mended = published.run("doctor", "--repair")
    assert mended.code == 0, mended.out
    assert published.run("doctor").code == 0
    assert tree(published) == before
    assert published.run("once").code == 0


def test_a_damaged_database_is_named_with_the_way_out(published):
    assert published.run("backup", "b.tar.gz").code == 0
    data = bytearray((published.folder / "state.db").read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    (published.folder / "state.db").write_bytes(data)
    for command in (["doctor"], ["once"], ["status"]):
        ran = published.run(*command)
        assert ran.code == 1, command
        assert "state.db" in ran.out.replace("\n", "") + ran.err, command
        assert "restore" in ran.out + ran.err, command
    assert published.run("restore", "b.tar.gz").code == 0
    assert published.run("once").code == 0
    assert published.titles("it") == published.titles_but("it")
