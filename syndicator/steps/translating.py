"""Articles that lack a language → complete, checked renditions in it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from syndicator.errors import TermMissingError
from syndicator.model import Article, Pair, Remembered, Source, TranslationState
from syndicator.ports import Failure, Outcome, Store, Translator, Work
from syndicator.translation.excerpt import publishable
from syndicator.translation.glossary import Glossary
from syndicator.translation.plan import Language, Need, assemble, first_need, original, second_need

# Articles that share requests to an engine: enough to fill them, few enough to be soon on disk.
AT_ONCE = 100
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=2), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator decided about translating."""

    glossary: Glossary = Glossary()  # noqa: RUF009 - frozen
    fingerprint: str = ""  # of engines and glossary: changes when a held article deserves another try
    publish_doubtful: bool = False
    local_engines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Task:
    """One article to be put into one language."""

    work: Work
    article: Article  # only what may be published
    language: Language
    allowed: frozenset[str] | None


def due(
    store: Store,
    sources: Collection[Source],
    language: str,
    now: datetime,
    policy: Policy,
    *,
    ignore_backoff: bool,
) -> tuple[list[Work], int]:
    """Return the work in a language, and how many articles still settle (are younger than ``settle``)."""
    by_id = {source.id: source for source in sources}
    for source in sources:
        store.open_language(source.id, language, source.backfill)
    found = store.work(language, list(by_id), now, policy.fingerprint, ignore_backoff=ignore_backoff)
    settled = [work for work in found if work.stored.revised + by_id[work.stored.source_id].settle <= now]
    return settled, len(found) - len(settled)


def translate(
    store: Store,
    translator: Translator,
    sources: Collection[Source],
    language: str,
    now: datetime,
    policy: Policy,
    *,
    ignore_backoff: bool,
    at_most: int | None = None,
) -> int:
    """Bring every article that lacks ``language`` as far as it comes, and store how far that was.

    Originals need no engine. The rest is worked on in groups by what engines may see, so that the segments of
    many articles share requests. Nothing is stored as done unless every part of it is. What is finished, but
    holds a term that the glossary now renders otherwise, is put together anew. ``at_most`` bounds the
    articles that are translated now; returns how many more are due.
    """
    by_id = {source.id: source for source in sources}
    store.adopt_glossary(language, policy.glossary, now)
    works, _ = due(store, sources, language, now, policy, ignore_backoff=ignore_backoff)
    works += store.rerenderings(language, by_id)
    tasks = [_task(work, by_id[work.stored.source_id], policy) for work in works]
    originals = [task for task in tasks if task.article.language == language]
    for at in range(0, len(originals), AT_ONCE):
        done = [(task.work, _as_original(task), None) for task in originals[at : at + AT_ONCE]]
        store.settle(done, policy.fingerprint, now)
    foreign = [task for task in tasks if task.article.language != language]
    for group in _groups(foreign[:at_most]):
        settled = [
            (task.work, outcome, _retry_at(task.work, outcome, now))
            for task, outcome in _translated(translator, group, policy)
        ]
        store.settle(settled, policy.fingerprint, now)
    return 0 if at_most is None else max(0, len(foreign) - at_most)


def needs(
    works: Iterable[Work], sources: Mapping[str, Source], policy: Policy
) -> Iterator[tuple[Pair, frozenset[str] | None, Need]]:
    """Yield what each article that is no original asks for: its pair, the engines allowed, its segments."""
    for work in works:
        task = _task(work, sources[work.stored.source_id], policy)
        if task.article.language != work.language:
            yield task.language.pair, task.allowed, first_need(task.article, task.language)


def _as_original(task: _Task) -> Outcome:
    return Outcome(TranslationState.DONE, rendition=original(task.article))


def _task(work: Work, source: Source, policy: Policy) -> _Task:
    article = publishable(work.stored.article, source.publish)
    pair = Pair(article.language, work.language)
    return _Task(work, article, Language(pair, policy.glossary), allowed_engines(source, policy))


def allowed_engines(source: Source, policy: Policy) -> frozenset[str] | None:
    """Return the engines that may see a source's texts; None: all of them."""
    allowed = frozenset(source.engines) if source.engines else None
    if source.confidential:
        return policy.local_engines if allowed is None else allowed & policy.local_engines
    return allowed


def _groups(tasks: Sequence[_Task]) -> Iterator[list[_Task]]:
    together: dict[tuple[Pair, frozenset[str] | None], list[_Task]] = {}
    for task in tasks:
        together.setdefault((task.language.pair, task.allowed), []).append(task)
    for group in together.values():
        for at in range(0, len(group), AT_ONCE):
            yield group[at : at + AT_ONCE]


def _translated(
    translator: Translator, group: list[_Task], policy: Policy
) -> Iterator[tuple[_Task, Outcome]]:
    pair, allowed = group[0].language.pair, group[0].allowed
    needs = [first_need(task.article, task.language) for task in group]
    first = translator.translate(
        pair,
        _all(need.required for need in needs),
        helpers=_all(need.helpful for need in needs),
        allowed=allowed,
    )
    complete = [task for task, need in zip(group, needs, strict=True) if _worst(need, first.failures) is None]
    seconds = {id(task): second_need(task.article, task.language, first.known) for task in complete}
    second = translator.translate(
        pair, (), helpers=_all(need.helpful for need in seconds.values()), allowed=allowed
    )
    known = {**first.known, **second.known}
    failures = {**first.failures, **second.failures}
    for task, need in zip(group, needs, strict=True):
        helpful = (*need.helpful, *(seconds[id(task)].helpful if id(task) in seconds else ()))
        failure = _worst(Need((*need.required, *helpful), ()), failures)
        yield task, _outcome(task, known, failure, policy)


def _all(parts: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(parts)))


def _worst(need: Need, failures: Mapping[str, Failure]) -> Failure | None:
    """Return the failure that decides an article's state: the operator's before a person's before time's."""
    order = (TranslationState.FAILED, TranslationState.HELD, TranslationState.PENDING)
    found = [failures[segment] for segment in need.required if segment in failures]
    return min(found, key=lambda failure: order.index(failure.state), default=None)


def _outcome(
    task: _Task, known: Mapping[str, Remembered], failure: Failure | None, policy: Policy
) -> Outcome:
    if failure is not None:
        return Outcome(failure.state, failure.reason)
    try:
        lenient = policy.publish_doubtful or task.work.accepted
        rendition = assemble(task.article, task.language, known, lenient=lenient)
    except TermMissingError as error:
        return Outcome(TranslationState.HELD, str(error))
    return Outcome(TranslationState.DONE, "; ".join(rendition.warnings), rendition)


def _retry_at(work: Work, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome.state is TranslationState.DONE:
        return None
    return now + retry_delay(work.attempts)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, up to six hours."""
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempts, 10)))
