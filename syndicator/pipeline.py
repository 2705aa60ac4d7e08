"""One cycle, from the sources to the feeds, on one page.

    sources ──take_in_sources─▶ articles ──translate──▶ renditions ──publish──▶ feeds

The steps hand nothing to each other: each asks the store what remains. Every one may be killed at any point
and repeated at any time. So they may also run side by side (:mod:`syndicator.steps.beside`).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from syndicator.model import Pair, Source
from syndicator.ports import Translator, nobody
from syndicator.steps.beside import Beside
from syndicator.steps.entries import is_lapsed
from syndicator.steps.intake import Intake, take_in_sources
from syndicator.steps.press import Press
from syndicator.steps.relay import Begin, Relay, one_by_one
from syndicator.steps.translating import (
    Policy,
    Round,
    Settled,
    allowed_engines,
    translate,
    translate_meanwhile,
)
from syndicator.steps.world import World

T = TypeVar("T")
R = TypeVar("R")
Concurrently = Callable[[Callable[[T], R], Iterable[T]], Iterable[R]]


@dataclass(frozen=True, slots=True)
class Cycle:
    """What came of a cycle; how far each article is, the store tells."""

    intakes: tuple[Intake, ...]
    feeds_written: int
    left_over: int = 0  # translations that are due but were beyond ``at_most``


def run_cycle(
    world: World,
    press: Press,
    translator: Translator,
    policy: Policy,
    concurrently: "Concurrently[Source, Intake]",
    report: Callable[[str], None] = lambda _: None,
    *,
    polled: Collection[str] | None = None,
    at_most: int | None = None,
) -> Cycle:
    """Poll every source, translate what lacks a language, publish what is finished.

    ``concurrently`` maps a function over values, in threads or not. ``polled`` names the sources to poll; of
    the others only what waits already is taken in. ``at_most`` bounds the articles translated into each
    language; the rest stays due. Raises StoreError and OutputError; what a source or an engine does wrong is
    stored and reported, and stops nothing else.
    """
    line = _Line(world, press, translator, policy, at_most)
    left_over = 0

    def take_in(coming: Callable[[], None], taken_in: Callable[[], None]) -> Iterable[Intake]:
        told = replace(world, coming=coming, taken_in=taken_in)
        return take_in_sources(told, press.sources, concurrently, polled)

    with Beside(press) as beside, Relay() as relay:
        begin = relay.begin if policy.free else one_by_one
        report("sources")
        if policy.free:
            early = partial(line.translate_meanwhile, beside.translated, begin)
            intakes = beside.take_in(take_in, early, policy.at_once(), line.get_ready, relay.look)
        else:
            intakes = tuple(take_in(nobody, nobody))
        for language in line.languages:
            report(language)
            settled = beside.translated if line.may_publish(language) else nobody
            left_over += line.translate(language, settled, begin)
        relay.finish()
        beside.finish()
    report("feeds")
    from syndicator.steps.publishing import publish  # loaded while the engine works, where that costs nothing

    return Cycle(intakes, publish(press), left_over)


@dataclass(slots=True)
class _Line:
    """The middle of a cycle: what is translated, and what had its turn."""

    world: World
    press: Press
    translator: Translator
    policy: Policy
    at_most: int | None
    tried: dict[str, set[int]] = field(default_factory=dict)  # by language: revisions

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of all feeds, those of the originals first: they need no engine."""
        own = {source.language for source in self.press.sources}
        return tuple(sorted(wanted_languages(self.press), key=lambda language: language not in own))

    def may_publish(self, language: str) -> bool:
        """Whether pages may be written while others are still translated into a language.

        Pages name their other languages: before the last of them they would be written once for each.
        """
        return self.policy.free and language == self.languages[-1]

    def get_ready(self) -> None:
        """Let the engine load for the pair that is translated first."""
        for language in self.languages:
            for source in sources_for(self.press, language):
                if source.language != language:
                    pair = Pair(source.language, language)
                    self.translator.get_ready(pair, allowed=allowed_engines(source, self.policy))
                    return

    def translate_meanwhile(self, settled: Settled, begin: Begin) -> None:
        """Translate a group of what has come into each language."""
        for language in self.languages:
            tried = self.tried.setdefault(language, set())
            told = settled if self.may_publish(language) else nobody
            group = translate_meanwhile(self._round(language), self.translator, told, begin)
            tried.update(work.stored.revision_id for work in group)

    def translate(self, language: str, settled: Settled, begin: Begin) -> int:
        """Translate into a language what had no turn yet; return how many articles more are due."""
        return translate(self._round(language), self.translator, settled, begin)

    def _round(self, language: str) -> Round:
        tried = self.tried.get(language, set())
        return Round(
            self.world.store,
            sources_for(self.press, language),
            language,
            self.world.now,
            self.policy,
            self.world.ignore_backoff,
            None if self.at_most is None else max(0, self.at_most - len(tried)),
            tried,
        )


def wanted_languages(press: Press) -> tuple[str, ...]:
    """Return every language that some feed is published in."""
    return tuple(dict.fromkeys(language for feed in press.feeds for language in feed.languages))


def sources_for(press: Press, language: str) -> tuple[Source, ...]:
    """Return the sources that some feed carries in a language: nothing else is worth translating into it.

    One whose permission has ended publishes nothing until it is renewed.
    """
    feeds = [feed for feed in press.feeds if language in feed.languages]
    return tuple(
        source
        for source in press.sources
        if not is_lapsed(source, press.now)
        and any(not feed.sources or source.id in feed.sources for feed in feeds)
    )
