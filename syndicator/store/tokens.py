"""Queries about who may read the private feeds."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from syndicator.ports import FeedToken
from syndicator.store.schema import erasures, feed_archives, feed_files, feed_tokens, page_lists, pages

BYTES = 24  # 192 bits: nobody comes upon it by trying


def add(connection: Connection, partner: str, feed_id: str, now: datetime) -> FeedToken:
    """Give a partner a new token, for one private feed or (``""``) for every one."""
    token = secrets.token_urlsafe(BYTES)
    while not (token[0].isalnum() and token[-1].isalnum()):  # a dash in front is an option to a command line
        token = secrets.token_urlsafe(BYTES)
    connection.execute(insert(feed_tokens).values(token=token, partner=partner, feed_id=feed_id, created=now))
    return next(one for one in tokens(connection) if one.token == token)


def tokens(connection: Connection) -> Iterator[FeedToken]:
    """Yield every token, revoked ones too, the oldest first."""
    for row in connection.execute(select(feed_tokens).order_by(feed_tokens.c.id)):
        yield FeedToken(row.id, row.token, row.partner, row.feed_id, row.created, row.revoked)


def is_open(connection: Connection, token: str) -> bool:
    """Whether a token was given and is in force."""
    query = select(feed_tokens.c.id).where(feed_tokens.c.token == token, feed_tokens.c.revoked.is_(None))
    return connection.execute(query).first() is not None


def revoke(connection: Connection, number: int, now: datetime) -> None:
    """Let a token open nothing any more, not even after an older database is restored."""
    token = connection.execute(select(feed_tokens.c.token).where(feed_tokens.c.id == number)).scalar_one()
    statement = upsert(erasures).values(hash=token_hash(token), erased_at=now)
    connection.execute(statement.on_conflict_do_nothing())
    connection.execute(
        update(feed_tokens)
        .where(feed_tokens.c.id == number, feed_tokens.c.revoked.is_(None))
        .values(revoked=now)
    )


def token_hash(token: str) -> str:
    """Return the hash under which a revoked token stands among the erasures."""
    return hashlib.sha256(f"token\n{token}".encode()).hexdigest()


def revoke_again(connection: Connection, revoked: Mapping[str, datetime]) -> None:
    """Revoke the tokens that erasures speak of: hashes with their moments."""
    for one in list(tokens(connection)):
        at = revoked.get(token_hash(one.token))
        if at is not None:
            revoke(connection, one.number, at)


def realms(connection: Connection) -> set[int]:
    """Return the trees of tokens that something is remembered of."""
    found: set[int] = set()
    for table in (feed_files, pages, page_lists, feed_archives):
        query = select(table.c.realm).where(table.c.realm != 0).distinct()
        found.update(connection.execute(query).scalars())
    return found


def leave(connection: Connection, realm: int) -> None:
    """Forget what was written of a tree."""
    for table in (feed_files, pages, page_lists, feed_archives):
        connection.execute(delete(table).where(table.c.realm == realm))
