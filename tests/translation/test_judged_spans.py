"""Elements land on the words that a person judged right, in real answers of English↔Portuguese models.

The rules were tuned on ``judged_spans.json``; ``held_out_spans.json`` (every third of the other sentences of
``benchmarks/spans.*.txt``, both directions) was written and judged afterwards: keep it out of any tuning.
"""

import json
from pathlib import Path

import pytest

from syndicator.translation import inline
from syndicator.translation.inline import Place

HERE = Path(__file__).parent


def located(case: dict[str, str]) -> str:
    start = case["source"].index(case["span"])
    at, target = Place(start, start + len(case["span"])), case["target"]
    found = (
        inline.find_alone(case["alone"], case["source"], at, target)
        or inline.find_probed(case["probed"], target, inline.count_words(case["alone"]))
        or inline.find_alone(case["alone"], case["source"], at, target, least=inline.ROUGH)
    )
    return target[found.start : found.end] if found else ""


@pytest.mark.parametrize(("name", "share"), [("judged_spans.json", 0.0), ("held_out_spans.json", 0.15)])
def test_most_spans_land_on_the_right_words(name: str, share: float) -> None:
    cases = json.loads((HERE / name).read_text("utf-8"))
    wrong = [(case["span"], located(case)) for case in cases if located(case) != case["right"]]
    assert len(cases) >= 50
    assert len(wrong) <= share * len(cases), wrong


def test_marks_around_untranslated_words_and_a_lost_mark_still_tell_the_place() -> None:
    target = "O incêndio destruiu um armazém."
    assert inline.find_probed("O (1)fire(2) destruiu um armazém.", target) == Place(2, 10)
    assert inline.find_probed("O (1) incêndio destruiu um armazém.", target, words=1) == Place(2, 10)
    assert inline.find_probed("Um (1) incêndio destruiu um armazém.", target, words=1) is None
