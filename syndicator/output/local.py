"""The published tree in a folder: a file appears whole or not at all."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from syndicator.errors import OutputError
from syndicator.formats.codings import ENDINGS, has_coded_forms, is_coded_form
from syndicator.formats.paths import without_token
from syndicator.output.compressed import compressed
from syndicator.output.places import PREFIX, require_place
from syndicator.text.messages import tr

_FILE_MODE = 0o644
_FOLDER_MODE = 0o755
"""What a web server under another user needs, whatever the umask of ours."""


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
        self.compress = compress

    def write(self, path: str, data: bytes) -> bool:
        """Publish a file whole and durably; return whether that changed anything.

        A file that holds these bytes already is not touched, so its date stays for conditional requests.
        """
        target = self._place(path)
        try:
            if _content(target) == data:
                self._complete(target, data)
                return False
            self._make_folder(target.parent)
            self._replace(target, data)
        except OSError as error:
            raise _refused(target, error) from error
        return True

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OutputError where there is none."""
        target = self._place(path)
        try:
            return target.read_bytes()
        except OSError as error:
            raise _refused(target, error) from error

    def exists(self, path: str) -> bool:
        """Whether there is such a file, with the compressed forms it should have."""
        target = self._place(path)
        try:
            return target.is_file() and self._is_complete(target)
        except OSError as error:
            raise _refused(target, error) from error

    def remove(self, path: str) -> bool:
        """Take a file away; return whether there was one."""
        target = self._place(path)
        try:
            _remove_forms(target)  # first: some web servers hand out a form without asking for its file
            target.unlink()
            _sync_folder(self._emptied(target.parent))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _refused(target, error) from error
        return True

    def paths(self, below: str = "") -> list[str]:
        """Return the paths of all files, or those in a folder, sorted; hidden ones and compressed forms are
        not ours to tell.
        """
        files = self._files(self._place(below) if below else self.root)
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

    def _replace(self, target: Path, data: bytes) -> None:
        """Put a file in place, and then its compressed forms.

        All is written aside first, so that a full disk changes nothing. The forms of the older content go
        before the file comes: whenever a kill strikes, a form says what its file says, or is not there.
        """
        aside: list[tuple[Path, Path]] = []
        try:
            unfinished, date = _written(target.parent, data)
            aside.append((unfinished, target))
            for suffix, form in self._forms(target, data).items():
                aside.append((_written(target.parent, form, date)[0], _form(target, suffix)))
            _remove_forms(target)
            for unfinished, place in aside:
                unfinished.replace(place)
        except OSError:
            for unfinished, _ in aside:
                _discard(unfinished)
            raise
        _sync_folder(target.parent)

    def _complete(self, target: Path, data: bytes) -> None:
        """Give a file that stays as it is the compressed forms that it lacks."""
        if self._is_complete(target):
            return
        date = target.stat().st_mtime_ns
        for suffix, form in self._forms(target, data).items():
            unfinished, _ = _written(target.parent, form, date)
            try:
                unfinished.replace(_form(target, suffix))
            except OSError:
                _discard(unfinished)
                raise
        _sync_folder(target.parent)

    def _is_complete(self, target: Path) -> bool:
        status = target.stat()
        if not self.compress or not has_coded_forms(target.name, status.st_size):
            return True
        return all(_date(_form(target, suffix)) == status.st_mtime_ns for suffix in ENDINGS.values())

    def _forms(self, target: Path, data: bytes) -> dict[str, bytes]:
        return compressed(target.name, data) if self.compress else {}

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

    def _place(self, path: str) -> Path:
        """Return where a path lies; raises OutputError where that is not inside the tree."""
        require_place(path, self.root)
        target = self.root.joinpath(*path.split("/"))
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
        return target

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, readable to a web server and on disk before a file is in them."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(_FOLDER_MODE)
        _sync_folder(folder.parent)


def _content(file: Path) -> bytes | None:
    """Return the bytes of a file; None where there is no file yet."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _written(folder: Path, data: bytes, date: int | None = None) -> tuple[Path, int]:
    """Write an unfinished file in a folder, durably; return it with its date (nanoseconds).

    Renamed into place, it appears in one step that a kill or a power cut cannot halve.
    """
    handle, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _FILE_MODE)
            if date is not None:
                os.utime(file.fileno(), ns=(date, date))
            os.fsync(file.fileno())
            return unfinished, os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        _discard(unfinished)
        raise


def _discard(unfinished: Path) -> None:
    with suppress(OSError):  # the first failure is the one to tell
        unfinished.unlink(missing_ok=True)


def _form(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def _remove_forms(target: Path) -> None:
    for suffix in ENDINGS.values():
        _form(target, suffix).unlink(missing_ok=True)


def _date(file: Path) -> int | None:
    """Return when a file was written, in nanoseconds; None where there is none."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Make sure that a change of names in a folder survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(target: Path, error: OSError) -> OutputError:
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
