"""Asks an engine that costs nothing for its next request while the answers to the last one are judged."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

Ask = Callable[[Sequence[str]], list[str]]


class Ahead:
    """Gives each request's answers when they are asked for, with the next request under way already.

    Requests are made one at a time, in a thread of their own: the engine sees no difference. For engines that
    charge nobody only: a kill loses what was under way, and that is up to two requests' answers.
    """

    def __init__(self, ask: Ask, requests: Sequence[Sequence[str]]) -> None:
        self._ask = ask
        self._coming = list(requests)
        self._begun: dict[int, Future[list[str]]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        # Whoever goes on must find the engine idle; who was told to stop does not wait for it.
        told_to_stop = kind is not None and not issubclass(kind, Exception)
        self._thread.shutdown(wait=not told_to_stop, cancel_futures=True)

    def ask(self, request: Sequence[str]) -> list[str]:
        """Return the answers to a request, one of those that were announced or not. Raises EngineError."""
        answers = self._begun.pop(id(request), None) or self._begin(request)
        if self._coming and self._coming[0] is request:
            del self._coming[0]
            if self._coming:
                self._begun[id(self._coming[0])] = self._begin(self._coming[0])
        return answers.result()

    def _begin(self, request: Sequence[str]) -> "Future[list[str]]":
        return self._thread.submit(self._ask, request)
