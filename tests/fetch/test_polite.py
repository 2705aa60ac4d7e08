"""What sites say of who may read them, kept: robots.txt (RFC 9309), reservations (TDMRep), Retry-After."""

from datetime import UTC, datetime, timedelta

import pytest

from syndicator.errors import HttpStatusError, ReservedError, RobotsRefusedError
from syndicator.extract.reservation import read_rules, reserved_by
from syndicator.fetch.polite import PoliteFetcher, readable
from syndicator.model import FetchedDocument, Validators

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Notes:
    """What is remembered of hosts, in this process."""

    def __init__(self):
        self.kept = {}

    def states(self):
        return self.kept

    def record(self, origin, state):
        self.kept = {**self.kept, origin: state}


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def polite(fetcher_with, notes):
    def build(now=NOW, obey=True, **settings):
        return PoliteFetcher(fetcher_with(**settings), notes, lambda: now, obey=obey)

    return build


def asked(site):
    return [path for path, _ in site.requests]


def test_what_robots_txt_forbids_is_not_asked(site, polite):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /private/\nAllow: /private/news\n")
    site.answer("/open", b"x")
    site.answer("/private/news", b"x")
    fetcher = polite()
    assert fetcher.fetch(site.url("/open")).body == b"x"
    assert fetcher.fetch(site.url("/private/news")).body == b"x"
    with pytest.raises(RobotsRefusedError, match=r"robots: ignore"):
        fetcher.fetch(site.url("/private/a"))
    assert "/private/a" not in asked(site)
    assert asked(site).count("/robots.txt") == 1


def test_rules_for_us_by_name_go_before_those_for_all(site, polite):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /\n\nUser-agent: Syndicator\nDisallow: /x\n")
    site.answer("/open", b"x")
    fetcher = polite()
    assert fetcher.fetch(site.url("/open")).body == b"x"
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(site.url("/x"))


@pytest.mark.parametrize(("obey", "permitted", "passes"), [
    (True, False, False), (True, True, False), (False, False, False), (False, True, True),
])  # fmt: skip
def test_only_a_permission_makes_ignoring_legitimate(site, polite, obey, permitted, passes):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /\n")
    site.answer("/a", b"x")
    fetcher = polite(obey=obey)
    if passes:
        assert fetcher.fetch(site.url("/a"), permitted=permitted).body == b"x"
    else:
        with pytest.raises(RobotsRefusedError):
            fetcher.fetch(site.url("/a"), permitted=permitted)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_everything(site, polite, status):
    site.answer("/robots.txt", status=status)
    site.answer("/a", b"x")
    assert polite().fetch(site.url("/a")).body == b"x"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_fails_is_left_alone_for_a_while(site, fetcher_with, notes, status):
    clock = [NOW]
    fetcher = PoliteFetcher(fetcher_with(), notes, lambda: clock[-1])
    site.answer("/robots.txt", status=status)
    site.answer("/a", b"x")
    with pytest.raises(RobotsRefusedError, match=str(status)):
        fetcher.fetch(site.url("/a"))
    site.answer("/robots.txt", b"")
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(site.url("/a"))
    clock.append(NOW + timedelta(hours=2))
    assert fetcher.fetch(site.url("/a")).body == b"x"


def test_a_new_run_asks_a_failing_server_anew(site, polite):
    site.answer("/robots.txt", status=500)
    site.answer("/a", b"x")
    with pytest.raises(RobotsRefusedError):
        polite().fetch(site.url("/a"))
    site.answer("/robots.txt", b"")
    assert polite(NOW + timedelta(minutes=1)).fetch(site.url("/a")).body == b"x"


def test_rules_that_are_known_hold_while_the_server_fails(site, polite):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /x\n")
    site.answer("/a", b"x")
    polite().fetch(site.url("/a"))
    site.answer("/robots.txt", status=500)
    later = polite(NOW + timedelta(hours=25))
    assert later.fetch(site.url("/a")).body == b"x"
    with pytest.raises(RobotsRefusedError):
        later.fetch(site.url("/x"))


def test_a_server_that_fails_for_a_month_has_no_rules(site, polite):
    site.answer("/robots.txt", status=500)
    site.answer("/a", b"x")
    with pytest.raises(RobotsRefusedError):
        polite().fetch(site.url("/a"))
    assert polite(NOW + timedelta(days=31)).fetch(site.url("/a")).body == b"x"


def test_it_is_asked_once_a_day(site, polite):
    site.answer("/a", b"x")
    for hours, times in ((0, 1), (23, 1), (25, 2)):
        polite(NOW + timedelta(hours=hours)).fetch(site.url("/a"))
        assert asked(site).count("/robots.txt") == times


def test_a_huge_robots_txt_is_read_within_bounds():
    body = (
        b"User-agent: *\n" + b"Disallow: /" + b"x" * 5000 + b"\n" + b"# note\n" * 100_000 + b"Disallow: /y\n"
    )
    assert readable(body) == "User-agent: *"


def test_a_crawl_delay_is_kept_up_to_a_bound(site, polite):
    site.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 86400\n")
    assert polite().word(site.url("/a")).crawl_delay == 30.0


def test_after_a_request_to_wait_the_host_is_not_asked_again(site, polite):
    site.answer("/a", status=429, Retry_After="600")
    site.answer("/b", b"x")
    fetcher = polite()
    with pytest.raises(HttpStatusError):
        fetcher.fetch(site.url("/a"))
    with pytest.raises(HttpStatusError, match="left alone") as found:
        fetcher.fetch(site.url("/b"))
    assert 590 < found.value.retry_after <= 600
    assert "/b" not in asked(site)


RESERVED = b'[{"location": "/", "tdm-reservation": 1}, {"location": "/open/*", "tdm-reservation": 0}]'


def test_a_reservation_in_tdmrep_json_is_obeyed_without_a_permission(site, polite):
    site.answer("/.well-known/tdmrep.json", RESERVED)
    site.answer("/a", b"x")
    site.answer("/open/a", b"x")
    fetcher = polite()
    with pytest.raises(ReservedError, match=r"tdmrep\.json.*permission"):
        fetcher.fetch(site.url("/a"))
    assert fetcher.fetch(site.url("/open/a")).body == b"x"
    assert fetcher.fetch(site.url("/a"), permitted=True).body == b"x"


def test_the_header_goes_before_the_file_and_the_page_before_the_header(site, polite):
    site.answer("/.well-known/tdmrep.json", RESERVED)
    site.answer("/free", b"x", tdm_reservation="0")
    site.answer("/open/reserved", b"x", tdm_reservation="1")
    meta = b"<html><head><meta content='%d' name=tdm-reservation></head>"
    site.answer("/meta-free", meta % 0, tdm_reservation="1")
    site.answer("/open/meta-reserved", meta % 1, tdm_reservation="0")
    fetcher = polite()
    assert fetcher.fetch(site.url("/free")).body == b"x"
    assert fetcher.fetch(site.url("/meta-free")).status == 200
    for path in ("/open/reserved", "/open/meta-reserved"):
        with pytest.raises(ReservedError):
            fetcher.fetch(site.url(path))


@pytest.mark.parametrize("body", [
    b"", b"{", b"[" * 100_000, b"[1, null, {}]", b'{"location": 3}',
    b'[{"location": "/", "tdm-reservation": "x"}]',
    b"\xff\xfe", b'[{"location": "' + b"*a" * 9000 + b'", "tdm-reservation": 1}]',
])  # fmt: skip
def test_a_broken_tdmrep_json_reserves_nothing(body):
    assert read_rules(body) == ()


@pytest.mark.parametrize(
    ("location", "path", "reserved"),
    [
        ("/", "/a", True),
        ("/news", "/other", False),
        ("/*.pdf$", "/a/b.pdf", True),
        ("/*.pdf$", "/a/b.pdf?x=1", False),
        ("/a*b*c", "/a--b--c--d", True),
        ("/a*b*c", "/a--c--b", False),
        ("/" + "*a" * 200, "/" + "a" * 199 + "b", False),
    ],
)
def test_locations_are_matched_as_in_robots_txt(location, path, reserved):
    document = FetchedDocument("", "", 200, b"", "", Validators(), NOW)
    assert bool(reserved_by(document, path, ((location, True),))) is reserved
