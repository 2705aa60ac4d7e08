"""What only shows when the keys of a target of ``on_alert`` or ``on_publish`` are seen together."""

import ipaddress
import shutil
from collections.abc import Iterator

from syndicator.settings.checks import Draft, ids, unknown
from syndicator.settings.document import Finding, Loc
from syndicator.settings.schema import CommandTargetSettings, MailTargetSettings, Tls
from syndicator.text.messages import tr


def check_targets(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the targets."""
    for key, index, target in draft.targets:
        loc = (key, index)
        yield from _misplaced(key, loc, target.model_fields_set)
        if key == "on_publish":
            yield from unknown(draft, (*loc, "feeds"), target.feeds, ids(draft, ("feeds",)))
        if isinstance(target, MailTargetSettings):
            yield from _mail(loc, target)
        elif isinstance(target, CommandTargetSettings):
            yield from _command(draft, loc, target)


def _misplaced(key: str, loc: Loc, given: set[str]) -> Iterator[Finding]:
    """What chooses alerts means nothing for entries, and the other way round."""
    elsewhere = ("feeds", "languages") if key == "on_alert" else ("only",)
    other = "on_publish" if key == "on_alert" else "on_alert"
    for name in elsewhere:
        if name in given:
            text = tr("means something under `{key}:` only; delete it", key=other)
            yield Finding((*loc, name), text, at_key=True)


def _mail(loc: Loc, target: MailTargetSettings) -> Iterator[Finding]:
    if target.user and not target.password:
        text = tr("is missing; a name needs its password: {example}", example="${credential:smtp}")
        yield Finding((*loc, "password"), text)
    if target.password and not target.user:
        yield Finding((*loc, "user"), tr("is missing; a password needs the name that it belongs to"))
    if target.password and target.tls is Tls.NONE and not _is_here(target.smtp):
        text = tr("a password would cross the network in the open; write starttls or tls")
        yield Finding((*loc, "tls"), text)


def _is_here(place: str) -> bool:
    host = place.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _command(draft: Draft, loc: Loc, target: CommandTargetSettings) -> Iterator[Finding]:
    place = (*loc, "command", 0)
    program = target.command[0]
    if "${" not in draft.document.raws.get(place, "") and shutil.which(program) is None:
        text = tr("there is no program {path} that may be run; write its whole path", path=program)
        yield Finding(place, text)
