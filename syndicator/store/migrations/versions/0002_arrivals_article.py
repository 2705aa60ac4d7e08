"""Remember which article an arrival became: identities move, and erasing takes the arrivals along."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column and its index, and fill it for what was taken in under its own key."""
    op.add_column(
        "arrivals",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.create_index(op.f("ix_arrivals_article_id"), "arrivals", ["article_id"], unique=False)
    op.execute(
        "UPDATE arrivals SET article_id = (SELECT articles.id FROM articles"
        " WHERE articles.source_id = arrivals.source_id AND articles.key = arrivals.key)"
    )
