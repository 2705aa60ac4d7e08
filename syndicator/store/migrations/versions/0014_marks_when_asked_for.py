"""Remember of which segments the memory keeps marks: fresh ones get theirs when somebody asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column and its index; what is there has its marks."""
    op.add_column("memory", sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE memory SET marked = 1 WHERE helper = 0")
    op.create_index(
        "ix_memory_unmarked", "memory", ["marked"], sqlite_where=sa.text("marked = 0 AND helper = 0")
    )
