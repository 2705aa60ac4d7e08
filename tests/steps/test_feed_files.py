"""Feeds that are written while others are rendered: what fails, fails as if they were not."""

import threading

import pytest

from syndicator.errors import OutputError, RenderError
from syndicator.steps import feed_files


@pytest.fixture
def two(line, website):
    """A line with an article in two languages, one feed in each."""
    website.items = [line.item(1)]
    return line


def test_a_feed_that_cannot_be_written_stops_the_cycle_before_what_lists_it(two, monkeypatch):
    real = two.tree.write_all

    def full(files):
        if "bg/all.rss" in files:
            raise OutputError("the disk is full")
        return real(files)

    monkeypatch.setattr(two.tree, "write_all", full)
    with pytest.raises(OutputError, match="full"):
        two.cycle()
    assert two.tree.paths("bg/articles")
    for path in ("bg/all.rss", "feeds.opml", "bg/index.html", "index.html"):
        assert not two.tree.exists(path), path
    monkeypatch.setattr(two.tree, "write_all", real)
    assert two.cycle().feeds_written > 0
    assert len(two.entries("bg")) == len(two.entries("en")) == 1


def test_the_next_feed_is_rendered_while_one_is_written(two, monkeypatch):
    write, render = two.tree.write_all, feed_files.render_feed
    came = threading.Event()

    def slow(files):
        if "bg/all.rss" in files:
            assert came.wait(30), "nobody rendered the next feed meanwhile"
        return write(files)

    def rendered(feed, fmt):
        if feed.language == "en":
            came.set()
        return render(feed, fmt)

    monkeypatch.setattr(two.tree, "write_all", slow)
    monkeypatch.setattr(feed_files, "render_feed", rendered)
    two.cycle()
    assert len(two.entries("bg")) == len(two.entries("en")) == 1


def test_what_is_under_way_is_written_where_the_next_feed_is_broken(two, monkeypatch):
    render = feed_files.render_feed

    def broken(feed, fmt):
        if feed.language == "en":
            raise RenderError("en/all came out broken")
        return render(feed, fmt)

    monkeypatch.setattr(feed_files, "render_feed", broken)
    with pytest.raises(RenderError, match="en/all"):
        two.cycle()
    assert len(two.entries("bg")) == 1
    assert two.tree.exists("index.html")
