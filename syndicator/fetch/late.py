"""A client for sources that is made when something is first to be fetched.

A cycle that only reads inbox folders needs none, and to load what the client is built on, certificates
included, takes a tenth of a second.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from syndicator.model import FetchedDocument, Validators
from syndicator.ports import FOR_FEEDS, UNCONDITIONAL

if TYPE_CHECKING:
    from syndicator.fetch.polite import PoliteFetcher


class LateFetcher:
    """The port :class:`~syndicator.ports.Fetcher`, a context; threads may share one."""

    def __init__(self, make: "Callable[[], PoliteFetcher]") -> None:
        self._make = make
        self._made: PoliteFetcher | None = None
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            if self._made is not None:
                self._made.close()

    def fetch(
        self,
        url: str,
        validators: Validators = UNCONDITIONAL,
        accept: str = FOR_FEEDS,
        *,
        permitted: bool = False,
    ) -> FetchedDocument:
        """See the port."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
                if self._closed:  # whoever is late gets the client's own error
                    self._made.close()
        return self._made.fetch(url, validators, accept, permitted=permitted)
