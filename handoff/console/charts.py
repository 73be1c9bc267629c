"""A bar chart as SVG, made on the server. It says nothing that the table above it does not say in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

BAR, GAP, WIDE, LABEL = 24, 12, 640, 220


def bars(title: str, rows: Sequence[tuple[str, int, str]]) -> Markup:
    """One bar for each (label, length, what it says); a length of 0 is a line. Lengths that may not be shown are 0."""
    longest = max((length for _, length, _ in rows), default=0) or 1
    height = len(rows) * (BAR + GAP) + GAP
    parts = [f'<svg class="bars" role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDE} {height}">']
    for at, (label, length, said) in enumerate(rows):
        top = GAP + at * (BAR + GAP)
        width = round((WIDE - LABEL - 90) * length / longest)
        middle = top + BAR * 0.7
        parts.append(f'<text x="0" y="{middle}">{escape(label[:26])}</text>')
        parts.append(f'<rect x="{LABEL}" y="{top}" width="{max(width, 2)}" height="{BAR}"></rect>')
        parts.append(f'<text x="{LABEL + max(width, 2) + 8}" y="{middle}">{escape(said)}</text>')
    # Every part was escaped above.
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704
