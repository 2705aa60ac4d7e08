"""Statements that run for every article or segment: made into SQL once, and handed to the driver as they are.

For each execution SQLAlchemy looks up what it made of a statement before, and builds its parameters and its
result anew. For one row that takes ten times as long as SQLite takes to find it.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, Insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from syndicator.store.schema import UtcDateTime

_DIALECT = sqlite.dialect()

Convert = Callable[[Any], Any]


class Prepared:
    """A statement of which only the values of its named parameters change; run it within a transaction."""

    def __init__(self, statement: Executable, columns: Sequence[str] = ()) -> None:
        """``columns``: those that an INSERT is told; others get their default, if that is a plain value."""
        self._statement = statement
        self._columns = columns

    def rows(self, connection: Connection, told: Mapping[str, Any]) -> list[Any]:
        """Return what a SELECT finds; each row has the columns as attributes."""
        convert = self._row
        return [convert(row) for row in self._execute(connection, told)]

    def first(self, connection: Connection, told: Mapping[str, Any]) -> Any | None:  # noqa: ANN401 - a row
        """Return the first row that a SELECT finds; None: it finds none."""
        cursor = self._execute(connection, told)
        row = cursor.fetchone()
        cursor.close()  # an open one would hold the state of the database that it reads
        return None if row is None else self._row(row)

    def insert(self, connection: Connection, told: Mapping[str, Any]) -> int:
        """Run an INSERT of one row; return its id."""
        return self._execute(connection, told).lastrowid or 0

    def run(self, connection: Connection, *told: Mapping[str, Any]) -> None:
        """Run a statement that changes something, for each of the given values."""
        _driver(connection).executemany(self._sql, [self._values(one) for one in told])

    def _execute(self, connection: Connection, told: Mapping[str, Any]) -> sqlite3.Cursor:
        return _driver(connection).execute(self._sql, self._values(told))

    def _values(self, told: Mapping[str, Any]) -> list[Any]:
        return [
            fixed if name is None else told[name] if convert is None else convert(told[name])
            for name, convert, fixed in self._parameters
        ]

    @cached_property
    def _compiled(self) -> SQLCompiler:
        columns = list(self._columns) or None
        compiled = self._statement.compile(dialect=_DIALECT, column_keys=columns)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        return compiled

    @cached_property
    def _sql(self) -> str:
        text = str(self._compiled)
        assert "POSTCOMPILE" not in text, "an IN of any length is another statement each time"
        return text

    @cached_property
    def _parameters(self) -> list[tuple[str | None, Convert | None, Any]]:
        """Name and conversion of each value that is told; else None, None and the value."""
        found: list[tuple[str | None, Convert | None, Any]] = []
        for name in self._compiled.positiontup or ():
            bound = self._compiled.binds[name]
            convert = _to_driver(bound.type)
            if bound.required or name in self._columns:
                found.append((name, convert, None))
                continue
            fixed = bound.effective_value
            if fixed is None and isinstance(self._statement, Insert):
                default: Any = self._statement.table.c[name].default
                fixed = default.arg
                assert not callable(fixed), f"{name} must be told"
            found.append((None, None, fixed if convert is None else convert(fixed)))
        return found

    @cached_property
    def _row(self) -> Callable[[Sequence[Any]], Any]:
        columns = list(self._statement.selected_columns)  # type: ignore[attr-defined]
        row = namedtuple("row", [column.key for column in columns])  # type: ignore[misc] # noqa: PYI024 - at run time
        converts = [_from_driver(column.type) for column in columns]
        if not any(converts):
            return row._make
        return lambda values: row._make(
            value if convert is None else convert(value)
            for value, convert in zip(values, converts, strict=True)
        )


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _to_driver(kind: TypeEngine[Any]) -> Convert | None:
    return _quick(kind, kind.dialect_impl(_DIALECT).bind_processor(_DIALECT))


def _from_driver(kind: TypeEngine[Any]) -> Convert | None:
    return _quick(kind, kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None))


def _quick(kind: TypeEngine[Any], convert: Convert | None) -> Convert | None:
    """Return a conversion that remembers moments: all rows of a cycle have the same."""
    return lru_cache(maxsize=64)(convert) if convert and isinstance(kind, UtcDateTime) else convert
