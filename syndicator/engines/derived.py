"""Answers that need no engine: made from remembered ones that differ in numerals only, and checked."""

from collections.abc import Mapping, Sequence

from syndicator.model import DERIVED, Pair, Remembered
from syndicator.ports import Similar
from syndicator.translation.check import Severity, check
from syndicator.translation.substitution import substitute


def derived(pair: Pair, candidates: Mapping[str, Sequence[Similar]]) -> dict[str, Remembered]:
    """Return the certain ones, by segment.

    Where two remembered answers lead to different results, nothing is certain; unless a reviewed one decides.
    """
    found: dict[str, Remembered] = {}
    for segment, near in candidates.items():
        for group in ([one for one in near if one.reviewed], [one for one in near if not one.reviewed]):
            results = {
                result for one in group if (result := substitute(segment, one.segment, one.text, pair.target))
            }
            if len(results) == 1:
                (text,) = results
                verdict = check(segment, text, pair.source, pair.target)
                if verdict.severity < Severity.DOUBT:
                    found[segment] = Remembered(text, DERIVED, str(verdict))
            if results:
                break
    return found
