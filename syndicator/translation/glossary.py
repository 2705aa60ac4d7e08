"""Terms with a prescribed rendering: found in the source, enforced in the translation.

An engine's raw answer is what the memory keeps; the glossary is applied to it afterwards, so that a changed
term buys nothing again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Term:
    """One term: how it may stand in each source language, and its one rendering in each target language."""

    forms: Mapping[str, tuple[str, ...]]
    renderings: Mapping[str, str]

    def found_in(self, text: str, language: str) -> str | None:
        """Return the longest form of the term that stands in the text as it is written there."""
        for form in sorted(self.forms.get(language, ()), key=len, reverse=True):
            if found := _pattern(form).search(text):
                return found.group()
        return None


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
        """Return (form in the source, prescribed rendering) of each term that the target does not render so."""
        found = []
        for term in self.terms:
            rendering = term.renderings.get(pair[1])
            form = term.found_in(source, pair[0]) if rendering else None
            if rendering and form and not _pattern(rendering).search(target):
                found.append((form, rendering))
        return tuple(found)


def repair(target: str, engines_rendering: str, prescribed: str) -> str | None:
    """Put the prescribed rendering where the engine's own rendering of the bare term stands.

    Returns None where that does not stand in the target: then nobody knows which words to replace.
    """
    own = engines_rendering.strip(" .")
    if not own:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(own)}(?!\w)", re.IGNORECASE)
    if not pattern.search(target):
        return None
    return pattern.sub(lambda _: prescribed, target)


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
