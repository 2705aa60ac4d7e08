"""What of an article its source lets us publish, and the summary of one that brings none."""

import re
from dataclasses import replace

from syndicator.model import Article, Publish
from syndicator.text.html import plain_text
from syndicator.translation.segment import split

EXCERPT_CHARACTERS = 320
_NO_SENTENCES = re.compile(r"<(table|h[1-6])\b.*?</\1>", re.DOTALL)  # of our own clean HTML


def publishable(article: Article, publish: Publish) -> Article:
    """Return the article without the parts that may not be published: they are not paid for either."""
    if publish is Publish.FULL:
        return article
    if publish is Publish.TITLE:
        return replace(article, summary="", body="", image=None)
    return replace(article, summary=article.summary or excerpt(article.body), body="")


def excerpt(body: str, characters: int = EXCERPT_CHARACTERS) -> str:
    """Return the first whole sentences of a body's text, on one line: at least one, and no more than fit.

    Headings and tables make no sentences on one line; they are taken only where there is no other text.
    """
    taken = ""
    for line in (plain_text(_NO_SENTENCES.sub("", body)) or plain_text(body)).splitlines():
        for sentence in split(line):
            longer = f"{taken} {sentence}".strip()
            if taken and len(longer) > characters:
                return taken
            taken = longer
    return taken
