from dataclasses import replace

from lxml import etree

from syndicator.formats.opml import render_opml


def test_every_feed_stands_once_in_the_folder_of_its_language(make_feed):
    italian = make_feed()
    bulgarian = make_feed(language="bg", title="Новини & още")
    only_json = make_feed(id="x", language="en", formats=("json",))
    only_rss = make_feed(id="y", formats=("rss",))
    opml = etree.fromstring(
        render_opml({"it": "Notizie INNOGROW"}, [italian, bulgarian, only_json, only_rss])
    )
    assert opml.get("version") == "2.0"
    assert opml.findtext("head/title") == "Notizie INNOGROW"
    folders = {folder.get("text"): [feed.get("xmlUrl") for feed in folder] for folder in opml.find("body")}
    assert folders == {
        "italiano": ["https://feeds.example.eu/it/all.atom", "https://feeds.example.eu/it/y.rss"],
        "български": ["https://feeds.example.eu/bg/all.atom"],
    }
    assert {feed.get("type") for feed in opml.iterfind("body/outline/outline")} == {"rss"}


def test_it_is_the_same_for_the_same_feeds_and_may_be_empty(make_feed):
    feed = make_feed()
    assert render_opml({"": "x\x00"}, [feed]) == render_opml({"": "x"}, [replace(feed)])
    assert etree.fromstring(render_opml({}, [])).find("body") is not None
