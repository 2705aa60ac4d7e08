"""How often to ask: pure functions of what is configured and what was seen.

A source that brings something every hour is asked as often as its operator wrote; one that has been silent
for days is asked less often, but never more than eight times less.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LONGEST = 8  # times `every`: the most that silence lengthens an interval
# The share of a rhythm after which to look again. HTTP's caches trust an answer for a tenth of its age, too
# (RFC 9111 §4.2.2).
SHARE = 10
JITTER = 0.1  # the most that chance lengthens an interval, as a share of it
SILENT = 3  # times its usual gap: a source that was silent for so long has lost its old rhythm

# How long after its publication a page is asked again: most corrections are made within hours.
LOOKS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24))


def interval(every: timedelta, changes: Sequence[datetime], now: datetime, source_id: str) -> timedelta:
    """Return the time until the next poll: `every` for a lively source, up to eight times it for a quiet one.

    ``changes`` are the moments of the last polls that found something new, oldest first. Sources with the
    same interval drift apart by up to a tenth of it, each by its own fixed share.
    """
    wait = every
    if changes:
        wait = min(max(every, _rhythm(changes, now) / SHARE), every * LONGEST)
    return min(wait * (1 + JITTER * share_of(source_id)), every * LONGEST)


def _rhythm(changes: Sequence[datetime], now: datetime) -> timedelta:
    """Return the time between two changes that is to be expected."""
    since = now - changes[-1]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(changes)]
    if not gaps:
        return since
    usual = timedelta(seconds=median(gaps))
    return since if since > usual * SILENT else min(since, usual)


def share_of(source_id: str) -> float:
    """Return a number from 0 to 1 that is always the same for one id and evenly spread over many."""
    return int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:4], "big") / 2**32


def next_look(published: datetime, now: datetime) -> datetime | None:
    """Return when a page is to be asked again, None where it has been looked at for the last time."""
    return next((published + after for after in LOOKS if published + after > now), None)
