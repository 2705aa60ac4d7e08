import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.text.addresses import ascii_url

URI = re.compile(
    r"https?://[a-z0-9._\-]+(:\d+)?/([A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-F]{2})*|https?://\[.*"
)


@pytest.mark.parametrize(
    ("iri", "uri"),
    [
        ("https://example.bg/news?id=1&x=2#top", "https://example.bg/news?id=1&x=2#top"),
        ("http://пример.бг/новина", "http://xn--e1afmkfd.xn--90ae/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B0"),
        ("https://example.bg/два три", "https://example.bg/%D0%B4%D0%B2%D0%B0%20%D1%82%D1%80%D0%B8"),
        ("https://example.bg/%D1%8F?q=%d1%8f", "https://example.bg/%D1%8F?q=%D1%8F"),
        ("https://example.bg/100%", "https://example.bg/100%25"),
        ("https://example.bg/%7Euser/%2F", "https://example.bg/~user/%2F"),
        ("HTTP://Example.BG:80", "http://example.bg/"),
        ("https://example.bg:8443/a", "https://example.bg:8443/a"),
        ("  https://example.bg/a\n ", "https://example.bg/a"),
        ("https://user:secret@example.bg/rss", "https://example.bg/rss"),
        ('https://example.bg/"<x>"|[1]', "https://example.bg/%22%3Cx%3E%22%7C%5B1%5D"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)  # fmt: skip
def test_an_address_becomes_ascii(iri, uri):
    assert ascii_url(iri) == uri


@pytest.mark.parametrize(
    "text",
    ["", "x", "/path", "//example.bg/x", "javascript:alert(1)", "mailto:a@b.bg", "ftp://example.bg/", "http://",
     "http:///x", "http://a..b/", "http://exa mple.bg/", "http://x:99999/", "http://[::1/", "http://[zz]/",
     "http://" + "a" * 64 + ".bg/", "http://a<b>.bg/", "data:text/html,x"],
)  # fmt: skip
def test_what_is_no_web_address_is_none(text):
    assert ascii_url(text) == ""


anything = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(max_examples=300, deadline=None)
@given(anything, st.sampled_from(["", "http://example.bg/", "https://пример.бг/", "http://x?", "https://"]))
def test_it_never_raises_and_what_it_gives_is_a_uri_that_stays(text, before):
    url = ascii_url(before + text)
    if url:
        assert URI.fullmatch(url)
        assert ascii_url(url) == url


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_what_was_encoded_is_what_was_written(path):
    assert unquote(urlsplit(ascii_url(f"https://example.bg/{path}")).path) == f"/{path}"
