"""A fuzz target: whatever bytes come instead of a feed, sitemap or section page are read or refused by name.

The normal suite runs it under hypothesis; with atheris installed, for as long as one likes:

    python tests/fuzz/feed_reader.py -max_len=20000 [CORPUS]
"""

import contextlib
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from syndicator.errors import ParseError
from syndicator.extract.feeds import read_feed
from syndicator.extract.listing import read_listing
from syndicator.extract.reservation import read_rules
from syndicator.extract.sitemap import read_sitemap
from syndicator.fetch.polite import readable
from syndicator.model import FetchedDocument, Validators

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Sofia")
URL = "https://site.bg/rss"


def try_bytes(data: bytes) -> None:
    """Read bytes as everything that a site may send; anything but ParseError is a bug."""
    document = FetchedDocument(URL, URL, 200, data, "", Validators(), NOW)
    for read in (
        lambda: read_feed(document, ZONE),
        lambda: read_sitemap(document, ZONE),
        lambda: read_listing(document),
    ):
        with contextlib.suppress(ParseError):
            read()
    read_rules(data)
    readable(data)


if __name__ == "__main__":
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, try_bytes)
    atheris.Fuzz()
