"""``doctor``: compares the state with what it should be, and mends what it can without losing anything.

What of the tree is right is not guessed: the whole of it is written once more into a folder of its own by the
very code that publishes, over a copy of the database, and the two are compared.
"""

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from syndicator.errors import LockHeldError, RenderError, StoreError, SyndicatorError
from syndicator.formats.paths import is_image_path, split_private, with_short_token
from syndicator.output.local import LocalTree
from syndicator.ports import Tree
from syndicator.runtime.build import Workshop, open_workshop
from syndicator.runtime.lock import worker_lock
from syndicator.runtime.once import press_of
from syndicator.runtime.trees import tree_of
from syndicator.settings.schema import Settings
from syndicator.steps.picturing import allowed, is_whole
from syndicator.steps.press import Press
from syndicator.steps.publishing import publish
from syndicator.store import erasing, orphans, tombstones
from syndicator.store.database import Database, copies_of, path_of
from syndicator.text.messages import tr

WAL_AT_MOST = 64 * 1024 * 1024  # bytes; SQLite starts over at 4 MB unless somebody reads for very long
_HANGS = 6 * 3600.0  # seconds: the longest pause between two polls after failures
_OLD = 3600.0  # seconds after which an unfinished file is nobody's
# What only publishing writes; an operator may have put other files into the tree.
_OURS = re.compile(r"[a-z-]{2,20}/(articles/.+|archive/.+|[^/]+\.(rss|atom|json|embed\.html))")


def _is_ours(path: str) -> bool:
    _, below = split_private(path)
    return _OURS.fullmatch(below) is not None or is_image_path(below)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    what: str  # "orphans", "tree", "integrity", "rights", "leftovers", "lock", "wal", "erasures"
    place: str
    told: str
    repaired: bool = False


@dataclass(slots=True)
class _Round:
    """One examination."""

    settings: Settings
    repair: bool
    now: datetime
    worker: str  # who holds the lock; "": nobody

    @property
    def database(self) -> Path:
        return path_of(self.settings.storage.database)

    @property
    def feeds(self) -> Path | None:
        """The folder of the published tree; none where it lies in a bucket."""
        feeds = self.settings.storage.feeds
        return feeds if isinstance(feeds, Path) else None


def examine(settings: Settings, *, repair: bool = False, now: datetime | None = None) -> list[Finding]:
    """Return everything that is wrong; with ``repair`` it is mended where that is possible.

    A repair needs the worker's lock: raises LockHeldError. Raises StoreError where the database is so broken
    that nothing else can be told.
    """
    path = path_of(settings.storage.database)
    if not path.exists():
        raise StoreError(tr("{path}: there is no database yet; `syndicator once` makes it", path=path))
    moment = now or datetime.now(UTC)
    if repair:
        with worker_lock(path, "doctor"):
            return _without_tokens(_all(_Round(settings, True, moment, "")))
    held = ""
    try:
        with worker_lock(path, "doctor"):
            pass
    except LockHeldError as error:
        held = str(error)
    return _without_tokens(_all(_Round(settings, False, moment, held)))


def _without_tokens(found: Iterable[Finding]) -> list[Finding]:
    """Return findings that may be shown to anybody: a path in a private tree would open it."""
    return [replace(one, place=with_short_token(one.place), told=with_short_token(one.told)) for one in found]


def _all(round_: _Round) -> Iterator[Finding]:
    yield from _lock(round_)
    broken = list(_integrity(round_))
    yield from broken
    yield from _rights(round_)
    yield from _leftovers(round_)
    yield from _wal(round_)
    if not broken:
        yield from _orphans(round_)
        yield from _erasures(round_)
        yield from _tree(round_)


def _lock(round_: _Round) -> Iterator[Finding]:
    """Look for a holder of the lock that has not touched the database for hours: it hangs."""
    if not round_.worker:
        return
    wal = round_.database.with_name(round_.database.name + "-wal")
    newest = max(path.stat().st_mtime for path in (round_.database, wal) if path.exists())
    silent = round_.now.timestamp() - newest
    if silent > _HANGS:
        told = tr(
            "{holder}; nothing was written for {hours} hours", holder=round_.worker, hours=int(silent / 3600)
        )
        yield Finding("lock", str(round_.database), told)


def _integrity(round_: _Round) -> Iterator[Finding]:
    try:
        connection = sqlite3.connect(round_.database, timeout=30)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
            if found != ["ok"] and round_.repair and all("index" in line for line in found):
                connection.execute("REINDEX")
                again = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
                for line in found:
                    yield Finding("integrity", str(round_.database), line, repaired=again == ["ok"])
                return
        finally:
            connection.close()
    except sqlite3.Error as error:
        found = [str(error)]
    if found != ["ok"]:
        for line in found:
            told = tr("{reason}: restore a backup with `syndicator restore FILE`", reason=line)
            yield Finding("integrity", str(round_.database), told)


def _rights(round_: _Round) -> Iterator[Finding]:
    """Look for what the database's owner cannot write, and what readers of the tree cannot read."""
    owner = round_.database.stat().st_uid
    if round_.database.stat().st_mode & 0o007:
        yield _mended(
            round_,
            Finding("rights", str(round_.database), tr("everybody may read or write the database")),
            lambda: round_.database.chmod(0o640),
        )
    state = [
        round_.database.with_name(round_.database.name + end) for end in ("-wal", "-shm", ".lock", ".erased")
    ]
    for path in [*state, *copies_of(round_.database), *_walk(round_.feeds)]:
        try:
            status = path.lstat()
        except OSError:
            continue
        if status.st_uid != owner:
            yield _mended(
                round_,
                Finding("rights", str(path), tr("belongs to another user than the database")),
                lambda path=path: os.chown(path, owner, -1, follow_symlinks=False),  # type: ignore[misc]
            )
        if round_.feeds and path.is_relative_to(round_.feeds) and not path.is_symlink():
            wanted = 0o755 if path.is_dir() else 0o644
            if status.st_mode & 0o044 != 0o044 and not path.name.startswith("."):
                yield _mended(
                    round_,
                    Finding("rights", str(path), tr("a web server under another user cannot read it")),
                    lambda path=path, wanted=wanted: path.chmod(wanted),  # type: ignore[misc]
                )


def _walk(root: Path | None) -> Iterator[Path]:
    if root and root.is_dir():
        yield root
        for folder, folders, names in os.walk(root):
            yield from (Path(folder, name) for name in (*folders, *names))


def _leftovers(round_: _Round) -> Iterator[Finding]:
    """Look for unfinished files and folders that a kill left behind; young ones may be somebody's at work."""
    beside = [one for one in round_.database.parent.glob(".syndicator-*") if one.is_dir()]
    parts = list(round_.database.parent.glob(f"{round_.database.name}.before-*.part"))
    inside = [one for one in _walk(round_.feeds) if one.name.startswith(".syndicator-") and one.is_file()]
    for path in (*beside, *parts, *inside):
        try:
            age = round_.now.timestamp() - path.stat().st_mtime
        except OSError:
            continue
        if age < _OLD:
            continue
        remove: Callable[[], None] = (
            (lambda path=path: shutil.rmtree(path)) if path.is_dir() else (lambda path=path: path.unlink())  # type: ignore[misc]
        )
        yield _mended(
            round_,
            Finding("leftovers", str(path), tr("was left unfinished by a process that was killed")),
            remove,
        )


def _wal(round_: _Round) -> Iterator[Finding]:
    wal = round_.database.with_name(round_.database.name + "-wal")
    try:
        size = wal.stat().st_size
    except FileNotFoundError:
        return
    if size <= WAL_AT_MOST:
        return
    finding = Finding("wal", str(wal), tr("{size} MB: never shrank", size=size // (1024 * 1024)))

    def empty() -> None:
        with Database(f"sqlite:///{round_.database}") as database:
            if not database.empty_wal():
                raise StoreError(tr("somebody reads the database; end that program"))

    yield _mended(round_, finding, empty)


def _orphans(round_: _Round) -> Iterator[Finding]:
    with Database(f"sqlite:///{round_.database}") as database:
        with database.reading() as connection:
            found = orphans.count(connection)
        for table, number in found.items():
            told = tr("{number} rows belong to nothing", number=number)

            def remove(table: str = table) -> None:
                with database.writing() as connection:
                    orphans.remove(connection, table)

            yield _mended(round_, Finding("orphans", table, told), remove)


def _erasures(round_: _Round) -> Iterator[Finding]:
    """Look whether the list of erasures beside the database says what its table says."""
    path = tombstones.path_beside(round_.database)
    with Database(f"sqlite:///{round_.database}") as database:
        with database.reading() as connection:
            in_table = orphans.erasures_of(connection)
        lacking = len(in_table.keys() - tombstones.read(path).keys())
        if lacking:
            told = tr("lacks {number} erasures that a restore would have to know", number=lacking)

            def tell() -> None:
                erasing.tell_erasures(database)

            yield _mended(round_, Finding("erasures", str(path), told), tell)


def _tree(round_: _Round) -> Iterator[Finding]:
    """Compare the tree with what publishing would make of the database as it is."""
    if round_.feeds and not round_.feeds.is_dir():
        yield Finding("tree", str(round_.feeds), tr("nothing was published yet; `syndicator once` does it"))
        return
    wrong = _differing(round_)
    real = tree_of(round_.settings)
    if wrong and round_.repair:
        for path, kind in wrong.items():
            if kind in ("altered", "unknown"):
                real.remove(path)
        with open_workshop(round_.settings, round_.now) as workshop:
            for realm in (0, *(one.number for one in workshop.store.feed_tokens())):
                workshop.store.within(realm).forget_pages()
            publish(_quiet_press(workshop, real))
        left = _differing(round_)
    else:
        left = wrong
    words = {
        "missing": tr("is missing"),
        "altered": tr("is not what was published"),
        "unknown": tr("was published by nobody"),
    }
    for path, kind in wrong.items():
        yield Finding("tree", path, words[kind], repaired=round_.repair and path not in left)


def _quiet_press(workshop: Workshop, tree: Tree) -> Press:
    """Return what publishing needs, without anybody to tell or to ask."""
    return replace(press_of(workshop, tree), hubs=None)


def _differing(round_: _Round) -> dict[str, str]:
    """Return the paths that differ from a tree written anew: ``missing``, ``altered`` or ``unknown``."""
    with tempfile.TemporaryDirectory(prefix=".syndicator-", dir=round_.database.parent) as folder:
        copy = Path(folder, "state.db")
        with Database(f"sqlite:///{round_.database}") as database:
            database.copy_to(copy)
        storage = round_.settings.storage.model_copy(
            update={"database": f"sqlite:///{copy}", "feeds": Path(folder, "feeds")}
        )
        settings = round_.settings.model_copy(update={"storage": storage})
        fresh = LocalTree(Path(folder, "feeds"))
        with open_workshop(settings, round_.now) as workshop:
            with workshop.database.reading() as connection:
                before = orphans.contents(connection)
            press = _quiet_press(workshop, fresh)
            _lend_pictures(press, tree_of(round_.settings))
            with suppress(RenderError):  # one feed that cannot be written; the others are
                publish(press)
            with workshop.database.reading() as connection:
                after = orphans.contents(connection)
        # What a worker has not come to publish yet is no damage: only what says the same is compared.
        due = before != after
        real = tree_of(round_.settings)
        wanted, there = set(fresh.paths()), set(real.paths())
        was_there = {path for path in wanted if "/articles/" not in path}
        found = dict.fromkeys(wanted - there, "missing")
        found |= {path: "unknown" for path in there - wanted if _is_ours(path)}
        for path in wanted & there:
            if fresh.read(path) != real.read(path):
                found[path] = "altered"
        if due:  # a cycle is due anyway, and changes lists and landing pages, too
            found = {path: kind for path, kind in found.items() if kind == "missing" and path in was_there}
        return dict(sorted(found.items()))


def _lend_pictures(press: Press, real: Tree) -> None:
    """Put the pictures that are shown into a fresh tree: from the real ones where a whole one is there.

    They are not fetched anew to be compared: a picture's name says what it has to be.
    """
    if not press.mirrors:
        return
    shown = press.store.image_files(allowed(press.sources, press.now), [spec.id for spec in press.feeds])
    there: dict[str, list[str]] = {}
    for path in real.paths():
        _, below = split_private(path)
        there.setdefault(below, []).append(path)
    for path in shown:
        found = (data for data in map(real.read, there.get(path, ())) if is_whole(path, data))
        press.tree.write(path, next(found, b""))


def _mended(round_: _Round, finding: Finding, mend: Callable[[], object]) -> Finding:
    if not round_.repair:
        return finding
    try:
        mend()
    except (OSError, SyndicatorError) as error:
        return replace(finding, told=f"{finding.told}; {error}")
    return replace(finding, repaired=True)
