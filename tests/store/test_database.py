import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from syndicator.errors import StoreError
from syndicator.store import articles
from syndicator.store import database as module
from syndicator.store.database import HEAD, VERSIONS, Database
from syndicator.store.schema import metadata

VERSION_FILES = Path(module.__file__).parent / "migrations" / "versions"


def at_version(path: Path, version: str) -> None:
    """Make a database as an older program left it."""
    from alembic import command
    from alembic.config import Config

    engine = module._engine(path)
    with engine.execution_options(immediate=True).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(VERSION_FILES.parent))
        config.attributes.update(connection=connection, metadata=metadata)
        command.upgrade(config, version)
    engine.dispose()


def version_of(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return str(row[0])


def tables_of(path: Path) -> set[str]:
    with sqlite3.connect(path) as found:
        tables = {row[0] for row in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found.close()
    return tables


def test_versions_are_the_migration_files() -> None:
    assert tuple(sorted(file.name[:4] for file in VERSION_FILES.glob("0*.py"))) == VERSIONS


def test_a_fresh_database_has_the_schema_that_the_queries_expect(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert version_of(database.path) == HEAD


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_database_is_migrated_and_a_copy_of_it_kept(tmp_path: Path, version: str) -> None:
    path = tmp_path / "s.db"
    at_version(path, version)
    with Database(f"sqlite:///{path}") as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert version_of(tmp_path / f"s.db.before-{HEAD}") == version


def test_arrivals_of_the_first_schema_are_tied_to_their_articles(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    at_version(path, "0001")
    with sqlite3.connect(path) as old:
        moment = "2026-11-24 10:00:00.000000"
        old.execute(
            "INSERT INTO articles (id, public_id, authority, source_id, key, url, first_seen)"
            f" VALUES (7, 'p', 'a', 's', 'k', '', '{moment}')"
        )
        for key in ("k", "other"):
            old.execute(
                "INSERT INTO arrivals"
                " (source_id, key, fingerprint, state, item, reason, attempts, first_seen)"
                f" VALUES ('s', '{key}', 'f', 'taken', '{{}}', '', 0, '{moment}')"
            )
    old.close()
    with Database(f"sqlite:///{path}") as database, database.reading() as connection:
        found = connection.exec_driver_sql("SELECT key, article_id FROM arrivals ORDER BY key").all()
    assert [tuple(row) for row in found] == [("k", 7), ("other", None)]


KILLED = """
import os, signal, sys
from sqlalchemy import event
from syndicator.store import database
real = database._engine
def engine(path):
    made = real(path)
    count = 0
    @event.listens_for(made, "after_cursor_execute")
    def kill(*_):
        nonlocal count
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    return made
database._engine = engine
database.Database("sqlite:///" + sys.argv[1]).close()
"""


@pytest.mark.parametrize("statement", [3, 6, 10])
@pytest.mark.parametrize("before", ["", "0001"])
def test_a_kill_in_the_middle_of_a_migration_leaves_the_old_schema_or_the_new(
    tmp_path: Path, statement: int, before: str
) -> None:
    path = tmp_path / "s.db"
    if before:
        at_version(path, before)
    old = tables_of(path) if before else set()
    root = Path(module.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(statement)],
        check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == -signal.SIGKILL  # the control: it was killed, not done
    assert tables_of(path) in (old, {*metadata.tables, "alembic_version"})
    if tables_of(path):
        assert version_of(path) in (before, HEAD)
    with Database(f"sqlite:///{path}") as database, database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_schema_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Database(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(StoreError, match=r"s\.db: its schema 9999 is unknown.*install"):
        Database(f"sqlite:///{path}")
    assert version_of(path) == "9999"
    assert not list(tmp_path.glob("*.before-*"))


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_text("Here stands something else entirely. " * 50)
    with pytest.raises(StoreError, match=r"s\.db: not a usable database .*restore a backup"):
        Database(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(StoreError, match="var"):
        Database(f"sqlite:///{tmp_path}/var/s.db")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_read_only_database_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.db")
        Database(f"sqlite:///{path}").close()
        Path(folder).chmod(0o755)
        path.chmod(0o644)
        os.seteuid(65534)
        try:
            with (
                pytest.raises(StoreError, match=r"s\.db: .* by this user"),
                Database(f"sqlite:///{path}") as database,
                database.writing() as connection,
            ):
                articles.open_language(connection, "s", "en", None)
        finally:
            os.seteuid(0)


def test_erased_text_does_not_stay_in_the_file(database: Database) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


OPENS = """
import sys
sys.path.insert(0, sys.argv[2])
from syndicator.store.database import Database
Database("sqlite:///" + sys.argv[1]).close()
"""


def test_several_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    root = Path(module.__file__).parents[2]
    path = tmp_path / "s.db"
    command = [sys.executable, "-c", OPENS, str(path), str(root)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    assert version_of(path) == HEAD


@pytest.mark.parametrize("name", ["state.db", "a b#c?d%20.db", "състояние.db"])
def test_looking_only_changes_and_makes_nothing(tmp_path, name):
    address = f"sqlite:///{tmp_path / name}"
    with pytest.raises(StoreError, match="no database yet"):
        Database(address, read_only=True)
    assert list(tmp_path.iterdir()) == []
    Database(address).close()
    with Database(address, read_only=True) as database:
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM articles").scalar() == 0
        with pytest.raises(StoreError), database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM articles")


def test_looking_only_refuses_another_versions_schema(tmp_path):
    address = f"sqlite:///{tmp_path / 'state.db'}"
    with Database(address) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StoreError, match="restart the worker"):
        Database(address, read_only=True)
