"""What a hostile site may put into a feed, a sitemap or a section page."""

# ruff: noqa: E501 - hostile inputs read better on one line

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from syndicator.errors import ParseError
from syndicator.extract.feeds import read_feed
from syndicator.extract.listing import read_listing
from syndicator.extract.sitemap import read_sitemap
from syndicator.model import FetchedDocument, Validators

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ITEM = "<item><title>{0}</title><link>https://site.bg/{0}</link><description>текст</description></item>"


def rss(inner, before=""):
    return f"{before}<rss version='2.0'><channel><title>t</title>{inner}</channel></rss>"


LOLS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
HOSTILE = {
    "billion laughs": rss("<item><title>&l9;</title></item>", f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{LOLS}]>"),
    "quadratic blowup": rss(
        f"<item><title>{'&a;' * 20_000}</title></item>", f"<!DOCTYPE rss [<!ENTITY a '{'a' * 20_000}'>]>"
    ),
    "file entity": rss("<item><title>&f;</title></item>", "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"),
    "network entity": rss("<item><title>&f;</title></item>", "<!DOCTYPE rss [<!ENTITY f SYSTEM 'http://127.0.0.1/'>]>"),
    "parameter entity": rss("", "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]>"),
    "external DTD": rss("", "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>"),
    "stylesheet": rss(ITEM.format(1), "<?xml-stylesheet href='file:///etc/passwd'?>"),
    "XInclude": rss("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>"),
    "nested elements": rss("<a>" * 20_000 + "</a>" * 20_000),
    "nested elements left open": rss("<a>" * 50_000),
    "nested items": rss("<item>" * 5_000),
    "nested CDATA": rss("<item><title>" + "<![CDATA[" * 5_000 + "</title></item>"),
    "huge attribute": rss(f"<item a='{'x' * 2_000_000}'><title>t</title></item>"),
    "many attributes": rss("<item " + " ".join(f"a{n}='1'" for n in range(30_000)) + "/>"),
    "many namespaces": rss("<item " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(5_000)) + "/>"),
    "huge name": rss(f"<{'a' * 1_000_000}/>"),
    "huge title": rss(f"<item><title>{'x' * 2_000_000}</title></item>"),
    "huge guid": rss(f"<item><guid>{'x' * 1_000_000}</guid><title>t</title></item>"),
    "ampersands": rss(f"<item><title>{'&' * 100_000}</title></item>"),
    "escaped again and again": rss(f"<item><title>{'&amp;' * 20_000}lt;b</title></item>"),
    "less-than signs": rss("<item><title>" + "<" * 50_000 + "</title></item>"),
    "comment left open": rss("<!--" + "-" * 100_000),
    "instruction left open": rss("<?" + "x" * 100_000),
    "DOCTYPE left open": "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 5_000,
    "deep HTML in an item": rss(f"<item><description>{'&lt;div&gt;' * 5_000}</description></item>"),
    "nulls": rss("\x00" * 10_000),
    "surrogates": rss("<item><title>&#xD800;&#xDFFF;&#0;&#x110000;</title></item>"),
    "wrong encoding": "<?xml version='1.0' encoding='UTF-7'?>" + rss("<item><title>+ADw-script+AD4-</title></item>"),
    "unknown encoding": "<?xml version='1.0' encoding='x-evil'?>" + rss(ITEM.format(1)),
    "JSON nested": "[" * 100_000,
    "JSON objects nested": '{"a":' * 50_000,
    "JSON with a huge number": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + "9" * 6_000 + "}]}",
    "JSON of wrong types": json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": {}, "title": [], "url": 3}, None, "x"]}
    ),
    "JSON that is no feed": json.dumps({"items": "x" * 100_000}),
    "sitemap that nests": "<urlset>" + "<url>" * 20_000,
    "sitemap with entities": f"<!DOCTYPE urlset [<!ENTITY l0 'ha'>{LOLS}]><urlset><url><loc>&l9;</loc></url></urlset>",
    "page of links in links": "<a href='/x'>" * 20_000,
    "page of nested lists": "<ul><li>" * 10_000,
    "page of one long word": f"<a href='/x'>{'х' * 1_000_000}</a>",
    "page of equal signs": "<a " + "=" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_read_harmlessly_or_refused(text):
    url = "https://site.bg/rss"
    data = text.encode("utf-8", "surrogatepass")
    document = FetchedDocument(url, url, 200, data, "text/xml", Validators(), NOW)
    for read in (
        lambda: read_feed(document, ZoneInfo("UTC")),
        lambda: read_sitemap(document, ZoneInfo("UTC")),
        lambda: read_listing(document),
    ):
        try:
            found = repr(read())
        except ParseError:
            continue
        assert "root:" not in found
        assert "haha" not in found
        assert len(found) < 3 * len(data) + 10_000


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"]
)
def test_an_items_address_is_a_web_address_or_none(scheme):
    text = rss(f"<item><title>t</title><link>{scheme}</link><guid>{scheme}</guid></item>")
    document = FetchedDocument("https://a.bg/", "https://a.bg/", 200, text.encode(), "", Validators(), NOW)
    assert [item.url for item in read_feed(document).items] == [""]
