"""What hostile feeds, sitemaps and section pages cost: CPU against ordinary pages, and memory.

Floors: none costs more CPU than 20 ordinary pages, or more than 50 MB. The inputs are those of
tests/extract/test_hostile_feeds.py; each is read in a process of its own, as every kind of document.

    python benchmarks/hostile.py
"""

import contextlib
import multiprocessing
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "extract"))

from test_hostile_feeds import HOSTILE

from syndicator.errors import ParseError
from syndicator.extract.feeds import read_feed
from syndicator.extract.listing import read_listing
from syndicator.extract.page import read_page
from syndicator.extract.sitemap import read_sitemap
from syndicator.model import FetchedDocument, SiteRules, Validators

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
PAGES, MEGABYTES = 20, 50
READERS = {
    "feed": lambda document: read_feed(document, ZONE),
    "sitemap": lambda document: read_sitemap(document, ZONE),
    "listing": read_listing,
}


def document_of(data):
    return FetchedDocument("https://a.bg/", "https://a.bg/", 200, data, "", Validators(), NOW)


def ordinary():
    """Return the CPU seconds of one ordinary page, the mean of many."""
    text = "<p>" + "Кметът откри новата площадка в квартал Запад и благодари на строителите. " * 6 + "</p>"
    menu = "<ul>" + "<li><a href='/x'>Новини</a></li>" * 40 + "</ul>"
    page = f"<html><body>{menu}<h1>Нова площадка в квартала</h1><div>{text * 10}</div>{menu}</body></html>"
    begun = time.process_time()
    for _ in range(40):
        read_page(document_of(page.encode()), SiteRules(), "bg", NOW, ZONE)
    return (time.process_time() - begun) / 40


def measured(name, reader, answers):
    READERS["feed"](document_of(b"<rss><channel><item><title>t</title></item></channel></rss>"))
    with contextlib.suppress(ParseError):
        READERS["feed"](document_of(b"<rss><channel><item><title>a</item></channel>"))  # loads feedparser
    data = HOSTILE[name].encode("utf-8", "surrogatepass")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    with contextlib.suppress(ParseError):
        READERS[reader](document_of(data))
    answers.put(
        (time.process_time() - begun, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
    )


def main(only=""):
    page = ordinary()
    print(f"an ordinary page: {page * 1000:.1f} ms CPU; the most: {PAGES} of them, {MEGABYTES} MB")
    bad = 0
    context = multiprocessing.get_context("fork")
    for name in HOSTILE:
        for reader in READERS:
            if only not in f"{name} {reader}":
                continue
            answers = context.Queue()
            process = context.Process(target=measured, args=(name, reader, answers))
            process.start()
            seconds, megabytes = answers.get()
            process.join()
            failed = seconds > PAGES * page or megabytes > MEGABYTES
            bad += failed
            if failed:
                print(f"TOO MUCH {name} as {reader}: {seconds / page:.1f} pages, {megabytes:.0f} MB")
    print(f"{len(HOSTILE) * len(READERS)} readings, {bad} too costly")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
