"""The systemd unit of the worker, made from the config: what it may touch, reach and read is what it needs.

Sources: systemd.exec(5), systemd.service(5), systemd.resource-control(5). The aim is an exposure of at most
1.2 (``systemd-analyze security``) with feeds that a web server's user can read, which DynamicUser forbids.
"""

import ipaddress
import os
import re
import shlex
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from syndicator.errors import ConfigError, RequestError
from syndicator.settings.load import examine
from syndicator.settings.placeholders import PLACEHOLDER
from syndicator.settings.schema import MailTargetSettings, Settings, WebhookTargetSettings
from syndicator.store.database import path_of
from syndicator.text.messages import tr

USER = "syndicator"
STATE = Path("/var/lib/syndicator")
CREDENTIALS = Path("/etc/syndicator/credentials")
ENVIRONMENT = Path("/etc/syndicator/environment")
RESOLVER = Path("/etc/resolv.conf")
WATCHDOG = "5min"
STOP_SECONDS = 25  # more than the worker itself takes to break off what hangs
# What no source may lead to, and the worker has no business with, unless the config names it.
PRIVATE = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16"
    " 198.18.0.0/15 240.0.0.0/4 ::/128 ::1/128 64:ff9b::/96 2002::/16 fc00::/7 fe80::/10 fec0::/10"
).split()

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Scope(StrEnum):
    """Whose service manager runs the worker."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """One file of the installation."""

    path: Path
    content: str


@dataclass(frozen=True, slots=True)
class Installation:
    """The files of a service, and what the operator does next."""

    files: tuple[ServiceFile, ...]
    next_commands: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def plan_installation(config: Path, scope: Scope, program: Path | None = None) -> Installation:
    """Return the files that make a service of the worker with this config. Raises ConfigError.

    ``program`` is the executable; by default the one that runs now.
    """
    config = config.absolute()
    text = config.read_text("utf-8")
    settings = _shape(config, text)
    executable = program or _program()
    credentials = sorted(_names(text, "credential"))
    lines = [
        *_head(config),
        "",
        *_service(config, executable, scope),
        *(f"LoadCredential={name}:{CREDENTIALS / name}" for name in credentials),
        *([f"EnvironmentFile=-{ENVIRONMENT}"] if _names(text, "env") else []),
        "",
        *(_sandbox(config, executable, settings) if scope is Scope.SYSTEM else _light_sandbox()),
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if scope is Scope.SYSTEM else 'default.target'}",
    ]
    unit = "\n".join(lines) + "\n"
    if scope is Scope.USER:
        return _for_user(unit)
    return _for_system(unit, settings, credentials, _remarks(config, executable, settings))


def install(installation: Installation) -> None:
    """Write the files. Raises RequestError."""
    for file in installation.files:
        try:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_text(file.content, "utf-8")
        except OSError as error:
            raise RequestError(
                tr(
                    "{path}: cannot be written ({reason}); run this as root, or with --user for yourself",
                    path=file.path,
                    reason=error.strerror,
                )
            ) from error


def _head(config: Path) -> list[str]:
    return [
        "# Made by `syndicator service install` from the config; run it again after the config changed what",
        "# the worker reads, writes or reaches. Own settings belong into `systemctl edit syndicator`.",
        "[Unit]",
        "Description=Syndicator: translates articles and publishes feeds",
        "Wants=network-online.target",
        "After=network-online.target",
        f"AssertPathExists={config}",
    ]


def _service(config: Path, executable: Path, scope: Scope) -> list[str]:
    command = f"{_quoted(executable)} -c {_quoted(config)} run"
    identity = [f"User={USER}", f"Group={USER}"] if scope is Scope.SYSTEM else []
    return [
        "[Service]",
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={command}",
        "ExecReload=kill -HUP $MAINPID",
        *identity,
        "Restart=always",
        "RestartSec=5",
        "# 78: the config cannot be used; only a person can help, and a loop of restarts would hide it.",
        "RestartPreventExitStatus=78",
        "TimeoutStartSec=5min",
        f"TimeoutStopSec={STOP_SECONDS}",
        f"WatchdogSec={WATCHDOG}",
        "# The web server reads what the worker publishes.",
        "UMask=0022",
    ]


def _sandbox(config: Path, executable: Path, settings: Settings) -> list[str]:
    homes = any(_below(path, _homes()) for path in _read(config, executable))
    return [
        "StateDirectory=syndicator",
        "StateDirectoryMode=0755",
        *(f"ReadWritePaths=-{_quoted(path)}" for path in _written(settings)),
        "ProtectSystem=strict",
        f"ProtectHome={'read-only' if homes else 'yes'}",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "PrivateMounts=yes",
        "PrivateUsers=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectProc=invisible",
        "ProcSubset=pid",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "AmbientCapabilities=",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "RemoveIPC=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "SystemCallErrorNumber=EPERM",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources",
        "KeyringMode=private",
        "DevicePolicy=closed",
        f"IPAddressDeny={' '.join(PRIVATE)}",
        *(f"IPAddressAllow={network}" for network in reached(settings)),
    ]


def _light_sandbox() -> list[str]:
    """What a user's own service manager can do without privileges."""
    return [
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictRealtime=yes",
        "MemoryDenyWriteExecute=yes",
    ]


def _read(config: Path, executable: Path) -> tuple[Path, ...]:
    """Return what the worker must be able to read; its interpreter may live in somebody's home."""
    return tuple(dict.fromkeys((config, executable, Path(sys.base_prefix))))


def _written(settings: Settings) -> list[Path]:
    """Return the folders outside the state directory in which the worker writes."""
    storage = settings.storage
    wanted = [path_of(storage.database).parent]
    if "://" not in str(storage.feeds):
        wanted.append(Path(str(storage.feeds)))
    wanted += [source.path for source in settings.sources if source.path]
    if storage.status_page:
        wanted.append(storage.status_page.parent)
    return [path for path in dict.fromkeys(wanted) if not path.is_relative_to(STATE)]


def reached(settings: Settings) -> list[Network]:
    """Return the private addresses that the config needs: engines, resolvers, exempted hosts, the server."""
    hosts = [urlsplit(_url(engine)).hostname or "" for engine in settings.translation.engines]
    hosts += [str(each) for each in settings.fetch.allow_private]
    hosts += [_host(target) for target in (*settings.on_alert, *settings.on_publish)]
    if settings.storage.s3 and settings.storage.s3.endpoint:
        hosts.append(urlsplit(settings.storage.s3.endpoint).hostname or "")
    if settings.serve:
        hosts.append(str(settings.serve.bind).rpartition(":")[0].strip("[]"))
        hosts += [
            each for each in settings.serve.watchers if not ipaddress.ip_network(each, False).is_loopback
        ]
    hosts += _resolvers()
    found = {network: None for host in hosts for network in _networks(host)}
    return [network for network in found if any(network.overlaps(each) for each in _private(network.version))]


def _url(engine: object) -> str:
    return str(getattr(engine, "url", None) or "")


def _host(target: object) -> str:
    """Return the host that a target of alerts is told at."""
    if isinstance(target, MailTargetSettings):
        return target.smtp.rpartition(":")[0].strip("[]")
    if isinstance(target, WebhookTargetSettings):
        return urlsplit(target.url.get_secret_value()).hostname or ""
    return ""


def _private(version: int) -> list[Network]:
    return [network for each in PRIVATE if (network := ipaddress.ip_network(each)).version == version]


def _networks(host: str) -> Iterator[Network]:
    """Yield the addresses of a host or network; none for a name that nobody knows now."""
    if not host:
        return
    try:
        yield ipaddress.ip_network(host, strict=False)
        return
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError:
        return
    for *_, address in found:
        yield ipaddress.ip_network(str(address[0]).partition("%")[0])


def _resolvers() -> list[str]:
    """Return the name servers of this machine."""
    try:
        text = RESOLVER.read_text("utf-8")
    except OSError:
        return []
    return re.findall(r"^\s*nameserver\s+([0-9A-Fa-f.:]+)", text, re.MULTILINE)


def _for_system(
    unit: str, settings: Settings, credentials: Sequence[str], remarks: tuple[str, ...]
) -> Installation:
    folders = [f"d {_escaped(path)} 0755 {USER} {USER} -" for path in (STATE, *_written(settings))]
    files = (
        ServiceFile(Path("/etc/systemd/system/syndicator.service"), unit),
        ServiceFile(
            Path("/etc/sysusers.d/syndicator.conf"),
            f'# The user that the worker runs as.\nu {USER} - "Syndicator" {STATE}\n',
        ),
        ServiceFile(
            Path("/etc/tmpfiles.d/syndicator.conf"),
            "# Folders that the worker writes to and the web server reads.\n" + "\n".join(folders) + "\n",
        ),
    )
    store = f"install -d -m 0700 {CREDENTIALS}"
    return Installation(
        files,
        (
            "systemd-sysusers",
            "systemd-tmpfiles --create",
            *([store] if credentials else []),
            *(f"systemd-ask-password -n 'key {name}:' > {CREDENTIALS / name}" for name in credentials),
            "systemctl daemon-reload",
            "systemctl enable --now syndicator",
            "systemctl status syndicator",
            "journalctl -u syndicator -f",
        ),
        remarks,
    )


def _for_user(unit: str) -> Installation:
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return Installation(
        (ServiceFile(base / "systemd/user/syndicator.service", unit),),
        (
            "systemctl --user daemon-reload",
            "systemctl --user enable --now syndicator",
            "loginctl enable-linger",
            "journalctl --user -u syndicator -f",
        ),
    )


def _remarks(config: Path, executable: Path, settings: Settings) -> tuple[str, ...]:
    elsewhere = (*_homes(), Path("/etc"), Path("/usr"))
    misplaced = [
        tr("{path}: no good place for the worker's data; {state} is one", path=path, state=STATE)
        for path in _written(settings)
        if _below(path, elsewhere)
    ]
    hidden = [
        tr("{path}: must be readable by the user {user}; a home mostly is not", path=path, user=USER)
        for path in _read(config, executable)
        if _below(path, _homes())
    ]
    return (*misplaced, *hidden)


def _below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _homes() -> tuple[Path, ...]:
    return (Path("/home"), Path("/root"), Path("/run/user"))


def _program() -> Path:
    """Return the executable that runs now."""
    return (
        Path(sys.argv[0]).absolute()
        if sys.argv[0].endswith("syndicator")
        else Path(sys.executable).with_name("syndicator")
    )


def _names(text: str, kind: str) -> set[str]:
    """Return the names of the placeholders of a kind in a config."""
    found = set()
    for match in PLACEHOLDER.finditer(text):
        named, _, name = (match["inside"] or "").partition(":")
        if not match["escaped"] and named == kind and name:
            found.add(name)
    return found


def _shape(config: Path, text: str) -> Settings:
    """Return the settings as they will be for the service: what its secrets are does not matter here."""
    with tempfile.TemporaryDirectory() as folder:
        for name in _names(text, "credential"):
            if "/" not in name:
                (Path(folder) / name).write_text("x", "utf-8")
        environ = {**dict.fromkeys(_names(text, "env"), "x"), **os.environ, "CREDENTIALS_DIRECTORY": folder}
        found, problems = examine(config, environ, datetime.now(UTC))
    if found is None:
        raise ConfigError(tuple(problem for problem in problems if not problem.warning) or problems)
    return found


def _quoted(path: Path) -> str:
    """Return a path as a unit's lines take it: specifiers doubled, blanks quoted (systemd.service(5))."""
    text = str(path).replace("%", "%%")
    return text if text == shlex.quote(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(path: Path) -> str:
    """Return a path as tmpfiles.d(5) takes it."""
    text = str(path).replace("%", "%%")
    return f'"{text}"' if re.search(r"\s", text) else text
