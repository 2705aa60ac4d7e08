"""Finished renditions → HTML pages on disk, and the lists in which readers find them.

What was written of each page is remembered, and a query tells what changed since: an edit in ten thousand
articles touches the pages of one article and the lists that name it.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from syndicator.formats.clean import clean_entry, clean_line
from syndicator.formats.pages.assets import assets, design
from syndicator.formats.pages.render import (
    render_article,
    render_landing,
    render_month,
    render_side,
    render_titles,
)
from syndicator.formats.pages.views import (
    ArticlePage,
    FeedLink,
    Headline,
    LandingPage,
    MonthPage,
    Original,
    SitePages,
    Version,
)
from syndicator.formats.paths import (
    MEDIA_TYPES,
    SEVERAL,
    feed_path,
    landing_path,
    month_path,
    page_path,
    side_path,
    titles_path,
)
from syndicator.model import Entry, Feed, Mark, Publish, Source
from syndicator.ports import Listed, PageFile, PageWork
from syndicator.steps.entries import entry_of, is_lapsed
from syndicator.steps.picturing import gallery
from syndicator.steps.press import Press
from syndicator.text.languages import localized
from syndicator.text.notices import notice_for
from syndicator.text.page_words import words_for

BATCH = 200  # pages between two commits
FILES_AT_ONCE = 20
NEWEST = 30  # articles on a landing page


@dataclass(frozen=True, slots=True)
class _Language:
    """All that the pages of one language share."""

    site: SitePages
    frames: Mapping[str, str]  # by source: hash of what its pages show beside their articles
    list_frame: str


def write_article_pages(press: Press, private: Collection[str] = ()) -> int:
    """Write the pages whose articles changed, and take away those of erased ones; return how many changed.

    They come before the feeds that link to them. ``private`` are the ids of feeds for holders of tokens: what
    stands in such a feed alone has no page in the public tree. Raises OutputError and StoreError.
    """
    if is_new_tree(press):
        press.store.forget_pages()
    for path, data in assets().files.items():
        press.tree.write(path, data)
    changed = 0
    feed_ids = [spec.id for spec in press.feeds]
    gone = [*press.store.orphaned_pages()]
    if press.realm or private:
        gone += press.store.misplaced_pages(feed_ids, None if press.realm else private)
    for page in gone:
        for path in (page_path(page.public_id, page.language), side_path(page.public_id, page.language)):
            changed += press.tree.remove(path)
        press.store.drop_page(page)
    return changed + write_changed_pages(press)


def write_changed_pages(press: Press, among: Collection[int] | None = None) -> int:
    """Write the pages of articles that changed (None: of all that did); return how many files changed.

    Raises OutputError and StoreError.
    """
    changed = 0
    feed_ids = [spec.id for spec in press.feeds]
    for language in _languages(press):
        about = _about(press, language)
        after = 0
        while work := press.store.stale_pages(language, feed_ids, about.frames, after, BATCH, among):
            written = []
            files: dict[str, bytes] = {}
            for one in work:
                page, fresh = _article_files(press, one, about)
                written.append(page)
                files |= fresh
                if len(files) >= FILES_AT_ONCE:
                    changed += press.tree.write_all(files)
                    files = {}
            changed += press.tree.write_all(files)
            press.store.record_pages(written)
            after = work[-1].published.stored.article_id
    return changed


def is_new_tree(press: Press) -> bool:
    """Whether the tree that was written before is gone, or another one is named: all must be written anew."""
    return any(not press.tree.exists(landing_path(language)) for language in _languages(press))


@dataclass(frozen=True, slots=True)
class MonthLists:
    """What is to be written of a month in one language."""

    language: str
    month: str
    frame: str
    files: Mapping[str, bytes]


def month_lists(press: Press) -> Iterator[MonthLists]:
    """Yield the lists by month that name a changed page; take away those of months that have none any more.

    Raises OutputError and StoreError.
    """
    sources = {source.id: source for source in press.sources}
    for language in _languages(press):
        _drop_empty_months(press, language)
        about = _about(press, language)
        months = list(press.store.months(language))
        for month in press.store.stale_months(language, about.list_frame):
            at = months.index(month)
            page = MonthPage(
                month=month,
                headlines=_headlines(press.store.listed(language, month), language, sources, about.site),
                newer=months[at - 1] if at else "",
                older=months[at + 1] if at + 1 < len(months) else "",
                indexed=press.site.index_pages,
            )
            files = {
                titles_path(language, month): render_titles(page, about.site),
                month_path(language, month): render_month(page, about.site),
            }
            yield MonthLists(language, month, about.list_frame, files)


def write_lists(press: Press, lists: Iterable[MonthLists], feeds: Sequence[Feed]) -> None:
    """Write lists by month, and each language's landing page.

    ``feeds`` are those that anybody may read, cleaned, as they were written. Raises OutputError and
    StoreError.
    """
    for one in lists:
        press.tree.write_all(one.files)
        press.store.record_month(one.language, one.month, one.frame)
    sources = {source.id: source for source in press.sources}
    for language in _languages(press):
        about = _about(press, language)
        landing = LandingPage(
            feeds=tuple(feed for feed in feeds if feed.language in (language, SEVERAL)),
            newest=_headlines(press.store.newest_pages(language, NEWEST), language, sources, about.site),
            months=tuple(press.store.months(language)),
        )
        press.tree.write(landing_path(language), render_landing(landing, about.site))


def _drop_empty_months(press: Press, language: str) -> None:
    """Take away the lists of months whose last article was erased."""
    for month in press.store.spoiled_months(language):
        if not press.store.has_listed(language, month):
            press.tree.remove(month_path(language, month))
            press.tree.remove(titles_path(language, month))
            press.store.drop_month(language, month)


def _languages(press: Press) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language for spec in press.feeds for language in spec.languages))


def _about(press: Press, language: str) -> _Language:
    site = press.site
    pages = SitePages(
        language=language,
        title=clean_line(localized(site.title, language)),
        base_url=site.base_url,
        notice=press.notices.get(language) or notice_for(language),
        words=press.words.get(language) or words_for(language),
        contact=site.contact,
        funding=clean_line(localized(site.funding, language)),
        funding_image=site.funding_image,
        languages=_languages(press),
        private=bool(press.realm),
        feeds=tuple(
            FeedLink(
                clean_line(localized(spec.title, language)),
                feed_path(spec.id, SEVERAL if spec.combined else language, spec.formats[0]),
                MEDIA_TYPES[spec.formats[0]],
            )
            for spec in press.feeds
            if language in spec.languages
        ),
    )
    # Which articles have pages in which languages hangs on the feeds, too: the pages link to each other.
    carried = [(spec.id, spec.languages, spec.sources, spec.tags, spec.match) for spec in press.feeds]
    shared = (press.version, design(), pages, carried, site.index_pages, press.mirrors)
    frames = {
        source.id: _hash(
            shared,
            source.name,
            source.url,
            source.rights,
            source.publish,
            is_lapsed(source, press.now),
            source.index_pages,
            press.mirrors and source.permitted(press.now),
        )
        for source in press.sources
    }
    # Every list names its neighbours, and a landing page all of them.
    months = press.store.months(language)
    return _Language(pages, frames, _hash(shared, [(one.id, one.name) for one in press.sources], months))


def _hash(*told: object) -> str:
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _hash_of(files: Mapping[str, bytes]) -> str:
    told = hashlib.sha256()
    for path, data in sorted(files.items()):
        told.update(f"{path} {len(data)} ".encode())
        told.update(data)
    return told.hexdigest()


def _article_files(press: Press, work: PageWork, about: _Language) -> tuple[PageFile, dict[str, bytes]]:
    """Return what to remember of an article's page, and the files to write, that beside the original first.

    None where they are as they were written before.
    """
    stored = work.published.stored
    language = about.site.language
    source = next(source for source in press.sources if source.id == stored.source_id)
    page = _page(press, work, source, language)
    article = render_article(page, about.site)
    files = {page_path(stored.public_id, language): article}
    before = work.before
    if page.original is not None:
        files[side_path(stored.public_id, language)] = render_side(page, about.site)
    elif before is not None and before.side:
        # An address once published stays; without a permission it shows what the article's own page shows.
        files[side_path(stored.public_id, language)] = article
    content = _hash_of(files)
    changed = before is None or before.content_hash != content
    file = PageFile(
        public_id=stored.public_id,
        language=language,
        source_id=source.id,
        month=f"{page.entry.published:%Y-%m}",
        published=page.entry.published,
        stamp=work.stamp,
        frame=about.frames[source.id],
        side=len(files) > 1,
        content_hash=content,
    )
    return file, dict(reversed(files.items())) if changed else {}


def _page(press: Press, work: PageWork, source: Source, language: str) -> ArticlePage:
    published = work.published
    stored = published.stored
    base_url = press.site.base_url
    told = entry_of(published, language, source, work.languages, press.site, press.notices, press.now)
    hung = gallery(press, [published])
    entry = clean_entry(hung.hung(replace(told, original_body=stored.article.body)), base_url)
    whole = source.publish is Publish.FULL
    is_translation = entry.mark is not Mark.ORIGINAL
    beside = is_translation and whole and not entry.withdrawn and bool(entry.body)
    article = stored.article
    original = Original(clean_line(article.title), article.summary, entry.original_body, article.language)
    indexed = press.site.index_pages if source.index_pages is None else source.index_pages
    return ArticlePage(
        entry=replace(entry, original_body=""),
        path=page_path(stored.public_id, language),
        side=side_path(stored.public_id, language) if beside else "",
        versions=_versions(work, entry, base_url),
        original=original if beside else None,
        corrected=None if entry.withdrawn else work.corrected,
        indexed=indexed,
        whole=whole,
    )


def _versions(work: PageWork, entry: Entry, base_url: str) -> tuple[Version, ...]:
    """Return the article's addresses in all languages, the original's first."""
    public_id = work.published.stored.public_id
    original = work.published.stored.article.language
    found = []
    if original not in work.languages and entry.original_url:
        found.append(Version(original, entry.original_url, ""))
    for language in sorted(work.languages, key=lambda code: (code != original, code)):
        path = page_path(public_id, language)
        found.append(Version(language, base_url + path, path))
    return tuple(found)


def _headlines(
    listed: Sequence[Listed], language: str, sources: Mapping[str, Source], site: SitePages
) -> tuple[Headline, ...]:
    marks = {Mark.ORIGINAL: "", Mark.MACHINE: site.notice.mark, Mark.REVIEWED: site.notice.reviewed_mark}
    found = []
    for one in listed:
        name = localized(sources[one.source_id].name, language) if one.source_id in sources else ""
        found.append(
            Headline(
                title=clean_line(one.title) or clean_line(one.summary) or name,
                path=page_path(one.public_id, language),
                published=one.published,
                source_name=name,
                mark=marks[one.mark].strip("[]"),
                withdrawn=one.withdrawn,
            )
        )
    return tuple(found)
