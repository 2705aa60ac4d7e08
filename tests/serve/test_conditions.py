"""Conditions and ranges, each with what RFC 9110 makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.serve.conditions import UNSATISFIABLE, Span, Verdict, asked_span, judge

ETAG = '"a1-b2"'
MODIFIED = 1_700_000_000
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
EARLIER = "Tue, 14 Nov 2023 22:13:19 GMT"
SEND, NOT_MODIFIED, FAILED = Verdict.SEND, Verdict.NOT_MODIFIED, Verdict.FAILED


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, SEND),
        ({"if-none-match": ETAG}, NOT_MODIFIED),
        ({"if-none-match": f"W/{ETAG}"}, NOT_MODIFIED),
        ({"if-none-match": f'"x", {ETAG}'}, NOT_MODIFIED),
        ({"if-none-match": f'"x, y",W/"z" ,  {ETAG}  '}, NOT_MODIFIED),
        ({"if-none-match": "*"}, NOT_MODIFIED),
        ({"if-none-match": '"x"'}, SEND),
        ({"if-none-match": "a1-b2"}, SEND),
        ({"if-none-match": ""}, SEND),
        ({"if-none-match": '"x"', "if-modified-since": DATE}, SEND),
        ({"if-modified-since": DATE}, NOT_MODIFIED),
        ({"if-modified-since": EARLIER}, SEND),
        ({"if-modified-since": "yesterday"}, SEND),
        ({"if-modified-since": "Tue, 99 Nov 2023 22:13:20 GMT"}, SEND),
        ({"if-match": ETAG}, SEND),
        ({"if-match": "*"}, SEND),
        ({"if-match": '"x"'}, FAILED),
        ({"if-match": f"W/{ETAG}"}, FAILED),
        ({"if-unmodified-since": DATE}, SEND),
        ({"if-unmodified-since": EARLIER}, FAILED),
        ({"if-match": ETAG, "if-unmodified-since": EARLIER}, SEND),
        ({"if-match": ETAG, "if-none-match": ETAG}, NOT_MODIFIED),
    ],
)
def test_conditions(headers, verdict):
    assert judge(headers, ETAG, MODIFIED) is verdict


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=2-5", Span(2, 6)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=5-99", Span(5, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
        ("Bytes = 1 - 2", Span(1, 3)),
        ("bytes=10-", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=0-" + "9" * 30, None),
        ("", None),
    ],
)
def test_ranges(asked, span):
    assert asked_span({"range": asked}, ETAG, MODIFIED, 10) == span


@pytest.mark.parametrize(
    ("validator", "holds"),
    [(ETAG, True), (f"W/{ETAG}", False), ('"x"', False), (DATE, True), (EARLIER, False), ("soon", False)],
)
def test_a_range_of_an_older_version_is_answered_with_the_whole(validator, holds):
    asked = asked_span({"range": "bytes=2-5", "if-range": validator}, ETAG, MODIFIED, 10)
    assert asked == (Span(2, 6) if holds else None)


NAMES = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "range", "if-range"]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)), st.integers(0, 50))
def test_any_headers_get_an_answer_within_the_file(headers, size):
    assert judge(headers, ETAG, MODIFIED) in Verdict
    span = asked_span(headers, ETAG, MODIFIED, size)
    assert span is None or span == UNSATISFIABLE or 0 <= span.start < span.end <= size
