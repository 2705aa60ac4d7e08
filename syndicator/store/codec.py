"""Values to JSON columns and back."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from syndicator.model import Article, Attachment, FeedItem, Image, Mark, Rendition
from syndicator.translation.glossary import Glossary, Term
from syndicator.translation.inflection import Kind

Json = dict[str, Any]


def item_to_json(item: FeedItem) -> Json:
    """Return a feed item as plain JSON."""
    data = asdict(item)
    data["published"] = _moment(item.published)
    data["updated"] = _moment(item.updated)
    return data


def item_from_json(data: Json) -> FeedItem:
    """Return the feed item that :func:`item_to_json` wrote."""
    return FeedItem(
        **{
            **data,
            "authors": tuple(data["authors"]),
            "tags": tuple(data["tags"]),
            "published": _parsed(data["published"]),
            "updated": _parsed(data["updated"]),
            "image": _image(data["image"]),
        }
    )


def article_fields(article: Article) -> Json:
    """Return what of an article has no column of its own."""
    return {
        "summary": article.summary,
        "url": article.url,
        "authors": list(article.authors),
        "published": _moment(article.published),
        "image": asdict(article.image) if article.image else None,
        "rights": article.rights,
        "tags": list(article.tags),
        "attachments": [asdict(attachment) for attachment in article.attachments],
        "events": [day.isoformat() for day in article.events],
    }


def article_from_row(title: str, body: str, language: str, fields: Json) -> Article:
    """Return the article whose columns these are."""
    return Article(
        title=title,
        summary=fields["summary"],
        body=body,
        language=language,
        url=fields["url"],
        authors=tuple(fields["authors"]),
        published=_parsed(fields["published"]),
        image=_image(fields["image"]),
        rights=fields["rights"],
        tags=tuple(fields["tags"]),
        # Articles that were stored by an earlier release have neither.
        attachments=tuple(Attachment(**attachment) for attachment in fields.get("attachments", ())),
        events=tuple(date.fromisoformat(day) for day in fields.get("events", ())),
    )


def rendition_fields(rendition: Rendition) -> Json:
    """Return what of a rendition has no column of its own."""
    return {
        "summary": rendition.summary,
        "mark": rendition.mark.value,
        "authors": list(rendition.authors),
        "image": asdict(rendition.image) if rendition.image else None,
        "rights": rendition.rights,
        "tags": list(rendition.tags),
        "engines": list(rendition.engines),
        "warnings": list(rendition.warnings),
    }


def rendition_from_row(language: str, title: str, body: str, fields: Json) -> Rendition:
    """Return the rendition whose columns these are."""
    return Rendition(
        language=language,
        title=title,
        summary=fields["summary"],
        body=body,
        mark=Mark(fields["mark"]),
        authors=tuple(fields["authors"]),
        image=_image(fields["image"]),
        rights=fields["rights"],
        tags=tuple(fields["tags"]),
        engines=tuple(fields["engines"]),
        warnings=tuple(fields["warnings"]),
    )


def _image(data: Json | None) -> Image | None:
    return Image(**data) if data else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _parsed(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def glossary_to_json(glossary: Glossary) -> Json:
    """Return a glossary as plain JSON."""
    return {
        "terms": [
            {
                "forms": {code: list(forms) for code, forms in term.forms.items()},
                "renderings": dict(term.renderings),
                "kind": term.kind.value,
                "inflect": term.inflect,
            }
            for term in glossary.terms
        ],
        "keep": list(glossary.keep),
    }


def glossary_from_json(data: Json) -> Glossary:
    """Return the glossary that :func:`glossary_to_json` wrote."""
    terms = (
        Term(
            {code: tuple(forms) for code, forms in term["forms"].items()},
            term["renderings"],
            Kind(term["kind"]),
            term["inflect"],
        )
        for term in data["terms"]
    )
    return Glossary(tuple(terms), tuple(data["keep"]))
