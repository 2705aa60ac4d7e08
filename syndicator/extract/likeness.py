"""Recognises near-duplicates: one press release as several sites edited it.

Candidates are found by MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998) over
pairs of neighbouring words, and confirmed by what their words have in common.
"""

import hashlib
import re
import struct
from collections.abc import Collection
from itertools import pairwise

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
_PRIME = (1 << 61) - 1
_LANE = 128  # bits, which hold a product


def _factors() -> list[tuple[int, int]]:
    """Return the coefficients of the hash functions, the same in every process and release."""
    found = []
    for number in range(BANDS * ROWS):
        digest = hashlib.sha256(f"likeness {number}".encode()).digest()
        found.append(
            (int.from_bytes(digest[:8], "big") % _PRIME or 1, int.from_bytes(digest[8:16], "big") % _PRIME)
        )
    return found


_FACTORS = _factors()


def traces(article: Article) -> tuple[int, ...]:
    """Return a number of 63 bits for each band: articles that share one in the same band may be alike.

    Empty for an article too short to tell.
    """
    words = words_of(article)
    if len(words) < FEWEST_WORDS:
        return ()
    pairs = {
        int.from_bytes(hashlib.blake2b(f"{one} {other}".encode(), digest_size=7).digest(), "big")
        for one, other in pairwise(words)
    }
    least = _least(pairs)
    bands = (least[at : at + ROWS] for at in range(0, len(least), ROWS))
    return tuple(
        int.from_bytes(hashlib.blake2b(repr(band).encode(), digest_size=8).digest(), "big") >> 1
        for band in bands
    )


def _least(pairs: Collection[int]) -> list[int]:
    """Return the least ``(a * pair + b) % _PRIME`` over the pairs, for each of the functions.

    All pairs are reckoned with at once, as lanes of one long number: half the time. Modulo 2**61 - 1, what
    stands above the 61st bit counts as much as if it stood at the first.
    """
    width = _LANE // 8
    lanes = int.from_bytes(b"".join(pair.to_bytes(width, "little") for pair in pairs), "little")
    ones = int.from_bytes(b"\1".ljust(width, b"\0") * len(pairs), "little")
    mask = ones * _PRIME
    found = []
    for a, b in _FACTORS:
        values = lanes * a + ones * b
        for _ in range(2):  # below 2**118, then below 2**62
            values = (values & mask) + (values >> 61 & mask)
        told = struct.unpack(f"<{2 * len(pairs)}Q", values.to_bytes(width * len(pairs), "little"))[::2]
        found.append(0 if _PRIME in told else min(told))
    return found


def words_of(article: Article) -> list[str]:
    """Return what is compared of an article: the words of its title and its text, in small letters."""
    text = plain_text(article.body) or article.summary
    return _WORD.findall(f"{article.title} {text}".casefold())


def are_alike(one: Article, other: Article) -> bool:
    """Whether two articles of one language are near-duplicates."""
    from rapidfuzz.fuzz import token_set_ratio

    if one.language != other.language or _name_different_numbers(one.title, other.title):
        return False
    return token_set_ratio(" ".join(words_of(one)), " ".join(words_of(other))) >= ALIKE


def _name_different_numbers(one: str, other: str) -> bool:
    """Whether each of two titles names a number that the other lacks: two notices of one template."""
    numbers, others = (set(re.findall(r"\d+", title)) for title in (one, other))
    return bool(numbers - others and others - numbers)
