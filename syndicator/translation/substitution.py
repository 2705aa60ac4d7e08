"""Derives a translation from one that differs in numerals only: "на 23 март" from "на 24 март".

A derived answer is worth having only where it is certain. So every numeral that changes has to stand exactly
once on each side, in the same written form, and nothing around it may depend on its value: no plural that
one of the two would ask for and the other not, no article that elides before eight, no ordinal's ending, no
twelve-hour clock. Where anything is open the answer is None, and the engine is asked.
"""

import re
from collections import Counter
from collections.abc import Sequence

# Target languages that tell one from all other numbers and have no further forms (CLDR plural rules). Where
# there are more, as in Polish or Slovenian, only the engine knows which one a number takes.
ONE_AND_OTHER = frozenset("bg ca da de el en es et fi fr gl hu it nb nl no pt sv tr".split())
PLACEHOLDER = "#"

_RUN = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
# What joins two runs to one written number, date or time; grouping blanks included.
_JOINED = re.compile(r"\d[.,:/\u00a0\u202f ]$")
_MONTHS = re.compile(
    r"\s(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(r"[./]\d\d?[./]\d\d")
_HALF_OF_DAY = re.compile(r"(?:[:.]\d\d)?\s?[ap]\.?\s?m\b", re.IGNORECASE)
_INDEFINITE = re.compile(r"\ban?\s$", re.IGNORECASE)
_BEFORE_VOWELS = re.compile(
    r"(?:['’]|\b(?:il|lo|la|i|gli|le|un|uno|una|del|dello|della|dei|degli|delle|al|allo|alla|ai|agli|alle|dal"
    r"|dallo|dalla|dai|dagli|dalle|nel|nello|nella|nei|negli|nelle|sul|sullo|sulla|sui|sugli|sulle|o|e|y|u"
    r"|de|le|les)\s)$",
    re.IGNORECASE,
)


def masked(segment: str) -> str:
    """Return a normalised segment with a placeholder for every numeral; ``""`` where it has none.

    A segment without a word beside its numerals has none, either: "25" says nothing of "26".
    """
    if not _LETTER.search(segment) or not _RUN.search(segment):
        return ""
    return _RUN.sub(PLACEHOLDER, segment.replace(PLACEHOLDER, " "))


def substitute(wanted: str, known: str, answer: str, target_language: str) -> str | None:
    """Return the translation of ``wanted``, which differs in numerals only from ``known``.

    ``answer`` is the translation of ``known``. None where the result would not be certain.
    """
    if target_language not in ONE_AND_OTHER or masked(wanted) != masked(known) or not masked(known):
        return None
    old, new = list(_RUN.finditer(known)), list(_RUN.finditer(wanted))
    there = {match.group(): match for match in _RUN.finditer(answer)}
    if Counter(match.group() for match in old) != Counter(match.group() for match in _RUN.finditer(answer)):
        return None  # a number in words, a month in figures: what stands for what is a guess
    changes: dict[str, str] = {}
    for before, after in zip(old, new, strict=True):
        if before.group() == after.group():
            continue
        match = there[before.group()]
        if not (
            _stands_once(before.group(), old)
            and _same_form(known, before, after.group())
            and _same_plural(known, before, after.group(), target_language)
            and _indifferent(answer, match, after.group(), target_language)
        ):
            return None
        changes[before.group()] = after.group()
    return _RUN.sub(lambda match: changes.get(match.group(), match.group()), answer) if changes else None


def _stands_once(run: str, among: Sequence[re.Match[str]]) -> bool:
    return sum(match.group() == run for match in among) == 1


def _same_form(text: str, before: re.Match[str], after: str) -> bool:
    """Whether the new digits are written as the old ones were: the same grouping, decimals and zeros."""
    old = before.group()
    if _JOINED.search(text[: before.start()]):
        return len(old) == len(after)  # minutes, decimals, the month of a date, the end of "1 000"
    if old.startswith("0") != after.startswith("0") and len(old) != len(after):
        return False  # "05" is no "5"
    # Four digits and more are grouped in some languages and not in others.
    return len(old) == len(after) or max(len(old), len(after)) <= 3


def _same_plural(text: str, before: re.Match[str], after: str, language: str) -> bool:
    """Whether both numbers ask for the same form of what they count; days of a month count nothing."""
    rest = text[before.end() :]
    if _MONTHS.match(rest) or _DATE_AFTER.match(rest):
        return True
    return _is_one(before.group(), language) == _is_one(after, language)


def _is_one(run: str, language: str) -> bool:
    # French and Portuguese count nothing, too, in the singular.
    return int(run) == 1 or (int(run) == 0 and language in ("fr", "pt"))


def _indifferent(answer: str, at: re.Match[str], after: str, language: str) -> bool:
    """Whether the words around a number in the answer do not depend on its value."""
    before, rest = answer[: at.start()], answer[at.end() :]
    if _LETTER.match(rest) or (before and _LETTER.match(before[-1])):
        return False  # 23rd, 1º, A4
    if re.match(r"[-'’‑][^\W\d_]{1,3}\b", rest):
        return False  # 23-ти
    if _HALF_OF_DAY.match(rest):
        return False
    changes_sound = _sounds_like_a_vowel(at.group()) != _sounds_like_a_vowel(after)
    if language == "en":
        return not (changes_sound and _INDEFINITE.search(before))
    return not (changes_sound and _BEFORE_VOWELS.search(before))


def _sounds_like_a_vowel(run: str) -> bool:
    """Whether the number's word begins with a vowel in one of our languages: 1, 8…, 11, 18."""
    digits = run.lstrip("0")
    return (
        digits.startswith("8")
        or digits in ("1", "11", "18")
        or (digits[:2] in ("11", "18") and len(digits) == 5)
    )
