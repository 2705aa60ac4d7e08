"""Who is told: the configured targets, each under a name for people and a key for the store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from syndicator.settings.schema import (
    CommandTargetSettings,
    MailTargetSettings,
    Settings,
    TargetSettings,
    WebhookTargetSettings,
)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of ``on_alert`` or ``on_publish``."""

    role: str  # "on_alert" or "on_publish"
    settings: TargetSettings

    @property
    def name(self) -> str:
        """What it is called in messages; of an address, which may be a secret, only the host."""
        settings = self.settings
        if isinstance(settings, MailTargetSettings):
            return f"mail {', '.join(settings.to)}"
        if isinstance(settings, WebhookTargetSettings):
            return f"webhook {urlsplit(settings.url.get_secret_value()).hostname}"
        assert isinstance(settings, CommandTargetSettings)
        return f"command {settings.command[0]}"

    @property
    def key(self) -> str:
        """What it is known by in the store: stays while it is the same place that is told."""
        settings = self.settings
        if isinstance(settings, MailTargetSettings):
            place: Sequence[str] = (settings.smtp, *settings.to)
        elif isinstance(settings, WebhookTargetSettings):
            place = (settings.url.get_secret_value(),)
        else:
            assert isinstance(settings, CommandTargetSettings)
            place = settings.command
        return hashlib.sha256(repr((self.role, tuple(place))).encode()).hexdigest()[:32]


def targets_of(settings: Settings, *roles: str) -> tuple[Target, ...]:
    """Return the targets of some roles, or of both."""
    given = {"on_alert": settings.on_alert, "on_publish": settings.on_publish}
    return tuple(Target(role, each) for role in roles or given for each in given[role])
