"""Puts the parts together and decides when and where the steps run."""

from syndicator.text.lean import without

# It would take rich along for tracebacks in colours: a second of every start, and 4 MB of an idle worker.
with without("rich"):
    import structlog  # noqa: F401
