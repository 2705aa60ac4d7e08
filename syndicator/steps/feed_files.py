"""The files of feeds in all their formats: one is compressed, and written, while the next is rendered.

Compressing takes longer than rendering does, and the interpreter's lock is free meanwhile.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Self

from syndicator.formats.embed import render_embed
from syndicator.formats.paths import embed_path, feed_path, feed_url
from syndicator.formats.render import render_feed
from syndicator.model import Feed, FeedSpec
from syndicator.ports import Announcement, FeedFile, Ready
from syndicator.steps.press import Press


class FeedFiles:
    """Writes the feeds of one tree, in the order in which they are given; a context.

    At most one feed's files wait to be written, so that however many feeds there are, two are in memory.
    """

    def __init__(self, press: Press) -> None:
        self.written = 0
        """How many files changed, of those that :meth:`finish` has waited for."""
        self._press = press
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="feeds")
        self._under_way: Future[int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if kind is None:
            self.finish()
        # A signal does not wait for a slow store.
        self._thread.shutdown(wait=kind is None or issubclass(kind, Exception), cancel_futures=True)

    def write(self, spec: FeedSpec, feed: Feed, content: str) -> None:
        """Write a feed in all its formats, or in none where one comes out broken.

        ``content`` is the hash of what it says. Raises RenderError, and what :meth:`finish` raises.
        """
        press = self._press
        before = press.store.feed_file(spec.id, feed.language)
        paths = {fmt: feed_path(spec.id, feed.language, fmt) for fmt in spec.formats}
        # A private feed has no page for frames: whoever shows one would show its address to everybody.
        embedded = "" if spec.private else embed_path(spec.id, feed.language)
        changed = before is None or before.content_hash != content
        there = [*paths.values(), embedded] if embedded else paths.values()
        if not changed and all(map(press.tree.exists, there)):
            return
        # Each format is compressed while the next is rendered.
        rendered = {
            path: self._thread.submit(press.tree.ready, path, render_feed(feed, fmt))
            for fmt, path in paths.items()
        }
        beside = {embedded: render_embed(feed)} if embedded else {}
        self.finish()
        put = partial(self._put, feed, rendered, beside, content, changed=changed)
        self._under_way = self._thread.submit(put)

    def finish(self) -> None:
        """Wait until all that was given is written. Raises OutputError and StoreError."""
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            self.written += under_way.result()

    def _put(
        self,
        feed: Feed,
        rendered: Mapping[str, Future[Ready]],
        beside: Mapping[str, bytes],
        content: str,
        *,
        changed: bool,
    ) -> int:
        """Write a feed's files and note that they are; return how many changed."""
        press = self._press
        written = press.tree.write_all({path: one.result() for path, one in rendered.items()})
        press.tree.write_all(beside)
        # Noted together with what was written, so that no kill comes between the two.
        topics = [feed_url(feed, fmt) for fmt in feed.formats] if changed or written else []
        press.store.record_feed_file(
            FeedFile(feed.id, feed.language, len(feed.entries), content, feed.updated),
            [Announcement(hub, topic, press.now) for hub in feed.hubs for topic in topics],
        )
        return written
