"""One whole cycle, and what is to be told of it."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from syndicator import __version__
from syndicator.fetch.late import LateFetcher
from syndicator.model import FetchedDocument, TranslationState, Validators
from syndicator.pipeline import Cycle, run_cycle, sources_for, wanted_languages
from syndicator.ports import FOR_FEEDS, UNCONDITIONAL, Fetcher, Hubs, Tree
from syndicator.runtime.build import Workshop, user_agent
from syndicator.runtime.trees import tree_of
from syndicator.runtime.wording import state_word
from syndicator.steps.intake import Intake
from syndicator.steps.press import Press
from syndicator.steps.world import World
from syndicator.store import overview, retention
from syndicator.text.messages import tr

log = structlog.get_logger(__name__)

POLLERS = 8  # threads; politeness towards one host is the fetcher's affair

T = TypeVar("T")
R = TypeVar("R")
Report = Callable[[str], None]
Progress = Callable[[int], None]


@dataclass(slots=True)
class Summary:
    """What ``once`` tells, in the shape of its JSON."""

    sources: dict[str, int]
    articles: dict[str, int]
    translations: dict[str, int]
    segments: dict[str, int]
    engines: dict[str, dict[str, int]]
    feeds_written: int
    seconds: float
    problems: list[str] = field(default_factory=list)
    left_over: int = 0  # translations that are due but were beyond ``at_most``

    @property
    def all_done(self) -> bool:
        """Whether nothing is left for a person to know of."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the summary as one JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class BeatingFetcher:
    """The fetcher of a worker: every answer proves that the work goes on."""

    fetcher: Fetcher
    beat: Callable[[], None]

    def fetch(
        self,
        url: str,
        validators: Validators = UNCONDITIONAL,
        accept: str = FOR_FEEDS,
        *,
        permitted: bool = False,
    ) -> FetchedDocument:
        """See the port."""
        self.beat()
        return self.fetcher.fetch(url, validators, accept, permitted=permitted)


def in_threads(
    function: Callable[[T], R], values: Iterable[T], beat: Callable[[], None] = lambda: None
) -> Iterator[R]:
    """Map a function over values in a bounded pool; the results come in the values' order.

    ``beat`` is called, in the caller's thread, whenever one more is there.
    """
    pool = ThreadPoolExecutor(max_workers=POLLERS, thread_name_prefix="poll")
    try:
        for result in pool.map(function, values):
            beat()
            yield result
    finally:
        # After a failure or a signal nobody waits for slow servers: the next cycle asks them again.
        pool.shutdown(wait=False, cancel_futures=True)


def run_once(
    workshop: Workshop,
    *,
    ignore_backoff: bool = True,
    report: Report = lambda _: None,
    progress: Progress = lambda _: None,
    polled: Collection[str] | None = None,
    at_most: int | None = None,
) -> Summary:
    """Run one cycle. Raises StoreError and OutputError; the lock is the caller's.

    ``polled`` and ``at_most`` as for :func:`~syndicator.pipeline.run_cycle`.
    """
    started = time.monotonic()
    workshop.import_memory()
    chain = workshop.chain(progress, patient=not ignore_backoff)
    tree = tree_of(workshop.settings)
    tree.sweep()
    press = press_of(workshop, tree)
    before = _done(workshop)
    _retire(workshop)
    with LateFetcher(workshop.fetcher) as fetcher, workshop.pictures() as pictures:
        press = replace(press, pictures=pictures)
        world = World(
            store=workshop.store,
            fetcher=BeatingFetcher(fetcher, workshop.beat),
            inbox=workshop.inbox(),
            now=workshop.now,
            timezone=workshop.timezone,
            host=workshop.host,
            ignore_backoff=ignore_backoff,
        )
        cycle = run_cycle(
            world,
            press,
            workshop.translator(chain),
            workshop.policy,
            partial(in_threads, beat=workshop.beat),
            report,
            polled=polled,
            at_most=at_most,
        )
    for intake in cycle.intakes:
        _log_intake(intake)
    summary = Summary(
        sources=_sources(cycle),
        articles=_articles(cycle),
        translations={"done": _done(workshop) - before, "pending": 0, "held": 0, "failed": 0},
        segments={
            "from_memory": chain.tally.from_memory,
            "derived": chain.tally.derived,
            "from_engine": chain.tally.from_engine,
            "helpers": chain.tally.helpers,
        },
        engines={
            engine.id: {
                "requests": engine.account.requests,
                "characters": engine.account.characters,
                "errors": engine.account.errors,
            }
            for engine in chain.engines
        },
        feeds_written=cycle.feeds_written,
        seconds=round(time.monotonic() - started, 1),
        left_over=cycle.left_over,
    )
    _add_problems(workshop, press, cycle, summary)
    return summary


def _retire(workshop: Workshop) -> None:
    """Take away articles beyond what is kept; the rest of very many goes in the next cycles."""
    kept = workshop.settings.retention
    if kept.days is None and kept.articles is None:
        return
    oldest = None if kept.days is None else timedelta(days=kept.days)
    with workshop.database.writing() as connection:
        retired = retention.retire(connection, oldest, kept.articles, workshop.now)
    if retired:
        log.info("articles retired", number=retired)


def press_of(workshop: Workshop, tree: Tree) -> Press:
    """Return what publishing needs."""
    from syndicator.settings import values

    return Press(
        store=workshop.store,
        tree=tree,
        site=workshop.site,
        sources=workshop.sources,
        feeds=workshop.feeds,
        notices=values.notices(workshop.settings),
        words=values.page_words(workshop.settings),
        version=__version__,
        now=workshop.now,
        hubs=_hubs(workshop),
        mirrors=workshop.settings.images.mirror,
    )


def _hubs(workshop: Workshop) -> Hubs | None:
    if not workshop.site.hubs:
        return None
    from syndicator.output.hubs import HttpHubs

    return HttpHubs(user_agent(workshop.settings))


def _log_intake(intake: Intake) -> None:
    if intake.error:
        log.warning("source failed", source=intake.source_id, error=intake.error)
    for reason in intake.waiting:
        log.warning("article waits", source=intake.source_id, error=reason)
    for reason in intake.refusals:
        log.info("article passed over", source=intake.source_id, reason=reason)
    told = log.info if intake.changed else log.debug  # a year of "nothing new" helps nobody
    told(
        "source polled",
        source=intake.source_id,
        new=intake.new,
        updated=intake.updated,
        unchanged=intake.unchanged,
        rejected=intake.rejected,
    )


def _sources(cycle: Cycle) -> dict[str, int]:
    failed = sum(bool(intake.error) for intake in cycle.intakes)
    unchanged = sum(not intake.error and not intake.changed for intake in cycle.intakes)
    return {"ok": len(cycle.intakes) - failed - unchanged, "unchanged": unchanged, "failed": failed}


def _articles(cycle: Cycle) -> dict[str, int]:
    counts = {
        name: sum(getattr(intake, name) for intake in cycle.intakes)
        for name in ("new", "updated", "unchanged", "duplicate", "rejected")
    }
    return {**counts, "waiting": sum(len(intake.waiting) for intake in cycle.intakes)}


def _done(workshop: Workshop) -> int:
    """Return how many translations (not originals) are finished."""
    with workshop.database.reading() as connection:
        return overview.translations_done(connection)


def _add_problems(workshop: Workshop, press: Press, cycle: Cycle, summary: Summary) -> None:
    """Name everything that is pending, held or failed."""
    summary.problems.extend((*workshop.problems, *workshop.glossary_mistakes))
    for intake in cycle.intakes:
        if intake.error:
            summary.problems.append(
                tr("source {source} failed: {error}", source=intake.source_id, error=intake.error)
            )
        summary.problems.extend(
            tr("source {source}: an article waits: {error}", source=intake.source_id, error=reason)
            for reason in intake.waiting
        )
    for language in wanted_languages(press):
        alike: dict[tuple[str, str], list[Any]] = {}
        for row in unfinished(workshop, press, language):
            summary.translations[row.state] += 1
            alike.setdefault((row.state, row.reason or tr("not tried yet")), []).append(row)
        for (state, reason), rows in alike.items():
            summary.problems.append(_unfinished_told(language, state, reason, rows))


def _unfinished_told(language: str, state: str, reason: str, rows: Sequence[Any]) -> str:
    """Name the articles that lack a language for one reason: a wrong key concerns all, and is told once."""
    if len(rows) == 1:
        return tr(
            "article {id} “{title}” is {state} in {language}: {reason}",
            id=rows[0].public_id,
            title=rows[0].title,
            state=state_word(state),
            language=language,
            reason=reason,
        )
    return tr(
        "{count} articles are {state} in {language}: {reason} – {articles}",
        count=len(rows),
        state=state_word(state),
        language=language,
        reason=reason,
        articles=", ".join(tr("{id} “{title}”", id=row.public_id, title=row.title) for row in rows),
    )


def unfinished(workshop: Workshop, press: Press, language: str) -> list[Any]:
    """Return the rows of what a language lacks.

    Without articles that still settle, and without originals in an accepted language that no engine knows.
    """
    settle = {source.id: source.settle for source in workshop.sources}
    accepted = {source.id: source.accept for source in workshop.sources}
    with workshop.database.reading() as connection:
        rows = overview.unfinished(
            connection, language, [source.id for source in sources_for(press, language)]
        )
    return [
        row
        for row in rows
        if (row.created + settle[row.source_id] <= workshop.now or row.state != TranslationState.PENDING)
        and not (row.language in accepted[row.source_id] and row.state == TranslationState.FAILED)
    ]
