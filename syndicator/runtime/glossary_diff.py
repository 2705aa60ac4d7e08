"""What a changed glossary would change in what is published, before the next cycle does it."""

import difflib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from syndicator.errors import TermMissingError
from syndicator.model import Pair, Rendition
from syndicator.pipeline import wanted_languages
from syndicator.ports import Stored
from syndicator.runtime.build import Workshop
from syndicator.runtime.once import press_of
from syndicator.runtime.trees import tree_of
from syndicator.store import glossaries
from syndicator.translation.excerpt import publishable
from syndicator.translation.glossary import Glossary, changed_terms
from syndicator.translation.plan import Language, assemble, first_need, second_need
from syndicator.translation.segment import split

_BLOCK = re.compile(r"</?(?:p|li|h\d|td|th|tr|div|blockquote|figcaption|br)[^>]*>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Difference:
    """What would become of one published article in one language."""

    id: str
    language: str
    title: str  # of the original
    changes: tuple[tuple[str, str], ...]  # sentences: before, after; "" where there is none
    asked: tuple[str, ...] = ()  # what an engine would have to be asked for first
    held: str = ""  # why the article would be held; "" if it would not

    def as_json(self) -> dict[str, Any]:
        """Return the difference as plain JSON."""
        changes = [{"before": before, "after": after} for before, after in self.changes]
        return {**asdict(self), "asked": list(self.asked), "changes": changes}


def differences(workshop: Workshop) -> Iterator[Difference]:
    """Yield what the glossary files, as they are now, would change. No engine is asked. Raises StoreError."""
    press = press_of(workshop, tree_of(workshop.settings))
    for language in wanted_languages(press):
        with workshop.database.reading() as connection:
            before = glossaries.in_force(connection, language) or Glossary()
            changed = changed_terms(before, workshop.glossary, language)
            affected = list(glossaries.holding(connection, language, changed))
            texts = [glossaries.published_text(connection, one.revision_id, language) for one in affected]
        for stored, text in zip(affected, texts, strict=True):
            found = _difference(workshop, stored, language, text)
            if found.changes or found.asked or found.held:
                yield found


def _difference(
    workshop: Workshop, stored: Stored, language: str, published: tuple[str, str, str]
) -> Difference:
    sources = {source.id: source for source in workshop.sources}
    article = stored.article
    if stored.source_id in sources:
        article = publishable(article, sources[stored.source_id].publish)
    direction = Language(Pair(article.language, language), workshop.glossary)
    need = first_need(article, direction)
    known = dict(workshop.memory.lookup(direction.pair, (*need.required, *need.helpful)))
    lacking = [segment for segment in need.required if segment not in known]
    told = (stored.public_id, language, article.title)
    if lacking:
        return Difference(*told, (), tuple(lacking))
    second = second_need(article, direction, known).helpful
    known.update(workshop.memory.lookup(direction.pair, second))
    asked = tuple(segment for segment in second if segment not in known)
    try:
        made = assemble(article, direction, known, lenient=workshop.policy.publish_doubtful)
    except TermMissingError as error:
        return Difference(*told, (), asked, str(error))
    return Difference(*told, tuple(_changes(_sentences(*published), _rendered(made))), asked)


def _rendered(made: Rendition) -> list[str]:
    return _sentences(made.title, made.summary, made.body)


def _sentences(title: str, summary: str, body: str) -> list[str]:
    """Return the sentences that a reader sees, in order."""
    blocks = [title, summary, *(html.unescape(_TAG.sub("", block)) for block in _BLOCK.split(body))]
    return [sentence for block in blocks for sentence in split(" ".join(block.split()))]


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, begin, finish in matcher.get_opcodes():
        if tag == "equal":
            continue
        old, new = list(before[start:end]), list(after[begin:finish])
        for index in range(max(len(old), len(new))):
            yield "".join(old[index : index + 1]), "".join(new[index : index + 1])
