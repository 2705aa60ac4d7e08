"""``feeds token …`` and ``feeds preview``, corrections and reviews: what partners and their readers get."""

import io
import json
import re
from html import escape

import pytest
from PIL import Image

from .conftest import BODIES, BRIDGE, SENTENCES, send


@pytest.fixture
def desk(desk):
    text = desk.config.read_text("utf-8")
    desk.config.write_text(f"{text}  - {{id: members, title: Members, languages: [bg, en], private: true}}\n")
    return desk


def private_files(desk):
    folder = desk.folder / "feeds/private"
    return sorted(file.name for file in folder.rglob("*")) if folder.exists() else []


def test_a_token_is_given_listed_and_revoked(desk):
    assert "No token was given yet" in desk.run("feeds", "token", "list").out
    added = desk.run("feeds", "token", "add", "Съюз на издателите", "--feed", "members", "--json")
    token = added.json["token"]
    assert added.json["addresses"][0] == f"https://feeds.example.eu/private/{token}/bg/members.rss"
    assert desk.run("once").code == 0
    for address in added.json["addresses"]:
        assert (desk.folder / "feeds" / address.removeprefix("https://feeds.example.eu/")).is_file()
    listed = desk.run("feeds", "token", "list").out
    assert "Съюз на издателите" in listed
    assert added.json["addresses"][0] in listed
    assert [one["feed"] for one in desk.run("feeds", "token", "list", "--json").json["tokens"]] == ["members"]
    assert token not in desk.run("status", "--json").out
    told = desk.run("feeds", "preview", "members", "--as", "wordpress", "--json")
    assert told.json["link"].startswith(f"https://feeds.example.eu/private/{token}/en/articles/")
    revoked = desk.run("feeds", "token", "revoke", token[:8])
    assert "Съюз на издателите" in revoked.out
    assert desk.run("once").code == 0
    assert private_files(desk) == []
    assert "revoked on" in desk.run("feeds", "token", "list").out
    assert desk.run("feeds", "token", "revoke", token).code == 1


def test_what_cannot_be_given_says_why(desk):
    unknown = desk.run("feeds", "token", "add", "x", "--feed", "all")
    assert (unknown.code, "no private feed has this id; there are: members" in unknown.err) == (1, True)
    assert "has no name" in desk.run("feeds", "token", "add", " ").err
    desk.configure()
    assert "write `private: true`" in desk.run("feeds", "token", "add", "x").err
    for arguments, told in (
        (("none", "--as", "joomla"), "no feed has this id; there are: all"),
        (("all", "--as", "joomla", "--language", "de"), "it is in: bg, en, it"),
        (("--as", "joomla"), "not published yet"),
    ):
        ran = desk.run("feeds", "preview", *arguments)
        assert (ran.code, told in ran.err) == (1, True), ran.err
    assert desk.run("feeds", "preview", "--as", "netscape").code == 2


def test_a_preview_shows_what_each_importer_keeps(desk):
    assert desk.run("once").code == 0
    told = {
        name: desk.run("feeds", "preview", "all", "--as", name, "--json").json
        for name in ("wordpress", "joomla", "feedly")
    }
    for one in told.values():
        assert one["language"] == "en"
        assert one["title"] == "The fruit market is moving to the square"
        assert one["link"].startswith("https://feeds.example.eu/en/articles/")
        assert one["warnings"] == [], "the notice is in every view"
    assert told["wordpress"]["views"][0]["text"].startswith("[Machine translation]")
    assert told["wordpress"]["views"][1]["text"].startswith("Machine-translated from Bulgarian")
    shown = desk.run("feeds", "preview", "--as", "joomla", "--language", "it")
    assert "Il mercato della frutta si sposta in piazza" in shown.out
    assert "[Traduzione automatica]" in shown.out


def test_a_reviewed_article_is_no_longer_marked_as_a_machine_s(desk):
    assert desk.run("once").code == 0
    english = SENTENCES[BRIDGE][0]
    before = next(item for item in desk.feed("en") if item["title"] == english)
    assert before["summary"].startswith("[Machine translation]")
    units = "".join(
        f"<tu><tuv xml:lang='bg'><seg>{escape(text)}</seg></tuv>"
        f"<tuv xml:lang='en'><seg>{escape(SENTENCES[text][0])}</seg></tuv></tu>"
        for text in (BRIDGE, *BODIES[BRIDGE])
    )
    file = desk.folder / "reviewed.tmx"
    file.write_text(
        "<?xml version='1.0'?><tmx version='1.4'><header creationtool='t' creationtoolversion='1' segtype="
        "'sentence' o-tmf='t' adminlang='en' srclang='bg' datatype='plaintext'/>"
        f"<body>{units}</body></tmx>",
        "utf-8",
    )
    assert desk.run("memory", "import", file).code == 0
    asked = len(desk.libre.asked)
    assert desk.run("once").code == 0
    assert len(desk.libre.asked) == asked, "nothing is bought for it"
    after = next(item for item in desk.feed("en") if item["title"] == english)
    assert after["id"] == before["id"]
    assert after["summary"].startswith("[Reviewed translation]")
    assert after["_syndicator"]["mark"] == "reviewed"
    assert "digital_source_type" not in after["_syndicator"]
    for ending in ("rss", "atom"):
        feed = (desk.folder / f"feeds/en/all.{ending}").read_text("utf-8")
        (entry,) = [one for one in re.split("<item|<entry", feed) if english in one]
        assert "[Reviewed translation]" in entry
        assert "digitalSourceType" not in entry
        assert "Machine" not in entry
    page = (desk.folder / "feeds" / after["url"].removeprefix("https://feeds.example.eu/")).read_text("utf-8")
    assert "Machine-translated" not in page
    assert "digitalSourceType" not in page
    other = next(item for item in desk.feed("en") if item["title"] != english)
    assert json.dumps(other).count("[Machine translation]") == 1


def test_pictures_are_published_by_ourselves_where_the_config_says_so(desk):
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(out, "JPEG")
    site, plain, answer = desk.site, desk.site.item, desk.site.answer

    def item(number, title):
        tag = f"<enclosure url='{site.url}/photo.jpg' type='image/jpeg' length='1'/>"
        return plain(number, title).replace("</item>", f"{tag}</item>")

    def photo(handler, body):
        if handler.path == "/photo.jpg":
            send(handler, out.getvalue(), "image/jpeg")
        else:
            answer(handler, body)

    site.item = item
    site.server.RequestHandlerClass.do_GET = lambda handler: photo(handler, b"")
    desk.config.write_text(
        f"{desk.config.read_text('utf-8')}images: {{mirror: true, max_width: 200}}\n", "utf-8"
    )
    assert desk.run("check").code == 0
    assert desk.run("once").code == 0
    (file,) = (desk.folder / "feeds/images").iterdir()
    assert Image.open(file).size == (200, 100)
    for language in ("bg", "en", "it"):
        for entry in desk.feed(language):
            assert entry["image"] == f"https://feeds.example.eu/images/{file.name}"
            assert entry["attachments"][0]["size_in_bytes"] == file.stat().st_size
    shown = desk.run("feeds", "preview", "--as", "joomla", "--json").json
    assert shown["warnings"] == ["feed module: the picture is lost"]
    assert desk.run("feeds", "preview", "--as", "feedly", "--json").json["warnings"] == []
