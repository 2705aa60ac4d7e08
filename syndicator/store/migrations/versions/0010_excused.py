"""Count apart the refused answers that came while their engine failed at random."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    op.add_column("refusals", sa.Column("excused", sa.Integer(), nullable=False, server_default="0"))
