"""``engines compare``: one text through every engine, side by side.

Nothing is taken from the memory and nothing is put into it: this is a look at the engines themselves. What is
sent is entered in their accounts and counts against their budgets, like everything else.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from syndicator.engines.supervised import SupervisedEngine
from syndicator.errors import EngineError, NoArticleError, RequestError
from syndicator.extract.pasted import read_html_file, read_text
from syndicator.model import Article, Pair
from syndicator.runtime.build import Workshop
from syndicator.text.messages import tr
from syndicator.translation.check import check
from syndicator.translation.glossary import Glossary
from syndicator.translation.pack import first_fit
from syndicator.translation.plan import Language, first_need

HTML = {".html", ".htm", ".xhtml"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one engine made of one sentence."""

    answer: str
    verdict: str  # pass | warn | block
    findings: str = ""


@dataclass(slots=True)
class Showing:
    """How one engine did in one pair of languages."""

    engine: str
    pair: str
    answers: dict[str, Said] = field(default_factory=dict)  # by sentence
    requests: int = 0
    characters: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    error: str = ""  # why sentences are without an answer

    def count(self, verdict: str) -> int:
        """Return how many answers got a verdict."""
        return sum(said.verdict == verdict for said in self.answers.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same sentences through several engines."""

    sentences: tuple[str, ...]
    showings: tuple[Showing, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as one JSON object."""
        return {
            "sentences": list(self.sentences),
            "engines": [
                {**asdict(one), **{kind: one.count(kind) for kind in ("pass", "warn", "block")}}
                for one in self.showings
            ],
        }


def compare(
    workshop: Workshop, path: Path, *, engines: Collection[str] = (), targets: Collection[str] = ()
) -> Comparison:
    """Send a file's sentences through the engines (all of them, into all targets, unless named).

    Raises RequestError.
    """
    source = workshop.settings.languages.source
    chosen = _chosen(workshop, engines)
    wanted = tuple(targets) or tuple(
        target for target in workshop.settings.languages.targets if target != source
    )
    if not chosen or not wanted:
        raise RequestError(tr("there is nothing to compare: no engine, or no language to translate into"))
    article = _article(workshop, path, source)
    sentences = first_need(article, Language(Pair(source, wanted[0]), Glossary())).required
    showings = tuple(_showings(workshop, chosen, sentences, source, wanted))
    return Comparison(sentences, showings)


def _chosen(workshop: Workshop, named: Collection[str]) -> list[SupervisedEngine]:
    supervised = workshop.chain().engines
    known = [engine.id for engine in supervised]
    for one in named:
        if one not in known:
            text = tr('no engine has the id "{name}"; there are: {known}', name=one, known=", ".join(known))
            raise RequestError(text)
    return [engine for engine in supervised if not named or engine.id in named]


def _article(workshop: Workshop, path: Path, language: str) -> Article:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RequestError(
            tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        ) from error
    read = read_html_file if path.suffix.lower() in HTML else read_text
    try:
        return read(data, path.name, language, workshop.now, workshop.timezone)
    except NoArticleError as error:
        raise RequestError(str(error)) from error


def _showings(
    workshop: Workshop,
    engines: list[SupervisedEngine],
    sentences: tuple[str, ...],
    source: str,
    targets: Collection[str],
) -> Iterator[Showing]:
    prices = {one.id: one.price_per_million for one in workshop.settings.translation.engines}
    for target in targets:
        pair = Pair(source, target)
        for engine in engines:
            showing = Showing(engine.id, str(pair))
            before = engine.account.requests, engine.account.characters
            started = time.monotonic()
            try:
                if engine.supports(pair):
                    _ask(engine, pair, sentences, showing)
                else:
                    showing.error = tr("does not translate {pair}", pair=pair)
            except EngineError as error:
                showing.error = str(error)
            showing.seconds = round(time.monotonic() - started, 2)
            showing.requests = engine.account.requests - before[0]
            showing.characters = engine.account.characters - before[1]
            showing.cost = showing.characters * prices[engine.id] / 1_000_000
            yield showing


def _ask(engine: SupervisedEngine, pair: Pair, sentences: tuple[str, ...], showing: Showing) -> None:
    inner = engine.engine
    for group in first_fit(list(sentences), inner.max_characters, inner.max_texts, inner.size):
        try:
            answers = engine.translate(group, pair)
        except EngineError as error:
            showing.error = str(error)
            if engine.down:
                return
            continue
        for sentence, answer in zip(group, answers, strict=True):
            verdict = check(sentence, answer, pair.source, pair.target)
            kind = "block" if verdict.blocks else "warn" if str(verdict) else "pass"
            showing.answers[sentence] = Said(answer, kind, str(verdict))
