"""Keeps an idle worker small: what a cycle needed for a moment goes back to the system.

glibc keeps freed memory for each thread that ever asked for some, and gives none of it back by itself: a
first cycle with many articles would be paid for until the next restart.
"""

import ctypes
import gc
import os
import threading
from contextlib import suppress

from syndicator.store.database import Database, is_current, path_of

_M_ARENA_MAX = -8  # mallopt(3)


def migrate_apart(address: str) -> None:
    """Bring a database to the present schema in a child process, if it is not there yet.

    What that takes, 12 MB, would else stay with the worker for years. Where there are threads already, or
    the child fails, opening the database does it, or says why not.
    """
    if is_current(path_of(address)) or threading.active_count() > 1:
        return
    child = os.fork()
    if child == 0:
        with suppress(BaseException):  # the parent meets the same failure, and tells of it
            Database(address).close()
        os._exit(0)
    os.waitpid(child, 0)


def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except OSError:
        return None


def bound_arenas() -> None:
    """Let all threads share two heaps, where the C library has such; before threads are started."""
    if (libc := _libc()) is not None:
        libc.mallopt(_M_ARENA_MAX, 2)


def settle() -> None:
    """Take what was loaded at the start out of the collector's sight: it stays, and need not be looked at."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give freed memory back to the system, where the C library can."""
    gc.collect()
    if (libc := _libc()) is not None:
        libc.malloc_trim(0)
