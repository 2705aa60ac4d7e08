"""The published files as they are now, with what is known of each remembered for a moment."""

import os
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

import structlog

from syndicator.formats.codings import ENDINGS, codings_of, is_coded_form
from syndicator.formats.paths import without_token
from syndicator.serve.addresses import tree_path
from syndicator.serve.negotiation import IDENTITY
from syndicator.serve.treatment import Headers, House, Treatment, treatment_of

log = structlog.get_logger(__name__)

KEPT_SECONDS = 1.0
"""How long a file's state is believed: however many ask, the disk is looked at once a second."""

_MOST_KEPT = 1024

_Identity = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Form:
    """A file in one coding, ready to be sent."""

    file: Path
    identity: _Identity  # what tells it from whatever replaces it
    size: int
    etag: str  # strong, in its quotes
    headers: Headers  # of an answer about it: 304
    full_headers: Headers  # of an answer with it, but for its type

    def open(self) -> BinaryIO | None:
        """Open the file; None where it is no longer the one that was seen."""
        try:
            # Never waits, were it a pipe by now.
            handle = os.open(self.file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        opened = os.fdopen(handle, "rb", buffering=0)
        if _identity(os.fstat(handle)) != self.identity:
            opened.close()
            return None
        return opened


@dataclass(frozen=True, slots=True)
class Document:
    """A published file in all its forms."""

    path: str  # in the tree
    treatment: Treatment
    modified: int  # seconds since the epoch
    forms: Mapping[str, Form]  # by coding; ``identity`` is always there


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with an index, asked for without the slash at its end."""

    name: str


@dataclass(slots=True)
class Shelf:
    """Finds what an address means in a published tree. For one thread."""

    root: Path
    house: House
    clock: Callable[[], float] = time.monotonic
    _kept: dict[bytes, tuple[float, Document]] = field(default_factory=dict)

    def find(self, raw: bytes) -> Document | Folder | None:
        """Return the document, as it was at most ``KEPT_SECONDS`` ago, of an address; None where none is.

        ``raw`` is the address's path as it was sent. Nothing outside of the tree is found, by symbolic links
        neither, and no compressed form under its own name.
        """
        kept = self._kept.get(raw)
        if kept is not None:
            if kept[0] > self.clock():
                return kept[1]
            del self._kept[raw]
        path = tree_path(raw, self.house.prefix)
        if path is None or is_coded_form(path):
            return None
        found = self._look(path)
        if isinstance(found, Document):
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[raw] = (self.clock() + KEPT_SECONDS, found)
        return found

    def forget(self, raw: bytes) -> None:
        """Look at the disk again when this address is asked for next."""
        self._kept.pop(raw, None)

    def _look(self, path: str) -> Document | Folder | None:
        file = self.root / path
        try:
            status = file.stat()
            if not file.resolve(strict=True).is_relative_to(self.root.resolve()):
                told = without_token(path)
                log.warning("not served: leads out of the published tree through a symbolic link", path=told)
                return None
            if stat.S_ISDIR(status.st_mode):
                return Folder(file.name) if (file / "index.html").is_file() else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            log.warning("not served", path=without_token(path), error=error.strerror)
            return None
        return self._document(path, file, status) if stat.S_ISREG(status.st_mode) else None

    def _document(self, path: str, file: Path, status: os.stat_result) -> Document:
        treatment = treatment_of(path, self.house)
        forms = {IDENTITY: _form(file, status, IDENTITY, treatment)}
        for coding in codings_of(path, status.st_size):
            coded = file.with_name(file.name + ENDINGS[coding])
            try:
                # One of another date was made from another content, or is about to be.
                of_coded = coded.lstat()
            except OSError:
                continue
            if stat.S_ISREG(of_coded.st_mode) and of_coded.st_mtime_ns == status.st_mtime_ns:
                forms[coding] = _form(coded, of_coded, coding, treatment)
        return Document(path, treatment, int(status.st_mtime), forms)


def _form(file: Path, status: os.stat_result, coding: str, treatment: Treatment) -> Form:
    inode, date, size = identity = _identity(status)
    mark = "" if coding == IDENTITY else f"-{coding}"
    # A file is only ever replaced by another one, so these three never agree for two contents.
    etag = f'"{date:x}-{size:x}-{inode:x}{mark}"'
    headers = [(b"etag", etag.encode("ascii")), *treatment.headers]
    full = [
        *headers,
        (b"last-modified", formatdate(int(status.st_mtime), usegmt=True).encode("ascii")),
        (b"accept-ranges", b"bytes"),
    ]
    if coding != IDENTITY:
        full.append((b"content-encoding", coding.encode("ascii")))
    return Form(file, identity, size, etag, headers, full)


def _identity(status: os.stat_result) -> _Identity:
    return status.st_ino, status.st_mtime_ns, status.st_size
