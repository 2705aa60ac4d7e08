"""When a source is due: pure functions of what is configured and what is remembered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from syndicator.model import Source

# After failures a source is asked less and less often, but at least this often.
LONGEST_BACKOFF = timedelta(hours=6)


def schedule_of(source: Source, timezone: ZoneInfo) -> str:
    """Return the schedule of a source in words that change whenever it does."""
    return f"cron {source.cron} {timezone.key}" if source.cron else f"every {source.every}"


def next_due(
    source: Source, last_polled: datetime | None, failures: int, timezone: ZoneInfo, now: datetime
) -> datetime:
    """Return the moment (UTC) at which a source is to be polled next; ``now`` if it never was.

    An interval doubles with each failure in a row. Cron expressions are in the site's time zone; cronsim
    skips no day and repeats no hour where clocks change.
    """
    if last_polled is None:
        return now
    if source.cron:
        # cronsim goes from wall time to wall time; what is not after the last poll was that poll.
        for moment in CronSim(source.cron, last_polled.astimezone(timezone)):
            at = moment.astimezone(UTC)
            if at > last_polled:
                return at
    wait = source.every * (1 << min(failures, 8))
    return last_polled + max(source.every, min(wait, LONGEST_BACKOFF))
