from datetime import UTC, datetime

import httpx
import pytest

from syndicator.fetch.answer import LONGEST_PAUSE, read_retry_after, read_validators, redirect_target
from syndicator.model import Validators

NOW = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 05 Mar 2024 10:01:30 GMT", 90.0),
        ("Tue, 05 Mar 2024 09:00:00 GMT", 0.0),
        ("999999999999999999999999", LONGEST_PAUSE),
        ("Tue, 05 Mar 2094 10:01:30 GMT", LONGEST_PAUSE),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after(value, seconds):
    assert read_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        (b"/novini", "/novini"),
        ("/новини".encode(), "/новини"),
        ("/новини".encode("windows-1251"), "/%ED%EE%E2%E8%ED%E8"),
        ("/a b".encode("windows-1251"), "/a b"),
    ],
)
def test_redirect_targets_with_bare_letters(raw, target):
    assert redirect_target(httpx.Headers([(b"location", raw)])) == target


def test_validators_that_could_not_be_sent_back_are_forgotten():
    headers = httpx.Headers([(b"etag", 'W/"й"'.encode()), (b"last-modified", b"x" * 2000)])
    assert read_validators(headers, Validators()) == Validators()


def test_an_answer_without_validators_keeps_those_that_were_sent():
    sent = Validators(etag='"1"')
    assert read_validators(httpx.Headers(), sent) == sent
    assert read_validators(httpx.Headers({"etag": '"2"'}), sent) == Validators(etag='"2"')
