"""Puts a prescribed rendering among the words of a translation, so that articles before it fit.

"the agency" becomes "SZREDA", not "the SZREDA": an abbreviation for a name needs no article, and one that the
rendering brings along is not doubled. Other renderings keep the article, in the form that they ask for.
"""

import re
from collections.abc import Iterable

ARTICLE = re.compile(r"^(?:(?:the|an?|il|lo|la|i|gli|le|un|una|uno)\s+|(?:l|un)['’])", re.IGNORECASE)

FITTED = frozenset({"en", "it"})
"""The languages whose articles are made to fit."""

_ENGLISH_ARTICLE = re.compile(r"(?<!\w)(the|an?)\s$", re.IGNORECASE)
_ITALIAN_ARTICLE = re.compile(r"(?<!\w)(il|lo|la|i|gli|le)\s$|(?<!\w)(l)['’]$", re.IGNORECASE)
_ITALIAN_JOINED = re.compile(
    r"(?<!\w)(?:(de|a|da|ne|su)(?:l|llo|lla|i|gli|lle)\s|(de|a|da|ne|su)ll['’])$", re.IGNORECASE
)
_PREPOSITIONS = {"de": "di", "a": "a", "da": "da", "ne": "in", "su": "su"}
_VOWELS = "aeiouAEIOUàèéìòù"


def in_their_places(places: Iterable[tuple[int, int, str]], target: str, language: str) -> str:
    """Return the target with other words in some places: (start, end, words), in order, none overlapping."""
    made, at = "", 0
    for start, end, prescribed in places:
        before = made + target[at:start]
        words = prescribed
        if not before and target[start].isupper():
            words = prescribed[0].upper() + prescribed[1:]  # it begins the sentence
        made = _fitted(before, words, language) + words
        if not _WORD_BEFORE.search(before) and made[:1].islower() and target[:1].isupper():
            made = made[0].upper() + made[1:]
        at = end
    return made + target[at:]


_WORD_BEFORE = re.compile(r"\w")


def _fitted(before: str, words: str, language: str) -> str:
    """Return what stands before the prescribed words with an article that fits them, or none."""
    if language == "en":
        return _fitted_english(before, words)
    return _fitted_italian(before, words) if language == "it" else before


def _fitted_english(before: str, words: str) -> str:
    found = _ENGLISH_ARTICLE.search(before)
    if not found:
        return before
    if ARTICLE.match(words) or (found[1].lower() == "the" and _is_abbreviation(words)):
        return before[: found.start()]
    if found[1].lower() == "the":
        return before
    article = "an" if words[0] in _VOWELS else "a"
    if _is_abbreviation(words):
        article = found[1].lower()  # "an SME": how its letters are read decides
    capital = found[1][0].isupper()
    return f"{before[: found.start()]}{article.capitalize() if capital else article} "


def _fitted_italian(before: str, words: str) -> str:
    brings_its_own = bool(ARTICLE.match(words))
    bare = brings_its_own or _is_abbreviation(words)
    if found := _ITALIAN_JOINED.search(before):
        elided = found[2] is not None
        stem = (found[1] or found[2]).lower()
        if bare:
            return before[: found.start()] + _as(found.group(), _PREPOSITIONS[stem]) + " "
        if elided and words[0] not in _VOWELS:
            joined = f"{stem}{'lla' if _looks_feminine(words) else 'l'}"
            return before[: found.start()] + _as(found.group(), joined) + " "
        return before
    found = _ITALIAN_ARTICLE.search(before)
    if not found:
        return before
    if bare:
        return before[: found.start()]
    if found[2] and words[0] not in _VOWELS:
        return before[: found.start()] + _as(found.group(), "la" if _looks_feminine(words) else "il") + " "
    return before


def _is_abbreviation(words: str) -> bool:
    return words.isupper() and " " not in words


def _looks_feminine(words: str) -> bool:
    return words.split(maxsplit=1)[0].endswith("a")


def _as(was: str, word: str) -> str:
    return word.capitalize() if was[0].isupper() else word
