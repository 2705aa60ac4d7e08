import re

from lxml import html

from syndicator.formats.index import render_index

VOID = {"meta", "link", "img", "br"}


def unclosed(document: str) -> list[str]:
    """Return the tags that are not closed in the order in which they were opened."""
    body = re.sub(r"<style>.*?</style>", "", document, flags=re.DOTALL)
    stack: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z][a-z0-9]*)", body):
        if not closing and tag not in VOID:
            stack.append(tag)
        elif closing and (not stack or stack.pop() != tag):
            return [tag]
    return stack


def page_of(make_feed, make_entry, make_original):
    return render_index(
        {"it": "Notizie INNOGROW", "bg": "Новини за INNOGROW"},
        [
            make_feed(make_entry(), make_entry(id="tag:x.eu,2026:2", withdrawn=True, title="Ritirato")),
            make_feed(make_original(), language="bg", title="Новини <b>", description="За & от"),
        ],
    ).decode()


def test_every_feed_is_linked_in_every_format_under_its_language(make_feed, make_entry, make_original):
    text = page_of(make_feed, make_entry, make_original)
    page = html.document_fromstring(text)
    assert page.get("lang") == "it"
    assert page.findtext(".//h1") == "Notizie INNOGROW"
    for code, name in (("it", "italiano"), ("bg", "български")):
        section = page.get_element_by_id(code)
        assert section.get("lang") == code
        assert section.findtext("h2") == name
        links = section.xpath(".//ul[@class='formats']//a/@href")
        assert links == [f"{code}/all.{fmt}" for fmt in ("rss", "atom", "json")]
    assert page.xpath("//a/@href[. = 'feeds.opml']")
    assert len(page.xpath("//head/link[@rel='alternate']")) == 6


def test_it_shows_the_newest_entries_but_no_withdrawn_ones(make_feed, make_entry, make_original):
    text = page_of(make_feed, make_entry, make_original)
    assert "Esperti di Stara Zagora" in text
    assert "24 febbraio 2018" in text
    assert "24 февруари 2018" in text
    assert "Ritirato" not in text
    assert text.count("[Traduzione automatica]") == 1


def test_the_site_is_named_in_each_language(make_feed, make_entry, make_original):
    page = html.document_fromstring(page_of(make_feed, make_entry, make_original))
    assert page.get_element_by_id("bg").findtext("p") == "Новини за INNOGROW"
    assert page.get_element_by_id("it").find("p") is None


def test_it_is_sound_html_without_scripts(make_feed, make_entry, make_original):
    text = page_of(make_feed, make_entry, make_original)
    assert text.startswith("<!DOCTYPE html>")
    assert unclosed(text) == []
    assert "<script" not in text
    assert "Новини &lt;b&gt;" in text
    assert "За &amp; от" in text
    page = html.document_fromstring(text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(image.get("alt") is not None for image in page.iter("img"))


def test_who_translated_and_who_paid_are_told(make_feed, make_entry, make_original):
    page = html.document_fromstring(page_of(make_feed, make_entry, make_original))
    assert page.get_element_by_id("translator-google").text == "google"
    assert "Co-finanziato dall'Unione europea" in page.find(".//footer").text_content()
    assert page.xpath("//a/@href[. = 'mailto:ops@example.eu']")


def test_a_page_of_no_feeds_is_a_page():
    assert unclosed(render_index({"": "Новини"}, []).decode()) == []
    assert b"<h1>Novini</h1>" in render_index({"": "Новини"}, [])


def test_right_to_left_languages_run_that_way(make_feed):
    assert b'<html lang="ar" dir="rtl">' in render_index({"ar": "x"}, [make_feed(language="ar")])
