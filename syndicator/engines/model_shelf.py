"""The folder of local models: what is there, whether it is whole, and how a new model gets there.

A pair's folder is made beside the others under a name that no engine reads, and takes its place in one rename
when every file in it is verified. What was fetched of a file before a break is kept under the file's hash, so
that parts of two versions never meet.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx
import zstandard

from syndicator.engines.firefox import present_files, read_manifest
from syndicator.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    RequestError,
    TooLargeError,
    UnreachableError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr
from syndicator.translation.model_files import MANIFEST, ModelNames, folder_of, names_in, pair_of
from syndicator.translation.model_records import Offered, Release, read_records

LARGEST_LIST = 50_000_000  # bytes; Mozilla's has under 2 MB
LARGEST_FILE = 2_000_000_000  # bytes, unpacked; the largest published one has 60 MB
TRIES = 5  # of one file
TIMEOUT = httpx.Timeout(30.0)
_PACKED = b"\x28\xb5\x2f\xfd"  # how a Zstandard frame begins (RFC 8878 §3.1.1)
_CHUNK = 1 << 18

T = TypeVar("T")
Told = Callable[[str, int, int], None]
"""Is told the file, how many of its bytes are there, and how many there will be."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One model that is there."""

    pair: Pair
    size: int
    version: str = ""  # "" for one that was put there by hand
    architecture: str = ""
    damage: str = ""  # which file is not as it should be, and why

    @property
    def state(self) -> str:
        """``verified``, ``unknown`` (nothing to verify it by) or ``damaged``."""
        return "damaged" if self.damage else "verified" if self.version else "unknown"


class ModelShelf:
    """A folder of models."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def models(self) -> tuple[Shelved, ...]:
        """Return what is there, every file read and verified."""
        found = []
        for each in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            pair = pair_of(each.name) if each.is_dir() and not each.name.startswith(".") else None
            if pair:
                found.append(self.model(pair))
        return tuple(found)

    def model(self, pair: Pair) -> Shelved:
        """Return what is there of a pair, every file read and verified."""
        folder = self.folder / folder_of(pair)
        present = present_files(folder)
        known = read_manifest(folder)
        told = _told(folder) if known else {}
        size = sum(size for name, size in present.items() if name != MANIFEST)
        return Shelved(
            pair, size, told.get("version", ""), told.get("architecture", ""), _damage(folder, present)
        )

    def add(self, release: Release, service: "ModelService", tell: Told) -> bool:
        """Fetch a model and put it in place; return False where it is there already, whole.

        Files that are there and right are not fetched again. Raises FetchError and RequestError.
        """
        place = self.folder / folder_of(release.pair)
        with self._locked():
            made = self.folder / f".new-{folder_of(release.pair)}"
            parts = self.folder / ".parts"
            shutil.rmtree(made, ignore_errors=True)
            if _is_release(place, release):
                return False
            made.mkdir()
            parts.mkdir(exist_ok=True)
            files = {}
            for offered in release.files:
                target = made / offered.name
                if not _reuse(place / offered.name, target, offered):
                    part = service.fetch(offered, parts, tell)
                    _unpack(part, target, offered)
                files[offered.name] = {"size": target.stat().st_size, "sha256": _sha256(target)}
            manifest = {"version": release.version, "architecture": release.architecture, "files": files}
            (made / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
            _replace(place, made)
            for offered in release.files:
                (parts / f"{offered.sha256}.part").unlink(missing_ok=True)
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep two commands from working on the folder at once. Raises RequestError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                text = tr("{path}: another command adds models there; wait for it to end", path=self.folder)
                raise RequestError(text) from None
            yield


class ModelService:
    """A service of models: a list of records, and their attachments."""

    def __init__(
        self, records: str, attachments: str, user_agent: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.records = records
        self.attachments = attachments if attachments.endswith("/") else f"{attachments}/"
        self._sleep = sleep
        self._client = httpx.Client(
            timeout=TIMEOUT,
            trust_env=False,
            follow_redirects=True,
            # Not packed for the way: what is counted and resumed are the file's own bytes.
            headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def releases(self) -> tuple[Release, ...]:
        """Return the models that the service offers. Raises FetchError and ParseError."""

        def read() -> bytes:
            with self._client.stream("GET", self.records) as response:
                _demand(response, 200)
                data = bytearray()
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > LARGEST_LIST:
                        raise TooLargeError(tr("{url}: the list of models is too large", url=self.records))
                return bytes(data)

        return read_records(self._again(self.records, read), self.records)

    def fetch(self, offered: Offered, folder: Path, tell: Told) -> Path:
        """Return a file's verified attachment, going on with what an earlier try left. Raises FetchError."""
        url = urljoin(self.attachments, offered.location)
        part = folder / f"{offered.sha256}.part"
        resumed = part.exists()
        while True:
            self._again(url, lambda: self._take(url, part, offered, tell))
            if part.stat().st_size == offered.size and _sha256(part) == offered.sha256:
                return part
            wrong = part.stat().st_size
            part.unlink()
            if not resumed:
                text = tr(
                    "{url}: not the file that the service describes "
                    "({size} bytes of {right}, another SHA-256)"
                    "; nothing was changed",
                    url=url,
                    size=wrong,
                    right=offered.size,
                )
                raise FetchError(text)
            resumed = False  # what an earlier try left may have been wrong

    def _take(self, url: str, part: Path, offered: Offered, tell: Told) -> None:
        """Add to a part what it lacks."""
        have = part.stat().st_size if part.exists() else 0
        if have >= offered.size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self._client.stream("GET", url, headers=headers) as response:
            if response.status_code == 416:  # it has less than we have: one of the two is wrong
                part.unlink()
                raise UnreachableError(tr("{url}: it cannot be gone on with", url=url))
            goes_on = response.status_code == 206
            _demand(response, 206 if goes_on else 200)
            if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                part.unlink()
                raise UnreachableError(tr("{url}: it cannot be gone on with", url=url))
            have = have if goes_on else 0
            with part.open("ab" if goes_on else "wb") as file:
                tell(offered.name, have, offered.size)
                for chunk in response.iter_raw(_CHUNK):
                    have += len(chunk)
                    if have > offered.size:
                        break  # too much: the hash will tell
                    file.write(chunk)
                    tell(offered.name, have, offered.size)
                file.flush()
                os.fsync(file.fileno())
        if have < offered.size:
            raise UnreachableError(
                tr("{url}: broke off after {size} of {right} bytes", url=url, size=have, right=offered.size)
            )

    def _again(self, url: str, act: Callable[[], T]) -> T:
        """Do something that the network may break off, several times. Raises FetchError."""
        for attempt in range(1, TRIES + 1):
            try:
                return act()
            except (httpx.HTTPError, httpx.InvalidURL, UnreachableError, HttpStatusError) as error:
                named = _named(url, error)
                final = isinstance(named, HttpStatusError) and named.status < 500 and named.status != 429
                if attempt == TRIES or final or isinstance(error, httpx.InvalidURL):
                    raise named from error
                self._sleep(0.5 * (1 << attempt))
        raise AssertionError("the last try raises or returns")


def _named(url: str, error: Exception) -> FetchError:
    if isinstance(error, FetchError):
        return error
    if isinstance(error, httpx.TimeoutException):
        return FetchTimeoutError(tr("{url}: no answer in time", url=url))
    return UnreachableError(tr("{url}: no connection: {reason}", url=url, reason=error))


def _demand(response: httpx.Response, status: int) -> None:
    """Raise HttpStatusError where a response has another status."""
    if response.status_code != status:
        text = tr("{url}: answered with status {status}", url=response.url, status=response.status_code)
        raise HttpStatusError(text, response.status_code)


def _told(folder: Path) -> dict[str, str]:
    """Return version and architecture by a folder's manifest, which is known to be readable."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return {key: str(told.get(key, "")) for key in ("version", "architecture")}


def _damage(folder: Path, present: Mapping[str, int]) -> str:
    """Return what is wrong with the files of a model; "" where nothing is."""
    known = read_manifest(folder)
    for name, file in known.items():
        if name not in present:
            return tr("{file}: it is missing", file=name)
        if present[name] != file.size:
            return tr(
                "{file}: it has {size} bytes instead of {right}",
                file=name,
                size=present[name],
                right=file.size,
            )
        if _sha256(folder / name) != file.sha256:
            return tr("{file}: its SHA-256 is not that of its publisher", file=name)
    names = names_in(known or present)
    return "" if isinstance(names, ModelNames) else tr("{file}: it is missing", file=", ".join(names))


def _is_release(place: Path, release: Release) -> bool:
    """Whether a folder holds this very release, every file verified."""
    known = read_manifest(place)
    told = _told(place) if known else {}
    same = told == {"version": release.version, "architecture": release.architecture}
    return (
        same
        and known.keys() == {file.name for file in release.files}
        and not _damage(place, present_files(place))
    )


def _reuse(there: Path, target: Path, offered: Offered) -> bool:
    """Take over a file that is there already, if it is the right one; return whether it was."""
    right = offered.file_sha256 or offered.sha256
    if not there.is_file() or _sha256(there) != right:
        return False
    shutil.copyfile(there, target)
    return True


def _unpack(part: Path, target: Path, offered: Offered) -> None:
    """Write the file that an attachment holds, and verify it. Raises FetchError."""
    with part.open("rb") as source, target.open("wb") as file:
        packed = source.read(4) == _PACKED
        source.seek(0)
        reader: Any = zstandard.ZstdDecompressor().stream_reader(source) if packed else source
        limit = offered.file_size or LARGEST_FILE
        size = 0
        try:
            while chunk := reader.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    break
                file.write(chunk)
        except zstandard.ZstdError as error:
            raise FetchError(
                tr("{file}: cannot be unpacked: {reason}", file=offered.name, reason=error)
            ) from error
        file.flush()
        os.fsync(file.fileno())
    wrong_size = size > limit or (offered.file_size and size != offered.file_size)
    if wrong_size or (offered.file_sha256 and _sha256(target) != offered.file_sha256):
        text = tr(
            "{file}: what was unpacked is not what the service describes; nothing was changed",
            file=offered.name,
        )
        raise FetchError(text)


def _replace(place: Path, made: Path) -> None:
    """Put a finished folder in the place of an older one, or of none.

    Two renames where there is an older one: a kill between them leaves no model, which `models add` mends;
    files exchanged one by one could leave a model of two versions.
    """
    for each in (*made.iterdir(), made):
        _sync(each)
    old = place.with_name(f".old-{place.name}")
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        place.rename(old)
    made.rename(place)
    _sync(place.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
