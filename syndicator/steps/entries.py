"""A finished rendition as an entry of feeds and the content of a page: the same in both."""

from collections.abc import Collection, Mapping
from datetime import datetime

from syndicator.formats.paths import page_path
from syndicator.model import Edition, Entry, Notice, Publish, Site, Source
from syndicator.ports import Published
from syndicator.text.addresses import ascii_url
from syndicator.text.languages import localized
from syndicator.translation.excerpt import excerpt


def entry_of(
    published: Published,
    language: str,
    source: Source,
    languages: Collection[str],
    site: Site,
    notices: Mapping[str, Notice],
    publish: Publish,
) -> Entry:
    """Return the entry, with no more of the text than ``publish`` lets readers see.

    ``languages`` are those in which the article is finished. The entry links to our page, in the reader's
    language; the original's address stands beside it.
    """
    stored, rendition = published.stored, published.rendition
    article = stored.article
    withdrawn = stored.withdrawn
    summary = "" if publish is Publish.TITLE else rendition.summary or excerpt(rendition.body)
    editions = sorted(languages, key=lambda code: (code != article.language, code))
    return Entry(
        id=entry_id(published.tag, language),
        language=language,
        title=rendition.title,
        summary="" if withdrawn else summary,
        body="" if withdrawn or publish is not Publish.FULL else rendition.body,
        url=f"{site.base_url}{page_path(stored.public_id, language)}",
        original_url=ascii_url(article.url),
        source_id=source.id,
        source_name=localized(source.name, language),
        source_url=ascii_url(source.url),
        source_language=article.language,
        mark=rendition.mark,
        published=dated(published),
        dated_by_first_sight=article.published is None,
        updated=published.updated,
        authors=rendition.authors,
        image=None if withdrawn or publish is Publish.TITLE else rendition.image,
        rights=localized(source.rights, language) or rendition.rights,
        tags=rendition.tags,
        engines=rendition.engines,
        editions=tuple(Edition(code, "", entry_id(published.tag, code)) for code in editions),
        withdrawn=withdrawn,
        notice=notices.get(language),
    )


def dated(published: Published) -> datetime:
    """Return when an article was published; when it was first seen where nobody says."""
    return published.stored.article.published or published.stored.first_seen


def entry_id(tag: str, language: str) -> str:
    """Return an entry's id: the article's tag and the language (RFC 4151 §2.1 allows ``:`` within)."""
    return f"{tag}:{language}"


def permitted(source: Source, now: datetime) -> Publish:
    """Return how much of its articles a source lets us show now: a title only after its permission ended."""
    ended = source.permitted_until is not None and source.permitted_until <= now
    return Publish.TITLE if ended else source.publish
