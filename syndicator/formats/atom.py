"""Atom (RFC 4287)."""

from syndicator.formats.clean import clean_feed, unmistakable
from syndicator.formats.content import summary_text
from syndicator.formats.generator import add_entry, description, fraction_of, new_generator
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
    for entry in feed.entries:
        element = add_entry(generator, entry, feed)
        element.summary(unmistakable(summary_text(entry)))
        element.updated(entry.updated + fraction_of(entry.id))
        element.published(entry.published)
        # An entry must have an author, a person or not (RFC 4287 §4.2.1): its source, where none is named.
        names = entry.authors or (entry.source_name,)
        element.author([{"name": unmistakable(name)} for name in names])
        if entry.rights:
            element.rights(unmistakable(entry.rights))
    return bytes(generator.atom_str(pretty=True))
