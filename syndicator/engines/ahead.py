"""Asks an engine that costs nothing for its next requests while the answers to the last one are judged."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from syndicator.ports import nobody

Ask = Callable[[Sequence[str]], list[str]]


DEPTH = 2  # requests


class Ahead:
    """Gives each request's answers when they are asked for, with the next ones under way already.

    Of those, one is with the engine while the other is made ready, so that the engine never waits. For
    engines that charge nobody only: a kill loses what was under way, the answers to up to three requests of a
    call.
    """

    def __init__(
        self, ask: Ask, requests: Sequence[Sequence[str]], room: Callable[[], None] = nobody
    ) -> None:
        """``room`` is called when the last of the requests is under way."""
        self._ask = ask
        self._room = room
        self._coming = list(requests)
        self._begun: dict[int, Future[list[str]]] = {}
        self._threads = ThreadPoolExecutor(DEPTH, thread_name_prefix="ahead")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        # Whoever goes on must find the engine idle; who was told to stop does not wait for it.
        told_to_stop = kind is not None and not issubclass(kind, Exception)
        self._threads.shutdown(wait=not told_to_stop, cancel_futures=True)

    def ask(self, request: Sequence[str]) -> list[str]:
        """Return the answers to a request, one of those that were announced or not. Raises EngineError."""
        answers = self._begun.pop(id(request), None) or self._begin(request)
        if self._coming and self._coming[0] is request:
            del self._coming[0]
        for following in self._coming[:DEPTH]:
            if id(following) not in self._begun:
                self._begun[id(following)] = self._begin(following)
        if len(self._coming) <= DEPTH:
            self._room()
        return answers.result()

    def _begin(self, request: Sequence[str]) -> "Future[list[str]]":
        return self._threads.submit(self._ask, request)
