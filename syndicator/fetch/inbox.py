"""Reads an inbox: a folder into which an operator puts texts and pages."""

from collections.abc import Sequence
from pathlib import Path

from syndicator.errors import ParseError, TooLargeError, UnreachableError
from syndicator.text.messages import tr

ENDINGS = (".txt", ".html", ".htm")


class LocalInbox:
    """The port :class:`~syndicator.ports.Inbox` for folders of this machine."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def files(self, folder: str) -> Sequence[str]:
        """Return the readable files below a folder, the most recently changed first.

        Raises UnreachableError.
        """
        root = Path(folder)
        try:
            found = [(_changed(path), _name(path, root)) for path in _texts(root)]
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
        path = root / name
        if "\\" in name and not path.exists():  # perhaps a name that is no UTF-8
            path = next((one for one in _texts(root) if _name(one, root) == name), path)
        if not path.resolve().is_relative_to(root.resolve()):
            raise ParseError(tr("{path}: leads out of the inbox", path=path))
        try:
            if path.stat().st_size > self._max_bytes:
                raise TooLargeError(
                    tr(
                        "{path}: larger than fetch.max_bytes ({limit} bytes)",
                        path=path,
                        limit=self._max_bytes,
                    )
                )
            return path.read_bytes()
        except OSError as error:
            raise UnreachableError(
                tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
            ) from error


def _texts(root: Path) -> list[Path]:
    return [
        path
        for path in root.rglob("*")
        if path.suffix.lower() in ENDINGS and path.is_file() and not _hidden(path.relative_to(root))
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
