"""What the recorded engine answers: the standard that published sentences are held against."""

import importlib.util
import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

import page_noise
from engine_tap import Pair
from judge import Expected, Standard

SPAN_WORDS = 6  # a piece of a sentence up to this long is a span looked up alone, not a segment


def load_module(path: Path) -> ModuleType:
    """Import the replay server's module from where it lies."""
    spec = importlib.util.spec_from_file_location("replay_mt", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(slots=True)
class Recorded:
    """The corpus as the replay server knows it."""

    replay: ModuleType
    corpus: Path
    lines: list[str] = field(default_factory=list)  # Bulgarian, blanks squeezed
    memory: object = None
    sources: dict[Pair, str] = field(default_factory=dict)  # every known source text, joined, to search in
    markers: frozenset[str] = frozenset()  # words that only noise holds
    expected: dict[tuple[str, str], Expected] = field(default_factory=dict)  # by language and line

    @classmethod
    def load(cls, replay_path: Path, corpus: Path) -> "Recorded":
        found = cls(load_module(replay_path), corpus)
        found.memory = found.replay.Memory(corpus)
        for file in sorted(corpus.glob("*.bg")):
            found.lines += [found.replay.squeeze(text) for text in file.read_text("utf-8").splitlines()]
        if len(found.lines) < 2:
            raise SystemExit(f"{corpus} holds no *.bg file with lines")
        known = [*found.lines, *(text for table in found.memory.pairs.values() for text in table.values())]
        found.markers = page_noise.markers(known, found.replay.transliterate)
        found.sources = {pair: "\n".join(known) for pair, known in found.memory.known.items()}
        return found

    def readings(self, line: str, language: str) -> Expected:
        """What a line may read: the recorded line, or its sentences as the server cuts them, put together."""
        replay = self.replay
        if language == "bg":
            return Expected((line,), (line,))
        known: Mapping[str, str] = self.memory.known["bg", language]
        targets = [self.memory.pairs["bg", target][line] for target in ("en", "it")]
        parts = replay.cut(line, replay.source_ends(line, targets))
        translated = [known.get(replay.plain_form(part), "") for part in parts]
        whole = replay.squeeze(known[replay.plain_form(line)])
        parted = replay.squeeze(" ".join(translated)) if all(translated) else whole
        return Expected(
            tuple(dict.fromkeys((whole, parted))), (replay.transliterate(replay.plain_form(line)), line)
        )

    def standard(self, language: str, lines: Sequence[str], addresses: Mapping[int, str]) -> Standard:
        """What entries in a language are held against."""
        for line in lines:
            if (language, line) not in self.expected:
                self.expected[language, line] = self.readings(line, language)
        return Standard(
            language, {line: self.expected[language, line] for line in lines}, self.markers, addresses
        )

    def is_known(self, text: str, pair: Pair) -> bool:
        """Whether a text is made of whole recorded sentences."""
        return pair in self.memory.known and self.memory.translate(text, *pair)[1] == 0

    def is_part(self, text: str, pair: Pair) -> bool:
        """Whether a text is a few words from inside a recorded sentence."""
        short = len(text.split()) <= SPAN_WORDS
        return short and self.replay.plain_form(text) in self.sources.get(pair, "")

    def belongs_to(self, text: str, line: str) -> bool:
        """Whether a text that was sent is a piece of a line."""
        return self.replay.plain_form(text) in self.replay.plain_form(line)


class ReplayServer:
    """The replay server as a process of its own. Use as a context manager."""

    def __init__(self, recorded: Recorded, faults: Mapping[str, float] | None = None) -> None:
        self.command: Sequence[str] = [
            sys.executable, str(recorded.replay.__file__), "--corpus", str(recorded.corpus), "--faults", json.dumps(faults or {}),
        ]  # fmt: skip
        self.url = ""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            self.process.kill()
            raise SystemExit("the replay server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stats(self) -> dict[str, int]:
        """The server's own counters."""
        with urllib.request.urlopen(f"{self.url}/_stats", timeout=10) as answer:
            return json.load(answer)
