"""Terms with a prescribed rendering: found in the source, enforced in the translation.

An engine's raw answer is what the memory keeps; the glossary is applied to it afterwards, so that a changed
term buys nothing again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from syndicator.text.transliterate import transliterate
from syndicator.translation.inflection import Kind, inflected
from syndicator.translation.wording import ARTICLE, FITTED, in_their_places

ANY = ""
"""The language under which stand forms that are the same in every language."""

_PREFIX = 3  # letters by which terms are looked up
_WORD = re.compile(r"\w+")
_JOINT = re.compile(r"\s+|(?<=\w)[-\u2011](?=\w)")
_QUOTES = "\"'„“”«»‘’‚"
_LOOSE_QUOTE = re.compile(rf"(?<!\w)[{_QUOTES}]|[{_QUOTES}](?!\w)")  # in "l'Agenzia" it belongs to the word
_APOSTROPHE = re.compile("['’]")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: how it may stand in each source language, and its one rendering in each target language."""

    forms: Mapping[str, tuple[str, ...]]
    renderings: Mapping[str, str]
    kind: Kind = Kind.TERM
    inflect: bool = True  # whether Bulgarian forms that are not listed count, too

    def found_in(self, text: str, language: str) -> str | None:
        """Return the longest form of the term that stands in the text as it is written there."""
        return next(iter(self.all_in(text, language)), None)

    def all_in(self, text: str, language: str) -> tuple[str, ...]:
        """Return every form that stands in the text on its own, longest first, as written there."""
        found = []
        for pattern in _patterns(self.all_forms(language), self.kind):
            if match := pattern.search(text):
                found.append(match.group())
                text = pattern.sub("|", text)  # a shorter form inside it does not count
        return tuple(found)

    def places_in(self, text: str, language: str) -> list[tuple[int, int, bool]]:
        """Return where forms of the term stand: start, end, and whether it is written as a form is listed."""
        forms = self.all_forms(language)
        return [
            (*match.span(), match.group() in forms)
            for pattern in _patterns(forms, self.kind)
            for match in pattern.finditer(text)
        ]

    def all_forms(self, language: str) -> tuple[str, ...]:
        """Return the forms that count in a language: the listed ones, and in Bulgarian the inflected ones."""
        listed = self.forms.get(language) or self.forms.get(ANY, ())
        if language != "bg" or not self.inflect or ANY in self.forms:
            return listed
        return _with_inflected(listed, self.kind)

    def told_for(self, target: str) -> tuple[object, ...]:
        """Return what of the term matters for translations into a language, to be compared."""
        forms = tuple(sorted((code, tuple(sorted(found))) for code, found in self.forms.items()))
        return (forms, self.renderings.get(target) or self.renderings.get(ANY, ""), self.kind, self.inflect)


@dataclass(frozen=True)
class Glossary:
    """All terms, and the names that stay as they are in every language."""

    terms: tuple[Term, ...] = ()
    keep: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """A text that changes whenever the glossary does."""
        return repr((self.terms, self.keep))

    @cached_property
    def everything(self) -> tuple[Term, ...]:
        """The terms, and the kept names as terms that are rendered by themselves."""
        return (*self.terms, *(Term({ANY: (name,)}, {ANY: name}) for name in self.keep))

    @cached_property
    def _by_prefix(self) -> dict[str, dict[str, list[int]]]:
        return {}

    def _candidates(self, text: str, language: str) -> Iterator[Term]:
        """Yield the terms of which a form may stand in the text, in their order."""
        if not self.terms and not self.keep:
            return
        index = self._by_prefix.get(language)
        if index is None:
            index = {}
            for number, term in enumerate(self.everything):
                for form in term.all_forms(language):
                    first = _WORD.search(form)
                    index.setdefault(_prefix(first.group()) if first else "", []).append(number)
            self._by_prefix[language] = index
        seen = {""} | {_prefix(word) for word in _WORD.findall(text)}
        numbers = {number for prefix in seen for number in index.get(prefix, ())}
        yield from (self.everything[number] for number in sorted(numbers))

    def found(self, source: str, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Return (form in the source, prescribed rendering) for every term that stands in a text.

        ``pair`` holds the codes of the two languages. A term that stands there in several forms,
        "Агенцията за развитие (АРИР)", is named once with each. Words that are part of a longer term are no
        term of their own there: of "Северна Македония" nobody wants the rendering of "Македония", too.
        """
        if not self.terms and not self.keep:
            return ()
        prescribed = [
            (term, rendering)
            for term in self._candidates(source, pair[0])
            if (rendering := term.renderings.get(pair[1]) or term.renderings.get(ANY))
        ]
        standing = _outermost([term.places_in(source, pair[0]) for term, _ in prescribed], source)
        return tuple(
            (form, rendering)
            for forms, (_, rendering) in zip(standing, prescribed, strict=True)
            for form in forms
        )

    def holds_any(self, text: str, language: str) -> bool:
        """Whether any term stands in a text, in a form of that language."""
        return any(term.all_in(text, language) for term in self._candidates(text, language))

    def missing(self, source: str, target: str, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Return (form, rendering) as :meth:`found` for the terms that the target does not render so."""
        return tuple(
            (form, rendering)
            for form, rendering in self.found(source, pair)
            if not stands_in(rendering, target)
        )


def stands_in(rendering: str, target: str) -> bool:
    """Whether a prescribed rendering stands in a text, as a word of its own."""
    return _pattern(rendering).search(target) is not None


def transliterated(text: str, renderings: Iterable[str]) -> str:
    """Return a text in Latin letters but for the given renderings, which somebody prescribed in Cyrillic."""
    start, made = 0, ""
    spans = sorted(match.span() for words in renderings for match in _pattern(words).finditer(text))
    for begin, end in spans:
        if begin >= start:
            made += transliterate(text[start:begin]) + text[begin:end]
            start = end
    return made + transliterate(text[start:])


def changed_terms(old: Glossary, new: Glossary, target: str) -> tuple[Term, ...]:
    """Return the terms that two glossaries do not share, as far as translations into a language go."""
    before = {term.told_for(target): term for term in old.everything}
    after = {term.told_for(target): term for term in new.everything}
    differing = [before[told] for told in before if told not in after]
    differing += [after[told] for told in after if told not in before]
    return tuple(term for term in differing if term.renderings.get(target) or term.renderings.get(ANY))


def repair(target: str, engines_rendering: str, prescribed: str, language: str = "") -> str | None:
    """Put the prescribed rendering where the engine's own rendering of the bare term stands.

    Articles before it are made to fit, by the habits of the target language. Returns None where the engine's
    rendering does not stand in the target: then nobody knows which words to replace.
    """
    wanted = Wanted("", engines_rendering, prescribed)
    return repair_all(target, (wanted,), language) if _places(target, wanted, language) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term to be put in its place."""

    form: str  # as it stands in the source
    own: str  # what the engine makes of the form alone; "" where it is not known
    prescribed: str


def repair_all(target: str, terms: Iterable[Wanted], language: str = "") -> str:
    """Put several terms in their places as :func:`repair` does one, those left out that have none.

    All are looked for in what the engine said: what one has put there is nothing for the next to replace. Of
    places that overlap the longest counts.
    """
    wanted = [(*place, one.prescribed) for one in terms for place in _places(target, one, language)]
    wanted.sort(key=lambda place: place[0] - place[1])
    taken: list[tuple[int, int, str]] = []
    for start, end, words in wanted:
        if all(end <= other_start or other_end <= start for other_start, other_end, _ in taken):
            taken.append((start, end, words))
    target = in_their_places(sorted(taken), target, language)
    for words in dict.fromkeys(words for _, _, words in taken):
        target = _told_twice(words).sub(lambda found: found[1], target)
    return target


def _places(target: str, wanted: Wanted, language: str) -> list[tuple[int, int]]:
    """Return where the words stand that a prescribed rendering replaces."""
    own = wanted.own.strip(" .")
    bare = ARTICLE.sub("", own, count=1)
    # Where the language's articles are known, they are made to fit. A name in other capitals is the name, and
    # so is one that is spelt by its letters in a sentence, whatever the engine calls it alone.
    candidates = (bare,) if language in FITTED else (own, bare)
    for candidate in (*candidates, wanted.prescribed, transliterate(wanted.form)):
        pattern = re.compile(rf"(?<!\w){re.escape(candidate)}(?!\w)", re.IGNORECASE)
        if candidate and (found := [match.span() for match in pattern.finditer(target)]):
            return found
    return []


def _outermost(places: list[list[tuple[int, int, bool]]], text: str) -> list[tuple[str, ...]]:
    """Return, for each term's places, the different forms that are no part of a longer one, longest first.

    Of two terms in one place, the one that is listed as it is written counts, else the first.
    """
    every = [
        (end - start, listed, -number, start)
        for number, found in enumerate(places)
        for start, end, listed in found
    ]
    taken: list[tuple[int, int]] = []
    forms: list[dict[str, None]] = [{} for _ in places]
    for length, _, negative, start in sorted(every, reverse=True):
        end = start + length
        if not any(begin <= start and end <= finish for begin, finish in taken):
            taken.append((start, end))
            forms[-negative][text[start:end]] = None
    return [tuple(found) for found in forms]


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


@dataclass(frozen=True, slots=True)
class Overruled:
    """A rendering that does not count, as an earlier glossary renders the same form otherwise."""

    later: int  # the number of its glossary, from 0
    earlier: int  # the number of the glossary that counts
    form: str
    rendering: str
    counts: str  # the rendering that counts


def overruled(glossaries: Sequence[Glossary]) -> Iterator[Overruled]:
    """Yield what :func:`merged` lets an earlier glossary decide."""
    first: dict[tuple[str, str, str], tuple[int, str]] = {}
    for number, one in enumerate(glossaries):
        for term in one.terms:
            for language, forms in term.forms.items():
                for form, (target, rendering) in product(forms, term.renderings.items()):
                    earlier, counts = first.setdefault((language, form, target), (number, rendering))
                    if counts != rendering:
                        yield Overruled(number, earlier, form, rendering, counts)


def _prefix(word: str) -> str:
    return word[:_PREFIX].casefold()


@lru_cache(maxsize=4096)
def _with_inflected(listed: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*listed, *(made for form in listed for made in inflected(form, kind))]))


@lru_cache(maxsize=4096)
def _patterns(forms: tuple[str, ...], kind: Kind) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(form, kind) for form in sorted(forms, key=len, reverse=True))


@lru_cache(maxsize=8192)
def _pattern(form: str, kind: Kind | None = None) -> re.Pattern[str]:
    """Return what finds a form: however it is spaced, hyphenated or quoted inside.

    "АРИР" must not be found in a lower-case word; ordinary words may begin a sentence. A name in one word and
    one of a person, place or organisation has its capital: "надежда" is no "Надежда".
    """
    unquoted = _LOOSE_QUOTE.sub("", form) or form
    pieces = _JOINT.split(unquoted.strip())
    words = rf"[{_QUOTES}]?(?:\s+|\s?[-\u2011]\s?)[{_QUOTES}]?".join(
        _APOSTROPHE.sub("['’]", re.escape(piece)) for piece in pieces
    )
    if form.isupper():
        return re.compile(rf"(?<!\w){words}(?!\w)")
    named = kind not in (None, Kind.TERM) or (kind is Kind.TERM and len(pieces) == 1)
    first = unquoted.strip()[:1]
    capital = rf"(?-i:(?!{re.escape(first.lower())}))" if named and first.isupper() else ""
    return re.compile(rf"(?<!\w){capital}{words}(?!\w)", re.IGNORECASE)
