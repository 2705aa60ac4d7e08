"""On which words an element lands in a real engine's translation.

    python benchmarks/inline_spans.py MODEL_FOLDER [--json]

MODEL_FOLDER holds an English→Portuguese model as its publisher names the files (``model.*``, ``vocab.*``,
``lex.*``). Every sentence of ``spans.en.txt`` (the element's words in brackets) is translated plainly; then
its span is looked for as the program does it: by the span's own translation, by a probe, roughly. Which words
are right was judged by hand for the sentences in ``tests/translation/judged_spans.json``; ``--json`` prints
the answers in that file's form, with the words found in place of the right ones.
"""

import json
import sys
from pathlib import Path

from fxtranslate import Translator

from syndicator.translation import inline
from syndicator.translation.inline import Place

SPANS = Path(__file__).with_name("spans.en.txt")
JUDGED = Path(__file__).parents[1] / "tests" / "translation" / "judged_spans.json"


def marked(line: str) -> tuple[str, Place]:
    """Return a sentence without its brackets, and the place they held."""
    start, end = line.index("["), line.index("]") - 1
    return line.replace("[", "").replace("]", ""), Place(start, end)


def locate(case: dict[str, str]) -> str:
    """Return the words that the span of a case lands on; ``""`` where it is not found."""
    start = case["source"].index(case["span"])
    at = Place(start, start + len(case["span"]))
    found = (
        inline.find_alone(case["alone"], case["source"], at, case["target"])
        or inline.find_probed(case["probed"], case["target"], inline.count_words(case["alone"]))
        or inline.find_alone(case["alone"], case["source"], at, case["target"], least=inline.ROUGH)
    )
    return case["target"][found.start : found.end] if found else ""


def translator(folder: Path) -> Translator:
    """Load a model from its files."""
    model, vocabulary, shortlist = (
        next(folder.glob(f"{name}.*")).read_bytes() for name in ("model", "vocab", "lex")
    )
    return Translator(model, vocabulary, vocabulary, shortlist)


def main(arguments: list[str]) -> int:
    """Print how many spans were found, and how many of the judged ones rightly."""
    if not arguments:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    engine = translator(Path(arguments[0]))
    cases = []
    for line in SPANS.read_text("utf-8").splitlines():
        source, at = marked(line)
        span = source[at.start : at.end]
        case = {"source": source, "span": span, "target": engine.translate(source)}
        case |= {"alone": engine.translate(span), "probed": engine.translate(inline.probe(source, at))}
        case["right"] = locate(case)
        cases.append(case)
    if "--json" in arguments:
        print(json.dumps(cases, ensure_ascii=False, indent=1))
        return 0
    judged = {case["source"]: case["right"] for case in json.loads(JUDGED.read_text("utf-8"))}
    known = [case for case in cases if case["source"] in judged]
    right = sum(case["right"] == judged[case["source"]] for case in known)
    placed = sum(bool(case["right"]) for case in cases)
    print(f"placed {placed} of {len(cases)}; on the right words {right} of {len(known)} judged (floor 85 %)")
    return int(right < 0.85 * len(known))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
