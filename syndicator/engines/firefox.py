"""Firefox Translations models on this machine, through fxtranslate: private, free, without quota.

Each text is cut into sentences, each sentence is stripped of the signs that the models lose and bounded in
length (``translation/signs.py``, ``translation/units.py``); processes of their own translate
(``engines/model_workers.py``). fxtranslate's own loader is not used: it asks the network at every call.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from syndicator.engines.model_workers import (
    BrokenError,
    DamagedModelError,
    HungError,
    ModelPlace,
    ModelWorkers,
    StartError,
    WorkError,
    shared_workers,
)
from syndicator.errors import (
    AnswerMalformedError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
    PairRefusedError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr
from syndicator.translation.model_files import MANIFEST, ModelNames, folder_of, names_in
from syndicator.translation.segment import sentences
from syndicator.translation.signs import Cleaned, clean
from syndicator.translation.units import Unit, join, units

# Enough sentences to keep all processes busy to the end of a request (the last sentence's 30 ms are then
# 1 % of it), few enough that little is lost at a kill.
MAX_CHARACTERS = 20_000


class FirefoxEngine:
    """The port :class:`~syndicator.ports.Engine` for a folder of Firefox Translations models."""

    local = True
    costs_nothing = True
    max_texts = 0

    def __init__(
        self,
        engine_id: str,
        models: Path,
        *,
        workers: ModelWorkers | None = None,
        timeout: float = 20.0,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self.id = engine_id
        self.max_characters = max_characters
        self._models = models
        self._timeout = timeout
        self._workers = workers or shared_workers()
        self._broken: dict[str, str] = {}  # sentences that the engine breaks at; asking again would cost much

    def size(self, text: str) -> int:
        """Return the characters of a text."""
        return len(text)

    def supports(self, pair: Pair) -> bool:
        """Return whether a model for the pair is there. Raises PairRefusedError where it is not whole."""
        return self._place(pair) is not None

    def get_ready(self, pair: Pair) -> None:
        """Start all processes and let them load the model of a pair."""
        with suppress(EngineError, WorkError):
            if place := self._place(pair):
                self._workers.translate(["1"] * self._workers.processes, place, self._timeout)

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts, all processes at once. Raises EngineError."""
        place = self._place(pair)
        if place is None:
            raise PairRefusedError(
                self.id, tr("there is no model: run syndicator models add {pair}", pair=folder_of(pair))
            )
        taken = [_take_apart(text) for text in texts]
        wanted = list(
            dict.fromkeys(
                unit.text for text in taken for part in text for unit in part.units if not unit.untouched
            )
        )
        answers = dict(zip(wanted, self._ask(wanted, pair, place), strict=True))
        return ["".join(part.translated(answers, pair.target) for part in text) for text in taken]

    def _ask(self, wanted: Sequence[str], pair: Pair, place: ModelPlace) -> list[str]:
        for text in wanted:
            if text in self._broken:
                raise AnswerMalformedError(self.id, self._broken[text])
        try:
            return self._workers.translate(wanted, place, self._timeout)
        except DamagedModelError as error:
            raise self._damaged(pair, error.file, error.why) from error
        except StartError as error:
            raise EngineUnavailableError(self.id, str(error)) from error
        except HungError as error:
            if len(wanted) == 1:
                self._broken[wanted[0]] = str(error)
                raise EngineTimeoutError(
                    self.id, tr("no answer within {seconds:g} s", seconds=self._timeout)
                ) from error
            raise AnswerMalformedError(self.id, str(error)) from error
        except BrokenError as error:
            if len(wanted) == 1:
                self._broken[wanted[0]] = str(error)
            raise AnswerMalformedError(self.id, str(error)) from error

    def _place(self, pair: Pair) -> ModelPlace | None:
        """Return where the model of a pair is; None: nowhere. Raises PairRefusedError."""
        folder = self._models / folder_of(pair)
        found = present_files(folder)
        if not found:
            return None
        known = read_manifest(folder)
        for name, file in known.items():
            if name not in found:
                raise self._damaged(pair, name, tr("it is missing"))
            if found[name] != file.size:
                why = tr("it has {size} bytes instead of {right}", size=found[name], right=file.size)
                raise self._damaged(pair, name, why)
        names = names_in(known or found)
        if not isinstance(names, ModelNames):
            raise self._damaged(pair, ", ".join(names), tr("it is missing"))
        hashes = {name: file.sha256 for name, file in known.items()}
        return ModelPlace(
            str(folder),
            names.model,
            names.source_vocabulary,
            names.target_vocabulary,
            names.shortlist,
            hashes,
        )

    def _damaged(self, pair: Pair, file: str, why: str) -> PairRefusedError:
        text = tr(
            "the model file {file} is damaged ({why}): run syndicator models add {pair}",
            file=self._models / folder_of(pair) / file,
            why=why,
            pair=folder_of(pair),
        )
        return PairRefusedError(self.id, text)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What its publisher says of a model's file."""

    size: int
    sha256: str


def present_files(folder: Path) -> dict[str, int]:
    """Return the sizes of the files in a model's folder; empty where there is none."""
    try:
        return {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
    except OSError:
        return {}


def read_manifest(folder: Path) -> Mapping[str, ModelFile]:
    """Return what is known of a model's files; empty for one that was put there by hand."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {
            str(name): ModelFile(int(file["size"]), str(file["sha256"]))
            for name, file in told["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of a text on its way through the engine."""

    cleaned: Cleaned
    units: tuple[Unit, ...]
    after: str  # what stands between it and the next one

    def translated(self, answers: Mapping[str, str], language: str) -> str:
        """Return the sentence's translation."""
        if not self.units:
            return self.cleaned.source + self.after
        parts = [unit.text if unit.untouched else answers[unit.text] for unit in self.units]
        return self.cleaned.restore(join(self.units, parts), language) + self.after


def _take_apart(text: str) -> list[_Part]:
    spans = sentences(text)
    ends = [start for start, _ in spans[1:]] + [spans[-1][1]] if spans else []
    parts = []
    for (start, end), following in zip(spans, ends, strict=True):
        cleaned = clean(text[start:end])
        parts.append(_Part(cleaned, units(cleaned.text), text[end:following]))
    return parts
