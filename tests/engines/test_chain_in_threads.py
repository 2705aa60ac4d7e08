"""Several threads ask one chain: none waits for another's engine, and nothing is asked for twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from syndicator.errors import AnswerMalformedError
from syndicator.model import Pair, TranslationState
from tests.engines.conftest import said

PAIR, ITALIAN = Pair("bg", "en"), Pair("bg", "it")
A, B, C = "Малините узряха рано.", "Виното е отлично тази година.", "Пчелите са заети с работа."


class Slow:
    """An engine of our own that takes one text at a time, and ``slow`` ones not before it is let go."""

    id, local, costs_nothing, max_characters, max_texts = "slow", True, True, 1, 1

    def __init__(self, *slow, pairs=(PAIR,), breaks=()):
        self.slow = slow
        self.pairs = pairs
        self.breaks = breaks
        self.asked: Counter[str] = Counter()
        self.is_at_it, self.is_let_go = threading.Event(), threading.Event()

    def size(self, text):
        return len(text)

    def supports(self, pair):
        return pair in self.pairs

    def translate(self, texts, pair):
        (text,) = texts
        self.asked[text] += 1
        if text in self.slow:
            self.is_at_it.set()
            assert self.is_let_go.wait(30)
        if text in self.breaks:
            raise AnswerMalformedError(self.id, "it broke")
        return [said(text, pair.target)]


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_a_call_goes_on_while_another_one_waits_for_its_engine(bench, threads):
    engine = Slow(A)
    chain = bench.chain(bench.supervised(engine))
    first = threads.submit(chain.translate, PAIR, [A])
    assert engine.is_at_it.wait(30)
    assert set(chain.translate(PAIR, [B]).known) == {B}
    assert not first.done()
    engine.is_let_go.set()
    assert set(first.result().known) == {A}


def test_what_another_call_asks_for_is_waited_for(bench, threads):
    engine = Slow(A)
    chain = bench.chain(bench.supervised(engine))
    first = threads.submit(chain.translate, PAIR, [A, B])
    assert engine.is_at_it.wait(30)
    second = threads.submit(chain.translate, PAIR, [A, C], helpers=[B])
    engine.is_let_go.set()
    assert set(first.result().known) == {A, B}
    assert set(second.result().known) == {A, B, C}
    assert engine.asked == {A: 1, B: 1, C: 1}
    assert (chain.tally.from_engine, chain.tally.from_memory, chain.tally.helpers) == (3, 1, 0)


def test_what_another_call_did_not_get_is_asked_for(bench, threads):
    engine = Slow(A, breaks=[A])
    chain = bench.chain(bench.supervised(engine))
    first = threads.submit(chain.translate, PAIR, [A])
    assert engine.is_at_it.wait(30)
    second = threads.submit(chain.translate, PAIR, [A, B])
    engine.is_let_go.set()
    assert first.result().failures[A].state is TranslationState.PENDING
    assert set(second.result().known) == {B}
    assert second.result().failures[A].state is TranslationState.PENDING
    assert engine.asked[A] > 1


def test_calls_by_way_of_a_pivot_share_what_they_need_on_the_way(bench, threads):
    engine = Slow(A, pairs=(PAIR, Pair("en", "it")))
    chain = bench.chain(bench.supervised(engine))
    calls = [
        threads.submit(chain.translate, pair, segments)
        for pair, segments in ((PAIR, [A, B]), (ITALIAN, [A, C]), (ITALIAN, [B, A]))
    ]
    assert engine.is_at_it.wait(30)
    engine.is_let_go.set()
    known = [call.result().known for call in calls]
    assert [set(each) for each in known] == [{A, B}, {A, C}, {A, B}]
    assert known[1][A] == known[2][A]
    assert set(engine.asked.values()) == {1}


def test_room_for_more_is_told_when_the_last_request_is_under_way(bench, threads):
    engine = Slow(A)
    room = threading.Event()
    chain = bench.chain(bench.supervised(engine))
    call = threads.submit(chain.translate, PAIR, [A], room=room.set)
    assert room.wait(30)
    assert not call.done()
    engine.is_let_go.set()
    assert set(call.result().known) == {A}


def test_an_engine_that_charges_leaves_no_room(bench):
    engine = Slow()
    engine.costs_nothing = False
    told = []
    bench.chain(bench.supervised(engine)).translate(PAIR, [A, B], room=lambda: told.append(1))
    assert told == []


def test_after_a_failure_of_the_store_others_go_on(bench, threads):
    class Full:
        """A memory that has no room for one segment."""

        def __getattr__(self, name):
            return getattr(memory, name)

        def remember(self, pair, found, **options):
            if A in found:
                raise OSError("the disk is full")
            memory.remember(pair, found, **options)

    memory = bench.memory
    bench.memory = Full()
    engine = Slow(A)
    chain = bench.chain(bench.supervised(engine))
    first = threads.submit(chain.translate, PAIR, [A])
    assert engine.is_at_it.wait(30)
    second = threads.submit(chain.translate, PAIR, [B])
    engine.is_let_go.set()
    with pytest.raises(OSError, match="the disk is full"):
        first.result()
    assert set(second.result().known) == {B}
    with pytest.raises(OSError, match="the disk is full"):
        chain.translate(PAIR, [A])
