"""Measures whether every article arrives from an engine that fails in every way at once, and nothing wrong shows.

    python benchmarks/faulty_engine.py CORPUS [--replay replay_mt.py] [--articles 24] [--share 0.1] [--keep DIR]

Each fault strikes with the same probability: error 500, error 429 and a hang (longer than the engine's
timeout) per request; the source for a translation, nothing, a third of the sentence, a changed digit, lost
placeholders and babble per text. Cycle after cycle is run with ``once``, nothing is done by hand, and after
each one every sentence of every published entry is compared with the recorded answer. Exits with 1 where a
figure is below its floor.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from recorded import Recorded
from score_sheet import Row, exact_row, table
from whole_line import Bench, bench, measure_faults, options, print_reasons

PER_REQUEST = ("error500", "error429", "hang")
PER_TEXT = ("echo", "empty", "truncate", "numbers", "drop_placeholders", "garbage")
HANG, TIMEOUT = 3.0, "2s"  # seconds that the engine hangs; the longest time that it is given
LANGUAGES = ("bg", "en", "it")


def impatient(bench: Bench) -> None:
    """Give the engine less time than it hangs, or a hang would be a slow answer only."""
    config = bench.program.config
    text = config.read_text("utf-8")
    config.write_text(re.sub(r"(max_characters: \d+)\}", rf"\1, timeout: {TIMEOUT}}}", text), "utf-8")


def measure(bench: Bench) -> tuple[list[Row], list[str]]:
    """Run the cycles; also count what would have needed a person."""
    impatient(bench)
    rows, reasons = measure_faults(bench)
    last = bench.program.once().report.get("translations", {})
    waiting = {state: last.get(state, -1) for state in ("held", "failed")}
    return [
        *rows,
        exact_row("faults: waiting for a person at the end", waiting, {"held": 0, "failed": 0}),
    ], reasons


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--share", type=float, default=0.1)
    own, rest = parser.parse_known_args(arguments)
    given = options(rest if "--articles" in rest else [*rest, "--articles", "24"])
    faults = {**dict.fromkeys((*PER_REQUEST, *PER_TEXT), own.share), "hang_s": HANG}
    recorded = Recorded.load(given.replay, given.corpus)
    with tempfile.TemporaryDirectory(prefix="faulty-engine-") as scratch:
        folder = (given.keep or Path(scratch)).resolve()
        with bench(recorded, given, folder / "faults", faults) as faulty:
            rows, reasons = measure(faulty)
    print(table(rows, LANGUAGES))
    print_reasons(reasons)
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
