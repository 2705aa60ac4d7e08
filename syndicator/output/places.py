"""Which paths are places inside a published tree."""

from syndicator.errors import OutputError
from syndicator.formats.paths import without_token
from syndicator.text.messages import tr

PREFIX = ".syndicator-"
"""Beginning of the names of unfinished files. Web servers do not list or serve hidden ones by default."""


def require_place(path: str, tree: object) -> None:
    """Refuse a path that is not plain: ASCII, ``/`` between parts, none of which leads elsewhere.

    ``tree`` is how messages name the tree. Raises OutputError.
    """
    is_plain = not any(part in {"", ".", ".."} or part.startswith(PREFIX) for part in path.split("/"))
    if not is_plain or not path.isascii() or "\\" in path or "\0" in path:
        told = without_token(path)
        raise OutputError(tr("{path!r} is not a path inside the published tree {tree}", path=told, tree=tree))
