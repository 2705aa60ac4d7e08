"""Lead pictures of articles → files of our own, where a permission lets us.

Small sites are spared their readers' requests, and enclosures have true lengths. A picture stands in each
published tree whose readers see it, under a name made from its content, and goes when nobody does: when its
article is withdrawn, erased or shows another one, or when the permission ends.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlsplit

import structlog

from syndicator.errors import FetchError, PictureError, TooLargeError
from syndicator.formats.paths import IMAGES, image_path, is_image_path
from syndicator.model import Entry, Image, Publish, Source
from syndicator.ports import ImageFile, ImageState, Picture, Pictures, Published
from syndicator.steps.presence import is_gone
from syndicator.steps.press import Press

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Pictures fetched in one cycle: the rest has its turn in the next ones."""

FAILURES_OF_A_HOST = 2
"""After so many in a cycle a host is not asked for more."""

FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=10), timedelta(days=1)
MOST_REFUSALS = 3


def allowed(sources: Iterable[Source], now: datetime) -> list[str]:
    """Return the sources whose pictures may be published by ourselves now, by id."""
    return [one.id for one in sources if one.permitted(now) and one.publish is not Publish.TITLE]


def mirror(press: Press, trees: Sequence[Press]) -> None:
    """Fetch what is missing into the trees that show it, and take away what none of them shows any more.

    Nothing is fetched where the press has nobody to do so: what is missing stays at its site until then. An
    unreachable picture stops nothing: its article is published without, and it is tried again. Raises
    OutputError and StoreError.
    """
    sources = allowed(press.sources, press.now)
    feed_ids = [spec.id for spec in press.feeds]
    store = press.store
    store.note_images()
    store.drop_images(sources, feed_ids)
    _look_for(press, trees, sources)
    if press.pictures is not None:
        _fetch(press, trees, sources, press.pictures)
    for tree in trees:
        _fill(press, tree, trees, sources)
    for tree in trees:
        _clear(press, tree, sources)


def _fetch(press: Press, trees: Sequence[Press], sources: Collection[str], pictures: Pictures) -> None:
    """Fetch what was never fetched, or is due for another try."""
    store = press.store
    feed_ids = [spec.id for spec in press.feeds]
    failures: dict[str, int] = {}
    for image in store.images_to_fetch(sources, feed_ids, press.now, AT_ONCE):
        host = urlsplit(image.url).netloc
        if failures.get(host, 0) >= FAILURES_OF_A_HOST:
            continue
        known, data = _fetched(pictures, image, press.now)
        if known.error:
            log.info("picture not mirrored", url=image.url, error=known.error)
        if known.state is ImageState.WAITING:
            failures[host] = failures.get(host, 0) + 1
        store.record_image(known)
        if data:
            # To be read from there when the trees are put in order; none is published before that.
            _place(trees, known, data, sources)


def remove_pictures(trees: Sequence[Press]) -> None:
    """Take away what was mirrored before the operator decided otherwise."""
    for tree in trees:
        for path in _there(tree):
            tree.tree.remove(path)


def _place(trees: Sequence[Press], image: ImageFile, data: bytes, sources: Collection[str]) -> None:
    for tree in trees:
        if image.file in tree.store.image_files(sources, [spec.id for spec in tree.feeds]):
            tree.tree.write(image.file, data)


def _clear(press: Press, tree: Press, sources: Collection[str]) -> None:
    """Take away the pictures that a tree's readers do not see, once the other trees have theirs."""
    shown = press.store.image_files(sources, [spec.id for spec in tree.feeds])
    for path in sorted(_there(tree) - set(shown)):
        tree.tree.remove(path)


def _fill(press: Press, tree: Press, trees: Sequence[Press], sources: Collection[str]) -> None:
    """Let a tree hold the pictures that its readers see, where another one has them."""
    shown = press.store.image_files(sources, [spec.id for spec in tree.feeds])
    for path in sorted(set(shown) - _there(tree)):
        holder = next((other for other in trees if other.tree.exists(path)), None)
        if holder is not None:
            tree.tree.write(path, holder.tree.read(path))


def _there(tree: Press) -> set[str]:
    """Return the pictures in a tree; files of other names in that folder are the operator's own."""
    return {path for path in tree.tree.paths(IMAGES) if is_image_path(path)}


def _look_for(press: Press, trees: Sequence[Press], sources: Collection[str]) -> None:
    """Let pictures be fetched anew whose files are in no tree any more: it was cleared, or another one."""
    there = set().union(*map(_there, trees))
    shown = press.store.image_files(sources, [spec.id for spec in press.feeds])
    lost = [url for path, url in shown.items() if path not in there]
    for one in press.store.images(lost).values():
        press.store.record_image(replace(one, state=ImageState.WAITING, file="", retry_at=press.now))


def _fetched(pictures: Pictures, image: ImageFile, now: datetime) -> tuple[ImageFile, bytes]:
    try:
        picture = pictures.picture(image.url)
    except PictureError as error:
        # It may have been a page that says sorry: the address is tried twice more.
        attempts = image.attempts + 1
        retry_at = now + LONGEST_RETRY if attempts < MOST_REFUSALS else None
        refused = ImageFile(
            image.url, ImageState.REFUSED, error=str(error), attempts=attempts, retry_at=retry_at
        )
        return refused, b""
    except TooLargeError as error:
        return ImageFile(image.url, ImageState.ORIGINAL, error=str(error)), b""
    except FetchError as error:
        attempts = image.attempts + 1
        pause = min(FIRST_RETRY * (1 << min(attempts - 1, 10)), LONGEST_RETRY)
        gone = is_gone(error)
        state = ImageState.REFUSED if gone else ImageState.WAITING
        known = ImageFile(
            image.url,
            state,
            error=str(error),
            attempts=attempts,
            retry_at=now + (LONGEST_RETRY if gone else pause),
        )
        return known, b""
    if not picture.data:
        kept = ImageFile(
            image.url,
            ImageState.ORIGINAL,
            media_type=picture.came_as,
            length=picture.length,
            error=picture.problem,
        )
        return kept, b""
    return _mirrored(image.url, picture), picture.data


def is_whole(path: str, data: bytes) -> bool:
    """Whether a file is the picture that its name was made from."""
    return path == image_path(hashlib.sha256(data).hexdigest(), path.rpartition(".")[2])


def _mirrored(url: str, picture: Picture) -> ImageFile:
    return ImageFile(
        url,
        ImageState.MIRRORED,
        file=image_path(hashlib.sha256(picture.data).hexdigest(), picture.ending),
        media_type=picture.media_type,
        length=len(picture.data),
        credit=picture.credit,
    )


@dataclass(frozen=True, slots=True)
class Gallery:
    """What is known of some articles' pictures."""

    known: Mapping[str, ImageFile]
    sources: frozenset[str]  # whose pictures may be published by ourselves
    base_url: str

    def hung(self, entry: Entry) -> Entry:
        """Return an entry with the picture that its readers get: ours, its site's own, or none."""
        image = entry.image
        if image is None or entry.source_id not in self.sources:
            return entry
        found = self.known.get(image.url)
        if found is None or found.state is ImageState.WAITING:
            return replace(entry, image=replace(image, length=None))  # what a feed claims is no true length
        if found.state is ImageState.REFUSED:
            return replace(entry, image=None)
        if found.state is ImageState.ORIGINAL:
            media_type = found.media_type or image.media_type
            return replace(entry, image=replace(image, media_type=media_type, length=found.length))
        ours = Image(
            url=self.base_url + found.file,
            alt=image.alt,
            caption=image.caption,
            credit=image.credit or found.credit,
            media_type=found.media_type,
            length=found.length,
        )
        return replace(
            entry,
            image=ours,
            body=_repointed(entry.body, image.url, ours.url),
            original_body=_repointed(entry.original_body, image.url, ours.url),
        )


def _repointed(body: str, theirs: str, ours: str) -> str:
    """Return HTML that shows our copy of a picture where it showed the site's."""
    for written in (escape(theirs), theirs):
        body = body.replace(f'src="{written}"', f'src="{escape(ours)}"')
    return body


def gallery(press: Press, found: Iterable[Published]) -> Gallery:
    """Return what is known of the pictures of some articles; nothing where none are mirrored."""
    if not press.mirrors:
        return Gallery({}, frozenset(), "")
    urls = {one.rendition.image.url for one in found if one.rendition.image}
    sources = frozenset(allowed(press.sources, press.now))
    return Gallery(press.store.images(urls), sources, press.site.base_url)
