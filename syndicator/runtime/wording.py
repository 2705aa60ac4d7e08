"""Words for people where the program's own are values of enums or moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

from syndicator.text.messages import tr


def state_word(state: str) -> str:
    """Return the word for a translation's state."""
    words = {
        "done": tr("done"),
        "pending": tr("pending"),
        "held": tr("held"),
        "failed": tr("failed"),
    }
    return words[state]


def engine_state_word(state: str) -> str:
    """Return the word for an engine's state."""
    words = {"unused": tr("unused"), "ok": tr("ok"), "failing": tr("failing")}
    return words[state]


def moment_words(moment: str | None, timezone: ZoneInfo) -> str:
    """Return an ISO 8601 moment as minutes in the site's time zone; a word where there is none."""
    if moment is None:
        return tr("never")
    return datetime.fromisoformat(moment).astimezone(timezone).strftime("%Y-%m-%d %H:%M")
