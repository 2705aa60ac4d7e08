"""Imports without what a library takes along and we never use: an idle worker would hold it for years."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let imports in this block find no modules of these names; those that are there already stay.

    For libraries that do without them: they catch the ImportError. Afterwards everybody finds them again.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment] # what makes an import fail at once
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, ...) is None:
                del sys.modules[name]
