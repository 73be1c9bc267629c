"""Figures that say nothing of a few, and files in which no cell is a formula."""

from __future__ import annotations

import csv
import io

from handoff.console.csv_cells import STARTS, csv_of
from handoff.reports import HIDDEN, UNDER, share, shown


def test_small_counts_are_hidden_and_cannot_be_worked_out_from_a_total() -> None:
    assert shown([20, 7, 3]) == ["20", HIDDEN, UNDER]
    assert shown([20, 4, 3, 0]) == ["20", UNDER, UNDER, "0"]
    assert (share(15, 20), share(3, 20), share(17, 20), share(2, 4), share(0, 0)) == (
        "75%",
        HIDDEN,
        HIDDEN,
        HIDDEN,
        HIDDEN,
    )


def test_no_cell_of_a_file_is_a_formula() -> None:
    cells = [f"{blank}{start}cmd|' /C calc'!A0" for start in STARTS for blank in ("", " ", "\u00a0")]
    for cell in next(csv.reader(io.StringIO(csv_of([cells]).decode("utf-8-sig"), newline=""))):
        assert cell.startswith("'")
    assert csv_of([["20%", "SEN team", "a-b"]]) == '\ufeff"20%","SEN team","a-b"\r\n'.encode()
