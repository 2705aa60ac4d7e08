"""Recognises near-duplicates: one press release as several sites edited it.

Candidates are found by MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998) over
pairs of neighbouring words, and confirmed by what their words have in common. One hash of each pair does for
all the minima (one permutation hashing: Li, Owen and Zhang 2012; empty bins: Shrivastava 2017).
"""

import hashlib
import re
from collections.abc import Collection
from functools import lru_cache
from zlib import crc32

from syndicator.model import Article
from syndicator.text.html import plain_text

ALIKE = 80
"""Least ``token_set_ratio`` of near-duplicates: edited copies of a release have .87 and more, different
articles about one topic at most .75."""

FEWEST_WORDS = 30
"""Of shorter texts too many are alike: weather, condolences, closed roads."""

BANDS, ROWS = 24, 2
"""A pair of articles with a share *s* of word pairs in common meets in some band with a probability of
``1 - (1 - s**ROWS)**BANDS``: .90 at .3, .999 at .5, .06 at .05."""

_WORD = re.compile(r"\w+")
_BINS = BANDS * ROWS


def _elsewhere() -> list[list[int]]:
    """Return for each bin the others in an order of its own, the same in every process and release."""
    return [
        sorted(range(_BINS), key=lambda other: hashlib.sha256(f"{one} {other}".encode()).digest())
        for one in range(_BINS)
    ]


_ELSEWHERE = _elsewhere()


def traces(article: Article) -> tuple[int, ...]:
    """Return a number of 63 bits for each band: articles that share one in the same band may be alike.

    Empty for an article too short to tell.
    """
    words = _words(article)
    if len(words) < FEWEST_WORDS:
        return ()
    encoded = [word.encode() for word in words]
    least = _least(set(map(crc32, encoded[1:], map(crc32, encoded))))  # each goes on from the one before
    bands = (least[at : at + ROWS] for at in range(0, len(least), ROWS))
    return tuple(
        int.from_bytes(hashlib.blake2b(repr(band).encode(), digest_size=8).digest(), "big") >> 1
        for band in bands
    )


def _least(pairs: Collection[int]) -> list[int]:
    """Return the least of the pairs' hashes in each bin; an empty bin has that of another one.

    Two articles look for it in the same order, so they find the same with the probability of their likeness.
    """
    found: dict[int, int] = {}
    for pair in sorted(pairs, reverse=True):
        found[pair % _BINS] = pair  # the least one comes last
    return [
        found[one] if one in found else next(found[other] for other in _ELSEWHERE[one] if other in found)
        for one in range(_BINS)
    ]


def _words(article: Article) -> tuple[str, ...]:
    return words_of(article.title, plain_text(article.body) or article.summary)


@lru_cache(maxsize=4)  # of an article that is new it is asked for twice
def words_of(title: str, text: str) -> tuple[str, ...]:
    """Return what is compared of an article: the words of its title and its text, in small letters."""
    return tuple(_WORD.findall(f"{title} {text}".casefold()))


def are_alike(one: Article, other: Article) -> bool:
    """Whether two articles of one language are near-duplicates."""
    from rapidfuzz.fuzz import token_set_ratio

    if one.language != other.language or _name_different_numbers(one.title, other.title):
        return False
    return token_set_ratio(" ".join(_words(one)), " ".join(_words(other))) >= ALIKE


def _name_different_numbers(one: str, other: str) -> bool:
    """Whether each of two titles names a number that the other lacks: two notices of one template."""
    numbers, others = (set(re.findall(r"\d+", title)) for title in (one, other))
    return bool(numbers - others and others - numbers)
