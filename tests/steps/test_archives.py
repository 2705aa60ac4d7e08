"""Archive documents (RFC 5005): a new subscriber can have everything, and what is complete stays as it is."""

import json
import re

import pytest
from lxml import etree

from syndicator.model import FeedSpec

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def archives(line):
    return [path for path in line.tree.paths() if ".archive-" in path]


def links(line, path):
    root = etree.fromstring(line.tree.read(path))
    top = root if path.endswith(".atom") else root[0]
    return {link.get("rel"): link.get("href") for link in top.iterfind(f"{ATOM}link")}


def ids(line, path):
    root = etree.fromstring(line.tree.read(path))
    return [guid.text for guid in root.iter("guid")] or [
        entry.findtext(f"{ATOM}id") for entry in root.iterfind(f"{ATOM}entry")
    ]


def walked(line, path):
    """Return the ids that a client finds from a feed back through its archives, and the documents."""
    found, documents = [], []
    while path:
        documents.append(path)
        found += ids(line, path)
        path = links(line, path).get("prev-archive", "").removeprefix("https://e.example/")
    return found, documents


@pytest.fixture
def published(line, website):
    """Return a line whose feed holds two of seven articles: the archives have the rest."""
    line.feeds = [FeedSpec("all", {"": "All"}, ("bg",), (), limit=2)]
    website.items = [line.item(number) for number in range(1, 8)]
    line.cycle()
    line.cycle(50)  # for two days all of them stay in the feed
    return line


def test_what_is_young_stands_in_the_feed_alone(line, website):
    line.feeds = [FeedSpec("all", {"": "All"}, ("bg",), (), limit=2)]
    website.items = [line.item(number) for number in range(1, 4)]
    line.cycle()
    website.items += [line.item(number) for number in range(4, 8)]
    line.cycle(30)
    assert (len(line.titles()), archives(line)) == (7, [])
    line.cycle(20)
    told = json.loads(line.tree.read("bg/all.archive-1.json"))
    assert (len(line.titles()), len(told["items"])) == (4, 2), "of those that left, one fills no document"
    assert {item["title"] for item in told["items"]} <= {line.item(number).title for number in (1, 2, 3)}
    found, documents = walked(line, "bg/all.atom")
    assert documents[1:] == ["bg/all.archive-2.atom", "bg/all.archive-1.atom"]
    assert len(set(found)) == 7


def test_whoever_walks_the_archives_finds_every_entry_once(published):
    for ending in ("atom", "rss"):
        found, documents = walked(published, f"bg/all.{ending}")
        assert documents == [f"bg/all.{ending}", *(f"bg/all.archive-{n}.{ending}" for n in (3, 2, 1))]
        assert len(set(found)) == 7
        assert [len(ids(published, path)) for path in documents] == [2, 2, 2, 2], "one is about to leave"
        _each_document_names_the_feed_and_its_neighbours(published, ending)
    one, two = (etree.fromstring(published.tree.read(f"bg/all{part}.atom")) for part in ("", ".archive-1"))
    assert one.findtext(f"{ATOM}id") == two.findtext(f"{ATOM}id"), "one feed, in several documents"
    found, address = [], "https://e.example/bg/all.json"
    while address:  # JSON Feed pages by next_url
        page = json.loads(published.tree.read(address.removeprefix("https://e.example/")))
        assert page["feed_url"] == "https://e.example/bg/all.json"
        found += [item["id"] for item in page["items"]]
        address = page.get("next_url", "")
    assert len(set(found)) == 7
    for path in ("feeds.opml", "index.html"):
        assert b"archive-" not in published.tree.read(path), "archives are no feeds of their own"


def _each_document_names_the_feed_and_its_neighbours(line, ending):
    base = "https://e.example/bg/all"
    middle = links(line, f"bg/all.archive-2.{ending}")
    assert middle["self"] == f"{base}.archive-2.{ending}"
    assert middle["current"] == f"{base}.{ending}"
    assert middle["prev-archive"] == f"{base}.archive-1.{ending}"
    assert middle["next-archive"] == f"{base}.archive-3.{ending}"
    assert "next-archive" not in links(line, f"bg/all.archive-3.{ending}")
    assert "current" not in links(line, f"bg/all.{ending}")
    root = etree.fromstring(line.tree.read(f"bg/all.archive-1.{ending}"))
    assert len(root.findall(f".//{HISTORY}archive")) == 1
    assert HISTORY[1:-1].encode() not in line.tree.read(f"bg/all.{ending}")


def test_a_complete_document_does_not_change_as_the_feed_goes_on(published, website):
    before = {path: published.files()[path] for path in archives(published)}
    published.cycle(1)
    website.items += [published.item(number) for number in (8, 9)]
    published.cycle(1)
    after = published.files()
    changed = {path for path, file in before.items() if after[path] != file}
    assert {re.sub(r"\.\w+$", "", path) for path in changed} == {"bg/all.archive-3"}
    assert "bg/all.archive-4.json" in after
    added = links(published, "bg/all.archive-3.atom")
    assert added["next-archive"] == "https://e.example/bg/all.archive-4.atom", "once, to name its neighbour"


def test_a_correction_a_withdrawal_and_an_erasure_reach_the_archives(published, website):
    titles = [item["title"] for item in json.loads(published.tree.read("bg/all.archive-1.json"))["items"]]
    others = {path: file for path, file in published.files().items() if ".archive-2" in path}
    website.items[0].text = website.items[0].text.replace("новина", "голяма новина")
    published.cycle(1)
    assert "голяма новина".encode() in published.tree.read("bg/all.archive-1.rss")
    published.withdraw(titles[0])
    published.cycle(1)
    items = json.loads(published.tree.read("bg/all.archive-1.json"))["items"]
    assert items[0]["content_html"] == "<p>Тази статия беше оттеглена от издателя си.</p>"
    published.erase(titles[0])
    published.cycle(1)
    items = json.loads(published.tree.read("bg/all.archive-1.json"))["items"]
    assert [item["title"] for item in items] == titles[1:]
    assert titles[0].encode() not in published.tree.read("bg/all.archive-1.rss")
    published.erase(titles[1])
    published.cycle(1)
    for ending in ("rss", "atom"):
        assert ids(published, f"bg/all.archive-1.{ending}") == [], "an address once published stays"
    assert {path: published.files()[path] for path in others} == others, "nothing moves to another document"


def test_a_correction_in_the_first_two_days_touches_no_archive(published, website):
    website.items += [published.item(number) for number in (8, 9)]
    published.cycle(1)
    before = {path: published.files()[path] for path in archives(published)}
    website.items[-1].text = website.items[-1].text.replace("новина", "голяма новина")
    published.cycle(1)
    assert "голяма новина".encode() in published.tree.read("bg/all.rss")
    assert {path: published.files()[path] for path in archives(published)} == before


def test_another_limit_counts_for_later_documents_only(published, website):
    before = {path: published.files()[path] for path in archives(published)}
    published.feeds = [FeedSpec("all", {"": "All"}, ("bg",), (), limit=1)]
    published.cycle(50)
    assert {path: published.files()[path] for path in before if "-3." not in path} == {
        path: file for path, file in before.items() if "-3." not in path
    }
    found, documents = walked(published, "bg/all.atom")
    assert len(set(found)) == 7
    assert [len(ids(published, path)) for path in documents] == [1, 2, 2, 2]


def test_documents_that_are_not_wanted_are_taken_away(published):
    published.feeds = [FeedSpec("all", {"": "All"}, ("bg",), (), limit=2, archives=False)]
    published.cycle(1)
    assert archives(published) == []
    assert "prev-archive" not in links(published, "bg/all.atom")


def test_a_tree_that_was_cleared_gets_its_archives_back(published):
    before = {path: file[0] for path, file in published.files().items() if ".archive-" in path}
    for path in published.tree.paths():
        published.tree.remove(path)
    published.cycle(1)
    assert {path: published.tree.read(path) for path in archives(published)} == before


def test_a_feed_that_is_no_longer_published_is_taken_away(published):
    published.feeds = [FeedSpec("other", {"": "Other"}, ("bg",), ())]
    published.cycle(1)
    left = [path for path in published.tree.paths() if re.match(r"\w+/all\.", path)]
    assert left == []
    published.feeds = [FeedSpec("all", {"": "All"}, ("bg",), (), limit=2)]
    published.cycle(1)
    assert len(set(walked(published, "bg/all.atom")[0])) == 7


def test_what_comes_after_an_erasure_stands_in_no_archive_that_was_complete(published, website):
    complete = {path: ids(published, path) for path in archives(published) if path.endswith(".atom")}
    newest = ids(published, "bg/all.atom")[:2]
    for title in [entry["title"] for entry in published.entries("bg") if entry["id"] in newest]:
        published.erase(title)
    website.items = [*website.items, published.item(8)]
    published.cycle(1)
    (fresh,) = set(ids(published, "bg/all.atom")) - {one for held in complete.values() for one in held}
    assert published.titles()[0] == published.item(8).title
    for path, held in complete.items():
        assert ids(published, path) == [one for one in held if one not in newest]
        assert fresh not in ids(published, path)
