"""What a faulty engine would bring before readers: injected faults sent through the real chain.

    python benchmarks/check_faults.py CORPUS_FOLDER [NUMBER]

For every recorded engine and pair of the corpus (see ``check_rates.py``) and every fault, NUMBER (200) lines
are asked of a chain with one engine that makes the fault, three cycles long:

- **repeats**: it makes the same fault every time, and there is no other engine. The hardest case: a doubtful
  answer that comes again stands with a warning.
- **slips**: it makes the fault once, and then answers well.

Counted is what would be published, not what a check remarked on. The last table shows what the same checks
say of the answers as they are.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from check_rates import FAULTS, Recording, _first_half, false_alarms, read, recordings

from syndicator.engines.chain import Chain
from syndicator.engines.supervised import SupervisedEngine
from syndicator.model import Pair
from syndicator.store.database import Database
from syndicator.store.store import SqlLedger, SqlMemory
from syndicator.text.transliterate import transliterate
from syndicator.translation.check import Severity
from syndicator.translation.protect import mask

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
CYCLES = 3
ADDRESS = "https://example.bg/novini/{}.html"
CUT_FROM = 60  # characters
Spoil = Callable[[str, str, int], str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One question, its good answer and its spoilt one."""

    source: str
    good: str
    spoilt: str


@dataclass(slots=True)
class Faulty:
    """An engine that spoils every answer, or only its first one to each text."""

    cases: Mapping[str, Case]
    slips: bool
    asked: set[str] = field(default_factory=set)

    id, local, max_characters, max_texts = "faulty", True, 100_000, 500

    def size(self, text: str) -> int:
        """Return the length of a text."""
        return len(text)

    def supports(self, _pair: Pair) -> bool:
        """Take any pair."""
        return True

    def translate(self, texts: Sequence[str], _pair: Pair) -> list[str]:
        """Answer each text."""
        return [self._answer(text) for text in texts]

    def _answer(self, text: str) -> str:
        case = self.cases[text]
        good = self.slips and text in self.asked
        self.asked.add(text)
        said = case.good if good else case.spoilt
        for token, original in mask(case.source).tokens if text != case.source else ():
            said = said.replace(original, token)
        return said


def cases_of(recording: Recording, spoil: Spoil, number: int, address: bool) -> list[Case]:
    """Return the lines that the fault can be put in, evenly spread."""
    found: dict[str, Case] = {}
    for index, (source, answer) in enumerate(recording.lines):
        asked, good = (f"{text} {ADDRESS.format(index)}" if address else text for text in (source, answer))
        spoilt = spoil(asked, good, index)
        if spoilt is not None and spoilt != good:
            found[asked] = Case(asked, good, spoilt)
    cases = list(found.values())
    step = max(1, len(cases) // number)
    return cases[::step][:number]


def published(cases: Sequence[Case], pair: tuple[str, str], *, slips: bool) -> int:
    """Return how many of the spoilt answers would reach readers."""
    asked = {text: case for case in cases for text in (case.source, mask(case.source).text)}
    engine = Faulty(asked, slips)
    with tempfile.TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/s.db") as database:
        memory, ledger = SqlMemory(database, "one", NOW), SqlLedger(database, NOW)
        for _ in range(CYCLES):
            chain = Chain([SupervisedEngine(engine, ledger, NOW)], memory)
            known = chain.translate(Pair(*pair), [case.source for case in cases]).known
    return sum(case.source in known and known[case.source].text == case.spoilt for case in cases)


def _cut(source: str, answer: str, _index: int) -> str | None:
    """Cut at a word's end after three quarters, as an engine that spent its tokens does."""
    if len(answer) < CUT_FROM or not source.rstrip().endswith((".", "!", "?", "“")):
        return None
    return answer[: len(answer) * 3 // 4].rpartition(" ")[0]


def _half_ended(source: str, answer: str, index: int) -> str | None:
    half = _first_half(source, answer, index)
    return half and f"{half.rstrip(' ,;:–-.')}."


def _other_language(recording: Recording) -> Spoil:
    return lambda source, answer, _index: recording.other[source] if len(answer.split()) >= 6 else None


def faults(recording: Recording) -> dict[str, Spoil]:
    """Return the faults by name."""
    found: dict[str, Spoil] = {
        name: FAULTS[name]
        for name in ("echo", "empty", "half a sentence", "three words again and again", "all of it twice")
    }
    if recording.pair[0] == "bg":
        found["transliterated"] = lambda source, _answer, _index: transliterate(source)
    found["half a sentence, with a full stop"] = _half_ended
    found["cut to 75 %"] = _cut
    found["error page"] = FAULTS["error page"]
    found["another language"] = _other_language(recording)
    found["no number"] = FAULTS["no number"]
    found["another digit"] = FAULTS["another digit"]
    found["no address"] = lambda _source, answer, _index: answer.rpartition(" ")[0]
    return found


def main(arguments: list[str]) -> int:
    """Print the tables."""
    if not arguments or not Path(arguments[0]).is_dir():
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    number = int(arguments[1]) if len(arguments) > 1 else 200
    folder = Path(arguments[0])
    found = list(recordings(folder))
    for recording in found:
        print(f"{recording.engine} {'→'.join(recording.pair)}: kept from readers")
        print(f"  {'':36}{'cases':>6}{'repeats':>10}{'slips':>10}")
        for name, spoil in faults(recording).items():
            cases = cases_of(recording, spoil, number, name == "no address")
            shares = [
                1 - published(cases, recording.pair, slips=slips) / max(1, len(cases))
                for slips in (False, True)
            ]
            print(f"  {name:36}{len(cases):6}{shares[0]:10.1%}{shares[1]:10.1%}")
    print("the answers as they are")
    print(f"  {'':36}{'judged':>6}{'refused':>10}{'≥ doubt':>10}{'≥ warn':>10}")
    judged = refused = 0
    for recording in [*found, *references(folder)]:
        rates = false_alarms(recording)
        judged += rates.judged
        refused += round(rates.share(Severity.REFUSE) * rates.judged)
        name = f"{recording.engine} {'→'.join(recording.pair)}"
        shares = [rates.share(weight) for weight in (Severity.REFUSE, Severity.DOUBT, Severity.WARN)]
        print(f"  {name:36}{rates.judged:6}" + "".join(f"{share:10.2%}" for share in shares))
    print(f"  {'all':36}{judged:6}{refused / judged:10.3%}   (floor: 0.05 % refused, 3 % warned)")
    return 0


def references(folder: Path) -> list[Recording]:
    """Return the translations made by people; freer than any engine's."""
    found = []
    for source_file in sorted(folder.glob("*.bg")):
        stem = source_file.name.removesuffix(".bg")
        lines = {code: read(folder / f"{stem}.{code}") for code in ("bg", "en", "it")}
        for pair in (("bg", "en"), ("bg", "it"), ("en", "it")):
            both = tuple(zip(lines[pair[0]], lines[pair[1]], strict=True))
            found.append(Recording("people", pair, both, {}))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
