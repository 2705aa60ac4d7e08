"""Remember each source's rhythm, the pages behind articles, and what hosts say of robots and reservations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("sources", sa.Column("polled_at", sa.DateTime(), nullable=True))
    op.add_column("sources", sa.Column("retry_at", sa.DateTime(), nullable=True))
    op.add_column("sources", sa.Column("changes", sa.JSON(), nullable=True))
    op.add_column("sources", sa.Column("moved_to", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("moved_polls", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE sources SET polled_at = max(coalesce(last_success, ''), coalesce(last_error_at, ''))")
    op.create_table(
        "source_pages",
        sa.Column("arrival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=True),
        sa.Column("gone_at", sa.DateTime(), nullable=True),
        sa.Column("gone_again_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrival_id"], ["arrivals.id"], name=op.f("fk_pages_arrival_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arrival_id", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_source_pages_source_id_due"), "source_pages", ["source_id", "due"], unique=False)
    op.create_index(op.f("ix_source_pages_due"), "source_pages", ["due"], unique=False)
    op.create_table(
        "hosts",
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("robots_status", sa.Integer(), nullable=False),
        sa.Column("reservations", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_hosts")),
    )
