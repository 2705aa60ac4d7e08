"""Remember until when an engine is left alone, and the answers of engines that were told terms."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add three columns and a table; every breaker is closed, as it was at each start before."""
    op.add_column("engines", sa.Column("rest_until", sa.DateTime(), nullable=True))
    op.add_column("engines", sa.Column("rest_asked", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("engines", sa.Column("rests", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "told_answers",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("terms", sa.String(32), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(80), nullable=False),
        sa.Column("helper", sa.Boolean(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "target", "key", "terms", name=op.f("pk_told_answers")),
    )
