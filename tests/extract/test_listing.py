"""Section pages in the style of small Bulgarian sites; each with what it lists beside it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.errors import ParseError
from syndicator.extract.listing import read_listing, tidy_address
from syndicator.model import FetchedDocument, Validators

PAGES = Path(__file__).parent / "listings"
URL = "https://site.bg/novini"


def read(body, links="", following="", url=URL):
    data = body if isinstance(body, bytes) else body.encode()
    now = datetime(2026, 11, 25, tzinfo=UTC)
    document = FetchedDocument(url, url, 200, data, "text/html; charset=utf-8", Validators(), now)
    return read_listing(document, links, following)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_list_is_found_by_itself(page):
    expected = json.loads(page.with_suffix(".expected.json").read_text(encoding="utf-8"))
    found = read(page.read_bytes(), url=expected.get("url", URL))
    assert {"links": [[one.url, one.title] for one in found.links], "next": found.next} == {
        "links": expected["links"],
        "next": expected["next"],
    }


LIST = """<div class=a><a href=/1>Първа новина от града</a></div><div class=b>
<a href="/2?utm_source=x#c">Втора</a>
<a href="https://other.bg/3">Чужда</a></div><p><a class=older href="/novini?p=9">нататък</a></p>"""


def test_a_selector_names_links_or_what_holds_them():
    assert [one.url for one in read(LIST, "a").links] == [
        "https://site.bg/1",
        "https://site.bg/2",
        "https://site.bg/novini?p=9",
    ]
    assert [one.title for one in read(LIST, ".b, .a").links] == ["Първа новина от града", "Втора"]
    assert read(LIST, ".a", "a.older").next == "https://site.bg/novini?p=9"


def test_a_selector_that_finds_nothing_is_told():
    with pytest.raises(ParseError, match="rule links"):
        read(LIST, ".nothing")


def test_a_page_without_a_list_is_told():
    with pytest.raises(ParseError, match="name their links"):
        read("<h1>Новина</h1><p>Една статия без списък.</p><a href=/a>Контакти</a>")


def test_addresses_lose_what_campaigns_hang_on_them():
    assert tidy_address("https://a.bg/x?utm_source=f&id=3&fbclid=9#top") == "https://a.bg/x?id=3"
    assert tidy_address("https://a.bg/x?id=3&view=1") == "https://a.bg/x?id=3&view=1"


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=8))
def test_whatever_comes_is_read_or_refused(text, hrefs):
    body = text + "".join(f'<li><a href="{href}">{text}</a></li>' for href in hrefs)
    try:
        found = read(body.encode("utf-8", "ignore"))
    except ParseError:
        return
    assert all(link.url.startswith("https://site.bg") for link in found.links)
