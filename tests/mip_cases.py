"""Cases of the MIP check for tests: Hounslow's table, a case that looks likely, and every value worth trying."""

import random
from collections.abc import Iterator
from functools import cache

from knowledge.pack import PACKS
from knowledge.rules.decide import Verdict, decide
from knowledge.rules.given import read_given
from knowledge.rules.reading import read_tables
from knowledge.rules.table import Table

# Tom the SENCO asks for a pupil in Year 4.
LIKELY = {
    "asker": "senco",
    "setting": "mainstream_school",
    "setting_in_hounslow": True,
    "date": "2026-11-23",
    "age": 9,
    "school_year": 4,
    "ehcp": "none",
    "ehc_assessment": "none",
    "send_status": "sen_support",
    "needs": "exceptional",
    "apdr": "recorded",
    "consent": "written",
    "views": "gathered",
    "submission": "one_child",
    "lives_in_hounslow": True,
    "existing_support": "none",
    "own_spend": None,
    "evidence_pack": True,
    "safeguarding": False,
    "looked_after": False,
    "next_meeting_known": True,
    "wants_instead_of_ehcp": False,
}
NURSERY = {**LIKELY, "asker": "ey_send_lead", "setting": "early_years", "age": 3, "school_year": None}

TRUTHS = [True, False, None, "unknown"]
VALUES = {
    "asker": ["senco", "ey_send_lead", "parent", "unknown", None],
    "setting": [
        *("mainstream_school", "early_years", "special_school", "college", "pru", "independent", "sen_centre"),
        *("unknown", None),
    ],
    "setting_in_hounslow": TRUTHS,
    "date": ["2026-11-23", "2025-09-01", "2025-08-31", "2023-04-01", None],
    "age": [9, 5, 15, 4, 0, 16, 25, 15.9, 4.9, None],
    "school_year": [4, 1, 10, 11, 12, 14, "reception", "nursery", None],
    "ehcp": ["none", "in_force", "unknown", None],
    "ehc_assessment": ["none", "in_progress", "refused", None],
    "send_status": ["sen_support", "no_send", "unknown", None],
    "needs": ["exceptional", "met_by_oap", "unknown", None],
    "apdr": ["recorded", "not_tried", "unknown", None],
    "consent": [
        *("written", "verbal", "refused", "withdrawn", "one_declined", "carer_only", "not_asked"),
        *("unknown", None),
    ],
    "views": ["gathered", "not_gathered", "unknown", None],
    "submission": ["one_child", "defined_group", "undefined", None],
    "lives_in_hounslow": TRUTHS,
    "existing_support": ["none", "mip", "unknown", None],
    "own_spend": TRUTHS,
    "evidence_pack": TRUTHS,
    "safeguarding": TRUTHS,
    "looked_after": TRUTHS,
    "next_meeting_known": TRUTHS,
    "wants_instead_of_ehcp": TRUTHS,
}


ANSWERS = [(key, value) for key, values in VALUES.items() for value in values]


def generated(count: int, seed: int = 20261123) -> Iterator[dict]:
    """Cases from nothing, or from one that looks likely, with up to eleven answers changed; the same each time."""
    chance = random.Random(seed)
    for _ in range(count):
        base = chance.choice([LIKELY, LIKELY, NURSERY, {}])
        yield {**base, **dict(chance.choice(ANSWERS) for _ in range(chance.randrange(12)))}


@cache
def hounslow_table() -> Table:
    """Hounslow's own rules file, read once."""
    (table,), problems = read_tables(PACKS / "hounslow", "mip")
    assert problems == []
    return table


def view(given: dict, table: Table | None = None) -> Verdict:
    """The verdict on `given`, read as the command reads it."""
    table = table or hounslow_table()
    return decide(table, read_given(table, given))


def row(verdict: Verdict, number: int):
    """How one row stands."""
    return next(result for result in verdict.rows if result.row.number == number)
