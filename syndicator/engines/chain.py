"""Gets segments translated: from the memory first, then from one engine after the other.

A segment that fails on one engine goes to the next, alone. Every answer is checked before it is remembered,
and remembered before the next request. Where an engine lacks a pair, it is asked by way of the pivot language,
each hop checked for itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from syndicator.engines.supervised import SupervisedEngine
from syndicator.errors import (
    AnswerMalformedError,
    EngineError,
    EngineRefusedError,
    RequestTooLongError,
)
from syndicator.model import Pair, Remembered, TranslationState
from syndicator.ports import Failure, Memory, Refusal, Translated
from syndicator.text.messages import tr
from syndicator.translation.check import Verdict, check
from syndicator.translation.pack import first_fit
from syndicator.translation.protect import Masked, mask

# Contract: the same answer three times, or six answers in all, and nothing more is bought.
SAME_ANSWER, ANSWERS_IN_ALL = 3, 6


@dataclass(slots=True)
class Tally:
    """How many required segments came from where in this cycle."""

    from_memory: int = 0
    from_engine: int = 0
    helpers: int = 0  # bought only to place markup or to enforce a term


@dataclass(slots=True)
class _Job:
    """The segments of one call that are still without an answer, and why."""

    pair: Pair
    helpers: frozenset[str]
    missing: dict[str, None]
    refused: dict[str, list[Refusal]]
    known: dict[str, Remembered] = field(default_factory=dict)
    reasons: dict[str, EngineError | Failure | str] = field(default_factory=dict)
    doubtful: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (engine, answer) in this call


class Chain:
    """The engines in the operator's order, with the memory before them."""

    def __init__(
        self,
        engines: Sequence[SupervisedEngine],
        memory: Memory,
        *,
        routes: Mapping[Pair, Sequence[str]] | None = None,
        pivot: str = "en",
        keep: Collection[str] = (),
        publish_doubtful: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.engines = engines
        self.tally = Tally()
        self._memory = memory
        self._routes = routes or {}
        self._pivot = pivot
        self._keep = tuple(keep)
        self._publish_doubtful = publish_doubtful
        self._progress = progress

    def translate(
        self,
        pair: Pair,
        segments: Collection[str],
        *,
        helpers: Collection[str] = (),
        allowed: Collection[str] | None = None,
    ) -> Translated:
        """Return what is known of the segments in the end, and why the rest is not.

        ``helpers`` are asked for as well, but an answer that is refused is remembered as none.
        ``allowed`` names the engines that may see the texts; None: all.
        """
        wanted = dict.fromkeys([*segments, *helpers])
        known = dict(self._memory.lookup(pair, list(wanted)))
        required = set(segments)
        missing = {
            segment: None
            for segment in wanted
            if segment not in known or (segment in required and not known[segment].text)
        }
        self.tally.from_memory += sum(segment in known and segment not in missing for segment in required)
        self._progress(len(required) - sum(segment in required for segment in missing))
        job = _Job(
            pair,
            frozenset(helper for helper in helpers if helper not in required),
            missing,
            {segment: list(found) for segment, found in self._memory.refused(pair, list(missing)).items()},
        )
        if missing:
            self._ask(job, allowed)
        known.update(job.known)
        usable = {
            segment: answer for segment, answer in known.items() if answer.text or segment in job.helpers
        }
        return Translated(usable, self._failures(job, allowed))

    def route(self, pair: Pair, allowed: Collection[str] | None) -> list[SupervisedEngine]:
        """Return the engines to ask for a pair, in order."""
        by_id = {engine.id: engine for engine in self.engines}
        order = self._routes.get(pair, list(by_id))
        return [by_id[one] for one in order if one in by_id and (allowed is None or one in allowed)]

    def _ask(self, job: _Job, allowed: Collection[str] | None) -> None:
        lanes = self.route(job.pair, allowed)
        for engine in lanes:
            open_to_it = [segment for segment in job.missing if not self._exhausted(job, segment, engine.id)]
            if not open_to_it:
                continue
            try:
                if engine.supports(job.pair):
                    self._ask_directly(engine, job, open_to_it)
                    again = [s for s in job.doubtful if s in job.missing] if engine is lanes[-1] else []
                    if again:  # a doubt is asked once more, of the same engine where there is no other
                        self._ask_directly(engine, job, again)
                elif self._can_pivot(engine, job.pair):
                    self._ask_by_pivot(engine, job, open_to_it, allowed)
            except EngineError as error:
                job.reasons.update(dict.fromkeys(open_to_it, error))
        self._close_doubts(job)

    def _ask_directly(self, engine: SupervisedEngine, job: _Job, segments: Sequence[str]) -> None:
        masked = {segment: mask(segment, self._keep) for segment in segments if segment in job.missing}
        lost = self._send(engine, job, masked)
        # A mask that did not come back: the sentence is worth more than the certainty.
        self._send(engine, job, {segment: Masked(segment) for segment in lost})

    def _send(self, engine: SupervisedEngine, job: _Job, masked: Mapping[str, Masked]) -> list[str]:
        by_text: dict[str, list[str]] = {}
        for segment, hidden in masked.items():
            by_text.setdefault(hidden.text, []).append(segment)
        lost: list[str] = []
        inner = engine.engine
        groups = first_fit(list(by_text), inner.max_characters, inner.max_texts, inner.size)
        for group in groups:
            for text, answer in self._answers(engine, job, group, by_text):
                segments = by_text[text]
                judged = [(segment, masked[segment].restore(answer)) for segment in segments]
                lost.extend(segment for segment, restored in judged if restored is None)
                job_answers = [(segment, restored) for segment, restored in judged if restored is not None]
                for segment, restored in job_answers:
                    self._judge(engine, job, segment, restored)
            self._commit(engine, job)
        return lost

    def _answers(
        self, engine: SupervisedEngine, job: _Job, group: list[str], by_text: Mapping[str, list[str]]
    ) -> Iterable[tuple[str, str]]:
        """Ask for one request's texts; one that does not fit or comes back in disorder is halved."""
        try:
            return list(zip(group, engine.translate(group, job.pair), strict=True))
        except (RequestTooLongError, AnswerMalformedError) as error:
            if len(group) == 1:
                job.reasons.update(dict.fromkeys(by_text[group[0]], error))
                return []
            half = len(group) // 2
            return [
                *self._answers(engine, job, group[:half], by_text),
                *self._answers(engine, job, group[half:], by_text),
            ]

    def _judge(self, engine: SupervisedEngine, job: _Job, segment: str, answer: str) -> None:
        verdict = check(segment, answer, job.pair.source, job.pair.target)
        if segment in job.helpers:
            text = "" if verdict.blocks else answer
            job.known[segment] = Remembered(text, engine.id, str(verdict))
        elif verdict.blocks:
            self._refuse(job, Refusal(segment, engine.id, answer, str(verdict)))
        elif verdict.doubts and not self._stands(job, segment, answer):
            job.doubtful.setdefault(segment, []).append((engine.id, answer))
            job.reasons[segment] = str(verdict)
        else:
            job.known[segment] = Remembered(answer, engine.id, str(verdict))

    def _stands(self, job: _Job, segment: str, answer: str) -> bool:
        """Whether a doubtful answer was given before: then it is how the sentence reads, not a slip."""
        if self._publish_doubtful:
            return True
        before = {text for _, text in job.doubtful.get(segment, ())}
        before.update(refusal.answer for refusal in job.refused.get(segment, ()))
        return answer in before

    def _refuse(self, job: _Job, refusal: Refusal) -> None:
        self._memory.refuse(job.pair, [refusal])
        for index, before in enumerate(found := job.refused.setdefault(refusal.segment, [])):
            if (before.engine, before.answer) == (refusal.engine, refusal.answer):
                found[index] = Refusal(
                    refusal.segment,
                    refusal.engine,
                    refusal.answer,
                    refusal.reason,
                    before.times + refusal.times,
                )
                break
        else:
            found.append(refusal)
        job.reasons[refusal.segment] = f"{refusal.engine}: {refusal.reason}"

    def _close_doubts(self, job: _Job) -> None:
        """What was doubtful twice, differently each time, stays open; both answers are kept."""
        for segment, answers in job.doubtful.items():
            if segment in job.missing:
                for engine, answer in answers:
                    verdict: Verdict = check(segment, answer, job.pair.source, job.pair.target)
                    self._refuse(job, Refusal(segment, engine, answer, str(verdict)))

    def _commit(self, engine: SupervisedEngine, job: _Job) -> None:
        """Store what was answered before anything else is asked."""
        fresh = {segment: job.known[segment] for segment in job.missing if segment in job.known}
        if not fresh:
            return
        self._memory.remember(job.pair, fresh, helpers=job.helpers)
        for segment in fresh:
            del job.missing[segment]
            job.reasons.pop(segment, None)
        required = sum(segment not in job.helpers for segment in fresh)
        self.tally.from_engine += required
        self.tally.helpers += len(fresh) - required
        self._progress(required)

    def _can_pivot(self, engine: SupervisedEngine, pair: Pair) -> bool:
        return self._pivot not in (pair.source, pair.target) and engine.supports(
            Pair(self._pivot, pair.target)
        )

    def _ask_by_pivot(
        self, engine: SupervisedEngine, job: _Job, segments: Sequence[str], allowed: Collection[str] | None
    ) -> None:
        asked = [segment for segment in segments if segment not in job.helpers]
        hoped = [segment for segment in segments if segment in job.helpers]
        first = self._uncounted(Pair(job.pair.source, self._pivot), asked, hoped, allowed)
        between = {segment: first.known[segment].text for segment in segments if segment in first.known}
        second = self._uncounted(
            Pair(self._pivot, job.pair.target),
            [text for segment, text in between.items() if text and segment not in job.helpers],
            [text for segment, text in between.items() if text and segment in job.helpers],
            {engine.id},
        )
        for segment, failure in first.failures.items():
            job.reasons[segment] = failure
        for segment, text in between.items():
            if text in second.known:
                last = second.known[text]
                doubts = "; ".join(filter(None, (first.known[segment].warning, last.warning)))
                job.known[segment] = Remembered(last.text, last.origin, doubts)
            elif text in second.failures:
                job.reasons[segment] = second.failures[text]
        self._commit(engine, job)

    def _uncounted(
        self, pair: Pair, segments: Sequence[str], helpers: Sequence[str], allowed: Collection[str] | None
    ) -> Translated:
        """Translate one hop; the segment is counted once, when it has arrived."""
        tally, self.tally = self.tally, Tally()
        progress, self._progress = self._progress, lambda _: None
        try:
            return self.translate(pair, segments, helpers=helpers, allowed=allowed)
        finally:
            self.tally, self._progress = tally, progress

    def _exhausted(self, job: _Job, segment: str, engine: str) -> bool:
        """Whether asking this engine again would buy what was refused before."""
        found = job.refused.get(segment, ())
        mine = [refusal for refusal in found if refusal.engine == engine]
        return (
            any(refusal.times >= SAME_ANSWER for refusal in mine)
            or sum(refusal.times for refusal in found) >= ANSWERS_IN_ALL
        )

    def _failures(self, job: _Job, allowed: Collection[str] | None) -> Mapping[str, Failure]:
        if not job.missing:
            return {}
        lanes = self.route(job.pair, allowed)
        return {segment: self._failure(job, segment, lanes) for segment in job.missing}

    def _failure(self, job: _Job, segment: str, lanes: Sequence[SupervisedEngine]) -> Failure:
        reason = job.reasons.get(segment)
        if job.refused.get(segment) and all(self._exhausted(job, segment, lane.id) for lane in lanes):
            why = job.refused[segment][-1].reason
            return Failure(
                TranslationState.HELD, tr("refused: {why} — “{segment}”", why=why, segment=segment)
            )
        if isinstance(reason, Failure):
            return reason
        if reason is None or not lanes:
            text = tr("no engine translates {pair}: add one to translation.engines", pair=job.pair)
            return Failure(TranslationState.FAILED, text)
        if isinstance(reason, EngineRefusedError) and all(
            isinstance(lane.down, EngineRefusedError) for lane in lanes
        ):
            return Failure(TranslationState.FAILED, str(reason))
        return Failure(TranslationState.PENDING, str(reason))
