"""Opens the database, brings it to the current schema, and gives out transactions."""

import glob
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from syndicator.errors import StoreError
from syndicator.store.schema import metadata
from syndicator.text.messages import tr

# The files in migrations/versions, oldest first; a test holds the two together.
VERSIONS = tuple(f"{number:04}" for number in range(1, 15))
HEAD = VERSIONS[-1]
BUSY_SECONDS = 30  # how long a writer waits for another one


COPIES = 3  # that were made before changes of the schema, and stay


def copies_of(path: Path) -> list[Path]:
    """Return the copies that this program made of a database beside it, the newest first."""
    found = [
        one
        for one in path.parent.glob(f"{glob.escape(path.name)}.*")
        if one.name.removeprefix(f"{path.name}.").startswith(("before-", "replaced-"))
    ]
    return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)


def path_of(address: str) -> Path:
    """Return the file of an ``sqlite:///PATH`` address."""
    return Path(address.removeprefix("sqlite:///"))


def is_current(path: Path) -> bool:
    """Whether a database is there and has the present schema; False where that cannot be told."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return row is not None and row[0] == HEAD


class Database:
    """One database file with its connections. Close it, or use it as a context manager."""

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        """Open ``sqlite:///PATH``, creating and migrating what is needed. Raises StoreError.

        ``read_only``: for those who only look. Nothing is created, migrated or written; a database that is
        not there, or of another version's schema, is an error.
        """
        self.path = path_of(address)
        if read_only:
            with _named(self.path):
                self.engine = _engine(self.path, read_only=True)
                self._writer = self.engine
                self._be_current()
            return
        with _named(self.path):
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                if not self.path.exists():
                    # Feeds are for everybody, the database is not; SQLite's other files follow its mode.
                    self.path.touch(mode=0o640)
            except OSError as error:
                raise StoreError(
                    tr(
                        "{path}: the folder cannot be made: {reason}",
                        path=self.path.parent,
                        reason=error.strerror,
                    )
                ) from error
            self.engine = _engine(self.path)
            self._writer = self.engine.execution_options(immediate=True)
            self._migrate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state."""
        with _named(self.path), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are committed together at the end, or not at all.

        The write lock is taken at the beginning, so that what was read stays true until the commit.
        """
        with _named(self.path), self._writer.begin() as connection:
            yield connection

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the database while others use it."""
        with _named(self.path), self.engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            target = sqlite3.connect(path)
            try:
                source.backup(target)
            finally:
                target.close()

    def _be_current(self) -> None:
        if not self.path.exists():
            raise StoreError(
                tr("{path}: there is no database yet; `syndicator once` makes it", path=self.path)
            )
        with self.engine.begin() as connection:
            current = _version(connection)
        if current != HEAD:
            raise StoreError(tr("{path}: was not made by this version; restart the worker", path=self.path))

    def empty_wal(self) -> bool:
        """Write the WAL into the database and cut it to nothing: what was erased stands in it, too.

        Return whether that was possible: who reads for longer than BUSY_SECONDS prevents it; the WAL then
        goes when the last user closes the database.
        """
        with _named(self.path), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)

    def _migrate(self) -> None:
        with self.engine.begin() as connection:
            current = _version(connection)
        if current == HEAD:
            return
        if current and current not in VERSIONS:
            raise StoreError(
                tr(
                    "{path}: its schema {version} is unknown to this program;"
                    " install the version that made it or a newer one",
                    path=self.path,
                    version=current,
                )
            )
        if current:
            self._keep_copy()
        else:
            _make_names_last(self.path.parent)
        with self._writer.begin() as connection:
            _upgrade(connection)

    def _keep_copy(self) -> None:
        """Copy the file before its schema changes; of such copies only the newest few stay."""
        kept = self.path.with_name(f"{self.path.name}.before-{HEAD}")
        unfinished = self.path.with_name(f"{kept.name}.part")
        try:
            unfinished.unlink(missing_ok=True)
            unfinished.touch(mode=0o640)
            self.copy_to(unfinished)
            unfinished.replace(kept)
            for old in [one for one in copies_of(self.path) if ".before-" in one.name][COPIES:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                tr(
                    "{path}: no copy can be made before the database is changed: {reason}",
                    path=kept,
                    reason=error.strerror,
                )
            ) from error


def _engine(path: Path, *, read_only: bool = False) -> Engine:
    if read_only:
        file = f"file:{quote(str(path.absolute()))}"
        address = URL.create("sqlite", database=file, query={"mode": "ro", "uri": "true"})
    else:
        address = URL.create("sqlite", database=str(path))
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, by ourselves
        if read_only:
            return
        for pragma in (
            f"busy_timeout={BUSY_SECONDS}000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what was erased is gone from the file, too
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _make_names_last(folder: Path) -> None:
    """Let the names of a folder, and those of the folders that lead to it, survive a power cut.

    SQLite sees to the file's content only. Without its name all of it would be gone, and what had been moved
    out of an inbox meanwhile with it.
    """
    for place in (folder, *folder.parents):
        # Folders that we may not open, and file systems that cannot, are not ours to make last.
        with suppress(OSError):
            handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _version(connection: Connection) -> str:
    known = connection.execute(
        text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    ).first()
    if not known:
        return ""
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else ""


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    attributes: dict[str, Any] = config.attributes
    attributes.update(connection=connection, metadata=metadata)
    command.upgrade(config, "head")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what the driver raises into a message that names the file and the way out."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_explained(path, str(error.orig))) from error
    except sqlite3.Error as error:
        raise StoreError(_explained(path, str(error))) from error


def _explained(path: Path, reason: str) -> str:
    if "not a database" in reason or "malformed" in reason:
        return tr(
            "{path}: not a usable database ({reason}); restore a backup with `syndicator restore FILE`,"
            " or move the file away",
            path=path,
            reason=reason,
        )
    if "unable to open" in reason:
        return tr(
            "{path}: cannot be opened; check that the folder exists and may be written by this user",
            path=path,
        )
    if "readonly" in reason:
        return tr(
            "{path}: may not be written by this user; give the file and its folder to the worker's user",
            path=path,
        )
    if "locked" in reason:
        return tr(
            "{path}: another program has kept it locked for {seconds} s; end that program",
            path=path,
            seconds=BUSY_SECONDS,
        )
    if "full" in reason:
        return tr("{path}: the disk is full; free some room and run again, nothing is lost", path=path)
    if "disk I/O error" in reason:
        return tr(
            "{path}: the disk refuses to read or write ({reason}); is it full, read-only or failing?"
            " What was stored before is safe",
            path=path,
            reason=reason,
        )
    return f"{path}: {reason}"
