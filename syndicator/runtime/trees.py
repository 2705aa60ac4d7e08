"""The published tree that a config names: a folder, or a place in a bucket."""

from pathlib import Path
from typing import TYPE_CHECKING

from syndicator.errors import ServeError
from syndicator.output.local import LocalTree
from syndicator.settings.scalars import Bucket
from syndicator.settings.schema import S3Settings, Settings
from syndicator.text.messages import tr

if TYPE_CHECKING:
    from syndicator.output.s3 import S3Tree


def tree_of(settings: Settings) -> "LocalTree | S3Tree":
    """Return the published tree; nothing is asked of a store before the tree is."""
    storage = settings.storage
    if isinstance(storage.feeds, Bucket):
        return _bucket(storage.feeds, storage.s3 or S3Settings())
    return LocalTree(storage.feeds, compress=storage.compress)


def _bucket(place: Bucket, s3: S3Settings) -> "S3Tree":
    from syndicator.output.s3 import Access, S3Tree  # loads a library that a folder does not need

    access = Access(
        endpoint=s3.endpoint or "",
        region=s3.region or "",
        access_key_id=s3.access_key_id.get_secret_value() if s3.access_key_id else "",
        secret_access_key=s3.secret_access_key.get_secret_value() if s3.secret_access_key else "",
    )
    return S3Tree(place.name, place.prefix, access)


def folder_of(settings: Settings) -> Path:
    """Return the folder of the published tree, for what needs one. Raises ServeError for a bucket."""
    feeds = settings.storage.feeds
    if isinstance(feeds, Bucket):
        raise ServeError(
            tr(
                "the built-in server shows a folder, not {place}: let the store's own web address or a CDN"
                " show it",
                place=feeds,
            )
        )
    return feeds
