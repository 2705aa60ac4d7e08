"""Cyrillic in Latin letters, by the Bulgarian Transliteration Act (State Gazette 19/2009).

Letters that Bulgarian lacks are written as is customary for Russian, Ukrainian, Serbian and Macedonian
names, in ASCII, so that no Cyrillic is ever left over.
"""

import re
import unicodedata

_BULGARIAN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
}  # fmt: skip
_OTHERS = {
    "ё": "yo", "ы": "y", "э": "e",  # Russian
    "ґ": "g", "є": "ye", "і": "i", "ї": "yi", "ў": "u",  # Ukrainian, Belarusian
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",  # Serbian
    "ѓ": "gj", "ѕ": "dz", "ќ": "kj",  # Macedonian
    "ѐ": "e", "ѝ": "i",  # stressed, to tell words apart
    "ѣ": "e", "ѫ": "a", "ѭ": "ya", "ѧ": "e", "ѩ": "ye", "ѳ": "f", "ѵ": "i", "ѡ": "o",  # before 1945 and older
}  # fmt: skip
_LETTERS = _BULGARIAN | _OTHERS

_CYRILLIC = (
    r"\u0400-\u052F\u1C80-\u1C8F\u1D2B\u1D78\u2DE0-\u2DFF\uA640-\uA69F\uFE2E\uFE2F\U0001E030-\U0001E08F"
)
_ANY_CYRILLIC = re.compile(f"[{_CYRILLIC}]")
_WORD = re.compile(f"[{_CYRILLIC}\u0300-\u036f]+")

# The one name that the Act exempts from ъ → a.
_SETTLED = {"българия": "bulgaria"}


def has_cyrillic(text: str) -> bool:
    """Whether a text holds any Cyrillic character."""
    return _ANY_CYRILLIC.search(text) is not None


def transliterate(text: str) -> str:
    """Return a text with every Cyrillic letter written in Latin ones; everything else stays.

    Capitals follow the word: ``ЩЕРЕВ`` → ``SHTEREV``, ``Щерев`` → ``Shterev``. A final ``-ия`` is ``-ia``,
    as the Act has it.
    """
    if not has_cyrillic(text):
        return text
    return _WORD.sub(lambda match: _word(match.group()), unicodedata.normalize("NFC", text))


def _word(word: str) -> str:
    settled = _SETTLED.get(word.lower())
    if settled:
        return _with_capitals_of(word, settled)
    latin = [_letter(word, index) for index in range(len(word))]
    if word.lower().endswith("ия"):
        latin[-1] = "A" if word[-1].isupper() else "a"
    return "".join(latin)


def _with_capitals_of(word: str, latin: str) -> str:
    if word.isupper():
        return latin.upper()
    return latin.capitalize() if word[0].isupper() else latin


def _letter(word: str, index: int) -> str:
    """Return one letter of a word in Latin, in the case that its neighbours ask for."""
    char = word[index]
    latin = _LETTERS.get(char.lower())
    if latin is None:
        latin = _named(char) if _ANY_CYRILLIC.match(char) else char
    if not char.isupper():
        return latin
    neighbour = word[index + 1 : index + 2] or (word[index - 1] if index else "")
    return latin.upper() if neighbour.isupper() else latin.capitalize()


def _named(char: str) -> str:
    """Return the sound that Unicode's own name gives a rare letter: CYRILLIC SMALL LETTER SCHWA → schwa."""
    if not char.isalpha():
        return ""
    name = unicodedata.name(char, "").partition(" WITH ")[0]
    return name.rpartition(" ")[2].lower() if " LETTER " in name else ""
