"""20,000 cases: how long each page of the console takes beside an empty database, and whether every query has an index.

    python -m tests.campaigns.many_cases --full                 20,000 cases, as many letters and lines, on SQLite
    python -m tests.campaigns.many_cases --full postgresql      the same on PostgreSQL

A short form (400 cases) runs in `tests/handoff/test_many_cases.py`. Counted: the median server time of each page over
seven looks, with the cases and without, and their ratio; and the plan of every query the pages asked, which must go by
an index wherever it reads one of the big tables. Control: a query that goes by no index is found.

On PostgreSQL the plan is asked for with sequential scans made dear, so that one is chosen where there is no other way;
which scans the planner chooses of itself, because it reads most of a table anyway, is printed beside it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from console_house import app_for, ask_for_a_person, browser_at, hire
from databases import desk_at
from small_library import CONFLICTS, assistant_at, small_library
from small_office import Clock
from sqlalchemy import Connection, Engine, event, insert
from sqlmodel import SQLModel, select

from campaigns.engines import fresh_engine
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Case, OfficerRole, Status

PAGES = (
    "/officers",
    "/officers/queues",
    "/officers/queues?status=all&page=20",
    "/officers/queues?due=late",
    "/officers/queues?owner=me",
    "/officers/queues?sort=opened_at",
    "/officers/queues?sort=status",
    "CASE",
    "CASE/reply",
    "/officers/bookings",
    "/officers/knowledge",
    "/officers/knowledge/sources/clubs",
    "/officers/knowledge/texts",
    "/officers/gaps",
    "/officers/conflicts",
    "/officers/reports",
    "/officers/settings",
    "/officers/letters",
    "/officers/audit",
    "/officers/audit?actor=PRIYA",
)
QUEUES = tuple(page for page in PAGES if page.startswith("/officers/queues"))
LOOKS = 7
FAMILIES = 40
BIG = ("case", "case_event", "message", "conversation", "outbox_message", "person", "feedback", "audit_entry")


class Town:
    """A console with one administrator who sees every queue, and one case of hers."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.engine = engine
        self.desk: Desk = desk_at(folder, Clock())
        self.priya = hire(self.engine, self.desk, "Priya", OfficerRole.ADMIN, "send", "ap", "clubs", "surgery")
        self.case = ask_for_a_person(self.engine, self.desk, "amina")
        assistant = assistant_at(folder / "pack", **{"conflicts.yaml": CONFLICTS})
        library = small_library(self.engine, self.desk, assistant, folder)
        self.browser = browser_at(app_for(self.engine, self.desk, library=library))
        assert self.browser.sign_in("priya@littleham.example").status_code == 303

    def path(self, page: str) -> str:
        return page.replace("CASE", f"/officers/cases/{self.case.id}").replace("PRIYA", self.priya)


def fill(engine: Engine, desk: Desk, number: int, owner: str) -> None:
    """`number` cases more, each with its event and lines: copies of a few families' with dates and states of their own."""
    dice = Random(9)
    ids = [ask_for_a_person(engine, desk, f"family-{one}").id for one in range(FAMILIES)]
    with reading(engine) as session:
        cases = [dict(row) for row in _rows(session.connection(), "case") if row["id"] in ids]
        lines = {row["conversation_id"]: dict(row) for row in _rows(session.connection(), "message")}
    made: dict[str, list[dict[str, object]]] = {"case": [], "case_event": [], "message": [], "outbox_message": []}
    for one in range(number):
        like = dice.choice(cases)
        opened = desk.now() - timedelta(hours=dice.randrange(24 * 300))
        status = dice.choice(list(Status))
        changed = {
            "id": f"case{one}",
            "reference": f"LH-{one:06}",
            "status_token": f"token{one}",
            "queue": dice.choice(("send", "ap", "clubs")),
            "status": status,
            "owner_id": owner if dice.random() < 0.02 else None if dice.random() < 0.3 else "somebody",
            "opened_at": opened,
            "reply_by": opened + timedelta(days=dice.randrange(1, 30)),
            "promised_by": opened + timedelta(days=5),
            "answered_at": opened + timedelta(days=3) if dice.random() < 0.7 else None,
        }
        made["case"].append({**like, **changed})
        made["case_event"].append(
            {
                "pack": desk.pack,
                "id": f"event{one}",
                "case_id": f"case{one}",
                "number": 1,
                "act": "opened",
                "at": opened,
            }
        )
        line = lines[like["conversation_id"]]
        said = {
            "id": f"line{one}",
            "number": 1000 + one,
            "at": opened,
            "outcome": "abstain" if one % 9 == 0 else "answer",
        }
        made["message"].append({**line, **said, "who": "assistant", "answers_id": f"asked{one}"})
        made["outbox_message"].append(letter(desk, one, str(like["person_id"]), str(like["conversation_id"]), opened))
    with transaction(engine) as session:
        for table, rows in made.items():
            for start in range(0, len(rows), 500):
                session.execute(insert(SQLModel.metadata.tables[table]), rows[start : start + 500])


def letter(desk: Desk, one: int, person: str, line: str, at: datetime) -> dict[str, object]:
    """A letter that arrived; one in two hundred died."""
    return {
        "pack": desk.pack,
        "id": f"letter{one}",
        "key": f"key{one}",
        "person_id": person,
        "channel": "email",
        "line": line,
        "number": 1000 + one,
        "kind": "case_replied",
        "sealed_body": b"",
        "state": "dead" if one % 200 == 0 else "sent",
        "attempts": 1,
        "due_at": at,
        "made_at": at,
    }


def _rows(connection: Connection, table: str) -> list[dict[str, object]]:
    return [dict(row) for row in connection.execute(select(SQLModel.metadata.tables[table])).mappings()]


def timed(town: Town) -> dict[str, float]:
    """The median server time of each page, in milliseconds."""
    found = {}
    for page in PAGES:
        taken = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            answer = town.browser.get(town.path(page))
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"{page}: {answer.status_code}"
        found[page] = statistics.median(taken)
    return found


@contextmanager
def watched(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """Every query asked meanwhile, with its values."""
    asked: list[tuple[str, object]] = []

    def note(_c: object, _u: object, statement: str, values: object, _x: object, many: bool) -> None:
        if statement.lstrip().upper().startswith("SELECT") and not many:
            asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def without_index(engine: Engine, asked: list[tuple[str, object]], *, dear: bool = True) -> list[str]:
    """The queries that read a big table from end to end, with the line of the plan that says so.

    On PostgreSQL `dear` makes such a scan the last choice; without it the planner chooses as it does for officers.
    """
    postgres = engine.dialect.name == "postgresql"
    found = []
    with engine.connect() as connection:
        if postgres:
            connection.exec_driver_sql(f"SET enable_seqscan = {'off' if dear else 'on'}")
        for statement, values in {one[0]: one for one in asked}.values():
            explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
            plan = connection.exec_driver_sql(f"{explain} {statement}", values)  # type: ignore[arg-type]
            for line in (str(row[-1]) for row in plan):
                if scanned(line) in BIG:
                    found.append(f"{line.strip()}: {' '.join(statement.split())[:160]}")
        connection.rollback()
    return found


def scanned(line: str) -> str:
    """The table that this line of a plan reads from end to end; empty for any other line."""
    if "Seq Scan on " in line:
        return line.split("Seq Scan on ")[1].split(maxsplit=1)[0].strip('"')
    return line.split()[1].strip('"') if line.startswith("SCAN") and " USING " not in line else ""


def looked_over(town: Town, pages: Sequence[str] = PAGES, *, dear: bool = True) -> list[str]:
    """Which queries of these pages go by no index."""
    with watched(town.engine) as asked:
        for page in pages:
            assert town.browser.get(town.path(page)).status_code == 200, page
    return without_index(town.engine, asked, dear=dear)


def control(town: Town) -> list[str]:
    """A query that nothing has an index for."""
    with watched(town.engine) as asked, reading(town.engine) as session:
        session.exec(select(Case.id).where(Case.topic == "ehc")).all()
    return without_index(town.engine, asked)


def main(full: bool, kind: str) -> int:
    """Print what each page takes with the cases and without, and every query without an index."""
    with tempfile.TemporaryDirectory() as folder, fresh_engine(kind, Path(folder)) as engine:
        town = Town(Path(folder), engine)
        town.browser.get("/officers")
        empty = timed(town)
        fill(town.engine, town.desk, 20_000 if full else 400, town.priya)
        counted_anew(engine)
        filled = timed(town)
        for page in PAGES:
            print(f"{page:45} {empty[page]:7.1f} ms  {filled[page]:7.1f} ms  {filled[page] / empty[page]:5.1f} times")
        faults, found = looked_over(town), control(town)
        if kind == "postgresql":
            print("\n".join(f"chosen by the planner: {one}" for one in looked_over(town, dear=False)))
            # With 20,000 cases no list of them is read from end to end, also where an index is the planner's to choose.
            faults += [
                one for one in looked_over(town, QUEUES, dear=False) if full and "on case " in one.replace('"', "")
            ]
        print("\n".join(faults) or "every query goes by an index")
        print(f"control: {'found' if found else 'NOT FOUND'}")
    return 1 if faults or not found else 0


def counted_anew(engine: Engine) -> None:
    """Let the database see how much there is now, as its own housekeeping does.

    PostgreSQL's also notes which pages of a table everybody sees whole: only those are counted from an index alone.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv, "postgresql" if "postgresql" in sys.argv else "sqlite"))
