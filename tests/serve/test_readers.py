import pytest

from syndicator.serve.readers import Count, Readers, reader_of


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher)",
            ("Feedly", 12),
        ),
        ("Feedbin feed-id:7 - 4 subscribers", ("Feedbin", 4)),
        ("NewsBlur Feed Fetcher - 1 subscriber - http://example.com/", ("NewsBlur Feed Fetcher", 1)),
        (
            "inoreader.com-like FeedFetcher-Google/1.0 (9 readers)",
            ("inoreader.com-like FeedFetcher-Google", 9),
        ),
        ("Mozilla/5.0 (compatible; Reader/2.0; 3 subscribers)", ("Reader", 3)),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", ("browser", 0)),
        ("Miniflux/2.2.6", ("Miniflux", 0)),
        ("", ("other", 0)),
        ("\xff\x00 99999999999999999999 subscribers", ("other", 0)),
        ("(…)" * 5000, ("other", 0)),
    ],
)
def test_a_fetcher_is_named_with_its_subscribers(agent, told):
    assert reader_of(agent) == told


def test_feeds_are_counted_and_pages_are_not():
    readers = Readers()
    for subscribers in (3, 5, 4):
        readers.note("en/all.rss", f"Feedly/1.0 ({subscribers} subscribers)")
    readers.note("en/index.html", "Feedly/1.0")
    assert readers.take() == {("en/all.rss", "Feedly"): Count(3, 5)}
    assert readers.take() == {}


def test_a_private_feed_is_counted_without_its_token_and_archives_with_their_feed():
    readers = Readers()
    for token in ("a" * 32, "-_b" * 10):
        readers.note(f"private/{token}/en/members.rss", "Feedly/1.0 (2 subscribers)")
        readers.note(f"private/{token}/en/members.archive-1.rss", "Feedly/1.0 (2 subscribers)")
    assert readers.take() == {("private/…/en/members.rss", "Feedly"): Count(2, 2)}


def test_whoever_calls_himself_anything_fills_no_memory():
    readers = Readers()
    for number in range(1000):
        readers.note("en/all.rss", "R" + "".join(chr(97 + int(digit)) for digit in str(number)))
    assert len(readers.take()) <= 101
