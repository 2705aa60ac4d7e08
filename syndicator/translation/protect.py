"""Hides from an engine what it must not touch: addresses, handles, names that stay as they are.

Each is replaced by a short token that engines carry over ("XQ7": survives always alone, 94 times in 100 with
two or three in a sentence; brackets, braces and emoji do not). A token that does not come back exactly once
means that the sentence has to be asked again without masks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_ADDRESS = r"""
    https?://[^\s<>"„“”]+[^\s<>"„“”.,;:!?)\]»]
    | www\.[^\s<>"„“”]+[^\s<>"„“”.,;:!?)\]»]
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<![\w/])@\w{2,}
    """
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_TOKEN_LETTERS = "QZWKVJ"  # rare in all our languages, so a token is no word of any


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with tokens in place of what must stay, and what each stands for."""

    text: str
    tokens: tuple[tuple[str, str], ...] = ()

    def restore(self, answer: str) -> str | None:
        """Return the answer with the originals put back; None where a token is lost or doubled."""
        for token, original in self.tokens:
            if len(re.findall(rf"\b{token}\b", answer)) != 1:
                return None
            answer = re.sub(rf"\b{token}\b", lambda _, original=original: original, answer)
        return answer


def mask(text: str, keep: Iterable[str] = ()) -> Masked:
    """Hide addresses and the given terms (whole words, case as given) of a plain text."""
    tokens: list[tuple[str, str]] = []

    def replace(match: re.Match[str]) -> str:
        token = _token(len(tokens), text)
        tokens.append((token, match.group()))
        return token

    masked = _protected(keep).sub(replace, text)
    if not _LETTER.search(_without(masked, tokens)):
        return Masked(text)  # nothing but names and addresses: tokens alone would be no text to translate
    return Masked(masked, tuple(tokens))


def needs_no_translation(text: str, source_is_cyrillic: bool, keep: Iterable[str] = ()) -> bool:
    """Whether a text can be published as it is in any language.

    So can numbers, addresses and kept names; and in a Cyrillic article what is not in Cyrillic at all:
    "INTERREG Europe 2014–2020", a quoted English title.
    """
    rest = _protected(keep).sub(" ", text)
    return not (_CYRILLIC if source_is_cyrillic else _LETTER).search(rest)


def _protected(keep: Iterable[str]) -> re.Pattern[str]:
    terms = sorted({term for term in keep if term}, key=len, reverse=True)
    return _compiled(tuple(terms))


@lru_cache(maxsize=16)
def _compiled(terms: tuple[str, ...]) -> re.Pattern[str]:
    words = [r"(?<!\w)" + r"\s+".join(map(re.escape, term.split())) + r"(?!\w)" for term in terms]
    return re.compile("|".join([f"(?x:{_ADDRESS})", *words]))


def _without(masked: str, tokens: list[tuple[str, str]]) -> str:
    for token, _ in tokens:
        masked = masked.replace(token, " ")
    return masked


def _token(index: int, text: str) -> str:
    """Return the index-th token that does not occur in the text."""
    number = index
    while True:
        token = f"X{_TOKEN_LETTERS[number % len(_TOKEN_LETTERS)]}{7 - number % 6}{number // 36 or ''}"
        if token not in text:
            return token
        number += 36
