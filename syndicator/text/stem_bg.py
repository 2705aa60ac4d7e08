"""Tells whether two Bulgarian words are forms of one word: a light stemmer for keyword filters.

It knows the endings of nouns and adjectives (definite articles, plurals, genders) and the sounds that change
before them. It knows no verbs, and takes no derivation away: „общински“ is no form of „община“.
"""

import re
from functools import lru_cache

SHORTEST_STEM = 3  # letters
LONGEST_ACRONYM = 5  # letters: a shorter word all in capitals („НАТО“) has no endings

_CYRILLIC_WORD = re.compile(r"[а-яѝ]+")
_VOWELS = "аеиоуъюяй"  # „й“ too: „музей“, „музеи“
# An article after these letters is one; in „работа“ or „карта“ the same letters belong to the word.
_ARTICLE = re.compile(r"(?<=[ая])та$|(?<=[тщ])та$|(?<=[ое])то$|(?<=[еи])те$|(?<=.{3})[ъя]т$")
_LONG_PLURAL = re.compile(r"(?<=.{3})[ое]ве$")
_FLEETING = re.compile(r"(?<=.{2})ъ(?=[рлмнк]$)|(?<=.{2})(?<=[^аеиоуъюя])е(?=[нлцк]$)")
_FLEETING_AFTER_VOWEL = re.compile(r"(?<=[аеиоу])е(?=[нц]$)")
_ONE_OF_A_PEOPLE = re.compile(r"(?<=.{2})([аъ][нр])ин$|(?<=.{3})([ая]р)ин$")
_SOFTENED = str.maketrans("цзс", "кгх")  # „понеделник“, „понеделници“; „еколог“, „еколози“
_IRREGULAR = {"дни": "ден", "деца": "дете", "хора": "човек", "очи": "око", "уши": "ухо", "места": "място"}


def same_word(word: str, wanted: str) -> bool:
    """Whether a word of a text is a form of a wanted one; case does not count.

    Latin words, numbers and acronyms (a wanted word all in capitals) are compared as they are.
    """
    if word.casefold() == wanted.casefold():
        return True
    if wanted.isupper() and len(wanted) <= LONGEST_ACRONYM:
        return False
    return not stems(word).isdisjoint(stems(wanted))


def stems(word: str) -> frozenset[str]:
    """Return what remains of a word without its endings.

    Two possibilities where an ending may be an article or belong to the word („заплата“); the word itself in
    small letters where it is not Bulgarian.
    """
    return _stems(word.casefold())


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    if not _CYRILLIC_WORD.fullmatch(word):
        return frozenset({word})
    without_article = _ARTICLE.sub("", word)
    possible = {word} if len(without_article) < SHORTEST_STEM else {word, without_article}
    return frozenset(_stem(_IRREGULAR.get(one, one)) for one in possible)


def _stem(word: str) -> str:
    word = _LONG_PLURAL.sub("", word)
    while len(word) > SHORTEST_STEM and word[-1] in _VOWELS:
        word = word[:-1]
    word = _ONE_OF_A_PEOPLE.sub(lambda match: match[1] or match[2], word)
    if len(word) > SHORTEST_STEM:
        word = _FLEETING.sub("", _FLEETING_AFTER_VOWEL.sub("й", word))
    if len(word) > SHORTEST_STEM and (word[-1] == "ц" or len(word) > SHORTEST_STEM + 1):
        word = word[:-1] + word[-1].translate(_SOFTENED)
    return word
