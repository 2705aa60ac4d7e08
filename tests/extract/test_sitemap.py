import contextlib
import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.errors import ParseError
from syndicator.extract.sitemap import read_sitemap
from syndicator.model import FetchedDocument, Validators

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(body, url="https://site.bg/sitemap.xml"):
    data = body if isinstance(body, bytes) else body.encode()
    document = FetchedDocument(url, url, 200, data, "application/xml", Validators(), NOW)
    return read_sitemap(document, ZoneInfo("Europe/Sofia"))


def page(loc, more=""):
    return f"<url><loc>{loc}</loc>{more}</url>"


def urlset(*pages, ns=NS):
    return f"{HEAD}<urlset {ns}>{''.join(pages)}</urlset>"


def test_pages_with_their_dates():
    found = read(
        urlset(
            page("https://site.bg/a", "<lastmod>2026-11-24T10:00:00+02:00</lastmod>"),
            page(" https://www.site.bg/b ", "<lastmod>2026-11-24</lastmod>"),
            page("/c"),
        )
    )
    assert [(one.url, one.modified) for one in found.pages] == [
        ("https://site.bg/a", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("https://www.site.bg/b", datetime(2026, 11, 23, 22, tzinfo=UTC)),
        ("https://site.bg/c", None),
    ]


def test_an_index_lists_sitemaps():
    body = (
        f"{HEAD}<sitemapindex {NS}><sitemap><loc>https://site.bg/s1.xml.gz</loc>"
        "<lastmod>2026-11-20</lastmod></sitemap><sitemap><loc>https://site.bg/s2.xml</loc></sitemap></sitemapindex>"
    )
    found = read(body)
    assert [one.url for one in found.sitemaps] == ["https://site.bg/s1.xml.gz", "https://site.bg/s2.xml"]
    assert found.pages == ()


def test_the_news_extension():
    news = (
        "<news:news><news:publication><news:name>Вести</news:name><news:language>bg</news:language>"
        "</news:publication><news:publication_date>2026-11-25T09:00:00+02:00</news:publication_date>"
        "<news:title>Мостът е отворен</news:title></news:news>"
    )
    ns = f'{NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    (one,) = read(urlset(page("https://site.bg/a", news), ns=ns)).pages
    assert (one.title, one.language) == ("Мостът е отворен", "bg")
    assert one.published == datetime(2026, 11, 25, 7, tzinfo=UTC)


def test_without_a_namespace_and_with_another_prefix():
    assert len(read("<urlset><url><loc>https://site.bg/a</loc></url></urlset>").pages) == 1
    body = '<s:urlset xmlns:s="x"><s:url><s:loc>https://site.bg/a</s:loc></s:url></s:urlset>'
    assert len(read(body).pages) == 1


def test_a_packed_file():
    assert len(read(gzip.compress(urlset(page("https://site.bg/a")).encode())).pages) == 1


def test_a_packed_file_that_breaks_off_is_read_as_far_as_it_goes():
    import random

    noise = random.Random(1)
    pages = [page(f"https://site.bg/{noise.random()}") for _ in range(20_000)]
    packed = gzip.compress(urlset(*pages).encode())
    assert 5_000 < len(read(packed[: len(packed) // 2]).pages) < 15_000


def test_a_file_that_breaks_off():
    assert len(read(urlset(page("https://site.bg/a"), page("https://site.bg/b"))[:-20]).pages) >= 1


def test_a_plain_list_of_addresses():
    found = read("https://site.bg/a\nhttps://site.bg/b\nhttps://other.bg/c\n", "https://site.bg/sitemap.txt")
    assert [one.url for one in found.pages] == ["https://site.bg/a", "https://site.bg/b"]


def test_addresses_of_other_sites_and_what_is_no_address_are_left_out():
    found = read(
        urlset(
            page("https://other.bg/a"),
            page("javascript:alert(1)"),
            page("https://site.bg:8443/a"),
            page("https://site.bg/" + "a" * 3000),
            page(""),
            page("https://site.bg/fine"),
        )
    )
    assert [one.url for one in found.pages] == ["https://site.bg/fine"]


def test_entities_of_a_dtd_are_not_expanded():
    body = (
        '<!DOCTYPE urlset [<!ENTITY a "https://site.bg/secret"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>&a;</loc></url><url><loc>&f;</loc></url><url><loc>https://site.bg/b</loc></url></urlset>"
    )
    assert [one.url for one in read(body).pages] == ["https://site.bg/b"]


def test_no_more_than_the_protocol_allows():
    body = urlset(*(page(f"https://site.bg/{n}") for n in range(50_100)))
    assert len(read(body).pages) == 50_000


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("<rss version='2.0'/>", "it is a <rss> document"),
        ("<html><body>404</body></html>", "it is a <html> document"),
        ("just a text", "no sitemap"),
        (b"\x89PNG\r\n\x1a\n\x00", "no sitemap"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"\x1f\x8bbroken", "empty"),
    ],
)
def test_what_is_no_sitemap(body, told):
    with pytest.raises(ParseError, match=told):
        read(body)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_whatever_comes_is_read_or_refused(body):
    for data in (body, b"<urlset><url><loc>https://site.bg/a</loc></url>" + body, gzip.compress(body)):
        with contextlib.suppress(ParseError):
            read(data)
