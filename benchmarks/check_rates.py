"""How often the checks refuse good translations, and how often they see bad ones.

    python benchmarks/check_rates.py CORPUS_FOLDER

The folder holds ``NAME.bg``, reference translations ``NAME.LANG`` and engines' answers ``NAME.ENGINE.LANG``,
line by line. Every answer of an engine is judged as it is (false alarms), and once more with each fault put
in (catches).
"""

import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syndicator.text.transliterate import transliterate
from syndicator.translation.check import Severity, check

ERROR_PAGES = (
    "<!DOCTYPE html><html><body>Error 500</body></html>",
    "Too Many Requests",
    "429 Too Many Requests. Please try again later.",
    "Error 503 (Service Unavailable)",
    "Our systems have detected unusual traffic from your computer network.",
    "Server Error: That's an error. Please try again later. That's all we know.",
    "Internal Server Error",
    "I'm sorry, but I can't translate that.",
    "502 Bad Gateway nginx/1.24.0",
    "504 Gateway Time-out",
    "403 Forbidden",
    "404 Not Found: the requested URL was not found on this server.",
    "Checking your browser before accessing the site. This process is automatic.",
    "Attention Required! Please enable cookies.",
    "ERROR: The requested URL could not be retrieved. Your cache administrator is webmaster.",
    "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    "no healthy upstream",
    "Connection timed out",
    "MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY.",
    "QUERY LENGTH LIMIT EXCEEDED. MAX ALLOWED QUERY: 500 CHARS",
    "PLEASE SELECT TWO DISTINCT LANGUAGES",
    '{"error": "Slowdown: 20 per 1 minute"}',
    '{"error": {"code": 401000, "message": "The request is not authorized."}}',
    "Quota exceeded",
    "Authorization failed. Please supply a valid key.",
    "Access denied due to invalid subscription key.",
    "Please log in to continue",
    "The model is currently overloaded. Please try again later.",
    "As an AI language model, I cannot provide this.",
    "Operation timed out",
)
NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w.,]*\d)")
HALVES_FROM = 8  # words; "half a sentence" of a heading may be all of it


@dataclass(frozen=True, slots=True)
class Recording:
    """One engine's answers for one pair: (source, answer) by line."""

    engine: str
    pair: tuple[str, str]
    lines: tuple[tuple[str, str], ...]
    other: Mapping[str, str]  # by source: a good translation into the wrong language


@dataclass(slots=True)
class Rates:
    """What was found: counts by name of the finding, and by weight of the verdict."""

    judged: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[int] = field(default_factory=Counter)

    def add(self, source: str, answer: str, pair: tuple[str, str]) -> None:
        """Judge one answer."""
        verdict = check(source, answer, *pair)
        self.judged += 1
        self.findings.update(finding.name for finding in verdict.findings)
        self.verdicts[verdict.severity] += 1

    def share(self, least: Severity) -> float:
        """The share of answers whose worst finding weighs at least so much."""
        return sum(n for weight, n in self.verdicts.items() if weight >= least) / max(1, self.judged)


def recordings(folder: Path) -> Iterator[Recording]:
    """Yield what the folder holds. A recorded answer in Italian is judged against both of its sources."""
    for source_file in sorted(folder.glob("*.bg")):
        stem = source_file.name.removesuffix(".bg")
        lines = {path.name.removeprefix(f"{stem}."): read(path) for path in sorted(folder.glob(f"{stem}.*"))}
        for name, answers in lines.items():
            engine, _, target = name.rpartition(".")
            for source in ("bg", "en") if engine else ():
                if source == target or (source == "en" and target != "it"):
                    continue
                other = lines["en" if target == "it" else "it"]
                yield Recording(
                    engine,
                    (source, target),
                    tuple(zip(lines[source], answers, strict=True)),
                    dict(zip(lines[source], other, strict=True)),
                )


def read(path: Path) -> list[str]:
    """Return a file's lines; engines' files hold HTML entities."""
    return [html.unescape(line) for line in path.read_text("utf-8").splitlines()]


def false_alarms(recording: Recording) -> Rates:
    """Judge the answers as they are."""
    rates = Rates()
    for source, answer in recording.lines:
        rates.add(source, answer, recording.pair)
    return rates


def catches(recording: Recording) -> dict[str, Rates]:
    """Judge the answers with each fault put in."""
    found: dict[str, Rates] = {name: Rates() for name in FAULTS}
    for index, (source, answer) in enumerate(recording.lines):
        for name, spoil in FAULTS.items():
            spoiled = spoil(source, answer, index)
            if spoiled is not None and spoiled != answer:
                found[name].add(source, spoiled, recording.pair)
        if recording.pair[0] == "bg":
            found.setdefault("transliterated", Rates()).add(source, transliterate(source), recording.pair)
        if len(answer.split()) >= HALVES_FROM and recording.other[source] != source:
            wrong = recording.other[source]
            found.setdefault("wrong language", Rates()).add(source, wrong, recording.pair)
    return found


def _first_half(_source: str, answer: str, _index: int) -> str | None:
    words = answer.split()
    return " ".join(words[: len(words) // 2]) if len(words) >= HALVES_FROM else None


def _without_a_number(source: str, answer: str, index: int) -> str | None:
    """Take one number out that stands in both texts; None where there is none."""
    shared = [found for found in NUMBER.finditer(answer) if found.group() in NUMBER.findall(source)]
    if not shared:
        return None
    gone = shared[index % len(shared)]
    return answer[: gone.start()] + answer[gone.end() :]


def _another_digit(source: str, answer: str, index: int) -> str | None:
    shared = [found for found in NUMBER.finditer(answer) if found.group() in NUMBER.findall(source)]
    if not shared:
        return None
    at = shared[index % len(shared)].end() - 1
    return f"{answer[:at]}{(int(answer[at]) + 1 + index % 9) % 10}{answer[at + 1 :]}"


FAULTS: Mapping[str, Callable[[str, str, int], str | None]] = {
    "echo": lambda source, _answer, _index: source,
    "empty": lambda _source, _answer, index: ("", " ", "\n")[index % 3],
    "half a sentence": _first_half,
    "a third": lambda _source, answer, _index: answer[: len(answer) // 3],
    "one word again and again": lambda _source, answer, _index: f"{answer} " + "the " * 8,
    "three words again and again": lambda _source, answer, _index: (
        f"{answer} " + (" ".join(answer.split()[-3:]) + " ") * 4
    ),
    "all of it twice": lambda _source, answer, _index: f"{answer} {answer}",
    "error page": lambda _source, _answer, index: ERROR_PAGES[index % len(ERROR_PAGES)],
    "no number": _without_a_number,
    "another digit": _another_digit,
}


def told(name: str, rates: Rates) -> str:
    """Return one line of the table."""
    by_name = ", ".join(f"{finding} {count}" for finding, count in rates.findings.most_common())
    return (
        f"  {name:30}{rates.judged:6}{rates.share(Severity.REFUSE):10.2%}"
        f"{rates.share(Severity.DOUBT):10.2%}{rates.share(Severity.WARN):10.2%}   {by_name}"
    )


def main(arguments: list[str]) -> int:
    """Print the tables."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    for recording in recordings(Path(arguments[0])):
        source, target = recording.pair
        print(f"{recording.engine} {source}→{target}")
        print(f"  {'':30}{'judged':>6}{'blocked':>10}{'≥ doubt':>10}{'≥ warn':>10}   findings")
        print(told("as it is", false_alarms(recording)))
        for name, rates in catches(recording).items():
            print(told(name, rates))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
