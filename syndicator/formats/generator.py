"""What RSS and Atom have in common: a feedgen generator filled from a feed."""

from feedgen.feed import FeedGenerator

from syndicator.formats.clean import unmistakable
from syndicator.formats.extension import NAME, FeedExtension
from syndicator.model import Feed

GENERATOR = "syndicator"
"""Named without a version: an update of the program must not change every feed."""


def new_generator(feed: Feed) -> FeedGenerator:
    """Return a generator that knows the feed itself, but none of its entries.

    ``feed`` comes from :func:`syndicator.formats.clean.clean_feed`.
    """
    generator = FeedGenerator()
    generator.register_extension(NAME, FeedExtension)
    generator.syndicator.feed = feed
    generator.title(unmistakable(feed.title))
    generator.updated(feed.updated)
    generator.generator(GENERATOR)
    if feed.rights:
        generator.rights(unmistakable(feed.rights))
    return generator


def description(feed: Feed) -> str:
    """Return what the feed is about, plain, never empty, with its funding."""
    text = feed.description or feed.title
    if not feed.funding:
        return text
    return f"{text} {feed.funding}" if text.endswith((".", "!", "?", "…")) else f"{text}. {feed.funding}"
