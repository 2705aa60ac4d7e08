"""Pages as bytes; equal values give equal bytes."""

import json
from urllib.parse import quote

from syndicator.formats.content import headline
from syndicator.formats.pages.body import page_body, pairs
from syndicator.formats.pages.linked_data import news_article
from syndicator.formats.pages.templating import render, switch, switch_name, trusted
from syndicator.formats.pages.views import ArticlePage, Headline, LandingPage, MonthPage, SitePages, Version
from syndicator.formats.paths import MEDIA_TYPES, feed_path, feed_url, landing_path
from syndicator.model import Entry, Feed, Mark
from syndicator.text.languages import local_date
from syndicator.text.notices import machine_line, reviewed_line

FORMAT_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_BELOW_LANGUAGE = "../../"
_BESIDE_LANGUAGE = "../"

# Readers on the web that take a feed's address in a link.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)


def render_article(page: ArticlePage, site: SitePages) -> bytes:
    """Return the page of an article."""
    entry = page.entry
    return render(
        "article.html.j2",
        site,
        _BELOW_LANGUAGE,
        **_shared(page, site),
        linked_data=news_article(page, site),
        default=_default(page),
        body=trusted(page_body(entry.body)),
        lead=_lead(entry),
    )


def render_side(page: ArticlePage, site: SitePages) -> bytes:
    """Return the page that shows a translation beside its original, which the page must have."""
    original = page.original
    assert original is not None
    paired = [
        {"original": trusted(pair.original), "translation": trusted(pair.translation)}
        for pair in pairs(original.body, page.entry.body)
    ]
    return render(
        "side.html.j2",
        site,
        _BELOW_LANGUAGE,
        **_shared(page, site),
        pairs=paired,
        own_name=switch_name(page.entry.language, site.language),
        original_name=switch_name(original.language, site.language),
    )


def _shared(page: ArticlePage, site: SitePages) -> dict[str, object]:
    entry = page.entry
    line = ""
    if entry.mark is Mark.MACHINE:
        line = machine_line(site.notice, entry.source_language)
    elif entry.mark is Mark.REVIEWED:
        line = reviewed_line(site.notice, entry.source_language)
    return {
        "page": page,
        "headline": headline(entry),
        "versions": switch(page.versions, site.language, _BELOW_LANGUAGE) if len(page.versions) > 1 else (),
        "machine": entry.mark is Mark.MACHINE,
        "line": line,
    }


def _default(page: ArticlePage) -> str:
    """Return what a reader of none of the languages is led to: the original, at its source if it may be."""
    if page.entry.original_url:
        return page.entry.original_url
    return next((one.url for one in page.versions if one.language == page.entry.source_language), "")


def _lead(entry: Entry) -> object:
    """Return the picture to show above the text; none where the text shows it itself."""
    return entry.image if entry.image and entry.image.url not in entry.body else None


def render_landing(page: LandingPage, site: SitePages) -> bytes:
    """Return the first page of a language: the newest articles, the feeds, a search box, the months."""
    versions = tuple(Version(language, "", landing_path(language)) for language in site.languages)
    return render(
        "landing.html.j2",
        site,
        _BESIDE_LANGUAGE,
        page=page,
        feeds=[_feed(feed) for feed in page.feeds],
        versions=switch(versions, site.language, _BESIDE_LANGUAGE) if len(versions) > 1 else (),
    )


def _feed(feed: Feed) -> dict[str, object]:
    formats = [
        {
            "label": FORMAT_LABELS[fmt],
            "media_type": MEDIA_TYPES[fmt],
            "path": feed_path(feed.id, feed.language, fmt),
        }
        for fmt in feed.formats
    ]
    fmt = next((fmt for fmt in ("atom", "rss") if fmt in feed.formats), "")
    address = feed_url(feed, fmt) if fmt else ""
    readers = [{"label": name, "href": link.format(quote(address, safe=""))} for name, link in _READERS]
    own = {"label": "feed:", "href": f"feed:{address}"}
    return {
        "id": feed.id,
        "title": feed.title,
        "description": feed.description,
        "formats": formats,
        "readers": [own, *readers] if address else [],
    }


def render_month(page: MonthPage, site: SitePages) -> bytes:
    """Return the list of a month's articles."""
    return render("month.html.j2", site, _BELOW_LANGUAGE, page=page)


def render_titles(page: MonthPage, site: SitePages) -> bytes:
    """Return a month's titles for the search box: a script, which also loads without a server."""
    rows = [
        [one.title, _beside_landing(one, site), _dated(one, site.language), one.source_name]
        for one in page.headlines
    ]
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return f'syndicatorTitles("{page.month}",{told});\n'.encode()


def _beside_landing(headline: Headline, site: SitePages) -> str:
    return headline.path.removeprefix(f"{site.language}/")


def _dated(headline: Headline, language: str) -> str:
    return f"{headline.published.date().isoformat()} {local_date(headline.published, language)}"
