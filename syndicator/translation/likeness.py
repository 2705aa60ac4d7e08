"""Under which marks a segment is found again by one that reads nearly the same.

Each segment has a few marks: hashes of pairs of neighbouring word stems, of which the smallest ones count (a
bottom-k sketch: A. Broder, 1997). Two segments that share most of their words share marks, however many more
there are; the store looks marks up in an index and never reads through the memory. Numbers are no part of a
mark, and of a word only its beginning: Bulgarian inflects at the end.
"""

import hashlib
import re
from itertools import pairwise

from rapidfuzz import fuzz

STEM = 5  # letters
LEAST_WORD = 4  # letters; shorter ones are in every sentence
MARKS_KEPT = 6
MARKS_ASKED = 10
NEAR = 70  # per cent alike: less helps neither an editor nor a language model

_WORD = re.compile(r"[^\W\d_]+")


def marks(segment: str, language: str, most: int = MARKS_KEPT) -> tuple[int, ...]:
    """Return the marks of a segment in a language, the smallest first: whole numbers of 63 bits."""
    stems = [word[:STEM] for word in _WORD.findall(segment.casefold()) if len(word) >= LEAST_WORD]
    pairs = [f"{one} {other}" for one, other in pairwise(stems)]
    if len(stems) < 4:  # a heading: one changed word would take every pair
        pairs += stems
    return tuple(sorted({_hash(f"{language} {pair}") for pair in pairs})[:most])


def likeness(one: str, other: str) -> int:
    """Return how much two normalised segments are alike, in per cent."""
    return int(fuzz.ratio(one.casefold(), other.casefold()))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
