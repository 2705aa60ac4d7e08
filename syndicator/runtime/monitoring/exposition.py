"""The figures as Prometheus reads them.

Moments are timestamps, never ages, so that they stay true when the scrape stops. Labels come from the config
and from fixed sets: never an address, never an article. What is counted over all time stands in the
database, so a restart resets no counter.
"""

import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from syndicator import __version__
from syndicator.runtime.monitoring.figures import Figures
from syndicator.runtime.monitoring.pulse import Condition

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "syndicator"

Labels = Mapping[str, str]


def exposition(figures: Figures | None, condition: Condition | None) -> bytes:
    """Return the metrics as text (Prometheus's exposition format 0.0.4).

    Args:
        figures: the state in the store; None where it cannot be read, which is a metric, too
        condition: the worker's, where one runs in this process
    """
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Told([*_build(figures), *_of_store(figures), *_of_worker(condition)]))
    return generate_latest(registry)


class _Told(Collector):
    """Collects what was put together beforehand."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _gauge(name: str, told: str, samples: Iterable[tuple[Labels, float]]) -> Metric:
    return _filled(GaugeMetricFamily(f"{PREFIX}_{name}", told), samples)


def _counter(name: str, told: str, samples: Iterable[tuple[Labels, float]]) -> Metric:
    return _filled(CounterMetricFamily(f"{PREFIX}_{name}", told), samples)


def _filled(family: Metric, samples: Iterable[tuple[Labels, float]]) -> Metric:
    for labels, value in samples:
        family.add_sample(family.name + ("_total" if family.type == "counter" else ""), dict(labels), value)
    return family


def _moments(samples: Iterable[tuple[Labels, datetime | None]]) -> Iterator[tuple[Labels, float]]:
    """Yield moments as seconds since 1970; what never was has no sample."""
    for labels, moment in samples:
        if moment is not None:
            yield labels, moment.timestamp()


def _build(figures: Figures | None) -> Iterator[Metric]:
    labels = {"version": __version__, "python": platform.python_version()}
    yield _gauge("build_info", "The program's version and that of its Python; always 1.", [(labels, 1)])
    yield _gauge(
        "store_up", "Whether the database can be read (1) or not (0).", [({}, float(figures is not None))]
    )


def _of_store(figures: Figures | None) -> Iterator[Metric]:
    if figures is None:
        return
    yield from _sources(figures)
    yield from _articles(figures)
    yield from _engines(figures)
    yield from _published(figures)


def _sources(figures: Figures) -> Iterator[Metric]:
    each = [({"source": one.id}, one) for one in figures.sources]
    yield _gauge(
        "source_last_success_timestamp_seconds",
        "When the source was last read without an error.",
        _moments((labels, one.last_success) for labels, one in each),
    )
    yield _gauge(
        "source_last_new_timestamp_seconds",
        "When the last new article of the source came in.",
        _moments((labels, one.last_new) for labels, one in each),
    )
    yield _gauge(
        "source_silent_after_timestamp_seconds",
        "Three of the source's intervals after its last success: from then on it counts as silent.",
        _moments((labels, one.silent_after) for labels, one in each),
    )
    yield _gauge(
        "source_failures",
        "Polls of the source that have failed since its last success.",
        ((labels, one.failures) for labels, one in each),
    )
    yield _gauge(
        "source_articles",
        "Articles of the source in the store.",
        ((labels, one.articles) for labels, one in each),
    )
    yield _gauge(
        "source_waiting_items",
        "Items that the source offers and that could not be read yet.",
        ((labels, one.waiting) for labels, one in each),
    )


def _articles(figures: Figures) -> Iterator[Metric]:
    states = [
        ({"language": one.language, "state": state}, float(getattr(one, state)))
        for one in figures.backlog
        for state in ("pending", "held", "failed")
    ]
    yield _gauge("backlog_articles", "Articles that are not finished in the language, by state.", states)
    yield _gauge(
        "backlog_oldest_timestamp_seconds",
        "Since when the oldest pending article of the language could be translated.",
        _moments(({"language": one.language}, one.oldest) for one in figures.backlog),
    )
    yield _gauge(
        "finished_articles",
        "Articles that are finished in the language.",
        (({"language": one.language}, one.published) for one in figures.backlog),
    )
    counted = Counter((held.language, held.name) for held in figures.held)
    yield _gauge(
        "held_articles",
        "Articles that are held in the language, by the check that holds them.",
        (({"language": code, "reason": name}, number) for (code, name), number in counted.items()),
    )


def _engines(figures: Figures) -> Iterator[Metric]:
    each = [({"engine": one.id}, one) for one in figures.engines]
    yield _gauge(
        "engine_up",
        "Whether the engine is asked (1), or left alone or failing (0).",
        ((labels, float(not one.off)) for labels, one in each),
    )
    yield _counter(
        "engine_requests", "Requests to the engine.", ((labels, one.requests) for labels, one in each)
    )
    yield _counter(
        "engine_errors",
        "Requests to the engine that failed.",
        ((labels, one.errors) for labels, one in each),
    )
    yield _counter(
        "engine_characters",
        "Characters sent to the engine.",
        ((labels, one.characters) for labels, one in each),
    )
    yield _counter(
        "engine_request_seconds",
        "Time spent waiting for the engine.",
        ((labels, one.seconds) for labels, one in each),
    )
    budgets = [
        ({"engine": one.id, "period": budget.period}, budget)
        for one in figures.engines
        for budget in one.budgets
    ]
    yield _gauge(
        "engine_budget_characters",
        "Characters that the engine may be sent in the period (UTC).",
        ((labels, budget.limit) for labels, budget in budgets),
    )
    yield _gauge(
        "engine_budget_remaining_characters",
        "Characters of the budget that are left in the present period.",
        ((labels, budget.remaining) for labels, budget in budgets),
    )


def _published(figures: Figures) -> Iterator[Metric]:
    each = [({"feed": one.id, "language": one.language}, one) for one in figures.feeds]
    yield _gauge(
        "feed_last_published_timestamp_seconds",
        "When the feed last changed.",
        _moments((labels, one.updated) for labels, one in each),
    )
    yield _gauge("feed_entries", "Entries in the feed.", ((labels, one.entries) for labels, one in each))
    yield _gauge(
        "hub_waiting_changes",
        "Changes of feeds that WebSub hubs did not take and are told of again.",
        [({}, figures.hubs_waiting)],
    )
    yield _gauge(
        "disk_free_bytes",
        "Room on the disk that holds the place.",
        (({"place": one.place}, one.free) for one in figures.disks),
    )
    yield _gauge(
        "disk_size_bytes",
        "Size of the disk that holds the place.",
        (({"place": one.place}, one.total) for one in figures.disks),
    )


def _of_worker(condition: Condition | None) -> Iterator[Metric]:
    if condition is None:
        return
    yield _gauge(
        "worker_start_timestamp_seconds",
        "When the worker started.",
        [({}, condition.started.timestamp())],
    )
    yield _gauge(
        "worker_working",
        "Whether the worker's loop goes on (1), or has not moved for five minutes (0).",
        [({}, float(condition.working))],
    )
    yield _counter(
        "rounds",
        "Rounds of the worker, by outcome.",
        (({"outcome": name}, number) for name, number in condition.rounds.items()),
    )
    yield _gauge(
        "round_last_success_timestamp_seconds",
        "When a round last ended well.",
        _moments([({}, condition.last_round)]),
    )
    yield _gauge(
        "scheduler_running",
        "Whether the scheduler of polls runs.",
        [({}, float(condition.scheduler_running))],
    )
    yield _counter(
        "scheduler_events",
        "What became of scheduled polls: due ones were handed to the worker.",
        (({"event": name}, number) for name, number in condition.scheduler_events.items()),
    )
    yield _gauge(
        "config_last_reload_successful",
        "Whether the config as it was last read is in force (1), or was refused (0).",
        [({}, float(condition.reload_accepted))],
    )
    yield _gauge(
        "config_last_reload_success_timestamp_seconds",
        "When a config was last taken over.",
        [({}, condition.reloaded.timestamp())],
    )
