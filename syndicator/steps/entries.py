"""A finished rendition as an entry of feeds and the content of a page: the same in both."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType

from syndicator.extract.documents import is_file_name
from syndicator.formats.paths import page_path
from syndicator.model import Article, Attachment, Edition, Entry, Notice, PageWords, Publish, Site, Source
from syndicator.ports import Published
from syndicator.text.addresses import ascii_url
from syndicator.text.html import parse_html
from syndicator.text.languages import local_date, localized
from syndicator.text.page_words import words_for
from syndicator.translation.excerpt import excerpt

NO_WORDS: Mapping[str, PageWords] = MappingProxyType({})
MOST_EXCERPTS = 2000
_excerpts: dict[bytes, str] = {}


def entry_of(
    published: Published,
    language: str,
    source: Source,
    languages: Collection[str],
    site: Site,
    notices: Mapping[str, Notice],
    now: datetime,
    words: Mapping[str, PageWords] = NO_WORDS,
) -> Entry:
    """Return the entry, with no more of the text than its source lets readers see now.

    ``languages`` are those in which the article is finished. The entry links to our page, in the reader's
    language; the original's address stands beside it.
    """
    stored, rendition = published.stored, published.rendition
    article = stored.article
    publish = source.publish
    withdrawn = stored.withdrawn or is_lapsed(source, now)
    summary = "" if publish is Publish.TITLE else rendition.summary or _excerpt(rendition.body)
    corrected = None if withdrawn else published.corrected
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
        attachments=() if withdrawn or publish is not Publish.FULL else _attachments(article, rendition.body),
        engines=rendition.engines,
        editions=tuple(Edition(code, "", entry_id(published.tag, code)) for code in editions),
        withdrawn=withdrawn,
        notice=notices.get(language),
        corrected=corrected,
        correction=_correction(corrected, language, words) if corrected else "",
    )


def _excerpt(body: str) -> str:
    """Return the excerpt of a body, which pages, feeds and archives of several cycles ask for.

    It is kept by the body's hash: bodies may be large.
    """
    digest = blake2b(body.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    found = _excerpts.get(digest)
    if found is None:
        if len(_excerpts) >= MOST_EXCERPTS:
            _excerpts.clear()
        found = _excerpts[digest] = excerpt(body)
    return found


def _correction(corrected: datetime, language: str, words: Mapping[str, PageWords]) -> str:
    """Return the line that tells readers of a correction."""
    told = words.get(language) or words_for(language)
    return f"{told.corrected} {local_date(corrected, language)}"


def dated(published: Published) -> datetime:
    """Return when an article was published; when it was first seen where nobody says."""
    return published.stored.article.published or published.stored.first_seen


def entry_id(tag: str, language: str) -> str:
    """Return an entry's id: the article's tag and the language (RFC 4151 §2.1 allows ``:`` within)."""
    return f"{tag}:{language}"


def is_lapsed(source: Source, now: datetime) -> bool:
    """Whether full text was permitted and is no longer: then a notice stands in place of its articles."""
    ended = source.permitted_until is not None and source.permitted_until <= now
    return ended and source.publish is Publish.FULL


def _attachments(article: Article, body: str) -> tuple[Attachment, ...]:
    """Return the documents that an entry's body links to, titled by the words of their links there."""
    if not article.attachments or not body:
        return ()
    words = {
        link.get("href"): " ".join("".join(link.itertext()).split()) for link in parse_html(body).iter("a")
    }
    return tuple(
        one if is_file_name(one) else replace(one, title=words[one.url] or one.title)
        for one in article.attachments
        if one.url in words
    )
