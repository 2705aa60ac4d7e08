"""Cuts sentences that are too long for a local model at their pauses, and joins the translations.

A model loses the end of what is too long for it without a word: 518 words became 79.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 100  # words
# From here on a pause is taken where there is one. Twelve made sentences of 24 clauses each, pt→en, lost 13
# clauses in parts of up to 100 words, and none in parts of up to 80.
COMFORTABLE = 70  # words
LONGEST_CHARACTERS = 1000  # words have no more than ten letters in the long run
LONGEST_WORD = 200  # characters; what is longer is no word of any language and goes through untouched

_END = re.compile(r"[\s.,;:!?…–—-]+$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a sentence; ``pause`` is the mark that ends it, "" where there is none."""

    text: str
    pause: str = ""
    untouched: bool = False  # it is no language; it stays as it is


def units(sentence: str) -> tuple[Unit, ...]:
    """Return a sentence in parts that a model takes; one part where it is short enough.

    Joining the texts with blanks gives the words of the sentence back.
    """
    words = sentence.split()
    if any(len(word) > LONGEST_WORD for word in words):
        return _around_long_words(words)
    return tuple(_cut(words))


def _around_long_words(words: Sequence[str]) -> tuple[Unit, ...]:
    parts: list[Unit] = []
    run: list[str] = []
    for word in words:
        if len(word) > LONGEST_WORD:
            parts += _cut(run)
            parts.append(Unit(word, untouched=True))
            run = []
        else:
            run.append(word)
    return (*parts, *_cut(run))


def _cut(words: Sequence[str]) -> list[Unit]:
    if not words:
        return []
    fits = len(words) <= LONGEST and sum(map(len, words)) + len(words) <= LONGEST_CHARACTERS
    if fits and len(words) <= COMFORTABLE:
        return [Unit(" ".join(words))]
    at = _best_cut(words)
    if fits and not _is_pause(words[at - 1]):
        return [Unit(" ".join(words))]
    pause = words[at - 1][-1] if _is_pause(words[at - 1]) else ""
    first = _cut(words[:at])
    first[-1] = Unit(first[-1].text, pause)
    return first + _cut(words[at:])


def _is_pause(word: str) -> bool:
    return word[-1] in ",;:" or word in {"-", "–", "—"}


def _best_cut(words: Sequence[str]) -> int:
    """Return the place nearest to the middle behind a pause, or the middle where there is none near it."""
    middle = len(words) // 2
    reach = max(1, len(words) // 3)
    places = [
        at
        for at in range(max(1, middle - reach), min(len(words), middle + reach + 1))
        if _is_pause(words[at - 1])
    ]
    strong = [at for at in places if words[at - 1][-1] in ";:"]
    return min(strong or places or [middle], key=lambda at: abs(at - middle))


def join(parts: Sequence[Unit], answers: Sequence[str]) -> str:
    """Return the translations of a sentence's parts as one sentence."""
    if len(parts) == 1:
        return answers[0]
    joined = ""
    for number, (part, answer) in enumerate(zip(parts, answers, strict=True)):
        text = answer.strip()
        if number and part.text[:1].islower():
            text = _continued(text)
        if number < len(parts) - 1 and not part.untouched:
            text = _END.sub("", text)
            if part.pause in {"-", "–", "—"}:
                text += f" {part.pause}"
            else:
                text += part.pause
        joined = f"{joined} {text}" if joined and text else joined + text
    return joined


def _continued(text: str) -> str:
    """Return a part that goes on with a sentence: the model made a sentence of it."""
    first = text.split(" ", 1)[0]
    if len(first) > 1 and first[1:].islower() and first[0].isupper() and not first.startswith("I'"):
        return first[0].lower() + text[1:]
    return text
