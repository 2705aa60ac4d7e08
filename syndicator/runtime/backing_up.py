"""``backup`` and ``restore``: the whole state in one file.

A backup is a packed tar: the database (by SQLite's backup API, so the worker goes on), the config with the
files that it names (glossaries, memories), as they stand on disk with their placeholders, and a manifest with
hashes and counts. It is proved by unpacking it again before it gets its name.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from syndicator import __version__
from syndicator.errors import RequestError, StoreError
from syndicator.runtime.build import Workshop
from syndicator.runtime.trees import tree_of
from syndicator.settings.schema import Settings
from syndicator.store import erasing, restoring, tombstones
from syndicator.store.database import HEAD, VERSIONS, Database, path_of
from syndicator.text.messages import tr

MANIFEST, STATE = "manifest.json", "state.db"
SQLITE = b"SQLite format 3\0"
COUNTED = ("articles", "revisions", "renditions", "memory", "feed_entries", "erasures")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds, or what was restored from one."""

    counts: Mapping[str, int]
    files: tuple[str, ...]  # besides the database
    size: int  # bytes of the backup
    replaced: Path | None = None  # where the database before is kept
    erased_again: int = 0  # articles
    remarks: tuple[str, ...] = ()


def backup(workshop: Workshop, config: Path, target: Path, *, force: bool = False) -> Made:
    """Write a backup to a file, whole or not at all. Raises RequestError and StoreError."""
    if os.path.exists(target) and not force:  # noqa: PTH110 - also where it may not be looked at
        raise RequestError(tr("{path}: exists already; name another file, or use --force", path=target))
    with _scratch(target.absolute().parent) as folder:
        unfinished = folder / "backup"
        made = _write(workshop, config, unfinished, folder)
        try:
            if os.path.exists(target) and not force:  # noqa: PTH110 - somebody was faster
                raise RequestError(
                    tr("{path}: exists already; name another file, or use --force", path=target)
                )
            unfinished.replace(target)
            _sync(target.absolute().parent)
        except OSError as error:
            raise RequestError(
                tr("{path}: cannot be written: {reason}", path=target, reason=error.strerror)
            ) from error
    return made


def backup_to(workshop: Workshop, config: Path, stream: IO[bytes]) -> Made:
    """Write a backup to an open stream, proved before its first byte. Raises RequestError and StoreError."""
    with _scratch(workshop.database.path.parent) as folder:
        unfinished = folder / "backup"
        made = _write(workshop, config, unfinished, folder)
        with unfinished.open("rb") as file:
            shutil.copyfileobj(file, stream, _PIECE)
        stream.flush()
    return made


def _write(workshop: Workshop, config: Path, unfinished: Path, folder: Path) -> Made:
    state = folder / STATE
    workshop.database.copy_to(state)
    _make_single(state)
    counts = _checked(state)
    files = dict(_files(workshop.settings, config))
    manifest = {
        "program": f"syndicator {__version__}",
        "made": workshop.now.isoformat(timespec="seconds"),
        "schema": HEAD,
        "config": str(config.absolute()),
        "counts": counts,
        "hashes": {STATE: _digest(state), **{name: _digest(path) for name, path in files.items()}},
    }
    try:
        with unfinished.open("xb") as raw:
            unfinished.chmod(0o600)
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=4) as packed:
                text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                about = tarfile.TarInfo(MANIFEST)
                about.size, about.mtime, about.mode = len(text), int(workshop.now.timestamp()), 0o600
                packed.addfile(about, io.BytesIO(text))
                for name, path in {STATE: state, **files}.items():
                    packed.add(path, name, recursive=False, filter=_anonymous)
            raw.flush()
            os.fsync(raw.fileno())
    except OSError as error:
        raise RequestError(
            tr("{path}: cannot be written: {reason}", path=unfinished.parent.parent, reason=error.strerror)
        ) from error
    state.unlink()
    _prove(unfinished, folder / "proof", counts)
    return Made(counts, tuple(files), unfinished.stat().st_size)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whom files belong to: another machine has other users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _files(settings: Settings, config: Path) -> Iterator[tuple[str, Path]]:
    """Yield the config and the files that it names: their names in a backup, and where they lie."""
    base = config.absolute().parent
    for path in (config.absolute(), *settings.translation.glossary, *settings.translation.memory):
        if not path.is_file():
            continue
        inside = path.is_relative_to(base)
        name = path.relative_to(base) if inside else path.relative_to(path.anchor)
        yield f"{'config' if inside else 'elsewhere'}/{name.as_posix()}", path


def _prove(packed: Path, folder: Path, counts: Mapping[str, int]) -> None:
    """Unpack a backup and look whether all of it is there. Raises StoreError."""
    folder.mkdir()
    manifest = _unpack(packed, folder)
    if _checked(folder / STATE) != dict(counts) or manifest["counts"] != dict(counts):
        raise StoreError(tr("the backup could not be read back as it was written; nothing was kept"))
    shutil.rmtree(folder)


def restore(settings: Settings, source: Path, opened: IO[bytes], now: datetime) -> Made:
    """Put a backup in the place of the database; the caller holds the worker's lock.

    ``opened`` is the backup, opened before root's rights were given up: the database's owner may not read it.
    What the database before it had erased is erased again. The database before stays beside it.
    Raises RequestError and StoreError, and has then changed nothing.
    """
    database = path_of(settings.storage.database)
    remarks: list[str] = []
    with _scratch(database.parent) as folder:
        state, size = _state_of(source, opened, folder)
        version = _version(state, source)
        if version not in VERSIONS:
            raise StoreError(
                tr(
                    "{path}: made by a newer program (schema {version}; this one knows {head}): "
                    "install that program first",
                    path=source,
                    version=version,
                    head=HEAD,
                )
            )
        _checked(state)
        erased = tombstones.read(tombstones.path_beside(database))
        known, problem = _erased_in(database)
        erased = {**known, **erased}
        if problem:
            remarks.append(problem)
        with Database(f"sqlite:///{state}") as fresh:  # an older schema is migrated here
            again = erasing.erase_again(fresh, erased, now)
            tree = tree_of(settings)
            with fresh.writing() as connection:
                left = restoring.make_tree_stale(connection, tree.paths(), now)
            tombstones.path_beside(state).unlink(missing_ok=True)
        _make_single(state)
        counts = _checked(state)
        replaced = _swap(state, database, now)
        for path in left:
            tree.remove(path)
    with Database(settings.storage.database) as there:
        erasing.tell_erasures(there)
    return Made(counts, (), size, replaced, again, tuple(remarks))


def unpack_files(source: Path, folder: Path, *, force: bool = False) -> list[Path]:
    """Write the config and its files of a backup below a folder. Raises RequestError and StoreError."""
    with _scratch(_existing(folder)) as scratch:
        _unpack(source, scratch)
        found = [path for path in sorted(scratch.rglob("*")) if path.is_file()]
        wanted = {path: path.relative_to(scratch) for path in found}
        placed: list[Path] = []
        for path, name in wanted.items():
            if name.as_posix() in (MANIFEST, STATE):
                continue
            parts = name.parts[1:] if name.parts[0] == "config" else name.parts
            target = folder.joinpath(*parts)
            if os.path.exists(target) and not force:  # noqa: PTH110 - also where it may not be looked at
                raise RequestError(
                    tr("{path}: exists already; name another folder, or use --force", path=target)
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            placed.append(target)
    return placed


def _existing(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _state_of(source: Path, opened: IO[bytes], folder: Path) -> tuple[Path, int]:
    """Return the database of a backup, or of a plain copy of one, in a folder of ours, and its size."""
    state = folder / STATE
    try:
        if not os.access(source, os.R_OK):
            with (folder / "source").open("xb") as copy:
                shutil.copyfileobj(opened, copy, _PIECE)
            opened.seek(0)
            source = folder / "source"
        size = source.stat().st_size
        plain = opened.read(len(SQLITE)) == SQLITE
        if plain:
            for ending in ("", "-wal"):
                beside = source.with_name(source.name + ending)
                if beside.exists():
                    shutil.copyfile(beside, folder / (STATE + ending))
    except OSError as error:
        raise RequestError(
            tr("{path}: cannot be read: {reason}", path=source, reason=error.strerror)
        ) from error
    if not plain:
        _unpack(source, folder)
    return state, size


def _unpack(packed: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup and compare every file with its hash; return the manifest. Raises StoreError."""
    try:
        with tarfile.open(packed, mode="r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        hashes = dict(manifest["hashes"])
        if STATE not in hashes or manifest["counts"] is None:
            raise KeyError(STATE)
        differing = [name for name, digest in hashes.items() if _digest(folder / name) != digest]
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, FileNotFoundError) as error:
        raise StoreError(
            tr("{path}: no whole backup of this program ({reason})", path=packed, reason=error)
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            tr("{path}: no whole backup of this program ({reason})", path=packed, reason=reason)
        ) from error
    if differing:
        raise StoreError(
            tr(
                "{path}: damaged: {names} differs from what was backed up; use another backup",
                path=packed,
                names=", ".join(differing),
            )
        )
    return manifest


def _version(state: Path, source: Path) -> str:
    """Return the schema of a database. Raises StoreError where it is none of ours."""
    try:
        connection = sqlite3.connect(state)
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(
            tr("{path}: no database of this program ({reason})", path=source, reason=error)
        ) from error
    return str(row[0]) if row else ""


def _checked(state: Path) -> dict[str, int]:
    """Return a database's counts. Raises StoreError where it is not sound."""
    try:
        connection = sqlite3.connect(state)
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            counts = {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in COUNTED
                if table in tables
            }
        finally:
            connection.close()
    except sqlite3.Error as error:
        found, counts = [str(error)], {}
    if found != ["ok"]:
        raise StoreError(
            tr("the database in the backup is damaged ({reason}); use another backup", reason=found[0])
        )
    return counts


def _erased_in(database: Path) -> tuple[dict[str, datetime], str]:
    """Return what the present database has erased; and why that cannot be known, where it cannot."""
    if not database.exists():
        return {}, ""
    try:
        connection = sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT hash, erased_at FROM erasures").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        told = tr(
            "{path}: its erasures cannot be read ({reason}); those listed in {beside} were erased again",
            path=database,
            reason=error,
            beside=tombstones.path_beside(database).name,
        )
        return {}, told
    return {one: datetime.fromisoformat(at).replace(tzinfo=UTC) for one, at in rows}, ""


def _swap(state: Path, database: Path, now: datetime) -> Path | None:
    """Put a database in another's place in one step; return where the other is kept.

    A WAL that stays behind would be read into the new database: it is written into the old one before, or,
    where that is damaged, moved away with it.
    """
    replaced = database.with_name(f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    sides = [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]
    try:
        with state.open("rb") as file:
            os.fsync(file.fileno())
        state.chmod(0o640)
        if database.exists():
            _make_single(database, damaged=True)
            for side in sides:
                if side.exists():
                    side.replace(replaced.with_name(replaced.name + side.name[len(database.name) :]))
            try:
                os.link(database, replaced)
            except OSError:  # a file system without links
                shutil.copy2(database, replaced)
        state.replace(database)
        _sync(database.parent)
    except OSError as error:
        raise StoreError(
            tr("{path}: cannot be replaced: {reason}", path=database, reason=error.strerror)
        ) from error
    return replaced if replaced.exists() else None


def _make_single(path: Path, *, damaged: bool = False) -> None:
    """Let a database be one file, without a WAL. Raises StoreError unless it may be damaged."""
    try:
        connection = sqlite3.connect(path, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise StoreError(
                tr("{path}: another program uses it at this moment; end that program", path=path)
            ) from error
        if not damaged:
            raise StoreError(f"{path}: {error}") from error


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """Give a hidden folder for unfinished files, on the same file system as the finished one."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".syndicator-", dir=parent))
    except OSError as error:
        raise RequestError(
            tr(
                "{path}: cannot be written: {reason}; "
                "`syndicator backup - > FILE` writes with the rights of your shell",
                path=parent,
                reason=error.strerror,
            )
        ) from error
    try:
        yield folder
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
