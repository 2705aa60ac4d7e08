"""Finished renditions → feeds on disk."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from threading import Lock

from syndicator.errors import RenderError
from syndicator.extract.filters import refusal
from syndicator.formats.clean import clean_feed
from syndicator.formats.index import render_index
from syndicator.formats.opml import render_opml
from syndicator.formats.paths import (
    INDEX_PATH,
    OPML_PATH,
    SEVERAL,
    landing_path,
)
from syndicator.model import (
    STAY,
    Content,
    Edition,
    Entry,
    Feed,
    FeedSpec,
    Mark,
    Publish,
)
from syndicator.ports import Published
from syndicator.steps.announcing import announce
from syndicator.steps.archiving import keep_archives
from syndicator.steps.entries import dated, entry_of, is_lapsed
from syndicator.steps.feed_files import FeedFiles
from syndicator.steps.pages import (
    is_new_tree,
    month_lists,
    write_article_pages,
    write_changed_pages,
    write_lists,
)
from syndicator.steps.picturing import Gallery, gallery, mirror, remove_pictures
from syndicator.steps.press import FeedEdition, Press
from syndicator.steps.realms import realms, remove_archives, remove_left_feeds, tidy
from syndicator.text.languages import localized

MINUTES_TO_LIVE = 30
LISTS_AHEAD = 20  # kept in memory until the feeds are written
NEVER = datetime.min.replace(tzinfo=UTC)
# feedgen sets the process's locale while it writes a date, and one cycle must not publish over another.
_one_at_a_time = Lock()


def publish(press: Press) -> int:
    """Bring the published tree up to date, then tell the hubs; return how many feed files changed.

    The pages come before the feeds that link to them, the lists after both.

    Raises OutputError at once, and RenderError after every other feed is written.
    """
    written, broken = _published(press)
    if press.hubs is not None:
        announce(press.store, press.hubs, press.site.hubs, press.now)
    if broken:
        raise broken[0]
    return written


def publish_ahead(press: Press, until: tuple[datetime, int], among: Collection[int] | None = None) -> None:
    """Give finished articles their places and pages before the rest is translated.

    Only where that comes to the same as doing it later: articles with near-duplicates wait for these, pages
    with pictures of our own for the pictures, and a tree that must be written anew for everything.
    ``until``: date and row id of the first article that is not meant, in the order of the feeds. ``among``:
    only these articles; None: all. Raises OutputError and StoreError.
    """
    with _one_at_a_time:
        public = next(realms(press))
        if press.mirrors or is_new_tree(public):
            return
        entered: set[int] = set()
        for spec in press.feeds:
            for edition in _editions(press, spec):
                entered.update(_enter(edition, among, until))
        if entered:
            write_changed_pages(public, entered)


def _published(press: Press) -> tuple[int, list[RenderError]]:
    """Bring all published trees up to date; return how many feed files changed, and what broke."""
    with _one_at_a_time:
        for spec in press.feeds:
            for edition in _editions(press, spec):
                _enter(edition)
        # First: what somebody may not read any more does not wait for the rest.
        tidy(press)
        trees = list(realms(press))
        for tree in trees:
            remove_left_feeds(tree, [(spec.id, code) for spec in tree.feeds for code in _codes(spec)])
        written = 0
        broken: list[RenderError] = []
        private = [spec.id for spec in press.feeds if spec.private]
        if press.mirrors:
            mirror(press, trees)
        else:
            remove_pictures(trees)
        for tree in trees:
            written += _publish_tree(tree, private, broken)
        return written, broken


def _publish_tree(press: Press, private: Collection[str], broken: list[RenderError]) -> int:
    """Bring one tree up to date; return how many feed files changed. ``broken`` gets what could not be."""
    built = []
    written = 0
    write_article_pages(press, private)
    with FeedFiles(press) as files:
        for spec in press.feeds:
            editions = _editions(press, spec)
            archives = [_keep_archives(edition, broken) for edition in editions]
            written += sum(changed for _, changed in archives)
            for feed, content in _built(press, spec, editions, [newest for newest, _ in archives]):
                built.append(feed)
                try:
                    files.write(spec, feed, content)
                except RenderError as error:
                    broken.append(error)
        lists = month_lists(press)
        ready = list(islice(lists, LISTS_AHEAD))  # while the last feed is compressed
    press.tree.write(OPML_PATH, render_opml(press.site.title, built))
    write_lists(press, chain(ready, lists), built)
    press.tree.write(INDEX_PATH, render_index(press.site.title, built, private=bool(press.realm)))
    return written + files.written


def _codes(spec: FeedSpec) -> tuple[str, ...]:
    """Return the languages in the addresses of a feed's files."""
    return (SEVERAL,) if spec.combined else spec.languages


def _keep_archives(edition: FeedEdition, broken: list[RenderError]) -> tuple[int, int]:
    """Bring an edition's archive documents up to date; return the newest one's number, and what changed."""
    if not edition.spec.archives or edition.spec.combined:
        remove_archives(edition.press, edition.spec.id, edition.language)
        return 0, 0
    bare = feed_of(edition.press, edition.spec, edition.language, iter(()))
    bare = replace(bare, editions=(), hubs=())

    def entries(found: Sequence[Published]) -> list[Entry]:
        # Without the other languages, or a page that is complete would change when one more is finished.
        there = [one for one in found if _belongs(edition, one)]
        hung = gallery(edition.press, there)
        return [_entry(edition, one, (), hung) for one in there]

    return keep_archives(edition, bare, entries, broken)


def _editions(press: Press, spec: FeedSpec) -> list[FeedEdition]:
    carried = {source.id: source for source in press.sources if not spec.sources or source.id in spec.sources}
    renewed = press.store.renewals(
        {key: is_lapsed(one, press.now) for key, one in carried.items()}, press.now
    )
    return [FeedEdition(press, spec, language, carried, renewed) for language in spec.languages]


def _built(
    press: Press, spec: FeedSpec, editions: Sequence[FeedEdition], archives: Sequence[int]
) -> Iterator[tuple[Feed, str]]:
    """Yield the files of a feed as they stand now, each with the hash of what it says.

    ``archives`` are the numbers of the editions' newest archive documents.
    """
    found = {edition.language: _found(edition) for edition in editions}
    if spec.combined:
        yield _dated_feed(press, spec, SEVERAL, _merged(press, spec, editions, found))
        return
    for edition, newest in zip(editions, archives, strict=True):
        entries = _entries(edition, found[edition.language])
        yield _dated_feed(press, spec, edition.language, entries, newest)


def _found(edition: FeedEdition) -> list[Published]:
    """Return what stands in an edition, the last that entered first."""
    press, spec, language = edition.press, edition.spec, edition.language
    entered = press.store.entries(spec.id, language, edition.carried, spec.limit, press.now - STAY)
    there = [one for one in entered if _belongs(edition, one)]
    behind = _behind(edition, there)
    return [one for one in there if one.stored.article_id not in behind]


def _merged(
    press: Press,
    spec: FeedSpec,
    editions: Sequence[FeedEdition],
    found: Mapping[str, Sequence[Published]],
) -> Iterator[Entry]:
    """Yield the entries of all languages, the last that entered first, an article's languages together."""
    order = list(spec.languages)
    all_found = [one for of_language in found.values() for one in of_language]
    all_found.sort(
        key=lambda one: (
            -(one.entered or press.now).timestamp(),
            -dated(one).timestamp(),
            -one.stored.article_id,
            order.index(one.rendition.language),
        )
    )
    since = press.now - STAY
    kept = [one for at, one in enumerate(all_found) if at < spec.limit or (one.entered or press.now) >= since]
    by_language = {
        edition.language: _entries(
            edition, [one for one in kept if one.rendition.language == edition.language]
        )
        for edition in editions
    }
    for one in kept:
        yield next(by_language[one.rendition.language])


def _dated_feed(
    press: Press, spec: FeedSpec, language: str, entries: Iterator[Entry], newest_archive: int = 0
) -> tuple[Feed, str]:
    """Return a feed dated by its last change, and the hash of what it says."""
    before = press.store.feed_file(spec.id, language)
    undated = replace(feed_of(press, spec, language, entries), older=newest_archive)
    content = hashlib.sha256(repr((press.version, undated)).encode("utf-8", "surrogatepass")).hexdigest()
    unchanged = before is not None and before.content_hash == content
    # The feed's date is that of its last change, or its bytes would differ at every cycle.
    feed = replace(undated, updated=before.updated if before is not None and unchanged else press.now)
    return clean_feed(feed), content  # once for all formats and lists


def _enter(
    edition: FeedEdition, among: Collection[int] | None = None, until: tuple[datetime, int] | None = None
) -> list[int]:
    """Give finished articles their place in the feed; of those that come together, the oldest first.

    ``among``: only of these. ``until``: only what comes before and has no near-duplicates. Returns which did.
    """
    press, spec, language = edition.press, edition.spec, edition.language
    fresh = [
        one
        for one in press.store.candidates(spec.id, language, edition.carried, among)
        if _belongs(edition, one) and not is_lapsed(edition.carried[one.stored.source_id], press.now)
    ]
    if until is not None:
        fresh = [one for one in fresh if _order(one) < until and not one.stored.family]
    behind = _behind(edition, fresh)
    leading = [one for one in fresh if one.stored.article_id not in behind]
    leading.sort(key=_order)
    entered = [one.stored.article_id for one in leading]
    if entered:
        press.store.enter(spec.id, language, entered, press.now)
    return entered


def _order(published: Published) -> tuple[datetime, int]:
    return dated(published), published.stored.article_id


def _behind(edition: FeedEdition, found: Sequence[Published]) -> frozenset[int]:
    """Return the articles that stay out because a near-duplicate leads: row ids.

    Who stands in the feed already leads: entries do not come and go. Among newcomers the source's priority
    decides, then which was published first.
    """
    families = {one.stored.family for one in found if one.stored.family}
    relatives: dict[str, list[Published]] = {}
    for one in edition.press.store.relatives(edition.spec.id, edition.language, families):
        source = edition.carried.get(one.stored.source_id)
        if source is not None and _belongs(edition, one) and not is_lapsed(source, edition.press.now):
            relatives.setdefault(one.stored.family, []).append(one)
    behind: set[int] = set()
    for members in relatives.values():
        members.sort(
            key=lambda one: (
                one.entered is None,
                -edition.carried[one.stored.source_id].priority,
                dated(one),
                one.stored.article_id,
            )
        )
        behind.update(one.stored.article_id for one in members[1:])
    return frozenset(behind)


def _belongs(edition: FeedEdition, published: Published) -> bool:
    if published.stored.withdrawn:
        return True  # its entry stays, with a notice
    spec, article = edition.spec, published.stored.article
    source = edition.carried[published.stored.source_id]
    tags = {tag.casefold() for tag in (*source.tags, *article.tags)}
    if spec.tags and not tags & {tag.casefold() for tag in spec.tags}:
        return False
    return not refusal(
        article,
        dated(published),
        edition.press.now,
        match=spec.match,
        max_age=spec.max_age,
        min_length=spec.min_length,
    )


def _entries(edition: FeedEdition, found: Sequence[Published]) -> Iterator[Entry]:
    languages = edition.press.store.languages_of([one.stored.article_id for one in found])
    hung = gallery(edition.press, found)
    for one in found:
        yield _entry(edition, one, languages.get(one.stored.article_id, ()), hung)


def _entry(edition: FeedEdition, published: Published, languages: Collection[str], hung: Gallery) -> Entry:
    press, spec = edition.press, edition.spec
    source = edition.carried[published.stored.source_id]
    entry = entry_of(
        published, edition.language, source, languages, press.site, press.notices, press.now, press.words
    )
    is_full = spec.content is Content.FULL and source.publish is Publish.FULL
    shows_original = spec.bilingual and is_full and entry.mark is not Mark.ORIGINAL and not entry.withdrawn
    article = published.stored.article
    shown = replace(
        entry,
        updated=_updated(edition, published),
        body=entry.body if spec.content is Content.FULL else "",
        original_title=article.title if shows_original else "",
        original_body=article.body if shows_original else "",
    )
    return hung.hung(shown)


def _updated(edition: FeedEdition, published: Published) -> datetime:
    """Return when what readers see of an entry last changed, be it by a permission's end or renewal."""
    source = edition.carried[published.stored.source_id]
    if is_lapsed(source, edition.press.now) and source.permitted_until is not None:
        return max(published.updated, source.permitted_until)
    renewed = edition.renewed.get(source.id)
    if renewed is not None and published.entered is not None and published.entered < renewed:
        return max(published.updated, renewed)
    return published.updated


def feed_of(press: Press, spec: FeedSpec, language: str, entries: Iterator[Entry]) -> Feed:
    """Return a feed that is not dated yet."""
    site = press.site
    speaks = spec.languages[0] if language == SEVERAL else language
    return Feed(
        id=spec.id,
        language=language,
        title=localized(spec.title, speaks),
        description=localized(spec.description, speaks) or localized(site.title, speaks),
        url=f"{site.base_url}{landing_path(speaks)}",
        base_url=site.base_url,
        contact=site.contact,
        updated=NEVER,
        entries=tuple(entries),
        formats=spec.formats,
        funding=localized(site.funding, speaks),
        funding_image=site.funding_image,
        editions=tuple(
            Edition(code, localized(spec.title, code), f"{site.base_url}{code}/{spec.id}")
            for code in (() if spec.combined else spec.languages)
        ),
        ttl_minutes=MINUTES_TO_LIVE,
        hubs=site.hubs,
        notice=press.notices.get(language),
    )
