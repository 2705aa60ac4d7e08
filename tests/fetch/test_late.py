"""A client that is made when something is first to be fetched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from syndicator.errors import UnreachableError
from syndicator.fetch.late import LateFetcher
from syndicator.fetch.polite import PoliteFetcher
from tests.fetch.test_polite import Notes

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def made():
    return []


@pytest.fixture
def late(fetcher_with, made):
    def make():
        made.append(PoliteFetcher(fetcher_with(), Notes(), lambda: NOW))
        return made[-1]

    return LateFetcher(make)


def test_one_client_is_made_for_all_threads_and_only_when_it_is_needed(late, made, site):
    address = site.answer("/a", b"page")
    with late as fetcher:
        assert made == []
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(fetcher.fetch, [address] * 4))
    assert [one.body for one in found] == [b"page"] * 4
    assert len(made) == 1


def test_nothing_is_asked_after_it_was_closed(late, site):
    address = site.answer("/a", b"page")
    with late:
        pass
    with pytest.raises(UnreachableError):
        late.fetch(address)
    assert site.requests == []
