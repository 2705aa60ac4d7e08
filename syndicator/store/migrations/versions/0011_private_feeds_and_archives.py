"""Private feeds by token, each with a tree of its own; archive documents of feeds; mirrored pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_REALMED = {
    "feed_files": ("feed_id", "language"),
    "pages": ("public_id", "language"),
    "page_lists": ("language", "month"),
}


def upgrade() -> None:
    """Tell the public tree (realm 0) from those of tokens; add the two new tables."""
    op.drop_index(op.f("ix_pages_language_month"), "pages")
    op.drop_index(op.f("ix_pages_language_published"), "pages")
    for table, key in _REALMED.items():
        _add_realm(table, key)
    op.create_index(op.f("ix_pages_realm_language_month"), "pages", ["realm", "language", "month"])
    op.create_index(op.f("ix_pages_realm_language_published"), "pages", ["realm", "language", "published"])
    op.create_table(
        "feed_archives",
        sa.Column("realm", row_id, nullable=False),
        sa.Column("feed_id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_place", row_id, nullable=False),
        sa.Column("last_place", row_id, nullable=False),
        sa.Column("frame", sa.String(length=64), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("updated", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("realm", "feed_id", "language", "number", name=op.f("pk_feed_archives")),
    )
    op.create_table(
        "feed_tokens",
        sa.Column("id", row_id, nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.String(length=80), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("revoked", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("token", name=op.f("uq_feed_tokens_token")),
    )
    _add_images()


def _add_images() -> None:
    op.create_table(
        "image_uses",
        sa.Column("revision_id", row_id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_image_uses_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_image_uses")),
    )
    op.create_index(op.f("ix_image_uses_url"), "image_uses", ["url"], unique=False)
    op.create_table(
        "images",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_images")),
    )
    op.create_index(op.f("ix_images_file"), "images", ["file"], unique=False)


def _add_realm(table: str, key: tuple[str, ...]) -> None:
    """Put the realm into a table's primary key. SQLite cannot change one, so the rows are copied over."""
    columns = [
        sa.Column(one["name"], one["type"], nullable=one["nullable"])
        for one in sa.inspect(op.get_bind()).get_columns(table)
    ]
    names = ", ".join(column.name for column in columns)
    op.rename_table(table, f"{table}_before")
    op.create_table(
        table,
        sa.Column("realm", row_id, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("realm", *key, name=op.f(f"pk_{table}")),
    )
    op.execute(f"INSERT INTO {table} (realm, {names}) SELECT 0, {names} FROM {table}_before")  # noqa: S608
    op.drop_table(f"{table}_before")
