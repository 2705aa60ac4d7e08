"""Runs a function in a forked child and kills it with SIGKILL at its N-th write-like system call (Linux).

A seccomp filter in the child stops it, and each of its threads, before every such call; the parent is told by
ptrace, which needs no other program and no compiler. A call counts where it concerns a file or folder below
one root. The kernel executes nothing of a call at which its process is killed.
"""

# Thousands of calls a run: plain strings, as the kernel names things.
# ruff: noqa: PTH115, PTH118

import ctypes
import os
import platform
import signal
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from crash_disk import Disk

ON_DESCRIPTOR = frozenset(
    "write writev pwrite64 pwritev pwritev2 ftruncate fallocate fchmod fsync fdatasync sync_file_range".split()
)
INTO_FIRST = frozenset({"sendfile"})
INTO_THIRD = frozenset({"copy_file_range"})
ON_PATH = frozenset("truncate unlink rmdir mkdir rename link symlink creat open chmod".split())
AT_PATH = frozenset("openat unlinkat mkdirat fchmodat utimensat".split())  # descriptor of a folder, path
RENAMES = {"rename": (None, 0, None, 1), "renameat": (0, 1, 2, 3), "renameat2": (0, 1, 2, 3)}
LINKS = {"link": (None, 0, None, 1), "linkat": (0, 1, 2, 3)}
NUMBERS = {
    "x86_64": {
        "write": 1, "open": 2, "pwrite64": 18, "writev": 20, "sendfile": 40, "fsync": 74, "fdatasync": 75,
        "truncate": 76, "ftruncate": 77, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86,
        "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91, "openat": 257, "mkdirat": 258,
        "unlinkat": 263, "renameat": 264, "linkat": 265, "fchmodat": 268, "sync_file_range": 277,
        "utimensat": 280, "fallocate": 285, "pwritev": 296, "renameat2": 316, "copy_file_range": 326,
        "pwritev2": 328,
    },
    "aarch64": {
        "mkdirat": 34, "unlinkat": 35, "linkat": 37, "renameat": 38, "truncate": 45, "ftruncate": 46,
        "fallocate": 47, "fchmod": 52, "fchmodat": 53, "openat": 56, "write": 64, "writev": 66,
        "pwrite64": 68, "pwritev": 70, "sendfile": 71, "fsync": 82, "fdatasync": 83, "sync_file_range": 84,
        "utimensat": 88, "renameat2": 276, "copy_file_range": 285, "pwritev2": 287,
    },
}  # fmt: skip
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h

SEIZE, CONT, LISTEN, SYSCALL_INFO = 0x4206, 7, 0x4208, 0x420E
TRACE_FORK, TRACE_VFORK, TRACE_CLONE, TRACE_SECCOMP, EXIT_KILL = 2, 4, 8, 0x80, 0x100000
EVENT_SECCOMP, EVENT_STOP = 7, 128
WAIT_ALL = 0x40000000
ALLOW, TRACE, PRETEND = 0x7FFF0000, 0x7FF00000, 0x00050000  # PRETEND: return 0 and do nothing
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2

libc = ctypes.CDLL(None, use_errno=True)
if platform.system() == "Linux":
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


@dataclass(frozen=True, slots=True)
class Call:
    """One write-like system call below the root."""

    name: str
    path: str  # below the root

    def __str__(self) -> str:
        return f"{self.name} {self.path}"


@dataclass(slots=True)
class Traced:
    """How a traced run went."""

    calls: list[Call] = field(default_factory=list)
    exit_code: int = 0  # negative: the signal that ended it
    killed_at: Call | None = None


def why_not() -> str:
    """Why nothing can be traced here; "" where it can."""
    if platform.system() != "Linux" or platform.machine() not in NUMBERS:
        return f"no table of system calls for {platform.system()} on {platform.machine()}"
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        _ptrace(SEIZE, child, TRACE_SECCOMP)
        return ""
    except OSError as error:
        return f"processes may not be traced here ({error})"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def run_traced(
    work: Callable[[], int], root: Path, kill_at: int | None, disk: Disk, *, without_fsync: bool = False
) -> Traced:
    """Run ``work`` in a forked child and return how it went.

    The child is killed before its ``kill_at``-th call (from 1) below ``root`` is executed. ``disk`` is told of
    every call that makes something last. ``without_fsync`` lets fsync and fdatasync return success without
    having done anything: the control that must not pass.
    """
    go_read, go_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go_write)
        _be_traced(work, go_read, without_fsync=without_fsync)
    os.close(go_read)
    _ptrace(SEIZE, child, TRACE_FORK | TRACE_VFORK | TRACE_CLONE | TRACE_SECCOMP | EXIT_KILL)
    os.close(go_write)
    return _Tracer(child, root, kill_at, disk).follow()


def _be_traced(work: Callable[[], int], go: int, *, without_fsync: bool) -> NoReturn:
    code = 70
    try:
        os.read(go, 1)  # the parent closes its end when it has us
        os.close(go)
        _install_filter(pretended=("fsync", "fdatasync") if without_fsync else ())
        code = work()
    finally:
        os._exit(code)


def _install_filter(pretended: Iterable[str]) -> None:
    numbers = NUMBERS[platform.machine()]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, ARCHITECTURE[platform.machine()]), (RETURN, 0, 0, ALLOW)]
    steps.append((LOAD, 0, 0, 0))
    for name, number in numbers.items():
        action = PRETEND if name in pretended else TRACE
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, action)]
    steps.append((RETURN, 0, 0, ALLOW))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(NO_NEW_PRIVILEGES, 1, None, 0, 0) or libc.prctl(
        SET_SECCOMP, FILTER, ctypes.addressof(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")


def _ptrace(request: int, pid: int, data: int = 0, address: int = 0) -> int:
    result: int = libc.ptrace(request, pid, address, data)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace: {os.strerror(number)}")
    return result


class _Tracer:
    def __init__(self, child: int, root: Path, kill_at: int | None, disk: Disk) -> None:
        self.child = child
        self.root = str(root)
        self.kill_at = kill_at
        self.disk = disk
        self.names = {number: name for name, number in NUMBERS[platform.machine()].items()}
        self.done = Traced()
        self.info = ctypes.create_string_buffer(128)
        self.members = {child}

    def follow(self) -> Traced:
        while True:
            pid, status = os.waitpid(-1, WAIT_ALL)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if pid == self.child:
                    self.done.exit_code = os.waitstatus_to_exitcode(status)
                    return self.done
                continue
            try:
                self.stopped(pid, os.WSTOPSIG(status), status >> 16)
            except ProcessLookupError:
                continue  # killed meanwhile

    def stopped(self, pid: int, number: int, event: int) -> None:
        if event == EVENT_SECCOMP:
            if self.done.killed_at is None:
                self.called(pid)
            if self.done.killed_at is None:
                _ptrace(CONT, pid)
        elif event == EVENT_STOP and number in (
            signal.SIGSTOP,
            signal.SIGTSTP,
            signal.SIGTTIN,
            signal.SIGTTOU,
        ):
            _ptrace(LISTEN, pid)
        else:
            _ptrace(CONT, pid, 0 if event else number)

    def called(self, pid: int) -> None:
        name, arguments = self.call_of(pid)
        paths = self.paths(pid, name, arguments)
        ours = [path for path in paths if path == self.root or path.startswith(f"{self.root}/")]
        if not ours:
            return
        call = Call(name, os.path.relpath(ours[-1], self.root))
        if len(self.done.calls) + 1 == self.kill_at:
            self.done.killed_at = call
            os.kill(self.child, signal.SIGKILL)
            return
        self.done.calls.append(call)
        self.tell_disk(pid, name, arguments, ours)

    def call_of(self, pid: int) -> tuple[str, tuple[int, ...]]:
        _ptrace(SYSCALL_INFO, pid, ctypes.addressof(self.info), len(self.info))
        number, *arguments = struct.unpack_from("7Q", self.info, 24)
        return self.names[number], tuple(arguments)

    def paths(self, pid: int, name: str, arguments: tuple[int, ...]) -> list[str]:
        if name in ON_DESCRIPTOR or name in INTO_FIRST:
            return [self.opened(pid, arguments[0])]
        if name in INTO_THIRD:
            return [self.opened(pid, arguments[2])]
        if name in RENAMES or name in LINKS:
            folder, old, other, new = (RENAMES | LINKS)[name]
            return [self.named(pid, arguments, folder, old), self.named(pid, arguments, other, new)]
        if name in AT_PATH:
            if name == "openat" and not arguments[2] & (os.O_CREAT | os.O_TRUNC):
                return []
            if arguments[1] == 0:  # utimensat on a descriptor
                return [self.opened(pid, arguments[0])]
            return [self.named(pid, arguments, 0, 1)]
        if name == "open" and not arguments[1] & (os.O_CREAT | os.O_TRUNC):
            return []
        return [self.named(pid, arguments, None, 1 if name == "symlink" else 0)]

    @staticmethod
    def opened(pid: int, descriptor: int) -> str:
        try:
            return os.readlink(f"/proc/{pid}/fd/{descriptor & 0xFFFFFFFF}")
        except OSError:
            return ""  # a bad descriptor: the call will fail

    def named(self, pid: int, arguments: tuple[int, ...], folder: int | None, path: int) -> str:
        given = os.fsdecode(_text(pid, arguments[path]))
        if given.startswith("/"):
            return os.path.normpath(given)
        at = 0xFFFFFF9C if folder is None else arguments[folder] & 0xFFFFFFFF  # AT_FDCWD
        base = os.readlink(f"/proc/{pid}/cwd") if at == 0xFFFFFF9C else self.opened(pid, at)
        return os.path.normpath(os.path.join(base, given))

    def tell_disk(self, pid: int, name: str, arguments: tuple[int, ...], paths: list[str]) -> None:
        if name in ("fsync", "fdatasync"):
            self.disk.synced(paths[0], f"/proc/{pid}/fd/{arguments[0]}")
        elif name in RENAMES or name in ("unlink", "unlinkat"):
            self.disk.losing_its_name(paths[-1])


def _text(pid: int, address: int) -> bytes:
    handle = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        found = b""
        while b"\0" not in found and len(found) < 8192:
            # Not across a page that may not be there.
            found += os.pread(handle, 4096 - (address + len(found)) % 4096, address + len(found)) or b"\0"
        return found.split(b"\0")[0]
    finally:
        os.close(handle)


__all__: list[Any] = ["Call", "Traced", "run_traced", "why_not"]
