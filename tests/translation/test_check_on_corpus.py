"""The checks on real engines' answers: the floors that figures in the docs rest on."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from syndicator.translation.check import Severity

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is research data and not in the repo")
PAIRS = ["firefox bg→en", "google bg→en", "google bg→it", "google en→it", "microsoft bg→en"]
# The share of real answers that each check finds fault with, the highest of the recordings; and a margin.
MEASURED = {"short": 0.0091, "number": 0.0031}
MARGIN = 0.002
ALWAYS_BLOCKED = [
    "echo",
    "empty",
    "one word again and again",
    "three words again and again",
    "all of it twice",
    "error page",
]


@cache
def benchmark() -> ModuleType:
    path = ROOT / "benchmarks" / "check_rates.py"
    spec = importlib.util.spec_from_file_location("check_rates", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def recordings() -> dict[str, object]:
    return {f"{one.engine} {'→'.join(one.pair)}": one for one in benchmark().recordings(CORPUS)}


def test_every_recording_is_there() -> None:
    assert sorted(recordings()) == PAIRS


def test_good_answers_are_hardly_ever_blocked_and_seldom_doubted() -> None:
    rates = [benchmark().false_alarms(recordings()[pair]) for pair in PAIRS]
    judged = sum(one.judged for one in rates)
    assert sum(one.share(Severity.REFUSE) * one.judged for one in rates) <= judged / 2000
    assert all(one.share(Severity.WARN) <= 0.03 for one in rates)


@pytest.mark.parametrize("pair", PAIRS)
def test_no_check_finds_fault_more_often_than_measured(pair: str) -> None:
    rates = benchmark().false_alarms(recordings()[pair])
    shares = {name: count / rates.judged for name, count in rates.findings.items()}
    assert {name: one for name, one in shares.items() if one > MEASURED.get(name, 0) + MARGIN} == {}


@pytest.mark.parametrize("pair", ["firefox bg→en", "google bg→it", "google en→it"])
def test_faults_are_caught(pair: str) -> None:
    caught = benchmark().catches(recordings()[pair])
    for fault in ALWAYS_BLOCKED:
        assert caught[fault].share(Severity.BLOCK) >= 0.99, fault
    for fault in {"half a sentence", "wrong language"} & caught.keys():  # en→it has no other language
        assert caught[fault].share(Severity.BLOCK) >= 0.99, fault
    assert caught["no number"].share(Severity.DOUBT) >= 0.96
    assert caught["no number"].share(Severity.DOUBT) >= 0.96
    assert caught["another digit"].share(Severity.DOUBT) >= 0.96
