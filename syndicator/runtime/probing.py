"""``check`` beyond the config's own text: its memory and glossary files, and with ``--online`` the world."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from syndicator.errors import (
    DataFileError,
    EngineDownError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    OutputError,
    SourceError,
)
from syndicator.extract.feeds import read_feed
from syndicator.extract.listing import read_listing
from syndicator.extract.page import read_page
from syndicator.extract.reservation import reserved_by
from syndicator.extract.sitemap import read_sitemap
from syndicator.fetch.inbox import LocalInbox
from syndicator.model import FetchedDocument, Pair, Source, SourceKind
from syndicator.ports import Engine
from syndicator.runtime.build import Workshop, engine_of
from syndicator.runtime.trees import tree_of
from syndicator.settings.glossary import read_glossary
from syndicator.settings.scalars import Bucket
from syndicator.settings.schema import Settings
from syndicator.text.messages import tr
from syndicator.translation.check import check
from syndicator.translation.glossary import Glossary, overruled
from syndicator.translation.tmx import read_tmx

if TYPE_CHECKING:
    from syndicator.fetch.polite import PoliteFetcher

# A sentence that says something in any language: what comes back is judged like any other answer.
SAMPLES = {
    "bg": "Експертите се срещнаха в града, за да обсъдят новите идеи.",
    "en": "The experts met in the city to discuss the new ideas.",
    "it": "Gli esperti si sono incontrati in città per discutere le nuove idee.",
    "pt": "Os especialistas reuniram-se na cidade para discutir as novas ideias.",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying one thing."""

    what: str
    works: bool
    told: str


def data_file_problems(settings: Settings) -> list[str]:
    """Return the mistakes in the memory and glossary files, each with file and line."""
    problems: list[str] = []
    for path in settings.translation.glossary:
        try:
            read_glossary(path)
        except DataFileError as error:
            problems.extend(str(error).splitlines())
    for path in settings.translation.memory:
        try:
            read_tmx(Path(path).read_bytes(), str(path))
        except DataFileError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror))
    return problems


def glossary_remarks(settings: Settings) -> list[str]:
    """Return the terms that a later glossary file renders otherwise than an earlier one, which counts."""
    read: list[Glossary] = []
    paths = []
    for path in settings.translation.glossary:
        try:
            read.append(read_glossary(path))
            paths.append(path)
        except DataFileError:
            continue  # its mistakes are told by themselves
    return [
        tr(
            "{path}: “{form}” is “{rendering}” here, but {other} comes first and has “{counts}”",
            path=paths[found.later],
            form=found.form,
            rendering=found.rendering,
            other=paths[found.earlier],
            counts=found.counts,
        )
        for found in overruled(read)
    ]


def try_sources(workshop: Workshop) -> Iterator[Trial]:
    """Read every source once, storing nothing."""
    with workshop.fetcher() as fetcher:
        for source in workshop.sources:
            what = tr("source {id}", id=source.id)
            try:
                if source.kind is SourceKind.INBOX:
                    names = LocalInbox(workshop.settings.fetch.max_bytes).files(source.path)
                    yield Trial(
                        what, True, tr("{number} files in {path}", number=len(names), path=source.path)
                    )
                else:
                    document = fetcher.fetch(source.url, permitted=source.permitted(workshop.now))
                    told = _seen(workshop, source, document) + host_words(fetcher, document, source.url)
                    yield Trial(what, True, told)
            except SourceError as error:
                yield Trial(what, False, str(error))


def host_words(fetcher: "PoliteFetcher", document: FetchedDocument, url: str) -> str:
    """Return what robots.txt and reservations say of an address, for an operator."""
    word = fetcher.word(document.final_url)
    told = []
    if not word.allows(url):
        told.append(tr("robots.txt forbids it, a permission allows it"))
    if word.crawl_delay:
        told.append(tr("robots.txt asks for {seconds} s between requests", seconds=f"{word.crawl_delay:g}"))
    place = reserved_by(document, urlsplit(document.final_url).path or "/", word.rules)
    if place:
        told.append(tr("reserved from text and data mining ({place}), a permission allows it", place=place))
    return "".join(f"; {one}" for one in told)


def _seen(workshop: Workshop, source: Source, document: FetchedDocument) -> str:
    moved = (
        tr("; moved for good to {url}: correct the config", url=document.moved_to)
        if document.moved_to
        else ""
    )
    if source.kind is SourceKind.FEED:
        feed = read_feed(document, workshop.timezone)
        return tr("{number} articles in “{title}”", number=len(feed.items), title=feed.title) + moved
    if source.kind is SourceKind.LISTING:
        listing = read_listing(document, source.rules.links, source.rules.next)
        return tr("{number} links to articles", number=len(listing.links)) + moved
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(document, workshop.timezone)
        if sitemap.sitemaps:
            return tr("an index of {number} sitemaps", number=len(sitemap.sitemaps)) + moved
        return tr("a sitemap of {number} pages", number=len(sitemap.pages)) + moved
    article = read_page(document, source.rules, source.language, workshop.now, workshop.timezone)
    return tr("the article “{title}”", title=article.title) + moved


def try_storage(workshop: Workshop) -> Iterator[Trial]:
    """Write, read and remove a file where a store holds the published tree; a folder is not tried."""
    if not isinstance(workshop.settings.storage.feeds, Bucket):
        return
    from syndicator.output.s3 import S3Tree

    tree = tree_of(workshop.settings)
    assert isinstance(tree, S3Tree)
    what = tr("storage {place}", place=tree)
    try:
        told = tr("can be written, read and listed; {number} files", number=tree.try_out())
    except OutputError as error:
        yield Trial(what, False, str(error))
    else:
        yield Trial(what, True, told)


def try_engines(workshop: Workshop) -> Iterator[Trial]:
    """Ask every engine for one sentence in each pair that is configured."""
    languages = workshop.settings.languages
    pairs = [Pair(languages.source, target) for target in languages.targets if target != languages.source]
    for settings in workshop.settings.translation.engines:
        engine = engine_of(settings)
        for pair in pairs:
            what = tr("engine {id}, {pair}", id=engine.id, pair=pair)
            sample = SAMPLES.get(pair.source, SAMPLES["en"])
            try:
                if not engine.supports(pair):
                    yield _by_pivot(engine, pair, workshop.settings.translation.pivot)
                    continue
                answer = engine.translate([sample], pair)[0]
            except EngineError as error:
                yield Trial(what, False, str(error))
                if isinstance(error, EngineRefusedError | EngineDownError | EngineTimeoutError):
                    break  # a wrong key, a server that is not there: the other pairs would hear the same
                continue
            verdict = check(sample, answer, pair.source, pair.target)
            yield Trial(what, not verdict.blocks, str(verdict) if verdict.blocks else answer)


def _by_pivot(engine: Engine, pair: Pair, pivot: str) -> Trial:
    """Tell what use an engine is for a pair that it does not translate directly. Raises EngineError."""
    what = tr("engine {id}, {pair}", id=engine.id, pair=pair)
    if pivot in (pair.source, pair.target) or not engine.supports(Pair(pivot, pair.target)):
        text = tr(
            "it does not translate {pair}, nor from {pivot} into {target}; give this pair a route without it",
            pair=pair,
            pivot=pivot,
            target=pair.target,
        )
        return Trial(what, False, text)
    return Trial(what, True, tr("no direct model; goes by way of {pivot}", pivot=pivot))
