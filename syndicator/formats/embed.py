"""A feed's newest titles as a plain page for a frame on a partner's site. No scripts, nothing loaded."""

from html import escape

from syndicator.formats.clean import clean_feed
from syndicator.formats.content import headline
from syndicator.model import Entry, Feed, Mark
from syndicator.text.languages import is_right_to_left, local_date
from syndicator.text.notices import notice_of

NEWEST = 10
"""Titles that the page shows."""

_STYLE = """
:root { color-scheme: light dark; }
body { margin: .75rem; font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.1rem; margin: 0 0 .5rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .4rem 0; border-top: 1px solid #8886; }
small { display: block; opacity: .75; }
""".strip()


def render_embed(feed: Feed) -> bytes:
    """Return the page in UTF-8; equal feeds give equal bytes.

    Every link opens outside of the frame. Each title tells its source, its date and, by the feed's own mark,
    whether a machine translated it.
    """
    feed = clean_feed(feed)
    newest = [entry for entry in feed.entries if not entry.withdrawn][:NEWEST]
    direction = "rtl" if is_right_to_left(feed.language) else "ltr"
    title = escape(feed.title)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(feed.language)}" dir="{direction}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        f"<h1>{_link(feed.url, title)}</h1>",
        "<ul>",
        *map(_item, newest),
        "</ul>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _link(address: str, content: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener">{content}</a>'


def _item(entry: Entry) -> str:
    notice = notice_of(entry)
    marks = {Mark.MACHINE: notice.mark, Mark.REVIEWED: notice.reviewed_mark}
    date = f'<time datetime="{entry.published.date().isoformat()}">'
    date += f"{escape(local_date(entry.published, entry.language))}</time>"
    told = [escape(entry.source_name), date, escape(marks.get(entry.mark, ""))]
    return (
        f"<li>{_link(entry.url, escape(headline(entry)))}<small>{' · '.join(filter(None, told))}</small></li>"
    )
