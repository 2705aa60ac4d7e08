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
    assert seen == [PENDING] * 5 + [HELD] * 9  # each cycle asked twice: the same answer, so no more
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


def test_what_is_spoiled_by_chance_is_asked_for_again_in_the_same_cycle(bench, server):
    spoil = {text: 2 for at, text in enumerate(MANY) if at % 3 == 0}

    def answer(text, target):
        spoil[text] = spoil.get(text, 0) - 1
        return f"{text} {spoil[text]}" if spoil[text] >= 0 else bench.said(text, target)

    server.answer = answer
    told = bench.chain(bench.engine(server)).translate(PAIR, MANY)
    assert not told.failures
    assert [len(texts) for texts, *_ in server.asked] == [len(MANY), len(MANY) // 3 + 1, len(MANY) // 3 + 1]


def test_a_lone_sentence_that_is_refused_waits_for_the_next_cycle(bench, server):
    server.answer = lambda text, target: text
    assert state(bench.chain(bench.engine(server)).translate(PAIR, [STUBBORN]), STUBBORN) is PENDING
    assert len(server.asked) == 1


def test_a_request_that_times_out_takes_no_other_with_it_and_is_repeated_in_halves(bench, server):
    server.faults = [lambda _: False, server.hang]
    engine = bench.supervised(bench.libre("libre", server.url, timeout=1.0, max_characters=800))
    told = bench.chain(engine).translate(PAIR, MANY)
    assert not told.failures
    sizes = [sum(map(len, texts)) for texts, *_ in server.asked]
    assert max(sizes[-2:]) <= 400
    assert sum(sizes) < 2 * sum(map(len, MANY))


NUMBERED = "През 2018 година дойдоха гости от Мантуа."


def test_the_same_doubtful_answer_must_come_three_times_from_an_engine_with_much_refused(bench, server):
    """By chance it comes twice from an engine that spoils a tenth of the digits, now and then."""
    wrong, right = "In 2019 guests from Mantua came here.", "In 2018 guests from Mantua came here."
    for times, stands in ((2, False), (3, True)):
        asked = iter([wrong] * times + [right] * 9)
        numbered = NUMBERED.replace("гости", ("хора", "жени")[times - 2])
        server.answer = lambda text, target, mine=numbered, asked=asked: (
            next(asked) if text == mine else text if text in MANY[:8] else bench.said(text, target)
        )
        known = bench.chain(bench.engine(server)).translate(PAIR, [numbered, *MANY[:30]]).known
        assert known[numbered].text == (wrong if stands else right)
        bench.memory.fingerprint = f"after {times}"
