"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json

from syndicator.formats.clean import CleanFeed, clean_feed
from syndicator.formats.content import content_in, headline, summary_text
from syndicator.formats.extension import rfc3339
from syndicator.formats.generator import description
from syndicator.formats.links import MACHINE_MADE, edition_title
from syndicator.formats.paths import archive_url, document_url, feed_url
from syndicator.model import Attachment, Entry, Feed, Image, Mark

VERSION = "https://jsonfeed.org/version/1.1"


def render_json(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1 in UTF-8; equal feeds give equal bytes.

    What the format has no word for stands in ``_syndicator``, of the feed and of each item.
    """
    feed = clean_feed(feed)
    document: dict[str, object] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed_url(feed, "json"),
        "next_url": archive_url(feed, feed.older, "json") if feed.older else "",
        "description": description(feed),
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        "authors": [_given({"name": feed.title, "url": f"mailto:{feed.contact}" if feed.contact else ""})],
        "_syndicator": _given(
            {
                "updated": rfc3339(feed.updated),
                "archive": _archive(feed),
                "rights": feed.rights,
                "funding": _given({"text": feed.funding, "image": feed.funding_image}),
                "editions": [
                    {
                        "language": edition.language,
                        "title": edition_title(edition, feed),
                        "url": f"{edition.url}.json",
                    }
                    for edition in feed.editions
                    if edition.language != feed.language
                ],
            }
        ),
    }
    return _encoded(document, [_item(entry, feed) for entry in feed.entries])


def _archive(feed: Feed) -> dict[str, object]:
    """Return which archive document this is: ``feed_url`` names the feed that it belongs to."""
    if not feed.archive:
        return {}
    newer = archive_url(feed, feed.newer, "json") if feed.newer else ""
    return _given({"number": feed.archive, "url": document_url(feed, "json"), "newer_url": newer})


def _encoded(document: dict[str, object], items: list[dict[str, object]]) -> bytes:
    """Return the document with an item to a line: json's own indenting costs five times as much."""
    head = json.dumps(_given(document), ensure_ascii=False).removesuffix("}")
    told = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f'{head}, "items": [\n{told}\n]}}\n'.encode()


def _given(values: dict[str, object]) -> dict[str, object]:
    """Return the members that say something."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {}, False)}


def _item(entry: Entry, feed: CleanFeed) -> dict[str, object]:
    return _given(
        {
            "id": entry.id,
            "url": entry.url,
            "external_url": entry.original_url if entry.original_url != entry.url else "",
            "title": headline(entry),
            "content_html": content_in(feed, entry),
            "summary": summary_text(entry),
            "image": entry.image.url if entry.image else "",
            "date_published": rfc3339(entry.published),
            "date_modified": rfc3339(entry.updated),
            "authors": [{"name": author} for author in entry.authors],
            "tags": list(entry.tags),
            "language": entry.language,
            "attachments": [*_attachments(entry.image), *map(_document, entry.attachments)],
            "_syndicator": _about(entry),
        }
    )


def _attachments(image: Image | None) -> list[dict[str, object]]:
    """Return the picture as an attachment, which must have a type."""
    if image is None or not image.media_type:
        return []
    return [
        _given(
            {
                "url": image.url,
                "mime_type": image.media_type,
                "title": image.caption or image.alt,
                "size_in_bytes": image.length,
            }
        )
    ]


def _document(attachment: Attachment) -> dict[str, object]:
    """Return a document that the article links to; its language has no word in the format."""
    return _given(
        {
            "url": attachment.url,
            "mime_type": attachment.media_type,
            "title": attachment.title,
            "_syndicator": _given({"language": attachment.language}),
        }
    )


def _about(entry: Entry) -> dict[str, object]:
    """Return what machines are told of an entry's source, rights and translation."""
    translated_by_machine = entry.mark is Mark.MACHINE and not entry.withdrawn
    return _given(
        {
            "mark": entry.mark.value,
            "source": _given(
                {
                    "id": entry.source_id,
                    "name": entry.source_name,
                    "url": entry.source_url,
                    "language": entry.source_language,
                    "original_url": entry.original_url,
                }
            ),
            "translators": list(entry.engines) if translated_by_machine else [],
            "digital_source_type": MACHINE_MADE if translated_by_machine else "",
            "rights": entry.rights,
            "image_credit": entry.image.credit if entry.image else "",
            "dated_by_first_sight": entry.dated_by_first_sight,
            "withdrawn": entry.withdrawn,
            "corrected": rfc3339(entry.corrected) if entry.corrected else "",
            "editions": [
                {"language": edition.language, "id": edition.url}
                for edition in entry.editions
                if edition.language != entry.language
            ],
        }
    )
