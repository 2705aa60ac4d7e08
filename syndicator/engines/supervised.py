"""One engine under supervision: its pace, its budget, its breaker, its account."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicator.errors import (
    AnswerMalformedError,
    BudgetSpentError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    PairRefusedError,
    RateLimitedError,
)
from syndicator.model import Pair
from syndicator.ports import Engine, Ledger
from syndicator.text.messages import tr

TRIES = 3  # of one request, when the engine stumbles
LONGEST_WAIT = 10.0  # seconds; an engine that asks for more is left alone until the next cycle
FAILURES_TO_OPEN = 3  # of requests in a row; a timeout counts double, for it costs the most


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
    """

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        now: datetime,
        limits: Limits = Limits(),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self.account = Account()
        self.down: EngineError | None = None  # why the breaker is open
        self._ledger = ledger
        self._now = now
        self._limits = limits
        self._sleep = sleep
        self._clock = clock
        self._failures = 0
        self._next_request = 0.0

    @property
    def id(self) -> str:
        """The engine's id in the config."""
        return self.engine.id

    def supports(self, pair: Pair) -> bool:
        """Return whether the engine translates the pair directly. Raises EngineError.

        One that is down is not asked.
        """
        if self.down:
            raise self.down
        try:
            return self.engine.supports(pair)
        except EngineError as error:
            self._failed(error, 0, 0, 0.0)
            if not isinstance(error, PairRefusedError):
                self.down = error
            raise

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Ask the engine, again where it stumbled. Raises EngineError."""
        if self.down:
            raise self.down
        characters = sum(map(len, texts))
        self._within_budget(characters)
        for attempt in range(1, TRIES + 1):
            self._keep_pace()
            started = self._clock()
            try:
                answers = self.engine.translate(texts, pair)
            except EngineError as error:
                self._failed(error, len(texts), characters, self._clock() - started)
                wait = _wait_after(error, attempt)
                if wait is None or self.down:
                    raise
                self._sleep(wait)
            else:
                self._failures = 0
                self._account(1, characters, 0, self._clock() - started, "")
                return answers
        raise AssertionError("the last try raises or returns")

    def _failed(self, error: EngineError, texts: int, characters: int, seconds: float) -> None:
        # What was turned away is not billed: an outage must not use the budget up.
        billed = characters if isinstance(error, EngineTimeoutError | AnswerMalformedError) else 0
        self._account(1, billed, 1, seconds, str(error))
        self.account.last_error = str(error)
        if isinstance(error, PairRefusedError):
            return  # its other pairs are as good as ever
        if isinstance(error, EngineRefusedError):
            self.down = error  # the next request would hear the same
        elif isinstance(error, AnswerMalformedError) and texts == 1:
            self._failures += 1  # nonsense for a single text; that for several may come of their number
            if self._failures >= FAILURES_TO_OPEN:
                self.down = error
        elif isinstance(error, EngineTimeoutError | EngineUnavailableError | RateLimitedError):
            self._failures += 2 if isinstance(error, EngineTimeoutError) else 1
            long = isinstance(error, RateLimitedError) and (error.retry_after or 0) > LONGEST_WAIT
            if self._failures >= FAILURES_TO_OPEN or long:
                self.down = error

    def _account(self, requests: int, characters: int, errors: int, seconds: float, error: str) -> None:
        self.account.requests += requests
        self.account.characters += characters
        self.account.errors += errors
        self._ledger.record(
            self.id, requests=requests, characters=characters, errors=errors, seconds=seconds, error=error
        )

    def _within_budget(self, characters: int) -> None:
        midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        for limit, since, period in (
            (self._limits.characters_per_day, midnight, tr("today")),
            (self._limits.characters_per_month, midnight.replace(day=1), tr("this month")),
        ):
            if limit is None:
                continue
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
        wait = self._next_request - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_request = max(self._clock(), self._next_request) + 1 / self._limits.requests_per_second


def _wait_after(error: EngineError, attempt: int) -> float | None:
    """Return the seconds after which the same request is worth another try; None: it is not, now."""
    if attempt >= TRIES:
        return None
    if isinstance(error, RateLimitedError):
        wait = error.retry_after if error.retry_after is not None else float(attempt)
        return wait if wait <= LONGEST_WAIT else None
    if isinstance(error, EngineUnavailableError):
        return 0.3 * (1 << attempt)
    return None
