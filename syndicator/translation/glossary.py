"""Terms with a prescribed rendering: found in the source, enforced in the translation.

An engine's raw answer is what the memory keeps; the glossary is applied to it afterwards, so that a changed
term buys nothing again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

_ARTICLE = re.compile(r"^(?:(?:the|an?|il|lo|la|i|gli|le|un|una|uno)\s+|l['’])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: how it may stand in each source language, and its one rendering in each target language."""

    forms: Mapping[str, tuple[str, ...]]
    renderings: Mapping[str, str]

    def found_in(self, text: str, language: str) -> str | None:
        """Return the longest form of the term that stands in the text as it is written there."""
        return next(iter(self.all_in(text, language)), None)

    def all_in(self, text: str, language: str) -> tuple[str, ...]:
        """Return every form that stands in the text on its own, longest first, as written there."""
        found = []
        for form in sorted(self.forms.get(language, ()), key=len, reverse=True):
            pattern = _pattern(form)
            if match := pattern.search(text):
                found.append(match.group())
                text = pattern.sub("|", text)  # a shorter form inside it does not count
        return tuple(found)


@dataclass(frozen=True)
class Glossary:
    """All terms, and the names that stay as they are in every language."""

    terms: tuple[Term, ...] = ()
    keep: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """A text that changes whenever the glossary does."""
        return repr((self.terms, self.keep))

    def missing(self, source: str, target: str, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Return (form in the source, prescribed rendering) for the terms that the target does not render so.

        ``pair`` holds the codes of the two languages. A term that stands in the source in several forms,
        "Агенцията за развитие (АРИР)", is named once with each.
        """
        found: list[tuple[str, str]] = []
        for term in self.terms:
            rendering = term.renderings.get(pair[1])
            if rendering and not _pattern(rendering).search(target):
                found.extend((form, rendering) for form in term.all_in(source, pair[0]))
        return tuple(found)


def repair(target: str, engines_rendering: str, prescribed: str) -> str | None:
    """Put the prescribed rendering where the engine's own rendering of the bare term stands.

    Returns None where that does not stand in the target: then nobody knows which words to replace.
    """
    own = engines_rendering.strip(" .")
    for candidate in (own, _ARTICLE.sub("", own, count=1)):
        pattern = re.compile(rf"(?<!\w){re.escape(candidate)}(?!\w)", re.IGNORECASE)
        if candidate and pattern.search(target):
            repaired = pattern.sub(lambda found: _begun_as(found, prescribed), target)
            return _told_twice(prescribed).sub(lambda found: found[1], repaired)
    return None


def _begun_as(found: re.Match[str], prescribed: str) -> str:
    """Return the prescribed words, with a capital where they begin the sentence in place of one."""
    begins = found.start() == 0 and found.group()[0].isupper()
    return prescribed[0].upper() + prescribed[1:] if begins else prescribed


def _told_twice(prescribed: str) -> re.Pattern[str]:
    """Return what finds "SZREDA (SZREDA)": a name and its abbreviation have become the same."""
    word = re.escape(prescribed)
    return re.compile(rf"({word}) \({word}\)", re.IGNORECASE)


def merged(glossaries: Iterable[Glossary]) -> Glossary:
    """Return one glossary with the terms of all, in their order."""
    together = tuple(glossaries)
    return Glossary(
        tuple(term for one in together for term in one.terms),
        tuple(dict.fromkeys(name for one in together for name in one.keep)),
    )


def _pattern(form: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, form.split()))
    # "АРИР" must not be found in a lower-case word; ordinary words may begin a sentence.
    flags = 0 if form.isupper() else re.IGNORECASE
    return re.compile(rf"(?<!\w){words}(?!\w)", flags)
