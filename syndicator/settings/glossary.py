"""Reads a glossary file: terms with their forms and renderings, and names that stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from syndicator.errors import DataFileError, Problem
from syndicator.settings.document import Document, Finding, parse
from syndicator.settings.load import problems_of, read_text
from syndicator.text.languages import normalise_language
from syndicator.text.messages import tr
from syndicator.translation.glossary import Glossary, Term
from syndicator.translation.inflection import Kind

LISTS = {
    "terms": Kind.TERM,
    "people": Kind.PERSON,
    "places": Kind.PLACE,
    "organisations": Kind.ORGANISATION,
}
SHAPE = '{bg: ["АРИР"], en: "SZREDA"} or {keep: ["INTERREG"]}'


def read_glossary(path: Path) -> Glossary:
    """Return the glossary in a file.

    In a term, a list holds the forms in which it stands in texts of that language, and a single text the one
    rendering in translations into it. Raises DataFileError with every mistake, each with its line.
    """
    text = read_text(path)
    if isinstance(text, Problem):
        raise DataFileError(str(text))
    document, findings = parse(text)
    if document is None or findings:
        raise DataFileError(_told(document, findings, path))
    data = document.data or {}
    terms, keep, mistakes = _entries(data)
    if mistakes:
        raise DataFileError(_told(document, tuple(mistakes), path))
    return Glossary(tuple(terms), tuple(dict.fromkeys(keep)))


def _told(document: Document | None, findings: tuple[Finding, ...], path: Path) -> str:
    shown = document or Document()
    return "\n".join(map(str, problems_of(shown, findings, path)))


def _entries(data: object) -> tuple[list[Term], list[str], list[Finding]]:
    mistakes: list[Finding] = []
    terms: list[Term] = []
    keep: list[str] = []
    if not isinstance(data, Mapping):
        return [], [], [Finding((), tr("a glossary is a map of lists: {names}", names=", ".join(LISTS)))]
    for name in data:
        if name not in LISTS:
            told = tr("no list of a glossary; one of: {names}", names=", ".join(LISTS))
            mistakes.append(Finding((name,), told))
    for name, kind in LISTS.items():
        entries = data.get(name) or ()
        if not isinstance(entries, list | tuple):
            told = tr("{name} is a list of entries such as {shape}", name=name, shape=SHAPE)
            mistakes.append(Finding((name,), told))
            continue
        for index, entry in enumerate(entries):
            loc = (name, index)
            if not isinstance(entry, Mapping) or not entry:
                mistakes.append(Finding(loc, tr("an entry is a map such as {shape}", shape=SHAPE)))
            elif "keep" in entry:
                names = _texts(entry["keep"])
                if names is None or len(entry) > 1:
                    mistakes.append(Finding(loc, tr("keep stands alone and is a list of names")))
                else:
                    keep.extend(names)
            else:
                terms.append(_term(entry, kind, loc, mistakes))
    mistakes.extend(_contradictions(terms, data))
    return terms, keep, mistakes


def _term(
    entry: Mapping[str, object], kind: Kind, loc: tuple[str | int, ...], mistakes: list[Finding]
) -> Term:
    forms: dict[str, tuple[str, ...]] = {}
    renderings: dict[str, str] = {}
    inflect = True
    for language, value in entry.items():
        if language == "inflect":
            if isinstance(value, bool):
                inflect = value
            else:
                told = tr("true, or false where only the listed forms count")
                mistakes.append(Finding((*loc, language), told))
        elif normalise_language(language) != language:
            told = tr("no code of a language, such as bg or en, and none of keep, inflect")
            mistakes.append(Finding((*loc, language), told))
        elif isinstance(value, str) and value.strip():
            renderings[language] = value.strip()
        elif texts := _texts(value):
            forms[language] = texts
        else:
            mistakes.append(
                Finding(
                    (*loc, language),
                    tr("a list of forms or one rendering belongs here, as in {shape}", shape=SHAPE),
                )
            )
    if not forms or not renderings:
        mistakes.append(
            Finding(
                loc,
                tr(
                    "a term needs a list of forms in one language and a rendering in another, as in {shape}",
                    shape=SHAPE,
                ),
            )
        )
    return Term(forms, renderings, kind, inflect)


def _contradictions(terms: list[Term], data: Mapping[str, object]) -> Iterator[Finding]:
    """Yield the entries that render a form otherwise than an earlier one: no text could satisfy both."""
    places = [
        (name, index)
        for name in LISTS
        for index, entry in enumerate(_listed(data.get(name)))
        if isinstance(entry, Mapping) and entry and "keep" not in entry
    ]
    rendered: dict[tuple[str, str, str], str] = {}
    for term, loc in zip(terms, places, strict=True):
        for language, forms in term.forms.items():
            for form in forms:
                for target, rendering in term.renderings.items():
                    before = rendered.setdefault((language, form, target), rendering)
                    if before != rendering:
                        told = tr("“{form}” is rendered as “{other}” above", form=form, other=before)
                        yield Finding((*loc, target), told)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        return None
    texts = tuple(text.strip() for text in value if isinstance(text, str) and text.strip())
    return texts if len(texts) == len(value) and texts else None
