"""The published trees: the public one, and one for each token that opens private feeds.

A token's tree lies under ``private/TOKEN/`` and is whole in itself: its feeds, pages, lists and assets have
their addresses below it, and nothing outside of it names one of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from syndicator.formats.paths import (
    MEDIA_TYPES,
    PRIVATE,
    archive_path,
    embed_path,
    feed_path,
    private_folder,
)
from syndicator.model import FeedSpec, Source
from syndicator.ports import FeedFile, FeedToken, Ready, Tree
from syndicator.steps.press import Press


@dataclass(frozen=True, slots=True)
class Below:
    """A folder of a published tree as a tree of its own (the port :class:`~syndicator.ports.Tree`)."""

    tree: Tree
    folder: str  # ends in "/"

    def write(self, path: str, data: bytes) -> bool:
        """See the port."""
        return self.tree.write(self.folder + path, data)

    def ready(self, path: str, data: bytes) -> Ready:
        """See the port."""
        return self.tree.ready(self.folder + path, data)

    def write_all(self, files: Mapping[str, bytes | Ready]) -> int:
        """See the port."""
        return self.tree.write_all({self.folder + path: data for path, data in files.items()})

    def read(self, path: str) -> bytes:
        """See the port."""
        return self.tree.read(self.folder + path)

    def exists(self, path: str) -> bool:
        """See the port."""
        return self.tree.exists(self.folder + path)

    def remove(self, path: str) -> bool:
        """See the port."""
        return self.tree.remove(self.folder + path)

    def paths(self, below: str = "") -> Sequence[str]:
        """See the port."""
        found = self.tree.paths((self.folder + below).rstrip("/"))
        return [path.removeprefix(self.folder) for path in found]

    def folders(self, path: str) -> Sequence[str]:
        """See the port."""
        return self.tree.folders(self.folder + path)


def open_tokens(press: Press) -> dict[str, FeedToken]:
    """Return the tokens that open a feed now, by themselves."""
    return {
        one.token: one
        for one in press.store.feed_tokens()
        if one.revoked is None and opened(press.feeds, one)
    }


def opened(feeds: Sequence[FeedSpec], token: FeedToken) -> tuple[FeedSpec, ...]:
    """Return the private feeds that a token opens."""
    return tuple(spec for spec in feeds if spec.private and token.feed_id in {"", spec.id})


def realms(press: Press) -> Iterator[Press]:
    """Yield what publishes the public tree, then what publishes each token's."""
    public = tuple(spec for spec in press.feeds if not spec.private)
    yield replace(press, feeds=public)
    sources = tuple(_unlisted(source) for source in press.sources)
    for token in open_tokens(press).values():
        folder = private_folder(token.token)
        yield replace(
            press,
            store=press.store.within(token.number),
            tree=Below(press.tree, folder),
            feeds=opened(press.feeds, token),
            sources=sources,
            site=replace(press.site, base_url=press.site.base_url + folder, index_pages=False, hubs=()),
            realm=token.number,
        )


def _unlisted(source: Source) -> Source:
    return replace(source, index_pages=False)


def tidy(press: Press) -> None:
    """Take away the trees of tokens that open nothing any more, and what is remembered of them.

    That goes by what lies in the tree: a token that a restored database does not know has lost its tree, too.
    """
    tokens = open_tokens(press)
    for name in press.tree.folders(PRIVATE):
        if name not in tokens:
            for path in press.tree.paths(f"{PRIVATE}/{name}"):
                press.tree.remove(path)
    press.store.leave_realms([token.number for token in tokens.values()])


def remove_left_feeds(press: Press, kept: Sequence[tuple[str, str]]) -> None:
    """Take away the files of feeds that are no longer published in this tree: ``kept`` has id and language.

    What became private, or was deleted from the config, would else stay as it was, erased articles included.
    """
    for file in press.store.feed_files():
        if (file.feed_id, file.language) not in kept:
            _remove(press, file)
            press.store.drop_feed_file(file.feed_id, file.language)


def _remove(press: Press, file: FeedFile) -> None:
    for fmt in MEDIA_TYPES:
        press.tree.remove(feed_path(file.feed_id, file.language, fmt))
    press.tree.remove(embed_path(file.feed_id, file.language))
    remove_archives(press, file.feed_id, file.language)


def remove_archives(press: Press, feed_id: str, language: str) -> None:
    """Take away the archive documents of a feed, and what is remembered of them."""
    known = press.store.archives(feed_id, language)
    for archive in known:
        for fmt in MEDIA_TYPES:
            press.tree.remove(archive_path(feed_id, language, archive.number, fmt))
    if known:
        press.store.drop_archives(feed_id, language)
