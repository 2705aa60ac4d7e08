"""Alembic's entry: runs the migrations on the connection and in the transaction that the store gives it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=context.config.attributes["metadata"], render_as_batch=True
)
# The store has begun the transaction (BEGIN IMMEDIATE) and commits it: Alembic's own would not cover
# SQLite's DDL.
context.run_migrations()
