"""The forms in which a Bulgarian term or name may stand in a text, beside those that a glossary lists.

A form that is no word costs nothing, one that is another word is a false alarm; so of each kind of entry only
those forms are made that it usually takes (L. Andreychin, Basic Bulgarian Grammar, on the definite article,
the plural and the vocative):

=============  =====================================================================================
term           definite and plural, of adjective and noun together: "селските райони"
organisation   definite, on the first word: "Агенцията за развитие", and back from a definite one
place          definite, on the first of several words: "Черното море"
person         the vocative of a first name: "Иване"
=============  =====================================================================================
"""

from collections.abc import Iterator
from enum import StrEnum

SHORTEST = 4  # letters of a word that is inflected: short ones become other words


class Kind(StrEnum):
    """What a glossary entry names."""

    TERM = "term"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"


def inflected(form: str, kind: Kind) -> tuple[str, ...]:
    """Return further forms of a Bulgarian form, without itself; none for abbreviations."""
    words = form.split()
    if not words or form.isupper():
        return ()
    return tuple(dict.fromkeys(made for made in _made(words, kind) if made != form))


def _made(words: list[str], kind: Kind) -> Iterator[str]:
    first, rest = words[0], words[1:]
    if len(first) < SHORTEST or not first.isalpha():
        return
    if kind is Kind.PERSON:
        yield from (_joined(one, rest) for one in _vocatives(first))
        return
    if kind is Kind.PLACE and not rest:
        return
    for one in (*_definite(first), *_indefinite(first, bool(rest))):
        yield _joined(one, rest)
    if kind is not Kind.TERM or len(rest) > 1:
        return
    if not rest:
        yield from _plurals(first)
    elif len(rest[0]) >= SHORTEST and rest[0].isalpha():
        for adjective in _plural_adjectives(first):
            yield from (f"{adjective} {noun}" for noun in _bare_plurals(rest[0]))


def _joined(first: str, rest: list[str]) -> str:
    return " ".join((first, *rest))


def _definite(word: str) -> tuple[str, ...]:
    if word.endswith(("ата", "ята", "ото", "ето", "ите", "ият", "ът")):
        return ()  # it is definite
    if word.endswith(("а", "я")):
        return (f"{word}та",)
    if word.endswith(("о", "е")):
        return (f"{word}то",)
    if word.endswith("и"):
        return (f"{word}ят", f"{word}я", f"{word}те")  # "Европейски", "Съединени"
    if word.endswith("й"):
        return (f"{word[:-1]}ят", f"{word[:-1]}я")
    if word.endswith("тел"):
        return (f"{word}ят", f"{word}я")
    if word.endswith(("ст", "щ")):
        return (f"{word}та", f"{word}ът", f"{word}а")  # "област", "мост"
    return (f"{word}ът", f"{word}а") if word[-1] not in "уюьъ" else ()


def _indefinite(word: str, has_more: bool) -> tuple[str, ...]:
    """Take the article off the first of several words; of a single one it may be the ending of a name."""
    if not has_more or len(word) < SHORTEST + 3:
        return ()
    if word.endswith(("ата", "ята", "ото", "ето", "ите")):
        return (word[:-2],)
    return (word[:-2],) if word.endswith(("ият", "ът")) else ()


def _plurals(noun: str) -> Iterator[str]:
    for plural in _bare_plurals(noun):
        yield plural
        yield f"{plural}{'та' if plural.endswith(('а', 'я')) else 'те'}"


def _bare_plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith("ие"):
        return (f"{noun[:-1]}я",)
    if noun.endswith("ище"):
        return (f"{noun[:-1]}а",)
    if noun.endswith("о"):
        return (f"{noun[:-1]}а",)
    if noun.endswith(("а", "я")):
        return (f"{noun[:-1]}и",)
    if noun.endswith("ец"):
        return (f"{noun[:-2]}ци",)
    if noun.endswith("к"):
        return (f"{noun[:-1]}ци",)
    if noun.endswith("й"):
        return (f"{noun[:-1]}и",)
    return (f"{noun}и", f"{noun}ове") if noun[-1] not in "еиуюьъ" else ()


def _plural_adjectives(word: str) -> tuple[str, ...]:
    if word.endswith("и"):
        return (word, f"{word}те")
    if word.endswith(("а", "о")):
        return (f"{word[:-1]}и", f"{word[:-1]}ите")
    if word.endswith("ен"):
        return (f"{word[:-2]}ни", f"{word[:-2]}ните")
    return (f"{word}и", f"{word}ите") if word.endswith(("ов", "ев", "ин")) else ()


def _vocatives(name: str) -> tuple[str, ...]:
    if name.endswith("ия"):
        return (f"{name[:-1]}йо", f"{name[:-1]}о")
    if name.endswith("а"):
        return (f"{name[:-1]}о",)
    if name.endswith("ър"):
        return (f"{name[:-2]}ре",)
    if name.endswith("й"):
        return (f"{name[:-1]}ю",)
    return (f"{name}е",) if name[-1] not in "еиоуюяьъ" else ()
