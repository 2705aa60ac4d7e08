"""An engine that costs nothing is asked for more while its last answers are judged."""

import threading

import pytest

from syndicator.engines.ahead import Ahead
from syndicator.errors import AnswerMalformedError, EngineDownError, StoreError
from syndicator.model import Pair, TranslationState

PAIR = Pair("bg", "en")
SEGMENTS = ("Малините узряха рано.", "Виното е отлично тази година.", "Пчелите са заети с работа.")


class Free:
    """An engine of our own that takes one text at a time; ``broken`` texts are answered with an error."""

    id, local, costs_nothing, max_characters, max_texts = "free", True, True, 1, 1

    def __init__(self, broken=(), error=AnswerMalformedError):
        self.asked = []
        self.threads = set()
        self.broken = broken
        self.error = error
        self.second = threading.Event()

    def size(self, text):
        return len(text)

    def supports(self, pair):
        return True

    def translate(self, texts, pair):
        self.threads.add(threading.current_thread())
        self.asked += texts
        if len(self.asked) > 1:
            self.second.set()
        if set(texts) & set(self.broken):
            raise self.error(self.id, "it broke")
        return [f"Sentence number {text[:1]}, word for word." for text in texts]


class Patient:
    """A memory that keeps nothing before the engine was asked for the next."""

    def __init__(self, memory, engine):
        self.memory, self.engine = memory, engine
        self.waited = []

    def __getattr__(self, name):
        return getattr(self.memory, name)

    def remember(self, *args, **options):
        self.waited.append(self.engine.second.wait(30))
        self.memory.remember(*args, **options)


def test_the_next_request_is_under_way_before_the_last_answers_are_kept(bench):
    engine = Free()
    memory = bench.memory
    bench.memory = Patient(memory, engine)
    known = bench.chain(bench.supervised(engine)).translate(PAIR, SEGMENTS).known
    assert set(known) == set(SEGMENTS) == set(memory.lookup(PAIR, list(SEGMENTS)))
    assert bench.memory.waited == [True, True, True]
    assert len(engine.asked) == 3


def test_one_that_charges_is_not_asked_ahead(bench):
    engine = Free()
    engine.costs_nothing = False
    bench.chain(bench.supervised(engine)).translate(PAIR, SEGMENTS)
    assert engine.threads == {threading.current_thread()}


@pytest.mark.parametrize("broken", SEGMENTS)
def test_an_error_takes_no_other_request_with_it(bench, broken):
    translated = bench.chain(bench.supervised(Free([broken]))).translate(PAIR, SEGMENTS)
    assert set(translated.known) == set(SEGMENTS) - {broken}
    assert translated.failures[broken].state is TranslationState.PENDING


def test_one_that_is_down_is_left_alone(bench):
    engine = Free(SEGMENTS, EngineDownError)
    translated = bench.chain(bench.supervised(engine)).translate(PAIR, SEGMENTS)
    assert set(translated.failures) == set(SEGMENTS)
    assert engine.asked == [SEGMENTS[0]]


def test_what_was_asked_ahead_has_ended_when_the_work_breaks_off():
    under_way = threading.Event()
    ended = []

    def ask(texts):
        if texts == ["b"]:
            under_way.set()
        ended.append(texts)
        return texts

    requests = [["a"], ["b"], ["c"], ["d"], ["e"]]

    def work():
        with Ahead(ask, requests) as ahead:
            ahead.ask(requests[0])
            assert under_way.wait(30)
            raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        work()
    assert sorted(ended) in ([["a"], ["b"]], [["a"], ["b"], ["c"]])


def test_a_request_that_was_not_announced_is_made_behind_those_under_way():
    requests = [["a", "b"], ["c"]]
    asked = []

    def ask(texts):
        asked.append(list(texts))
        return list(texts)

    with Ahead(ask, requests) as ahead:
        answers = [ahead.ask(requests[0]), ahead.ask(["a"]), ahead.ask(["b"]), ahead.ask(requests[1])]
    assert answers == [*asked[:1], ["a"], ["b"], ["c"]]
    assert asked == [["a", "b"], ["c"], ["a"], ["b"]]
