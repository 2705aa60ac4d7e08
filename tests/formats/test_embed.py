from lxml import html

from syndicator.formats.embed import NEWEST, render_embed
from syndicator.formats.render import render_feed


def page_of(feed):
    return html.document_fromstring(render_embed(feed).decode())


def test_each_title_links_out_of_the_frame_and_tells_source_date_and_machine(make_feed, make_entry):
    page = page_of(make_feed(make_entry(title="Vino & <b>miele</b>")))
    assert (page.get("lang"), page.get("dir")) == ("it", "ltr")
    (item,) = page.findall(".//li")
    link = item.find("a")
    assert link.text == "Vino & <b>miele</b>"
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    told = item.findtext("small") + item.find("small/time").text + item.find("small/time").tail
    assert "Stara Zagora dnes" in told
    assert "24 febbraio 2018" in told
    assert "[" in told


def test_an_original_bears_no_mark(make_feed, make_original):
    assert "[" not in page_of(make_feed(make_original(), language="bg")).find(".//small").text_content()


def test_only_the_newest_are_shown_and_nothing_withdrawn(make_feed, make_entry):
    entries = [make_entry(id=f"tag:x.eu,2026:{number}", title=f"T{number}") for number in range(20)]
    entries[0] = make_entry(id="tag:x.eu,2026:w", title="Ritirato", withdrawn=True)
    titles = [link.text for link in page_of(make_feed(*entries)).findall(".//li/a")]
    assert titles == [f"T{number}" for number in range(1, NEWEST + 1)]


def test_the_page_loads_nothing_and_runs_nothing(make_feed, make_entry):
    page = page_of(make_feed(make_entry()))
    assert not page.xpath("//script | //img | //link | //iframe")


def test_equal_feeds_give_equal_pages(make_feed, make_entry):
    assert render_embed(make_feed(make_entry())) == render_embed(make_feed(make_entry()))


def test_hubs_stand_in_every_format(make_feed, make_entry):
    feed = make_feed(make_entry(), hubs=("https://hub.example/?a=1&b=2",))
    for fmt in ("rss", "atom"):
        assert b'rel="hub" href="https://hub.example/?a=1&amp;b=2"' in render_feed(feed, fmt)
    assert b'"type": "WebSub"' in render_feed(feed, "json")
    assert b'"hubs"' not in render_feed(make_feed(make_entry()), "json")
