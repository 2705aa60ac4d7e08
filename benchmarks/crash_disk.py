"""What would be left of a folder after a power cut: only what fsync had made durable.

After SIGKILL the kernel still writes what the process handed over, so a missing fsync shows only when the power
goes, too. The model takes POSIX at its word, which is harsher than ext4, XFS or Btrfs are: a file holds what it
held at its last fsync (nothing if there was none), and a name is in a folder only as of the folder's last fsync.
"""

# As in crash_tracer.
# ruff: noqa: PTH101, PTH102, PTH116, PTH118

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

FOLDER = -1


class Loss(Enum):
    """What is lost at the end of a run."""

    NOTHING = "kill -9"  # all that was written reaches the disk
    DATA = "power cut, names kept"  # unsynced data is lost; every new name is there, with whatever was synced
    NAMES = "power cut, names lost"  # unsynced data and unsynced changes of names are lost


@dataclass(frozen=True, slots=True)
class Durable:
    """A file's content as it was made durable, with its date and mode."""

    data: bytes
    date: int
    mode: int


class Disk:
    """The durable state of a folder while a process works in it. At the beginning everything is durable."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[int, Durable] = {}  # by our own number: inodes are used again
        self.inodes: dict[int, int] = {}
        self.names: dict[str, dict[str, int]] = {}  # of each folder, as of its last fsync
        self.next = 0
        for folder, _, files in os.walk(root):
            for name in files:
                path = os.path.join(folder, name)
                self.files[self.number(os.stat(path))] = _durable(path)
            self.names[folder] = self.listed(folder)

    def number(self, status: os.stat_result) -> int:
        if status.st_ino not in self.inodes:
            self.next += 1
            self.inodes[status.st_ino] = self.next
        return self.inodes[status.st_ino]

    def listed(self, folder: str) -> dict[str, int]:
        return {
            entry.name: FOLDER if entry.is_dir(follow_symlinks=False) else self.number(entry.stat())
            for entry in os.scandir(folder)
        }

    def synced(self, path: str, descriptor: str) -> None:
        """An fsync of an open file or folder is about to be executed."""
        status = os.stat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            self.names[path] = self.listed(path)
        else:
            self.files[self.number(status)] = _durable(descriptor)

    def losing_its_name(self, path: str) -> None:
        """The file at a path is about to be unlinked or replaced: its inode may soon be another file's."""
        with suppress(FileNotFoundError):
            self.inodes.pop(os.stat(path).st_ino, None)

    def cut_power(self, loss: Loss) -> int:
        """Take from the folder what would be lost; return how many files that concerns."""
        if loss is Loss.NOTHING:
            return 0
        return self._lose_data() if loss is Loss.DATA else self._lose_names()

    def _lose_data(self) -> int:
        lost = 0
        for path in list(_files(self.root)):
            if path.name.endswith("-shm"):
                path.unlink()  # SQLite's shared memory: never durable, always made anew
                continue
            status = path.stat()
            kept = self.files.get(self.inodes.get(status.st_ino, 0), Durable(b"", 0, 0))
            if path.read_bytes() != kept.data:
                path.write_bytes(kept.data)
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
                lost += 1
        return lost

    def _lose_names(self) -> int:
        before = {str(path) for path in _files(self.root)}
        shutil.rmtree(self.root)
        self._rebuild(str(self.root))
        return len(before ^ {str(path) for path in _files(self.root)})

    def _rebuild(self, folder: str) -> None:
        os.mkdir(folder)
        for name, number in self.names.get(folder, {}).items():
            path = os.path.join(folder, name)
            if number == FOLDER:
                self._rebuild(path)
            elif not name.endswith("-shm"):
                kept = self.files.get(number, Durable(b"", 0, 0o644))
                Path(path).write_bytes(kept.data)
                os.chmod(path, kept.mode)
                os.utime(path, ns=(kept.date, kept.date))


def _durable(path: str) -> Durable:
    status = os.stat(path)
    return Durable(Path(path).read_bytes(), status.st_mtime_ns, stat.S_IMODE(status.st_mode))


def _files(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        for name in names:
            yield Path(folder, name)
