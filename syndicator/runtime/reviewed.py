"""Reviewed translations that came after an article was published: its text follows them.

What the memory learns counts for articles that are yet to be translated; those that are published already
are put together anew where one of their sentences was reviewed. No engine is asked for that. When all of them
were, the article is no longer marked as a machine's.
"""

from typing import TYPE_CHECKING

from syndicator.model import Pair
from syndicator.store import reviews
from syndicator.translation.excerpt import publishable
from syndicator.translation.plan import Language, first_need

if TYPE_CHECKING:
    from syndicator.runtime.build import Workshop

AT_ONCE = 100


def follow_reviews(workshop: "Workshop") -> int:
    """Let published articles follow the reviewed translations in the memory; return how many will."""
    sources = {source.id: source for source in workshop.sources}
    languages = dict.fromkeys(code for spec in workshop.feeds for code in spec.languages)
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
                article = stored.article
                if stored.source_id in sources:
                    article = publishable(article, sources[stored.source_id].publish)
                pair = Pair(article.language, language)
                required = first_need(article, Language(pair, workshop.glossary)).required
                if any(known.reviewed for known in workshop.memory.lookup(pair, required).values()):
                    affected.append(stored.revision_id)
            with workshop.database.writing() as connection:
                reviews.render_anew(connection, affected, language)
            found += len(affected)
    return found
