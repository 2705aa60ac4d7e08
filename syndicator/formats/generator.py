"""What RSS and Atom have in common: a feedgen generator filled from a feed."""

from datetime import timedelta
from hashlib import sha256

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from syndicator.formats.clean import CleanFeed, unmistakable
from syndicator.formats.content import content_in, headline
from syndicator.formats.extension import NAME, EntryExtension, FeedExtension
from syndicator.model import Entry, Feed

GENERATOR = "syndicator"
"""Named without a version: an update of the program must not change every feed."""


def new_generator(feed: Feed) -> FeedGenerator:
    """Return a generator that knows the feed itself, but none of its entries.

    ``feed`` comes from :func:`syndicator.formats.clean.clean_feed`.
    """
    generator = FeedGenerator()
    generator.register_extension(NAME, FeedExtension, EntryExtension)
    generator.syndicator.feed = feed
    generator.title(unmistakable(feed.title))
    generator.updated(feed.updated)
    generator.generator(GENERATOR)
    if feed.rights:
        generator.rights(unmistakable(feed.rights))
    return generator


def add_entry(generator: FeedGenerator, entry: Entry, feed: CleanFeed) -> FeedEntry:
    """Append an entry with what both formats say in the same way, and return it for the rest."""
    element = generator.add_entry(order="append")
    element.syndicator.entry = entry
    element.syndicator.feed = feed
    element.id(entry.id)
    element.title(unmistakable(headline(entry)))
    element.content(content_in(feed, entry), type="html")
    if entry.tags:
        element.category([{"term": unmistakable(tag), "label": unmistakable(tag)} for tag in entry.tags])
    return element


def description(feed: Feed) -> str:
    """Return what the feed is about, plain, never empty, with its funding."""
    text = feed.description or feed.title
    if not feed.funding:
        return text
    return f"{text} {feed.funding}" if text.endswith((".", "!", "?", "…")) else f"{text}. {feed.funding}"


def fraction_of(entry_id: str) -> timedelta:
    """Return a part of a second that is the entry's own.

    Entries that came in the same transaction share their second; the W3C validator warns about two entries
    of the same ``updated``.
    """
    digest = int.from_bytes(sha256(entry_id.encode()).digest()[:8], "big")
    return timedelta(microseconds=digest % 1_000_000)
