"""What the web server is told of pages that are no more, by a look into the database."""

import re
from pathlib import Path

import structlog

from syndicator.errors import StoreError
from syndicator.store import retention
from syndicator.store.database import Database

log = structlog.get_logger(__name__)

_PAGE = re.compile(r"[a-z-]{2,20}/articles/([a-z0-9]{12})(?:\.side)?\.html")


def is_gone(database: Path, path: str) -> bool:
    """Whether a path in the published tree was an article's page, and the article is gone for good."""
    found = _PAGE.fullmatch(path)
    if found is None or not database.exists():
        return False
    try:
        with Database(f"sqlite:///{database}") as opened, opened.reading() as connection:
            return retention.is_gone(connection, found[1])
    except StoreError as error:
        log.warning("not known whether a page is gone", error=str(error))
        return False
