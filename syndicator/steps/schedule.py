"""When a source is due: pure functions of what is configured and what is remembered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from syndicator.model import Source
from syndicator.ports import SourceState
from syndicator.steps.rhythm import interval

# After failures a source is asked less and less often, but at least this often (or as its operator wrote).
LONGEST_BACKOFF = timedelta(hours=6)
MOST_DOUBLINGS = 8


def schedule_of(source: Source, timezone: ZoneInfo) -> str:
    """Return the schedule of a source in words that change whenever it does."""
    return f"cron {source.cron} {timezone.key}" if source.cron else f"every {source.every}"


def next_due(source: Source, state: SourceState, timezone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment (UTC) at which a source is to be polled next; ``now`` if it never was.

    An interval follows the source's rhythm (:mod:`syndicator.steps.rhythm`) and doubles with each failure in
    a row. Cron expressions are in the site's time zone, and are neither stretched nor shifted; cronsim skips
    no day and repeats no hour where clocks change. A server's Retry-After puts off both.
    """
    if state.polled_at is None:
        return now
    if source.cron:
        due = _next_time(source.cron, state.polled_at, timezone)
    elif state.failures:
        wait = source.every * (1 << min(state.failures, MOST_DOUBLINGS))
        due = state.polled_at + max(source.every, min(wait, LONGEST_BACKOFF))
    else:
        due = state.polled_at + interval(source.every, state.changes, state.polled_at, source.id)
    return max(due, state.retry_at) if state.retry_at else due


def _next_time(cron: str, after: datetime, timezone: ZoneInfo) -> datetime:
    # cronsim goes from wall time to wall time; what is not after the last poll was that poll.
    moments = (moment.astimezone(UTC) for moment in CronSim(cron, after.astimezone(timezone)))
    return next(moment for moment in moments if moment > after)


SILENT = 3  # intervals without a good poll


def silent_after(source: Source, state: SourceState, timezone: ZoneInfo) -> datetime | None:
    """Return the moment from which a source counts as silent unless it answers: three intervals after it did.

    None for one that never answered.
    """
    answered = state.last_success
    if answered is None:
        return None
    if source.cron:
        moment = answered
        for _ in range(SILENT):
            moment = _next_time(source.cron, moment, timezone)
        return moment
    return answered + SILENT * interval(source.every, state.changes, answered, source.id)
