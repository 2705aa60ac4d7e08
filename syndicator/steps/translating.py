"""Articles that lack a language → complete, checked renditions in it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from syndicator.errors import TermMissingError
from syndicator.model import Article, Pair, Remembered, Source, TranslationState
from syndicator.ports import Failure, Outcome, Store, Translator, Work, nobody
from syndicator.steps.relay import Begin, one_by_one
from syndicator.translation.excerpt import publishable
from syndicator.translation.glossary import Glossary
from syndicator.translation.plan import Language, Need, assemble, first_need, original, second_need

# Articles that share requests to an engine: enough to fill them, few enough to be soon on disk.
AT_ONCE = 100
# The fewest where requests cost nothing: there their number counts less than how soon others can go on.
FEWEST_AT_ONCE = 4
Settled = Callable[[Collection[Work], Work | None], None]
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=2), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator decided about translating."""

    glossary: Glossary = Glossary()  # noqa: RUF009 - frozen
    fingerprint: str = ""  # of engines and glossary: changes when a held article deserves another try
    publish_doubtful: bool = False
    local_engines: frozenset[str] = frozenset()
    free: bool = False  # whether no engine charges anybody for what it is asked

    def at_once(self, left: int = 0) -> int:
        """Return how many articles are worked on together, of so many that are left.

        In the end fewer and fewer, where that costs nothing: what the last ones need is done after them.
        """
        return max(FEWEST_AT_ONCE, min(AT_ONCE, left // 2)) if self.free else AT_ONCE


@dataclass(frozen=True, slots=True)
class _Task:
    """One article to be put into one language."""

    work: Work
    article: Article  # only what may be published
    language: Language
    allowed: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Round:
    """What is to be brought into a language now."""

    store: Store
    sources: Collection[Source]
    language: str
    now: datetime
    policy: Policy
    ignore_backoff: bool
    at_most: int | None = None  # articles that an engine is needed for
    tried: Collection[int] = ()  # revisions that had their turn in this cycle


def due(round_: Round) -> tuple[list[Work], int]:
    """Return the work in a language, and how many articles still settle (are younger than ``settle``)."""
    for source in round_.sources:
        round_.store.open_language(source.id, round_.language, source.backfill)
    return _due_where_open(round_)


def _due_where_open(round_: Round) -> tuple[list[Work], int]:
    by_id = {source.id: source for source in round_.sources}
    found = round_.store.work(
        round_.language,
        list(by_id),
        round_.now,
        round_.policy.fingerprint,
        ignore_backoff=round_.ignore_backoff,
    )
    settled = [
        work for work in found if work.stored.revised + by_id[work.stored.source_id].settle <= round_.now
    ]
    return settled, len(found) - len(settled)


def translate(
    round_: Round,
    translator: Translator,
    settled: Settled = nobody,
    begin: Begin = one_by_one,
) -> int:
    """Bring every article that lacks a language as far as it comes, and store how far that was.

    Originals need no engine. The rest is worked on in groups by what engines may see, so that the segments of
    many articles share requests. Nothing is stored as done unless every part of it is. What is finished, but
    holds a term that the glossary now renders otherwise, is put together anew. Returns how many more are due
    than may be translated now. ``settled`` is told of each group what it was, and the oldest article that is
    still to come, if any. What ``begin`` is given may still be under way when this returns.
    """
    store, policy, now = round_.store, round_.policy, round_.now
    store.adopt_glossary(round_.language, policy.glossary, now)
    works, _ = due(round_)
    works += store.rerenderings(round_.language, [source.id for source in round_.sources])
    tasks = _tasks(round_, works)
    originals = [task for task in tasks if _is_original(task)]
    for at in range(0, len(originals), AT_ONCE):
        done = [(task.work, _as_original(task), None) for task in originals[at : at + AT_ONCE]]
        _keep(round_, done)
    foreign = _foreign(round_, tasks)
    groups = list(_groups(foreign[: round_.at_most], policy))
    for number, group in enumerate(groups, 1):
        to_come = min((group[0] for group in groups[number:]), key=_age, default=None)
        told = partial(settled, [task.work for task in group], to_come.work if to_come else None)
        begin(partial(_answers, translator, group), partial(_settle, round_, group, told))
    return 0 if round_.at_most is None else max(0, len(foreign) - round_.at_most)


def translate_meanwhile(
    round_: Round, translator: Translator, settled: Settled = nobody, begin: Begin = one_by_one
) -> list[Work]:
    """Translate one group of what is due, if it is a full one, while sources are still read; return it.

    Only of sources whose language is open: how far back the others go, all their articles decide.
    ``settled`` and ``begin`` as for :func:`translate`; what is still to come, nobody knows.
    """
    round_.store.adopt_glossary(round_.language, round_.policy.glossary, round_.now)
    works, _ = _due_where_open(round_)
    foreign = _foreign(round_, _tasks(round_, works))
    group = next(_groups(foreign[: round_.at_most], round_.policy), [])
    if len(group) < round_.policy.at_once():
        return []
    works = [task.work for task in group]
    told = partial(settled, works, None)
    begin(partial(_answers, translator, group), partial(_settle, round_, group, told))
    return works


def _tasks(round_: Round, works: Iterable[Work]) -> list[_Task]:
    by_id = {source.id: source for source in round_.sources}
    return [_task(work, by_id[work.stored.source_id], round_.policy) for work in works]


def _is_original(task: _Task) -> bool:
    return task.article.language == task.work.language


def _foreign(round_: Round, tasks: Iterable[_Task]) -> list[_Task]:
    """Return what has had no turn yet of what an engine is needed for, in the order of the feeds."""
    foreign = [
        task for task in tasks if not _is_original(task) and task.work.stored.revision_id not in round_.tried
    ]
    if round_.at_most is not None:
        # What came first has its turn first; the order is that of the feeds among those that have it now.
        return sorted(foreign[: round_.at_most], key=_age) + foreign[round_.at_most :]
    return sorted(foreign, key=_age)


def age(work: Work) -> tuple[datetime, int]:
    """Return what articles are ordered by, the oldest first."""
    return work.stored.article.published or work.stored.first_seen, work.stored.article_id


def _age(task: _Task) -> tuple[datetime, int]:
    return age(task.work)


def needs(
    works: Iterable[Work], sources: Mapping[str, Source], policy: Policy
) -> Iterator[tuple[Pair, frozenset[str] | None, Need]]:
    """Yield what each article that is no original asks for: its pair, the engines allowed, its segments."""
    for work in works:
        task = _task(work, sources[work.stored.source_id], policy)
        if not _is_original(task):
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


def _groups(tasks: Sequence[_Task], policy: Policy) -> Iterator[list[_Task]]:
    together: dict[tuple[Pair, frozenset[str] | None], list[_Task]] = {}
    for task in tasks:
        together.setdefault((task.language.pair, task.allowed), []).append(task)
    for group in together.values():
        at = 0
        while at < len(group):
            number = policy.at_once(len(group) - at)
            yield group[at : at + number]
            at += number


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a group of articles needed, and what engines and the memory said."""

    needs: Sequence[Need]
    known: Mapping[str, Remembered]
    failures: Mapping[str, Failure]
    later: Mapping[int, Need]  # what articles needed once their sentences were known, by revision


def _keep(round_: Round, done: Sequence[tuple[Work, Outcome, datetime | None]]) -> None:
    round_.store.settle(done, round_.policy.fingerprint, round_.now)


def _answers(translator: Translator, group: Sequence[_Task], room: Callable[[], None]) -> _Answers:
    pair, allowed = group[0].language.pair, group[0].allowed
    needs = [first_need(task.article, task.language) for task in group]
    first = translator.translate(
        pair,
        _all(need.required for need in needs),
        helpers=_all(need.helpful for need in needs),
        allowed=allowed,
        room=room,
    )
    complete = [task for task, need in zip(group, needs, strict=True) if _worst(need, first.failures) is None]
    later = {
        task.work.stored.revision_id: second_need(task.article, task.language, first.known)
        for task in complete
    }
    second = translator.translate(
        pair, (), helpers=_all(need.helpful for need in later.values()), allowed=allowed
    )
    return _Answers(needs, {**first.known, **second.known}, {**first.failures, **second.failures}, later)


def _settle(round_: Round, group: Sequence[_Task], told: Callable[[], None], answers: _Answers) -> None:
    """Put a group's articles together and store how far each came."""
    settled = []
    for task, need in zip(group, answers.needs, strict=True):
        later = answers.later.get(task.work.stored.revision_id, Need(()))
        failure = _worst(Need((*need.required, *need.helpful, *later.helpful)), answers.failures)
        outcome = _outcome(task, answers.known, failure, round_.policy)
        settled.append((task.work, outcome, _retry_at(task.work, outcome, round_.now)))
    _keep(round_, settled)
    told()


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
