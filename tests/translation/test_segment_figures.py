"""The floors of the benchmark of sentence ends, and its texts joined back."""

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.segment import sentences

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
_spec = importlib.util.spec_from_file_location("segmentation", ROOT / "benchmarks" / "segmentation.py")
assert _spec is not None
assert _spec.loader is not None
benchmark = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = benchmark
_spec.loader.exec_module(benchmark)
CASES = list(benchmark.hard_cases())


def test_hard_cases_are_cut_where_they_end() -> None:
    assert len(CASES) >= 200
    found = benchmark.score(iter(CASES))
    assert found.f1 >= benchmark.FLOORS["hard cases"], found.wrong


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is research data and not in the repo")
def test_real_paragraphs_are_cut_where_they_end() -> None:
    assert benchmark.score(benchmark.paragraphs(CORPUS)).f1 >= benchmark.FLOORS["corpus"]


LETTERS = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъьюяАБВГИПСТ", min_size=1, max_size=9)
LATIN = st.text(alphabet="abcdefgilmnoprstuzABCIRàèéìòù’", min_size=1, max_size=9)
MARKS = st.sampled_from(
    [
        ". ",
        "! ",
        "? ",
        "… ",
        "... ",
        ", ",
        " – ",
        " ",
        ": ",
        "; ",
        "“ ",
        " „",
        ") ",
        " (",
        "\n",
        ".",
        "\u00a0",
    ]
)
NUMBERS = st.from_regex(r"[0-9]{1,4}([.,:][0-9]{2})?( (г|ч|лв|км)\.)?", fullmatch=True)
CASE = st.sampled_from([text for text, _ in CASES])


@settings(max_examples=200, deadline=None)
@given(st.lists(LETTERS | LATIN | MARKS | NUMBERS | CASE, max_size=30).map("".join))
def test_segments_and_the_blanks_between_give_back_the_text(text: str) -> None:
    at, rebuilt = 0, ""
    for start, end in sentences(text):
        assert not text[at:start].strip()
        rebuilt += text[at:start] + text[start:end]
        at = end
    assert rebuilt + text[at:] == text
    assert not text[at:].strip()
