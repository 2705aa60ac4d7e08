"""Elements land on the words that a person judged right, in real answers of an English→Portuguese model."""

import json
from pathlib import Path

from syndicator.translation import inline
from syndicator.translation.inline import Place

CASES = json.loads(Path(__file__).with_name("judged_spans.json").read_text("utf-8"))


def located(case: dict[str, str]) -> str:
    start = case["source"].index(case["span"])
    at, target = Place(start, start + len(case["span"])), case["target"]
    found = (
        inline.find_alone(case["alone"], case["source"], at, target)
        or inline.find_probed(case["probed"], target, inline.count_words(case["alone"]))
        or inline.find_alone(case["alone"], case["source"], at, target, least=inline.ROUGH)
    )
    return target[found.start : found.end] if found else ""


def test_most_spans_land_on_the_right_words() -> None:
    wrong = [(case["span"], located(case)) for case in CASES if located(case) != case["right"]]
    assert len(CASES) >= 50
    assert len(wrong) <= 0.15 * len(CASES), wrong


def test_marks_around_untranslated_words_and_a_lost_mark_still_tell_the_place() -> None:
    target = "O incêndio destruiu um armazém."
    assert inline.find_probed("O (1)fire(2) destruiu um armazém.", target) == Place(2, 10)
    assert inline.find_probed("O (1) incêndio destruiu um armazém.", target, words=1) == Place(2, 10)
    assert inline.find_probed("Um (1) incêndio destruiu um armazém.", target, words=1) is None
