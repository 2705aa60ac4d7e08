"""Hides from an engine what it must not touch: addresses, handles, names that stay as they are.

Each is replaced by a short token that engines carry over ("XQ7": survives always alone, 94 times in 100 with
two or three in a sentence; brackets, braces and emoji do not). A token that does not come back exactly once
means that the sentence has to be asked again without masks.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

_ADDRESS = r"""
    (?<![\w/])https?://[^\s<>"„“”]+[^\s<>"„“”.,;:!?)\]»]
    | (?<![\w/])www\.[^\s<>"„“”]+[^\s<>"„“”.,;:!?)\]»]
    | (?<![\w.+@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<![\w/])@\w{2,}
    """
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_RARE_LETTERS = "QZWKVJ"  # in all our languages, so a token is no word of any


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
            answer = re.sub(rf"\b{token}\b", _always(original), answer)
        return answer


def mask(text: str, keep: Iterable[str] = ()) -> Masked:
    """Hide addresses and the given terms (whole words, case as given) of a plain text."""
    tokens: list[tuple[str, str]] = []
    fresh = _tokens(text)

    def replace(match: re.Match[str]) -> str:
        token = next(fresh)
        tokens.append((token, match.group()))
        return token

    protected = _protected(text, keep)
    if protected is None:
        return Masked(text)
    masked = protected.sub(replace, text)
    if not _LETTER.search(_without(masked, tokens)):
        return Masked(text)  # nothing but names and addresses: tokens alone would be no text to translate
    hidden = Masked(masked, tuple(tokens))
    # Two that touch make one word of their tokens; such a text is asked as it is.
    return hidden if hidden.restore(masked) == text else Masked(text)


def needs_no_translation(text: str, source_is_cyrillic: bool, keep: Iterable[str] = ()) -> bool:
    """Whether a text can be published as it is in any language.

    So can numbers, addresses and kept names; and in a Cyrillic article what is not in Cyrillic at all:
    "INTERREG Europe 2014–2020", a quoted English title.
    """
    protected = _protected(text, keep)
    rest = text if protected is None else protected.sub(" ", text)
    return not (_CYRILLIC if source_is_cyrillic else _LETTER).search(rest)


def addresses(text: str) -> tuple[str, ...]:
    """Return the web and mail addresses and handles in a text, in order."""
    protected = _protected(text, ())
    return tuple(found.group() for found in protected.finditer(text)) if protected else ()


def _protected(text: str, keep: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds addresses and terms in a text; None where there are none, as nearly always."""
    terms = tuple(keep)
    if not terms and "@" not in text and "://" not in text and "www." not in text:
        return None
    return _compiled(terms)


@lru_cache(maxsize=16)
def _compiled(keep: tuple[str, ...]) -> re.Pattern[str]:
    terms = sorted({term for term in keep if term.strip()}, key=len, reverse=True)
    words = [r"(?<!\w)" + r"\s+".join(map(re.escape, term.split())) + r"(?!\w)" for term in terms]
    return re.compile("|".join([f"(?x:{_ADDRESS})", *words]))


def _without(masked: str, tokens: list[tuple[str, str]]) -> str:
    for token, _ in tokens:
        masked = masked.replace(token, " ")
    return masked


def _always(original: str) -> Callable[[re.Match[str]], str]:
    return lambda _: original


def _tokens(text: str) -> Iterator[str]:
    """Yield XQ7, XZ7 … XJ7, XQ8 …: tokens that do not occur in the text."""
    for digits in count(7):
        for letter in _RARE_LETTERS:
            token = f"X{letter}{digits}"
            if token not in text:
                yield token
