"""What every step of publishing works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndicator.model import FeedSpec, Notice, PageWords, Site, Source
from syndicator.ports import Hubs, Pictures, Store, Tree


@dataclass(frozen=True, slots=True)
class Press:
    """Where and under what names things are published."""

    store: Store
    tree: Tree
    site: Site
    sources: tuple[Source, ...]
    feeds: tuple[FeedSpec, ...]
    notices: Mapping[str, Notice]  # the words around texts, by language
    version: str  # of the program: a new one may write the same feed differently
    now: datetime
    words: Mapping[str, PageWords] = field(default_factory=dict)  # of the pages, by language
    hubs: Hubs | None = None  # None: nobody to tell the hubs
    realm: int = 0  # whose tree is meant; 0: the public one
    mirrors: bool = False  # whether pictures are published by ourselves
    pictures: Pictures | None = None  # None: no picture is fetched now; those that are there are shown


@dataclass(frozen=True, slots=True)
class FeedEdition:
    """A feed in one of its languages, while it is being made."""

    press: Press
    spec: FeedSpec
    language: str
    carried: Mapping[str, Source]  # by id
    renewed: Mapping[str, datetime]  # when permissions that had ended were renewed, by source
