"""The tables. Every step's work list is a query over them; no step hands ids to the next.

===================  ==================================================================================
sources              what is remembered between polls
arrivals             what a source offered, on its way to becoming an article
source_pages         what is remembered of the pages behind arrivals, to see their edits
hosts                what hosts say in robots.txt and tdmrep.json
articles             identities: minted at intake, kept for ever
revisions            each version of an article's content
likenesses           traces of each article's words, by which its near-duplicates are found
renditions           each revision's state in each language; ``done`` ones hold the text
feed_entries         an article's place in a feed, by first publication
feed_files           what was last written of each feed
feed_archives        what was last written of each archive document of a feed, and which places it holds
feed_tokens          who may read the private feeds, and at which addresses
image_uses           which revision shows which picture
images               what became of pictures that were fetched to be published by ourselves
announcements        changes of feeds that a WebSub hub still has to be told of
pages                what was last written of each article's page in each language
page_lists           the months that are listed in each language, and whether a list must be written anew
memory               the translation memory
memory_marks         under which marks a segment is found by one nearly alike
memory_files         the TMX files that were read, by content
told_answers         answers of engines that were told the glossary's terms, by the terms they were told
refusals             answers that a blocking check refused
engine_days          requests, characters, errors and seconds per engine and day
engines              each engine's last error, and until when it is left alone
glossary_files       the last content without mistakes of each glossary file
glossaries_in_force  the glossary that a language's finished renditions follow
rerenderings         finished renditions to be put together anew, for a term in them changed
alerts               what is wrong, since when, and whether it was told
notices              what a target still has to be told
notice_marks         up to which entry of each feed a target was told
openings             since when a source is published in a language (for ``backfill``)
erasures             hashes of what was erased and must not come back
departures           hashes of the pages of articles that were retired by age or number
reader_days          how often feeds were fetched, by day and reader, and for how many subscribers
===================  ==================================================================================
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
    false,
    text,
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
    Column("wanted", String(64), nullable=False, default=""),  # the filters' fingerprint at the last poll
    Column("renewed_at", UtcDateTime),  # when a permission that had ended was renewed
    Column("lapsed", Boolean, nullable=False, default=False),  # its permission has ended
    Column("polled_at", UtcDateTime),  # whatever came of it
    Column("retry_at", UtcDateTime),  # before which its server asked us not to come again
    Column("changes", JSON),  # when the last polls with something new were
    Column("moved_to", Text, nullable=False, default="", server_default=""),
    Column("moved_polls", Integer, nullable=False, default=0, server_default="0"),
    Column("schedule", Text, nullable=False, default="", server_default=""),  # as next_due was reckoned
    Column("next_due", UtcDateTime),
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
    Column("filtered", Boolean, nullable=False, default=False),  # rejected by a filter of the config
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
    Column("withdrawn_by", String(10), nullable=False, default=""),  # "gone": by itself, reversible
    Column("restored_at", UtcDateTime),  # when it came back from a withdrawal
    Column("gone_at", UtcDateTime),  # when its page was first found gone; None: it is there
    Column("revision_id", RowId),  # the newest
    Column("family", String(20)),  # what all copies of one press release have in common
    UniqueConstraint("source_id", "key"),
    Index(None, "url"),
    Index(None, "family"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("text_hash", String(64), nullable=False, default=""),  # of the words alone, at any address
    Column("language", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("fields", JSON, nullable=False),  # the article's other fields
    Column("created", UtcDateTime, nullable=False),
    UniqueConstraint("article_id", "number"),
    Index(None, "content_hash"),
    Index(None, "text_hash"),
)

likenesses = Table(
    "likenesses",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("band", Integer, primary_key=True),
    Column("hash", BigInteger, nullable=False),  # equal in a band: perhaps alike
    Column("seen", UtcDateTime, nullable=False),
    Index(None, "hash", "band"),
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
    Column("accepted", Boolean, nullable=False, default=False, server_default=false()),  # by a person
    Index(None, "article_id", "language", "state"),
    Index(None, "language", "state"),
    Index(None, "article_id", "state", "updated", "revision_id"),  # tells without the texts what changed
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
    Column("realm", RowId, primary_key=True),  # 0: the public tree; else that of a token
    Column("feed_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("updated", UtcDateTime, nullable=False),
)

feed_archives = Table(
    "feed_archives",
    metadata,
    Column("realm", RowId, primary_key=True),
    Column("feed_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("first_place", RowId, nullable=False),
    Column("last_place", RowId, nullable=False),
    Column("frame", String(64), nullable=False),  # hash of what else it shows; "": write it anew
    Column("stamp", Text, nullable=False),  # what its entries were like
    Column("content_hash", String(64), nullable=False),
    Column("updated", UtcDateTime, nullable=False),
)

feed_tokens = Table(
    "feed_tokens",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("token", String(80), nullable=False, unique=True),
    Column("partner", Text, nullable=False),
    Column("feed_id", String(80), nullable=False),  # "": every private feed
    Column("created", UtcDateTime, nullable=False),
    Column("revoked", UtcDateTime),
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

image_uses = Table(
    "image_uses",
    metadata,
    Column("revision_id", RowId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, nullable=False),  # of the picture at its site; "": it has none
    Index(None, "url"),
)

images = Table(
    "images",
    metadata,
    Column("url", Text, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("file", Text, nullable=False),  # in the published tree; "" where it is not mirrored
    Column("media_type", Text, nullable=False),
    Column("length", Integer),
    Column("credit", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Index(None, "file"),
)

# No foreign key: a row outlives its article, so that the page of an erased one is found and taken away.
pages = Table(
    "pages",
    metadata,
    Column("realm", RowId, primary_key=True),
    Column("public_id", String(20), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("source_id", String(80), nullable=False),
    Column("month", String(7), nullable=False),  # "2026-11", of the publication
    Column("published", UtcDateTime, nullable=False),
    # What the article was like; see ports.PageStamp.
    Column("renditions", Integer, nullable=False),
    Column("revision_id", RowId, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("frame", String(64), nullable=False),  # hash of what else a page shows; "": write it anew
    Column("side", Boolean, nullable=False),  # whether the page beside the original was ever written
    Column("content_hash", String(64), nullable=False),
    Index(None, "realm", "language", "month"),
    Index(None, "realm", "language", "published"),
)

page_lists = Table(
    "page_lists",
    metadata,
    Column("realm", RowId, primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("frame", String(64), nullable=False),  # as above
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
    # Of the segment without its numerals; "" where it has none.
    Column("mask", String(32), nullable=False, default="", server_default=""),
    # Whether its marks are kept. Nobody waits for them: they are made when they are first asked for.
    Column("marked", Boolean, nullable=False, default=False, server_default=false()),
    Index(None, "source", "target", "mask"),
    Index("ix_memory_unmarked", "marked", sqlite_where=text("marked = 0 AND helper = 0")),
)

memory_marks = Table(
    "memory_marks",
    metadata,
    Column("mark", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(32), primary_key=True),
    sqlite_with_rowid=False,
)

told_answers = Table(
    "told_answers",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("target", String(20), primary_key=True),
    Column("key", String(32), primary_key=True),  # of the normalised segment, as in the memory
    Column("terms", String(32), primary_key=True),  # a hash of the terms and their renderings
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
    Column("excused", Integer, nullable=False, default=0),  # more, while the engine failed at random
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
    Column("rest_until", UtcDateTime),  # the breaker is open until then; empty: it is closed
    Column("rest_asked", Boolean, nullable=False, default=False, server_default="0"),  # by its Retry-After
    Column("rests", Integer, nullable=False, default=0, server_default="0"),  # in a row: each is longer
)

memory_files = Table(
    "memory_files",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("units", Integer, nullable=False),
    Column("imported", UtcDateTime, nullable=False),
)

glossary_files = Table(
    "glossary_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("read", UtcDateTime, nullable=False),
)

glossaries_in_force = Table(
    "glossaries_in_force",
    metadata,
    Column("language", String(20), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

rerenderings = Table(
    "rerenderings",
    metadata,
    Column("revision_id", RowId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(20), primary_key=True),
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

departures = Table(
    "departures",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

reader_days = Table(
    "reader_days",
    metadata,
    Column("day", String(10), primary_key=True),  # "2026-11-24", UTC
    Column("path", String(200), primary_key=True),  # of the feed's file: "en/all.rss"
    Column("reader", String(80), primary_key=True),  # "Feedly": nothing that tells one person from another
    Column("subscribers", Integer, nullable=False),  # as the reader itself told; 0: it told nothing
    Column("requests", Integer, nullable=False),
)

source_pages = Table(
    "source_pages",
    metadata,
    Column("arrival_id", RowId, ForeignKey("arrivals.id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", String(80), nullable=False),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("body_hash", String(64), nullable=False, default=""),
    Column("due", UtcDateTime),  # when it is asked again
    Column("gone_at", UtcDateTime),  # when it was first seen to be gone (404, 410)
    Column("gone_again_at", UtcDateTime),  # when it was last seen to be gone
    Index(None, "source_id", "due"),
    Index(None, "due"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("origin", String(300), primary_key=True),  # "https://example.bg"
    Column("robots", Text, nullable=False, default=""),
    Column("robots_status", Integer, nullable=False, default=0),
    Column("reservations", Text, nullable=False, default=""),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("failing_since", UtcDateTime),
)

alerts = Table(
    "alerts",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),  # None: it has not lasted long enough to be told
)

notices = Table(
    "notices",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("target", String(32), nullable=False),  # a hash of what the config says of it
    Column("content", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text, nullable=False, default=""),
)

notice_marks = Table(
    "notice_marks",
    metadata,
    Column("target", String(32), primary_key=True),
    Column("feed_id", String(80), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("place", RowId, nullable=False),
)
