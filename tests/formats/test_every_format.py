"""What must hold for any feed, however odd, in every format."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicator.formats.render import render_feed
from syndicator.model import Image, Mark

FORMATS = ("rss", "atom", "json")
ATOM = "{http://www.w3.org/2005/Atom}"
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff\u2028\u2029]"
)
MISREAD = re.compile(r"</?[a-zA-Z!?]|&#|&(amp|lt|gt|copy|quot|apos)\b")


def all_strings(data: bytes, fmt: str):
    """Return every text and attribute of a document."""
    if fmt == "json":
        return _strings_of(json.loads(data))
    texts = []
    for element in etree.fromstring(data, etree.XMLParser(huge_tree=True)).iter():
        texts += [element.text or "", element.tail or "", *element.attrib.values()]
    return texts


def _strings_of(value):
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for member in members for text in _strings_of(member)]


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_odd_feed_is_whole_and_holds_no_forbidden_character(odd_feed, fmt):
    data = render_feed(odd_feed, fmt)  # reads it back and compares
    assert not [text for text in all_strings(data, fmt) if FORBIDDEN.search(text)]


@pytest.mark.parametrize("fmt", FORMATS)
def test_equal_feeds_give_equal_bytes(odd_feed, fmt):
    assert render_feed(odd_feed, fmt) == render_feed(replace(odd_feed), fmt)


@pytest.mark.parametrize("fmt", ["rss", "atom"])
def test_feedparser_reads_an_odd_feed_as_it_was_meant(odd_feed, fmt):
    parsed = feedparser.parse(render_feed(odd_feed, fmt))
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [entry.id for entry in odd_feed.entries]
    for read, entry in zip(parsed.entries, odd_feed.entries, strict=True):
        assert read.link.isascii()
        assert [link.href for link in read.links if link.rel == "alternate"] == [read.link]
        assert read.title
        assert read.summary
        assert read.content[0].value
        assert read.content[0].language == entry.language
        assert read.updated_parsed[:6] == entry.updated.timetuple()[:6]
        assert read.published_parsed[:6] == min(entry.published, entry.updated).timetuple()[:6]


@pytest.mark.parametrize("fmt", ["rss", "atom"])
def test_plain_texts_cannot_be_taken_for_markup(odd_feed, fmt):
    root = etree.fromstring(render_feed(odd_feed, fmt), etree.XMLParser(huge_tree=True))
    for element in root.iter():
        is_html = element.get("type") == "html" or element.tag.endswith(("encoded", "description"))
        if not is_html:
            assert not MISREAD.search(element.text or ""), element.tag


def test_a_title_with_markup_shows_as_it_was_written(make_feed, make_entry):
    title = "Как <b>да</b> пишем &lt;p> в HTML: 5 < 6 & AT&T"
    feed = make_feed(make_entry(title=title))
    for fmt in ("rss", "atom"):
        assert feedparser.parse(render_feed(feed, fmt)).entries[0].title.replace("\u2060", "") == title
    assert json.loads(render_feed(feed, "json"))["items"][0]["title"] == title


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_order_is_that_of_the_feed(make_feed, make_entry, fmt):
    ids = [f"tag:feeds.example.eu,2026:s/{number}:it" for number in (3, 1, 2)]
    data = render_feed(make_feed(*(make_entry(id=entry_id) for entry_id in ids)), fmt).decode()
    assert sorted(ids, key=data.index) == ids


@pytest.mark.parametrize("fmt", FORMATS)
def test_times_in_any_zone_and_with_fractions_are_written_alike(make_feed, make_entry, fmt):
    moment = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=2))).replace(microsecond=123456)
    feeds = [make_feed(make_entry(updated=time), updated=time) for time in (moment, elsewhere)]
    assert render_feed(feeds[0], fmt) == render_feed(feeds[1], fmt)


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_empty_feed_is_a_feed(make_feed, fmt):
    render_feed(make_feed(), fmt)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    ("mark", "told", "not_told"),
    [
        (Mark.MACHINE, "Traduzione automatica (lingua originale: bulgaro)", "Traduzione rivista"),
        (Mark.REVIEWED, "Traduzione rivista da un redattore (lingua originale: bulgaro)", "automatica"),
        (Mark.ORIGINAL, "Fonte:", "Traduzione"),
    ],
)
def test_readers_are_told_how_the_text_came_about(make_feed, make_entry, fmt, mark, told, not_told):
    data = render_feed(make_feed(make_entry(mark=mark), funding=""), fmt).decode()
    assert told in data
    assert not_told not in data


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("mark", "expected"), [(Mark.MACHINE, 1), (Mark.REVIEWED, 0), (Mark.ORIGINAL, 0)])
def test_machines_are_told_of_a_machine_translation(make_feed, make_entry, fmt, mark, expected):
    data = render_feed(make_feed(make_entry(mark=mark)), fmt).decode()
    assert data.count("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia") == expected
    translator = '"translators"' if fmt == "json" else "https://schema.org/translator"
    assert (translator in data) == bool(expected)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_withdrawn_entry_keeps_its_id_and_says_so(make_feed, make_entry, fmt):
    entry = make_entry(withdrawn=True, body="", summary="")
    data = render_feed(make_feed(entry), fmt).decode()
    assert entry.id in data
    assert data.count("Questo articolo è stato ritirato dall’editore.") == 2
    assert "foto.jpg" not in data
    assert "Traduzione automatica" not in data


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_original_is_named_where_the_entry_links_elsewhere(make_feed, make_entry, fmt):
    page = "https://feeds.example.eu/it/articles/1.html"
    data = render_feed(make_feed(make_entry(url=page)), fmt).decode()
    assert page in data
    assert "https://example.bg/news/76737" in data


@pytest.mark.parametrize("fmt", FORMATS)
def test_rights_and_funding_are_told(make_feed, make_entry, fmt):
    data = render_feed(make_feed(make_entry(rights="© Днес")), fmt).decode()
    assert "© Днес" in data
    assert "© Stara Zagora dnes" in data
    assert "Co-finanziato dall'Unione europea" in data


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_guessed_date_is_marked(make_feed, make_entry, fmt):
    marks = ("dateAccepted", "dated_by_first_sight")
    guessed = render_feed(make_feed(make_entry(dated_by_first_sight=True)), fmt).decode()
    known = render_feed(make_feed(make_entry()), fmt).decode()
    assert any(mark in guessed for mark in marks)
    assert not any(mark in known for mark in marks)


@pytest.mark.parametrize("fmt", FORMATS)
def test_nothing_in_a_latin_feed_is_cyrillic(make_feed, make_entry, fmt):
    assert not re.search("[А-я]", render_feed(make_feed(make_entry()), fmt).decode())


any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.tuples(*[any_text] * 9), address=any_text, mark=st.sampled_from(list(Mark)))
def test_no_text_whatever_breaks_a_feed(make_feed, make_entry, texts, address, mark):
    title, summary, body, author, rights, tag, name, alt, feed_title = texts
    entry = make_entry(
        title=title,
        summary=summary,
        body=body,
        authors=(author,),
        rights=rights,
        tags=(tag,),
        source_name=name,
        image=Image(f"https://example.bg/{address}", alt, alt, alt, media_type=alt, length=3),
        url=f"https://example.bg/{address}",
        original_url=address,
        mark=mark,
    )
    feed = make_feed(entry, title=feed_title, description=summary, rights=rights, funding=name, contact=alt)
    for fmt in FORMATS:
        assert not [text for text in all_strings(render_feed(feed, fmt), fmt) if FORBIDDEN.search(text)]
