"""What runs side by side in a cycle where no engine charges for its work.

Taking in waits for the network and translating for the engine's own processes. So what has come is translated
while sources are still read, and what is translated gets its pages while the engine is at the rest. The
outcome is that of one step after the other, down to the order of the entries.
"""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from enum import Enum, auto
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from syndicator.ports import Work, nobody
from syndicator.steps.intake import Intake
from syndicator.steps.press import Press
from syndicator.steps.translating import age

LOOK_EVERY = 0.5  # seconds: how soon a failure elsewhere ends the wait for a slow source


class _News(Enum):
    """What the thread that reads sources tells."""

    COMING = auto()
    CAME = auto()
    ALL = auto()


class Beside:
    """The threads beside this one; a context in which they run.

    One reads sources and then writes pages, another one lets the engine load.
    """

    def __init__(self, press: Press) -> None:
        self._press = press
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._loading = ThreadPoolExecutor(1, thread_name_prefix="loading")
        self._left = False  # set when nobody waits for what is under way any more
        self._under_way: list[Future[Any]] = []
        self._wrote = False
        self._translated: list[Work] = []  # what has no pages yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self._left = kind is not None
        # Whoever was told to stop does not wait for slow servers: the next cycle asks them again.
        told_to_stop = kind is not None and not issubclass(kind, Exception)
        for threads in (self._thread, self._loading):
            threads.shutdown(wait=not told_to_stop, cancel_futures=True)

    def take_in(
        self,
        read: Callable[[Callable[[], None], Callable[[], None]], Iterable[Intake]],
        translate: Callable[[], None],
        at_once: int,
        get_ready: Callable[[], None] = nobody,
        look: Callable[[], None] = nobody,
    ) -> tuple[Intake, ...]:
        """Take in beside this thread, and call ``translate`` whenever ``at_once`` articles have come.

        ``read`` gets what it must call when articles will come, and what it must call for each that has; it
        yields what came of the sources. ``get_ready`` is called beside both when the first will come, and
        ``look`` now and then. Raises what any of them raises.
        """
        news: SimpleQueue[_News] = SimpleQueue()

        def take_in() -> tuple[Intake, ...]:
            found = []
            try:
                for intake in read(lambda: news.put(_News.COMING), lambda: news.put(_News.CAME)):
                    found.append(intake)
                    if self._left:
                        break
            finally:
                news.put(_News.ALL)
            return tuple(found)

        intakes = self._thread.submit(take_in)
        waiting, is_ready = 0, False
        while not intakes.done():
            look()
            try:
                one = news.get(timeout=LOOK_EVERY)
            except Empty:
                continue
            if one is _News.ALL:
                break
            waiting += one is _News.CAME
            if not is_ready:
                is_ready = True
                self._under_way.append(self._loading.submit(get_ready))
            if waiting >= at_once:
                waiting = 0
                translate()
        return intakes.result()

    def translated(self, group: Iterable[Work], to_come: Work | None) -> None:
        """Have pages written of what is older than all that is to come: so the feeds keep their order.

        ``to_come`` is the oldest of that; None: nothing, and so there is no time left to write beside it.
        """
        self._translated += group
        if to_come is None:
            return
        until = age(to_come)
        ready = [work.stored.article_id for work in self._translated if age(work) < until]
        self._translated = [work for work in self._translated if age(work) >= until]
        # At first also what a cycle that was killed had finished.
        among = ready if self._wrote else None
        self._wrote = True
        self._under_way.append(self._thread.submit(_publish_ahead, self._press, until, among))

    def finish(self) -> None:
        """Wait for all that is under way. Raises OutputError and StoreError."""
        while self._under_way:
            self._under_way.pop(0).result()


def _publish_ahead(press: Press, until: tuple[datetime, int], among: Collection[int] | None) -> None:
    # What publishing takes is loaded while the engine works, not while it waits for its first request.
    from syndicator.steps.publishing import publish_ahead

    publish_ahead(press, until, among)
