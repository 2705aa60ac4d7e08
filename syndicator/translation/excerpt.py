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
    begun = _beginning(body, 4 * characters)
    taken, is_full = _taken(begun, characters)
    return taken if is_full or begun == body else _taken(body, characters)[0]


def _beginning(body: str, length: int) -> str:
    """Return the paragraphs that so much of a body reaches into; all of it where a table is among them."""
    end = body.find("</p>", length) + len("</p>")
    return body[:end] if end >= length and "<table" not in body[:end] else body


def _taken(body: str, characters: int) -> tuple[str, bool]:
    """Return the first sentences of a body, and whether another one did not fit."""
    taken = ""
    for line in (plain_text(_NO_SENTENCES.sub("", body)) or plain_text(body)).splitlines():
        for sentence in split(line):
            longer = f"{taken} {sentence}".strip()
            if taken and len(longer) > characters:
                return taken, True
            taken = longer
    return taken, False
