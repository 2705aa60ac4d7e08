"""The whole line with its published tree in a bucket, on a real S3-compatible server."""

import pytest

from syndicator.output.s3 import S3Tree
from tests.output.s3_server import running_store


@pytest.fixture(scope="module")
def store():
    with running_store() as running:
        yield running


def puts(store):
    """Return what was written since the last call, in its order."""
    begin = "PUT /feeds/public/"
    return [one.removeprefix(begin) for one in store.asked() if one.startswith(begin)]


def test_entries_pages_come_before_feeds_and_feeds_before_the_index(line, website, store):
    def cycle(hours):
        line.tree = S3Tree(store.bucket, "public", store.access, retries=1)  # as each cycle makes it
        line.cycle(hours)
        return puts(store)

    website.items = [line.item(1), line.item(2)]
    written = cycle(0)
    order = [0 if "/articles/" in one or "assets" in one else 1 if "/all." in one else 2 for one in written]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}
    assert written[-1] == "index.html"
    assert [entry["title"] for entry in line.entries("bg")] == [
        item.title for item in reversed(website.items)
    ]

    assert cycle(1) == [], "nothing changed, nothing is written"

    website.items[0].title = "Съвсем ново заглавие на първата новина"
    changed = cycle(1)
    assert sum(one.startswith("bg/articles/") for one in changed) == 1, "one edit touches one article's page"

    website.items.append(line.item(3))
    store.fail(*[503] * 40)
    with pytest.raises(Exception, match="next cycle tries again"):
        cycle(1)
    store.fail()
    puts(store)
    assert [one for one in cycle(1) if one == "bg/all.rss"] == ["bg/all.rss"]
    assert len(line.entries("bg")) == 3
