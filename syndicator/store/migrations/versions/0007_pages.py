"""Remember what was written of the articles' pages, and find what changed without reading texts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the two tables of pages, and an index over the dates of renditions."""
    op.create_index(
        op.f("ix_renditions_article_id_state_updated_revision_id"),
        "renditions",
        ["article_id", "state", "updated", "revision_id"],
        unique=False,
    )
    op.create_table(
        "pages",
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("published", sa.DateTime(), nullable=False),
        sa.Column("renditions", sa.Integer(), nullable=False),
        sa.Column("revision_id", row_id, nullable=False),
        sa.Column("updated", sa.DateTime(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("frame", sa.String(length=64), nullable=False),
        sa.Column("side", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("public_id", "language", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_pages_language_month"), "pages", ["language", "month"], unique=False)
    op.create_index(op.f("ix_pages_language_published"), "pages", ["language", "published"], unique=False)
    op.create_table(
        "page_lists",
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("frame", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("language", "month", name=op.f("pk_page_lists")),
    )
