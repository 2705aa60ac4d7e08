"""One cycle, from the sources to the feeds, on one page.

    sources ──take_in_sources─▶ articles ──translate──▶ renditions ──publish──▶ feeds

The steps hand nothing to each other: each asks the store what remains. Every one may be killed at any point
and repeated at any time.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from syndicator.model import Source
from syndicator.ports import Translator
from syndicator.steps.entries import is_lapsed
from syndicator.steps.intake import Intake, World, take_in_sources
from syndicator.steps.publishing import Press, publish
from syndicator.steps.translating import Policy, translate

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
    report("sources")
    intakes = tuple(take_in_sources(world, press.sources, concurrently, polled))
    left_over = 0
    for language in wanted_languages(press):
        report(language)
        left_over += translate(
            world.store,
            translator,
            sources_for(press, language),
            language,
            world.now,
            policy,
            ignore_backoff=world.ignore_backoff,
            at_most=at_most,
        )
    report("feeds")
    return Cycle(intakes, publish(press), left_over)


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
