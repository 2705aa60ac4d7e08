"""The samples are data that the demo depends on: the memory must cover them, sentence by sentence."""

import html
import re
from pathlib import Path

import pytest
from lxml import etree

import syndicator.demo
from syndicator.translation.segment import normalised, split

SAMPLES = Path(syndicator.demo.__file__).parent / "samples"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
UNCOVERED = "dolinka-dnes-2611"

# Where the text of each page begins and ends; what lies outside (menus, shares, footers) is no text.
PAGES = {
    "site/novini/sreshta-v-mantua.html": ('<td class="newstext">', "</td>"),
    "site/novini/bilki-i-med.html": ('<figure class="post-thumbnail', '<div class="sharedaddy'),
    "site/novini/obuchenie.html": ('<div class="text">', "</div>"),
    "site/agency/proekt.html": ('<td class="text">', '<tr><td class="modifydate">'),
}
BLOCKS = re.compile(
    r"</?(?:p|div|h\d|li|ul|td|th|tr|table|figure|figcaption|blockquote|br)\b[^>]*>|<img[^>]*alt=\"([^\"]*)\"[^>]*>"
)
SPANS = re.compile(r"<(a|b|strong|em)\b[^>]*>(.*?)</\1>", re.DOTALL)
GLUED_COUNTER = re.compile(r"^\d+(?=[А-Я])")


def read_memory() -> dict[str, dict[str, str]]:
    """Return the translations by Bulgarian segment and language."""
    tree = etree.parse(SAMPLES / "memory.tmx")
    units = [{tuv.get(XML_LANG): tuv.findtext("seg") for tuv in tu.iter("tuv")} for tu in tree.iter("tu")]
    return {unit["bg"]: unit for unit in units}


MEMORY = read_memory()


def feed_items() -> dict[str, etree._Element]:
    """Return the items of the sample feed by guid."""
    return {item.findtext("guid"): item for item in etree.parse(SAMPLES / "site/rss.xml").iter("item")}


ITEMS = feed_items()
COVERED_ITEMS = sorted(set(ITEMS) - {UNCOVERED})


def article_html(page: str) -> str:
    """Return the part of a page that holds its article's text."""
    begin, end = PAGES[page]
    return (SAMPLES / page).read_text("utf-8").split(begin, 1)[1].split(end, 1)[0].partition(">")[2]


def segments(markup: str) -> list[str]:
    """Return the sentences of some HTML, and its alt texts; tags are stripped crudely."""
    lines = BLOCKS.sub(lambda match: f"\v{match[1] or ''}\v", markup)
    texts = (normalised(html.unescape(re.sub(r"<[^>]*>", "", line))) for line in lines.split("\v"))
    return [sentence for text in texts for sentence in split(GLUED_COUNTER.sub("", text))]


def head_texts(page: str) -> list[str]:
    """Return the title, the summary and the tags that a page states."""
    text = (SAMPLES / page).read_text("utf-8")
    metas = re.findall(r'<meta (?:name="description"|property="og:description") content="([^"]*)"', text)
    tags = re.findall(r'<meta property="article:tag" content="([^"]*)"', text)
    return re.findall(r"<h1[^>]*>(.*?)</h1>", text) + metas + tags


def item_texts(item: etree._Element) -> list[str]:
    """Return the texts of a feed item: title, sentences of the summary and of the content, tags."""
    sentences = [*split(item.findtext("description")), *segments(item.findtext(CONTENT, ""))]
    return [item.findtext("title"), *sentences, *(tag.text for tag in item.iter("category"))]


def pasted_texts() -> list[str]:
    """Return the texts of the pasted article: title, sentences and the footer's copyright line."""
    text = (SAMPLES / "inbox/pasted-article.txt").read_text("utf-8")
    title, _, rest = text.partition("\n")
    body, _, footer = rest.partition("\n*\n")[2].partition("\n#\n")
    rights = next(line for line in footer.splitlines() if line.startswith("Copyright"))
    return [title, *segments(body.replace("\n", "<br>")), rights, *split(rights)]


def numbers(text: str) -> list[str]:
    """Return the numbers of a text without the separators of thousands, sorted."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[ .,](?=\d{3}\b)", "", text)))


def test_memory_is_sentence_level_tmx_from_bulgarian():
    root = etree.parse(SAMPLES / "memory.tmx").getroot()
    header = root.find("header")
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    assert {
        name: header.get(name) for name in ("creationtool", "segtype", "adminlang", "srclang", "datatype")
    } == {
        "creationtool": "syndicator",
        "segtype": "sentence",
        "adminlang": "en",
        "srclang": "bg",
        "datatype": "plaintext",
    }
    assert header.get("creationtoolversion")
    assert header.get("o-tmf")
    assert len(MEMORY) == len(root.findall("body/tu")), "a segment stands there twice"


@pytest.mark.parametrize("unit", MEMORY.values(), ids=lambda unit: unit["bg"][:40])
def test_every_unit_is_whole_and_right(unit):
    assert list(unit) == ["bg", "en", "it"]
    for language, text in unit.items():
        assert text == normalised(text), language
        assert text, language
    for language in ("en", "it"):
        assert not re.search("[\u0400-\u052f]", unit[language])
        assert numbers(unit[language]) == numbers(unit["bg"])


@pytest.mark.parametrize("page", PAGES)
def test_memory_covers_every_page(page):
    texts = head_texts(page) + segments(article_html(page))
    assert len(texts) > 6
    assert [text for text in texts if text not in MEMORY] == []


@pytest.mark.parametrize("guid", COVERED_ITEMS)
def test_memory_covers_every_feed_item_but_one(guid):
    assert [text for text in item_texts(ITEMS[guid]) if text not in MEMORY] == []


def test_memory_covers_the_pasted_article():
    texts = pasted_texts()
    assert len(texts) > 10
    assert [text for text in texts if text not in MEMORY] == []


def test_memory_covers_nothing_of_the_item_that_stays_pending():
    texts = item_texts(ITEMS[UNCOVERED])
    assert len(texts) > 8
    assert [text for text in texts if text in MEMORY] == []


@pytest.mark.parametrize("sample", [*PAGES, "dolinka-dnes-1874"])
def test_translated_sentences_hold_the_translations_of_their_marked_words(sample):
    markup = article_html(sample) if sample in PAGES else ITEMS[sample].findtext(CONTENT)
    words = {span[1] for span in SPANS.findall(markup)}
    assert words
    for span in words:
        homes = [text for text in segments(markup) if span in text]
        assert homes
        for language in ("en", "it"):
            assert all(MEMORY[span][language] in MEMORY[home][language] for home in homes), span


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_their_permanent_address(page):
    host = "ars-srednogorie.example" if "agency" in page else "dolinka.example"
    text = (SAMPLES / page).read_text("utf-8")
    assert len(re.findall(rf'<link rel="canonical" href="https://{host}/[a-z/-]+\.html"', text)) == 1


def test_feed_is_windows_1251_and_its_links_await_the_demo_server():
    raw = (SAMPLES / "site/rss.xml").read_bytes()
    assert raw.startswith(b'<?xml version="1.0" encoding="windows-1251"?>')
    assert "Долинка днес" in raw.decode("windows-1251")
    assert len(ITEMS) == 4
    for guid, item in ITEMS.items():
        # Only what has to be fetched comes from the demo's server; the rest keeps its public address.
        home = "https://dolinka.example/" if item.findtext(CONTENT) else "http://SAMPLES/"
        assert item.findtext("link").startswith(f"{home}novini/")
        assert item.find("guid").get("isPermaLink") == "false"
        assert "/" not in guid
        page = SAMPLES / "site" / item.findtext("link").removeprefix(home)
        assert page.is_file() or item.findtext(CONTENT), "a summary alone needs its page"


def test_pages_show_small_real_images_that_are_there():
    named = {
        image
        for page in PAGES
        for image in re.findall(r'images/([\w-]+\.png)"', (SAMPLES / page).read_text("utf-8"))
    }
    there = {file.name: file.read_bytes() for file in (SAMPLES / "site/images").iterdir()}
    assert named == set(there)
    for data in there.values():
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(data) < 20_000
