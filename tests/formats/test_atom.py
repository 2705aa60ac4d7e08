from lxml import etree

from syndicator.formats.atom import render_atom

NS = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(feed):
    return etree.fromstring(render_atom(feed))


def test_the_feed_says_what_it_is(make_feed, make_entry):
    feed = read(make_feed(make_entry()))
    assert feed.get(LANG) == "it"
    assert feed.findtext("a:id", namespaces=NS) == "https://feeds.example.eu/it/all.atom"
    assert feed.findtext("a:updated", namespaces=NS) == "2026-03-02T10:15:30+00:00"
    assert feed.findtext("a:subtitle", namespaces=NS).endswith("Co-finanziato dall'Unione europea")
    assert [link.get("rel") for link in feed.findall("a:link", NS)] == [
        "alternate",
        "self",
        "related",
        "related",
    ]


def test_an_entry_keeps_the_attributes_of_its_links(make_feed, make_entry):
    entry = read(make_feed(make_entry())).find("a:entry", NS)
    links = {link.get("rel"): dict(link.attrib) for link in entry.findall("a:link", NS)}
    assert links["alternate"]["href"] == "https://example.bg/news/76737"
    assert links["via"] == {
        "rel": "via",
        "href": "https://example.bg/news/76737",
        "type": "text/html",
        "hreflang": "bg",
        "title": "Stara Zagora dnes",
    }
    assert links["enclosure"] == {
        "rel": "enclosure",
        "href": "https://example.bg/i/foto.jpg",
        "type": "image/jpeg",
        "length": "48123",
    }
    assert links["https://schema.org/translationOfWork"]["href"] == "tag:feeds.example.eu,2026:stzagora/1:bg"
    assert links["https://schema.org/workTranslation"]["href"] == "tag:feeds.example.eu,2026:stzagora/1:en"


def test_a_translation_whose_original_is_not_published_points_to_its_address(make_feed, make_entry):
    entry = read(make_feed(make_entry(editions=()))).find("a:entry", NS)
    original = entry.find("a:link[@rel='https://schema.org/translationOfWork']", NS)
    assert original.get("href") == "https://example.bg/news/76737"


def test_an_original_is_no_translation(make_feed, make_original):
    entry = read(make_feed(make_original())).find("a:entry", NS)
    rels = [link.get("rel") for link in entry.findall("a:link", NS)]
    assert rels.count("https://schema.org/workTranslation") == 2
    assert "https://schema.org/translationOfWork" not in rels
    assert entry.get(LANG) == "bg"


def test_texts_are_plain_and_the_content_is_html(make_feed, make_entry):
    entry = read(make_feed(make_entry())).find("a:entry", NS)
    assert entry.find("a:title", NS).get("type") is None
    assert entry.find("a:summary", NS).get("type") is None
    assert entry.find("a:content", NS).get("type") == "html"
    assert entry.findtext("a:rights", namespaces=NS) == "© 2018 Stara Zagora dnes"
    assert entry.findtext("a:source/a:title", namespaces=NS) == "Stara Zagora dnes"


def test_an_entry_without_an_author_is_its_sources(make_feed, make_entry):
    entry = read(make_feed(make_entry(authors=()))).find("a:entry", NS)
    assert entry.findtext("a:author/a:name", namespaces=NS) == "Stara Zagora dnes"


def test_entries_of_one_moment_differ_in_their_fraction_of_it_and_keep_it(make_feed, make_entry):
    one, two = make_entry(id="tag:x.eu,2026:1"), make_entry(id="tag:x.eu,2026:2")
    both = [e.findtext("a:updated", namespaces=NS) for e in read(make_feed(one, two)).findall("a:entry", NS)]
    alone = [e.findtext("a:updated", namespaces=NS) for e in read(make_feed(two)).findall("a:entry", NS)]
    assert len(set(both)) == 2
    assert both[1:] == alone
