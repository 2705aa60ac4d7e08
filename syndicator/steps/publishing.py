"""Finished renditions → feeds on disk."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from syndicator.errors import RenderError
from syndicator.extract.identity import matches
from syndicator.formats.embed import render_embed
from syndicator.formats.index import render_index
from syndicator.formats.opml import render_opml
from syndicator.formats.paths import INDEX_PATH, OPML_PATH, embed_path, feed_path, feed_url
from syndicator.formats.render import render_feed
from syndicator.model import Edition, Entry, Feed, FeedSpec, Notice, Site, Source
from syndicator.ports import Announcement, FeedFile, Hubs, Published, Store, Tree
from syndicator.steps.announcing import announce
from syndicator.text.addresses import ascii_url
from syndicator.text.languages import localized
from syndicator.translation.excerpt import excerpt

STAY = timedelta(hours=48)  # importers look twice a day: an entry must not come and go between two looks
MINUTES_TO_LIVE = 30
NEVER = datetime.min.replace(tzinfo=UTC)
# feedgen sets the process's locale while it writes a date, and one cycle must not publish over another.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Press:
    """Where and under what names things are published."""

    store: Store
    tree: Tree
    site: Site
    sources: tuple[Source, ...]
    feeds: tuple[FeedSpec, ...]
    notices: Mapping[str, Notice]  # the words around texts, by language
    version: str  # of the program: a new one may write the same feed differently
    now: datetime
    hubs: Hubs | None = None  # None: nobody to tell the hubs


def publish(press: Press) -> int:
    """Bring the published tree up to date, then tell the hubs; return how many feed files changed.

    Raises OutputError at once, and RenderError after every other feed is written.
    """
    written, broken = _published(press)
    if press.hubs is not None:
        announce(press.store, press.hubs, press.site.hubs, press.now)
    if broken:
        raise broken[0]
    return written


def _published(press: Press) -> tuple[int, list[RenderError]]:
    """Bring the published tree up to date; return how many feed files changed, and what broke."""
    with _one_at_a_time:
        built = []
        broken: list[RenderError] = []
        written = 0
        for spec in press.feeds:
            for language in spec.languages:
                feed, content = _built(press, spec, language)
                built.append(feed)
                try:
                    written += _write(press, spec, feed, content)
                except RenderError as error:
                    broken.append(error)
        press.tree.write(OPML_PATH, render_opml(press.site.title, built))
        press.tree.write(INDEX_PATH, render_index(press.site.title, built))
        return written, broken


def _built(press: Press, spec: FeedSpec, language: str) -> tuple[Feed, str]:
    """Return a feed as it stands now, dated by its last change, and the hash of what it says."""
    carried = {source.id: source for source in press.sources if not spec.sources or source.id in spec.sources}
    _enter(press, spec, language, carried)
    found = [
        published
        for published in press.store.entries(spec.id, language, carried, spec.limit, press.now - STAY)
        if _belongs(published, spec, carried[published.stored.source_id], press.now)
    ]
    before = press.store.feed_file(spec.id, language)
    undated = _feed(press, spec, language, _entries(press, found, language, carried))
    content = hashlib.sha256(repr((press.version, undated)).encode("utf-8", "surrogatepass")).hexdigest()
    unchanged = before is not None and before.content_hash == content
    # The feed's date is that of its last change, or its bytes would differ at every cycle.
    feed = replace(undated, updated=before.updated if before is not None and unchanged else press.now)
    return feed, content


def _write(press: Press, spec: FeedSpec, feed: Feed, content: str) -> int:
    """Write a feed in all its formats, or in none where one comes out broken; return how many files changed.

    Raises OutputError and RenderError.
    """
    before = press.store.feed_file(spec.id, feed.language)
    paths = {fmt: feed_path(spec.id, feed.language, fmt) for fmt in spec.formats}
    embedded = embed_path(spec.id, feed.language)
    changed = before is None or before.content_hash != content
    if not changed and all(map(press.tree.exists, (*paths.values(), embedded))):
        return 0
    rendered = {path: render_feed(feed, fmt) for fmt, path in paths.items()}
    written = sum(press.tree.write(path, data) for path, data in rendered.items())
    press.tree.write(embedded, render_embed(feed))
    # Noted together with what was written, so that no kill comes between the two.
    topics = [feed_url(feed, fmt) for fmt in spec.formats] if changed or written else []
    press.store.record_feed_file(
        FeedFile(spec.id, feed.language, len(feed.entries), content, feed.updated),
        [Announcement(hub, topic, press.now) for hub in feed.hubs for topic in topics],
    )
    return written


def _enter(press: Press, spec: FeedSpec, language: str, carried: Mapping[str, Source]) -> None:
    """Give finished articles their place in the feed; of those that come together, the oldest first."""
    fresh = [
        published
        for published in press.store.candidates(spec.id, language, carried)
        if _belongs(published, spec, carried[published.stored.source_id], press.now)
    ]
    fresh.sort(key=lambda published: (_dated(published), published.stored.article_id))
    if fresh:
        press.store.enter(spec.id, language, [one.stored.article_id for one in fresh], press.now)


def _belongs(published: Published, spec: FeedSpec, source: Source, now: datetime) -> bool:
    if published.stored.withdrawn:
        return True  # its entry stays, with a notice
    if source.permitted_until is not None and source.permitted_until <= now:
        return False
    article = published.stored.article
    tags = {tag.casefold() for tag in (*source.tags, *article.tags)}
    if spec.tags and not tags & {tag.casefold() for tag in spec.tags}:
        return False
    return not spec.match or matches(article, spec.match)


def _dated(published: Published) -> datetime:
    return published.stored.article.published or published.stored.first_seen


def _entries(
    press: Press, found: Sequence[Published], language: str, carried: Mapping[str, Source]
) -> Iterator[Entry]:
    languages = press.store.languages_of([one.stored.article_id for one in found])
    for one in found:
        others = languages.get(one.stored.article_id, ())
        yield _entry(press, one, language, carried[one.stored.source_id], others)


def _entry(
    press: Press, published: Published, language: str, source: Source, languages: Collection[str]
) -> Entry:
    stored, rendition = published.stored, published.rendition
    article = stored.article
    original_url = ascii_url(article.url)
    withdrawn = stored.withdrawn
    summary = rendition.summary or excerpt(rendition.body)
    editions = sorted(languages, key=lambda code: (code != article.language, code))
    return Entry(
        id=_entry_id(published.tag, language),
        language=language,
        title=rendition.title,
        summary="" if withdrawn else summary,
        body="" if withdrawn else rendition.body,
        url=original_url or press.site.base_url,
        original_url=original_url,
        source_id=source.id,
        source_name=localized(source.name, language),
        source_url=ascii_url(source.url),
        source_language=article.language,
        mark=rendition.mark,
        published=_dated(published),
        dated_by_first_sight=article.published is None,
        updated=published.updated,
        authors=rendition.authors,
        image=None if withdrawn else rendition.image,
        rights=localized(source.rights, language) or rendition.rights,
        tags=rendition.tags,
        engines=rendition.engines,
        editions=tuple(Edition(code, "", _entry_id(published.tag, code)) for code in editions),
        withdrawn=withdrawn,
        notice=press.notices.get(language),
    )


def _entry_id(tag: str, language: str) -> str:
    """Return an entry's id: the article's tag and the language (RFC 4151 §2.1 allows ``:`` within)."""
    return f"{tag}:{language}"


def _feed(press: Press, spec: FeedSpec, language: str, entries: Iterator[Entry]) -> Feed:
    site = press.site
    return Feed(
        id=spec.id,
        language=language,
        title=localized(spec.title, language),
        description=localized(spec.description, language) or localized(site.title, language),
        url=site.base_url,
        base_url=site.base_url,
        contact=site.contact,
        updated=NEVER,
        entries=tuple(entries),
        formats=spec.formats,
        funding=localized(site.funding, language),
        funding_image=site.funding_image,
        editions=tuple(
            Edition(code, localized(spec.title, code), f"{site.base_url}{code}/{spec.id}")
            for code in spec.languages
        ),
        ttl_minutes=MINUTES_TO_LIVE,
        hubs=site.hubs,
        notice=press.notices.get(language),
    )
