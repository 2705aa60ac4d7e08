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

from syndicator.translation.check import check

PER_REQUEST = ("error500", "error429", "hang")
PER_TEXT = ("echo", "empty", "truncate", "numbers", "drop_placeholders", "garbage")
HANG, TIMEOUT = 3.0, "2s"  # seconds that the engine hangs; the longest time that it is given
LANGUAGES = ("bg", "en", "it")


def impatient(bench: Bench) -> None:
    """Give the engine less time than it hangs, or a hang would be a slow answer only."""
    config = bench.program.config
    text = config.read_text("utf-8")
    config.write_text(re.sub(r"(max_characters: \d+)\}", rf"\1, timeout: {TIMEOUT}}}", text), "utf-8")


def leave_out_refused(recorded: Recorded) -> list[str]:
    """Leave out the lines of which the recorded answers themselves are refused; return those segments.

    They are held with an engine that never fails, too, and rightly: a number is gone, or half of a sentence.
    """
    refused = [
        source
        for (origin, target), answers in recorded.memory.known.items()  # type: ignore[attr-defined]
        for source, answer in answers.items()
        if origin == "bg" and check(source, answer, origin, target).blocks
    ]
    plain = recorded.replay.plain_form
    recorded.lines = [line for line in recorded.lines if not any(one in plain(line) for one in refused)]
    return refused


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
    for segment in leave_out_refused(recorded):
        print(f"left out, its recorded answer is refused: {segment[:90]}")
    with tempfile.TemporaryDirectory(prefix="faulty-engine-") as scratch:
        folder = (given.keep or Path(scratch)).resolve()
        with bench(recorded, given, folder / "faults", faults) as faulty:
            rows, reasons = measure(faulty)
    print(table(rows, LANGUAGES))
    print_reasons(reasons)
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
