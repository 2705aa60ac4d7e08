"""What one article's look-up costs in a memory of ten thousand segments and in one of a million.

    python benchmarks/memory_size.py [--segments 1000000]

Prints CPU times and their ratio for each kind of look-up: exact, but for numerals, nearest. Floor: the large
memory costs less than 3.5 times the small one. Both are filled with the same made-up sentences, whose words
are as unevenly frequent as those of a language (Zipf). The program's own import fills the small one; the large
one is filled in bulk, with the same keys, masks and marks, in the order of the indexes (a B-tree of random keys
filled in any other order is mostly waiting for pages), after a check that both ways fill the same tables.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from syndicator.model import Pair
from syndicator.store.database import Database
from syndicator.store.memory import key
from syndicator.store.memory_index import mask_key
from syndicator.store.store import SqlMemory
from syndicator.translation.likeness import marks
from syndicator.translation.segment import normalised
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


def import_all(database: Database, count: int) -> None:
    units = (MemoryUnit("bg", "en", text, f"Translation of {text}") for text in sentences(count))
    memory = SqlMemory(database, "f", NOW)
    memory.import_stream(units, str(count))
    memory.similar(Pair("bg", "en"), ["x"])  # whoever asks first has the marks made


def fill(database: Database, count: int) -> None:
    """Fill the memory as an import would, but in bulk."""
    now = NOW.replace(tzinfo=None).isoformat(" ", "microseconds")
    with sqlite3.connect(database.path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute("PRAGMA temp_store=FILE")
        connection.execute("CREATE TEMP TABLE told (key TEXT, segment TEXT, mask TEXT)")
        connection.execute("CREATE TEMP TABLE marked (mark INTEGER, key TEXT)")
        waiting = sentences(count)
        while group := list(islice(waiting, 5000)):
            rows = [(key(text), text, mask_key(text)) for text in group]
            connection.executemany("INSERT INTO told VALUES (?, ?, ?)", rows)
            found = [(mark, row[0]) for row in rows for mark in marks(normalised(row[1]), "bg")]
            connection.executemany("INSERT INTO marked VALUES (?, ?)", found)
        connection.execute(
            """INSERT OR IGNORE INTO memory
            (source, target, key, reviewed, segment, answer, origin, helper, warning, created, mask, marked)
            SELECT 'bg', 'en', key, 1, segment, 'Translation of ' || segment, 'reviewed', 0, '', ?, mask, 1
            FROM told ORDER BY key""",
            (now,),
        )
        connection.execute(
            "INSERT OR IGNORE INTO memory_marks SELECT mark, key FROM marked ORDER BY mark, key"
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def are_filled_alike(folder: Path, count: int = 300) -> bool:
    """Whether bulk and import give the same tables."""
    told = []
    for way in (import_all, fill):
        with Database(f"sqlite:///{folder}/{way.__name__}.db") as database:
            way(database, count)
            with sqlite3.connect(database.path) as connection:
                told.append(
                    [
                        sorted(connection.execute("SELECT * FROM memory")),
                        sorted(connection.execute("SELECT * FROM memory_marks")),
                    ]
                )
    return told[0] == told[1]


def measured(folder: Path, size: int) -> dict[str, float]:
    with Database(f"sqlite:///{folder}/{size}.db") as database:
        memory = SqlMemory(database, "f", NOW)
        started = time.process_time()
        (import_all if size == SMALL else fill)(database, size)
        took = time.process_time() - started
        file = database.path.stat().st_size / 2**20
        print(f"{size:>9} segments: filled in {took:.0f} s, {file:.0f} MiB", flush=True)
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
        assert are_filled_alike(Path(folder))
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
