"""R1: many clients race for the last place through the real service function. Exactly one wins, each time.

python -m tests.campaigns.booking_race --trials 10000 --clients 64 sqlite
python -m tests.campaigns.booking_race --trials 200 postgresql
python -m tests.campaigns.booking_race --naive --trials 200 sqlite    # the control: check, then save
python -m tests.campaigns.booking_race --speed sqlite                 # claims a second beside a bare transaction
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import delete, select

from campaigns.engines import fresh_engine
from handoff.bookings.claim import claim
from handoff.bookings.errors import SlotTakenError
from handoff.bookings.holds import hold
from handoff.database import connect, reading, transaction
from handoff.desk import Desk
from handoff.models import Hold, Seat, Slot, Surgery, SurgeryKind, SurgeryState
from handoff.people import address_for
from handoff.vault import Vault
from knowledge.pack import PACKS
from knowledge.phrases import read_phrases

Act = Callable[[Engine, Desk, str, str], object]
PROCESSES = 4


def desk_at(keys: str) -> Desk:
    return Desk("littleham", Vault(Path(keys)), phrases=read_phrases(PACKS / "hounslow", ("en",))[0])


def really(engine: Engine, desk: Desk, person: str, slot: str) -> object:
    """What the product does."""
    return claim(engine, lambda session: hold(session, desk, person, [slot]))


def naive(engine: Engine, desk: Desk, person: str, slot_id: str) -> object:
    """The control: look whether there is room, then save, as the anchors do. Nothing is locked."""
    with reading(engine) as session:
        slot = session.exec(select(Slot).where(Slot.id == slot_id)).one()
        if slot.taken >= slot.capacity:
            raise SlotTakenError
    with transaction(engine) as session:
        until = desk.now() + timedelta(minutes=15)
        kept = Hold(
            pack=desk.pack,
            id=desk.new_id(),
            person_id=person,
            surgery_id=slot.surgery_id,
            until=until,
            made_at=desk.now(),
        )
        session.add(kept)
        session.flush()
        session.add(Seat(pack=desk.pack, id=desk.new_id(), person_id=person, slot_id=slot_id, hold_id=kept.id))
        session.execute(text("UPDATE slot SET taken = :taken WHERE id = :id"), {"taken": slot.taken + 1, "id": slot_id})
    return kept


ACTS: dict[str, Act] = {"really": really, "naive": naive}


@dataclass
class Tally:
    """What came of the trials: how many winners each had, every answer that was not "taken", and how long each took."""

    winners: Counter[int] = field(default_factory=Counter)
    seats: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def trials(self) -> int:
        return sum(self.winners.values())

    @property
    def exactly_one(self) -> int:
        """Trials with one winner and one seat."""
        return min(self.winners[1], self.seats[1])

    def line(self) -> str:
        p99 = statistics.quantiles(self.seconds, n=100)[98] * 1000 if len(self.seconds) > 1 else 0.0
        worst = max(self.winners) if self.winners else 0
        return (
            f"{self.trials} trials: exactly one winner in {self.exactly_one}; most winners {worst}; "
            f"other faults {dict(self.faults) or 0}; p99 {p99:.0f} ms"
        )


def race(engine: Engine, desk: Desk, people: list[str], slot: str, act: Act) -> list[tuple[str, float]]:
    """Everybody at once; what each was told, and after how long."""
    start = threading.Barrier(len(people))
    told: list[tuple[str, float]] = []

    def one(person: str) -> None:
        start.wait()
        began = time.perf_counter()
        try:
            act(engine, desk, person, slot)
            said = "won"
        except SlotTakenError:
            said = "taken"
        except Exception as error:  # whatever else happens is what the trial looks for
            said = type(error).__name__
        told.append((said, time.perf_counter() - began))

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def people_at(engine: Engine, desk: Desk, count: int) -> list[str]:
    with transaction(engine) as session:
        return [address_for(session, desk, "web", f"client-{number}").person_id for number in range(count)]


def last_place(engine: Engine, desk: Desk) -> str:
    """A published session whose one time has one place; the time's id."""
    now = desk.now()
    with transaction(engine) as session:
        surgery = Surgery(
            pack=desk.pack,
            id=desk.new_id(),
            code=desk.new_id(),
            kind=SurgeryKind.BOOKABLE,
            state=SurgeryState.PUBLISHED,
            venue="Hall",
            starts_at=now + timedelta(days=9),
            ends_at=now + timedelta(days=9, hours=1),
            made_at=now,
        )
        session.add(surgery)
        session.flush()
        slot = Slot(
            pack=desk.pack,
            id=desk.new_id(),
            surgery_id=surgery.id,
            starts_at=surgery.starts_at,
            ends_at=surgery.ends_at,
            capacity=1,
        )
        session.add(slot)
        return slot.id


def settle(engine: Engine, slot: str) -> int:
    """How many seats the trial made; everything it made is cleared away."""
    with transaction(engine) as session:
        seats = len(session.exec(select(Seat).where(Seat.slot_id == slot)).all())
        for table in (Seat, Hold, Slot, Surgery):
            session.execute(delete(table))
    return seats


def trials(engine: Engine, desk: Desk, count: int, clients: int, act: Act) -> Tally:
    """The trials with threads of this process, each with a connection of its own."""
    people, tally = people_at(engine, desk, clients), Tally()
    for _ in range(count):
        slot = last_place(engine, desk)
        _note(tally, race(engine, desk, people, slot, act), settle(engine, slot))
    return tally


def trials_by_processes(url: str, keys: str, count: int, clients: int, act: str) -> Tally:
    """The trials with several processes, so that no interpreter lock stands between the clients."""
    engine, desk, context = connect(url), desk_at(keys), get_context("spawn")
    people, tally = people_at(engine, desk, clients), Tally()
    pipes: list[Connection] = []
    for number in range(PROCESSES):
        ours, theirs = context.Pipe()
        context.Process(target=_client, args=(url, keys, people[number::PROCESSES], act, theirs), daemon=True).start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    for done in range(count):
        slot = last_place(engine, desk)
        for pipe in pipes:
            pipe.send(slot)
        _note(tally, [told for pipe in pipes for told in pipe.recv()], settle(engine, slot))
        if (done + 1) % 500 == 0:
            print(tally.line(), flush=True)
    for pipe in pipes:
        pipe.send(None)
    engine.dispose()
    return tally


def _client(url: str, keys: str, people: list[str], act: str, pipe: Connection) -> None:
    engine, desk = connect(url), desk_at(keys)
    pipe.send("ready")
    while (slot := pipe.recv()) is not None:
        pipe.send(race(engine, desk, people, slot, ACTS[act]))
    engine.dispose()


def _note(tally: Tally, told: list[tuple[str, float]], seats: int) -> None:
    answers = Counter(said for said, _ in told)
    tally.winners[answers.pop("won", 0)] += 1
    answers.pop("taken", 0)
    tally.faults.update(answers)
    tally.seats[seats] += 1
    tally.seconds += [took for _, took in told]


def speed(engine: Engine, desk: Desk, count: int) -> tuple[float, float]:
    """Claims a second by one client after another, and bare transactions that change one row."""
    slots, people = [last_place(engine, desk) for _ in range(count)], people_at(engine, desk, count)
    began = time.perf_counter()
    for slot, person in zip(slots, people, strict=True):
        really(engine, desk, person, slot)
    claims = count / (time.perf_counter() - began)
    began = time.perf_counter()
    for slot in slots:
        with transaction(engine) as session:
            session.execute(text("UPDATE slot SET who = 'x' WHERE id = :id"), {"id": slot})
    bare = count / (time.perf_counter() - began)
    return claims, bare


@contextmanager
def database(kind: str) -> Iterator[tuple[str, str]]:
    """A fresh database of this kind and a folder for keys."""
    with tempfile.TemporaryDirectory() as name, fresh_engine(kind, Path(name)) as engine:
        yield engine.url.render_as_string(hide_password=False), f"{name}/keys"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    with database(asked.engine) as (url, keys):
        if asked.speed:
            claims, bare = speed(connect(url), desk_at(keys), 200)
            print(
                f"{asked.engine}: {claims:.0f} claims a second, {bare:.0f} bare transactions, ratio {claims / bare:.2f}"
            )
            return 0
        tally = trials_by_processes(url, keys, asked.trials, asked.clients, "naive" if asked.naive else "really")
    print(f"{asked.engine}, {asked.clients} clients{', check then save' if asked.naive else ''}: {tally.line()}")
    double = tally.trials - tally.exactly_one
    return int(double == 0) if asked.naive else int(double > 0 or bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
