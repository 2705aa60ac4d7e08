"""Atom (RFC 4287)."""

from syndicator.formats.clean import clean_feed, unmistakable
from syndicator.formats.generator import description, new_generator
from syndicator.formats.items import Place, atom_entry, filled
from syndicator.formats.paths import feed_url
from syndicator.model import Feed


def render_atom(feed: Feed) -> bytes:
    """Return the feed as an Atom document in UTF-8; equal feeds give equal bytes."""
    feed = clean_feed(feed)
    generator = new_generator(feed)
    generator.id(feed_url(feed, "atom"))
    generator.subtitle(unmistakable(description(feed)))
    generator.language(feed.language)
    author = {"name": unmistakable(feed.title)}
    generator.author(author | {"email": feed.contact} if feed.contact else author)
    if feed.funding_image:
        generator.logo(feed.funding_image)
    if feed.entries:
        generator.add_entry(Place())
    frame = generator.atom_str(pretty=True)
    return filled(frame, [atom_entry(entry, feed) for entry in feed.entries])
