"""Kills the program at every write-like system call of whole cycles, and looks at what the next run makes of it.

    python benchmarks/crash_points.py [--points 600] [--jobs 1] [--stage NAME] [--loss kill|data|names] [--only K]

``syndicator once`` (before it, in some stages, an editor's command) runs in a process that is stopped before
each write, fsync, rename, link, unlink, truncation, creation of a file or folder, and change of mode or date
that concerns its folder (database, published tree, inbox). At a chosen one it is killed with SIGKILL. Every
second point also cuts the power: what no fsync had made durable is taken away (see crash_disk.py). Then the
visible tree is read as the web would read it, the same commands run to the end, and the result is compared
with a run that nobody disturbed.

Two controls must fail: the program with an fsync that does nothing, under a power cut, and the program with a
rename that copies instead, killed only. Exits with 1 where a point is violated or a control passes.
"""

import argparse
import gc
import os
import shutil
import signal
import sqlite3
import ssl
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

import brotli
from crash_checks import (
    Facts,
    Seen,
    against,
    changed_ids,
    committed,
    look_at,
    repeated,
    unfinished_in,
)
from crash_disk import Disk, Loss
from crash_site import NEWS, Log, World, serving, write_inbox, write_memory, write_world
from crash_tracer import Call, Traced, run_traced, why_not

from syndicator.cli import main as syndicator
from syndicator.store.schema import metadata

TIMEOUT = 600  # seconds for a run, which takes two
SETTLED = 25  # after every 25th point, one more run must find nothing to do
LOSSES = {"kill": Loss.NOTHING, "data": Loss.DATA, "names": Loss.NAMES}
Command = tuple[str, ...]
ONCE: Command = ("once", "--json")
STAGES = {
    "first": "the database is made; a first cycle",
    "edit": "an article is withdrawn, another one edited, a file comes to the inbox; a cycle",
    "upgrade": "the database has the first schema: backup, migration, a cycle",
    "erase": "an article is erased; a cycle",
    "import": "reviewed translations are imported; a cycle",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A moment in the life of an installation: from which state on, and what is run."""

    name: str
    commands: tuple[Command, ...]
    edited: bool = False  # what the site shows


@dataclass(frozen=True, slots=True)
class Point:
    stage: str
    at: int  # the call before which it is killed, from 1
    loss: Loss
    control: str = ""  # no-fsync, no-rename


@dataclass(frozen=True, slots=True)
class Result:
    point: Point
    call: str  # at which it was killed; "" where the run was over before
    violations: tuple[str, ...]
    lost: int = 0  # files that the power cut damaged


@dataclass(slots=True)
class Reference:
    """An undisturbed run of a stage."""

    calls: list[Call]
    facts: Facts
    seen: Seen
    inbox: list[str]
    exit_code: int


@dataclass(slots=True)
class Bench:
    """One worker: a folder, a site of its own, the states from which the stages start."""

    scratch: Path
    world: World
    references: dict[str, Reference] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        return self.scratch / "work"

    def start_of(self, stage: Stage) -> Path:
        return self.scratch / f"start-{stage.name}"

    # Running the program

    def run(self, commands: Sequence[Command]) -> int:
        """Run commands of the program in a forked child; return the last one's exit code."""
        child = os.fork()
        if child == 0:
            os._exit(self.child(commands))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def child(self, commands: Sequence[Command], prepare: Callable[[], None] = lambda: None) -> int:
        """What the child does: the program's own main function, as its script calls it."""
        signal.alarm(TIMEOUT)
        gc.disable()  # short-lived
        for descriptor, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(self.scratch / name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o644), descriptor)
        code = 70
        try:
            prepare()
            for command in commands:
                code = call_program(self.work / "syndicator.yaml", command)
        except BaseException:  # noqa: BLE001 - whatever it is, it is the run's end, and told
            traceback.print_exc()
            code = 70
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    def restore(self, start: Path) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(start, self.work)

    def keep(self, name: str) -> None:
        start = self.scratch / f"start-{name}"
        shutil.rmtree(start, ignore_errors=True)
        self.work.rename(start)

    def facts(self) -> Facts:
        return committed(self.work / "var/syndicator.db", self.scratch / "copy")

    def inbox(self) -> list[str]:
        folder = self.work / "inbox"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def last_words(self) -> str:
        return (self.scratch / "err").read_text("utf-8", "replace")[-600:]

    # The stages

    def prepare(self, names: Sequence[str]) -> None:
        """Make the state from which each stage starts, then run each once without a disturbance."""
        write_world(self.work, self.world.origin)
        self.keep("first")
        self.stages = {"first": Stage("first", (ONCE,))}
        if set(names) != {"first"}:
            self.settle()
        self.stages = {name: self.stages[name] for name in names}
        for stage in self.stages.values():
            self.references[stage.name] = self.refer(stage)

    def settle(self) -> None:
        """Run a first cycle, and make the states of the stages that come after it."""
        self.restore(self.scratch / "start-first")
        if self.run([ONCE]) != 0:
            raise SystemExit(f"the first cycle does not even work undisturbed:\n{self.last_words()}")
        ids = {key: public_id for (_, key), public_id in self.facts().articles.items()}
        self.keep("settled")
        for name in ("edit", "upgrade", "erase", "import"):
            self.restore(self.scratch / "start-settled")
            if name == "edit":
                write_inbox(self.work / "inbox", [NEWS])
            elif name == "upgrade":
                take_back(self.work / "var/syndicator.db", self.scratch / "old.db")
            elif name == "import":
                write_memory(self.work / "reviewed.tmx")
            self.keep(name)
        self.stages |= {
            "edit": Stage("edit", (("articles", "withdraw", ids["hor"]), ONCE), edited=True),
            "upgrade": Stage("upgrade", (ONCE,)),
            "erase": Stage("erase", (("articles", "erase", ids["hor"], "--yes"), ONCE)),
            "import": Stage("import", (("memory", "import", str(self.work / "reviewed.tmx")), ONCE)),
        }

    def refer(self, stage: Stage) -> Reference:
        self.begin(stage)
        start = self.facts()
        run = self.traced(stage, None, Disk(self.work), "")
        facts = self.facts()
        seen = look_at(self.work / "feeds", (start, facts))
        wrong = [*seen.wrong, *repeated(Log(), self.world.take_log(), start), facts.ill]
        if run.exit_code or any(wrong):
            raise SystemExit(
                f"{stage.name} does not even work undisturbed: {run.exit_code} {wrong}\n{self.last_words()}"
            )
        return Reference(run.calls, facts, seen, self.inbox(), run.exit_code)

    def begin(self, stage: Stage) -> None:
        self.restore(self.start_of(stage))
        self.world.show(edited=stage.edited)
        self.world.take_log()

    def traced(self, stage: Stage, at: int | None, disk: Disk, control: str) -> Traced:
        prepare = rename_by_copying if control == "no-rename" else lambda: None
        return run_traced(
            lambda: self.child(stage.commands, prepare),
            self.work,
            at,
            disk,
            without_fsync=control == "no-fsync",
        )

    # A point

    def measure(self, point: Point, *, settled: bool = False) -> Result:
        """Kill at a point, look, run to the end, look again."""
        stage, reference = self.stages[point.stage], self.references[point.stage]
        self.begin(stage)
        start, tree = self.facts(), self.work / "feeds"
        disk = Disk(self.work)
        run = self.traced(stage, point.at, disk, point.control)
        if run.killed_at is None:
            ended = () if run.exit_code == reference.exit_code else (f"ended with {run.exit_code} unkilled",)
            return Result(point, "", ended)
        lost = disk.cut_power(point.loss)
        wrong: list[str] = []
        facts = self.facts()
        seen = look_at(tree, (start, facts))
        wrong += [f"after the kill: {one}" for one in (*seen.wrong, *([facts.ill] if facts.ill else []))]
        before = self.world.take_log()

        code = self.run(stage.commands)
        after = self.world.take_log()
        if code != reference.exit_code:
            wrong.append(f"the next run ended with {code}: {self.last_words()}")
        final = self.facts()
        whole = look_at(tree, (start, final))
        wrong += whole.wrong
        wrong += repeated(before, after, facts)
        wrong += against((reference.facts, reference.seen), final, whole)
        wrong += changed_ids((start, facts), seen, final, whole)
        wrong += [f"left behind: {path}" for path in unfinished_in(tree)]
        wrong += [final.ill] if final.ill else []
        if self.inbox() != reference.inbox:
            wrong.append(f"the inbox holds {self.inbox()}, not {reference.inbox}")
        if settled:
            wrong += self.disturbances(tree)
        return Result(point, str(run.killed_at), tuple(wrong), lost)

    def disturbances(self, tree: Path) -> Iterator[str]:
        """What one more cycle does, which should do nothing."""
        before = dates(tree)
        code = self.run([ONCE])
        log = self.world.take_log()
        if code or log.engine:
            yield f"one more cycle ended with {code} and asked {log.engine}"
        if touched := {path for path, date in dates(tree).items() if before.get(path) != date}:
            yield f"one more cycle touched {sorted(touched)}"


def dates(tree: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in tree.rglob("*") if path.is_file()}


def call_program(config: Path, command: Command) -> int:
    sys.argv = ["syndicator", "-c", str(config), *command]
    try:
        syndicator()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    return 0


def rename_by_copying() -> None:
    """The control: files are put in place by writing them there."""

    def copy(source: str, target: str) -> None:
        shutil.copyfile(source, target)
        shutil.copystat(source, target)
        Path(source).unlink()

    os.replace = os.rename = copy  # type: ignore[assignment]


def take_back(database: Path, scratch: Path) -> None:
    """Make a database of the first schema, with all rows that it could hold."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    import syndicator.store.migrations as migrations

    engine = create_engine(f"sqlite:///{scratch}")
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)))
    with engine.begin() as connection:
        config.attributes.update(connection=connection, metadata=metadata)
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(scratch)) as old:
        old.execute("ATTACH ? AS new", (str(database),))
        tables = [name for (name,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table == "alembic_version":
                continue
            columns = [row[1] for row in old.execute(f"PRAGMA main.table_info({table})")]
            listed = ", ".join(f'"{name}"' for name in columns)
            old.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM new.{table}")
        old.commit()
        old.execute("DETACH new")
        old.execute("PRAGMA journal_mode=WAL")
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    scratch.rename(database)


# All points


def spread(total: int, wanted: int) -> list[int]:
    """Evenly chosen numbers of 1 … total; all where so many are wanted."""
    if wanted >= total:
        return list(range(1, total + 1))
    return [int((number + 0.5) * total / wanted) + 1 for number in range(wanted)]


def plan(references: dict[str, Reference], wanted: int, losses: Sequence[Loss]) -> list[Point]:
    """The points of all stages in proportion to their calls; the losses take turns."""
    total = sum(len(reference.calls) for reference in references.values())
    points = []
    for name, reference in references.items():
        share = max(1, round(wanted * len(reference.calls) / total))
        points += [
            Point(name, at, losses[number % len(losses)])
            for number, at in enumerate(spread(len(reference.calls), share))
        ]
    return points


def plan_controls(bench: Bench, wanted: int) -> list[Point]:
    """Points of the first stage under each control, which makes other calls than the program itself.

    Without fsync anything may be lost at any point. Without rename something is broken while a visible file
    is being filled, a few hundred calls of two thousand, so those are tried.
    """
    if not wanted:
        return []
    stage = next(iter(bench.stages.values()))
    calls = {}
    for control in ("no-fsync", "no-rename"):
        bench.begin(stage)
        calls[control] = bench.traced(stage, None, Disk(bench.work), control).calls
    filled = [at for at, call in enumerate(calls["no-rename"], 1) if fills_visible_file(call)]
    return [
        *(Point(stage.name, at, Loss.DATA, "no-fsync") for at in spread(len(calls["no-fsync"]), wanted)),
        *(Point(stage.name, filled[at - 1], Loss.NOTHING, "no-rename") for at in spread(len(filled), wanted)),
    ]


def fills_visible_file(call: Call) -> bool:
    path = Path(call.path)
    is_visible = call.path.startswith("feeds/") and not path.name.startswith(".")
    return is_visible and call.name in ("write", "sendfile", "copy_file_range")


def work_off(given: argparse.Namespace, number: int, tell: Connection) -> None:
    """One worker: every ``jobs``-th point, each told as soon as it is measured."""
    with tempfile.TemporaryDirectory(prefix="crash-points-", dir=given.folder) as scratch, serving() as world:
        bench = Bench(Path(scratch).resolve(), world)
        bench.prepare(given.stage or tuple(STAGES))
        tell.send({name: reference.calls for name, reference in bench.references.items()})
        losses = [LOSSES[given.loss]] if given.loss else [Loss.NOTHING, Loss.DATA, Loss.NOTHING, Loss.NAMES]
        if given.only:
            points = [
                Point(name, given.only, loss) for name in bench.stages for loss in dict.fromkeys(losses)
            ]
        else:
            points = plan(bench.references, given.points, losses)
            points += plan_controls(bench, given.controls)
        for at, point in enumerate(points):
            if at % given.jobs == number:
                tell.send((bench.measure(point, settled=at % SETTLED == 0), len(points)))
    tell.send(None)


@contextmanager
def workers(given: argparse.Namespace) -> Iterator[list[Connection]]:
    context = get_context("fork")
    pipes, processes = [], []
    for number in range(given.jobs):
        ours, theirs = context.Pipe(duplex=False)
        # Not a daemon: it has a child of its own, the site.
        process = context.Process(target=work_off, args=(given, number, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    finally:
        for process in processes:
            process.join()


def collect(given: argparse.Namespace) -> tuple[dict[str, list[Call]], list[Result]]:
    """Let the workers measure; tell of progress and of each violation at once."""
    calls: dict[str, list[Call]] = {}
    results: list[Result] = []
    began = time.monotonic()
    with workers(given) as pipes:
        open_pipes = list(pipes)
        while open_pipes:
            for pipe in wait(open_pipes):
                assert isinstance(pipe, Connection)
                try:
                    told = pipe.recv()
                except EOFError:
                    raise SystemExit("a worker has ended before its time; see above") from None
                if told is None:
                    open_pipes.remove(pipe)
                elif isinstance(told, dict):
                    calls |= told
                else:
                    results.append(told[0])
                    show(told[0], len(results), told[1], time.monotonic() - began, given.verbose)
    return calls, results


def show(result: Result, number: int, of: int, seconds: float, verbose: bool) -> None:
    point = result.point
    if (result.violations and not point.control) or verbose:
        where = (
            f"{point.control} {point.stage} {point.at} ({result.call or 'over before'}), {point.loss.value}"
        )
        print(f"{where.strip()}: {'; '.join(result.violations) or 'fine'}", flush=True)
    if sys.stderr.isatty() or number % 20 == 0:
        print(f"{number} of {of} points, {seconds:.0f} s", file=sys.stderr, flush=True)


def print_table(calls: dict[str, list[Call]], results: Sequence[Result]) -> bool:
    """Print what came out; return whether all is as it must be."""
    print(f"\n{'stage':<10}{'what is lost':<26}{'calls':>7}{'points':>8}{'violated':>10}")
    own = [result for result in results if not result.point.control]
    groups = Counter((result.point.stage, result.point.loss) for result in own)
    for (stage, loss), count in groups.items():
        violated = sum(
            bool(result.violations)
            for result in own
            if (result.point.stage, result.point.loss) == (stage, loss)
        )
        print(f"{stage:<10}{loss.value:<26}{len(calls[stage]):>7}{count:>8}{violated:>10}")
    violated = sum(bool(result.violations) for result in own)
    total = sum(map(len, calls.values()))
    print(f"{'all':<36}{total:>7}{len(own):>8}{violated:>10}")
    print("\n" + "".join(f"  {stage}: {STAGES[stage]}\n" for stage in calls), end="")
    over = sum(not result.call for result in own)
    print(f"\n{over} runs were over before their point. Calls killed at:")
    names = Counter(result.call.split(" ")[0] for result in own if result.call)
    print(", ".join(f"{name} {count}" for name, count in names.most_common()))
    caught = True
    for control in dict.fromkeys(result.point.control for result in results if result.point.control):
        tried = [result for result in results if result.point.control == control]
        failing = [result for result in tried if result.violations]
        caught &= bool(failing)
        print(f"control {control}: {len(failing)} of {len(tried)} points violated (at least one must be)")
        if failing:
            print(f"  for example at {failing[0].call}: {failing[0].violations[0]}")
    return not violated and caught


def make_cheap() -> None:
    """Spare each run what has no part in the question: reading the certificates, the best compression."""
    ssl.create_default_context = cache(ssl.create_default_context)
    compress = brotli.compress
    brotli.compress = lambda data, **_: compress(data, quality=1)


def warm_up() -> None:
    """Import all that a cycle needs, once for all children, by running one."""
    make_cheap()
    with tempfile.TemporaryDirectory(prefix="crash-points-") as scratch, serving() as world:
        config = write_world(Path(scratch) / "work", world.origin)
        kept = [os.dup(descriptor) for descriptor in (1, 2)]
        quiet = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(quiet, descriptor)
        code = call_program(config, ONCE)
        for descriptor, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, descriptor)
            os.close(copy)
        os.close(quiet)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    while threading.active_count() > 1:  # the pollers end by themselves
        time.sleep(0.01)
    gc.collect()
    gc.freeze()
    if code:
        raise SystemExit(f"the cycle that warms up ended with {code}")


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=600)
    parser.add_argument("--controls", type=int, default=12, help="points of each control")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--stage", action="append", choices=tuple(STAGES))
    parser.add_argument("--loss", choices=tuple(LOSSES))
    parser.add_argument("--only", type=int, help="this point alone, in each stage that is asked for")
    parser.add_argument("--verbose", action="store_true")
    default = Path("/dev/shm")
    parser.add_argument("--folder", type=Path, default=default if os.access(default, os.W_OK) else None)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    given = options(arguments)
    if reason := why_not():
        print(reason, file=sys.stderr)
        return 2
    os.environ |= {"LC_ALL": "C.UTF-8", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    warm_up()
    calls, results = collect(given)
    return 0 if print_table(calls, results) else 1


if __name__ == "__main__":
    sys.exit(main())
