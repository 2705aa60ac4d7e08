"""What a client wants, and which of what we have comes nearest."""

import re
from collections.abc import Collection
from functools import lru_cache

from syndicator.formats.codings import ENDINGS

IDENTITY = "identity"
_PREFERRED = (*ENDINGS, IDENTITY)
_Q = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")
_MEMORABLE = 256
"""Characters of the longest header that is kept read; those of real clients are shorter by far."""


def best_coding(accepted: str | None, available: Collection[str]) -> str:
    """Return the coding to send (RFC 9110 §12.5.3), ``identity`` for none.

    ``accepted`` is the request's ``Accept-Encoding``, None where it has none: then only ``identity`` is sure
    to be understood. Of equally welcome codings the one that makes texts smallest is taken. A client
    that refuses all that there is gets ``identity``, as the standard allows, rather than nothing.
    """
    if not accepted:
        return IDENTITY
    wanted = _remembered(accepted) if len(accepted) <= _MEMORABLE else _ranked(accepted)
    return next((coding for coding in wanted if coding == IDENTITY or coding in available), IDENTITY)


def _ranked(accepted: str) -> tuple[str, ...]:
    """Return the codings that a client takes, the most welcome first."""
    given: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name:
            given["gzip" if name == "x-gzip" else name] = _quality(parameters)
    others = given.get("*")
    welcome = {coding: given.get(coding, others) for coding in _PREFERRED}
    if welcome[IDENTITY] is None:
        welcome[IDENTITY] = 0.0001  # acceptable unless refused, but whoever names others prefers these
    ranks = {coding: quality for coding, quality in welcome.items() if quality}
    return tuple(sorted(ranks, key=lambda coding: -ranks[coding]))


_remembered = lru_cache(maxsize=256)(_ranked)


def _quality(parameters: Collection[str]) -> float:
    """Return the weight among an item's parameters; one that cannot be read counts as a refusal."""
    for parameter in parameters:
        if parameter.startswith("q"):
            weight = _Q.fullmatch(parameter)
            return min(float(weight[1]), 1.0) if weight else 0.0
    return 1.0


def is_browser(accepted: str | None) -> bool:
    """Return whether ``Accept`` is that of a browser that shows a page: it names HTML first.

    Feed readers name feeds first, or anything.
    """
    return accepted is not None and accepted.lstrip().lower().startswith("text/html")
