"""Which form a client gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.serve.negotiation import best_coding, is_browser

ALL = {"identity", "gzip", "br", "zstd"}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5 , Br;q=0.4", "gzip"),
        ("br;q=0.8, zstd;q=0.9, gzip;q=1.0", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=0.5, gzip;q=0.4", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("gzip;q=nonsense", "identity"),
        ("compress, exi", "identity"),
        (";;,,;q=1", "identity"),
        ("gzip" + " " * 300, "gzip"),
    ],
)
def test_the_most_welcome_coding_is_taken(accepted, expected):
    assert best_coding(accepted, ALL) == expected


def test_only_what_is_there_is_taken():
    assert best_coding("br, gzip;q=0.5", {"identity", "gzip"}) == "gzip"
    assert best_coding("br, gzip", {"identity"}) == "identity"


@given(st.text(max_size=60))
def test_every_header_gets_an_answer(accepted):
    assert best_coding(accepted, ALL) in ALL


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("application/rss+xml, text/html;q=0.5", False),
        ("*/*", False),
        (None, False),
    ],
)
def test_a_browser_names_html_first(accepted, expected):
    assert is_browser(accepted) is expected
