"""The chain: memory first, then engine after engine, nothing bought twice."""

import random
from datetime import timedelta
from itertools import zip_longest

import pytest

from syndicator.engines.libretranslate import LibreTranslateEngine
from syndicator.engines.supervised import Limits
from syndicator.errors import AnswerMalformedError, RequestTooLongError
from syndicator.model import Pair, Remembered, TranslationState
from syndicator.ports import Hint, Rest

PAIR = Pair("bg", "en")
A, B, C = "Малините узряха рано.", "Виното е отлично тази година.", "Пчелите са заети с работа."
NUMBERED = "През 2018 година дойдоха гости от Мантуа."
WITHOUT = "In 2019 guests from Mantua came here."  # a changed number: doubtful
DROPPED = "That year guests from Mantua came here."
HELD, FAILED, PENDING = TranslationState.HELD, TranslationState.FAILED, TranslationState.PENDING


def states(translated):
    return {segment: failure.state for segment, failure in translated.failures.items()}


def test_what_the_memory_knows_is_not_asked(bench, server):
    bench.memory.remember(PAIR, {A: Remembered("Raspberries ripened early.", "reviewed")})
    chain = bench.chain(bench.engine(server))
    known = chain.translate(PAIR, [A, B]).known
    assert known[A].reviewed
    assert known[B].text == bench.said(B, "en")
    assert server.texts == [B]
    assert (chain.tally.from_memory, chain.tally.from_engine) == (1, 1)


def test_nothing_is_bought_twice(bench, server):
    for _ in range(2):
        bench.chain(bench.engine(server)).translate(PAIR, [A, B, A], helpers=[C])
    assert sorted(server.texts) == sorted([A, B, C])


def test_segments_share_requests_up_to_the_engines_limit(bench, server):
    bench.chain(bench.engine(server, max_characters=len(A) + len(B))).translate(PAIR, [A, B, C])
    assert [texts for texts, _, _ in server.asked] == [[A, B], [C]]


class Power:
    """An engine that the power fails on at its second request."""

    id, local, max_characters, max_texts = "power", True, 1, 1
    requests = 0

    def size(self, text):
        return len(text)

    def supports(self, pair):
        return True

    def translate(self, texts, pair):
        self.requests += 1
        if self.requests == 2:
            raise KeyboardInterrupt
        return ["word for word" for text in texts]


def test_each_answer_is_in_the_memory_before_the_next_request(bench):
    with pytest.raises(KeyboardInterrupt):
        bench.chain(bench.supervised(Power())).translate(PAIR, [A, B, C])
    assert set(bench.memory.lookup(PAIR, [A, B, C])) == {A}


class Halving(Power):
    """One that takes single texts only, and whose power fails at the third request."""

    max_characters, max_texts = 1000, 0
    error: type[Exception] = RequestTooLongError

    def translate(self, texts, pair):
        self.requests += 1
        if self.requests == 3:
            raise KeyboardInterrupt
        if len(texts) > 1:
            raise self.error("power", "not so many")
        return ["word for word" for text in texts]


@pytest.mark.parametrize("error", [RequestTooLongError, AnswerMalformedError])
def test_each_half_of_a_request_is_in_the_memory_before_the_other_is_asked(bench, error):
    engine = Halving()
    engine.error = error
    with pytest.raises(KeyboardInterrupt):
        bench.chain(bench.supervised(engine)).translate(PAIR, [A, B])
    assert set(bench.memory.lookup(PAIR, [A, B])) == {A}


def test_a_request_that_comes_back_in_disorder_is_halved(bench, server):
    server.reshape = lambda answers: answers if len(answers) == 1 else answers[1:]
    translated = bench.chain(bench.engine(server)).translate(PAIR, [A, B, C])
    assert {segment: one.text for segment, one in translated.known.items()} == {
        segment: bench.said(segment, "en") for segment in (A, B, C)
    }
    assert [len(texts) for texts, _, _ in server.asked] == [3, 1, 2, 1, 1]


def test_a_server_of_nonsense_is_soon_left_alone(bench, server):
    server.faults = [server.page("<html>login</html>")] * 99
    segments = [f"{A} {number}" for number in range(64)]
    translated = bench.chain(bench.engine(server)).translate(PAIR, segments)
    assert set(states(translated).values()) == {PENDING}
    assert len(translated.failures) == 64
    assert len(server.asked) < 12


def test_a_refused_answer_goes_to_the_next_engine_alone(bench, server, other_server):
    server.answer = lambda text, target: text if text == A else bench.said(text, "en")
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    known = chain.translate(PAIR, [A, B]).known
    assert (known[A].origin, known[B].origin) == ("other", "libre")
    assert other_server.texts == [A]


def test_an_engine_that_is_down_leaves_its_segments_to_the_next(bench, server, other_server):
    server.faults = [server.status(500)] * 9
    known = bench.chain(bench.engine(server), bench.engine(other_server, "other")).translate(PAIR, [A]).known
    assert known[A].origin == "other"


def test_the_same_answer_three_times_is_held_and_not_bought_again(bench, server):
    server.answer = lambda text, target: text
    seen = []
    for _ in range(5):
        translated = bench.chain(bench.engine(server)).translate(PAIR, [A])
        seen.append(translated.failures[A].state)
    assert seen == [PENDING, PENDING, HELD, HELD, HELD]
    assert len(server.asked) == 3
    assert "echo" in translated.failures[A].reason
    assert A in translated.failures[A].reason


def test_six_answers_in_all_are_held(bench, server):
    answers = iter(range(99))
    server.answer = lambda text, target: f"{text} {next(answers)}"
    seen = []
    for _ in range(8):
        seen.append(bench.chain(bench.engine(server)).translate(PAIR, [A]).failures[A].state)
    assert seen == [PENDING] * 5 + [HELD] * 3
    assert len(server.asked) == 6


def test_an_engine_that_lacks_the_pair_does_not_keep_a_refused_segment_from_being_held(
    bench, server, other_server
):
    server.answer = lambda text, target: text
    other_server.targets = {}
    for _ in range(4):
        chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
        translated = chain.translate(PAIR, [A])
    assert states(translated) == {A: HELD}


def test_what_another_engine_may_yet_deliver_is_pending_not_held(bench, server, other_server):
    server.answer = lambda text, target: text
    for _ in range(4):
        other_server.faults = [other_server.status(500)] * 9
        chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
        translated = chain.translate(PAIR, [A])
    assert states(translated) == {A: PENDING}
    other_server.faults = []
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    assert chain.translate(PAIR, [A]).known[A].origin == "other"
    assert len(server.asked) == 3


def test_other_engines_or_another_glossary_give_a_held_segment_a_new_chance(bench, server):
    server.answer = lambda text, target: text
    for _ in range(3):
        bench.chain(bench.engine(server)).translate(PAIR, [A])
    bench.memory.fingerprint = "another"
    server.answer = lambda text, target: bench.said(text, "en")
    assert bench.chain(bench.engine(server)).translate(PAIR, [A]).known


def test_a_doubtful_answer_that_comes_again_stands_with_a_warning(bench, server):
    server.answer = lambda text, target: WITHOUT
    answer = bench.chain(bench.engine(server)).translate(PAIR, [NUMBERED]).known[NUMBERED]
    assert answer.text == WITHOUT
    assert "number" in answer.warning
    assert len(server.asked) == 2


def test_a_doubtful_answer_is_asked_of_the_next_engine_and_a_better_one_wins(bench, server, other_server):
    server.answer = lambda text, target: WITHOUT
    other_server.answer = lambda text, target: WITHOUT.replace("2019", "2018")
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    answer = chain.translate(PAIR, [NUMBERED]).known[NUMBERED]
    assert (answer.origin, answer.warning) == ("other", "")
    assert (len(server.asked), len(other_server.asked)) == (1, 1)


def test_two_different_doubtful_answers_leave_the_segment_pending(bench, server, other_server):
    server.answer = lambda text, target: WITHOUT
    other_server.answer = lambda text, target: WITHOUT.replace("guests", "people")
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    translated = chain.translate(PAIR, [NUMBERED])
    assert states(translated) == {NUMBERED: PENDING}
    assert (len(server.asked), len(other_server.asked)) == (1, 1)
    # they are kept: the next cycle asks once, and the same answer stands
    again = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    assert again.translate(PAIR, [NUMBERED]).known[NUMBERED].text == WITHOUT
    assert (len(server.asked), len(other_server.asked)) == (2, 1)


def test_a_doubt_is_asked_again_of_the_same_engine_where_the_next_is_down_or_lacks_the_pair(
    bench, server, other_server
):
    server.answer = lambda text, target: WITHOUT
    other_server.faults = [other_server.status(500)] * 9
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    assert chain.translate(PAIR, [NUMBERED]).known
    other_server.targets = {}
    more = NUMBERED.replace("гости", "хора")
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "third"))
    assert chain.translate(PAIR, [more]).known


def test_one_doubtful_answer_to_everything_never_stands(bench, server):
    server.answer = lambda text, target: WITHOUT
    others = [NUMBERED.replace("гости", other) for other in ("хора", "жени")]
    for publish in (False, True, False):
        chain = bench.chain(bench.engine(server), publish_doubtful=publish)
        translated = chain.translate(PAIR, [NUMBERED, *others])
    assert len(translated.failures) >= 2
    assert HELD in states(translated).values()


def test_a_dropped_number_is_asked_for_again_and_stands_with_its_flaw_when_it_comes_again(bench, server):
    server.answer = lambda text, target: DROPPED
    translated = bench.chain(bench.engine(server)).translate(PAIR, [NUMBERED])
    assert len(server.asked) == 2
    assert translated.known[NUMBERED].text == DROPPED
    assert "missing: 2018" in translated.known[NUMBERED].warning


@pytest.mark.parametrize("answer", [WITHOUT, DROPPED])
def test_where_suspects_are_published_they_are_asked_once_more_and_stand_with_their_flaw(
    bench, server, answer
):
    server.answer = lambda text, target: answer
    translated = bench.chain(bench.engine(server), publish_doubtful=True).translate(PAIR, [NUMBERED])
    assert translated.known[NUMBERED].text == answer
    assert "number" in translated.known[NUMBERED].warning
    assert len(server.asked) == 2


def test_where_suspects_are_published_a_better_answer_of_another_engine_still_wins(
    bench, server, other_server
):
    server.answer = lambda text, target: DROPPED
    other_server.answer = lambda text, target: WITHOUT.replace("2019", "2018")
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"), publish_doubtful=True)
    answer = chain.translate(PAIR, [NUMBERED]).known[NUMBERED]
    assert (answer.origin, answer.warning) == ("other", "")


def test_where_suspects_are_published_the_first_of_several_stands(bench, server, other_server):
    server.answer = lambda text, target: DROPPED
    other_server.answer = lambda text, target: WITHOUT
    chain = bench.chain(bench.engine(server), bench.engine(other_server, "other"), publish_doubtful=True)
    assert chain.translate(PAIR, [NUMBERED]).known[NUMBERED].text == DROPPED


LONG = "Експертите се запознаха с производствени практики в Мантуа и околностите ѝ през деня."
NEVER = {
    "empty": "",
    "echo": LONG,
    "transliterated": "Ekspertite se zapoznaha s proizvodstveni praktiki v Mantua i okolnostite prez denya.",
    "babble": "The experts got acquainted with the the the the the the production practices in Mantua.",
    "cut": "The experts got acquainted",
    "script": "The experts got acquainted with производствени практики in Mantua and around it by day.",
    "language": "Gli esperti hanno conosciuto le pratiche di produzione a Mantova e nei suoi dintorni.",
    "error page": "<html><body>502 Bad Gateway</body></html>",
}


@pytest.mark.parametrize("fault", NEVER)
def test_no_choice_of_the_operators_publishes_what_is_unfit(bench, server, fault):
    server.answer = lambda text, target: NEVER[fault]
    for _ in range(3):
        chain = bench.chain(bench.engine(server), publish_doubtful=True)
        translated = chain.translate(PAIR, [LONG])
        assert not translated.known
    assert set(states(translated).values()) <= {HELD, PENDING}


def test_lost_masks_mean_asking_again_without(bench, server):
    segment = "Пишете на ops@example.eu още днес."
    server.answer = lambda text, target: (
        bench.said(text, "en") if "@" in text else "Write at once to nobody at all."
    )
    answer = bench.chain(bench.engine(server)).translate(PAIR, [segment]).known[segment]
    assert answer.text == bench.said(segment, "en")
    assert ["@" in text for text in server.texts] == [False, True]


def test_kept_terms_do_not_reach_the_engine(bench, server):
    segment = "Проектът INNOGROW започна днес."
    known = bench.chain(bench.engine(server), keep=["INNOGROW"]).translate(PAIR, [segment]).known
    assert "INNOGROW" in known[segment].text
    assert not any("INNOGROW" in text for text in server.texts)


def test_a_refused_helper_is_no_failure_and_not_asked_again(bench, server):
    server.answer = lambda text, target: text
    for _ in range(2):
        translated = bench.chain(bench.engine(server)).translate(PAIR, [], helpers=["вино и мед"])
        assert (dict(translated.known), dict(translated.failures)) == ({}, {})
    assert len(server.asked) == 1


def test_a_refused_helper_is_asked_for_as_a_sentence(bench, server):
    server.answer = lambda text, target: text
    bench.chain(bench.engine(server)).translate(PAIR, [], helpers=[A])
    server.answer = lambda text, target: bench.said(text, "en")
    assert bench.chain(bench.engine(server)).translate(PAIR, [A]).known[A].text == bench.said(A, "en")


def test_no_engine_for_the_pair_is_the_operators_affair(bench, server):
    for chain in (bench.chain(), bench.chain(bench.engine(server)), bench.chain(pivot="de")):
        translated = chain.translate(Pair("bg", "xx"), [A])
        assert states(translated) == {A: FAILED}
        assert "no engine translates bg→xx" in translated.failures[A].reason
    assert server.asked == []


def test_a_wrong_key_is_the_operators_affair_unless_another_engine_may_help(bench, server, other_server):
    server.key = "right"
    alone = bench.chain(bench.engine(server))
    assert states(alone.translate(PAIR, [A])) == {A: FAILED}
    other_server.faults = [other_server.status(500)] * 9
    both = bench.chain(bench.engine(server), bench.engine(other_server, "other"))
    assert states(both.translate(PAIR, [A])) == {A: PENDING}
    other_server.targets = {}
    useless = bench.chain(bench.engine(server), bench.engine(other_server, "third"))
    assert states(useless.translate(PAIR, [A])) == {A: FAILED}


def test_routes_give_the_order_and_leave_engines_out(bench, server, other_server):
    engines = (bench.engine(server), bench.engine(other_server, "other"))
    chain = bench.chain(*engines, routes={PAIR: ["other"]})
    assert chain.translate(PAIR, [A]).known[A].origin == "other"
    assert chain.translate(Pair("bg", "it"), [A]).known[A].origin == "libre"


def test_only_allowed_engines_see_the_text(bench, server, other_server):
    engines = (bench.engine(server), bench.engine(other_server, "home"))
    assert bench.chain(*engines).translate(PAIR, [A], allowed={"home"}).known[A].origin == "home"
    assert states(bench.chain(*engines).translate(PAIR, [B], helpers=[C], allowed=())) == {
        B: FAILED,
        C: FAILED,
    }
    assert server.asked == []
    assert server.listed == 0


# By way of the pivot language.

ITALIAN = Pair("bg", "it")


@pytest.fixture
def no_direct_pair(server):
    server.targets = {"bg": ["en"], "en": ["it"]}
    return server


def test_a_pair_without_an_engine_goes_through_english(bench, no_direct_pair):
    chain = bench.chain(bench.engine(no_direct_pair))
    known = chain.translate(ITALIAN, [A], helpers=["мед"]).known
    assert known[A].text == bench.said(bench.said(A, "en"), "it")
    assert [(source, target) for _, source, target in no_direct_pair.asked] == [("bg", "en"), ("en", "it")]
    assert (chain.tally.from_memory, chain.tally.from_engine, chain.tally.helpers) == (0, 1, 1)


def test_english_that_is_known_is_not_bought_again(bench, no_direct_pair):
    bench.memory.remember(PAIR, {A: Remembered("Raspberries ripened early.", "reviewed")})
    known = bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A]).known
    assert known[A].text == bench.said("Raspberries ripened early.", "it")
    assert no_direct_pair.texts == ["Raspberries ripened early."]


def test_a_reviewed_second_hop_makes_no_reviewed_translation(bench, no_direct_pair):
    bench.memory.remember(Pair("en", "it"), {bench.said(A, "en"): Remembered("I lamponi.", "reviewed")})
    assert bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A]).known[A].reviewed is False


def test_the_failure_of_a_first_hop_is_told_and_costs_no_second(bench, no_direct_pair):
    no_direct_pair.answer = lambda text, target: text
    seen = [states(bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A])) for _ in range(4)]
    assert seen == [{A: PENDING}, {A: PENDING}, {A: HELD}, {A: HELD}]
    assert [target for _, _, target in no_direct_pair.asked] == ["en"] * 3


def test_the_failure_of_a_second_hop_leaves_the_first_in_the_memory(bench, no_direct_pair):
    no_direct_pair.faults = [lambda _: False, *[no_direct_pair.status(500)] * 6]
    assert states(bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A])) == {A: PENDING}
    assert bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A]).known
    assert [texts for texts, _, target in no_direct_pair.asked if target == "en"] == [[A]]


def test_a_helper_that_the_first_hop_has_no_use_for_fails_nothing(bench, no_direct_pair):
    no_direct_pair.answer = lambda text, target: text if text == "мед" else bench.said(text, target)
    translated = bench.chain(bench.engine(no_direct_pair)).translate(ITALIAN, [A], helpers=["мед"])
    assert set(translated.known) == {A}
    assert translated.failures == {}


@pytest.mark.parametrize(
    ("bad_hop", "answer"),
    [
        (
            "en",
            "Le lamponi sono maturati presto e il vino è ottimo di nuovo.",
        ),  # Italian where English was due
        ("it", "The raspberries of the region ripened early and the wine is good."),  # not moved on at all
    ],
)
def test_each_hop_of_a_pivot_is_checked_for_its_own_language(bench, no_direct_pair, bad_hop, answer):
    long = "Малините в областта узряха рано, а виното отново е отлично."
    good = {"en": "Raspberries in the region ripened early, and the wine is excellent again."}
    no_direct_pair.answer = lambda text, target: (
        answer if target == bad_hop else good.get(target, bench.said(text, target))
    )
    translated = bench.chain(bench.engine(no_direct_pair)).translate(Pair("bg", "it"), [long])
    assert not translated.known
    assert "reads like" in translated.failures[long].reason


def test_a_number_that_only_the_second_hop_drops_is_missed(bench, no_direct_pair):
    said = {"en": "In 2018 guests from Mantua came.", "it": "Quell'anno vennero ospiti da Mantova."}
    no_direct_pair.answer = lambda text, target: said[target]
    translated = bench.chain(bench.engine(no_direct_pair)).translate(Pair("bg", "it"), [NUMBERED])
    assert "missing: 2018" in translated.known[NUMBERED].warning
    assert bench.memory.lookup(PAIR, [NUMBERED])[NUMBERED].text == said["en"]


def test_a_held_pivot_does_not_outweigh_an_engine_that_is_down(bench, no_direct_pair, other_server):
    no_direct_pair.answer = lambda text, target: text
    for _ in range(4):
        other_server.faults = [other_server.status(500)] * 9
        engines = (bench.engine(other_server, "direct"), bench.engine(no_direct_pair))
        translated = bench.chain(*engines, routes={PAIR: ["libre"]}).translate(ITALIAN, [A])
    assert states(translated) == {A: PENDING}


def test_confidential_text_does_not_leave_by_the_pivot_either(bench, no_direct_pair, other_server):
    engines = (bench.engine(other_server, "away"), bench.engine(no_direct_pair, "home"))
    assert bench.chain(*engines).translate(ITALIAN, [A], allowed={"home"}).known
    assert other_server.asked == []


class Told(Power):
    """An engine that takes hints, and keeps those it was given."""

    id, takes_hints, max_characters, max_texts = "told", True, 1000, 0

    def __init__(self):
        self.asked = []

    def translate(self, texts, pair, hints=()):
        self.asked.append((list(texts), list(hints)))
        return [self.said(text, hint.terms) for text, hint in zip_longest(texts, hints, fillvalue=Hint())]

    def said(self, text, terms):
        return f"There is {terms[0][1] if terms else 'more'} in it, and nothing else."


def glossary(rendering):
    return lambda pair, segments: {one: (("Пчелите", rendering),) for one in segments if one == C}


def test_an_engine_that_takes_hints_gets_terms_and_like_sentences(bench):
    engine = Told()
    like = (("Виното е отлично.", "The wine is excellent."),)
    chain = bench.chain(
        bench.supervised(engine), terms=glossary("The bees"), similar=lambda pair, segments: {B: like}
    )
    assert chain.translate(PAIR, [B, C]).known.keys() == {B, C}
    [(texts, hints)] = engine.asked
    assert texts == [B, C]
    assert [(hint.terms, hint.similar) for hint in hints] == [((), like), ((("Пчелите", "The bees"),), ())]


def test_a_plain_engine_is_given_no_hints_and_no_term_is_looked_for(bench, server):
    asked = []
    chain = bench.chain(bench.engine(server), terms=lambda pair, segments: asked.append(segments) or {})
    assert chain.translate(PAIR, [C]).known
    assert asked == []


def test_what_was_answered_under_the_same_terms_is_not_bought_again(bench):
    engine = Told()
    for _ in range(2):
        chain = bench.chain(bench.supervised(engine), terms=glossary("The bees"))
        assert "The bees" in chain.translate(PAIR, [A, C]).known[C].text
    assert len(engine.asked) == 1


def test_another_term_buys_the_segments_anew_that_contain_it_and_no_others(bench):
    engine = Told()
    bench.chain(bench.supervised(engine), terms=glossary("The bees")).translate(PAIR, [A, B, C])
    known = bench.chain(bench.supervised(engine), terms=glossary("Bees")).translate(PAIR, [A, B, C]).known
    assert "The bees" not in known[C].text
    assert "Bees" in known[C].text
    assert [texts for texts, _ in engine.asked] == [[A, B, C], [C]]


def test_a_plain_engines_answer_stays_good_whatever_the_terms(bench, server):
    bench.chain(bench.engine(server)).translate(PAIR, [C])
    engine = Told()
    known = bench.chain(bench.supervised(engine), terms=glossary("Bees")).translate(PAIR, [C]).known
    assert (known[C].origin, engine.asked) == ("libre", [])


def test_a_reviewed_translation_wins_over_one_under_the_terms(bench):
    bench.chain(bench.supervised(Told()), terms=glossary("Bees")).translate(PAIR, [C])
    bench.memory.remember(PAIR, {C: Remembered("The bees are busy.", "reviewed")})
    chain = bench.chain(bench.supervised(Told()), terms=glossary("Bees"))
    assert chain.translate(PAIR, [C]).known[C].reviewed


def test_the_memory_is_asked_before_any_breaker_or_budget(bench, server):
    bench.memory.remember(PAIR, {A: Remembered("Raspberries ripened early.", "reviewed")})
    bench.ledger.begin_rest("libre", Rest(bench.now + timedelta(hours=1), asked=True))
    chain = bench.chain(bench.engine(server))
    assert set(chain.translate(PAIR, [A]).known) == {A}
    assert states(chain.translate(PAIR, [B])) == {B: PENDING}
    assert server.asked == []


def test_what_a_budget_leaves_is_used_though_it_be_less_than_a_request(bench, server):
    limits = Limits(characters_per_day=max(len(A), len(B)) + 5)
    chain = bench.chain(bench.supervised(LibreTranslateEngine("libre", server.url, timeout=0.5), limits))
    told = chain.translate(PAIR, [A, B])
    assert len(told.known) == 1
    assert list(states(told).values()) == [PENDING]
    assert len(server.asked) == 1


def test_confidential_text_reaches_no_engine_that_is_not_named(bench, server, other_server):
    server.faults = [server.status(500)] * 9
    engines = (bench.engine(server, "home"), bench.engine(other_server, "away"))
    for _ in range(3):
        assert states(bench.chain(*engines).translate(PAIR, [A, B], allowed={"home"})) == {
            A: PENDING,
            B: PENDING,
        }
    assert (other_server.asked, other_server.listed) == ([], 0)


class Faulty:
    """Fails a tenth of the requests in each of five ways, and spoils a tenth of the texts in one of five."""

    def __init__(self, server, said):
        self.draw = random.Random(7)
        self.said = said
        self.ways = (
            server.status(500),
            server.status(429, Retry_After="1"),
            server.hang_up,
            server.page(""),
            server.page('{"translatedText": []}'),
        )

    def fault(self, handler):
        hit = [way for way in self.ways if self.draw.random() < 0.1]
        return bool(hit) and hit[0](handler)

    def answer(self, text, target):
        good = self.said(text, target)
        bad = [text, "", good[: len(good) // 3], "the the the the the the the the", "<html>Error 500</html>"]
        return self.draw.choice(bad) if self.draw.random() < 0.1 else good


def test_an_engine_that_fails_in_every_way_delivers_all_in_the_end_and_nothing_wrong(bench, server):
    faulty = Faulty(server, bench.said)
    server.answer = faulty.answer
    server.faults = [faulty.fault] * 9999
    segments = [
        f"{text[:-1]} {word}." for text in (A, B, C) for word in ("днес", "вчера", "тук", "там", "все пак")
    ]
    for _ in range(12):
        chain = bench.chain(bench.engine(server, max_characters=200))
        known = chain.translate(PAIR, segments).known
        if len(known) == len(segments):
            break
    assert {segment: one.text for segment, one in known.items()} == {
        segment: bench.said(segment, "en") for segment in segments
    }
