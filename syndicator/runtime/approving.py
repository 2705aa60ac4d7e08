"""``articles approve``: a person publishes what the checks would not let through.

The best answer that an engine had for each refused sentence enters the memory as reviewed, so it counts for
that sentence wherever it stands. The next cycle then puts the article together as it does any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syndicator.errors import RequestError
from syndicator.model import Pair, Remembered, TranslationState
from syndicator.ports import Refusal, Stored
from syndicator.runtime.build import Workshop
from syndicator.runtime.reviewed import follow_reviews, needs
from syndicator.runtime.seeing import resolve
from syndicator.store import articles, memory, overview
from syndicator.text.messages import tr
from syndicator.translation.check import check


@dataclass(frozen=True, slots=True)
class Accepted:
    """A sentence with the answer that a person lets stand."""

    pair: Pair
    segment: str
    answer: str
    engine: str
    reason: str  # why it was refused; "" where it was not


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval would let stand."""

    article_id: int
    language: str
    reason: str  # why the translation was held
    sentences: tuple[Accepted, ...]


def plan_approvals(
    workshop: Workshop, named: str, language: str = "", *, whole: bool = False
) -> list[Approval]:
    """Return what approving an article would let stand, in one language or in all that wait for a person.

    With ``whole`` every sentence of it is approved, not only the refused ones: the translation then counts
    as reviewed. Raises RequestError where there is nothing to approve, or no answer that could be.
    """
    article_id = resolve(workshop, named)
    with workshop.database.reading() as connection:
        stored = overview.stored_article(connection, article_id)
        states = overview.rendition_states(connection, [article_id]).get(article_id, {})
    # One that is done may be approved as a whole: somebody has read it.
    waiting = {TranslationState.HELD, *([TranslationState.DONE] if whole else [])}
    held = {
        code: row
        for code, row in states.items()
        if code != stored.article.language
        and (not language or code == language)
        and (row.state in waiting or (language and row.state != TranslationState.DONE))
    }
    if not held:
        raise RequestError(
            tr("{id}: nothing of it waits for approval; `syndicator articles show {id}` tells", id=named)
        )
    return [_plan(workshop, stored, code, row.reason, whole=whole) for code, row in held.items()]


def approve(workshop: Workshop, approvals: Sequence[Approval]) -> None:
    """Store what a person lets stand, and let the next cycle publish it: wherever else it stands, too."""
    reviewed: dict[Pair, set[str]] = {}
    with workshop.database.writing() as connection:
        for approval in approvals:
            for one in approval.sentences:
                answer = {one.segment: Remembered(one.answer, "reviewed")}
                memory.remember(connection, one.pair, answer, (), workshop.now)
                reviewed.setdefault(one.pair, set()).add(one.segment)
            articles.accept(connection, approval.article_id, approval.language)
    follow_reviews(workshop, reviewed)


def _plan(workshop: Workshop, stored: Stored, language: str, reason: str, *, whole: bool) -> Approval:
    pair, required = needs(workshop, stored, language)
    known = workshop.memory.lookup(pair, required)
    refused = workshop.memory.refused(pair, required)
    accepted = []
    for segment in required:
        answer = known.get(segment)
        if answer is not None and answer.text:
            if whole and not answer.reviewed:
                accepted.append(Accepted(pair, segment, answer.text, answer.origin, answer.warning))
            continue
        accepted += _best(workshop, pair, segment, refused)
    return Approval(stored.article_id, language, reason, tuple(accepted))


def _best(
    workshop: Workshop, pair: Pair, segment: str, refused: Mapping[str, Sequence[Refusal]]
) -> list[Accepted]:
    """Return the best answer to a segment, by way of the pivot where no engine answered directly."""
    if best := _best_of(pair, refused.get(segment, ())):
        return [best]
    pivot = workshop.settings.translation.pivot
    first, last = Pair(pair.source, pivot), Pair(pivot, pair.target)
    if pivot not in (pair.source, pair.target):
        between = workshop.memory.lookup(first, [segment]).get(segment)
        if between is None:
            found = _best_of(first, workshop.memory.refused(first, [segment]).get(segment, ()))
            if found:  # the second hop is asked for once the first stands
                return [found]
        elif best := _best_of(last, workshop.memory.refused(last, [between.text]).get(between.text, ())):
            return [Accepted(pair, segment, best.answer, best.engine, best.reason)]
    raise RequestError(
        tr(
            "no engine has an answer to approve for “{segment}” ({pair}); "
            "import a translation with `syndicator memory import`, or `syndicator articles retry`",
            segment=segment,
            pair=pair,
        )
    )


def _best_of(pair: Pair, refused: Sequence[Refusal]) -> Accepted | None:
    """Return the answer with the mildest flaw; of equals the one that came most often. Never an empty one."""

    def flaw(one: Refusal) -> tuple[bool, bool, int]:
        verdict = check(one.segment, one.answer, pair.source, pair.target)
        return verdict.unfit, bool(verdict.blocks), -(one.times + one.excused)

    usable = [one for one in refused if one.answer.strip()]
    if not usable:
        return None
    best = min(usable, key=flaw)
    return Accepted(pair, best.segment, best.answer, best.engine, best.reason)
