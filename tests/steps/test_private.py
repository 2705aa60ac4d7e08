"""Private feeds: a tree for each token, of which nothing else knows."""

import json
import re
from dataclasses import replace

import pytest

from syndicator.model import FeedSpec
from syndicator.store import tokens

PUBLIC = FeedSpec("all", {"": "All"}, ("bg", "en"), (), tags=("open",))
PRIVATE = FeedSpec("members", {"": "Members"}, ("bg", "en"), (), private=True)


def give(line, partner="partner", feed=""):
    with line.database.writing() as connection:
        return tokens.add(connection, partner, feed, line.now)


def revoke(line, token):
    with line.database.writing() as connection:
        tokens.revoke(connection, token.number, line.now)


def below(line, token):
    folder = f"private/{token.token}/"
    return [path.removeprefix(folder) for path in line.tree.paths() if path.startswith(folder)]


def entries(line, token, language="en", feed="members"):
    return json.loads(line.tree.read(f"private/{token.token}/{language}/{feed}.json"))["items"]


@pytest.fixture
def line(line, website):
    """Return a line with a public feed that carries one article, and a private one that carries two."""
    line.feeds = [PUBLIC, PRIVATE]
    website.items = [line.item(1, tags=("open",)), line.item(2)]
    return line


def test_a_token_opens_the_feed_with_pages_of_its_own(line):
    token = give(line)
    line.cycle()
    base = f"https://e.example/private/{token.token}/"
    assert len(token.token) >= 22
    assert re.fullmatch("[A-Za-z0-9_-]+", token.token)
    assert len(entries(line, token)) == 2
    for entry in entries(line, token):
        assert entry["url"].startswith(f"{base}en/articles/")
        assert entry["url"].removeprefix(base) in below(line, token)
    for ending in ("rss", "atom", "json"):
        feed = line.tree.read(f"private/{token.token}/en/members.{ending}").decode()
        assert f"{base}en/members.{ending}" in feed
        addresses = set(re.findall(r"https://e\.example/[^\"<\s]*", feed))
        assert all(address.startswith(base) for address in addresses), addresses
    assert not [path for path in below(line, token) if path.endswith(".embed.html")]


def test_all_that_a_private_page_links_to_is_there(line):
    token = give(line)
    line.cycle()
    for path in below(line, token):
        if path.endswith(".html"):
            data = line.tree.read(f"private/{token.token}/{path}").decode()
            assert re.search(r'<meta name="robots" content="noindex', data), path
            assert '<meta name="referrer" content="no-referrer">' in data, path
            for asset in re.findall(r'(?:\.\./)*(assets/[^"]+)', data):
                assert asset in below(line, token)


def test_nothing_public_knows_of_a_private_feed_or_its_articles(line):
    token = give(line)
    line.hub_addresses = ("https://hub.example/",)
    line.cycle()
    title = next(one["title"] for one in entries(line, token, "bg") if "номер 2" in one["title"])
    english = next(one["title"] for one in entries(line, token) if "2" in one["title"])
    for path in line.tree.paths():
        if not path.startswith("private/"):
            data = line.tree.read(path).decode()
            assert token.token not in data, path
            assert "members" not in data, path
            assert title not in data, path
            assert english not in data, path
    assert len([path for path in line.tree.paths() if re.match(r"en/articles/\w+\.html", path)]) == 1
    assert line.store.due_announcements(("https://hub.example/",), line.now)
    for waiting in line.store.due_announcements(("https://hub.example/",), line.now):
        assert "private" not in waiting.topic
    assert b"hub.example" not in line.tree.read(f"private/{token.token}/en/members.atom")


def test_an_entry_has_the_same_id_in_every_feed(line):
    first, second = give(line, "one"), give(line, "two")
    line.cycle()
    ids = [entry["id"] for entry in entries(line, first)]
    assert ids == [entry["id"] for entry in entries(line, second)]
    assert {entry["id"] for entry in line.entries("en")} < set(ids)
    line.feeds = [PUBLIC, replace(PRIVATE, private=False)]
    line.cycle(1)
    assert [entry["id"] for entry in line.entries("en", "members")] == ids
    assert not [path for path in line.tree.paths() if path.startswith("private/")]


def test_a_revoked_token_s_tree_is_gone_at_the_next_cycle(line):
    first, second = give(line, "one"), give(line, "two")
    line.cycle()
    kept = {path: file for path, file in line.files().items() if second.token in path}
    revoke(line, first)
    line.cycle(1)
    assert below(line, first) == []
    assert line.tree.folders("private") == [second.token]
    assert {path: file for path, file in line.files().items() if path.startswith("private/")} == kept


def test_without_a_token_nothing_is_published_and_what_nobody_knows_is_taken_away(line):
    line.tree.write("private/of_a_database_that_was_lost/en/members.rss", b"<rss/>")
    line.cycle()
    assert not [path for path in line.tree.paths() if "members" in path or path.startswith("private/")]
    assert line.tree.folders("private") == []


def test_a_token_may_open_one_feed_only(line):
    line.feeds = [PUBLIC, PRIVATE, replace(PRIVATE, id="board", languages=("en",))]
    one, every = give(line, "one", "board"), give(line, "every")
    line.cycle()
    assert [path for path in below(line, one) if path.endswith(".rss")] == ["en/board.rss"]
    assert len([path for path in below(line, every) if path.endswith(".rss")]) == 3


def test_a_feed_that_becomes_private_leaves_nothing_public(line):
    line.feeds = [PUBLIC, replace(PRIVATE, private=False)]
    line.cycle()
    token = give(line)
    assert len([path for path in line.tree.paths() if re.match(r"en/articles/\w+\.html", path)]) == 2
    line.feeds = [PUBLIC, PRIVATE]
    line.cycle(1)
    assert not [path for path in line.tree.paths() if re.match(r"\w+/members\.", path)]
    assert len([path for path in line.tree.paths() if re.match(r"en/articles/\w+\.html", path)]) == 1
    title = next(one["title"] for one in entries(line, token, "bg") if "номер 2" in one["title"])
    for path in line.tree.paths():
        if not path.startswith("private/"):
            assert title not in line.tree.read(path).decode(), path


def test_withdrawals_and_erasures_reach_private_trees(line):
    token = give(line)
    line.cycle()
    title = next(one["title"] for one in entries(line, token, "bg") if "номер 2" in one["title"])
    line.withdraw(title)
    line.cycle(1)
    told = [entry for entry in entries(line, token) if "withdrawn" in entry["content_html"]]
    assert len(told) == 1
    line.erase(title)
    line.cycle(1)
    assert len(entries(line, token)) == 1
    assert len([path for path in below(line, token) if re.match(r"en/articles/\w+\.html", path)]) == 1


def test_a_cycle_without_news_writes_nothing(line):
    give(line)
    line.cycle()
    before = line.files()
    line.cycle(1)
    assert line.files() == before
