"""Archive documents of a feed (RFC 5005 §4): what leaves the feed stays where a new subscriber finds it.

Each holds the entries of a fixed range of places, decided once and remembered, so that nothing moves from one
document to another. It is made when its first entry leaves the feed, complete, and is written again only when
an entry in it is corrected, withdrawn or erased, when its source's terms change, and once to name the
document after it. Most corrections come while an entry is young and stands in the feed alone.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from syndicator.errors import RenderError
from syndicator.formats.clean import clean_feed
from syndicator.formats.pages.assets import assets
from syndicator.formats.paths import archive_path
from syndicator.formats.render import render_feed
from syndicator.model import STAY, Entry, Feed
from syndicator.ports import ArchiveFile, Published
from syndicator.steps.entries import is_lapsed
from syndicator.steps.press import FeedEdition

MOST = 50
"""Entries of an archive document; fewer where the feed itself holds fewer."""


def keep_archives(
    edition: FeedEdition,
    bare: Feed,
    entries: Callable[[Sequence[Published]], Sequence[Entry]],
    broken: list[RenderError],
) -> tuple[int, int]:
    """Bring an edition's archive documents up to date.

    Returns the number of the newest one (0: there is none), and how many files changed. ``bare`` is the feed
    without entries; ``entries`` makes them. ``broken`` gets what could not be rendered. Raises OutputError.
    """
    press, spec = edition.press, edition.spec
    known = [*press.store.archives(spec.id, edition.language)]
    made = _begun(edition, known)
    for archive in made:
        press.store.record_archive(archive)  # its range holds from here on, whatever happens next
    known += made
    stamps = press.store.archive_stamps(spec.id, edition.language) if known else {}
    shared = _shared(edition, bare)
    written = 0
    for at, archive in enumerate(known):
        newer = known[at + 1].number if at + 1 < len(known) else 0
        frame = hashlib.sha256(repr((shared, newer)).encode("utf-8", "surrogatepass")).hexdigest()
        stamp = stamps.get(archive.number, "")
        if (archive.frame, archive.stamp) == (frame, stamp):
            continue
        found = press.store.entries_between(spec.id, edition.language, edition.carried, archive.places)
        held = tuple(entries(found))
        feed = replace(
            bare,
            entries=held,
            # Of its entries alone: equal ones give equal bytes. One that lost them all keeps its date.
            updated=max((entry.updated for entry in held), default=archive.updated),
            archive=archive.number,
            older=known[at - 1].number if at else 0,
            newer=newer,
        )
        try:
            content, files = _write(edition, feed, archive)
        except RenderError as error:
            broken.append(error)
            continue
        written += files
        press.store.record_archive(
            replace(archive, frame=frame, stamp=stamp, content_hash=content, updated=feed.updated)
        )
    return (known[-1].number if known else 0), written


def _begun(edition: FeedEdition, known: Sequence[ArchiveFile]) -> list[ArchiveFile]:
    """Return new archive documents for what leaves the feed, and is in none."""
    press, spec = edition.press, edition.spec
    after = known[-1].places[1] if known else 0
    number = known[-1].number if known else 0
    standing = press.store.places_after(spec.id, edition.language, edition.carried, after)
    places = list(standing)
    young = sum(entered >= press.now - STAY for entered in standing.values())
    size = min(spec.limit, MOST)
    made = []
    while len(places) > max(spec.limit, young):
        number += 1
        last = places[size - 1]
        made.append(ArchiveFile(spec.id, edition.language, number, (after + 1, last), "", "", "", press.now))
        after = last
        del places[:size]
    return made


def _shared(edition: FeedEdition, bare: Feed) -> tuple[object, ...]:
    """Return what archive documents show, or hang on, beside their entries' articles."""
    press, spec = edition.press, edition.spec
    sources = [
        (
            (one.id, one.name, one.url, one.rights, one.publish, one.tags, is_lapsed(one, press.now)),
            press.mirrors and one.permitted(press.now),
        )
        for one in edition.carried.values()
    ]
    chosen = (spec.sources, spec.tags, spec.match, spec.min_length, spec.content, spec.bilingual)
    renewed = sorted(edition.renewed.items())
    words = press.words.get(edition.language)
    return press.version, assets().feed_style, bare, sources, chosen, renewed, words


def _write(edition: FeedEdition, feed: Feed, before: ArchiveFile) -> tuple[str, int]:
    """Write an archive document in all formats; return the hash of what it says, and how many files changed.

    Raises OutputError and RenderError.
    """
    tree = edition.press.tree
    told = (edition.press.version, assets().feed_style, feed)
    content = hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
    paths = {fmt: archive_path(feed.id, feed.language, feed.archive, fmt) for fmt in feed.formats}
    if before.content_hash == content and all(map(tree.exists, paths.values())):
        return content, 0
    cleaned = clean_feed(feed)  # once for all formats
    rendered = {path: render_feed(cleaned, fmt) for fmt, path in paths.items()}
    return content, tree.write_all(rendered)
