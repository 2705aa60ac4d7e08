"""What the web server is told of pages that are no more, by a look into the database."""

import re
from pathlib import Path

import structlog

from syndicator.errors import StoreError
from syndicator.formats.paths import split_private
from syndicator.store import retention, tokens
from syndicator.store.database import Database

log = structlog.get_logger(__name__)

_PAGE = re.compile(r"[a-z-]{2,20}/articles/([a-z0-9]{12})(?:\.side)?\.html")


def is_gone(database: Path, path: str) -> bool:
    """Whether a path in the published tree was an article's page, and the article is gone for good.

    Below a token that opens nothing there is nothing to tell.
    """
    token, below = split_private(path)
    found = _PAGE.fullmatch(below)
    if found is None or not database.exists():
        return False
    try:
        with Database(f"sqlite:///{database}") as opened, opened.reading() as connection:
            if token and not tokens.is_open(connection, token):
                return False
            return retention.is_gone(connection, found[1])
    except StoreError as error:
        log.warning("not known whether a page is gone", error=str(error))
        return False
