"""The command line. Each command is a few lines: what is heavy is imported where it is used.

``program`` is the frame: options, exit codes, signals. Each other module holds a group of commands; importing
it adds them to ``app``.
"""

from syndicator.cli import articles, cycles, memory, service, setting_up
from syndicator.cli.program import app, main

__all__ = ["app", "articles", "cycles", "main", "memory", "service", "setting_up"]
