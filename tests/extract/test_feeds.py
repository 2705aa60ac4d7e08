import json
import random
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import ParseError
from syndicator.extract.feeds import read_feed
from syndicator.model import FetchedDocument, Validators

FEEDS = Path(__file__).parent / "feeds"
EXPECTATIONS = sorted(FEEDS.glob("*.expected.json"))
SOFIA = ZoneInfo("Europe/Sofia")
URL = "https://example.bg/rss.php"


def document(body: bytes, content_type: str = "") -> FetchedDocument:
    now = datetime(2025, 11, 4, 12, 0, tzinfo=UTC)
    return FetchedDocument(URL, URL, 200, body, content_type, Validators(), now)


def fixture_of(expectation: Path) -> Path:
    name = expectation.name.removesuffix(".expected.json")
    [path] = [path for path in FEEDS.glob(f"{name}.*") if path != expectation and path.stem == name]
    return path


def assert_holds(expected, found):
    """Compare what the expectation names, and only that."""
    if isinstance(expected, dict):
        assert found is not None
        for name, value in expected.items():
            assert_holds(value, getattr(found, name))
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(expected, found, strict=True):
            assert_holds(one, other)
    elif isinstance(found, datetime):
        assert found.isoformat() == expected
    else:
        assert found == expected


@pytest.mark.parametrize(
    "expectation", EXPECTATIONS, ids=lambda path: path.name.removesuffix(".expected.json")
)
def test_odd_feeds(expectation):
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    given_document = document(fixture_of(expectation).read_bytes())
    if "error" in expected:
        with pytest.raises(ParseError) as error:
            read_feed(given_document, SOFIA)
        assert str(error.value).startswith(URL)
        assert expected["error"] in str(error.value)
    else:
        assert_holds(expected, read_feed(given_document, SOFIA))


def test_every_fixture_has_its_expectation():
    fixtures = {fixture_of(expectation) for expectation in EXPECTATIONS}
    assert fixtures == set(FEEDS.iterdir()) - set(EXPECTATIONS)


def test_an_item_that_names_nothing_permanent_keeps_its_key():
    item = "<item><title>Б</title><pubDate>{}</pubDate><description>{}</description></item>"
    keys = [
        read_feed(document(f"<rss>{item.format(date, text)}</rss>".encode())).items[0].key
        for date, text in [("2024-03-05", "а"), ("2024-03-05", "поправено"), ("2024-03-06", "а")]
    ]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0].startswith("sha256:")


@pytest.mark.parametrize(
    "name",
    [
        "rss_2_0_as_wordpress_writes_it.xml",
        "pictures_of_every_kind.xml",
        "atom_1_0_with_every_kind_of_content.xml",
    ],
)
def test_the_forgiving_reader_finds_the_same_in_a_broken_feed(name):
    body = (FEEDS / name).read_bytes()
    strict = read_feed(document(body), SOFIA)
    loose = read_feed(
        document(body.replace(b"<title>", b"<title><odd>", 1).replace(b"<a:title", b"<odd><a:title", 1)),
        SOFIA,
    )
    assert [(item.key, item.title, item.published) for item in loose.items] == [
        (item.key, item.title, item.published) for item in strict.items
    ]


def nested(depth: int) -> bytes:
    return b"<rss><channel><item><title>x</title>" + b"<div>" * depth + b"</item></channel></rss>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(nested(1_000_000), id="nesting"),
        pytest.param(b"<rss><channel><item>&" + b"<a>&" * 1_200_000, id="tags that nobody closes"),
        pytest.param(b"<rss>" + b"<" * 2_000_000, id="angle brackets"),
        pytest.param(b"<rss>" + b"&" * 2_000_000, id="ampersands"),
        pytest.param(b"<rss><item>" + b"<![CDATA[" * 500_000, id="CDATA without end"),
        pytest.param(b"<rss>" + b"<!--" * 1_000_000, id="comments without end"),
        pytest.param(b"<" + b"a" * 5_000_000, id="a name without end"),
        pytest.param(b"<html>" + b"<link " * 900_000, id="link tags without end"),
        pytest.param(b"<!" * 2_000_000, id="declarations without end"),
        pytest.param(b"[" * 5_000_000, id="JSON nesting"),
        pytest.param(b"<rss><channel>" + b"<item><b></item>" * 20_000, id="many broken items"),
    ],
)
def test_no_feed_takes_long(body):
    begun = time.process_time()
    with suppress(ParseError):
        read_feed(document(body))
    assert time.process_time() - begun < 8


SEEDS = [path.read_bytes() for path in sorted(FEEDS.iterdir()) if path not in EXPECTATIONS]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_no_feed_or_one(body):
    with suppress(ParseError):
        assert read_feed(document(body)).items is not None


@given(
    st.sampled_from(SEEDS),
    st.integers(0, 2**32),
    st.sampled_from(["", "text/xml; charset=utf-8", "text/html; charset=koi8-r"]),
)
@settings(max_examples=200, deadline=None)
def test_damaged_feeds_are_read_or_refused(body, seed, content_type):
    try:
        feed = read_feed(document(damaged(body, random.Random(seed)), content_type))
    except ParseError:
        return
    for item in feed.items:
        assert item.key
        assert item.url == "" or item.url.startswith(("http://", "https://"))
        assert item.published is None or item.published.tzinfo is UTC
        "".join((item.title, item.summary, item.content, *item.authors)).encode()


def damaged(body: bytes, chance: random.Random) -> bytes:
    """Cut, double, delete and overwrite pieces of a feed."""
    damage = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(damage) + 1)
        end = min(len(damage), start + chance.randint(0, 40))
        kind = chance.randrange(4)
        if kind == 0:
            del damage[start:end]
        elif kind == 1:
            damage[start:start] = damage[start:end]
        elif kind == 2:
            damage[start:end] = chance.choice(
                [b"<", b"&", b"]]>", b"<![CDATA[", b"\xff", b"\x00", b"</item>", b"<a b=", b"<!--"]
            )
        else:
            del damage[max(start, 1) :]
    return bytes(damage)
