"""The list of what was erased, beside the database: a restored backup must not bring it back.

One line for each hash that the table ``erasures`` holds, with the moment. The file is only ever appended to;
a line that a kill has halved is passed over, and written again by the next :func:`tell`.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from syndicator.errors import StoreError
from syndicator.text.messages import tr

_LINE = re.compile(r"([0-9a-f]{64}) (\S+)")


def path_beside(database: Path) -> Path:
    """Return where the list of a database lies."""
    return database.with_name(f"{database.name}.erased")


def read(path: Path) -> dict[str, datetime]:
    """Return the hashes in a list, each with its moment; none where there is no list. Raises StoreError."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(
            tr(
                "{path}: the list of erasures cannot be read: {reason}; give it to the worker's user",
                path=path,
                reason=error.strerror,
            )
        ) from error
    found: dict[str, datetime] = {}
    for line in lines:
        if parts := _LINE.fullmatch(line):
            try:
                found[parts[1]] = datetime.fromisoformat(parts[2]).astimezone(UTC)
            except ValueError:
                continue
    return found


def tell(path: Path, erased: Mapping[str, datetime]) -> int:
    """Append what the list lacks, durably; return how many lines that were. Raises StoreError."""
    known = read(path)
    lacking = {one: at for one, at in erased.items() if one not in known}
    if not lacking:
        return 0
    lines = "".join(f"{one} {at.isoformat(timespec='seconds')}\n" for one, at in sorted(lacking.items()))
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            if end and os.pread(handle, 1, end - 1) != b"\n":
                lines = f"\n{lines}"  # a halved line ends here
            file.write(lines.encode("ascii"))
            os.fsync(handle)
    except OSError as error:
        raise StoreError(
            tr(
                "{path}: the list of erasures cannot be written: {reason};"
                " mend that and run `syndicator doctor --repair`",
                path=path,
                reason=error.strerror,
            )
        ) from error
    return len(lacking)
