"""The status page as a file beside the database, for whoever may read that folder."""

import contextlib
from pathlib import Path

import structlog

from syndicator.runtime.build import Workshop
from syndicator.runtime.monitoring.figures import figures_of
from syndicator.runtime.monitoring.history import history_of
from syndicator.runtime.monitoring.page import status_page
from syndicator.runtime.telling.troubles import troubles
from syndicator.settings.schema import Settings
from syndicator.store.database import path_of
from syndicator.text.languages import localized
from syndicator.text.messages import message_language

log = structlog.get_logger(__name__)

NAME = "status.html"
MODE = 0o640  # as the database: titles of unpublished articles stand in it


def place_of(settings: Settings) -> Path | None:
    """Return where the page belongs; None where the config wants none."""
    given = settings.storage.status_page
    if given is False:
        return None
    return given or path_of(settings.storage.database).with_name(NAME)


def page_of(workshop: Workshop, *, reload_refused: bool = False) -> bytes:
    """Return the page as things stand. Raises StoreError."""
    figures = figures_of(workshop)
    return status_page(
        localized(workshop.site.title, message_language()),
        figures,
        history_of(workshop),
        troubles(figures, reload_refused=reload_refused),
        workshop.timezone,
    )


def write_status_file(workshop: Workshop, *, reload_refused: bool = False) -> None:
    """Write the page in one rename. A place that cannot be written is logged, and stops nothing.

    Raises StoreError.
    """
    path = place_of(workshop.settings)
    if path is None:
        return
    content = page_of(workshop, reload_refused=reload_refused)
    temporary = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        temporary.touch(MODE)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        log.warning("status page not written", file=str(path), error=error.strerror)
