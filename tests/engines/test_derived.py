"""A sentence that differs from a remembered one in numerals only is never bought."""

import pytest

from syndicator.engines.derived import derived
from syndicator.model import DERIVED, Pair, Remembered
from syndicator.ports import Similar

PAIR = Pair("bg", "en")
KNOWN, WANTED = "На 23 март гостите ще бъдат в Мантуа.", "На 24 март гостите ще бъдат в Мантуа."
ANSWER, EXPECTED = "The guests will be in Mantua on March 23.", "The guests will be in Mantua on March 24."


def near(text, origin="g", segment=KNOWN):
    return Similar(segment, text, origin, 99)


def test_the_chain_derives_it_remembers_it_and_says_so(bench, server):
    bench.memory.remember(PAIR, {KNOWN: Remembered(ANSWER, "reviewed")})
    chain = bench.chain(bench.engine(server))
    assert chain.translate(PAIR, [WANTED]).known == {WANTED: Remembered(EXPECTED, DERIVED)}
    assert server.asked == []
    assert (chain.tally.from_memory, chain.tally.derived, chain.tally.from_engine) == (1, 1, 0)
    assert bench.memory.lookup(PAIR, [WANTED])[WANTED].origin == DERIVED  # and no person has reviewed it


def test_without_an_engine_too(bench):
    bench.memory.remember(PAIR, {KNOWN: Remembered(ANSWER, "g")})
    assert bench.chain().translate(PAIR, [WANTED]).known[WANTED].text == EXPECTED


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([near(ANSWER)], EXPECTED),
        ([near(ANSWER), near("On March 23, the guests will be in Mantua.")], None),  # which of the two?
        ([near(ANSWER, "reviewed"), near("On March 23, the guests will be in Mantua.")], EXPECTED),
        ([near(ANSWER.replace("23", "23rd"))], None),
        ([near(f"{ANSWER} Error 502 Bad Gateway")], None),
        ([near("23")], None),  # cut: what is derived is checked like any answer
    ],
)
def test_what_is_derived_from_what(candidates, expected):
    found = derived(PAIR, {WANTED: candidates})
    assert [one.text for one in found.values()] == ([expected] if expected else [])
