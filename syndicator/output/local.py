"""The published tree in a folder: a file appears whole or not at all.

Paths are plain strings where files are written: with pathlib they took longer than the system calls.
"""

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from syndicator.errors import OutputError
from syndicator.formats.codings import ENDINGS, codings_of, is_coded_form
from syndicator.formats.paths import without_token
from syndicator.output.compressed import compressed
from syndicator.output.places import PREFIX, require_place
from syndicator.ports import Ready
from syndicator.text.messages import tr

_FILE_MODE = 0o644
_FOLDER_MODE = 0o755
"""What a web server under another user needs, whatever the umask of ours."""

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_OURS = secrets.token_hex(4)
_numbers = count()


class LocalTree:
    """Files under a folder, by paths like ``en/all.rss`` with ``/`` between the parts.

    One process writes at a time (the program's lock sees to that); any number may read. Every method raises
    OutputError, with the place and the way out, for a path that leads out of the tree and for whatever the
    system refuses.

    With ``compress``, each text has its compressed forms beside it: in place right after the file itself,
    gone before it, and no files of their own to anybody who asks for ``paths``. A form bears the date of the
    file it was made from, to the nanosecond: one that was left behind is told by its date.
    """

    def __init__(self, root: Path, *, compress: bool = False) -> None:
        self.root = root.absolute()
        self._top = str(self.root)
        self.compress = compress

    def write(self, path: str, data: bytes) -> bool:
        """Publish a file whole and durably; return whether that changed anything.

        A file that holds these bytes already is not touched, so its date stays for conditional requests.
        """
        return self.write_all({path: data}) > 0

    def ready(self, path: str, data: bytes) -> Ready:
        """Return a file with its compressed forms."""
        return Ready(data, self._forms({path: data})[path])

    def write_all(self, files: Mapping[str, bytes | Ready]) -> int:
        """Publish files as :meth:`write` does, in their order; return how many changed.

        Together they take the disk half the time that they take one by one. A few dozen are enough for that;
        each has up to four files open meanwhile.
        """
        fresh: list[_Unfinished] = []
        target = self._top
        try:
            folders: dict[str, str] = {}
            contents: dict[str, bytes] = {}  # of what is to be written
            forms: dict[str, Mapping[str, bytes]] = {}
            there: set[str] = set()
            for path, given in files.items():
                target = self._place(path, folders)
                data = given.data if isinstance(given, Ready) else given
                held = _is_held(target, data)
                if held:
                    self._complete(target, data)
                    continue
                contents[target] = data
                if isinstance(given, Ready):
                    forms[target] = given.forms
                if held is not None:
                    there.add(target)
            forms |= self._forms({one: data for one, data in contents.items() if one not in forms})
            for target, data in contents.items():
                self._begin(target, data, forms[target], fresh, is_new=target not in there)
            for one in fresh:
                target = one.place
                one.make_last()
            for one in fresh:
                target = one.place
                if one.is_file and not one.is_new:
                    _remove_forms(one.place)
                one.put_in_place()
            for target in dict.fromkeys(os.path.dirname(one.place) for one in fresh):
                _sync_folder(target)
        except OSError as error:
            raise _refused(target, error) from error
        finally:
            for one in fresh:
                one.discard()
        return sum(one.is_file for one in fresh)

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OutputError where there is none."""
        target = self._place(path)
        try:
            return Path(target).read_bytes()
        except OSError as error:
            raise _refused(target, error) from error

    def exists(self, path: str) -> bool:
        """Whether there is such a file, with the compressed forms it should have."""
        target = self._place(path)
        try:
            return os.path.isfile(target) and self._is_complete(target)
        except OSError as error:
            raise _refused(target, error) from error

    def remove(self, path: str) -> bool:
        """Take a file away; return whether there was one."""
        target = self._place(path)
        try:
            _remove_forms(target)  # first: some web servers hand out a form without asking for its file
            os.unlink(target)
            _sync_folder(self._emptied(Path(target).parent))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _refused(target, error) from error
        return True

    def paths(self, below: str = "") -> list[str]:
        """Return the paths of all files, or those in a folder, sorted; hidden ones and compressed forms are
        not ours to tell.
        """
        files = self._files(Path(self._place(below)) if below else self.root)
        found = (file.relative_to(self.root) for file in files if not is_coded_form(file.name))
        visible = (path for path in found if not any(part.startswith(".") for part in path.parts))
        return sorted(path.as_posix() for path in visible)

    def folders(self, path: str) -> list[str]:
        """Return the names of the folders in a folder, sorted, without hidden ones."""
        place = self._place(path)
        try:
            with os.scandir(place) as found:
                names = [one.name for one in found if one.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused(place, error) from error
        return sorted(name for name in names if not name.startswith("."))

    def sweep(self) -> int:
        """Remove what a process that was killed left unfinished; return how many files that were."""
        files = self._files(self.root)
        unfinished = [file for file in files if file.name.startswith(PREFIX)]
        known = set(files)
        unfinished += [
            file for file in files if is_coded_form(file.name) and file.with_suffix("") not in known
        ]
        for file in unfinished:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise _refused(file, error) from error
        return len(unfinished)

    def _begin(
        self,
        target: str,
        data: bytes,
        forms: Mapping[str, bytes],
        fresh: "list[_Unfinished]",
        *,
        is_new: bool,
    ) -> None:
        """Write a file and its compressed forms aside, so that a full disk changes nothing.

        The forms of the older content go before the file comes, and its own come after it: whenever a kill
        strikes, a form says what its file says, or is not there.
        """
        try:
            file = _Unfinished(target, data, is_file=True, is_new=is_new)
        except FileNotFoundError:
            self._make_folder(Path(target).parent)
            file = _Unfinished(target, data, is_file=True, is_new=is_new)
        fresh.append(file)
        for suffix, form in forms.items():
            fresh.append(_Unfinished(target + suffix, form, file.date))

    def _complete(self, target: str, data: bytes) -> None:
        """Give a file that stays as it is the compressed forms that it lacks."""
        if self._is_complete(target):
            return
        date = os.stat(target).st_mtime_ns
        for suffix, form in self._forms({target: data})[target].items():
            unfinished = _Unfinished(target + suffix, form, date)
            try:
                unfinished.make_last()
                unfinished.put_in_place()
            finally:
                unfinished.discard()
        _sync_folder(os.path.dirname(target))

    def _is_complete(self, target: str) -> bool:
        if not self.compress:
            return True
        status = os.stat(target)
        wanted = (ENDINGS[coding] for coding in codings_of(target, status.st_size))
        return all(_date(target + ending) == status.st_mtime_ns for ending in wanted)

    def _forms(self, files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
        return compressed(files) if self.compress else {target: {} for target in files}

    def _emptied(self, folder: Path) -> Path:
        """Remove a folder, and those above it, while nothing is in them; return the first that stays."""
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:
                break  # something is in it
            folder = folder.parent
        return folder

    def _files(self, top: Path) -> list[Path]:
        def refuse(error: OSError) -> None:
            if isinstance(error, FileNotFoundError):
                return  # nothing was published yet
            raise _refused(Path(error.filename or self.root), error) from error

        walk = os.walk(top, onerror=refuse)
        return [Path(folder, name) for folder, _, names in walk for name in names]

    def _place(self, path: str, folders: dict[str, str] | None = None) -> str:
        """Return where a path lies; raises OutputError where that is not inside the tree.

        ``folders`` keeps where its folder lies, for the paths that come after it.
        """
        require_place(path, self.root)
        folder, _, name = path.rpartition("/")
        place = folders.get(folder) if folders is not None else None
        if place is None:
            place = self._top
            for part in folder.split("/") if folder else ():
                place += f"/{part}"
                if os.path.islink(place):
                    self._require_inside(path)
            if folders is not None:
                folders[folder] = place
        return f"{place}/{name}"

    def _require_inside(self, path: str) -> None:
        """Refuse a path that a symbolic link leads out of the tree."""
        target = self.root / path
        try:
            leads_out = not target.parent.resolve().is_relative_to(self.root.resolve())
        except OSError as error:
            raise _refused(target, error) from error
        if leads_out:
            raise OutputError(
                tr(
                    "{path} leads out of the published tree {tree} through a symbolic link: remove the link",
                    path=without_token(path),
                    tree=self.root,
                )
            )

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, readable to a web server and on disk before a file is in them."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(_FOLDER_MODE)
        _sync_folder(folder.parent)


def _is_held(file: str, data: bytes) -> bool | None:
    """Whether a file holds these bytes; None: it is not there."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as there:
        return os.fstat(handle).st_size == len(data) and there.read() == data


class _Unfinished:
    """A file on its way: renamed into place, it appears in one step that no kill or power cut can halve."""

    def __init__(
        self,
        place: str,
        data: bytes,
        date: int | None = None,
        *,
        is_file: bool = False,
        is_new: bool = False,
    ) -> None:
        """Write it under a name that nobody else takes; ``date`` in nanoseconds. Raises OSError."""
        self.place = place
        self.is_file = is_file  # no compressed form
        self.is_new = is_new  # there is none in its place
        self._name: str | None = None
        self._handle, self._name = _opened(os.path.dirname(place))
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            status = os.fstat(self._handle)
            if stat.S_IMODE(status.st_mode) != _FILE_MODE:
                os.fchmod(self._handle, _FILE_MODE)
            self.date = status.st_mtime_ns
            if date is not None:
                os.utime(self._handle, ns=(date, date))
            if hasattr(os, "posix_fadvise"):  # begins to write it out, so that make_last has less to wait for
                os.posix_fadvise(self._handle, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError:
            self.discard()
            raise

    def make_last(self) -> None:
        """Let the content survive a power cut. Raises OSError."""
        os.fsync(self._handle)
        os.close(self._handle)
        self._handle = -1

    def put_in_place(self) -> None:
        """Give it its name. Raises OSError."""
        assert self._name is not None
        os.replace(self._name, self.place)
        self._name = None

    def discard(self) -> None:
        """Leave nothing of it, unless it is in place."""
        with suppress(OSError):  # the first failure is the one to tell
            if self._handle >= 0:
                os.close(self._handle)
                self._handle = -1
            if self._name is not None:
                os.unlink(self._name)
                self._name = None


def _opened(folder: str) -> tuple[int, str]:
    """Open a new file under a name that nobody else takes."""
    while True:
        unfinished = f"{folder}/{PREFIX}{_OURS}-{next(_numbers)}"
        with suppress(FileExistsError):
            return os.open(unfinished, _FRESH, _FILE_MODE), unfinished


def _remove_forms(target: str) -> None:
    for suffix in ENDINGS.values():
        with suppress(FileNotFoundError):
            os.unlink(target + suffix)


def _date(file: str) -> int | None:
    """Return when a file was written, in nanoseconds; None where there is none."""
    try:
        return os.stat(file).st_mtime_ns
    except FileNotFoundError:
        return None


def _sync_folder(folder: str | Path) -> None:
    """Make sure that a change of names in a folder survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(target: str | Path, error: OSError) -> OutputError:
    """Return what the operator can do about what the system refused."""
    place = without_token(str(target))  # logs hold these messages
    reason = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        message = tr(
            "{place}: the disk is full ({reason}): free some space or raise the quota",
            place=place,
            reason=reason,
        )
    elif error.errno == errno.EROFS:
        message = tr(
            "{place}: the file system is read-only: mount it writable or change storage.feeds", place=place
        )
    elif error.errno in {errno.EACCES, errno.EPERM}:
        message = tr(
            "{place}: no permission: give the folder to the user that runs the program,"
            " or change storage.feeds",
            place=place,
        )
    elif error.errno in {errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ELOOP}:
        message = tr(
            "{place}: something else is in the way ({reason}): remove it or change storage.feeds",
            place=place,
            reason=reason,
        )
    else:
        message = tr("{place}: {reason}", place=place, reason=reason)
    return OutputError(message)
