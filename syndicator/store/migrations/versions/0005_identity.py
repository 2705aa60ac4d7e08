"""Remember what an article's identity hangs on: its words, its copies, whether its page is there."""

import sqlalchemy as sa
from alembic import op

from syndicator.extract.identity import text_hash

revision = "0005"
down_revision = "0004"

AT_ONCE = 500


def upgrade() -> None:
    """Add the columns and the table, and fill in the hashes of the words that are stored."""
    op.add_column("sources", sa.Column("wanted", sa.String(length=64), server_default="", nullable=False))
    op.add_column("sources", sa.Column("renewed_at", sa.DateTime(), nullable=True))
    op.add_column("sources", sa.Column("lapsed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("arrivals", sa.Column("filtered", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        "articles", sa.Column("withdrawn_by", sa.String(length=10), server_default="", nullable=False)
    )
    op.add_column("articles", sa.Column("restored_at", sa.DateTime(), nullable=True))
    op.add_column("articles", sa.Column("gone_at", sa.DateTime(), nullable=True))
    op.add_column("articles", sa.Column("family", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_articles_family"), "articles", ["family"], unique=False)
    op.add_column(
        "revisions", sa.Column("text_hash", sa.String(length=64), server_default="", nullable=False)
    )
    op.create_index(op.f("ix_revisions_text_hash"), "revisions", ["text_hash"], unique=False)
    op.create_table(
        "likenesses",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_likenesses_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "band", name=op.f("pk_likenesses")),
    )
    op.create_index(op.f("ix_likenesses_hash_band"), "likenesses", ["hash", "band"], unique=False)
    _fill_text_hashes(op.get_bind())


def _fill_text_hashes(connection: sa.Connection) -> None:
    """Let articles that were stored before be recognised at a new address."""
    last = 0
    select = sa.text("SELECT id, title, body FROM revisions WHERE id > :last ORDER BY id LIMIT :most")
    while rows := connection.execute(select, {"last": last, "most": AT_ONCE}).all():
        for row in rows:
            connection.execute(
                sa.text("UPDATE revisions SET text_hash = :hash WHERE id = :id"),
                {"hash": text_hash(row.title, row.body), "id": row.id},
            )
        last = rows[-1].id
