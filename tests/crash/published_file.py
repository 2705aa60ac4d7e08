"""Replaces a published file and is killed at each write-like system call of that; prints what was wrong.

A script of its own, since it forks.
"""

import json
import os
import shutil
import sys
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from crash_checks import FORMS
from crash_disk import Disk, Loss
from crash_tracer import run_traced

from syndicator.output.local import LocalTree

OLD, NEW = (f"<rss>{word}</rss>".encode() for word in ("старо " * 400, "ново " * 500))
PATH = "en/all.rss"
TRIALS = (
    *((loss, "") for loss in Loss),
    (Loss.DATA, "without fsync"),
    (Loss.NOTHING, "in place"),
)


def replace(root: Path, how: str) -> int:
    if how == "in place":
        os.replace = lambda source, target: Path(target).write_bytes(Path(source).read_bytes())
    LocalTree(root, compress=True).write(PATH, NEW)
    return 0


def found(root: Path, said: tuple[bytes, ...]) -> list[str]:
    file = root / PATH
    wrong = [] if file.read_bytes() in said else ["the file is neither the old nor the new one"]
    for suffix, reader in FORMS.items():
        form = file.with_name(file.name + suffix)
        try:
            if form.exists() and reader(form.read_bytes()) != file.read_bytes():
                wrong.append(f"{suffix} says something else than its file")
        except Exception as error:  # noqa: BLE001 - three packages' errors, all saying the same
            wrong.append(f"{suffix} cannot be read: {error!r}")
    return wrong


def tried(folder: Path, loss: Loss, how: str) -> dict[str, object]:
    """Kill at every call; return how many there are, and what was wrong after which."""
    start, work = folder / "start", folder / "work"
    wrong: list[str] = []
    for at in count(1):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(start, work)
        disk = Disk(work)
        run = run_traced(partial(replace, work, how), work, at, disk, without_fsync=how == "without fsync")
        disk.cut_power(loss)
        killed = run.killed_at is not None
        seen = found(work, (OLD, NEW) if killed else (NEW,))
        LocalTree(work, compress=True).write(PATH, NEW)
        LocalTree(work).sweep()
        seen += [f"then: {one}" for one in found(work, (NEW,))]
        here = sorted(path.name for path in (work / "en").iterdir())
        seen += [] if here == ["all.rss", "all.rss.br", "all.rss.gz", "all.rss.zst"] else [f"then: {here}"]
        wrong += [f"{run.killed_at or 'at the end'}: {one}" for one in seen]
        if not killed:
            return {"calls": at - 1, "wrong": wrong}
    raise AssertionError


def main(folder: Path) -> None:
    LocalTree(folder / "start", compress=True).write(PATH, OLD)
    told = {f"{loss.name} {how}".strip(): tried(folder, loss, how) for loss, how in TRIALS}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
