"""Measures extraction on pages in the manner of Bulgarian content management systems, with no site rules.

``python benchmarks/extraction.py``. The pages are those of tests/extract/corpus, whose texts stand beside them;
F1 is that of the bags of words.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

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


def main() -> int:
    """Print each page's F1, the worst first, and the mean; exit with 1 below the floor."""
    pages = corpus()
    scores = pages.scores()
    for name in sorted(scores, key=scores.__getitem__):
        has_rules = (pages.CORPUS / f"{name}.rules.yaml").exists()
        print(f"  {scores[name]:.4f}  {name}{'  (rules beside it)' if has_rules else ''}")
    mean = sum(scores.values()) / len(scores)
    titles = sum(pages.found(name)[0] == pages.expected(name)[0] for name in scores)
    clean = sum(score == 1 for score in scores.values())
    print(f"{len(scores)} pages: F1 {mean:.4f} (floor {pages.FLOOR}); {clean} clean; {titles} titles right")
    return 0 if mean >= pages.FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
