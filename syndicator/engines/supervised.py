"""One engine under supervision: its pace, its budget, its breaker, its account.

The breaker's state is kept in the database, not in the process: a worker builds its engines anew for every
cycle, a timer starts a new process for each, and an engine that asked for an hour's peace must get it from
all of them.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from syndicator.errors import (
    AnswerMalformedError,
    BudgetSpentError,
    EngineDownError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    PairRefusedError,
    RateLimitedError,
)
from syndicator.model import Pair
from syndicator.ports import Engine, Hint, Ledger, Rest, takes_hints
from syndicator.text.messages import tr

log = structlog.get_logger(__name__)

TRIES = 3  # of one request, when the engine stumbles
LONGEST_WAIT = 10.0  # seconds; an engine that asks for more is left alone until then
FAILURES_TO_OPEN = 3  # of requests in a row; a timeout counts double, for it costs the most
# Of one that has answered in this cycle: where 3 of 10 requests fail at random, three in a row are no outage,
# and would end every cycle after some 30 requests.
FAILURES_OF_ONE_THAT_ANSWERS = 6
FAILURES_OF_A_PROBE = 2  # to open it again, after a rest
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=15)  # doubled each time in between
LONGEST_ASKED = timedelta(days=31)  # a month's quota may be used up; beyond that it is no date


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator allows; None: no limit."""

    requests_per_second: float | None = None
    characters_per_day: int | None = None
    characters_per_month: int | None = None


@dataclass(slots=True)
class Account:
    """What was asked of an engine in this cycle."""

    requests: int = 0
    characters: int = 0
    errors: int = 0
    last_error: str = ""


class SupervisedEngine:
    """Asks an engine as often and as much as is good, and no longer when it is down.

    Without a breaker a cycle against an engine that is down took 200 s; with one, 26.

    The breaker opens at once when nobody answers at the address, or when the engine asks for a long wait;
    after three failures in a row otherwise, six if it has answered before in this cycle. After its rest it is
    half open: the next requests decide. A refusal (wrong key, no quota) leaves the engine alone for this
    object's life, that is, for one cycle.
    """

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        now: datetime,
        limits: Limits = Limits(),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        *,
        patient: bool = False,
    ) -> None:
        """``patient``: wait for the end of a rest that an earlier cycle began.

        Else only for one that the engine itself asked for: whoever starts a single cycle by hand wants to
        know whether the engine is back.
        """
        self.engine = engine
        self.account = Account()
        self._ledger = ledger
        self._now = now
        self._limits = limits
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._patient = patient
        self._books = threading.RLock()  # over what follows: an engine may be asked by two threads
        self._pacing = threading.Lock()
        self._started = clock()
        self._failures = 0
        self._answered = False  # in this cycle, since its last rest
        self._next_request = 0.0
        self._refused: EngineRefusedError | None = None
        self._rest: Rest | None = None
        self._why: EngineError | None = None  # the error that began the rest, in this cycle
        self._knows_rest = False

    @property
    def id(self) -> str:
        """The engine's id in the config."""
        return self.engine.id

    @property
    def down(self) -> EngineError | None:
        """Why the engine is not to be asked at this moment."""
        if self._refused:
            return self._refused
        rest = self._known_rest()
        if rest is None or rest.until <= self._moment():
            return None
        return self._why or EngineUnavailableError(
            self.id,
            tr(
                "left alone until {until} UTC, after: {reason}",
                until=rest.until.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
                reason=rest.reason.removeprefix(f"{self.id}: "),
            ),
        )

    def supports(self, pair: Pair) -> bool:
        """Return whether the engine translates the pair directly. Raises EngineError.

        One that is down is not asked.
        """
        if down := self.down:
            raise down
        try:
            return self.engine.supports(pair)
        except EngineError as error:
            self._failed(error, 0, 0, 0.0)
            if not self.down and not isinstance(error, PairRefusedError):
                self._open(error)
            raise

    def translate(self, texts: Sequence[str], pair: Pair, hints: Sequence[Hint] = ()) -> list[str]:
        """Ask the engine, again where it stumbled; ``hints`` as :class:`HintedEngine`. Raises EngineError."""
        characters = sum(map(len, texts))
        with self._books:
            if down := self.down:
                raise down
            self._within_budget(characters)
        for attempt in range(1, TRIES + 1):
            self._keep_pace()
            started = self._clock()
            try:
                answers = self._answers(texts, pair, hints)
            except EngineError as error:
                with self._books:
                    self._failed(error, len(texts), characters, self._clock() - started)
                    wait = _wait_after(error, attempt, self._jitter)
                    if wait is None or self.down:
                        raise
                self._sleep(wait)
            else:
                with self._books:
                    self._worked()
                    self._account(1, characters, 0, self._clock() - started, "")
                return answers
        raise AssertionError("the last try raises or returns")

    def _answers(self, texts: Sequence[str], pair: Pair, hints: Sequence[Hint]) -> list[str]:
        engine = self.engine
        if takes_hints(engine) and any(hint.terms or hint.similar for hint in hints):
            return engine.translate(texts, pair, hints)
        return engine.translate(texts, pair)

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=self._clock() - self._started)

    def _known_rest(self) -> Rest | None:
        if not self._knows_rest:
            self._knows_rest = True
            self._rest = self._ledger.rest(self.id)
            if self._rest and not self._rest.asked and not self._patient:
                self._rest = Rest(self._now, False, self._rest.times, self._rest.reason)
            if self._rest:
                self._failures = FAILURES_TO_OPEN - FAILURES_OF_A_PROBE
        return self._rest

    def _worked(self) -> None:
        self._failures = 0
        self._answered = True
        self._why = None
        if self._known_rest():
            self._ledger.end_rest(self.id)
            self._rest = None

    def _open(self, error: EngineError, asked: float | None = None) -> None:
        """Leave the engine alone: for so many seconds as it asked for, or longer each time."""
        before = self._known_rest()
        times = before.times + 1 if before else 1
        if asked is None:
            length = min(LONGEST_REST, FIRST_REST * (1 << min(times - 1, 10)))
        else:
            length = timedelta(seconds=min(asked, LONGEST_ASKED.total_seconds()))
        self._rest = Rest(self._moment() + length, asked is not None, times, str(error))
        self._why = error
        self._answered = False
        self._failures = FAILURES_TO_OPEN - FAILURES_OF_A_PROBE
        self._ledger.begin_rest(self.id, self._rest)

    def _failed(self, error: EngineError, texts: int, characters: int, seconds: float) -> None:
        # What was turned away is not billed: an outage must not use the budget up.
        billed = characters if isinstance(error, EngineTimeoutError | AnswerMalformedError) else 0
        self._account(1, billed, 1, seconds, str(error))
        self.account.last_error = str(error)
        if isinstance(error, PairRefusedError):
            return  # its other pairs are as good as ever
        if isinstance(error, EngineRefusedError):
            if self._refused is None:  # another thread's request may have heard it first
                log.warning("engine refuses", engine=self.id, reason=str(error))
            self._refused = error  # the next request would hear the same
        elif isinstance(error, AnswerMalformedError):
            # Nonsense for a single text; that for several may come of their number.
            self._count(error, 1 if texts == 1 else 0)
        elif isinstance(error, RateLimitedError) and (error.retry_after or 0) > LONGEST_WAIT:
            self._open(error, error.retry_after)
        elif isinstance(error, EngineDownError):
            self._open(error)
        elif isinstance(error, EngineTimeoutError):
            self._count(error, 2)
        elif isinstance(error, EngineUnavailableError | RateLimitedError):
            self._count(error, 1)

    def _count(self, error: EngineError, failures: int) -> None:
        self._failures += failures
        if self._failures >= (FAILURES_OF_ONE_THAT_ANSWERS if self._answered else FAILURES_TO_OPEN):
            self._open(error)

    def _account(self, requests: int, characters: int, errors: int, seconds: float, error: str) -> None:
        self.account.requests += requests
        self.account.characters += characters
        self.account.errors += errors
        self._ledger.record(
            self.id, requests=requests, characters=characters, errors=errors, seconds=seconds, error=error
        )

    def left(self) -> int | None:
        """Return how many characters the budgets leave now; None where there is no budget."""
        rooms = [limit - self._ledger.spent(self.id, since) for limit, since, _ in self._budgets()]
        return max(0, min(rooms)) if rooms else None

    def _budgets(self) -> list[tuple[int, datetime, str]]:
        """Return each budget in characters, since when it counts, and that in words."""
        midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        budgets = (
            (self._limits.characters_per_day, midnight, tr("today")),
            (self._limits.characters_per_month, midnight.replace(day=1), tr("this month")),
        )
        return [(limit, since, period) for limit, since, period in budgets if limit is not None]

    def _within_budget(self, characters: int) -> None:
        for limit, since, period in self._budgets():
            spent = self._ledger.spent(self.id, since)
            if spent + characters > limit:
                raise BudgetSpentError(
                    self.id,
                    tr(
                        "budget: {spent} of {limit} characters are used {period}; {wanted} more are wanted",
                        spent=spent,
                        limit=limit,
                        period=period,
                        wanted=characters,
                    ),
                )

    def _keep_pace(self) -> None:
        if not self._limits.requests_per_second:
            return
        with self._pacing:
            wait = self._next_request - self._clock()
            if wait > 0:
                self._sleep(wait)
            self._next_request = max(self._clock(), self._next_request) + 1 / self._limits.requests_per_second


def _wait_after(error: EngineError, attempt: int, jitter: Callable[[], float]) -> float | None:
    """Return the seconds after which the same request is worth another try; None: it is not, now.

    What we guess is spread over a range, so that several clients of an engine do not come back all at once.
    """
    if attempt >= TRIES:
        return None
    if isinstance(error, RateLimitedError):
        wait = error.retry_after if error.retry_after is not None else attempt * (0.75 + jitter() / 2)
        return wait if wait <= LONGEST_WAIT else None
    if isinstance(error, EngineUnavailableError):
        return 0.3 * (1 << attempt) * (0.75 + jitter() / 2)
    return None
