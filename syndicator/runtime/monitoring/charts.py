"""Charts as inline SVG: bars only, so that they stretch; the words around them are HTML.

A picture says what a screen reader reads (``role="img"`` with a label), and every chart stands beside a table
of the same figures. Colours come from the page's style, so that they follow its dark form.
"""

from collections.abc import Mapping, Sequence
from html import escape

HEIGHT = 60
GAP = 0.2  # between two bars, as a share of one's room


def columns(days: Sequence[str], values: Mapping[str, float], most: float, label: str, colour: str) -> str:
    """Return a chart with a bar per day, of at most ``most``; ``label`` says what it shows."""
    bars = []
    for at, day in enumerate(days):
        value = values.get(day, 0)
        if value > 0 and most > 0:
            height = max(1.0, value / most * HEIGHT)
            place = f'x="{at * 10 + GAP * 5:g}" y="{HEIGHT - height:.1f}" width="{10 * (1 - GAP):g}"'
            bars.append(f'<rect {place} height="{height:.1f}"><title>{day}: {value:g}</title></rect>')
    width = len(days) * 10
    return (
        f'<svg class="columns {colour}" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none"'
        f' role="img" aria-label="{escape(label)}">{"".join(bars)}'
        f'<line x1="0" y1="{HEIGHT}" x2="{width}" y2="{HEIGHT}"/></svg>'
    )


def bar(parts: Sequence[tuple[float, str]], label: str) -> str:
    """Return one horizontal bar of parts, each a share of the whole width and its colour's name."""
    drawn, at = [], 0.0
    for share, colour in parts:
        width = min(max(share, 0.0), 1.0 - at) * 100
        if width > 0:
            drawn.append(f'<rect class="{colour}" x="{at * 100:.2f}" y="0" width="{width:.2f}" height="10"/>')
            at += width / 100
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(label)}"><rect class="ground" width="100" height="10"/>{"".join(drawn)}</svg>'
    )
