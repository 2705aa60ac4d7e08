"""Measures how the time of every pattern of ours grows with hostile text: linear ones double, others explode.

``python benchmarks/patterns.py [LENGTH]``. Each compiled pattern of the modules that read what others wrote is
searched in texts made to make it try again and again: of the words, marks and digits that patterns look for,
repeated and broken off at the end. Prints the worst growth of CPU time from one length to twice that.
Floor: 3 (2 is linear, 4 is quadratic).
"""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator

import syndicator.extract
import syndicator.fetch
import syndicator.text
from syndicator.extract.boilerplate import _LONGEST_CONTACT, RULES
from syndicator.extract.cleaning import _GLUED
from syndicator.extract.dates import LONGEST

MOST_GROWTH = 3.0
LENGTH = 4_000  # characters; lines that rules are asked about are shorter, and cut to their longest
MOST_WORDS = 1_000  # characters of texts in which a pattern's own words are tried, too
NOTICEABLE = 0.002  # CPU seconds: below it growth is chance
PIECES = (
    *(
        "а",
        "А",
        "1",
        " ",
        "\n",
        ".",
        ",",
        ":",
        "-",
        "«",
        "(",
        "[",
        "<",
        ">",
        "/",
        "|",
        "@",
        "#",
        "…",
        "\u00a0",
    ),
    *(
        "а ",
        "А ",
        "1 ",
        ". ",
        ", ",
        "1.",
        "1:",
        "а.",
        "а@",
        "а-",
        "а/",
        "<a",
        "<a ",
        "&a",
        "А а ",
        "Аа ",
        "Аа, ",
    ),
    *(
        "www.",
        "http://",
        "снимка: ",
        "автор: ",
        "текст ",
        "споделете ",
        "прочетена ",
        "прегледа ",
        "коментари ",
    ),
    *(
        "още новини ",
        "вижте ",
        "на 1 ",
        "от ",
        "за ",
        "публикувана на ",
        "12.03.2026 ",
        "12 март ",
        "г. ",
        "© ",
    ),
    *(
        "facebook ",
        "бисквитки ",
        "сайта ",
        "тагове ",
        "източник ",
        "адрес ",
        "тел. ",
        "ул. ",
        "следвайте ни ",
    ),
    *(
        "the post ",
        "appeared first on ",
        "read more ",
        "...",
        ">>",
        "[]",
        "{}",
        '"',
        "'",
        "„",
        "”",
        "=",
        "\t",
    ),
)
BOUNDED = {  # characters of the longest text that patterns of a module are asked about
    "syndicator.extract.boilerplate": _LONGEST_CONTACT,
    "syndicator.extract.cleaning": _GLUED,
    "syndicator.extract.dates": LONGEST,
    "syndicator.extract.documents": 200,
}
ENDS = ("!", "ъ")


def patterns() -> Iterator[tuple[str, re.Pattern[str], int]]:
    """Yield every text pattern of the modules that read others' text, with its name and longest text.

    Those of :mod:`syndicator.extract.boilerplate` describe whole lines and are asked about those only.
    """
    seen: set[str] = set()
    for rule in RULES:
        seen.add(rule.pattern.pattern)
        yield f"RULES[{rule.name}]", rule.pattern, rule.longest
    for package in (syndicator.extract, syndicator.text, syndicator.fetch):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for name, value in sorted(vars(importlib.import_module(module.name)).items()):
                for one in value if isinstance(value, tuple) else (value,):
                    is_text = isinstance(one, re.Pattern) and isinstance(one.pattern, str)
                    if is_text and one.pattern not in seen:
                        seen.add(one.pattern)
                        longest = BOUNDED.get(module.name, sys.maxsize)
                        yield f"{module.name.removeprefix('syndicator.')}.{name}", one, longest


def words_of(pattern: re.Pattern[str]) -> list[str]:
    """Return the words that a rule looks for, each with a blank: in rows, some can be read in two ways."""
    return [f"{word} " for word in dict.fromkeys(re.findall(r"[а-яa-z]+", pattern.pattern))]


def hostile_texts(length: int, words: Iterable[str]) -> Iterator[str]:
    """Yield texts of a length: one piece again and again, or two in turns, and then an end that fits badly."""
    for piece in (*PIECES, *words):
        for end in ENDS:
            yield (piece * (length // len(piece) + 1))[:length] + end


def seconds(pattern: re.Pattern[str], text: str, whole: bool) -> float:
    """Return the CPU time of searching a text, or of matching all of it."""
    start = time.process_time()
    if whole:
        pattern.fullmatch(text)
    else:
        pattern.search(text)
    return time.process_time() - start


def growth(pattern: re.Pattern[str], longest: int, length: int, whole: bool) -> tuple[float, float, str]:
    """Return the worst growth from a length to twice that, with the seconds and the text of the longer."""
    worst = (0.0, 0.0, "")
    length = min(length, longest // 2)
    words = words_of(pattern) if longest < MOST_WORDS else []
    for short, long in zip(hostile_texts(length, words), hostile_texts(2 * length, words), strict=True):
        spent = seconds(pattern, long, whole)
        if spent >= NOTICEABLE:
            worst = max(
                worst, (spent / max(seconds(pattern, short, whole), NOTICEABLE / 8), spent, long[:30])
            )
    return worst


def main(length: int = LENGTH) -> int:
    """Print the patterns that grow faster than linearly; exit with 1 where there are any."""
    count = 0
    bad = []
    for name, pattern, longest in patterns():
        count += 1
        factor, spent, text = growth(pattern, longest, length, "boilerplate" in name or "RULES" in name)
        if factor > MOST_GROWTH:
            bad.append(name)
            print(f"{factor:6.1f} times  {spent * 1000:8.1f} ms  {name}  {text!r}")
    print(
        f"{count} patterns, {len(bad)} grow faster than {MOST_GROWTH} times from {length} characters to twice that"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
