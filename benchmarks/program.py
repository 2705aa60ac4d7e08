"""The program under measurement: its config, its runs, its published tree."""

import hashlib
import json
import os
import resource
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_site import SourceConfig
from published_tree import FeedFile, read_feed

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("bg", "en", "it")
ENGINE = "replay"
CAPACITY = {"libretranslate": 5000, "google": 1500}  # characters a request
SOURCE_NAMES = {
    "wp-full": "{bg: Тракийски вести, en: Thracian News, it: Notizie della Tracia}",
    "inbox": "{bg: Редакция, en: Editors, it: Redazione}",
}  # the others have a Bulgarian name only


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program."""

    exit_code: int
    report: dict[str, Any]  # what --json printed; {} where it was no JSON object
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    errors: str  # stderr

    def figure(self, *keys: str) -> int:
        """A number of the report; -1 where it is missing."""
        value: Any = self.report
        for key in keys:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        return value if isinstance(value, int) else -1


@dataclass(frozen=True, slots=True)
class Program:
    """The program with a config and a folder of its own."""

    command: Sequence[str]
    folder: Path
    timeout: float = 900

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    @property
    def config(self) -> Path:
        return self.folder / "syndicator.yaml"

    def once(self) -> Run:
        """Run one cycle."""
        command = [*self.command, "-c", str(self.config), "once", "--json"]
        environ = os.environ | {"LC_ALL": "C.UTF-8", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environ.get("PYTHONPATH", "")]))
        out, err = self.folder / "once.out", self.folder / "once.err"
        began = time.monotonic()
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(command, stdout=stdout, stderr=stderr, env=environ, cwd=self.folder)
            watchdog = threading.Timer(self.timeout, process.kill)
            watchdog.start()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            watchdog.cancel()
        return Run(
            process.returncode,
            json_object(out.read_text("utf-8", "replace")),
            time.monotonic() - began,
            cpu_seconds(usage),
            usage.ru_maxrss / 1024,
            err.read_text("utf-8", "replace"),
        )

    def feed(self, language: str, ending: str) -> FeedFile | None:
        """A published feed; None while there is none."""
        path = self.feeds / language / f"all.{ending}"
        return read_feed(path) if path.exists() else None

    def files(self) -> dict[str, tuple[int, str]]:
        """Every published file with its time (ns) and a digest of its content."""
        return {
            str(path.relative_to(self.feeds)): (
                path.stat().st_mtime_ns,
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for path in sorted(self.feeds.rglob("*"))
            if path.is_file()
        }


def cpu_seconds(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def touched(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> list[str]:
    """Files that came, went, or have another time or content."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def default_command() -> list[str]:
    """The installed script beside this Python, else the package."""
    script = Path(sys.executable).parent / "syndicator"
    return [str(script)] if script.exists() else [sys.executable, "-m", "syndicator"]


def command_of(given: str) -> list[str]:
    return shlex.split(given) if given else default_command()


def write_config(
    program: Program, sources: Iterable[SourceConfig], engine: str, engine_url: str, limit: int
) -> None:
    """Write the config of a measurement: everything permitted in full, no delays."""
    lines = {
        "libretranslate": f'{{id: {ENGINE}, kind: libretranslate, url: "{engine_url}", local: true',
        "google": f'{{id: {ENGINE}, kind: deep-translator, provider: google, url: "{engine_url}/m"',
    }
    text = f"""site:
  title: {{bg: Проверка, en: Trial, it: Prova}}
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
  timezone: Europe/Sofia
storage:
  database: sqlite:///var/syndicator.db
  feeds: feeds
languages: {{source: bg, targets: [en, it]}}
fetch:
  allow_private: [127.0.0.1]
  timeout: 20s
  per_host: {{concurrency: 2, delay: 0s}}
sources:
{"".join(map(source_yaml, sources))}translation:
  engines:
    - {lines[engine]}, max_characters: {CAPACITY[engine]}}}
feeds:
  - id: all
    title: {{bg: Всичко, en: Everything, it: Tutto}}
    limit: {limit}
"""
    (program.folder / "var").mkdir(parents=True, exist_ok=True)
    program.config.write_text(text, "utf-8")


def source_yaml(source: SourceConfig) -> str:
    key = "path" if source.kind == "inbox" else "url"
    name = SOURCE_NAMES.get(source.id, "Тракийски вести")
    return f"""  - id: {source.id}
    name: {name}
    kind: {source.kind}
    {key}: "{source.address}"
    publish: full
    permission: {{by: the editor, date: 2025-01-15, reference: e-mail}}
"""
