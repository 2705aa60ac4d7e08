"""Pace, budget, breaker and account of one engine."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from syndicator.engines.supervised import Limits
from syndicator.errors import (
    AnswerMalformedError,
    BudgetSpentError,
    EngineDownError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
)
from syndicator.model import Pair
from syndicator.store.store import SqlLedger

PAIR = Pair("bg", "en")
TEXT = ["Десет букви"]  # 11 characters


def test_an_engine_that_stumbles_is_asked_again(bench, server):
    server.faults = [server.status(500), server.status(500)]
    engine = bench.engine(server)
    assert engine.translate(TEXT, PAIR)
    assert len(server.asked) == 3
    first, second = bench.slept
    assert 0.45 <= first <= 0.75
    assert 0.9 <= second <= 1.5
    assert engine.down is None


def test_three_failures_in_a_row_open_the_breaker(bench, server):
    server.faults = [server.status(500)] * 9
    engine = bench.engine(server)
    for _ in range(3):
        with pytest.raises(EngineUnavailableError):
            engine.translate(TEXT, PAIR)
    with pytest.raises(EngineUnavailableError):
        engine.supports(PAIR)
    assert len(server.asked) == 3


def test_a_success_closes_the_count(bench, server):
    engine = bench.engine(server)
    for _ in range(3):
        server.faults = [server.status(500), server.status(500)]
        engine.translate(TEXT, PAIR)
    assert engine.down is None


def test_timeouts_are_not_repeated_and_count_double(bench, server):
    server.faults = [server.hang] * 9
    engine = bench.engine(server)
    for _ in range(3):
        with pytest.raises(EngineTimeoutError):
            engine.translate(TEXT, PAIR)
    assert len(server.asked) == 2


def test_a_short_wait_is_waited_a_long_one_is_not(bench, server):
    server.faults = [server.status(429, Retry_After="3")]
    assert bench.engine(server).translate(TEXT, PAIR)
    assert bench.slept == [3.0]
    server.faults = [server.status(429, Retry_After="600")]
    engine = bench.engine(server)
    with pytest.raises(RateLimitedError):
        engine.translate(TEXT, PAIR)
    assert engine.down is not None
    assert bench.slept == [3.0]


def test_a_wrong_key_is_tried_once(bench, server):
    server.key = "right"
    engine = bench.engine(server, api_key="wrong")
    with capture_logs() as logged:
        for _ in range(2):
            with pytest.raises(EngineRefusedError):
                engine.translate(TEXT, PAIR)
    assert engine.account.requests == 1
    assert [(line["event"], line["engine"], line["log_level"]) for line in logged] == [
        ("engine refuses", "libre", "warning")
    ]
    assert "check api_key" in logged[0]["reason"]


def test_nonsense_for_single_texts_opens_the_breaker_too(bench, server):
    server.faults = [server.page("{}")] * 9
    engine = bench.engine(server)
    for _ in range(5):
        with pytest.raises(AnswerMalformedError):
            engine.translate(TEXT, PAIR)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("limits", "period"),
    [(Limits(characters_per_day=25), "today"), (Limits(characters_per_month=25), "this month")],
)
def test_the_budget_holds_across_runs(bench, server, limits, period):
    engine = bench.supervised(bench.libre("libre", server.url), limits)
    engine.translate(TEXT, PAIR)
    engine.translate(TEXT, PAIR)
    after_restart = bench.supervised(bench.libre("libre", server.url), limits)
    with pytest.raises(BudgetSpentError, match=f"22 of 25 characters are used {period}; 11 more"):
        after_restart.translate(TEXT, PAIR)
    assert len(server.asked) == 2
    assert after_restart.down is None


def test_yesterday_counts_for_the_month_only(bench, server):
    SqlLedger(bench.database, bench.now - timedelta(days=1)).record("libre", characters=20)
    day = bench.supervised(bench.libre("libre", server.url), Limits(characters_per_day=25))
    assert day.translate(TEXT, PAIR)
    month = bench.supervised(bench.libre("libre", server.url), Limits(characters_per_month=25))
    with pytest.raises(BudgetSpentError):
        month.translate(TEXT, PAIR)


def test_an_outage_does_not_use_the_budget_up(bench, server):
    server.faults = [server.status(500)] * 3
    engine = bench.engine(server)
    with pytest.raises(EngineUnavailableError):
        engine.translate(TEXT, PAIR)
    assert bench.ledger.spent("libre", bench.now) == 0
    assert (engine.account.requests, engine.account.errors) == (3, 3)


def test_requests_keep_their_distance(bench, server):
    moment = [100.0]

    def sleep(seconds):
        bench.slept.append(round(seconds, 3))
        moment[0] += seconds

    engine = bench.supervised(
        bench.libre("libre", server.url), Limits(requests_per_second=2), sleep=sleep, clock=lambda: moment[0]
    )
    for _ in range(3):
        engine.translate(TEXT, PAIR)
    assert bench.slept == [0.5, 0.5]
    moment[0] += 10
    engine.translate(TEXT, PAIR)
    assert bench.slept == [0.5, 0.5]


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


def at(bench, server, clock, **options):
    return bench.supervised(bench.libre("libre", server.url, timeout=0.5), clock=clock, **options)


def test_nobody_there_opens_the_breaker_at_once(bench, server):
    engine = bench.engine(server)
    server.close()
    with pytest.raises(EngineDownError):
        engine.translate(TEXT, PAIR)
    assert engine.account.requests == 1
    assert engine.down is not None


def test_within_a_long_cycle_the_breaker_half_opens_after_its_rest(bench, server):
    clock = Clock()
    engine = at(bench, server, clock)
    server.faults = [server.status(500)] * 3
    with pytest.raises(EngineUnavailableError):
        engine.translate(TEXT, PAIR)
    clock.seconds += 29
    assert engine.down is not None
    clock.seconds += 2
    assert engine.down is None
    assert engine.translate(TEXT, PAIR)
    assert bench.ledger.rest("libre") is None


def test_each_rest_in_a_row_is_longer_and_a_success_ends_the_row(bench, server):
    clock = Clock()
    engine = at(bench, server, clock)
    server.faults = [server.status(500)] * 5
    for seconds, requests in ((31, 3), (61, 5)):
        with pytest.raises(EngineUnavailableError):
            engine.translate(TEXT, PAIR)
        assert len(server.asked) == requests
        clock.seconds += seconds - 2
        assert engine.down is not None
        clock.seconds += 2
    assert engine.translate(TEXT, PAIR)
    server.faults = [server.status(500)] * 6
    for _ in range(2):  # it has just answered: three failures in a row may be chance
        assert engine.down is None
        with pytest.raises(EngineUnavailableError):
            engine.translate(TEXT, PAIR)
    assert bench.ledger.rest("libre").times == 1


def test_a_worker_waits_for_the_end_of_a_rest_and_a_single_cycle_does_not(bench, server):
    server.faults = [server.status(500)] * 3
    with pytest.raises(EngineUnavailableError):
        bench.engine(server).translate(TEXT, PAIR)
    worker = bench.supervised(bench.libre("libre", server.url), patient=True)
    with pytest.raises(EngineUnavailableError, match=r"left alone until 2026-11-24 10:00 UTC, after: .*500"):
        worker.translate(TEXT, PAIR)
    assert len(server.asked) == 3
    assert bench.engine(server).translate(TEXT, PAIR)
    assert bench.supervised(bench.libre("libre", server.url), patient=True).translate(TEXT, PAIR)


def test_a_long_wait_that_the_engine_asked_for_holds_across_restarts(bench, server):
    server.faults = [server.status(429, Retry_After="3600")]
    with pytest.raises(RateLimitedError):
        bench.engine(server).translate(TEXT, PAIR)
    with pytest.raises(EngineUnavailableError, match="left alone until 2026-11-24 11:00 UTC"):
        bench.engine(server).translate(TEXT, PAIR)
    assert len(server.asked) == 1


def test_a_refused_key_is_tried_anew_in_the_next_cycle(bench, server):
    server.key = "right"
    with pytest.raises(EngineRefusedError):
        bench.engine(server, api_key="wrong").translate(TEXT, PAIR)
    assert bench.engine(server, api_key="right").translate(TEXT, PAIR)
