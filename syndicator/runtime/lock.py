"""One worker per database: a lock that dies with its process."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from syndicator.errors import LockHeldError, StoreError
from syndicator.text.messages import tr


@contextmanager
def worker_lock(database: Path, command: str) -> Iterator[None]:
    """Hold the lock of a database while the body runs.

    Raises LockHeldError, saying who holds it, and StoreError. The kernel gives the lock back when the process
    ends, however it ends, so a file that is left behind means nothing.
    """
    path = database.with_name(f"{database.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            tr(
                "{path}: the lock file cannot be opened ({reason}); "
                "give the folder to the user that runs the program, or change storage.database",
                path=path,
                reason=error.strerror,
            )
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LockHeldError(
                tr(
                    "{database}: in use by {holder}; wait for it or stop it",
                    database=database,
                    holder=_holder(path),
                )
            ) from error
        file.seek(0)
        file.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "command": command, "since": since}, file)
        file.flush()
        yield


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text("utf-8"))
        return tr(
            "process {pid} (syndicator {command}, since {since})",
            pid=told["pid"],
            command=told["command"],
            since=told["since"],
        )
    except (OSError, ValueError, KeyError):
        return tr("another process")
