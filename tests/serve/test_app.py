"""What the application answers, asked without a server."""

import gzip
import os

import brotli
import pytest
import zstandard

from syndicator.serve.app import Answer, PublishedTree
from syndicator.serve.shelf import KEPT_SECONDS, Shelf
from syndicator.serve.treatment import House

from .conftest import FEED, FILES, PAGE, Asker

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", FILES)
def test_every_published_file_is_there_with_its_length_and_validators(ask, path):
    said = ask(f"/{path}")
    assert (said.status, said.body) == (200, FILES[path])
    assert said.headers["content-length"] == str(len(FILES[path]))
    assert said.headers["etag"].startswith('"')
    assert said.headers["last-modified"].endswith("GMT")
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.headers["content-security-policy"].startswith("default-src 'none'")
    assert "referrer-policy" in said.headers


@pytest.mark.parametrize(
    ("path", "media_type", "in_browser"),
    [
        ("/en/all.rss", "application/rss+xml; charset=utf-8", "application/xml; charset=utf-8"),
        ("/en/all.atom", "application/atom+xml; charset=utf-8", "application/xml; charset=utf-8"),
        ("/en/all.json", "application/feed+json", "application/json"),
        ("/index.html", "text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8", "text/x-opml; charset=utf-8"),
        ("/photo.png", "image/png", "image/png"),
    ],
)
def test_types(ask, path, media_type, in_browser):
    plain, browser = ask(path), ask(path, accept=BROWSER)
    assert plain.headers["content-type"] == media_type
    assert browser.headers["content-type"] == in_browser
    if media_type != in_browser:
        assert "accept" in plain.headers["vary"].split(", ")


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_the_root_shows_the_landing_page(ask, path):
    assert ask(path).body == PAGE


def test_a_folder_shows_its_index_and_never_its_files(ask):
    assert ask("/en/").body == b"<p>English</p>"
    moved = ask("/en")
    assert (moved.status, moved.headers["location"]) == (301, "./en/")
    for path in ("/private", "/private/", "/private/s3cr3t/", "/private/s3cr3t/en/", "/assets/"):
        said = ask(path)
        assert said.status == 404
        assert b"s3cr3t" not in said.body


@pytest.mark.parametrize(
    "path", ["/en/all.rss.gz", "/en/all.rss.br", "/en/all.rss.zst", "/.well-known/x", "/x"]
)
def test_what_is_not_published_is_not_found(ask, path):
    said = ask(path)
    assert said.status == 404
    assert said.headers["content-type"].startswith("text/html")
    assert b"Not found" in said.body
    assert ask(path, "HEAD").body == b""


CODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.decompress}


@pytest.mark.parametrize("coding", CODERS)
def test_a_client_gets_the_compressed_form_that_it_takes(ask, coding):
    said = ask("/en/all.rss", accept_encoding=coding)
    assert said.headers["content-encoding"] == coding
    assert CODERS[coding](said.body) == FEED
    assert len(said.body) == int(said.headers["content-length"]) < len(FEED)
    assert "accept-encoding" in said.headers["vary"].split(", ")


def test_each_form_has_an_etag_of_its_own(ask):
    tags = {ask("/en/all.rss", accept_encoding=coding).headers["etag"] for coding in (*CODERS, "identity")}
    assert len(tags) == 4


def test_a_form_that_was_made_from_another_content_is_not_sent(ask):
    form = ask.tree.root / "en/all.rss.br"
    os.utime(form, (1, 1))
    said = ask("/en/all.rss", accept_encoding="br, gzip;q=0.5")
    assert said.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("accept_encoding", ["identity", "br"])
def test_who_knows_the_file_gets_nothing_but_its_headers(ask, accept_encoding):
    first = ask("/en/all.rss", accept_encoding=accept_encoding)
    again = ask("/en/all.rss", accept_encoding=accept_encoding, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    kept = ("etag", "cache-control", "vary", "access-control-allow-origin")
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert "content-length" not in again.headers
    dated = ask(
        "/en/all.rss", accept_encoding=accept_encoding, if_modified_since=first.headers["last-modified"]
    )
    assert dated.status == 304
    assert ask("/en/all.rss", if_match='"x"').status == 412


def test_a_changed_file_has_another_etag_at_once_or_within_a_second(tree):
    now = [0.0]
    shelf = Shelf(tree.root, House("https://feeds.example.eu/"), lambda: now[0])
    ask = Asker(PublishedTree(shelf), tree)
    before = ask("/en/all.rss")
    tree.write("en/all.rss", FEED[::-1])
    assert ask("/en/all.rss").body == FEED[::-1]
    tree.write("en/all.rss", FEED + b"x")
    now[0] += KEPT_SECONDS
    assert ask("/en/all.rss", if_none_match=before.headers["etag"]).status == 200


def test_an_erased_file_is_gone_at_once(ask):
    assert ask("/en/all.rss").status == 200
    ask.tree.remove("en/all.rss")
    assert ask("/en/all.rss").status == 404


def test_what_is_remembered_is_bounded(tree):
    shelf = Shelf(tree.root, House("https://feeds.example.eu/"))
    for number in range(1100):
        (tree.root / f"{number}.txt").write_bytes(b"x")
        shelf.find(b"/%d.txt" % number)
        shelf.find(b"/none-%d.txt" % number)
    assert len(shelf._kept) == 1024


def test_head_tells_what_get_would_send(ask):
    for headers in ({}, {"accept_encoding": "br"}):
        got, told = ask("/en/all.rss", **headers), ask("/en/all.rss", "HEAD", **headers)
        assert (told.status, told.headers, told.body) == (200, got.headers, b"")


def test_ranges(ask):
    part = ask("/photo.png", range="bytes=1-3")
    assert (part.status, part.body) == (206, b"PNG")
    assert part.headers["content-range"] == "bytes 1-3/400"
    assert part.headers["content-length"] == "3"
    rest = ask("/photo.png", range="bytes=398-", if_range=part.headers["etag"])
    assert (rest.status, rest.body) == (206, b"NG")
    assert ask("/photo.png", range="bytes=1-3", if_range='"old"').status == 200
    beyond = ask("/photo.png", range="bytes=400-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */400")
    assert ask("/photo.png", "HEAD", range="bytes=1-3").status == 200


def test_a_long_file_comes_in_pieces(ask):
    data = bytes(range(256)) * 1000
    ask.tree.write("long.png", data)
    assert ask("/long.png").body == data
    assert ask("/long.png", range="bytes=70000-200000").body == data[70000:200001]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/all.rss", "public, max-age=300, stale-while-revalidate=3600"),
        ("/index.html", "public, max-age=300, stale-while-revalidate=3600"),
        ("/assets/page.0123456789ab.css", "public, max-age=31536000, immutable"),
        ("/private/s3cr3t/en/all.rss", "private, max-age=300"),
    ],
)
def test_how_long_caches_keep_it(ask, path, expected):
    assert ask(path).headers["cache-control"] == expected


def test_private_feeds_are_not_indexed_and_their_addresses_not_told(ask):
    said = ask("/private/s3cr3t/en/all.rss")
    assert said.headers["x-robots-tag"] == "noindex, nofollow"
    assert said.headers["referrer-policy"] == "no-referrer"
    assert "x-robots-tag" not in ask("/en/all.rss").headers


def test_other_sites_scripts_may_read_feeds_and_nothing_else(ask):
    for path in ("/en/all.rss", "/en/all.json", "/feeds.opml", "/private/s3cr3t/en/all.rss"):
        assert ask(path).headers["access-control-allow-origin"] == "*"
    for path in ("/index.html", "/photo.png"):
        assert "access-control-allow-origin" not in ask(path).headers
    preflight = ask("/en/all.json", "OPTIONS", origin="https://a.example")
    assert preflight.status == 204
    assert "if-none-match" in preflight.headers["access-control-allow-headers"]


def ancestors(said):
    return said.headers["content-security-policy"].rpartition("frame-ancestors ")[2]


def test_only_the_embeddable_page_may_be_framed_and_only_by_whom_the_operator_named(ask, tree):
    assert ancestors(ask("/en/all.embed.html")) == "https://partner.example"
    assert ancestors(ask("/index.html")) == ancestors(ask("/en/all.rss")) == "'none'"
    closed = Asker(PublishedTree(Shelf(tree.root, House("https://feeds.example.eu/", []))), tree)
    assert ancestors(closed("/en/all.embed.html")) == "'none'"


def test_the_style_sheet_of_a_feed_may_come_from_the_public_address(ask):
    assert (
        "style-src 'self' https://feeds.example.eu " in ask("/en/all.rss").headers["content-security-policy"]
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
def test_nothing_can_be_written(ask, method):
    said = ask("/en/all.rss", method)
    assert (said.status, said.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_what_is_no_plain_file_is_not_found(ask):
    os.mkfifo(ask.tree.root / "pipe.txt")
    assert ask("/pipe.txt").status == 404
    (ask.tree.root / "index.html").unlink()
    (ask.tree.root / "index.html").mkdir()
    assert ask("/").status == 404


def test_a_link_within_the_tree_is_followed(ask):
    (ask.tree.root / "en/latest.rss").symlink_to("all.rss")
    assert ask("/en/latest.rss").body == FEED


def test_an_unpublished_tree_is_empty(tmp_path):
    ask = Asker(PublishedTree(Shelf(tmp_path / "none", House("https://e.example/"))), None)
    assert ask("/").status == 404


def test_routes_win_over_files_and_live_is_there_by_default(ask):
    assert ask("/livez").body == b"ok\n"
    assert ask("/livez").headers["cache-control"] == "no-cache"
    app = PublishedTree(ask.app.shelf, {"/index.html": lambda: Answer(b"busy", 503)})
    assert Asker(app, ask.tree)("/index.html").status == 503


def test_a_feed_names_its_hubs_and_itself_in_its_headers(tree):
    house = House("https://feeds.example.eu/", hubs=("https://hub.example.eu/",))
    ask = Asker(PublishedTree(Shelf(tree.root, house)), tree)
    said = ask("/en/all.rss")
    told = '<https://hub.example.eu/>; rel="hub", <https://feeds.example.eu/en/all.rss>; rel="self"'
    assert said.headers["link"] == told
    assert "link" in said.headers["access-control-expose-headers"]
    assert ask("/en/all.rss", if_none_match=said.headers["etag"]).headers["link"] == told
    for path in ("/", "/en/all.archive-1.rss", "/private/s3cr3t/en/all.rss", "/feeds.opml", "/assets/"):
        assert "link" not in ask(path).headers, path


def test_no_log_holds_a_token(tree, monkeypatch):
    noted = []
    monkeypatch.setattr(
        "syndicator.serve.shelf.log.warning", lambda *told, **more: noted.append((told, more))
    )
    token = "Zr3vKpT8Qw2LmN5xHs7Yb1Cd"
    ask = Asker(PublishedTree(Shelf(tree.root, House("https://feeds.example.eu/"))), tree)
    (tree.root / "private" / token).symlink_to(tree.root.parent)
    (tree.root.parent / "secret.txt").write_bytes(b"SECRET")
    assert ask(f"/private/{token}/secret.txt").status == 404
    assert noted
    assert token not in repr(noted)
