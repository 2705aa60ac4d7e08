"""Who may read the private feeds: what the commands ``feeds token …`` do."""

from typing import Any

from syndicator.errors import RequestError
from syndicator.formats.paths import SEVERAL, feed_path, private_folder
from syndicator.model import FeedSpec
from syndicator.ports import FeedToken
from syndicator.runtime.build import Workshop
from syndicator.steps.realms import opened
from syndicator.store import erasing, tokens
from syndicator.text.messages import tr


def add(workshop: Workshop, partner: str, feed_id: str = "") -> dict[str, Any]:
    """Give a partner a new token, for one private feed or all; return what :func:`listed` tells of it.

    Raises RequestError.
    """
    private = [spec.id for spec in workshop.feeds if spec.private]
    if not partner.strip():
        raise RequestError(tr("the partner has no name; it is what your list of tokens tells you by"))
    if not private:
        raise RequestError(tr("the config has no private feed; write `private: true` under a feed first"))
    if feed_id and feed_id not in private:
        raise RequestError(
            tr(
                "{feed}: no private feed has this id; there are: {known}",
                feed=feed_id,
                known=", ".join(private),
            )
        )
    with workshop.database.writing() as connection:
        added = tokens.add(connection, partner.strip(), feed_id, workshop.now)
    return _told(workshop, added)


def listed(workshop: Workshop) -> list[dict[str, Any]]:
    """Return every token, revoked ones too, with the addresses that it opens."""
    return [_told(workshop, token) for token in workshop.store.feed_tokens()]


def revoke(workshop: Workshop, named: str) -> str:
    """Let a token, named by itself or its unique beginning, open nothing; return whose it was.

    Raises RequestError and StoreError.
    """
    valid = [one for one in workshop.store.feed_tokens() if one.revoked is None]
    found = [one for one in valid if named and one.token.startswith(named)]
    if len(found) != 1:
        raise RequestError(
            tr("no token in force, or more than one, begins so; `syndicator feeds token list` shows them")
        )
    with workshop.database.writing() as connection:
        tokens.revoke(connection, found[0].number, workshop.now)
    erasing.tell_erasures(workshop.database)
    return found[0].partner


def _told(workshop: Workshop, token: FeedToken) -> dict[str, Any]:
    specs = () if token.revoked else opened(workshop.feeds, token)
    return {
        "token": token.token,
        "partner": token.partner,
        "feed": token.feed_id or None,
        "created": token.created.isoformat(timespec="seconds"),
        "revoked": token.revoked.isoformat(timespec="seconds") if token.revoked else None,
        "addresses": [
            workshop.site.base_url + private_folder(token.token) + path
            for spec in specs
            for path in _paths(spec)
        ],
    }


def _paths(spec: FeedSpec) -> list[str]:
    codes = (SEVERAL,) if spec.combined else spec.languages
    return [feed_path(spec.id, code, fmt) for code in codes for fmt in spec.formats]
