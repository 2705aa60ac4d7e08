"""Groups of articles for an engine that never waits: each is begun before the one before it has ended."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Protocol, Self, TypeVar

from syndicator.ports import nobody

T = TypeVar("T")
Ask = Callable[[Callable[[], None]], T]
"""Gets answers; calls what it is given when an engine has room for more."""


class Begin(Protocol):
    """Asks for a group's answers and hands them on; may return before either is done."""

    def __call__(self, ask: Ask[T], then: Callable[[T], None]) -> None:
        """Have ``ask`` called, and ``then`` with what it returns, the groups in their order."""


def one_by_one(ask: Ask[T], then: Callable[[T], None]) -> None:
    """Do both at once (a :class:`Begin`). Raises what they raise."""
    then(ask(nobody))


class Relay:
    """Two threads that take turns at groups; a context in which they run."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="relay")
        self._under_way: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        # Whoever was told to stop waits for no engine.
        told_to_stop = kind is not None and not issubclass(kind, Exception)
        self._threads.shutdown(wait=not told_to_stop, cancel_futures=True)

    def begin(self, ask: Ask[T], then: Callable[[T], None]) -> None:
        """Begin with a group (a :class:`Begin`); return when an engine has room for the next.

        Raises what groups before it raised.
        """
        self.look()
        room = Event()
        before = self._under_way[-1:]

        def run() -> None:
            try:
                answers = ask(room.set)
            finally:
                room.set()
            wait(before)
            then(answers)

        self._under_way.append(self._threads.submit(run))
        room.wait()

    def look(self) -> None:
        """Raise what a group raised that is over by now."""
        over = [one for one in self._under_way if one.done()]
        self._under_way = [one for one in self._under_way if one not in over]
        for one in over:
            one.result()

    def finish(self) -> None:
        """Wait for all groups. Raises what they raised."""
        while self._under_way:
            self._under_way.pop(0).result()
