"""Trying the targets: with a test that arrives, or by knocking only."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from syndicator.errors import NoticeError
from syndicator.runtime.probing import Trial
from syndicator.runtime.telling.targets import targets_of
from syndicator.runtime.telling.ways import deliver, knock
from syndicator.settings.schema import Settings
from syndicator.text.messages import tr


def send_tests(settings: Settings) -> Iterator[Trial]:
    """Send a test to every target."""
    for target in targets_of(settings):
        content = {
            "event": "test",
            "id": secrets.token_hex(16),
            "site": settings.site.base_url,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            deliver(target, content)
        except NoticeError as error:
            yield Trial(f"{target.role}, {target.name}", False, str(error))
        else:
            yield Trial(f"{target.role}, {target.name}", True, tr("a test was sent"))


def try_targets(settings: Settings) -> Iterator[Trial]:
    """See whether every target could be told; nobody is alarmed."""
    for target in targets_of(settings):
        try:
            seen = knock(target)
        except NoticeError as error:
            yield Trial(f"{target.role}, {target.name}", False, str(error))
        else:
            yield Trial(f"{target.role}, {target.name}", True, seen)
