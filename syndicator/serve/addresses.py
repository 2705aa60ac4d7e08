"""From the address in a request to a path in the published tree."""

import re

_PLAIN = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:@-]+")
"""What may stand between two slashes (RFC 3986 §3.3) once it is decoded. Published names are such ones."""

_LONGEST = 1024
_DECODED = {b"%" + b"%02x" % code: bytes([code]) for code in range(256)}
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")

INDEX = "index.html"
"""What is shown at the address of a folder."""


def tree_path(raw: bytes, prefix: bytes = b"/") -> str | None:
    """Return the path in the tree that an address means; None where no published file can be meant.

    ``raw`` is the path of the address as the client sent it, without its query. ``prefix`` begins and ends
    with ``/``: where the tree lies on its host; an address without it is taken as relative to the tree, for
    a proxy may have cut it off. A path that ends in ``/`` means the index of its folder.

    Hidden files, empty parts, ``.`` and ``..``, escaped slashes, null bytes and whatever is not ASCII are no
    names of published files, so that nothing has to be made of them. Names are decoded once.
    """
    if len(raw) > _LONGEST or not raw.startswith(b"/"):
        return None
    inside = raw.removeprefix(prefix) if raw.startswith(prefix) else raw[1:]
    *folders, name = (_ESCAPE.sub(_decode, part) for part in inside.split(b"/"))
    parts = [*folders, name or INDEX.encode()]
    if not all(_PLAIN.fullmatch(part) and not part.startswith(b".") for part in parts):
        return None
    return b"/".join(parts).decode("ascii")


def _decode(escape: re.Match[bytes]) -> bytes:
    return _DECODED[escape[0].lower()]
