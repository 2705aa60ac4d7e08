"""Remember accepted translations, the pages of articles that were retired, and who reads the feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column and the tables."""
    op.add_column(
        "renditions", sa.Column("accepted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "departures",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_departures")),
    )
    op.create_table(
        "reader_days",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("reader", sa.String(80), nullable=False),
        sa.Column("subscribers", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "path", "reader", name=op.f("pk_reader_days")),
    )
