"""The tables. Every step's work list is a query over them; no step hands ids to the next.

=================  ====================================================================================
sources            what is remembered between polls
arrivals           what a source offered, on its way to becoming an article
articles           identities: minted at intake, kept for ever
revisions          each version of an article's content
renditions         each revision's state in each language; ``done`` ones hold the text
feed_entries       an article's place in a feed, by first publication
feed_files         what was last written of each feed
announcements      changes of feeds that a WebSub hub still has to be told of
memory             the translation memory
refusals           answers that a blocking check refused
engine_days        requests, characters, errors and seconds per engine and day
engines            each engine's last error
memory_files       the TMX files that were read, by content
openings           since when a source is published in a language (for ``backfill``)
erasures           hashes of what was erased and must not come back
=================  ====================================================================================
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store UTC without an offset."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Give the offset back."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
RowId = BigInteger().with_variant(Integer, "sqlite")

sources = Table(
    "sources",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("body_hash", String(64), nullable=False, default=""),
    Column("last_success", UtcDateTime),
    Column("last_error", Text, nullable=False, default=""),
    Column("last_error_at", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", String(80), nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("item", JSON, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", UtcDateTime),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("article_id", RowId),  # what it became, or the one that it repeats
    UniqueConstraint("source_id", "key"),
    Index(None, "source_id", "state", "id"),
    Index(None, "article_id"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("public_id", String(20), nullable=False, unique=True),
    Column("authority", Text, nullable=False),  # of its tag: URIs, "feeds.example.eu,2026-11-24"
    Column("source_id", String(80), nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("revision_id", RowId),  # the newest
    UniqueConstraint("source_id", "key"),
    Index(None, "url"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("language", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("fields", JSON, nullable=False),  # the article's other fields
    Column("created", UtcDateTime, nullable=False),
    UniqueConstraint("article_id", "number"),
    Index(None, "content_hash"),
)

renditions = Table(
    "renditions",
    metadata,
    Column("revision_id", RowId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", UtcDateTime),
    Column("fingerprint", String(64), nullable=False, default=""),  # of the engines and glossary tried
    Column("title", Text, nullable=False, default=""),
    Column("body", Text, nullable=False, default=""),
    Column("fields", JSON),
    Column("content_hash", String(64), nullable=False, default=""),
    Column("updated", UtcDateTime),  # when the content that readers see last changed
    Index(None, "article_id", "language", "state"),
    Index(None, "language", "state"),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("entered", UtcDateTime, nullable=False),
    Column("place", RowId, nullable=False),  # grows with every entry of the feed: the order of publication
    Index(None, "feed_id", "language", "place"),
)

feed_files = Table(
    "feed_files",
    metadata,
    Column("feed_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("updated", UtcDateTime, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("topic", Text, primary_key=True),  # the feed's address
    Column("changed", UtcDateTime, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
)

memory = Table(
    "memory",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("target", String(20), primary_key=True),
    Column("key", String(32), primary_key=True),  # of the normalised segment
    Column("reviewed", Boolean, primary_key=True),
    Column("segment", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("origin", String(80), nullable=False),
    Column("helper", Boolean, nullable=False, default=False),
    Column("warning", Text, nullable=False, default=""),
    Column("created", UtcDateTime, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("target", String(20), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("engine", String(80), primary_key=True),
    Column("answer_hash", String(32), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("segment", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("last", UtcDateTime, nullable=False),
)

engine_days = Table(
    "engine_days",
    metadata,
    Column("engine", String(80), primary_key=True),
    Column("day", String(10), primary_key=True),  # "2026-11-24", UTC
    Column("requests", Integer, nullable=False, default=0),
    Column("characters", Integer, nullable=False, default=0),
    Column("errors", Integer, nullable=False, default=0),
    Column("seconds", Float, nullable=False, default=0.0),
)

engines = Table(
    "engines",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("last_error", Text, nullable=False, default=""),
    Column("last_error_at", UtcDateTime),
    Column("last_success", UtcDateTime),
)

memory_files = Table(
    "memory_files",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("units", Integer, nullable=False),
    Column("imported", UtcDateTime, nullable=False),
)

openings = Table(
    "openings",
    metadata,
    Column("source_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("oldest_article", RowId, nullable=False),  # articles with a smaller id are not translated
)

erasures = Table(
    "erasures",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
)
