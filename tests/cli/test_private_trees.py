"""Private trees, archives and our own pictures beside erasing, retention, restoring and the doctor."""

import io
import json
import sqlite3
import time
import xml.etree.ElementTree as ET

import httpx
import pytest
from PIL import Image

from .conftest import BODIES, BRIDGE, ENGLISH, MARKET, SCHOOL, TEXTS, send
from .test_erasing import holding, identity

ATOM = "{http://www.w3.org/2005/Atom}"
# Words of the oldest article, which stands in an archive document.
UNIQUE = (
    "Ремонтът продължи",
    "The repair lasted 14 months",
    "I lavori sono durati",
    BRIDGE,
    "The bridge over",
)
COLOURS = {BRIDGE: "red", SCHOOL: "green", MARKET: "blue"}


def photo(colour):
    out = io.BytesIO()
    Image.new("RGB", (120, 80), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def token(desk):
    """Publish short feeds with archives and pictures, one of them private; return a token that opens it."""
    site, plain, answer = desk.site, desk.site.item, desk.site.answer

    def item(number, title):
        tag = f"<enclosure url='{site.url}/{COLOURS[title]}.jpg' type='image/jpeg' length='1'/>"
        return plain(number, title).replace("</item>", f"{tag}</item>")

    def with_photos(handler, body):
        name = handler.path.strip("/").removesuffix(".jpg")
        if name in COLOURS.values():
            send(handler, photo(name), "image/jpeg")
        else:
            answer(handler, body)

    site.item = item
    site.server.RequestHandlerClass.do_GET = lambda handler: with_photos(handler, b"")
    text = desk.config.read_text("utf-8").replace("  - id: all\n", "  - id: all\n    limit: 1\n")
    private = "  - {id: members, title: Members, languages: [bg, en], private: true, limit: 1}\n"
    both = "  - {id: both, title: Both, private: true, combined: true, bilingual: true}\n"
    desk.config.write_text(f"{text}{private}{both}images: {{mirror: true}}\n", "utf-8")
    given = desk.run("feeds", "token", "add", "partner", "--json").json["token"]
    assert desk.run("once").code == 0
    aged(desk, 3)  # young entries stand in no archive yet
    assert desk.run("once").code == 0
    return given


def trees(desk, token):
    return {"public": desk.folder / "feeds", "private": desk.folder / "feeds" / "private" / token}


def files(desk):
    folder = desk.folder / "feeds"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".gz", ".br", ".zst"}
    }


def pictures(folder):
    return {path.name for path in (folder / "images").iterdir() if path.suffix == ".jpg"}


def chain(folder, feed):
    """Return the titles in an Atom feed and in the archive documents behind it, from link to link."""
    told, link, path = [], "", folder / f"en/{feed}.atom"
    while path is not None:
        root = ET.fromstring(path.read_bytes())
        assert root.find(f"{ATOM}updated") is not None
        told.append([entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")])
        links = [one.get("href") for one in root.iter(f"{ATOM}link") if one.get("rel") == "prev-archive"]
        link = links[0] if links else ""
        path = folder / "en" / link.rpartition("/")[2] if link else None
    return told


def aged(desk, days):
    with sqlite3.connect(desk.folder / "state.db") as connection:
        for table, column in (("articles", "first_seen"), ("feed_entries", "entered")):
            connection.execute(f"UPDATE {table} SET {column} = datetime({column}, '-{days} days')")
    connection.close()


def test_an_erased_article_leaves_every_tree_and_stays_out_of_restored_ones(desk, token, tmp_path_factory):
    backup = tmp_path_factory.mktemp("backups") / "b.tar.gz"
    assert desk.run("backup", backup).code == 0
    found = holding(desk.folder / "feeds", *UNIQUE)
    for below in (
        f"private/{token}/mul/both.",
        "en/all.archive-",
        f"private/{token}/en/members.archive-",
        f"private/{token}/en/articles/",
    ):
        assert [path for path in found if path.startswith(below)], (below, "the control")
    assert [path for path in holding(desk.folder / "feeds", BRIDGE) if "/archive/" in path]
    before = {name: pictures(folder) for name, folder in trees(desk, token).items()}
    assert [len(names) for names in before.values()] == [3, 3]
    named = identity(desk, BRIDGE)
    assert desk.run("articles", "erase", named, "--yes").code == 0

    def nothing_is_left():
        assert holding(desk.folder, *UNIQUE) == []
        assert not [path for path in files(desk) if named in path]
        for name, folder in trees(desk, token).items():
            assert len(pictures(folder)) == 2, name
            told = chain(folder, {"public": "all", "private": "members"}[name])
            assert len(told) == 3
            assert set().union(*told) == {ENGLISH[SCHOOL], ENGLISH[MARKET]}

    assert desk.run("once").code == 0
    nothing_is_left()
    second = desk.run("feeds", "token", "add", "other", "--json").json["token"]
    assert desk.run("feeds", "token", "revoke", second).code == 0
    (desk.folder / "state.db").write_bytes(b"\0" * 4096)  # the list beside it is all that is left
    ran = desk.run("restore", backup)
    assert ran.code == 0, ran.err
    for path in desk.folder.glob("state.db.replaced-*"):
        path.unlink()
    assert desk.run("once").code == 0
    nothing_is_left()
    assert desk.run("doctor").out.strip() == "Nothing is wrong."


def test_what_a_backup_does_not_know_leaves_private_trees_and_archives(desk, token):
    before = files(desk)
    assert desk.run("backup", "b.tar.gz").code == 0
    text = desk.folder / "inbox" / "other.txt"
    text.write_text("\n\n".join([*TEXTS[10:], *BODIES[BRIDGE][1:]]), "utf-8")
    assert desk.run("once").code == 0
    newer = identity(desk, TEXTS[10])
    after = files(desk)
    for path in (
        "en/all.archive-3.rss",
        f"private/{token}/bg/members.archive-3.json",
        f"private/{token}/en/articles/{newer}.html",
    ):
        assert path in after
    text.unlink()
    assert desk.run("restore", "b.tar.gz").code == 0
    assert desk.run("once").code == 0
    again = files(desk)
    assert again.keys() == before.keys()
    same = [path for path in before if "/articles/" in path or "images/" in path]
    assert {path: again[path] for path in same} == {path: before[path] for path in same}
    assert desk.run("doctor").out.strip() == "Nothing is wrong."


def test_a_revoked_token_stays_revoked_whatever_is_restored(desk, token):
    assert desk.run("backup", "b.tar.gz").code == 0
    assert desk.run("feeds", "token", "revoke", token[:8]).code == 0
    assert desk.run("once").code == 0
    for way in ("whole", "lost"):
        if way == "lost":
            (desk.folder / "state.db").write_bytes(b"\0" * 4096)
        assert desk.run("restore", "b.tar.gz").code == 0
        assert desk.run("once").code == 0
        assert not trees(desk, token)["private"].exists(), way
        (told,) = desk.run("feeds", "token", "list", "--json").json["tokens"]
        assert told["revoked"]
        time.sleep(1.1)  # the replaced ones bear seconds


def test_retired_articles_leave_private_trees_and_valid_archives(desk, token):
    named = identity(desk, BRIDGE)
    archives = {path for path in files(desk) if ".archive-" in path}
    aged(desk, 40)
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text + "retention: {articles: 1}\n", "utf-8")
    assert desk.run("once").code == 0
    gone = [
        one for one in (BRIDGE, SCHOOL, MARKET) if one not in {entry["title"] for entry in desk.feed("bg")}
    ]
    assert len(gone) == 2
    assert holding(desk.folder / "feeds", *gone, *(BODIES[one][0] for one in gone)) == []
    for folder in trees(desk, token).values():
        assert len(pictures(folder)) == 1
    assert archives == {path for path in files(desk) if ".archive-" in path}
    for name, folder in trees(desk, token).items():
        told = chain(folder, {"public": "all", "private": "members"}[name])
        assert len(told) == 3
        assert sum(map(len, told)) == 1
    assert desk.run("doctor").out.strip() == "Nothing is wrong."
    process = desk.start("serve", "--bind", "127.0.0.1:0")
    shown = ""
    try:
        address = process.stderr.readline().split()[-1]
        feedly = {"User-Agent": "Feedly/1.0 (7 subscribers)"}
        for path, status in (
            (f"private/{token}/en/articles/{named}.html", 410),
            (f"private/{'x' * 32}/en/articles/{named}.html", 404),
            (f"private/{token}/en/nothing.rss", 404),
            (f"private/{token}/en/members.rss", 200),
            (f"private/{token}/en/members.archive-1.rss", 200),
        ):
            assert httpx.get(address + path, headers=feedly, timeout=60).status_code == status, path
        for path in ("metrics", "status"):
            got = httpx.get(address + path, timeout=60)
            assert got.status_code == 200
            shown += got.text
    finally:
        process.terminate()
        out, err = process.communicate(timeout=20)
    year = time.gmtime().tm_year
    report = desk.run("report", "--period", str(year), "--json")
    assert report.json["feeds"] == [{"feed": "private/…/en/members.rss", "subscribers": 7, "requests": 1}]
    once, status = desk.run("once"), desk.run("status")
    assert token not in f"{shown}{out}{err}{report.out}{once.out}{once.err}{status.out}"
    with sqlite3.connect(desk.folder / "state.db") as connection:
        dump = "\n".join(line for line in connection.iterdump() if "feed_tokens" not in line)
    connection.close()
    assert token not in dump


def test_the_doctor_looks_after_private_trees_archives_and_pictures(desk, token):
    assert desk.run("doctor").out.strip() == "Nothing is wrong."
    before = files(desk)
    folders = trees(desk, token)
    damaged = {
        "missing": [
            next(path for path in before if path.startswith(f"private/{token}/en/articles/")),
            f"private/{token}/bg/members.archive-1.rss",
        ],
        "altered": [
            f"private/{token}/en/members.json",
            f"private/{token}/mul/both.atom",
            "en/all.archive-1.atom",
            f"images/{min(pictures(folders['public']))}",
        ],
        "unknown": [
            f"private/{token}/en/articles/nobody.html",
            "private/0123456789abcdefghijk/en/members.rss",
            "en/all.archive-9.rss",
            "images/picture-0123456789abcdef0123456789abcdef01234567.jpg",
        ],
    }
    (folders["public"] / "private" / "notes.txt").write_text("an operator's")
    for path in damaged["missing"]:
        (folders["public"] / path).unlink()
    for path in damaged["altered"] + damaged["unknown"]:
        (folders["public"] / path).parent.mkdir(parents=True, exist_ok=True)
        (folders["public"] / path).write_text("<p>Nobody's</p>")
    ran = desk.run("doctor", "--json")
    assert ran.code == 1
    assert token not in ran.out
    assert token[:8] in ran.out
    found = {(one["place"], one["told"]) for one in ran.json["findings"] if one["what"] == "tree"}
    words = {
        "missing": "is missing",
        "altered": "is not what was published",
        "unknown": "was published by nobody",
    }
    assert found == {
        (path.replace(token, f"{token[:8]}…").replace("0123456789abcdefghijk", "01234567…"), words[kind])
        for kind, paths in damaged.items()
        for path in paths
    }
    assert desk.run("doctor", "--repair").code == 0
    assert desk.run("doctor").out.strip() == "Nothing is wrong."
    (folders["public"] / "private" / "notes.txt").unlink()
    assert files(desk).keys() == before.keys()
    assert {path: data for path, data in files(desk).items() if "/archive-" in path or "images/" in path} == {
        path: data for path, data in before.items() if "/archive-" in path or "images/" in path
    }
    assert json.loads(files(desk)[f"private/{token}/en/members.json"])["items"]


def test_a_picture_that_is_lost_everywhere_is_fetched_anew_after_a_repair(desk, token):
    before = files(desk)
    name = min(pictures(desk.folder / "feeds"))
    for folder in trees(desk, token).values():
        (folder / "images" / name).write_bytes(b"\xff\xd8 half")
    assert desk.run("doctor", "--repair").code == 0
    assert desk.run("doctor").code == 0
    assert desk.run("once").code == 0
    after = files(desk)
    assert {path: data for path, data in after.items() if "images/" in path} == {
        path: data for path, data in before.items() if "images/" in path
    }
