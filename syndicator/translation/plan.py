"""From an article to the segments that have to be known, and from those back to the article.

Two kinds of segments are asked for. *Required* ones are what a reader reads: without every one of them the
article is not published. *Helpful* ones only place markup, repair terms or render names; where one is refused
the article does without.
"""

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from syndicator.errors import TermMissingError
from syndicator.model import Article, Image, Mark, Pair, Remembered, Rendition
from syndicator.text.languages import is_cyrillic_language
from syndicator.text.messages import tr
from syndicator.text.transliterate import has_cyrillic
from syndicator.translation import inline
from syndicator.translation.glossary import Glossary, Wanted, repair_all, transliterated
from syndicator.translation.inline import Place
from syndicator.translation.markup import Span, Template, Unit, place, read_template
from syndicator.translation.protect import needs_no_translation
from syndicator.translation.segment import normalised, sentences

Known = Mapping[str, Remembered]
"""What the memory holds, by normalised segment."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a unit, with the parts of inline elements that lie on it."""

    text: str  # normalised: the segment
    spans: tuple[tuple[Span, Place], ...]

    @property
    def partial(self) -> tuple[Place, ...]:
        """The places whose words have to be looked for, each once."""
        return tuple(dict.fromkeys(at for _, at in self.spans if not inline.covers_all(self.text, at)))


@dataclass(frozen=True, slots=True)
class Need:
    """The segments that an article asks for."""

    required: tuple[str, ...]
    helpful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """The direction an article is taken in, and what is prescribed for it."""

    pair: Pair
    glossary: Glossary = field(default_factory=Glossary)

    def passes_through(self, segment: str) -> bool:
        """Whether a segment reads the same in the target language."""
        return needs_no_translation(segment, is_cyrillic_language(self.pair.source), self.glossary.keep)


@lru_cache(maxsize=2048)  # when it is planned, when its markup is placed, when it is put together
def cut_unit(unit: Unit) -> tuple[Sentence, ...]:
    """Return a unit's sentences, its spans clipped to each."""
    found = []
    for start, end in sentences(unit.text):
        spans = []
        for span in unit.spans:
            begin, finish = max(start, span.start), min(end, span.end)
            if begin < finish:
                spans.append((span, Place(begin - start, finish - start)))
        # A unit's text is normalised already: places in it are places in the segment.
        found.append(Sentence(unit.text[start:end], tuple(spans)))
    return tuple(found)


def first_need(article: Article, language: Language) -> Need:
    """Return what has to be known before anything else can be decided."""
    required: dict[str, None] = {}
    helpful: dict[str, None] = {}
    for sentence in _sentences(article):
        required[sentence.text] = None
        for at in sentence.partial:
            helpful[normalised(sentence.text[at.start : at.end])] = None
    for text in chain(article.tags, [article.rights], [article.image.credit if article.image else ""]):
        helpful.update(dict.fromkeys(cut.text for cut in cut_unit(Unit(normalised(text)))))
    asked = [text for text in required if not language.passes_through(text)]
    hoped = [text for text in helpful if text not in required and not language.passes_through(text)]
    return Need(tuple(asked), tuple(hoped))


def second_need(article: Article, language: Language, known: Known) -> Need:
    """Return what is missing to place the markup and to enforce the glossary, the first need being known."""
    helpful: dict[str, None] = {}
    for sentence in _sentences(article):
        answer = known.get(sentence.text)
        if answer is None:
            continue
        for form, _ in language.glossary.missing(sentence.text, answer.text, _codes(language.pair)):
            helpful[normalised(form)] = None
        for at in sentence.partial:
            if _find(sentence, at, answer.text, language, known) is None:
                helpful[inline.probe(sentence.text, at)] = None
    return Need(
        (), tuple(text for text in helpful if text not in known and not language.passes_through(text))
    )


def assemble(article: Article, language: Language, known: Known, *, lenient: bool = False) -> Rendition:
    """Put the translated article together.

    ``known`` holds every required segment and those helpful ones that were had.
    Raises TermMissingError where a prescribed term is missing and cannot be put in its place; with
    ``lenient`` that is a warning.
    """
    text = _Assembly(language, known, lenient)
    rendition = Rendition(
        language=language.pair.target,
        title=text.plain(article.title),
        summary=text.plain(article.summary),
        body=read_template(article.body).fill(text.unit),
        mark=Mark.MACHINE,
        authors=tuple(text.name(author) for author in article.authors),
        image=text.image(article.image),
        rights=text.leniently(article.rights),
        tags=tuple(dict.fromkeys(text.leniently(tag) for tag in article.tags)),
    )
    used = [known[segment] for segment in text.used]
    reviewed = bool(used) and all(one.reviewed for one in used)
    return replace(
        rendition,
        mark=Mark.REVIEWED if reviewed else Mark.MACHINE,
        engines=tuple(dict.fromkeys(one.origin for one in used)),
        warnings=tuple(dict.fromkeys([*text.warnings, *(one.warning for one in used if one.warning)])),
    )


def original(article: Article) -> Rendition:
    """Return the article as it is, in its own language."""
    return Rendition(
        language=article.language,
        title=article.title,
        summary=article.summary,
        body=article.body,
        mark=Mark.ORIGINAL,
        authors=article.authors,
        image=article.image,
        rights=article.rights,
        tags=article.tags,
    )


def _sentences(article: Article) -> Iterator[Sentence]:
    for unit in _units(article):
        yield from cut_unit(unit)


def _units(article: Article) -> Iterator[Unit]:
    image = article.image
    for text in (article.title, article.summary, image.alt if image else "", image.caption if image else ""):
        if text:
            yield Unit(normalised(text))
    yield from template(article).units


def template(article: Article) -> Template:
    """Return the article's body taken apart."""
    return read_template(article.body)


def _codes(pair: Pair) -> tuple[str, str]:
    return (pair.source, pair.target)


def _find(sentence: Sentence, at: Place, target: str, language: Language, known: Known) -> Place | None:
    """Find a span's words without a probe."""
    words = normalised(sentence.text[at.start : at.end])
    alone, _ = _enforced(words, _known_text(words, known) or words, language, known)
    return inline.find_alone(alone, sentence.text, at, target)


def _known_text(segment: str, known: Known) -> str:
    """Return the answer to a helpful segment; ``""`` where there is none or it was refused."""
    return known[segment].text if segment in known else ""


def _enforced(segment: str, target: str, language: Language, known: Known) -> tuple[str, list[str]]:
    """Put prescribed terms into an answer; return it, and what of it is missing all the same."""
    codes = _codes(language.pair)
    missing = language.glossary.missing(segment, target, codes)
    target = repair_all(
        target,
        (Wanted(form, _known_text(normalised(form), known), rendering) for form, rendering in missing),
        language.pair.target,
    )
    # A term that stood there may have been a part of another one's place.
    forms: dict[str, str] = {}
    for form, rendering in language.glossary.missing(segment, target, codes) if missing else ():
        forms.setdefault(rendering, form)
    lacking = [
        tr(
            "“{form}” is not rendered as “{rendering}” in: {text}",
            form=form,
            rendering=rendering,
            text=target,
        )
        for rendering, form in forms.items()
    ]
    return target, lacking


class _Assembly:
    """Renders the parts of one article and remembers which segments they took."""

    def __init__(self, language: Language, known: Known, lenient: bool) -> None:
        self.language = language
        self.known = known
        self.lenient = lenient
        self.used: dict[str, None] = {}
        self.warnings: list[str] = []

    def plain(self, text: str) -> str:
        return " ".join(self.sentence(cut) for cut in cut_unit(Unit(normalised(text))))

    def unit(self, unit: Unit) -> str:
        if unit.attribute:
            return html.escape(self.plain(unit.text))
        text = ""
        pieces: list[tuple[Span, Place]] = []
        for cut in cut_unit(unit):
            text += " " if text else ""
            target = self.sentence(cut)
            for span, at in self.placed(cut, target):
                pieces.append((span, Place(len(text) + at.start, len(text) + at.end)))
            text += target
        return place(text, _joined(pieces, text))

    def sentence(self, cut: Sentence) -> str:
        """Return the final text of a segment: the answer, with prescribed terms and no stray script."""
        if self.language.passes_through(cut.text):
            return cut.text
        self.used[cut.text] = None
        target, lacking = _enforced(cut.text, self.known[cut.text].text, self.language, self.known)
        if lacking and not self.lenient:
            raise TermMissingError("; ".join(lacking))
        self.warnings.extend(lacking)
        return self.in_script(target, cut.text)

    def in_script(self, text: str, source: str = "") -> str:
        """Names left in Cyrillic are transliterated; what is prescribed for the source stays."""
        if is_cyrillic_language(self.language.pair.target) or not has_cyrillic(text):
            return text
        found = self.language.glossary.found(source, _codes(self.language.pair))
        return transliterated(text, (rendering for _, rendering in found if has_cyrillic(rendering)))

    def placed(self, cut: Sentence, target: str) -> list[tuple[Span, Place]]:
        """Return the elements on a sentence with their places in the target; those not found are left out."""
        found = {at: self.locate(cut, at, target) for at in dict.fromkeys(at for _, at in cut.spans)}
        links = list(dict.fromkeys(at for span, at in cut.spans if span.is_link))
        # A link is never lost: neither for want of its words nor under another one.
        wanted = [found[at] or inline.last_word(target) for at in links]
        found.update(zip(links, inline.apart(wanted, target), strict=True))
        return [(span, place_) for span, at in cut.spans if (place_ := found[at])]

    def locate(self, cut: Sentence, at: Place, target: str) -> Place | None:
        if inline.covers_all(cut.text, at):
            return inline.whole(cut.text, at, target)
        if target == cut.text:
            return at
        alone = _known_text(normalised(cut.text[at.start : at.end]), self.known)
        probed = _known_text(inline.probe(cut.text, at), self.known)
        return (
            _find(cut, at, target, self.language, self.known)
            or inline.find_probed(probed, target, inline.count_words(alone))
            or self.find_roughly(cut, at, target)
        )

    def find_roughly(self, cut: Sentence, at: Place, target: str) -> Place | None:
        alone = _known_text(normalised(cut.text[at.start : at.end]), self.known)
        return inline.find_alone(alone, cut.text, at, target, least=inline.ROUGH)

    def leniently(self, text: str) -> str:
        """Render a tag or a rights line: translated where it is known, else transliterated."""
        parts = []
        for cut in cut_unit(Unit(normalised(text))):
            answer = _known_text(cut.text, self.known) or cut.text
            target, _ = _enforced(cut.text, answer, self.language, self.known)
            parts.append(self.in_script(target, cut.text))
        return " ".join(parts)

    def name(self, name: str) -> str:
        return self.in_script(name)

    def image(self, image: Image | None) -> Image | None:
        if image is None:
            return None
        return replace(
            image,
            alt=self.plain(image.alt),
            caption=self.plain(image.caption),
            credit=self.leniently(image.credit),
        )


def _joined(pieces: Iterable[tuple[Span, Place]], text: str) -> tuple[Span, ...]:
    """Put elements on their places, and make one again of an element's pieces on neighbouring sentences."""
    joined: list[Span] = []
    last: dict[Span, int] = {}
    for span, at in pieces:
        index = last.get(span)
        if index is not None and text[joined[index].end : at.start].isspace():
            joined[index] = replace(joined[index], end=at.end)
            continue
        last[span] = len(joined)
        joined.append(replace(span, start=at.start, end=at.end))
    return tuple(joined)
