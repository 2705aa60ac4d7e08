"""Reads an inbox: a folder into which an operator puts texts, pages, letters, Word files and archives."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zipfile import ZipInfo

from syndicator.errors import ParseError, TooLargeError, UnreachableError
from syndicator.text.archives import check_archive, read_member, shown_name
from syndicator.text.messages import tr

TEXTS = (".txt", ".html", ".htm", ".eml", ".docx")
ARCHIVE = ".zip"
ENDINGS = (*TEXTS, ARCHIVE)
DONE, FAILED = "done", "failed"
NOTE = ".why.txt"
_UNFINISHED = re.compile(
    r"~\$.*|.*~|.*\.(?:tmp|temp|part|partial|filepart|crdownload|download|lock|sw[op]|bak)"
    r"|thumbs\.db|desktop\.ini",
    re.IGNORECASE,
)  # what programs leave beside a file while they copy, open or show it: no business of ours
_TAKING = ".taking"  # the hidden name of a file on its way out
_ARCHIVES = 20  # times fetch.max_bytes that all files of an archive may have


class LocalInbox:
    """The port :class:`~syndicator.ports.Inbox` for folders of this machine.

    A file in an archive is named ``archive.zip/inner/path.txt``. What is hidden or lies in ``done/`` and
    ``failed/`` is not looked at.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._opened: tuple[tuple[Path, int, int], bytes, dict[str, ZipInfo]] | None = None

    def files(self, folder: str) -> Sequence[str]:
        """Return the files below a folder, the most recently changed first.

        One of a kind that is not taken, or an archive that cannot be read, is listed itself, so that reading
        it tells why.
        Raises UnreachableError.
        """
        root = Path(folder)
        try:
            found = [
                (_changed(path), name)
                for path in _files(root)
                for name in self._names(path, _name(path, root))
            ]
        except OSError as error:
            raise UnreachableError(
                tr("{path}: the inbox cannot be read: {reason}", path=root, reason=error.strerror)
            ) from error
        if not found and not root.is_dir():
            raise UnreachableError(
                tr("{path}: the inbox folder does not exist; make it or correct sources.path", path=root)
            )
        return [name for _, name in sorted(found, reverse=True)]

    def read(self, folder: str, name: str) -> bytes:
        """Return a file's content. Raises SourceError where it is gone, unreadable or too large."""
        root = Path(folder)
        path, member = _place(root, name)
        if not path.name.lower().endswith(ENDINGS):
            raise ParseError(
                tr(
                    "{name} is none of {endings}: save it as one of these",
                    name=name,
                    endings=", ".join(ENDINGS),
                )
            )
        if "\\" in name and not path.exists():  # perhaps a name that is no UTF-8
            path = next((one for one in _files(root) if _name(one, root) == name), path)
        if _may_lead_out(root, path) and not path.resolve().is_relative_to(root.resolve()):
            raise ParseError(tr("{path}: leads out of the inbox", path=path))
        try:
            if path.suffix.lower() == ARCHIVE and path.is_file():
                return self._read_from_archive(path, member)
            return self._read(path)
        except OSError as error:
            raise UnreachableError(
                tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
            ) from error

    def put_away(self, folder: str, done: Mapping[str, tuple[str, str]]) -> None:
        """Move files that were dealt with to ``done/`` or, with a note why, to ``failed/``. See the port.

        An archive goes when all its files were dealt with. A file is first renamed to a hidden name and then
        looked at once more: what somebody changed meanwhile is put back. A kill leaves it under one of its
        names, and the next call goes on from there.
        """
        root = Path(folder)
        try:
            for path in list(root.rglob(f".*{_TAKING}")):
                _put_back(path)
            for path in _files(root):
                name = _name(path, root)
                names = list(self._names(path, name))
                if names and all(one in done for one in names):
                    self._put_away(root, path, {one: done[one] for one in names})
        except OSError as error:
            raise UnreachableError(
                tr("{path}: a taken file cannot be moved: {reason}", path=root, reason=error.strerror)
            ) from error

    def _put_away(self, root: Path, path: Path, done: Mapping[str, tuple[str, str]]) -> None:
        hidden = path.with_name(f".{path.name}{_TAKING}")
        path.rename(hidden)
        if not self._is_as_read(hidden, _name(path, root), done):
            _put_back(hidden)
            return
        refusals = [f"{name}: {refusal}" for name, (_, refusal) in done.items() if refusal]
        place = root / (FAILED if refusals else DONE) / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        target = _free(place)
        if refusals:
            target.with_name(target.name + NOTE).write_text("\n".join(refusals) + "\n", encoding="utf-8")
        hidden.rename(target)
        _settle(target.parent)
        _settle(path.parent)

    def _is_as_read(self, hidden: Path, name: str, done: Mapping[str, tuple[str, str]]) -> bool:
        """Whether a file on its way out is what was dealt with, to the byte."""
        try:
            if not name.lower().endswith(ENDINGS):
                return list(done) == [name]  # refused for its name: what is in it does not matter
            data = self._whole(hidden)
            if not name.lower().endswith(ARCHIVE):
                contents = {name: data}
            elif members := self._members(data, name):
                contents = {key: read_member(data, name, member) for key, member in members.items()}
            else:
                return list(done) == [name]
        except ParseError:
            return list(done) == [name]  # an archive that cannot be read was refused as a whole
        except TooLargeError:
            return False
        return {key: hashlib.sha256(data).hexdigest() for key, data in contents.items()} == {
            key: fingerprint for key, (fingerprint, _) in done.items()
        }

    def _names(self, path: Path, name: str) -> Iterator[str]:
        if path.suffix.lower() != ARCHIVE:
            yield name
            return
        try:
            members = self._open(path, name)[1]
        except (ParseError, TooLargeError):
            members = {}
        yield from members or [name]

    def _open(self, path: Path, name: str) -> tuple[bytes, dict[str, ZipInfo]]:
        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if self._opened is None or self._opened[0] != key:
            data = self._whole(path)
            self._opened = (key, data, self._members(data, name))
        return self._opened[1:]

    def _members(self, data: bytes, name: str) -> dict[str, ZipInfo]:
        limit = self._max_bytes
        files = check_archive(data, name, most_total=_ARCHIVES * limit, most_member=limit)
        named = {f"{name}/{shown_name(member).replace(chr(92), '/')}": member for member in files}
        return {
            key: member
            for key, member in named.items()
            if key.lower().endswith(TEXTS) and not _hidden(Path(key)) and "__MACOSX/" not in key
        }

    def _read_from_archive(self, path: Path, member: str) -> bytes:
        data, members = self._open(path, path.name)
        if not members:
            raise ParseError(
                tr("{name} holds no file of these kinds: {endings}", name=path.name, endings=", ".join(TEXTS))
            )
        key = f"{path.name}/{member}"
        found = members.get(key) or next(
            (one for known, one in members.items() if known.partition(ARCHIVE)[2] == f"/{member}"), None
        )
        if found is None:
            raise ParseError(tr("{name}: {member} is not in it any more", name=path.name, member=member))
        return read_member(data, path.name, found)

    def _read(self, path: Path) -> bytes:
        if path.stat().st_size > self._max_bytes:
            raise TooLargeError(
                tr("{path}: larger than fetch.max_bytes ({limit} bytes)", path=path, limit=self._max_bytes)
            )
        return path.read_bytes()

    def _whole(self, path: Path) -> bytes:
        """Return a file that may be an archive, which may be larger than a single text."""
        limit = self._max_bytes * _ARCHIVES
        if path.stat().st_size > limit:
            raise TooLargeError(tr("{path}: larger than {limit} bytes", path=path, limit=limit))
        return path.read_bytes()


def discard(folder: str, name: str) -> tuple[list[Path], list[Path]]:
    """Delete a file of an inbox, and what of it was put away; return what went, and archives that hold it.

    An archive is left as it is: other files in it are other articles. Raises UnreachableError.
    """
    root = Path(folder)
    removed: list[Path] = []
    kept: list[Path] = []
    try:
        for base in (root, root / DONE, root / FAILED):
            place, member = _place(base, name)
            versions = [place]
            if not member and base != root and place.parent.is_dir():  # name.txt, name.2.txt, name.3.txt
                pattern = re.compile(rf"{re.escape(place.stem)}(\.\d+)?{re.escape(place.suffix)}")
                versions = [one for one in place.parent.iterdir() if pattern.fullmatch(one.name)]
            for path in versions:
                if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
                    continue
                if member:
                    kept.append(path)
                    continue
                path.unlink()
                path.with_name(path.name + NOTE).unlink(missing_ok=True)
                removed.append(path)
    except OSError as error:
        raise UnreachableError(
            tr("{path}: cannot be deleted: {reason}", path=error.filename or root, reason=error.strerror)
        ) from error
    return removed, kept


def _place(root: Path, name: str) -> tuple[Path, str]:
    """Return a file's path and, where it is in an archive, its path in there."""
    parts = name.split("/")
    for count in range(1, len(parts)):
        path = root.joinpath(*parts[:count])
        if parts[count - 1].lower().endswith(ARCHIVE) and path.is_file():
            return path, "/".join(parts[count:])
    return root / name, ""


def _may_lead_out(root: Path, path: Path) -> bool:
    """Whether a path below an inbox may lead out of it, through a symbolic link or upwards."""
    place = root
    for part in path.relative_to(root).parts:
        place = place / part
        if part == ".." or place.is_symlink():
            return True
    return False


def _put_back(hidden: Path) -> None:
    """Give a file its own name again; where a newer one has it already, a free one beside it."""
    own = hidden.with_name(hidden.name[1 : -len(_TAKING)])
    hidden.rename(_free(own))


def _free(path: Path) -> Path:
    """Return a path that is not taken: the given one or ``name.2.txt``."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
        number += 1
    return free


def _settle(folder: Path) -> None:
    """Make renames in a folder last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(root: Path) -> list[Path]:
    return [
        path
        for path in root.rglob("*")
        if path.is_file()
        and not _UNFINISHED.fullmatch(path.name)
        and not _hidden(path.relative_to(root))
        and path.relative_to(root).parts[0] not in {DONE, FAILED}
    ]


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0  # taken away at this moment; reading it will say so


def _name(path: Path, root: Path) -> str:
    """Return a file's path below the inbox; bytes that are no UTF-8 (names from old archives) as ``\\xcf``.

    Such a name could be neither stored nor shown.
    """
    return (
        path.relative_to(root).as_posix().encode("utf-8", "surrogateescape").decode(errors="backslashreplace")
    )


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
