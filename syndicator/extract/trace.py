"""Keeps an account of what was taken off a page, and by which rule: for an operator who tries a source."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from syndicator.extract.measures import flat_text, runs_of
from syndicator.model import Dropped

UNSEEN = "not seen by readers"
"""The rule by which scripts, hidden parts and the like are left out."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Writes what is dropped into ``collector``; where nobody wants to know (None), it costs nothing."""

    collector: list[Dropped] | None = None

    @contextmanager
    def taking_off(self, root: etree._Element, rule: str) -> Iterator[None]:
        """Note the lines that a step takes off a tree."""
        if self.collector is None:
            yield
            return
        before = list(runs_of(root))
        yield
        self._note(before, runs_of(root), rule)

    def blocks(self, before: Iterable[etree._Element], after: Iterable[etree._Element], rule: str) -> None:
        """Note the blocks that a step left out."""
        if self.collector is not None:
            self._note(map(flat_text, before), map(flat_text, after), rule)

    def lines(self, dropped: Iterable[tuple[str, str]]) -> None:
        """Note single lines, each with the name of its rule."""
        if self.collector is not None:
            self.collector.extend(Dropped(text, f"line: {rule}") for text, rule in dropped)

    def _note(self, before: Iterable[str], after: Iterable[str], rule: str) -> None:
        if self.collector is None:
            return
        remaining = Counter(after)
        for text in before:
            if text and remaining[text] == 0:
                self.collector.append(Dropped(text, rule))
            remaining[text] -= remaining[text] > 0
