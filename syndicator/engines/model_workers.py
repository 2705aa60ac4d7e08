"""The engine processes of this machine: one per core, started on demand, killed when they hang.

Each is given one sentence at a time, and a second one to go on with. What a process held when it died or hung
is given to a fresh one; a sentence that breaks two processes is named as what it is, and the rest goes on.
"""

import contextlib
import json
import os
import selectors
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
class _Worker:
    """One process and what it holds."""

    process: "subprocess.Popen[bytes]"
    held: "deque[int]" = field(default_factory=deque)  # ids, in the order of their answers
    since: float = 0.0  # when the sentence at work began, as far as we know
    buffer: bytearray = field(default_factory=bytearray)

    @property
    def output(self) -> int:
        """Where its answers come from."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()


@dataclass(slots=True)
class _Job:
    """The sentences of one call."""

    model: dict[str, object]
    texts: Sequence[str]
    todo: "deque[int]"
    answers: dict[int, str] = field(default_factory=dict)
    broke: dict[int, int] = field(default_factory=dict)


class ModelWorkers:
    """Owns the processes. ``close`` ends them, until they are needed again; so does its own end."""

    def __init__(self, processes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.processes = processes
        self._clock = clock
        self._lock = threading.Lock()  # one call at a time: each keeps all processes busy
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        weakref.finalize(self, _end, self._workers, self._selector)

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [worker.process.pid for worker in self._workers]

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            for worker in list(self._workers):
                self._dismiss(worker)

    def translate(self, texts: Sequence[str], model: ModelPlace, timeout: float) -> list[str]:
        """Return the sentences' translations in their order; ``timeout`` is for one sentence, in seconds.

        Raises WorkError.
        """
        # The longest first, so that all processes end at the same time.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        job = _Job(model.told(), texts, deque(order))
        with self._lock:
            for worker in [one for one in self._workers if one.process.poll() is not None]:
                self._dismiss(worker)  # it was killed while it had nothing to do
            try:
                while len(job.answers) < len(texts):
                    self._fill(job)
                    self._collect(job, timeout)
            except BaseException:
                # What they still hold is nobody's any more, and would be taken for the next call's answers.
                for worker in [worker for worker in self._workers if worker.held]:
                    self._dismiss(worker)
                raise
        return [job.answers[index] for index in range(len(texts))]

    def _fill(self, job: _Job) -> None:
        """Give every process something to do, starting as many as there is work for."""
        while job.todo:
            free = min(self._workers, key=lambda worker: len(worker.held), default=None)
            if (free is None or free.held) and len(self._workers) < self.processes:
                free = self._start()
            if free is None or len(free.held) >= AHEAD:
                return
            if job.broke.get(job.todo[0]) and not free.held:
                self._dismiss(free)  # a second chance is one with a fresh process
                free = self._start()
            self._send(free, job, job.todo.popleft())

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
        worker.held.append(index)
        line = json.dumps({"id": index, "model": job.model, "text": job.texts[index]}).encode() + b"\n"
        assert worker.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead: reading from it will tell
            worker.process.stdin.write(line)

    def _collect(self, job: _Job, timeout: float) -> None:
        """Take in what the processes say within the time that the slowest may still take."""
        ends = min(worker.since for worker in self._workers if worker.held) + timeout
        for key, _ in self._selector.select(max(0.0, ends - self._clock())):
            worker: _Worker = key.data
            said = os.read(worker.output, 1 << 16)
            if not said:
                self._lost(worker, job, BrokenError)
                continue
            worker.buffer += said
            *lines, rest = worker.buffer.split(b"\n")
            worker.buffer = bytearray(rest)
            for line in lines:
                self._take(worker, job, json.loads(line))
        now = self._clock()
        for worker in [one for one in self._workers if one.held and now >= one.since + timeout]:
            self._lost(worker, job, HungError)

    def _take(self, worker: _Worker, job: _Job, answer: Mapping[str, object]) -> None:
        index = worker.held.popleft()
        worker.since = self._clock()
        if answer.get("error") == "damaged":
            raise DamagedModelError(str(answer["file"]), str(answer["why"]))
        if answer.get("error"):
            self._again(job, index, BrokenError, str(answer["why"]))
        else:
            job.answers[index] = str(answer["text"])

    def _lost(self, worker: _Worker, job: _Job, error: type[WorkError]) -> None:
        """Give up a process that died or hung: the sentence at work may be why, those behind it are not."""
        held = deque(worker.held)
        self._dismiss(worker)
        if not held:
            return
        suspect = held.popleft()
        job.todo.extendleft(reversed(held))
        self._again(job, suspect, error, tr("the engine process ended or hung"))

    def _again(self, job: _Job, index: int, error: type[WorkError], why: str) -> None:
        job.broke[index] = job.broke.get(index, 0) + 1
        if job.broke[index] >= TRIES:
            raise error(tr("“{text}”: {why}", text=_short(job.texts[index]), why=why))
        job.todo.appendleft(index)

    def _dismiss(self, worker: _Worker) -> None:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        _kill(worker)


def _kill(worker: _Worker) -> None:
    worker.process.kill()
    for stream in (worker.process.stdin, worker.process.stdout):
        assert stream is not None
        with contextlib.suppress(OSError):
            stream.close()
    worker.process.wait()


def _end(workers: list[_Worker], selector: selectors.BaseSelector) -> None:
    while workers:
        _kill(workers.pop())
    selector.close()


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
