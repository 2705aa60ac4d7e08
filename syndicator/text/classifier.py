"""Which language a text is in, by its letters: py3langid, loaded once and only when somebody is unsure.

The model takes a second of work and some 100 MB, so there is one for all questions.
"""

from collections.abc import Collection
from functools import cache
from operator import itemgetter
from typing import Any


@cache
def _model() -> Any:  # noqa: ANN401 - the package has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def knows(language: str) -> bool:
    """Whether the classifier has learnt a language."""
    return language in _model().labels


def likeliest(text: str, among: Collection[str] = ()) -> tuple[str, float]:
    """Return the likeliest language of a text and its probability, among some languages or all known ones.

    Languages that are not known do not count; of none, the answer is ``("", 0)``.
    """
    ranked = [
        (str(code), float(score)) for code, score in _model().rank(text) if not among or str(code) in among
    ]
    if not ranked:
        return "", 0.0
    code, score = max(ranked, key=itemgetter(1))
    total = sum(each for _, each in ranked)
    return code, score / total if total else 0.0
