"""The page at the top of the published tree: every language with its feeds, for people. Without scripts."""

from collections.abc import Iterable, Sequence

from syndicator.formats.clean import clean_feed, clean_line
from syndicator.formats.content import headline
from syndicator.formats.pages.render import FORMAT_LABELS
from syndicator.formats.pages.templating import render
from syndicator.formats.pages.views import SitePages
from syndicator.formats.paths import MEDIA_TYPES, feed_path
from syndicator.model import Entry, Feed, LocalText, Mark
from syndicator.text.languages import language_name, local_date, localized
from syndicator.text.notices import notice_for, notice_of
from syndicator.text.page_words import words_for

NEWEST = 5
"""Entries of each feed that the page shows."""

_TOP = ""  # the way from the page to the top of the tree


def render_index(title: LocalText, feeds: Iterable[Feed], *, private: bool = False) -> bytes:
    """Return the page in UTF-8; equal feeds give equal bytes.

    ``title`` is the site's. ``feeds`` are those that anybody may read, with ``private`` those that the page's
    own readers may, in the order in which they are to be shown; each language has a section of its own, in
    that language. Addresses within the tree are relative, so that the page also works where it is looked at
    without a server.
    """
    cleaned = [clean_feed(feed) for feed in feeds]
    languages = list(dict.fromkeys(feed.language for feed in cleaned))
    main_language = languages[0] if languages else "en"
    heading = clean_line(localized(title, main_language))
    return render(
        "root.html.j2",
        SitePages(
            language=main_language,
            title=heading,
            base_url="",
            notice=notice_for(main_language),
            words=words_for(main_language),
            private=private,
        ),
        _TOP,
        discovery=list(_discovery(cleaned)),
        editions=[
            _edition(
                language,
                clean_line(localized(title, language)),
                heading,
                [feed for feed in cleaned if feed.language == language],
            )
            for language in languages
        ],
        engines=_engines(cleaned),
        fundings=_fundings(cleaned),
        contacts=list(dict.fromkeys(feed.contact for feed in cleaned if feed.contact)),
    )


def _discovery(feeds: Iterable[Feed]) -> Iterable[dict[str, str]]:
    """Yield what lets a browser or reader find the feeds from the page's address (RSS autodiscovery)."""
    for feed in feeds:
        for fmt in feed.formats:
            yield _format(feed, fmt) | {
                "language": feed.language,
                "title": f"{feed.title} ({FORMAT_LABELS[fmt]})",
            }


def _format(feed: Feed, fmt: str) -> dict[str, str]:
    return {
        "label": FORMAT_LABELS[fmt],
        "media_type": MEDIA_TYPES[fmt],
        "path": feed_path(feed.id, feed.language, fmt),
    }


def _edition(language: str, title: str, heading: str, feeds: Sequence[Feed]) -> dict[str, object]:
    """Return a language's part of the page; the site's title only where it is another in it."""
    return {
        "language": language,
        "name": language_name(language, language),
        "title": "" if title == heading else title,
        "feeds": [_card(feed) for feed in feeds],
    }


def _card(feed: Feed) -> dict[str, object]:
    notice = notice_of(feed)
    return {
        "id": feed.id,
        "title": feed.title,
        "description": feed.description,
        "subscribe": f"{notice.subscribe}: {feed.title}",
        "formats": [_format(feed, fmt) for fmt in feed.formats],
        "latest": notice.latest,
        "newest": [_newest(entry) for entry in feed.entries if not entry.withdrawn][:NEWEST],
    }


def _newest(entry: Entry) -> dict[str, str]:
    return {
        "href": entry.url,
        "title": headline(entry),
        "date": entry.published.date().isoformat(),
        "told": local_date(entry.published, entry.language),
        "mark": _mark(entry),
    }


def _mark(entry: Entry) -> str:
    """Return how a translation came about, as its feed says it."""
    notice = notice_of(entry)
    if entry.mark is Mark.MACHINE:
        return notice.mark
    return notice.reviewed_mark if entry.mark is Mark.REVIEWED else ""


def _fundings(feeds: Iterable[Feed]) -> list[dict[str, str]]:
    """Return who pays, in each language, each emblem once."""
    found = []
    pictures: set[str] = set()
    for text, image, language in dict.fromkeys(
        (feed.funding, feed.funding_image, feed.language) for feed in feeds
    ):
        if text or image:
            found.append({"text": text, "image": "" if image in pictures else image, "language": language})
            pictures.add(image)
    return found


def _engines(feeds: Iterable[Feed]) -> list[str]:
    return sorted(
        {
            engine
            for feed in feeds
            for entry in feed.entries
            if entry.mark is Mark.MACHINE and not entry.withdrawn
            for engine in entry.engines
        }
    )
