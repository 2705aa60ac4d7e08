"""A command that root runs becomes the database's owner: what it writes must be the worker's to write."""

import os
import pwd
from pathlib import Path

from syndicator.errors import StoreError
from syndicator.text.messages import tr


def become_owner_of(database: Path) -> None:
    """Give up root's rights for those of the database's owner, or of its folder's while there is none.

    Does nothing for other users, and where root itself is the owner. Raises StoreError.
    """
    if os.geteuid() != 0:
        return
    found = next((path for path in (database, *database.parents) if path.exists()), None)
    if found is None or found.stat().st_uid == 0:
        return
    owner = found.stat()
    try:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
    except KeyError:
        os.setgroups([owner.st_gid])  # a user without a name: a container's
    try:
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    except OSError as error:
        raise StoreError(
            tr("{path}: cannot become its owner ({reason})", path=found, reason=error.strerror)
        ) from error
