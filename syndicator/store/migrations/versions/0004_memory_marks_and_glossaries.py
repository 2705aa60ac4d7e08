"""Find segments that differ in numerals or are nearly alike; remember glossaries that are in force."""

import sqlalchemy as sa
from alembic import op

from syndicator.store.memory_index import mask_key
from syndicator.translation.likeness import marks

revision = "0004"
down_revision = "0003"

AT_ONCE = 1000


def upgrade() -> None:
    """Add the columns and tables, and fill them from what the memory holds."""
    op.add_column("memory", sa.Column("mask", sa.String(32), nullable=False, server_default=""))
    op.create_index(op.f("ix_memory_source_target_mask"), "memory", ["source", "target", "mask"])
    op.create_table(
        "memory_marks",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("mark", "key", name=op.f("pk_memory_marks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "glossary_files",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("read", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_glossary_files")),
    )
    op.create_table(
        "glossaries_in_force",
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_glossaries_in_force")),
    )
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rerenderings",
        sa.Column("revision_id", row_id, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_rerenderings_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "language", name=op.f("pk_rerenderings")),
    )
    _fill()


def _fill() -> None:
    """Give every remembered segment its mask and its marks, in pieces: a memory may be large."""
    connection = op.get_bind()
    memory = sa.table(
        "memory",
        *(sa.column(name) for name in ("source", "target", "key", "reviewed", "segment", "helper", "mask")),
    )
    memory_marks = sa.table("memory_marks", sa.column("mark"), sa.column("key"))
    place = sa.tuple_(memory.c.source, memory.c.target, memory.c.key, memory.c.reviewed)
    after: tuple[object, ...] = ("", "", "", 0)
    while True:
        rows = connection.execute(
            sa.select(memory).where(place > after).order_by(*place.clauses).limit(AT_ONCE)
        ).all()
        if not rows:
            return
        after = (rows[-1].source, rows[-1].target, rows[-1].key, rows[-1].reviewed)
        found: set[tuple[int, str]] = set()
        for row in rows:
            own = sa.and_(
                memory.c.source == row.source,
                memory.c.target == row.target,
                memory.c.key == row.key,
                memory.c.reviewed == row.reviewed,
            )
            if mask := mask_key(row.segment):
                connection.execute(sa.update(memory).where(own).values(mask=mask))
            if not row.helper:
                found.update((mark, row.key) for mark in marks(row.segment, row.source))
        if found:
            told = [{"mark": mark, "key": key} for mark, key in sorted(found)]
            connection.execute(sa.insert(memory_marks).prefix_with("OR IGNORE", dialect="sqlite"), told)
