import json

from syndicator.formats.jsonfeed import render_json


def read(feed):
    return json.loads(render_json(feed))


def test_the_feed_says_what_it_is(make_feed, make_entry):
    feed = read(make_feed(make_entry()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://feeds.example.eu/it/all.json"
    assert feed["home_page_url"] == "https://feeds.example.eu/"
    assert feed["language"] == "it"
    assert feed["_syndicator"]["funding"]["text"] == "Co-finanziato dall'Unione europea"
    assert [edition["url"] for edition in feed["_syndicator"]["editions"]] == [
        "https://feeds.example.eu/bg/all.json",
        "https://feeds.example.eu/en/all.json",
    ]


def test_an_item_says_where_it_comes_from(make_feed, make_entry):
    item = read(make_feed(make_entry()))["items"][0]
    assert item["language"] == "it"
    assert item["authors"] == [{"name": "Evgenia Dobreva"}]
    assert item["date_published"] == "2018-02-24T08:30:00Z"
    assert item["attachments"][0]["size_in_bytes"] == 48123
    about = item["_syndicator"]
    assert about["mark"] == "machine"
    assert about["source"]["language"] == "bg"
    assert about["source"]["original_url"] == "https://example.bg/news/76737"
    assert about["translators"] == ["google"]
    assert about["rights"] == "© 2018 Stara Zagora dnes"


def test_the_original_is_external_where_the_item_links_to_our_page(make_feed, make_entry):
    ours = make_entry(url="https://feeds.example.eu/it/articles/1.html")
    assert read(make_feed(ours))["items"][0]["external_url"] == "https://example.bg/news/76737"
    assert "external_url" not in read(make_feed(make_entry()))["items"][0]


def test_what_is_unknown_is_left_out(make_feed, make_entry):
    bare = make_entry(image=None, authors=(), tags=(), rights="", editions=(), original_url="")
    item = read(make_feed(bare))["items"][0]
    assert not {"image", "attachments", "authors", "tags", "external_url"} & set(item)


def test_an_empty_feed_has_items(make_feed):
    assert read(make_feed())["items"] == []
