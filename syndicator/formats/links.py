"""The links of a feed and of its entries, for RSS and Atom alike (RFC 4287 §4.2.7).

An entry has exactly one ``alternate``. Others, even with hreflang, lead feedparser, Newsboat, FreshRSS and
Miniflux to the wrong language; the other languages are therefore told by relations of schema.org, written as
IRIs, which readers leave alone.
"""

from dataclasses import dataclass
from urllib.parse import quote

from syndicator.formats.clean import CleanFeed
from syndicator.formats.paths import MEDIA_TYPES, archive_url, document_url, feed_url
from syndicator.model import Edition, Entry, Feed, Mark
from syndicator.text.languages import localized
from syndicator.text.notices import notice_of

TRANSLATION_OF = "https://schema.org/translationOfWork"
TRANSLATION = "https://schema.org/workTranslation"
TRANSLATOR = "https://schema.org/translator"
DIGITAL_SOURCE = "https://schema.org/digitalSourceType"

MACHINE_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's code for what a trained model made. Each word of a machine's translation is the model's; the code
``compositeWithTrainedAlgorithmicMedia`` is for works of which only a part is."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its attributes; ``""`` for those that it lacks."""

    rel: str
    href: str
    type: str = ""
    hreflang: str = ""
    title: str = ""  # plain
    length: int | None = None  # bytes


def feed_links(feed: Feed, fmt: str) -> tuple[Link, ...]:
    """Return a feed's links: its home, itself, its hubs, its archives and its editions in other languages.

    Of an archive document, those that RFC 5005 §4 defines: one leads to the feed itself (``current``).
    """
    media_type = MEDIA_TYPES[fmt]
    editions = (
        Link("related", f"{edition.url}.{fmt}", media_type, edition.language, edition_title(edition, feed))
        for edition in feed.editions
        if edition.language != feed.language
    )
    return (
        Link("alternate", feed.url, "text/html"),
        Link("self", document_url(feed, fmt), media_type, feed.language),
        *(Link("hub", hub) for hub in feed.hubs),
        *([Link("current", feed_url(feed, fmt), media_type)] if feed.archive else []),
        *([Link("prev-archive", archive_url(feed, feed.older, fmt), media_type)] if feed.older else []),
        *([Link("next-archive", archive_url(feed, feed.newer, fmt), media_type)] if feed.newer else []),
        *editions,
    )


def edition_title(edition: Edition, feed: Feed) -> str:
    """Return the title of another edition in the script that this feed's readers read."""
    return localized({edition.language: edition.title}, feed.language)


def links_in(feed: CleanFeed, entry: Entry) -> tuple[Link, ...]:
    """Return the links of a feed's entry, made once for all its formats."""
    if id(entry) not in feed.links:
        feed.links[id(entry)] = entry_links(entry, feed)
    return feed.links[id(entry)]


def entry_links(entry: Entry, feed: Feed) -> tuple[Link, ...]:
    """Return an entry's links, its one ``alternate`` first."""
    links = [Link("alternate", entry.url, "text/html", _language_behind(entry, feed))]
    if entry.original_url:
        links.append(
            Link("via", entry.original_url, "text/html", entry.source_language, title=entry.source_name)
        )
    if entry.image and entry.image.media_type:
        image = entry.image
        links.append(Link("enclosure", image.url, image.media_type, length=image.length))
    links += _translations(entry)
    if entry.mark is Mark.MACHINE and not entry.withdrawn:
        links.append(Link(DIGITAL_SOURCE, MACHINE_MADE))
        links += (_translator(engine, entry, feed) for engine in entry.engines)
    return tuple(links)


def _language_behind(entry: Entry, feed: Feed) -> str:
    """Return the language of the page that an entry links to; ``""`` if that is not known."""
    if entry.url == entry.original_url:
        return entry.source_language
    return "" if entry.url in {feed.url, feed.base_url} else entry.language


def _translations(entry: Entry) -> list[Link]:
    """Return links to the same article in other languages, by their permanent ids."""
    links = []
    for edition in entry.editions:
        if edition.language == entry.language or not edition.url:
            continue
        is_original = entry.mark is not Mark.ORIGINAL and edition.language == entry.source_language
        rel = TRANSLATION_OF if is_original else TRANSLATION
        links.append(Link(rel, edition.url, hreflang=edition.language))
    has_original = any(link.rel == TRANSLATION_OF for link in links)
    if entry.mark is not Mark.ORIGINAL and entry.original_url and not has_original:
        links.insert(0, Link(TRANSLATION_OF, entry.original_url, hreflang=entry.source_language))
    return links


def _translator(engine: str, entry: Entry, feed: Feed) -> Link:
    """Return who translated. An engine has no address of its own, so the landing page names it."""
    mark = notice_of(entry).mark.strip("[]")
    return Link(TRANSLATOR, f"{feed.base_url}#{translator_anchor(engine)}", title=f"{engine} ({mark})")


def translator_anchor(engine: str) -> str:
    """Return the place on the landing page that names an engine."""
    return f"translator-{quote(engine)}"
