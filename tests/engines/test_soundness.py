"""An engine that fails at random is told from a sentence that it cannot translate."""

import pytest

from syndicator.engines.soundness import Soundness
from syndicator.model import Pair, TranslationState

PAIR = Pair("bg", "en")
HELD, PENDING = TranslationState.HELD, TranslationState.PENDING
THINGS = "река гора къща книга улица песен ябълка мелница".split()
PLACES = "града селото планината морето долината".split()
MANY = [f"Това е разказ за една стара {thing} край {place}." for thing in THINGS for place in PLACES]
DAYS = "понеделник вторник сряда четвъртък петък събота неделя празник".split()
STUBBORN = "Този ред никога не се превежда от тази машина."


@pytest.mark.parametrize(
    ("judged", "refused", "excuses"),
    [
        (1, 1, False),  # alone: the sentence's fault
        (19, 10, False),  # too few to tell
        (20, 4, False),
        (30, 1, False),  # one bad sentence in an article
        (100, 9, False),
        (20, 5, True),
        (100, 10, True),
        (100, 90, True),
        (100, 91, False),  # it spoils everything, and will tomorrow
        (100, 100, False),
    ],
)
def test_a_part_of_many_answers_must_be_bad(judged, refused, excuses):
    sound = Soundness()
    for number in range(judged):
        sound.count(refused=number < refused)
    assert sound.excuses == excuses


def state(translated, segment):
    return translated.failures[segment].state


def test_a_sentence_that_fails_among_many_good_ones_is_held_after_three_times(bench, server):
    server.answer = lambda text, target: text if text == STUBBORN else bench.said(text, target)
    seen = [
        state(bench.chain(bench.engine(server)).translate(PAIR, [STUBBORN, *MANY]), STUBBORN)
        for _ in range(4)
    ]
    assert seen == [PENDING, PENDING, HELD, HELD]


def spoiled(bench, cycle):
    """An engine that echoes every third sentence, others in each cycle, and always the stubborn one."""
    return lambda text, target: (
        text if text == STUBBORN or (sum(map(ord, text)) + cycle) % 3 == 0 else bench.said(text, target)
    )


def fresh(cycle):
    """Sentences of which no other cycle has any (numerals would not do: those are solved without asking)."""
    times = ("през лятото", "през зимата")[cycle // len(DAYS)]
    return [f"{text[:-1]} във {DAYS[cycle % len(DAYS)]} {times}." for text in MANY]


def test_what_fails_while_the_engine_fails_at_random_stays_pending_up_to_twelve_answers(bench, server):
    seen = []
    for cycle in range(14):
        server.answer = spoiled(bench, cycle)
        told = bench.chain(bench.engine(server)).translate(PAIR, [STUBBORN, *fresh(cycle)])
        seen.append(state(told, STUBBORN))
    assert seen == [PENDING] * 11 + [HELD] * 3
    asked = [texts for texts, *_ in server.asked if STUBBORN in texts]
    assert len(asked) == 12
    assert bench.memory.refused(PAIR, [STUBBORN])[STUBBORN][0].excused == 12


def test_every_sentence_of_an_engine_that_fails_at_random_arrives_in_the_end(bench, server):
    for cycle in range(5):
        server.answer = spoiled(bench, cycle)
        told = bench.chain(bench.engine(server)).translate(PAIR, MANY)
    assert not told.failures


def test_an_engine_that_spoils_everything_is_not_paid_for_ever(bench, server):
    server.answer = lambda text, target: text
    for _ in range(5):
        told = bench.chain(bench.engine(server)).translate(PAIR, MANY)
    assert {failure.state for failure in told.failures.values()} == {HELD}
    assert sum(len(texts) for texts, *_ in server.asked) == 3 * len(MANY)
