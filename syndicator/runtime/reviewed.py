"""Reviewed translations that came after an article was published: its text follows them.

What the memory learns counts for articles that are yet to be translated; those that are published already
are put together anew where one of their sentences was reviewed. No engine is asked for that. When all of them
were, the article is no longer marked as a machine's.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from syndicator.model import Pair
from syndicator.ports import Stored
from syndicator.store import reviews
from syndicator.store.anew import render_anew
from syndicator.translation.excerpt import publishable
from syndicator.translation.plan import Language, first_need

if TYPE_CHECKING:
    from syndicator.runtime.build import Workshop

AT_ONCE = 100


def follow_reviews(workshop: "Workshop", reviewed: Mapping[Pair, AbstractSet[str]] | None = None) -> int:
    """Let published articles follow the reviewed translations in the memory; return how many will.

    ``reviewed`` names the segments that were reviewed now; without it all that ever were are looked for.
    """
    languages = dict.fromkeys(code for spec in workshop.feeds for code in spec.languages)
    if reviewed is not None:
        languages = dict.fromkeys(code for code in languages if code in {pair.target for pair in reviewed})
    found = 0
    for language in languages:
        after = 0
        while True:
            with workshop.database.reading() as connection:
                batch = list(reviews.machine_made(connection, language, after, AT_ONCE))
            if not batch:
                break
            after = batch[-1].article_id
            workshop.beat()
            affected = []
            for stored in batch:
                pair, required = needs(workshop, stored, language)
                if _is_reviewed(workshop, pair, required, reviewed):
                    affected.append(stored.revision_id)
            with workshop.database.writing() as connection:
                render_anew(connection, affected, language)
            found += len(affected)
    return found


def needs(workshop: "Workshop", stored: Stored, language: str) -> tuple[Pair, Collection[str]]:
    """Return the segments of an article that its text in a language is put together from."""
    article = stored.article
    for source in workshop.sources:
        if source.id == stored.source_id:
            article = publishable(article, source.publish)
    pair = Pair(article.language, language)
    return pair, first_need(article, Language(pair, workshop.glossary)).required


def _is_reviewed(
    workshop: "Workshop",
    pair: Pair,
    required: Collection[str],
    reviewed: Mapping[Pair, AbstractSet[str]] | None,
) -> bool:
    if reviewed is not None:
        return not reviewed.get(pair, frozenset()).isdisjoint(required)
    return any(known.reviewed for known in workshop.memory.lookup(pair, required).values())
