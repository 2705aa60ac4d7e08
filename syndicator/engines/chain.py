"""Gets segments translated: from the memory first, then from one engine after the other.

A segment that fails on one engine goes to the next, alone. Every answer is checked before it is remembered,
and remembered before the next request, unless the engine costs nothing (:mod:`.ahead`). Where an engine lacks
a pair, it is asked by way of the pivot language, each hop checked for itself. Calls of several threads take
turns whenever one waits for an engine; none asks for what another one is asking for.

What one engine may say of a segment, and what becomes of the segment if no other engine does better:

==============================================  ==========================================================
a good answer                                   known
a doubtful answer                               asked once more; an equal answer stands, else *pending*
the same, of an engine with much refused        the same, but it takes three equal answers
a refused one, where suspects are published     asked once more; the first one stands with its flaw named
an answer that a blocking check refuses         *pending*; *held* after the same one three times, six in all
the same, of an engine that fails at random     *pending*; *held* after twelve in all (:mod:`.soundness`)
a refused one or none, if that is by chance     asked again in this cycle, thrice at most
no answer: down, slow, budget spent             *pending*
no answer: wrong key, no quota                  *failed*
it translates neither the pair nor by pivot     nothing; *failed* if that is so of all
==============================================  ==========================================================
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace

from syndicator.engines.ahead import Ahead, Ask
from syndicator.engines.derived import derived
from syndicator.engines.soundness import Soundness
from syndicator.engines.supervised import SupervisedEngine
from syndicator.errors import (
    AnswerMalformedError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair, Remembered, TranslationState
from syndicator.ports import (
    NO_HINT,
    Failure,
    Hint,
    Memory,
    Refusal,
    Translated,
    costs_nothing,
    has_to_load,
    nobody,
    takes_hints,
)
from syndicator.text.messages import tr
from syndicator.translation.check import check
from syndicator.translation.pack import first_fit
from syndicator.translation.protect import Masked, mask

# Contract: the same answer three times, or six answers in all, and nothing more is bought.
SAME_ANSWER, ANSWERS_IN_ALL = 3, 6
# Nor after so many, even if most came while their engine failed at random: nothing is paid for for ever.
WITH_EXCUSED = 12
# How often in one cycle an engine that fails by chance is asked again for what it failed at.
MORE_ROUNDS = 3
# Of what several engines made of one segment, what gives the most hope decides: time heals what is pending;
# what is failed is asked again, too, once the operator has acted; what is held is not.
BY_HOPE = (TranslationState.PENDING, TranslationState.FAILED, TranslationState.HELD)


# Return pairs of texts by segment; a segment without any may be left out.
Lookup = Callable[[Pair, Collection[str]], Mapping[str, tuple[tuple[str, str], ...]]]


def nothing(pair: Pair, segments: Collection[str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return that there is nothing to tell an engine of any segment."""
    del pair, segments
    return {}


@dataclass(slots=True)
class Tally:
    """How many required segments came from where in this cycle."""

    from_memory: int = 0
    derived: int = 0  # of those: from one that differs in numerals only
    from_engine: int = 0
    helpers: int = 0  # bought only to place markup or to enforce a term


@dataclass(frozen=True, slots=True)
class _Call:
    """What one call is about, and who hears how it goes."""

    pair: Pair
    allowed: Collection[str] | None
    tally: Tally
    progress: Callable[[int], None]
    room: Callable[[], None]

    def hop(self, pair: Pair, allowed: Collection[str] | None, room: Callable[[], None] = nobody) -> "_Call":
        """Return one hop of this call; a segment is counted once, when it has arrived."""
        return _Call(pair, allowed, Tally(), nobody, room)


@dataclass(slots=True)
class _Job:
    """The segments of one call that are still without an answer, and why."""

    call: _Call
    helpers: frozenset[str]
    missing: dict[str, None]
    refused: dict[str, list[Refusal]]
    known: dict[str, Remembered] = field(default_factory=dict)
    fresh: dict[str, Remembered] = field(default_factory=dict)  # not yet in the memory
    turned_down: list[Refusal] = field(default_factory=list)  # of this request; whose fault is not clear yet
    times_refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # in this call, by answer
    fresh_refusals: list[Refusal] = field(default_factory=list)  # not yet in the memory
    reasons: dict[str, dict[str, Failure]] = field(default_factory=dict)  # by segment and engine
    doubtful: dict[str, list[Refusal]] = field(default_factory=dict)  # in this call
    given: dict[str, set[str]] = field(default_factory=dict)  # by doubtful answer: the segments that got it
    dropped: dict[str, set[str]] = field(default_factory=dict)  # by engine: the segments it never answered
    hints: dict[str, Hint] = field(default_factory=dict)  # for engines that take them
    told: dict[str, str] = field(default_factory=dict)  # of fresh answers: the terms the engine was told of

    @property
    def pair(self) -> Pair:
        """What is translated into what."""
        return self.call.pair

    def fail(self, engine: str, segments: Collection[str], failure: Failure) -> None:
        """Note why an engine has no answer for segments."""
        for segment in segments:
            if segment in self.missing:
                self.reasons.setdefault(segment, {})[engine] = failure

    def break_off(self, engine: str, segments: Collection[str], error: EngineError) -> None:
        """Note what ended the asking; what an engine said of a segment before that says more."""
        silent = [segment for segment in segments if engine not in self.reasons.get(segment, {})]
        self.fail(engine, silent, _failure_of(error))


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
        terms: Lookup = nothing,
        similar: Lookup = nothing,
    ) -> None:
        """``terms`` and ``similar`` find what engines that take hints are told (:class:`Hint`).

        The terms of every segment are looked for, as the memory holds such engines' answers under them; like
        sentences only of those that an engine is asked for.
        """
        self.engines = engines
        self.tally = Tally()
        self._memory = memory
        self._routes = routes or {}
        self._pivot = pivot
        self._keep = tuple(keep)
        self._publish_doubtful = publish_doubtful
        self._progress = progress
        self._terms = terms
        self._similar = similar
        self._soundness: dict[str, Soundness] = {}  # by engine, in this cycle
        self._turn = threading.Condition(threading.Lock())  # over all of this, but while engines are asked
        self._under_way: set[tuple[Pair, str]] = set()

    def translate(
        self,
        pair: Pair,
        segments: Collection[str],
        *,
        helpers: Collection[str] = (),
        allowed: Collection[str] | None = None,
        room: Callable[[], None] = nobody,
    ) -> Translated:
        """Return what is known of the segments in the end, and why the rest is not.

        ``helpers`` are asked for as well; one whose answer is refused is remembered as having none, and is
        then neither known nor a failure. ``allowed`` names the engines that may see the texts; None: all.
        ``room`` is called when all of it is on its way to an engine that costs nothing, maybe repeatedly.
        """
        with self._turn:
            return self._translate(_Call(pair, allowed, self.tally, self._progress, room), segments, helpers)

    @contextmanager
    def _others_go_on(self) -> Iterator[None]:
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    def _translate(self, call: _Call, segments: Collection[str], helpers: Collection[str]) -> Translated:
        pair = call.pair
        required = dict.fromkeys(segments)
        wanted = {**required, **dict.fromkeys(helpers)}
        lanes = self.route(pair, call.allowed)
        hinted = any(takes_hints(engine.engine) for engine in lanes)
        hints = {
            segment: Hint(terms) for segment, terms in (self._terms(pair, wanted) if hinted else {}).items()
        }
        known = dict(
            self._memory.lookup(
                pair, list(wanted), {segment: hint.key for segment, hint in hints.items() if hint.terms}
            )
        )
        unknown = [one for one in required if one not in known and (pair, one) not in self._under_way]
        known.update(self._derived(call, unknown))
        lacking = [
            segment
            for segment in wanted
            if segment not in known or (segment in required and not known[segment].text)
        ]
        missing = {segment: None for segment in lacking if (pair, segment) not in self._under_way}
        found = len(required) - sum(segment in required for segment in lacking)
        call.tally.from_memory += found
        call.progress(found)
        refused = self._memory.refused(pair, list(missing))
        job = _Job(
            call,
            frozenset(wanted.keys() - required.keys()),
            missing,
            {segment: list(answers) for segment, answers in refused.items()},
            hints=hints,
        )
        others = [segment for segment in lacking if segment not in missing]
        if missing:
            if hinted:
                for segment, similar in self._similar(pair, list(missing)).items():
                    job.hints[segment] = replace(job.hints.get(segment, NO_HINT), similar=similar)
            self._ask(job, lanes)
        known.update(job.known)
        translated = Translated(
            {segment: answer for segment, answer in known.items() if answer.text},
            {segment: self._failure(job, segment) for segment in job.missing},
        )
        return self._with_others(call, translated, others, job.helpers) if others else translated

    def _with_others(
        self, call: _Call, translated: Translated, others: Sequence[str], helpers: Collection[str]
    ) -> Translated:
        """Add what other calls asked for, once they have got it; what they did not get is asked for."""
        # Who waits asks for nothing of this pair itself, and hops wait for hops only: no two for each other.
        self._turn.wait_for(lambda: not any((call.pair, segment) in self._under_way for segment in others))
        later = self._translate(
            call,
            [segment for segment in others if segment not in helpers],
            [segment for segment in others if segment in helpers],
        )
        return Translated({**translated.known, **later.known}, {**translated.failures, **later.failures})

    def get_ready(self, pair: Pair, *, allowed: Collection[str] | None = None) -> None:
        """Let the first engine of a pair load what it works with, before there is anything to ask it."""
        first = next(iter(self.route(pair, allowed)), None)
        if first is not None and has_to_load(first.engine):
            first.engine.get_ready(pair)

    def _derived(self, call: _Call, segments: Sequence[str]) -> Mapping[str, Remembered]:
        """Solve what differs from something remembered in numerals only, and remember it."""
        pair = call.pair
        found = derived(pair, self._memory.but_for_numerals(pair, segments)) if segments else {}
        if found:
            self._memory.remember(pair, found)
            call.tally.derived += len(found)
        return found

    def route(self, pair: Pair, allowed: Collection[str] | None) -> list[SupervisedEngine]:
        """Return the engines to ask for a pair, in order."""
        by_id = {engine.id: engine for engine in self.engines}
        order = self._routes.get(pair, list(by_id))
        return [by_id[one] for one in order if one in by_id and (allowed is None or one in allowed)]

    def _ask(self, job: _Job, lanes: Sequence[SupervisedEngine]) -> None:
        ours = {(job.pair, segment) for segment in job.missing}
        self._under_way |= ours
        try:
            self._ask_lanes(job, lanes)
        finally:
            self._under_way -= ours
            self._turn.notify_all()

    def _ask_lanes(self, job: _Job, lanes: Sequence[SupervisedEngine]) -> None:
        for engine in lanes:
            if not job.missing:
                return
            with_it = list(job.missing)
            try:
                if engine.supports(job.pair):
                    self._ask_directly(engine, job, with_it)
                elif self._can_pivot(engine, job.pair, job.call.allowed):
                    self._ask_by_pivot(engine, job, with_it)
            except EngineError as error:
                job.break_off(engine.id, with_it, error)
        self._ask_again(job, lanes)
        self._ask_what_failed_by_chance(job, lanes)
        self._close_doubts(job)

    def _ask_what_failed_by_chance(self, job: _Job, lanes: Sequence[SupervisedEngine]) -> None:
        """Ask engines that spoil or drop a part of what they are asked for that part again, in this cycle.

        In smaller requests: a long one may be what takes them too long. Not more than ``MORE_ROUNDS`` times:
        what is left then waits for the next cycle.
        """
        for _ in range(MORE_ROUNDS):
            for engine in lanes:
                again = [segment for segment in job.missing if self._failed_by_chance(engine, job, segment)]
                try:
                    if again and engine.supports(job.pair):
                        self._ask_directly(engine, job, again, share=2)
                except EngineError as error:
                    job.break_off(engine.id, again, error)

    def _failed_by_chance(self, engine: SupervisedEngine, job: _Job, segment: str) -> bool:
        """Whether an engine may well do better at once with what it has failed at in this call."""
        if engine.down:
            return False
        if segment in job.dropped.get(engine.id, ()):
            return True
        said = [one for one in job.refused.get(segment, ()) if one.engine == engine.id]
        doubtful = [one for one in job.doubtful.get(segment, ()) if one.engine == engine.id]
        if engine.id not in job.reasons.get(segment, {}) or not (said or doubtful):
            return False
        if any(job.times_refused[segment, one.answer] > 1 for one in said):
            return False  # it says so again and again
        sound = self._sound(engine.id)
        return sound.excuses or any(one.excused for one in said) or bool(doubtful and sound.suspect)

    def _ask_again(self, job: _Job, lanes: Sequence[SupervisedEngine]) -> None:
        """Ask once more where one engine was doubtful and no other one had anything to say."""
        for engine in lanes:
            alone = [
                segment
                for segment, answers in job.doubtful.items()
                if segment in job.missing and len(answers) == 1 and answers[0].engine == engine.id
            ]
            try:
                if alone:
                    self._ask_directly(engine, job, alone)
            except EngineError as error:
                job.break_off(engine.id, alone, error)

    def _ask_directly(
        self, engine: SupervisedEngine, job: _Job, segments: Sequence[str], *, share: int = 1
    ) -> None:
        """Ask for segments, each request at most the ``share``-th part of what the engine takes at once."""
        masked = {}
        for segment in segments:
            if self._exhausted(job, segment, engine.id):
                job.fail(engine.id, [segment], _held(job.refused[segment][-1]))
            else:
                masked[segment] = mask(segment, self._keep)
        lost = self._send(engine, job, masked, share)
        # A mask that did not come back: the sentence is worth more than the certainty.
        self._send(engine, job, {segment: Masked(segment) for segment in lost}, share)

    def _send(
        self, engine: SupervisedEngine, job: _Job, masked: Mapping[str, Masked], share: int
    ) -> list[str]:
        """Ask in as few requests as the segments fit in; return those whose masks got lost."""
        by_text: dict[str, list[str]] = {}
        for segment, hidden in masked.items():
            by_text.setdefault(hidden.text, []).append(segment)
        lost: list[str] = []
        inner = engine.engine
        room = max(1, inner.max_characters // share)
        left = engine.left()
        if left is not None and by_text and left >= min(map(inner.size, by_text)):
            room = min(room, left)  # what a budget leaves is used, though it be less than a full request
        groups = first_fit(list(by_text), room, inner.max_texts, inner.size)

        def ask(group: Sequence[str]) -> list[str]:
            # Of segments that differ only in what is hidden from the engine, one speaks for all.
            hints = [job.hints.get(by_text[text][0], NO_HINT) for text in group]
            return engine.translate(group, job.pair, hints)

        with Ahead(ask, groups, job.call.room) if costs_nothing(inner) else nullcontext() as ahead:
            for group in groups:
                for answers in self._requests(engine, job, group, by_text, ahead.ask if ahead else ask):
                    for text, answer in answers.items():
                        for segment in by_text[text]:
                            restored = masked[segment].restore(answer)
                            if restored is None:
                                lost.append(segment)
                            else:
                                self._judge(engine, job, segment, restored)
                    self._commit(job)  # before the generator sends the next request
        return lost

    def _requests(
        self,
        engine: SupervisedEngine,
        job: _Job,
        group: list[str],
        by_text: Mapping[str, list[str]],
        ask: Ask,
    ) -> Iterator[Mapping[str, str]]:
        """Yield each request's answers by text; one that does not fit or comes back in disorder is halved.

        One that gets no answer takes none of the other requests with it, unless the engine is down.
        """
        for text in group:
            job.dropped.setdefault(engine.id, set()).difference_update(by_text[text])
        try:
            with self._others_go_on():
                answers = ask(group)
        except (RequestTooLongError, AnswerMalformedError) as error:
            if len(group) > 1 and not engine.down:
                half = len(group) // 2
                yield from self._requests(engine, job, group[:half], by_text, ask)
                yield from self._requests(engine, job, group[half:], by_text, ask)
                return
            for text in group:
                job.fail(engine.id, by_text[text], _failure_of(error))
                if isinstance(error, RequestTooLongError):  # a probe may be what makes a sentence too long
                    no_use = Remembered("", engine.id, str(error))
                    for one in by_text[text]:
                        if one in job.helpers:
                            job.fresh[one] = no_use
                            job.told.pop(one, None)
        except (EngineUnavailableError, EngineTimeoutError, RateLimitedError) as error:
            if engine.down:
                raise
            for text in group:
                job.break_off(engine.id, by_text[text], error)
                job.dropped[engine.id].update(by_text[text])
        else:
            yield dict(zip(group, answers, strict=True))

    def _judge(self, engine: SupervisedEngine, job: _Job, segment: str, answer: str) -> None:
        verdict = check(segment, answer, job.pair.source, job.pair.target)
        if takes_hints(engine.engine) and segment in job.hints:
            job.told[segment] = job.hints[segment].key
        else:
            job.told.pop(segment, None)
        if segment in job.helpers:
            job.fresh[segment] = Remembered("" if verdict.unfit else answer, engine.id, str(verdict))
            return
        self._sound(engine.id).count(refused=verdict.unfit)
        if not verdict.findings:
            job.fresh[segment] = Remembered(answer, engine.id, "")
            return
        said = Refusal(segment, engine.id, answer, str(verdict))
        if verdict.unfit or (verdict.blocks and not self._publish_doubtful):
            job.turned_down.append(said)
            job.times_refused[segment, answer] += 1
        elif (verdict.blocks or verdict.doubts) and not self._stands(job, said):
            job.doubtful.setdefault(segment, []).append(said)
            job.fail(engine.id, [segment], _failure_of(said))
        else:
            job.fresh[segment] = Remembered(answer, engine.id, str(verdict))

    def _stands(self, job: _Job, said: Refusal) -> bool:
        """Whether a doubtful answer was given before: then it is how the sentence reads, not a slip.

        An engine that has had much refused in this cycle slips the same way twice now and then, but hardly
        three times.
        """
        given = job.given.setdefault(said.answer, set())
        given.add(said.segment)
        if len(given) > 1:
            return False  # one answer to different questions is none: an error's text, a login page
        before = (*job.doubtful.get(said.segment, ()), *job.refused.get(said.segment, ()))
        equal = [one for one in before if one.answer == said.answer]
        if any(one.engine != said.engine for one in equal):
            return True
        times: int = sum(one.times + one.excused for one in equal)
        return times >= (2 if self._sound(said.engine).suspect else 1)

    def _sound(self, engine: str) -> Soundness:
        if engine not in self._soundness:
            self._soundness[engine] = Soundness()
        return self._soundness[engine]

    def _refuse(self, job: _Job, said: Refusal) -> None:
        if self._sound(said.engine).excuses:
            said = replace(said, times=0, excused=1)
        job.fresh_refusals.append(said)
        found = job.refused.setdefault(said.segment, [])
        for index, before in enumerate(found):
            if (before.engine, before.answer) == (said.engine, said.answer):
                found[index] = replace(
                    said, times=before.times + said.times, excused=before.excused + said.excused
                )
                break
        else:
            found.append(said)
        exhausted = self._exhausted(job, said.segment, said.engine)
        job.fail(said.engine, [said.segment], _held(said) if exhausted else _failure_of(said))

    def _close_doubts(self, job: _Job) -> None:
        """What was doubtful, differently each time, stays open; the answers are kept and count.

        Where the operator publishes what is suspect, the first engine's answer stands instead.
        """
        for segment, answers in job.doubtful.items():
            if segment not in job.missing:
                continue
            first = answers[0]
            if self._publish_doubtful and len(job.given[first.answer]) == 1:
                job.fresh[segment] = Remembered(first.answer, first.engine, first.reason)
                continue
            job.turned_down += answers
        self._commit(job)

    def _commit(self, job: _Job) -> None:
        """Store what was answered before anything else is asked."""
        for said in job.turned_down:  # once all answers of a request have shown how sound the engine is
            self._refuse(job, said)
        job.turned_down = []
        if job.fresh_refusals:
            self._memory.refuse(job.pair, job.fresh_refusals)
            job.fresh_refusals = []
        if not job.fresh:
            return
        self._memory.remember(job.pair, job.fresh, helpers=job.helpers, terms=job.told)
        for segment in job.fresh:
            del job.missing[segment]
        required = sum(segment not in job.helpers for segment in job.fresh)
        job.call.tally.from_engine += required
        job.call.tally.helpers += len(job.fresh) - required
        job.call.progress(required)
        job.known.update(job.fresh)
        job.fresh = {}

    def _can_pivot(self, engine: SupervisedEngine, pair: Pair, allowed: Collection[str] | None) -> bool:
        """Whether an engine is one to ask for the second hop of a pair."""
        last = Pair(self._pivot, pair.target)
        if self._pivot in (pair.source, pair.target) or engine not in self.route(last, allowed):
            return False
        return engine.supports(last)

    def _ask_by_pivot(self, engine: SupervisedEngine, job: _Job, segments: Sequence[str]) -> None:
        asked = [segment for segment in segments if segment not in job.helpers]
        hoped = [segment for segment in segments if segment in job.helpers]
        call = job.call
        to_pivot = call.hop(Pair(call.pair.source, self._pivot), call.allowed)
        first = self._translate(to_pivot, asked, hoped)
        second = self._translate(
            call.hop(Pair(self._pivot, call.pair.target), {engine.id}, call.room),
            [first.known[segment].text for segment in asked if segment in first.known],
            [first.known[segment].text for segment in hoped if segment in first.known],
        )
        for segment in segments:
            between = first.known.get(segment)
            last = second.known.get(between.text) if between else None
            failure = second.failures.get(between.text) if between else first.failures.get(segment)
            job.told.pop(segment, None)  # terms of the pair itself were told nobody on this way
            if between and last:
                doubts = "; ".join(filter(None, (between.warning, last.warning)))
                # Two hops are no review, even if somebody has reviewed the second.
                origin = engine.id if last.reviewed else last.origin
                job.fresh[segment] = Remembered(last.text, origin, doubts)
            elif failure is not None:
                job.fail(engine.id, [segment], failure)
            elif segment in job.helpers:  # one of the hops has no use for it
                job.fresh[segment] = Remembered("", engine.id)
        self._commit(job)

    def _exhausted(self, job: _Job, segment: str, engine: str) -> bool:
        """Whether asking this engine again would buy what was refused before."""
        found = job.refused.get(segment, ())
        same = any(said.engine == engine and said.times >= SAME_ANSWER for said in found)
        return same or _too_many(found)

    def _failure(self, job: _Job, segment: str) -> Failure:
        """Return what becomes of a segment that no engine of the route had an answer for."""
        said = job.reasons.get(segment)
        if not said:
            text = tr("no engine translates {pair}: add one to translation.engines", pair=job.pair)
            return Failure(TranslationState.FAILED, text)
        refused = job.refused.get(segment, [])
        if _too_many(refused):
            return _held(refused[-1])
        return min(said.values(), key=lambda failure: BY_HOPE.index(failure.state))


def _too_many(refused: Sequence[Refusal]) -> bool:
    counted = sum(said.times for said in refused)
    return counted >= ANSWERS_IN_ALL or counted + sum(said.excused for said in refused) >= WITH_EXCUSED


def _held(said: Refusal) -> Failure:
    reason = tr("refused: {why} — “{segment}”", why=said.reason, segment=said.segment)
    return Failure(TranslationState.HELD, reason)


def _failure_of(reason: EngineError | Refusal) -> Failure:
    if isinstance(reason, Refusal):
        return Failure(TranslationState.PENDING, f"{reason.engine}: {reason.reason}")
    refused = isinstance(reason, EngineRefusedError)
    return Failure(TranslationState.FAILED if refused else TranslationState.PENDING, str(reason))
