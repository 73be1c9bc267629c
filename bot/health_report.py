"""The Local Offer's health as a page to print and as a table to sort: the same lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from html import escape

from knowledge.directory.sheets import unspiked
from knowledge.local_offer import HEAD, STATES, Line, checklist

STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #999;text-align:left;vertical-align:top;padding:.4rem}.missing{font-weight:bold}"
)


def as_csv(lines: Sequence[Line]) -> str:
    """The report as CSV. No cell of it is run by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in lines:
        cells = [line.part, line.what, STATES[line.state], line.said, "; ".join(one for one in line.where if one)]
        writer.writerow([unspiked(cell) for cell in cells])
    return out.getvalue()


def as_html(lines: Sequence[Line], council: str, today: date) -> str:
    """The report as one page with a table for each part, and no script."""
    parts = dict.fromkeys(line.part for line in lines)
    tables = "".join(_table(part, [line for line in lines if line.part == part]) for part in parts)
    law = "".join(f"<li>{escape(place)}</li>" for place in checklist()["seen"].values())
    counts = ", ".join(f"{sum(line.state == state for line in lines)} {said.lower()}" for state, said in STATES.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Local Offer: {escape(council)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f"<h1>How healthy is the Local Offer of {escape(council)}?</h1><p>{today:%-d %B %Y}: {counts}."
        " Words that are found are no proof that a duty is met: they say where a person should look first.</p>"
        f"{tables}<h2>Where the law was read</h2><ul>{law}</ul></main></body></html>\n"
    )


def _table(part: str, lines: Sequence[Line]) -> str:
    rows = "".join(
        f'<tr class="{line.state}"><th scope="row">{escape(line.what)}</th><td>{STATES[line.state]}</td>'
        f"<td>{escape(line.said)}</td><td>{'<br>'.join(escape(one) for one in line.where if one)}</td></tr>"
        for line in lines
    )
    names = "".join(f'<th scope="col">{name}</th>' for name in HEAD[1:])
    return f"<h2>{escape(part)}</h2><table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
