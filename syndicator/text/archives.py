"""Says whether a zip archive may be unpacked: no bombs, no paths that lead out, nothing encrypted."""

import stat
import zipfile
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from syndicator.errors import ParseError
from syndicator.text.messages import tr

MOST_MEMBERS = 1000
_RATIO = 200  # of unpacked to packed bytes; text takes 3 to 10, and only bombs more than 100
_RATIO_COUNTS_FROM = 1_000_000  # bytes unpacked: a small file may be all blanks
_NESTED = (".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_UTF8_NAME = 0x800  # APPNOTE §4.4.4, bit 11
_ENCRYPTED = 0x1
# All that zipfile raises over what it cannot read; its RuntimeErrors tell of encryption and of ways of
# packing that it does not know.
_DAMAGED = (BadZipFile, ValueError, EOFError, OSError, RuntimeError, zlib.error)


def check_archive(data: bytes, name: str, *, most_total: int, most_member: int) -> list[ZipInfo]:
    """Return the files in a zip archive, having refused what may not be unpacked.

    The sizes are those that the archive claims: read no more than them (:func:`read_member`). Raises
    ParseError, which says what is wrong with the archive.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except _DAMAGED as error:
        raise ParseError(tr("{name} is no zip archive, or a damaged one", name=name)) from error
    if len(members) > MOST_MEMBERS:
        raise ParseError(tr("{name} holds more than {limit} files; divide it", name=name, limit=MOST_MEMBERS))
    files = [member for member in members if not member.is_dir()]
    for member in files:
        if reason := _refusal(member, most_member):
            raise ParseError(f"{name}: {shown_name(member)}: {reason}")
    if sum(member.file_size for member in files) > most_total:
        raise ParseError(
            tr("{name} unpacks to more than {limit} bytes; divide it", name=name, limit=most_total)
        )
    return files


def read_member(data: bytes, name: str, member: ZipInfo) -> bytes:
    """Return a file of an archive, never more of it than the archive claims it to be. Raises ParseError."""
    try:
        with ZipFile(BytesIO(data)) as archive, archive.open(member) as file:
            content = file.read(member.file_size + 1)
    except _DAMAGED as error:
        raise ParseError(tr("{name}: {member} is damaged", name=name, member=shown_name(member))) from error
    return content[: member.file_size]


def shown_name(member: ZipInfo) -> str:
    """Return a member's name; old programs in Bulgaria wrote names in code page 866 without saying so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return member.filename


def _refusal(member: ZipInfo, most_member: int) -> str:
    path = shown_name(member).replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0]:
        return tr("leads out of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        return tr("is a symbolic link")
    if member.flag_bits & _ENCRYPTED:
        return tr("is encrypted")
    if path.lower().endswith(_NESTED):
        return tr("is an archive inside the archive; unpack it first")
    if member.compress_type not in _METHODS:
        return tr("is packed in an unusual way")
    if member.file_size > most_member:
        return tr("is larger than {limit} bytes", limit=most_member)
    if member.file_size > max(_RATIO_COUNTS_FROM, _RATIO * member.compress_size):
        return tr("unpacks to suspiciously much")
    return ""
