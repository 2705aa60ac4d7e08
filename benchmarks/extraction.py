"""Measures extraction on pages in the manner of Bulgarian content management systems, with no site rules.

``python benchmarks/extraction.py``. The pages are those of tests/extract/corpus, whose texts stand beside them;
F1 is that of the bags of words. Stock trafilatura reads the same pages in turns, for the CPU times.
"""

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import trafilatura

MOST_CPU = 2.0  # of ours in terms of stock trafilatura's, per page
ROUNDS = 5  # of which the first is not counted: modules are imported, lists of words read
_TESTS = Path(__file__).parents[1] / "tests" / "extract" / "test_corpus.py"


def corpus() -> ModuleType:
    """Return the module that reads the corpus."""
    spec = importlib.util.spec_from_file_location("corpus", _TESTS)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_TESTS)
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus"] = module
    spec.loader.exec_module(module)
    return module


def cpu_ratio(pages: ModuleType, names: list[str]) -> float:
    """Return the CPU time that we take to read pages, in terms of stock trafilatura's."""
    ours = stock = 0.0
    for number in range(ROUNDS):
        for name in names:
            body = (pages.CORPUS / f"{name}.html").read_bytes()
            start = time.process_time()
            pages.found(name)
            between = time.process_time()
            trafilatura.extract(body, include_comments=False, include_tables=True)
            if number:
                ours += between - start
                stock += time.process_time() - between
    return ours / stock


def main() -> int:
    """Print each page's F1, the worst first, and the mean; exit with 1 below the floor or where we are slow."""
    pages = corpus()
    scores = pages.scores()
    for name in sorted(scores, key=scores.__getitem__):
        has_rules = (pages.CORPUS / f"{name}.rules.yaml").exists()
        print(f"  {scores[name]:.4f}  {name}{'  (rules beside it)' if has_rules else ''}")
    mean = sum(scores.values()) / len(scores)
    titles = sum(pages.found(name)[0] == pages.expected(name)[0] for name in scores)
    clean = sum(score == 1 for score in scores.values())
    print(f"{len(scores)} pages: F1 {mean:.4f} (floor {pages.FLOOR}); {clean} clean; {titles} titles right")
    ratio = cpu_ratio(pages, sorted(scores))
    print(f"CPU, ours to stock {ratio:.2f} (at most {MOST_CPU})")
    return 0 if mean >= pages.FLOOR and ratio <= MOST_CPU else 1


if __name__ == "__main__":
    sys.exit(main())
