from lxml import etree

from syndicator.formats.rss import render_rss
from syndicator.model import Image

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def channel_of(feed):
    return etree.fromstring(render_rss(feed)).find("channel")


def test_the_channel_says_what_the_feed_is(make_feed, make_entry):
    channel = channel_of(make_feed(make_entry()))
    told = {name: channel.findtext(name) for name in ("title", "link", "language", "copyright", "ttl")}
    assert told == {
        "title": "Notizie",
        "link": "https://feeds.example.eu/",
        "language": "it",
        "copyright": "© Stara Zagora dnes",
        "ttl": "30",
    }
    assert len(channel.findall("link")) == 1
    assert channel.findtext("description") == "Notizie dal progetto. Co-finanziato dall'Unione europea"
    assert channel.findtext("managingEditor") == "ops@example.eu (Notizie)"
    assert channel.findtext("lastBuildDate") == "Mon, 02 Mar 2026 10:15:30 +0000"
    links = [(link.get("rel"), link.get("href"), link.get("hreflang"), link.get("title"))
             for link in channel.findall("atom:link", NS)]  # fmt: skip
    assert links == [
        ("self", "https://feeds.example.eu/it/all.rss", "it", None),
        ("related", "https://feeds.example.eu/bg/all.rss", "bg", "Novini"),
        ("related", "https://feeds.example.eu/en/all.rss", "en", "News"),
    ]


def test_an_item_says_everything_once(make_feed, make_entry):
    item = channel_of(make_feed(make_entry())).find("item")
    once = ("title", "link", "description", "guid", "pubDate", "source", "enclosure")
    assert [len(item.findall(name)) for name in once] == [1] * len(once)
    assert item.findtext("link") == "https://example.bg/news/76737"
    assert item.findtext("guid") == "tag:feeds.example.eu,2026:stzagora/1:it"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Sat, 24 Feb 2018 08:30:00 +0000"
    assert dict(item.find("source").attrib) == {"url": "https://example.bg/rss"}
    assert item.findtext("source") == "Stara Zagora dnes"
    assert item.findtext("dc:creator", namespaces=NS) == "Evgenia Dobreva"
    assert item.findtext("dc:language", namespaces=NS) == "it"
    assert item.findtext("dc:rights", namespaces=NS) == "© 2018 Stara Zagora dnes"
    assert [category.text for category in item.findall("category")] == ["innogrow", "Mantova"]


def test_the_summary_is_html_that_begins_with_the_mark(make_feed, make_entry):
    item = channel_of(make_feed(make_entry(summary="Пет < шест & седем"))).find("item")
    assert item.findtext("description") == "[Traduzione automatica] Пет &lt; шест &amp; седем"


def test_the_content_begins_with_the_notice_and_the_original(make_feed, make_entry):
    content = channel_of(make_feed(make_entry())).find("item").findtext("content:encoded", namespaces=NS)
    first, _, rest = content.partition("\n")
    assert first == (
        "<p><em>Traduzione automatica (lingua originale: bulgaro). Originale: "
        '<a href="https://example.bg/news/76737" hreflang="bg">Stara Zagora dnes</a></em></p>'
    )
    assert rest == make_entry().body


def test_an_enclosure_needs_a_type_and_a_length(make_feed, make_entry):
    for image in (
        Image("https://example.bg/a.png", media_type="image/png"),
        Image("https://example.bg/a.png", length=5),
    ):
        item = channel_of(make_feed(make_entry(image=image))).find("item")
        assert item.find("enclosure") is None
        assert item.find("media:content", NS).get("url") == "https://example.bg/a.png"


def test_a_picture_keeps_its_credit_and_caption(make_feed, make_entry):
    item = channel_of(make_feed(make_entry())).find("item")
    picture = item.find("media:content", NS)
    assert dict(picture.attrib) == {
        "url": "https://example.bg/i/foto.jpg",
        "medium": "image",
        "type": "image/jpeg",
        "fileSize": "48123",
    }
    assert picture.findtext("media:description", namespaces=NS) == "Il vino di lamponi"
    assert picture.findtext("media:credit", namespaces=NS) == "Ivan Petrov"


def test_an_emblem_that_rss_cannot_show_is_left_out(make_feed):
    assert (
        channel_of(make_feed(funding_image="https://x.eu/eu.png")).findtext("image/url")
        == "https://x.eu/eu.png"
    )
    assert channel_of(make_feed(funding_image="https://x.eu/eu.svg")).find("image") is None


def test_a_source_without_an_address_is_still_named(make_feed, make_entry):
    item = channel_of(make_feed(make_entry(source_url="", original_url=""))).find("item")
    assert item.find("source") is None
    assert item.findtext("dc:source", namespaces=NS) == "Stara Zagora dnes"
    content = item.findtext("content:encoded", namespaces=NS)
    assert "Fonte: Stara Zagora dnes</em></p>" in content
