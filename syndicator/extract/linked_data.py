"""Reads what a page says about its article in JSON-LD (schema.org)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_ARTICLES = frozenset(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle"
    " BackgroundNewsArticle Report TechArticle LiveBlogPosting Posting SocialMediaPosting".split()
)
_PAGES = frozenset({"WebPage", "ItemPage", "AboutPage"})
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """An article as its page's JSON-LD describes it; ``""`` or empty where it does not."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    image: str = ""
    site: str = ""
    keywords: tuple[str, ...] = ()


def read_linked_article(root: etree._Element) -> LinkedArticle:
    """Return the first article described in a page's JSON-LD, else what is said of the page itself."""
    nodes = [node for script in root.iter("script") for node in _nodes_of(script)]
    articles = [node for node in nodes if _types(node) & _ARTICLES]
    pages = [node for node in nodes if _types(node) & _PAGES]
    sites = [node for node in nodes if _types(node) & {"WebSite", "Organization", "NewsMediaOrganization"}]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    if not articles:
        published = next((_string(page.get("datePublished")) for page in pages), "")
        return LinkedArticle(published=published, site=next((_string(s.get("name")) for s in sites), ""))
    article = articles[0]
    publisher = _names(article.get("publisher"), by_id)
    return LinkedArticle(
        headline=_string(article.get("headline")) or _string(article.get("name")),
        published=_string(article.get("datePublished")) or _string(article.get("dateCreated")),
        authors=tuple(_names(article.get("author"), by_id)),
        image=_image(article.get("image"), by_id) or _string(article.get("thumbnailUrl")),
        site=publisher[0] if publisher else next((_string(s.get("name")) for s in sites), ""),
        keywords=_keywords(article.get("keywords")),
    )


def _nodes_of(script: etree._Element) -> Iterator[dict[str, object]]:
    if "ld+json" not in script.get("type", "").lower() or not script.text:
        return
    text = script.text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removesuffix("-->")
    try:
        data: object = json.loads(text.removesuffix("//]]>").strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return  # a page's broken JSON-LD says nothing; the page itself still does
    yield from _flatten(data, 0)


def _flatten(data: object, depth: int) -> Iterator[dict[str, object]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _flatten(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flatten(data.get(key), depth + 1)


def _types(node: dict[str, object]) -> set[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {str(k).rpartition("/")[2] for k in kinds if isinstance(k, str)}


def _string(value: object) -> str:
    if isinstance(value, list) and value:
        return _string(value[0])
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(value: object, by_id: dict[object, dict[str, object]]) -> list[str]:
    values = value if isinstance(value, list) else [value]
    names = []
    for item in values:
        if isinstance(item, dict):
            node = by_id.get(item.get("@id"), item) if "name" not in item else item
            names.append(_string(node.get("name")))
        else:
            names.append(_string(item))
    return [name for name in names if name]


def _image(value: object, by_id: dict[object, dict[str, object]]) -> str:
    if isinstance(value, list):
        return next((found for item in value if (found := _image(item, by_id))), "")
    if isinstance(value, dict):
        node = by_id.get(value.get("@id"), value) if "url" not in value else value
        return _string(node.get("url")) or _string(node.get("contentUrl"))
    return _string(value)


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(word for item in value if isinstance(item, str) and (word := " ".join(item.split())))
