"""RSS 2.0 (https://www.rssboard.org/rss-specification), as its best practices profile has it."""

import re

from syndicator.formats.clean import clean_feed, unmistakable
from syndicator.formats.generator import description, new_generator
from syndicator.formats.items import Place, filled, rss_item
from syndicator.formats.paths import SEVERAL
from syndicator.model import Feed

_NOT_IN_A_NAME = re.compile(r"[()\\]")
_RSS_PICTURES = (".jpg", ".jpeg", ".png", ".gif")


def render_rss(feed: Feed) -> bytes:
    """Return the feed as an RSS 2.0 document in UTF-8; equal feeds give equal bytes.

    ``description`` is the summary as HTML, ``content:encoded`` the whole content. Not for two threads at
    once: feedgen sets the process's locale while it writes ``lastBuildDate``.
    """
    feed = clean_feed(feed)
    generator = new_generator(feed)
    generator.link(href=feed.url, rel="alternate")
    generator.description(unmistakable(description(feed)))
    if feed.language != SEVERAL:
        generator.language(feed.language)
    generator.ttl(max(feed.ttl_minutes, 1))
    if feed.contact:
        name = unmistakable(_NOT_IN_A_NAME.sub("", feed.title).strip())
        generator.managingEditor(f"{feed.contact} ({name or feed.id})")
    if feed.funding_image.lower().endswith(_RSS_PICTURES):
        generator.image(feed.funding_image)
    if feed.entries:
        generator.add_entry(Place())
    frame = generator.rss_str(pretty=True)
    return filled(frame, [rss_item(entry, feed) for entry in feed.entries])
