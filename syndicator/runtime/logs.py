"""Logs on stderr: readable on a terminal, JSON elsewhere, with systemd's priorities where it listens.

Secrets never reach a log: nothing here prints settings, and errors name engines by their ids.
"""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# sd-daemon(3): a line's "<N>" is its syslog priority.
PRIORITIES = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}


def configure_logs(*, verbose: bool, quiet: bool) -> None:
    """Set up logging for a command."""
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    terminal = sys.stderr.isatty()
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if terminal:
        shared.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        shared.append(structlog.processors.format_exc_info)  # a traceback within its line, not after it
        shared.append(structlog.processors.JSONRenderer(serializer=_json))
        if os.environ.get("JOURNAL_STREAM"):
            shared.append(_with_priority)
            shared[-2] = _LevelKept(shared[-2])
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _json(value: object, **options: Any) -> str:  # noqa: ANN401 - json.dumps' own options
    import json

    return json.dumps(value, ensure_ascii=False, **options)


class _LevelKept:
    """Renders an event and hands its level on for the priority prefix."""

    def __init__(self, render: Any) -> None:  # noqa: ANN401 - a structlog processor
        self.render = render

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> tuple[str, str]:
        return str(event.get("level", "info")), self.render(logger, method, event)


def _with_priority(_logger: object, _method: str, rendered: tuple[str, str]) -> str:
    level, line = rendered
    return f"<{PRIORITIES.get(level, 6)}>{line}"
