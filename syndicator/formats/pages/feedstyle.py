"""What makes a feed that is opened in a browser look like a page.

XSLT is gone from browsers, so a style sheet must do: it cannot make links, but it can show titles, dates and
summaries, hide what is for machines, and say in the feed's language what a feed is good for.
"""

from collections.abc import Mapping

from syndicator.model import PageWords


def feed_hints(words: Mapping[str, PageWords]) -> str:
    """Return rules that show each language's sentence about feeds at the head of its feeds."""
    return "".join(
        f":root:lang({language}) {{ --hint: {_quoted(told.feed_hint)}; }}\n"
        for language, told in sorted(words.items())
    )


def _quoted(text: str) -> str:
    """Return a text as a CSS string (CSS Syntax §4.3.5)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'"{escaped}"'


def styled(data: bytes, address: str) -> bytes:
    """Return an XML document that names a CSS style sheet (xml-stylesheet §2) after its declaration."""
    declaration, end, rest = data.partition(b"?>")
    instruction = f'\n<?xml-stylesheet type="text/css" href="{address}"?>'.encode()
    return declaration + end + instruction + rest
