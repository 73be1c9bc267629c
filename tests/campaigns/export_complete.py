"""P3: a person's copy holds all of theirs and nothing of anyone else, the other parent least of all.

    python -m tests.campaigns.export_complete --full     200 families of two parents on each engine

Set comparison: the canaries in a copy are exactly those written for that person, field by field; officers' notes come
with a review alone. Control: one table left out of the export is caught, for each table in turn.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from small_office import Clock
from sqlalchemy import Engine
from whole_family import Family, write_family

from campaigns.engines import fresh_engine
from handoff.data_register import Audience, data_register
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.export import as_file, export_person
from handoff.personal import sealed_columns, tables_of_people
from handoff.vault import Vault

CANARY = re.compile(r"canary-[a-z0-9]+-[a-z_]+-[a-z_]+-\d+é")
TABLES = "handoff.export.tables_of_people"


def write(engine: Engine, desk: Desk, families: int) -> list[Family]:
    """Two parents a family, each with a row in every table."""
    written = []
    for number in range(families):
        with transaction(engine) as session:
            written += [write_family(session, desk, f"f{number}{parent}", times=2) for parent in "ab"]
    return written


def faults(engine: Engine, desk: Desk, people: list[Family]) -> list[str]:
    """Where a copy lacks a word of the person, or has one of somebody else."""
    found = []
    officers = {
        f"{table.name}.{name}"
        for table in tables_of_people()
        for name in sealed_columns(table)
        if data_register().tables[table.name].fields[name].audience is not Audience.FAMILY
    }
    with reading(engine) as session:
        for one in people:
            own = {word for place, words in one.canaries.items() if place not in officers for word in words}
            for notes, expected in ((False, own), (True, set(one.words))):
                text = as_file(export_person(session, desk, one.person_id, notes=notes))
                json.loads(text)
                held = set(CANARY.findall(text))
                found += [f"missing: {word}" for word in sorted(expected - held)]
                found += [f"of somebody else: {word}" for word in sorted(held - expected)]
                found += [
                    f"names: {other.person_id}" for other in people if other is not one and other.person_id in text
                ]
    return found


def uncaught(engine: Engine, desk: Desk, people: list[Family]) -> list[str]:
    """Tables with words of people that could be left out of the export unnoticed; none, or the check is worth nothing."""
    silent = []
    for dropped in tables_of_people():
        if not sealed_columns(dropped):
            continue
        rest = tuple(table for table in tables_of_people() if table is not dropped)
        with patch(TABLES, lambda rest=rest: rest):
            if not faults(engine, desk, people):
                silent.append(dropped.name)
    return silent


def main(full: bool) -> int:
    """Run it on both engines and print what was found."""
    worst, families = 0, 200 if full else 20
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            desk = Desk("littleham", Vault(Path(place) / "keys"), now=Clock())
            people = write(engine, desk, families)
            begun = time.monotonic()
            found = faults(engine, desk, people)
            words = sum(len(one.words) for one in people)
            print(
                f"{kind}: {len(people)} people, {words} canaries, {len(found)} faults, {time.monotonic() - begun:.1f} s"
            )
            silent = uncaught(engine, desk, people[:2])
            print(f"  control: tables left out unnoticed: {silent or 'none'}", *found[:5], sep="\n  ", flush=True)
            worst += len(found) + len(silent)
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))
