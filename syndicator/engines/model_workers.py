"""The engine processes of this machine: one per core, started on demand, killed when they hang.

Each is given one sentence at a time, and a second one to go on with. What a process held when it died or hung
is given to a fresh one; a sentence that breaks two processes is named as what it is, and the rest goes on.
"""

import contextlib
import json
import math
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from syndicator.engines import model_process
from syndicator.text.messages import tr

AHEAD = 2  # sentences that a process holds: one at work, one so that it never waits for us
GRACE = 60  # seconds beyond its time after which a process ends a sentence itself, should we be gone
TRIES = 2  # processes that one sentence may break
PROGRAM = Path(model_process.__file__)


class WorkError(Exception):
    """Work that did not get done; the engine gives it a name that operators know."""


class HungError(WorkError):
    """A sentence that two processes did not get done with in time."""


class BrokenError(WorkError):
    """A sentence that the engine breaks at."""


class DamagedModelError(WorkError):
    """A file of the model is not what its publisher made."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")
        self.file = file
        self.why = why


class StartError(WorkError):
    """No process can be started."""


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """A model as a process finds it."""

    folder: str
    model: str
    source: str
    target: str
    shortlist: str
    hashes: Mapping[str, str]

    def told(self) -> dict[str, object]:
        """Return what the process is told."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(eq=False, slots=True)
class _Job:
    """The sentences of one call."""

    model: str  # what a process is told of it, in JSON
    texts: Sequence[str]
    timeout: float  # of one sentence, in seconds
    todo: "deque[int]"
    answers: dict[int, str] = field(default_factory=dict)
    broke: dict[int, int] = field(default_factory=dict)
    error: WorkError | None = None

    @property
    def is_over(self) -> bool:
        """Whether every sentence has its answer, or none will get one any more."""
        return self.error is not None or len(self.answers) == len(self.texts)


@dataclass(eq=False, slots=True)
class _Worker:
    """One process and what it holds."""

    process: "subprocess.Popen[bytes]"
    held: "deque[tuple[_Job, int]]" = field(default_factory=deque)  # in the order of their answers
    since: float = 0.0  # when the sentence at work began, as far as we know
    buffer: bytearray = field(default_factory=bytearray)

    @property
    def output(self) -> int:
        """Where its answers come from."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    @property
    def ends(self) -> float:
        """When the sentence at work has taken too long."""
        return self.since + self.held[0][0].timeout


class ModelWorkers:
    """Owns the processes. ``close`` ends them, until they are needed again; so does its own end.

    Calls of several threads are served in their order: a process for which the first has nothing left goes on
    with the next. One of the threads talks to the processes for all, until its own call is served.
    """

    def __init__(self, processes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.processes = processes
        self._clock = clock
        self._turn = threading.Condition()
        self._jobs: list[_Job] = []
        self._server: _Job | None = None  # the one whose thread talks to the processes
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._bell, self._rung = socket.socketpair()  # who waits for the processes hears of a new call, too
        self._rung.setblocking(False)
        self._selector.register(self._rung, selectors.EVENT_READ)
        weakref.finalize(self, _end, self._workers, self._selector, self._bell, self._rung)

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [worker.process.pid for worker in self._workers]

    def close(self) -> None:
        """End the processes, once they have nothing to do."""
        with self._turn:
            self._turn.wait_for(lambda: not self._jobs)
            for worker in list(self._workers):
                self._dismiss(worker)

    def translate(self, texts: Sequence[str], model: ModelPlace, timeout: float) -> list[str]:
        """Return the sentences' translations in their order; ``timeout`` is for one sentence, in seconds.

        Raises WorkError.
        """
        # The longest first, so that all processes end at the same time.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        job = _Job(json.dumps(model.told()), texts, timeout, deque(order))
        try:
            with self._turn:
                self._jobs.append(job)
                if self._server is not None:
                    self._bell.send(b"!")
                self._turn.wait_for(lambda: job.is_over or self._server is None)
                if not job.is_over:
                    self._server = job
            if self._server is job:
                self._serve(job)
        finally:
            with self._turn:
                self._jobs = [one for one in self._jobs if one is not job]
                if self._server is job:
                    self._server = None
                self._turn.notify_all()
        if job.error is not None:
            raise job.error
        return [job.answers[index] for index in range(len(texts))]

    def _serve(self, job: _Job) -> None:
        """Talk to the processes, for all jobs, until this one is over."""
        try:
            for worker in [one for one in self._workers if not one.held and one.process.poll() is not None]:
                self._dismiss(worker)  # it was killed while it had nothing to do
            while not job.is_over:
                self._fill()
                self._collect()
        except BaseException:
            # Whatever was under way would be taken for the answers to what comes next.
            for worker in [worker for worker in self._workers if worker.held]:
                self._dismiss(worker)
            for one in self._jobs:
                one.todo = deque(index for index in range(len(one.texts)) if index not in one.answers)
            raise

    def _fill(self) -> None:
        """Give every process something to do, starting as many as there is work for."""
        for job in tuple(self._jobs):
            while job.todo and job.error is None:
                try:
                    worker = self._free_for(job)
                except StartError as error:
                    self._give_up(job, error)
                    break
                if worker is None:
                    return
                self._send(worker, job, job.todo.popleft())

    def _free_for(self, job: _Job) -> _Worker | None:
        """Return a process that may be given a job's next sentence; None: all hold enough."""
        free = min(self._workers, key=lambda worker: len(worker.held), default=None)
        if (free is None or free.held) and len(self._workers) < self.processes:
            return self._start()
        if free is None or len(free.held) >= AHEAD:
            return None
        if job.broke.get(job.todo[0]) and not free.held:
            self._dismiss(free)  # a second chance is one with a fresh process
            return self._start()
        return free

    def _start(self) -> _Worker:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        except OSError as error:
            raise StartError(
                tr("no engine process could be started: {reason}", reason=error.strerror)
            ) from error
        worker = _Worker(process)
        self._workers.append(worker)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)
        return worker

    def _send(self, worker: _Worker, job: _Job, index: int) -> None:
        if not worker.held:
            worker.since = self._clock()
        worker.held.append((job, index))
        text, most = json.dumps(job.texts[index]), math.ceil(job.timeout) + GRACE
        line = f'{{"id": {index}, "model": {job.model}, "text": {text}, "most": {most}}}\n'
        assert worker.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead: reading from it will tell
            worker.process.stdin.write(line.encode())

    def _collect(self) -> None:
        """Take in what the processes say within the time that the slowest may still take."""
        ends = min((worker.ends for worker in self._workers if worker.held), default=0.0)
        for key, _ in self._selector.select(max(0.0, ends - self._clock())):
            if key.data is None:
                self._rung.recv(64)
            else:
                self._read(key.data)
        now = self._clock()
        for worker in tuple(self._workers):
            if worker in self._workers and worker.held and now >= worker.ends:
                self._lost(worker, HungError)

    def _read(self, worker: _Worker) -> None:
        if worker not in self._workers:
            return  # it went with a job that another process was the end of
        said = os.read(worker.output, 1 << 16)
        if not said:
            self._lost(worker, BrokenError)
            return
        worker.buffer += said
        *lines, rest = worker.buffer.split(b"\n")
        worker.buffer = bytearray(rest)
        for line in lines:
            if worker in self._workers:
                self._take(worker, json.loads(line))

    def _take(self, worker: _Worker, answer: Mapping[str, object]) -> None:
        job, index = worker.held.popleft()
        worker.since = self._clock()
        if answer.get("error") == "damaged":
            self._give_up(job, DamagedModelError(str(answer["file"]), str(answer["why"])))
        elif answer.get("error"):
            self._again(job, index, BrokenError, str(answer["why"]))
        else:
            job.answers[index] = str(answer["text"])
        if job.is_over:
            self._tell()

    def _lost(self, worker: _Worker, error: type[WorkError]) -> None:
        """Give up a process that died or hung: the sentence at work may be why, those behind it are not."""
        held = deque(worker.held)
        self._dismiss(worker)
        if not held:
            return
        job, suspect = held.popleft()
        _put_back(held)
        self._again(job, suspect, error, tr("the engine process ended or hung"))

    def _again(self, job: _Job, index: int, error: type[WorkError], why: str) -> None:
        job.broke[index] = job.broke.get(index, 0) + 1
        if job.broke[index] >= TRIES:
            self._give_up(job, error(tr("“{text}”: {why}", text=_short(job.texts[index]), why=why)))
        else:
            job.todo.appendleft(index)

    def _give_up(self, job: _Job, error: WorkError) -> None:
        """End a job for which there is no hope, and the processes that are still at it."""
        job.error = error
        for worker in tuple(self._workers):
            if any(of is job for of, _ in worker.held):
                self._dismiss(worker)
                _put_back(worker.held)
        self._tell()

    def _tell(self) -> None:
        """Let the threads look whether their jobs are over."""
        with self._turn:
            self._turn.notify_all()

    def _dismiss(self, worker: _Worker) -> None:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        _kill(worker)


def _put_back(held: "deque[tuple[_Job, int]]") -> None:
    """Give what a process held to others."""
    for job, index in reversed(held):
        job.todo.appendleft(index)


def _kill(worker: _Worker) -> None:
    worker.process.kill()
    for stream in (worker.process.stdin, worker.process.stdout):
        assert stream is not None
        with contextlib.suppress(OSError):
            stream.close()
    worker.process.wait()


def _end(workers: list[_Worker], selector: selectors.BaseSelector, *bell: socket.socket) -> None:
    for worker in workers:
        worker.process.kill()  # all, before one is waited for
    while workers:
        _kill(workers.pop())
    selector.close()
    for end in bell:
        end.close()


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


_shared: "weakref.WeakValueDictionary[int, ModelWorkers]" = weakref.WeakValueDictionary()
_sharing = threading.Lock()


def shared_workers(processes: int | None = None) -> ModelWorkers:
    """Return the processes that all engines of this program share; the last engine to go ends them.

    ``processes``: how many, at most; None: as many as there are cores for this program.
    """
    count = processes or len(os.sched_getaffinity(0))
    with _sharing:
        workers = _shared.get(count)
        if workers is None:
            workers = ModelWorkers(count)
            _shared[count] = workers
        return workers
