"""How well texts are cut into sentences: F1 over the ends inside a text.

    python benchmarks/segmentation.py [CORPUS_FOLDER]

Two measures: the hard cases of ``tests/translation/hard_sentences.txt`` (an end is where it has a bar), and,
where a corpus is given, its ``*.bg`` lines joined into paragraphs of five. There every line's end is an end.
Lines that hold several sentences have ends inside, too, that nobody marked; a cut inside a line is right where
a plain end (a lower-case word of four letters or more, a full stop, a capital) stands.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from syndicator.translation.segment import sentences

HARD = Path(__file__).parents[1] / "tests" / "translation" / "hard_sentences.txt"
PARAGRAPH = 5  # lines
FLOORS = {"corpus": 0.98, "hard cases": 0.97}
_PLAIN_END = re.compile(r"(?:[а-я]{4,}|[»“”\")]|\d{4,})[.!?…]+[»“”\")]*\s+(?=[„“\"«(–-]?\s?[А-ЯA-Z])")


@dataclass(slots=True)
class Score:
    """Ends found, missed and invented; the texts that went wrong."""

    right: int = 0
    missed: int = 0
    invented: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, text: str, ends: set[int]) -> None:
        """Cut a text and compare; ``ends`` are the offsets where its sentences end, but for the last."""
        found = {end for _, end in sentences(text)[:-1]}
        self.right += len(found & ends)
        self.missed += len(ends - found)
        self.invented += len(found - ends)
        if found != ends:
            self.wrong.append(text)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.missed + self.invented)


def joined(parts: list[str]) -> tuple[str, set[int]]:
    """Return the parts as one text, and where they end in it."""
    text, ends = "", set()
    for part in parts:
        text = f"{text} {part}" if text else part
        ends.add(len(text))
    return text, ends - {len(text)}


def hard_cases() -> Iterator[tuple[str, set[int]]]:
    """Yield each hard text with its ends."""
    for line in HARD.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield joined([part.strip() for part in line.split("|")])


def paragraphs(folder: Path) -> Iterator[tuple[str, set[int]]]:
    """Yield the corpus' lines as paragraphs, with the ends of lines and the plain ends inside them."""
    for path in sorted(folder.glob("*.bg")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        for at in range(0, len(lines), PARAGRAPH):
            text, ends = joined(lines[at : at + PARAGRAPH])
            yield text, ends | {len(text[: end.end()].rstrip()) for end in _PLAIN_END.finditer(text)}


def score(texts: Iterator[tuple[str, set[int]]]) -> Score:
    """Cut every text."""
    found = Score()
    for text, ends in texts:
        found.add(text, ends)
    return found


def main(arguments: list[str]) -> int:
    """Print the figures beside their floors; 1 where one is missed."""
    scores = {"hard cases": score(hard_cases())}
    if arguments:
        scores["corpus"] = score(paragraphs(Path(arguments[0])))
    for name, found in scores.items():
        print(
            f"{name:12} F1 {found.f1:.4f} (floor {FLOORS[name]})  right {found.right},"
            f" missed {found.missed}, invented {found.invented}"
        )
        for text in found.wrong[:20] if "-v" in sys.argv or name == "hard cases" else ():
            print("   ", text)
    return int(any(found.f1 < FLOORS[name] for name, found in scores.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
