"""R8: eight officers at work on the same cases at once: nothing is overwritten unseen, no case is taken twice.

    python -m tests.campaigns.officers_at_once --full     5,000 edits on 50 cases, on each engine (or the one named), and the control

In each round every officer opens a case (half the time the one the others open too), and then all press at once. An
edit that was made on what somebody else has changed since must be refused with both versions. The control presses
with whatever version the case has by then, as a desk without versions does: more than a fifth must be lost.
A short form runs in `tests/handoff/test_officers_at_once.py`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from small_office import QUEUES, Clock, add_staff, amina_asks
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from campaigns.engines import KINDS, fresh_engine
from handoff import cases
from handoff.cases.changing import case_now, hold
from handoff.cases.errors import CaseChangedError, CaseError
from handoff.cases.notes import note
from handoff.database import clashed, reading, transaction
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, OfficerRole, Status
from handoff.rights import Acting
from handoff.vault import Vault
from knowledge.pack import PACKS
from knowledge.phrases import read_phrases

OFFICERS = tuple(Acting(f"officer{number}", OfficerRole.OFFICER, frozenset({"send"})) for number in range(8))


@dataclass(frozen=True)
class Edit:
    """One press of a button: on what was read, and what came of it (`wrote_on` is none when it was refused)."""

    case_id: str
    officer: str
    read: int
    wrote_on: int | None
    why: str = ""


@dataclass
class Report:
    """What came of all the presses, and what is wrong with the cases afterwards."""

    edits: list[Edit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def won(self) -> list[Edit]:
        return [one for one in self.edits if one.wrote_on is not None]

    @property
    def lost_unseen(self) -> list[Edit]:
        """Presses that went through although the case was no longer what the officer had read."""
        return [one for one in self.won if one.wrote_on != one.read]

    def line(self) -> str:
        refused = Counter(one.why for one in self.edits if one.wrote_on is None)
        why = ", ".join(f"{name} {count}" for name, count in sorted(refused.items()))
        unseen = len(self.lost_unseen)
        return (
            f"{len(self.edits)} edits in {self.seconds:.0f} s: {len(self.won)} made, {len(self.edits) - len(self.won)}"
            f" refused ({why}), {unseen} overwrote unseen ({unseen / max(1, len(self.won)):.0%}), {len(self.faults)} faults"
        )


def run(engine: Engine, desk: Desk, edits: int, on: int, *, versions: bool = True, seed: int = 8) -> Report:
    """Press `edits` times on `on` cases. Without `versions` it is the control."""
    opened = [amina_asks(engine, desk, key=f"k{number}", address=f"family{number}").id for number in range(on)]
    add_staff(engine, desk, *OFFICERS)
    report, rounds = Report(), edits // len(OFFICERS)
    shared = [random.Random(f"{seed}-{number}").choice(opened) for number in range(rounds)]
    together, made = threading.Barrier(len(OFFICERS)), threading.Lock()

    def work(officer: Acting) -> None:
        drawn = random.Random(f"{seed}-{officer.officer_id}")
        for number in range(rounds):
            case_id = shared[number] if drawn.random() < 0.5 else drawn.choice(opened)
            with reading(engine) as session:
                read = session.get_one(Case, (desk.pack, case_id))
            press = a_press(desk, officer, read, drawn, f"{officer.officer_id}-{number}")
            together.wait(timeout=120)
            done = pressed(engine, desk, officer, read, press, versions)
            with made:
                report.edits.append(done)

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(officer,)) for officer in OFFICERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.seconds = time.perf_counter() - began
    report.faults = faults_of(engine, desk, opened, report)
    return report


Press = Callable[[Session, int], Case]


def a_press(desk: Desk, officer: Acting, read: Case, drawn: random.Random, key: str) -> Press:
    """What this officer would do to the case as they read it."""
    note_it: Press = lambda session, version: note(session, desk, officer, read.id, version, f"note {key}", key)  # noqa: E731
    if read.owner_id is None:
        return lambda session, version: cases.claim(session, desk, officer, read.id, version)
    if read.owner_id != officer.officer_id:
        return note_it
    to = drawn.choice(OFFICERS).officer_id
    mine: tuple[Press, ...] = (
        note_it,
        lambda session, version: cases.reply(session, desk, officer, read.id, version, f"reply {key}", key),
        lambda session, version: cases.release(session, desk, officer, read.id, version),
        lambda session, version: cases.assign(session, desk, officer, read.id, version, to),
    )
    return drawn.choice(mine)


def pressed(engine: Engine, desk: Desk, officer: Acting, read: Case, press: Press, versions: bool) -> Edit:
    """Press once, on the version that was read; the control presses on the one the case has by then."""
    try:
        with transaction(engine) as session:
            if not versions:
                hold(session, desk, read.id)
            version = read.version if versions else case_now(session, desk, read.id).version
            after = press(session, version)
            return Edit(read.id, officer.officer_id, read.version, after.version - 1)
    except CaseChangedError as error:
        told = error.given == read.version < error.present
        return Edit(read.id, officer.officer_id, read.version, None, "changed" if told else "changed, wrongly told")
    except CaseError as error:
        return Edit(read.id, officer.officer_id, read.version, None, type(error).__name__)
    except DBAPIError as error:
        # Too many wait for one case (PostgreSQL gives up after 3 s): refused in words too, and nothing was changed.
        if not clashed(error):
            raise
        return Edit(read.id, officer.officer_id, read.version, None, "busy")


def faults_of(engine: Engine, desk: Desk, opened: list[str], report: Report) -> list[str]:
    """What is wrong afterwards: a version made twice or skipped, an event too many, a case taken from under someone."""
    faults = [f"{one.case_id}: {one.why}" for one in report.edits if one.why == "changed, wrongly told"]
    with reading(engine) as session:
        for case_id in opened:
            case = session.get_one(Case, (desk.pack, case_id))
            made_on = sorted(one.wrote_on for one in report.won if one.case_id == case_id and one.wrote_on is not None)
            if made_on != list(range(1, case.version)):
                faults.append(f"{case_id}: versions {made_on} were changed, and it is at {case.version}")
            mine = select(CaseEvent).where(CaseEvent.pack == desk.pack, CaseEvent.case_id == case_id)
            events = session.exec(mine.order_by(col(CaseEvent.number))).all()
            if [one.number for one in events] != list(range(1, case.version + 1)):
                faults.append(f"{case_id}: {len(events)} events for version {case.version}")
            faults += [f"{case_id}: {fault}" for fault in _taken_twice(list(events), case)]
    return faults


def _taken_twice(events: list[CaseEvent], case: Case) -> list[str]:
    """The events played again: a case is claimed only while nobody has it, and answered only by who does."""
    owner: str | None = None
    faults = []
    for one in events:
        if one.act is Act.CLAIMED and owner is not None:
            faults.append(f"claimed by {one.officer_id} while {owner} had it")
        if one.act in (Act.REPLIED, Act.RELEASED, Act.ASSIGNED) and one.officer_id != owner:
            faults.append(f"{one.act.value} by {one.officer_id} while {owner} had it")
        if one.act is Act.CLAIMED:
            owner = one.officer_id
        elif one.act is Act.RELEASED:
            owner = None
        elif one.act is Act.ASSIGNED:
            owner = one.detail
    if owner != case.owner_id or (case.status is Status.NEW) != (owner is None):
        faults.append(f"the events leave it with {owner}, the case says {case.owner_id}")
    return faults


def an_office(folder: Path) -> Desk:
    """A desk whose ids may be drawn by many threads at once."""
    phrases, _ = read_phrases(PACKS / "hounslow", ("en",))
    return Desk(pack="littleham", vault=Vault(folder / "keys"), queues=dict(QUEUES), now=Clock(), phrases=phrases)


def main(full: bool, kinds: Sequence[str] = KINDS) -> int:
    """Run it and print the figures; 1 for anything overwritten unseen, or a control that does not fail."""
    failed = False
    edits, on = (5000, 50) if full else (160, 10)
    for kind in kinds:
        for versions in (True, False):
            with tempfile.TemporaryDirectory() as folder, fresh_engine(kind, Path(folder) / kind) as engine:
                number = edits if versions else edits // 5
                report = run(engine, an_office(Path(folder)), number, on, versions=versions)
            print(f"{kind}{'' if versions else ', the control without versions'}: {report.line()}", flush=True)
            print(*(f"  {fault}" for fault in report.faults[:5]), sep="\n") if report.faults else None
            lost = len(report.lost_unseen) / max(1, len(report.won))
            failed |= bool(report.faults or report.lost_unseen) if versions else lost <= 0.2
    return int(failed)


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv, [kind for kind in KINDS if kind in sys.argv] or KINDS))
