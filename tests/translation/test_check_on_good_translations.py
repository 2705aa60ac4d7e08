"""The checks on translations written for these tests: good ones pass, the same ones spoilt do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from syndicator.translation.check import Severity, check

FILE = Path(__file__).with_name("good_translations.txt")
LINES = [line.split(" ¦ ") for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
TRIPLES = [
    (source, target, pair)
    for bg, en, it in LINES
    for source, target, pair in ((bg, en, ("bg", "en")), (bg, it, ("bg", "it")), (en, it, ("en", "it")))
]
SENTENCES = [(source, target, pair) for source, target, pair in TRIPLES if len(target.split()) >= 8]


def half(_source: str, target: str) -> str:
    words = target.split()
    return " ".join(words[: len(words) // 2])


def without_a_number(_source: str, target: str) -> str:
    return " ".join(word for word in target.split() if not any(map(str.isdigit, word)))


FAULTS: dict[str, tuple[Callable[[str, str], str], float]] = {
    "echo": (lambda source, _target: source, 0.99),
    "empty": (lambda _source, _target: " ", 1),
    "half": (half, 0.97),
    "twice": (lambda _source, target: f"{target} {target}", 0.99),
    "loop": (lambda _source, target: target + " and so on and on" * 4, 0.99),
    "error page": (lambda _source, _target: "Error 503 (Service Unavailable)", 1),
    "no number": (without_a_number, 0.96),
}


def test_there_are_enough() -> None:
    assert len(LINES) >= 120
    assert all(len(line) == 3 for line in LINES)


def test_no_good_translation_is_refused_and_few_are_remarked_on() -> None:
    verdicts = [(check(source, target, *pair), source, target) for source, target, pair in TRIPLES]
    assert [each for each in verdicts if each[0].severity >= Severity.REFUSE] == []
    assert sum(verdict.severity >= Severity.WARN for verdict, _, _ in verdicts) <= 0.03 * len(TRIPLES)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_translations_spoilt_are_refused(fault: str) -> None:
    spoil, floor = FAULTS[fault]
    spoilt = [(source, spoil(source, target), pair, target) for source, target, pair in SENTENCES]
    changed = [(source, answer, pair) for source, answer, pair, target in spoilt if answer != target]
    # A number that is missing is asked for once more; the rest is refused at once.
    enough = Severity.DOUBT if fault == "no number" else Severity.REFUSE
    passed = [each for each in changed if check(each[0], each[1], *each[2]).severity < enough]
    assert len(passed) <= (1 - floor) * len(changed), f"{len(passed)} of {len(changed)}: {passed}"
