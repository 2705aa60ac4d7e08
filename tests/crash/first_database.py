"""Makes a database in a new folder, and cuts the power at once; prints the version that is left of it.

A script of its own, since it forks.
"""

import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from crash_disk import Disk, Loss
from crash_tracer import run_traced

from syndicator.store.database import Database


def make(path: Path) -> int:
    Database(f"sqlite:///{path}")  # and not closed: as a kill leaves it
    return 0


def main(folder: Path) -> None:
    path = folder / "state" / "var" / "syndicator.db"
    disk = Disk(folder)
    run = run_traced(lambda: make(path), folder, None, disk)
    disk.cut_power(Loss.NAMES)
    assert run.exit_code == 0
    connection = sqlite3.connect(path)
    print(*connection.execute("SELECT version_num FROM alembic_version").fetchone())
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
