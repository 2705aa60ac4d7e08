import json

import pytest

from syndicator.errors import RenderError
from syndicator.formats.atom import render_atom
from syndicator.formats.jsonfeed import render_json
from syndicator.formats.rss import render_rss
from syndicator.formats.selfcheck import check_rendered

RENDERERS = {"rss": render_rss, "atom": render_atom, "json": render_json}
ID = b"tag:feeds.example.eu,2026:stzagora/1:it"
ADDRESS = b"https://example.bg/news/76737"


@pytest.fixture
def feed(make_feed, make_entry):
    return make_feed(make_entry(editions=()))


@pytest.mark.parametrize("fmt", RENDERERS)
def test_a_sound_feed_passes(feed, fmt):
    check_rendered(RENDERERS[fmt](feed), fmt, feed)


@pytest.mark.parametrize(
    ("fmt", "before", "after", "problem"),
    [
        ("rss", b"</channel>", b"", "read back"),
        ("atom", b"<title>Esperti", b"<title>\x00Esperti", "read back"),
        ("json", b'"items"', b'"item"', "read back"),
        ("rss", b">" + ID + b"<", b"><", "no id"),
        ("atom", b"<id>" + ID, b"<id>tag:x,2026:y", "missing"),
        ("json", ID, b"", "no id"),
        ("rss", b"<link>" + ADDRESS + b"</link>", b"", "0 usable links"),
        ("rss", b'rel="via"', b'rel="alternate"', "2 usable links"),
        ("atom", b'rel="via"', b'rel="alternate"', "2 usable links"),
        ("atom", b'rel="alternate" href="' + ADDRESS, b'rel="x" href="' + ADDRESS, "0 usable links"),
        ("json", b'"url": "' + ADDRESS, b'"url": "', "usable links"),
        ("rss", b"Esperti di Stara Zagora a un incontro su INNOGROW</title>", b"</title>", "no title"),
    ],
)
def test_a_broken_feed_does_not_pass(feed, fmt, before, after, problem):
    data = RENDERERS[fmt](feed)
    assert before in data
    with pytest.raises(RenderError, match=problem) as caught:
        check_rendered(data.replace(before, after), fmt, feed)
    assert "feed all (it, " + fmt in str(caught.value)


@pytest.mark.parametrize("fmt", RENDERERS)
def test_an_entry_that_stands_twice_or_was_lost_does_not_pass(make_feed, make_entry, fmt):
    entry = make_entry()
    twice, once, none = make_feed(entry, entry), make_feed(entry), make_feed()
    with pytest.raises(RenderError, match="twice"):
        check_rendered(RENDERERS[fmt](twice), fmt, twice)
    with pytest.raises(RenderError, match="missing or surplus"):
        check_rendered(RENDERERS[fmt](none), fmt, once)
    with pytest.raises(RenderError, match="missing or surplus"):
        check_rendered(RENDERERS[fmt](once), fmt, none)


def test_an_entry_without_an_id_does_not_pass(make_feed, make_entry):
    feed = make_feed(make_entry(id=""))
    with pytest.raises(RenderError, match="no id"):
        check_rendered(
            json.dumps({"items": [{"id": "", "title": "x", "url": "https://x.bg/"}]}).encode(), "json", feed
        )
