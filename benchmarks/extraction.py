"""Measures extraction on pages in the manner of Bulgarian content management systems, with no site rules.

``python benchmarks/extraction.py``. The texts and templates are those of tests/extract/test_page_templates.py;
F1 is that of the bags of words.
"""

import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

from syndicator.text.html import plain_text

FLOOR = 0.98
_TEMPLATES = Path(__file__).parents[1] / "tests" / "extract" / "test_page_templates.py"


def made_pages() -> ModuleType:
    """Return the module with the samples and templates."""
    spec = importlib.util.spec_from_file_location("made_pages", _TEMPLATES)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_TEMPLATES)
    module = importlib.util.module_from_spec(spec)
    sys.modules["made_pages"] = module
    spec.loader.exec_module(module)
    return module


def words(text: str) -> Counter[str]:
    """Return the words of a text and how often each stands there."""
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(found: Counter[str], wanted: Counter[str]) -> float:
    """Return the harmonic mean of precision and recall of words."""
    common = sum((found & wanted).values())
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


def main() -> int:
    """Print the mean F1 and the worst pages; exit with 1 below the floor."""
    made = made_pages()
    scores = []
    for sample in made.SAMPLES:
        wanted = words(plain_text("".join(sample.blocks)))
        for name, template in made.TEMPLATES.items():
            article = made.read(template(sample.title, "".join(sample.blocks)), "utf-8")
            scores.append((f1(words(plain_text(article.body)), wanted), f"{sample.name}, {name}"))
    mean = sum(score for score, _ in scores) / len(scores)
    print(f"{len(scores)} pages, F1 {mean:.4f} (floor {FLOOR})")
    for score, name in sorted(scores)[:5]:
        print(f"  {score:.4f}  {name}")
    return 0 if mean >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
