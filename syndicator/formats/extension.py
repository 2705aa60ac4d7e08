"""The feedgen extension that says of a feed as a whole what feedgen cannot."""

from datetime import UTC, datetime
from functools import lru_cache

from feedgen.ext.base import BaseExtension
from lxml import etree

from syndicator.formats.clean import unmistakable
from syndicator.formats.links import Link, feed_links
from syndicator.model import Feed

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

NAME = "syndicator"
"""The name under which feedgen keeps it: ``generator.syndicator``."""


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """What a feed as a whole says beyond feedgen."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces of feeds and their entries."""
        shared = {"dc": DC, "dcterms": DCTERMS, "media": MEDIA}
        return shared | {"fh": HISTORY} if self.feed.archive else shared

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Add the language and the links to ``<rss>``, whose only child is the channel."""
        feed.set(XML_LANG, self.feed.language)
        for link in feed_links(self.feed, "rss"):
            if link.rel != "alternate":
                add_link(feed[0], link, f"{{{ATOM}}}link")
        if self.feed.archive:
            etree.SubElement(feed[0], f"{{{HISTORY}}}archive")
        return feed

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Add the links to ``<feed>``. feedgen's elements are in no namespace until they are written."""
        for link in feed_links(self.feed, "atom"):
            add_link(feed, link, "link")
        if self.feed.archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        return feed


@lru_cache(maxsize=1024)  # all formats show the same moments
def rfc3339(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def add_link(parent: etree._Element, link: Link, tag: str) -> None:
    """Append a link with the attributes that it has."""
    etree.SubElement(parent, tag, attributes(link))


def attributes(link: Link) -> dict[str, str]:
    """Return a link's attributes."""
    told = {"rel": link.rel, "href": link.href, "type": link.type, "hreflang": link.hreflang}
    if link.title:
        told["title"] = unmistakable(link.title)
    if link.length:
        told["length"] = str(link.length)
    return {name: value for name, value in told.items() if value}
