"""What one article's look-up costs in a memory of ten thousand segments and in one of a million.

    python benchmarks/memory_size.py [--segments 1000000]

Prints CPU times and their ratio for each kind of look-up: exact, but for numerals, nearest. Floor: the large
memory costs less than 3.5 times the small one. Both are filled with the same made-up sentences, whose words
are as unevenly frequent as those of a language (Zipf), through the program's own import.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from syndicator.model import Pair
from syndicator.store.database import Database
from syndicator.store.store import SqlMemory
from syndicator.translation.tmx import MemoryUnit

FLOOR, SMALL, ARTICLE, ROUNDS = 3.5, 10_000, 30, 15
PAIR = Pair("bg", "en")
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SYLLABLES = [one + two for one in "бвгдзклмнпрстхцчш" for two in "аеиоуъ"]


def vocabulary(chance: random.Random, size: int = 20_000) -> tuple[list[str], list[float]]:
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(size)]
    total, sums = 0.0, []
    for rank in range(1, size + 1):
        total += 1 / rank
        sums.append(total)
    return words, sums


def sentences(count: int) -> Iterator[str]:
    chance = random.Random(7)
    words, sums = vocabulary(chance)
    for _ in range(count):
        chosen = chance.choices(words, cum_weights=sums, k=chance.randint(6, 22))
        if chance.random() < 0.3:
            chosen.insert(3, str(chance.randint(2, 2030)))
        yield " ".join(chosen).capitalize() + "."


def asked(count: int) -> list[str]:
    """Return an article: known sentences, ones with another number, ones with another word, new ones."""
    known = [text for text in sentences(SMALL) if any(character.isdigit() for character in text)][:count]
    chance = random.Random(11)
    made = []
    for number, text in enumerate(known):
        words = text.split()
        if number % 3 == 1:
            words[3] = str(chance.randint(2, 2030))
        elif number % 3 == 2:
            words[-2] = "съвсемново"
        made.append(" ".join(words))
    return made


def cpu(function: Callable[[], object]) -> float:
    function()
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        function()
        times.append(time.process_time() - started)
    return statistics.median(times)


def measured(folder: Path, size: int) -> dict[str, float]:
    with Database(f"sqlite:///{folder}/{size}.db") as database:
        memory = SqlMemory(database, "f", NOW)
        started = time.process_time()
        units = (MemoryUnit("bg", "en", text, f"Translation of {text}") for text in sentences(size))
        memory.import_stream(units, str(size))
        took = time.process_time() - started
        print(f"{size:>9} segments: imported in {took:.0f} s, {database.path.stat().st_size / 2**20:.0f} MiB")
        article = asked(ARTICLE)
        return {
            "exact": cpu(lambda: memory.lookup(PAIR, article)),
            "but for numerals": cpu(lambda: memory.but_for_numerals(PAIR, article)),
            "nearest": cpu(lambda: memory.similar(PAIR, article)),
        }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--segments", type=int, default=1_000_000)
    large = options.parse_args().segments
    with tempfile.TemporaryDirectory(prefix="memory-size-") as folder:
        few, many = measured(Path(folder), SMALL), measured(Path(folder), large)
    few["one article"], many["one article"] = sum(few.values()), sum(many.values())
    for name in few:
        ratio = many[name] / few[name]
        print(f"{name:>17}: {1000 * few[name]:6.2f} ms → {1000 * many[name]:6.2f} ms, × {ratio:.2f}")
    ratio = many["one article"] / few["one article"]
    print(f"ratio {ratio:.2f}, floor {FLOOR}: {'reached' if ratio < FLOOR else 'MISSED'}")
    return 0 if ratio < FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
