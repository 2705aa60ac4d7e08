"""Atom as RFC 4287 has it and JSON Feed as version 1.1 has it, for feeds of every shape."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from lxml import etree

from syndicator.formats.render import render_feed
from syndicator.model import Feed
from tests.formats.odd_articles import made_up_feeds, odd_feeds

SCHEMAS = Path(__file__).parent / "schemas"
ATOM_RULES = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
JSON_RULES = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "jsonfeed.json").read_text("utf-8")))
NAMES = {"a": "http://www.w3.org/2005/Atom"}

ODD_FEEDS = dict(odd_feeds())


def breaches_of_atom(data: bytes) -> list[str]:
    """Return how a document breaks RFC 4287: by its grammar, and by what a grammar cannot say."""
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    ATOM_RULES.validate(root)
    told = [str(error) for error in ATOM_RULES.error_log]
    entries = root.findall("a:entry", NAMES)
    # §4.1.1: an author of the feed, or of each entry
    if root.find("a:author", NAMES) is None:
        told += ["no author" for entry in entries if entry.find("a:author", NAMES) is None]
    for holder in (root, *entries):
        # §4.1.1 and §4.1.2: not two alternates of one type and language
        alternates = Counter(
            (link.get("type"), link.get("hreflang"))
            for link in holder.findall("a:link", NAMES)
            if link.get("rel", "alternate") == "alternate"
        )
        told += [f"{kind} twice" for kind, count in alternates.items() if count > 1]
    # §4.1.1: entries of one id differ in their date
    stamps = Counter((e.findtext("a:id", "", NAMES), e.findtext("a:updated", "", NAMES)) for e in entries)
    told += [f"{stamp} twice" for stamp, count in stamps.items() if count > 1]
    return told


def breaches_of_json(data: bytes) -> list[str]:
    """Return how a document breaks JSON Feed 1.1."""
    document = json.loads(data)
    told = [f"{error.json_path}: {error.message[:200]}" for error in JSON_RULES.iter_errors(document)]
    ids = Counter(item["id"] for item in document["items"])
    return told + [f"{one} twice" for one, count in ids.items() if count > 1]


@pytest.mark.parametrize("name", ODD_FEEDS)
def test_an_odd_feed_keeps_to_both_specifications(name):
    assert breaches_of_atom(render_feed(ODD_FEEDS[name], "atom")) == []
    assert breaches_of_json(render_feed(ODD_FEEDS[name], "json")) == []


@settings(max_examples=25, deadline=None)
@given(feed=made_up_feeds())
def test_a_made_up_feed_keeps_to_both_specifications(feed: Feed):
    assert breaches_of_atom(render_feed(feed, "atom")) == []
    assert breaches_of_json(render_feed(feed, "json")) == []


EVERYDAY = render_feed(ODD_FEEDS["everyday"], "atom").decode()


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("<published>2018-02-24T08:30:00+00:00</published>", "<publish/>"),
        ("<published>2018-02-24T08:30:00+00:00</published>", "<published>2018-02-24 08:30</published>"),
        ("</published>", "</published><published>2018-02-24T08:30:00+00:00</published>"),
        ("<id>tag:", "<id>"),
        ('<content type="html">', '<content type="html" src="x">'),
        ('xml:lang="it"', 'xml:lang="it_IT"'),
        ("<name>Evgenia Dobreva</name>", "<name>Evgenia</name><name>Dobreva</name>"),
        ('rel="via"', 'rel=""'),
        ('rel="via"', 'rel="alternate"'),
    ],
)
def test_the_rules_of_atom_find_a_breach(found, put):
    assert found in EVERYDAY
    assert breaches_of_atom(EVERYDAY.replace(found, put).encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 7),
        ("url", "/a"),
        ("date_published", "2026-03-02"),
        ("language", "it_IT"),
        ("own", 1),
        ("tags", "a"),
    ],
)
def test_the_rules_of_json_feed_find_a_breach(key, value):
    document = json.loads(render_feed(ODD_FEEDS["everyday"], "json"))
    document["items"][0][key] = value
    assert breaches_of_json(json.dumps(document).encode())
