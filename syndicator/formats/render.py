"""A feed in the format that is asked for, checked before anybody sees it."""

from collections.abc import Callable

from syndicator.formats.atom import render_atom
from syndicator.formats.jsonfeed import render_json
from syndicator.formats.pages.assets import assets
from syndicator.formats.pages.feedstyle import styled
from syndicator.formats.rss import render_rss
from syndicator.formats.selfcheck import check_rendered
from syndicator.model import Feed

_RENDERERS: dict[str, Callable[[Feed], bytes]] = {
    "rss": render_rss,
    "atom": render_atom,
    "json": render_json,
}


def render_feed(feed: Feed, fmt: str) -> bytes:
    """Return the feed in a format (``rss``, ``atom``, ``json``), read back and found whole.

    Raises RenderError where it is not. Not for two threads at once, see
    :func:`syndicator.formats.rss.render_rss`.
    """
    data = _RENDERERS[fmt](feed)
    if fmt != "json":
        data = styled(data, feed.base_url + assets().feed_style)
    check_rendered(data, fmt, feed)
    return data
