"""Fill ``${env:NAME}`` and ``${credential:NAME}``, so that no secret need stand in a config.

The values never enter a message: findings show what stands in the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syndicator.settings.document import Finding, Loc, Value
from syndicator.text.messages import tr

PLACEHOLDER = re.compile(r"(?P<escaped>\$\$\{)|\$\{(?P<inside>[^{}\n]*)(?P<closed>\}?)")
ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")  # one file in a folder, never a way out of it


@dataclass(frozen=True, slots=True)
class Filled:
    """A config's values with their placeholders filled."""

    data: Value
    findings: tuple[Finding, ...]
    unknown: frozenset[Loc]  # whose text could not be had; "?" stands there, so judge it no further


@dataclass(slots=True)
class Filling:
    """What grows while the placeholders of one config are filled."""

    environ: Mapping[str, str]
    for_use: bool
    findings: list[Finding] = field(default_factory=list)
    unknown: set[Loc] = field(default_factory=set)


def fill(data: Value, environ: Mapping[str, str], *, for_use: bool) -> Filled:
    """Return the values with every placeholder in every text filled.

    Args:
        data: the values of a config
        environ: the process's environment; ``CREDENTIALS_DIRECTORY`` in it is systemd's folder of secrets
        for_use: whether the values are to be worked with; a credential that cannot be read because systemd
            did not start the process is then an error, else a warning
    """
    filling = Filling(environ, for_use)
    return Filled(fill_value(data, (), filling), tuple(filling.findings), frozenset(filling.unknown))


def fill_value(value: Value, loc: Loc, filling: Filling) -> Value:
    """Return a value with its placeholders filled."""
    if isinstance(value, dict):
        return {key: fill_value(inner, (*loc, key), filling) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(fill_value(inner, (*loc, index), filling) for index, inner in enumerate(value))
    if isinstance(value, str) and "${" in value:
        return fill_text(value, loc, filling)
    return value


def fill_text(text: str, loc: Loc, filling: Filling) -> str:
    """Return a text with its placeholders filled; ``"?"`` where one cannot be had."""
    parts: list[str] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        if match["escaped"]:
            parts.append("${")
            continue
        answer = look_up(match["inside"], bool(match["closed"]), loc, filling)
        if isinstance(answer, Finding):
            filling.findings.append(answer)
            filling.unknown.add(loc)
            return "?"
        parts.append(answer)
    return "".join([*parts, text[end:]])


def look_up(inside: str, closed: bool, loc: Loc, filling: Filling) -> str | Finding:
    """Return what a placeholder stands for, or why it cannot be had."""
    if not closed:
        return Finding(loc, tr("a placeholder opens with `${` and is never closed; write $${ for a plain ${"))
    kind, _, name = inside.partition(":")
    if kind == "env" and ENVIRONMENT_NAME.fullmatch(name):
        if name in filling.environ:
            return filling.environ[name]
        return Finding(
            loc, tr("the environment variable {name} is not set; set it before the start", name=name)
        )
    if kind == "credential" and CREDENTIAL_NAME.fullmatch(name):
        return credential(name, loc, filling)
    return Finding(
        loc,
        tr(
            "`${{{inside}}}` is no placeholder; write ${{env:NAME}} or ${{credential:NAME}}, "
            "and $${{ for a plain ${{",
            inside=inside,
        ),
    )


def credential(name: str, loc: Loc, filling: Filling) -> str | Finding:
    """Return one of systemd's credentials (systemd.exec(5), "Credentials"), or why it cannot be had."""
    folder = filling.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        text = tr(
            "the credential {name} is not available outside systemd; for a test use ${{env:…}}", name=name
        )
        return Finding(loc, text, warning=not filling.for_use)
    try:
        return (Path(folder) / name).read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return Finding(loc, tr("the credential {name} is not a text in UTF-8", name=name))
    except OSError:
        text = tr("the credential {name} was not given: add LoadCredential={name}:… to the unit", name=name)
        return Finding(loc, text)


SECRETS = frozenset({"api_key", "password", "secret_access_key", "token"})


def literal_secrets(raws: Mapping[Loc, str]) -> Iterator[Finding]:
    """Yield what stands openly in the file and should not: keys and passwords."""
    for loc, raw in raws.items():
        if loc[-1:] == ("password",) and raw and "${" not in raw:
            yield Finding(loc, tr("a password must not stand in the config; write ${env:NAME} in its place"))
        elif loc[-1:] and loc[-1] in SECRETS and raw and "${" not in raw:
            yield Finding(
                loc, tr("a key must not stand in the config; write ${env:NAME} or ${credential:NAME}")
            )
        elif PASSWORD.search(raw):
            text = tr("a password must not stand in the config; write ${env:NAME} in its place")
            yield Finding(loc, text)


PASSWORD = re.compile(r"(?<=://)(?P<user>[^\s/@:]*):(?!\$\{[^{}]*\}@)[^\s/@]+(?=@)")


def without_password(raw: str) -> str:
    """Return a text as a message may show it."""
    return PASSWORD.sub(r"\g<user>:***", raw)
