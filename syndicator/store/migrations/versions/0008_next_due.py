"""Remember when a source is due, so that a restart changes no source's rhythm."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sources", sa.Column("schedule", sa.Text(), nullable=False, server_default=""))
    op.add_column("sources", sa.Column("next_due", sa.DateTime()))
