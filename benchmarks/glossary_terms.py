"""Whether prescribed terms stand in what would be published, over real engine output.

    python benchmarks/glossary_terms.py [--corpus ../shared/corpus] [--replay ../shared/tools/replay_mt.py]

The glossary is made from the names in the corpus: capitalised words inside Bulgarian sentences whose
transliteration an engine's answers hold, too. Half of them are prescribed as the engine says them, half
otherwise. Every sentence is an article; the raw answers are the recorded ones, and what the replay server says of
a bare term stands for the engine's own rendering. Floor: in every article that is not held each term is
rendered as prescribed. Also told: how many are held, how many had to be put right, and how often a form that
the glossary does not list, but the program found, was a false alarm (the reference lacks the name).
"""

import argparse
import html
import re
import sys
from collections import Counter
from pathlib import Path

from rapidfuzz import fuzz
from recorded import load_module

from syndicator.errors import TermMissingError
from syndicator.model import Article, Pair, Remembered
from syndicator.text.transliterate import transliterate
from syndicator.translation.glossary import Glossary, Term, stands_in
from syndicator.translation.inflection import Kind
from syndicator.translation.plan import Language, assemble, first_need, second_need
from syndicator.translation.segment import split

PAIR = Pair("bg", "en")
LIKE = 80  # a transliterated name and what the engine makes of it
_NAME = re.compile(r"(?<=[а-яa-z,] )[А-Я][а-я]{3,}(?![\w-])")
_LATIN_NAME = re.compile(r"[A-Z][a-z]{3,}")


def names(lines: list[str], answers: list[str]) -> dict[str, str]:
    """Return the Bulgarian names and what the engine calls each most often."""
    said: dict[str, Counter[str]] = {}
    for line, answer in zip(lines, answers, strict=True):
        for name in _NAME.findall(line):
            for latin in set(_LATIN_NAME.findall(answer)):
                if fuzz.ratio(transliterate(name).casefold(), latin.casefold()) >= LIKE:
                    said.setdefault(name, Counter())[latin] += 1
    return {name: counted.most_common(1)[0][0] for name, counted in said.items()}


def made(found: dict[str, str]) -> Glossary:
    """Prescribe every other name otherwise than the engine says it."""
    terms = []
    for number, (name, said) in enumerate(sorted(found.items())):
        rendering = said if number % 2 else f"{transliterate(name)}burgh"
        terms.append(Term({"bg": (name,)}, {"en": rendering}, list(Kind)[number % 4]))
    return Glossary(tuple(terms))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    options.add_argument("--replay", type=Path, default=Path("../shared/tools/replay_mt.py"))
    told = options.parse_args()
    lines = (told.corpus / "flores-dev.bg").read_text("utf-8").splitlines()
    reference = (told.corpus / "flores-dev.en").read_text("utf-8").splitlines()
    replay = load_module(told.replay)
    broken = 0
    for engine in ("google", "microsoft", "firefox"):
        text = (told.corpus / f"flores-dev.{engine}.en").read_text("utf-8")
        answers = [html.unescape(answer) for answer in text.splitlines()]
        found = names(lines, answers)
        broken += run(engine, lines, answers, made(found), replay)
        if engine == "google":
            false_alarms(lines, reference, found)
    print(f"terms not rendered as prescribed in published articles: {broken}, floor 0")
    return 1 if broken else 0


def run(engine: str, lines: list[str], answers: list[str], glossary: Glossary, replay: object) -> int:
    direction = Language(PAIR, glossary)
    wanted = published = mended = held = broken = 0
    for line, answer in zip(lines, answers, strict=True):
        article = Article(line, "", "", "bg", "")
        need = first_need(article, direction)
        if len(need.required) != 1:
            continue  # several sentences: which part of the answer is whose?
        (segment,) = need.required
        if len(split(answer)) != 1:
            continue
        terms = glossary.found(segment, ("bg", "en"))
        if not terms:
            continue
        wanted += len(terms)
        known = {segment: Remembered(answer, engine)}
        missing = second_need(article, direction, known).helpful
        known |= {bare: Remembered(replay.transliterate(bare), engine) for bare in missing}
        try:
            title = assemble(article, direction, known).title
        except TermMissingError:
            held += 1
            continue
        published += 1
        mended += bool(missing)
        broken += sum(not stands_in(rendering, title) for _, rendering in terms)
    print(
        f"{engine:>9}: {len(glossary.terms)} names, {wanted} times in {published + held} sentences;"
        f" put right in {mended}, held {held} ({held / max(1, published + held):.1%}), not as prescribed {broken}"
    )
    return broken


def false_alarms(lines: list[str], reference: list[str], found: dict[str, str]) -> None:
    """Tell how often forms that are not listed mean the name."""
    for kind in Kind:
        finds = wrong = 0
        for name, said in found.items():
            inflecting = Term({"bg": (name,)}, {"en": said}, kind)
            listed = Term({"bg": (name,)}, {"en": said}, kind, inflect=False)
            for line, meant in zip(lines, reference, strict=True):
                if name[:3] in line and inflecting.found_in(line, "bg") and not listed.found_in(line, "bg"):
                    finds += 1
                    wrong += fuzz.partial_ratio(said.casefold(), meant.casefold()) < LIKE
        print(
            f"{kind.value:>12}: {finds} finds of forms that are not listed, {wrong} without the name in English"
        )


if __name__ == "__main__":
    sys.exit(main())
