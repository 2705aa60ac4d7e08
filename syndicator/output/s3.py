"""The published tree in a bucket of an S3-compatible store: an object appears whole or not at all.

A PUT replaces an object in one step, so nothing unfinished can be seen or left behind. What a bucket cannot
do is choose among compressed forms by what a reader takes: it holds none, and a CDN before it compresses.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import (
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnknownConfigurationKeyError,
)
from obstore.store import S3Store

from syndicator.errors import OutputError
from syndicator.formats.codings import is_coded_form
from syndicator.formats.handing import keeping, media_type
from syndicator.formats.paths import without_token
from syndicator.output.places import PREFIX, require_place
from syndicator.ports import Ready
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

TIMEOUT = timedelta(seconds=30)  # of one request
RETRY_TIMEOUT = timedelta(seconds=60)  # of one request with all that are made in its place
RETRIES = 7  # with growing pauses: about ten seconds

_REFUSED = re.compile("AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken")
"""S3's codes for a key that is wrong or may not do this; the library's own errors do not tell them all."""

Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class Access:
    """How a store is reached; what is ``""`` comes from the environment, as AWS's own tools name it."""

    endpoint: str = ""  # of a store that is not AWS
    region: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)


class S3Tree:
    """Files under a prefix of a bucket, by paths like ``en/all.rss``.

    One process writes at a time. The bucket is listed once, when it is first asked for; what it says of an
    object there (its MD5 as the ETag, its length) tells whether a file changed, so an unchanged one costs
    nothing. Where the ETag is something else (an encrypted bucket), an object of equal length is read.

    Requests that fail by the network or the store's own fault are repeated. Every method raises OutputError,
    with the place and the way out, for what remains.
    """

    def __init__(
        self, bucket: str, prefix: str = "", access: Access | None = None, *, retries: int = RETRIES
    ) -> None:
        self.bucket = bucket
        self.prefix = prefix.strip("/")
        self.access = access or Access()
        self.retries = retries

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def write(self, path: str, data: bytes) -> bool:
        """Publish a file whole and durably; return whether that changed anything.

        An object that holds these bytes already is not touched, so its date stays for conditional requests.
        """
        require_place(path, self)
        if self._holds(path, data):
            return False
        # A bucket has one type for all who ask: the one by which a browser shows a feed like a page.
        attributes = {
            "Content-Type": media_type(path, in_browsers=True),
            "Cache-Control": keeping(path),
        }
        self._ask(
            path,
            lambda: obstore.put(
                self._store, self._key(path), data, attributes=attributes, use_multipart=False
            ),
        )
        self._known[path] = (_md5(data), len(data))
        return True

    def ready(self, path: str, data: bytes) -> Ready:  # noqa: ARG002
        """Return the data alone: a bucket holds no compressed forms."""
        return Ready(data, {})

    def write_all(self, files: Mapping[str, bytes | Ready]) -> int:
        """Publish files as :meth:`write` does, in their order; return how many changed."""
        return sum(
            self.write(path, one.data if isinstance(one, Ready) else one) for path, one in files.items()
        )

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OutputError where there is none."""
        require_place(path, self)
        return self._ask(path, lambda: bytes(obstore.get(self._store, self._key(path)).bytes()))

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        require_place(path, self)
        return path in self._known

    def remove(self, path: str) -> bool:
        """Take a file away; return whether there was one."""
        require_place(path, self)
        if path not in self._known:
            return False
        self._ask(path, lambda: obstore.delete(self._store, self._key(path)))
        del self._known[path]
        return True

    def paths(self, below: str = "") -> list[str]:
        """Return the paths of all files, or those in a folder, sorted; hidden ones and what a copied folder
        left of compressed forms are not ours to tell.
        """
        if below:
            require_place(below, self)
        begin = f"{below}/" if below else ""
        return sorted(path for path in self._known if path.startswith(begin) and _is_told(path))

    def folders(self, path: str) -> list[str]:
        """Return the names of the folders in a folder, sorted, without hidden ones."""
        below = [one.removeprefix(f"{path}/") for one in self.paths(path)]
        return sorted({one.partition("/")[0] for one in below if "/" in one})

    def sweep(self) -> int:
        """Return 0: a process that is killed leaves nothing unfinished here."""
        return 0

    def try_out(self) -> int:
        """Write, read and remove an object as publishing does; return how many files the tree has."""
        trial = f"{PREFIX}trial"
        told = b"syndicator"
        self._ask(trial, lambda: obstore.put(self._store, self._key(trial), told, use_multipart=False))
        read = self._ask(trial, lambda: bytes(obstore.get(self._store, self._key(trial)).bytes()))
        number = len(self.paths())
        self._ask(trial, lambda: obstore.delete(self._store, self._key(trial)))
        if read != told:
            raise OutputError(tr("{tree} does not give back what was written to it", tree=self))
        return number

    def _holds(self, path: str, data: bytes) -> bool:
        etag, size = self._known.get(path, ("", -1))
        if size != len(data):
            return False
        if re.fullmatch("[0-9a-f]{32}", etag) and etag == _md5(data):
            return True
        return self.read(path) == data

    @cached_property
    def _known(self) -> dict[str, tuple[str, int]]:
        """What the bucket holds: each path's ETag and length."""
        begin = f"{self.prefix}/" if self.prefix else ""
        chunks = self._ask("", lambda: list(obstore.list(self._store, prefix=self.prefix or None)))
        return {
            one["path"].removeprefix(begin): ((one["e_tag"] or "").strip('"'), one["size"])
            for chunk in chunks
            for one in chunk
            if one["path"].startswith(begin)
        }

    @cached_property
    def _store(self) -> S3Store:
        access = self.access
        config: S3Config = {}
        if access.endpoint:
            config["endpoint"] = access.endpoint.rstrip("/")
        if access.region:
            config["region"] = access.region
        if access.access_key_id:
            config["access_key_id"] = access.access_key_id
            config["secret_access_key"] = access.secret_access_key
        # Without encryption only where the operator's own endpoint says http; AWS's never does.
        client: ClientConfig = {
            "timeout": TIMEOUT,
            "connect_timeout": timedelta(seconds=5),
            "allow_http": True,
        }
        try:
            return S3Store(
                self.bucket,
                config=config,
                client_options=client,
                retry_config={"max_retries": self.retries, "retry_timeout": RETRY_TIMEOUT},
            )
        except (BaseError, ValueError) as error:
            raise self._refused("", error) from error

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}" if self.prefix else path

    def _ask(self, path: str, act: Callable[[], Returned]) -> Returned:
        """Do what asks the store. Raises OutputError."""
        try:
            return act()
        except (BaseError, OSError, ValueError) as error:
            raise self._refused(path, error) from error

    def _refused(self, path: str, error: Exception) -> OutputError:
        """Return what the operator can do about what the store refused."""
        place = f"{self}/{without_token(path)}" if path else str(self)
        reason = _reason(error)
        if isinstance(error, PermissionDeniedError | UnauthenticatedError) or _REFUSED.match(reason):
            message = tr(
                "{place}: the store refused the key ({reason}): check it (storage.s3 or AWS_ACCESS_KEY_ID and"
                " AWS_SECRET_ACCESS_KEY), and that it may list, read, write and delete objects there",
                place=place,
                reason=reason,
            )
        elif "NoSuchBucket" in reason or (isinstance(error, FileNotFoundError) and not path):
            message = tr(
                "{place}: there is no bucket {bucket}: create it, or correct storage.feeds",
                place=place,
                bucket=self.bucket,
            )
        elif isinstance(error, FileNotFoundError):
            message = tr("{place}: there is no such object", place=place)
        elif isinstance(error, UnknownConfigurationKeyError):
            message = tr("{place}: the store cannot be used: {reason}", place=place, reason=reason)
        else:
            message = tr(
                "{place}: the store did not do it, though it was asked repeatedly ({reason}): the next cycle"
                " tries again",
                place=place,
                reason=reason,
            )
        return OutputError(message)


def _md5(data: bytes) -> str:
    """Return what S3 says of an object that was put in one part."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _is_told(path: str) -> bool:
    parts = path.split("/")
    return not any(part.startswith(".") for part in parts) and not is_coded_form(parts[-1])


def _reason(error: Exception) -> str:
    """Return what an error says, on one line and not endless.

    The library shows the answer of the store as XML, and then all causes as the program sees them.
    """
    text = str(error).partition("\n\nDebug source")[0]
    said = re.search("<Code>(.*?)</Code>(?:.*?<Message>(.*?)</Message>)?", text, re.DOTALL)
    told = ": ".join(part for part in said.groups() if part) if said else text
    return re.sub(r"\s+", " ", told).strip()[:300]
