"""P7: two separated parents of one child, random scripts; nothing of one is ever shown to the other.

    python -m tests.campaigns.two_households --full     1,000 scripts on each engine, and the control

A script draws what the two do: ask, hand over to a person, read their page, take a copy of their data, add a door by
link, hand a tablet to each other, change an email address, guess at links; officers reply and write notes; letters
are sent. Every word of each parent carries a canary. Whatever reaches a parent (a reply, the page, a status page, a
copy, a letter, a refusal) is searched for the other's canaries, references and addresses.

The control finds a person by the child's name, as a register of pupils would: it must leak.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from small_office import PRIYA, QUEUES, Clock, add_staff
from sqlalchemy import Engine

from campaigns.engines import fresh_engine
from handoff.cases import Contact, Handover, claim, open_case, reply, status_of
from handoff.cases.naming import status_token
from handoff.cases.notes import note
from handoff.conversations import Said, conversation_for, latest_at, recent, record
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import forget
from handoff.export import NobodyError, as_file, export_person
from handoff.models import Address, Case, SafeContact, Who
from handoff.outbox import mark_sent, take_due
from handoff.people import JoinError, address_for, join, join_link, known_address
from handoff.vault import Vault
from knowledge.pack import PACKS
from knowledge.phrases import read_phrases

CHILD = "Sam Smith of Hill School"
SITE = "https://askwell.littleham.example"
STEPS = 12
Door = tuple[str, str]


@dataclass
class Parent:
    """One adult: their doors, their cases, and what must never reach the other."""

    name: str
    doors: list[Door]
    cases: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    secret: set[str] = field(default_factory=set)


@dataclass
class Script:
    """One family's story. `disclosed` says what reached the wrong parent, and how."""

    engine: Engine
    desk: Desk
    number: int
    draw: random.Random
    by_child: bool = False
    serial: int = 0
    disclosed: list[str] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)

    def run(self) -> list[str]:
        """Play it to the end; what was disclosed."""
        for name in ("a", "b"):
            mail = self.address(name)
            parent = Parent(f"{name}{self.number}", [("web", self.fresh(name)), ("email", mail)], secret={mail})
            self.parents.append(parent)
            self.knocks(parent, parent.doors[1])
        acts: list[Callable[[Parent, Parent], None]] = [
            self.asks, self.asks, self.hands_over, self.officer_answers, self.reads_page, self.reads_status,
            self.takes_copy, self.joins_door, self.hands_tablet_on, self.changes_email, self.guesses, self.letters_go,
            self.is_erased,
        ]  # fmt: skip
        for _ in range(STEPS):
            one, other = self.draw.sample(self.parents, 2)
            self.draw.choice(acts)(one, other)
        for one, other in (self.parents, self.parents[::-1]):
            self.reads_page(one, other)
            self.reads_status(one, other)
            self.takes_copy(one, other)
        self.letters_go(*self.parents)
        return self.disclosed

    def fresh(self, name: str) -> str:
        self.serial += 1
        return f"{name}-{self.number}-{self.serial}"

    def address(self, name: str) -> str:
        return f"{self.fresh(name)}@home-{name}.example"

    def word(self, parent: Parent) -> str:
        word = f"canary-{self.fresh(parent.name)}"
        parent.secret.add(word)
        return word

    def shown(self, to: Parent, what: str, how: str) -> None:
        """Something reached `to`: none of the other's words may be in it."""
        for parent in self.parents:
            if parent is not to:
                self.disclosed += [f"{how}: {secret}" for secret in parent.secret if secret in what]

    def door(self, session: object, parent: Parent, door: Door) -> Address:
        channel, address = (door[0], f"child of {self.number}") if self.by_child else door
        return address_for(session, self.desk, channel, address)  # type: ignore[arg-type]

    def knocks(self, parent: Parent, door: Door) -> None:
        """The parent comes through a door for the first time."""
        with transaction(self.engine) as session:
            self.door(session, parent, door)

    def asks(self, one: Parent, other: Parent) -> None:
        with transaction(self.engine) as session:
            talk = conversation_for(session, self.desk, self.door(session, one, self.draw.choice(one.doors)))
            record(session, self.desk, talk, Said(Who.PERSON, f"{CHILD}: {self.word(one)}"))
            record(session, self.desk, talk, Said(Who.ASSISTANT, f"About {CHILD}: {self.word(one)}"))

    def hands_over(self, one: Parent, other: Parent) -> None:
        # One in five types a mailbox that is the other's: the family's old one, or a slip.
        whose = other if self.draw.random() < 0.2 else one
        mail = next((address for channel, address in whose.doors if channel == "email"), None)
        # Who typed an address knows it.
        other.secret.discard(mail or "")
        safe = self.draw.choice([SafeContact.FULL, SafeContact.NEUTRAL])
        with transaction(self.engine) as session:
            door = self.door(session, one, self.draw.choice(one.doors))
            talk = conversation_for(session, self.desk, door)
            case = open_case(
                session, self.desk,
                Handover(
                    talk.person_id, talk.id, "send", "plan", f"{CHILD}: {self.word(one)}", (self.word(one),), door.channel,
                    "family", "en", "", Contact("email", mail, safe) if mail else None, None, self.fresh("k"),
                ),
            )  # fmt: skip
            one.cases.append(case.id)
            one.secret |= {case.reference, status_token(self.desk, case.id)}

    def officer_answers(self, one: Parent, other: Parent) -> None:
        if not one.cases:
            return
        with transaction(self.engine) as session:
            case = session.get(Case, (self.desk.pack, self.draw.choice(one.cases)))
            if case is None:
                return
            case = case if case.owner_id else claim(session, self.desk, PRIYA, case.id, case.version)
            case = reply(session, self.desk, PRIYA, case.id, case.version, f"Reply: {self.word(one)}", self.fresh("r"))
            # What one parent said of the other is in an officer's note, and goes to neither of them.
            words = f"{self.word(one)} says of {self.word(other)}"
            note(session, self.desk, PRIYA, case.id, case.version, words, self.fresh("n"))

    def reads_page(self, one: Parent, other: Parent) -> None:
        for channel, address in one.doors:
            with reading(self.engine) as session:
                there = (channel, f"child of {self.number}") if self.by_child else (channel, address)
                known = known_address(session, self.desk, *there)
                talk = latest_at(session, self.desk, known) if known else None
                lines = recent(session, self.desk, talk.id) if talk else ()
            self.shown(one, " ".join(line.text for line in lines), "page")

    def reads_status(self, one: Parent, other: Parent) -> None:
        for case_id in one.cases:
            with reading(self.engine) as session:
                self.shown(one, repr(status_of(session, self.desk, status_token(self.desk, case_id))), "status page")

    def takes_copy(self, one: Parent, other: Parent) -> None:
        for channel, address in one.doors:
            with reading(self.engine) as session:
                there = (channel, f"child of {self.number}") if self.by_child else (channel, address)
                known = known_address(session, self.desk, *there)
                try:
                    copy = as_file(export_person(session, self.desk, known.person_id)) if known else ""
                except NobodyError as error:
                    copy = str(error)
            self.shown(one, copy, "copy of their data")

    def joins_door(self, one: Parent, other: Parent) -> None:
        """A second door by link: a new browser, an email account, or the tablet the other used until they left."""
        door = (self.draw.choice(["web", "email", "telegram"]), self.fresh(one.name))
        self.join(one, door)

    def hands_tablet_on(self, one: Parent, other: Parent) -> None:
        """A tablet in the house: the other's browser door, now in this parent's hands, is joined to their chat."""
        tablets = [door for door in other.doors if door[0] == "web"]
        if len(tablets) < 2:
            other.doors.append(("web", self.fresh(other.name)))
            return
        if self.join(one, tablets[-1]):
            other.doors.remove(tablets[-1])

    def join(self, one: Parent, door: Door) -> bool:
        with transaction(self.engine) as session:
            token = join_link(session, self.desk, self.door(session, one, one.doors[0]).person_id)
        one.tokens.append(token)
        try:
            with transaction(self.engine) as session:
                join(session, self.desk, token, self.door(session, one, door))
        except JoinError as error:
            self.shown(one, str(error), "refusal")
            return False
        one.doors.append(door)
        return True

    def changes_email(self, one: Parent, other: Parent) -> None:
        """This parent moves out; the mailbox they shared stays with the other."""
        mails = [door for door in one.doors if door[0] == "email"]
        if not mails or any(door[0] == "email" and door in other.doors for door in mails):
            return
        old = mails[0]
        with transaction(self.engine) as session:
            token = join_link(session, self.desk, self.door(session, other, other.doors[0]).person_id)
        try:
            with transaction(self.engine) as session:
                join(session, self.desk, token, self.door(session, other, old))
        except JoinError as error:
            self.shown(other, str(error), "refusal")
            return
        one.doors.remove(old)
        other.doors.append(old)
        one.secret.discard(old[1])
        moved_to = ("email", self.address(one.name))
        one.doors.append(moved_to)
        self.knocks(one, moved_to)

    def guesses(self, one: Parent, other: Parent) -> None:
        """A used link of the other's, a made-up one, and a status page found by a reference."""
        for token in [*other.tokens[-1:], "guess"]:
            try:
                with transaction(self.engine) as session:
                    join(session, self.desk, token, self.door(session, one, one.doors[0]))
            except JoinError as error:
                self.shown(one, str(error), "refusal")
        with reading(self.engine) as session:
            for guess in (CHILD, *(case_id for case_id in other.cases)):
                self.shown(one, repr(status_of(session, self.desk, guess)), "guessed status page")

    def letters_go(self, one: Parent, other: Parent) -> None:
        with transaction(self.engine) as session:
            parcels = take_due(session, self.desk, "courier", 500)
            for parcel in parcels:
                mark_sent(session, self.desk, parcel)
        for parcel in parcels:
            owner = next((p for p in self.parents if (parcel.channel, parcel.to) in p.doors), None)
            if owner is not None:
                self.shown(owner, f"{parcel.subject} {parcel.text} {parcel.link}", f"letter to {parcel.channel}")

    def is_erased(self, one: Parent, other: Parent) -> None:
        """Now and then one of them goes; the other keeps everything of their own."""
        if self.draw.random() > 0.2:
            return
        with transaction(self.engine) as session:
            person_id = self.door(session, one, one.doors[0]).person_id
        forget(self.engine, self.desk, person_id)
        one.cases.clear()


def run(engine: Engine, keys: Path, scripts: int, *, by_child: bool = False, seed: int = 7) -> list[str]:
    """What was disclosed in `scripts` stories; nothing is what P7 asks for."""
    phrases, _ = read_phrases(PACKS / "hounslow", ("en",))
    desk = Desk("littleham", Vault(keys), queues=dict(QUEUES), now=Clock(), phrases=phrases, prefix="LH", site=SITE)
    add_staff(engine, desk, PRIYA)
    found: list[str] = []
    for number in range(scripts):
        script = Script(engine, desk, number, random.Random(seed * 100_000 + number), by_child)
        found += [f"script {number}: {line}" for line in script.run()]
    return found


def main(full: bool) -> int:
    """Run it on both engines and print what was found."""
    worst, scripts = 0, 1000 if full else 60
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            found = run(engine, Path(place) / "keys", scripts)
            print(f"{kind}: {scripts} scripts, {len(found)} disclosures", *found[:5], sep="\n  ", flush=True)
            worst += len(found)
    with tempfile.TemporaryDirectory() as place, fresh_engine("sqlite", Path(place) / "data") as engine:
        leaks = run(engine, Path(place) / "keys", 20, by_child=True)
        print(f"control, found by the child: 20 scripts, {len(leaks)} disclosures")
    return 1 if worst or not leaks else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))
