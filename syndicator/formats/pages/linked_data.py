"""What machines are told of an article's page, in the words of schema.org (JSON-LD)."""

from typing import Any

from syndicator.formats.content import headline
from syndicator.formats.extension import rfc3339
from syndicator.formats.links import MACHINE_MADE
from syndicator.formats.pages.views import ArticlePage, SitePages
from syndicator.model import Mark

_PROGRAM = "https://schema.org/SoftwareApplication"


def news_article(page: ArticlePage, site: SitePages) -> dict[str, Any]:
    """Return the article as a ``NewsArticle``.

    EU AI Act (Regulation 2024/1689), article 50 (2): machines can tell, too, that a machine made the text.
    The original's title is left out: nobody who reads the page's source shall meet another script.
    """
    entry = page.entry
    return _given(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": entry.url,
            "url": entry.url,
            "mainEntityOfPage": entry.url,
            "identifier": entry.id,
            "headline": headline(entry),
            "description": entry.summary,
            "inLanguage": entry.language,
            "datePublished": "" if entry.dated_by_first_sight else rfc3339(entry.published),
            "dateModified": rfc3339(entry.updated),
            "author": [{"@type": "Person", "name": name} for name in entry.authors],
            "publisher": _given(
                {"@type": "Organization", "name": entry.source_name, "url": entry.source_url}
            ),
            "sdPublisher": _given(
                {"@type": "Organization", "name": site.title, "url": site.base_url, "email": site.contact}
            ),
            "image": [entry.image.url] if entry.image else [],
            "keywords": list(entry.tags),
            "copyrightNotice": entry.rights,
            "creditText": entry.source_name,
            "correction": _correction(page),
            **_translation(page),
        }
    )


def _translation(page: ArticlePage) -> dict[str, Any]:
    entry = page.entry
    if entry.mark is Mark.ORIGINAL:
        translations = [
            {"@type": "NewsArticle", "@id": version.url, "url": version.url, "inLanguage": version.language}
            for version in page.versions
            if version.language != entry.language
        ]
        return {"isBasedOn": entry.original_url, "workTranslation": translations}
    original = next((one for one in page.versions if one.language == entry.source_language), None)
    address = entry.original_url or (original.url if original else "")
    work = {"@type": "NewsArticle", "@id": address, "url": address, "inLanguage": entry.source_language}
    told: dict[str, Any] = {"translationOfWork": _given(work), "isBasedOn": address}
    if entry.mark is Mark.MACHINE and not entry.withdrawn:
        told["digitalSourceType"] = MACHINE_MADE
        told["translator"] = [
            {"@type": "Organization", "additionalType": _PROGRAM, "name": engine} for engine in entry.engines
        ]
    return told


def _correction(page: ArticlePage) -> dict[str, Any]:
    if page.corrected is None:
        return {}
    return {"@type": "CorrectionComment", "datePublished": rfc3339(page.corrected)}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}
