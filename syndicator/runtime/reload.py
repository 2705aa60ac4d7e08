"""The config file of a running worker: noticing that it changed, and taking it over only when it is right."""

import os
from datetime import UTC, datetime
from pathlib import Path

import structlog

from syndicator.runtime.changes import changes
from syndicator.settings.load import examine
from syndicator.settings.schema import Settings
from syndicator.text.messages import tr

log = structlog.get_logger(__name__)


class ConfigFile:
    """A config file and what of it was last read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def has_changed(self) -> bool:
        """Whether the file is another than the one that was last read."""
        return self._stamp() != self._seen

    def read_again(self, present: Settings) -> Settings | None:
        """Return the new settings, or None where the file cannot be used: the present ones then stay.

        What changed, or what is wrong, goes to the log, line by line.
        """
        self._seen = self._stamp()
        fresh, problems = examine(self.path, os.environ, datetime.now(UTC))
        for problem in problems:
            tell = log.warning if problem.warning else log.error
            tell("config", problem=str(problem))
        if fresh is None:
            log.error("config not taken over; the last good one stays in force", file=str(self.path))
            return None
        if fresh.storage != present.storage:
            log.error(
                "config not taken over",
                reason=tr("storage cannot change while the worker runs; restart it"),
                file=str(self.path),
            )
            return None
        found = changes(present, fresh)
        for line in found:
            log.info("config changed", change=line)
        if not found:
            log.info("config read again: nothing changed", file=str(self.path))
        return fresh

    def _stamp(self) -> tuple[int, int, int]:
        """Return what differs between two versions of the file; zeros while an editor is saving it."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)
