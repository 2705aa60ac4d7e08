"""Says by which of an operator's filters an article is left out: words, age, length."""

from datetime import datetime, timedelta

from syndicator.extract.identity import matches
from syndicator.model import Article, Length, Match
from syndicator.text.html import plain_text
from syndicator.text.messages import tr


def refusal(
    article: Article,
    dated: datetime,
    now: datetime,
    *,
    match: Match,
    max_age: timedelta | None,
    min_length: Length,
) -> str:
    """Return why the filters leave an article out; "" if they do not.

    ``dated`` is when it was published or, where nobody says, first seen.
    """
    if match and not matches(article, match):
        return tr("the filter (match) does not want it")
    if max_age is not None and dated < now - max_age:
        return tr("older than max_age allows")
    if is_shorter(article, min_length):
        return tr("shorter than min_length asks for")
    return ""


def is_shorter(article: Article, least: Length) -> bool:
    """Whether an article has less text than asked for: its body or, without one, its summary."""
    if not least.characters and not least.words:
        return False
    text = plain_text(article.body) or article.summary
    return len(" ".join(text.split())) < least.characters or len(text.split()) < least.words
