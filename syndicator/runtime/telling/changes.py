"""What has changed since it was last looked: a pure function of what is wrong and what is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicator.runtime.telling.troubles import Trouble

Key = tuple[str, str]  # kind and subject


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a trouble."""

    kind: str
    subject: str
    text: str
    since: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be remembered and told."""

    begun: tuple[Trouble, ...]  # to be remembered
    raised: tuple[Known, ...]  # to be told
    ended: tuple[Known, ...]  # to be forgotten; those that were told are told to be over

    @property
    def cleared(self) -> tuple[Known, ...]:
        """What was told, and is over."""
        return tuple(each for each in self.ended if each.told)


def changes(known: Mapping[Key, Known], found: Collection[Trouble], now: datetime) -> Changes:
    """Return what to do about what is wrong now: each is told once, after its patience, and its end."""
    present: dict[Key, Trouble] = {(each.kind.value, each.subject): each for each in found}
    begun = tuple(each for key, each in present.items() if key not in known)
    raised = []
    for key, trouble in present.items():
        before = known.get(key)
        since = before.since if before else now
        if not (before and before.told) and now - since >= trouble.patience:
            raised.append(Known(trouble.kind.value, trouble.subject, trouble.text, since, told=True))
    ended = tuple(each for key, each in known.items() if key not in present)
    return Changes(begun, tuple(raised), ended)
