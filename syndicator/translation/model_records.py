"""Which models a service offers: the records of Mozilla's Remote Settings, read and chosen from.

The service answers with a JSON object whose ``data`` is an array of records, one per file, with these fields
(collection translations-models-v2; the older one says ``fromLang`` and ``toLang``, and packs no files):

====================================  =================================================================
name, fileType                        ``vocab.pten.spm``, ``vocab``
sourceLanguage, targetLanguage        ``pt``, ``en``
version, architecture                 ``2.1`` (``3.0a1`` is not released yet), ``tiny``, ``base-memory``
filter_expression                     not empty: for some browsers only
attachment.location, .size, .hash     where the file lies below the service's address of attachments
decompressedSize, decompressedHash    of the file itself, where the attachment is packed (Zstandard)
====================================  =================================================================
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syndicator.errors import ParseError
from syndicator.model import Pair
from syndicator.text.messages import tr
from syndicator.translation.model_files import ModelNames, kind_of, names_in

# By published quality, then by the memory they take: a service may have the same version in several.
ARCHITECTURES = ("base-memory", "base", "tiny")
NEWEST_MAJOR = 3  # later models may be of a kind that the engine does not know

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?")
_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,199}")
_LOCATION = re.compile(r"/?[A-Za-z0-9_][\w./~%-]*")


@dataclass(frozen=True, slots=True)
class Offered:
    """One file that a service offers."""

    name: str
    location: str  # below the service's address of attachments
    size: int  # of the attachment
    sha256: str  # of the attachment
    file_size: int  # of the file itself; 0 where it is not told
    file_sha256: str  # of the file itself; "" where it is not told


@dataclass(frozen=True, slots=True)
class Release:
    """All files of one version of a pair's model."""

    pair: Pair
    version: str
    architecture: str
    files: tuple[Offered, ...]

    @property
    def size(self) -> int:
        """How much is to be fetched."""
        return sum(file.size for file in self.files)


def read_records(data: bytes, url: str) -> tuple[Release, ...]:
    """Return the complete, released models among a service's records; what is not of a model is passed over.

    Raises ParseError where it is no list of records.
    """
    try:
        told = json.loads(data)
    except ValueError as error:
        raise ParseError(tr("{url}: no list of models (no JSON: {reason})", url=url, reason=error)) from error
    records = told.get("data") if isinstance(told, dict) else None
    if not isinstance(records, list):
        raise ParseError(tr("{url}: no list of models (no array `data`)", url=url))
    found: dict[tuple[Pair, str, str], dict[str, Offered]] = {}
    for record in records:
        if not isinstance(record, dict) or record.get("filter_expression"):
            continue
        pair, version = _pair(record), record.get("version")
        offered = _offered(record)
        if pair and offered and isinstance(version, str) and _released(version):
            key = (pair, version, str(record.get("architecture") or ""))
            found.setdefault(key, {})[offered.name] = offered
    return tuple(
        Release(pair, version, architecture, tuple(files[name] for name in names.all))
        for (pair, version, architecture), files in found.items()
        if isinstance(names := names_in(files), ModelNames)
    )


def best_release(releases: Iterable[Release], pair: Pair) -> Release | None:
    """Return the newest release of a pair, in the preferred architecture; None where there is none."""
    return max((each for each in releases if each.pair == pair), key=_rank, default=None)


def pairs_offered(releases: Sequence[Release]) -> frozenset[Pair]:
    """Return the pairs that a service has models of."""
    return frozenset(release.pair for release in releases)


def _rank(release: Release) -> tuple[tuple[int, ...], int]:
    known = release.architecture in ARCHITECTURES
    return _numbers(release.version), -ARCHITECTURES.index(release.architecture) if known else -99


def _numbers(version: str) -> tuple[int, ...]:
    found = _VERSION.fullmatch(version)
    return tuple(int(number or 0) for number in found.groups()) if found else ()


def _released(version: str) -> bool:
    numbers = _numbers(version)
    return bool(numbers) and numbers[0] <= NEWEST_MAJOR


def _pair(record: dict[str, object]) -> Pair | None:
    source = record.get("sourceLanguage") or record.get("fromLang")
    target = record.get("targetLanguage") or record.get("toLang")
    if isinstance(source, str) and isinstance(target, str) and _NAME.fullmatch(f"{source}-{target}"):
        return Pair(source, target)
    return None


def _offered(record: dict[str, object]) -> Offered | None:
    """Return the file of a record; None where it is none of a model's, or not told in full."""
    name, attachment = record.get("name"), record.get("attachment")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not kind_of(name):
        return None
    if not isinstance(attachment, dict):
        return None
    location, size, sha256 = (attachment.get(key) for key in ("location", "size", "hash"))
    if not isinstance(location, str) or not _LOCATION.fullmatch(location) or ".." in location:
        return None
    if isinstance(size, str) and size.isdigit():  # as older records have it
        size = int(size)
    if not isinstance(size, int) or size < 1 or not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        return None
    file_size, file_hash = record.get("decompressedSize"), record.get("decompressedHash")
    return Offered(
        name,
        location.lstrip("/"),
        size,
        sha256,
        file_size if isinstance(file_size, int) else 0,
        file_hash if isinstance(file_hash, str) and _HASH.fullmatch(file_hash) else "",
    )
