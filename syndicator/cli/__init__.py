"""The command line. Each command is a few lines: what is heavy is imported where it is used.

``program`` is the frame: options, exit codes, signals. Each other module holds a group of commands; importing
it adds them to ``app``.
"""

from syndicator.cli import (
    alerts,
    articles,
    cycles,
    engines,
    feeds,
    glossary,
    keeping,
    memory,
    models,
    service,
    setting_up,
    sources,
)
from syndicator.cli.program import app, main

__all__ = [
    "alerts",
    "app",
    "articles",
    "cycles",
    "engines",
    "feeds",
    "glossary",
    "keeping",
    "main",
    "memory",
    "models",
    "service",
    "setting_up",
    "sources",
]
