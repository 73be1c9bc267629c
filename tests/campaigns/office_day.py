"""A day at the office as commands: a family asks, cries for help, hands over, books and cancels; an officer claims and
replies.

Each command has a key; sent again under the same key it must act once. `Ledger` is what was told to somebody, and
`kept` compares it with the records.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from little_council import little_engine, write_pack
from small_office import PRIYA, QUEUES
from sqlalchemy import Engine
from sqlmodel import select

from bot.assistant import NOTHING_YET, Assistant, Replied
from bot.front_desk import FrontDesk, HandOver
from bot.messages import Arrived, Incoming, Outcome, Reply
from bot.turn import Past
from campaigns import surgery_day
from campaigns.commands import Command, Ledger
from campaigns.invariants import faults
from handoff.cases import Contact, claim, reply
from handoff.conversations import TEXT
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, CaseReply, InboxMessage, InboxState, Message, OutboxMessage, Who
from handoff.spool import Spool
from handoff.vault import Vault
from knowledge.pack import PACKS, load_pack
from knowledge.phrases import read_phrases


class StubAssistant(Assistant):
    """The real assistant's judgement of risk, with an answer that takes no time."""

    def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
        if incoming.urgent:
            return super().reply(incoming, past)
        told = Reply(Outcome.ANSWER, "answered", heading=f"re: {incoming.text}")
        return Replied(told, Past(asked=(*past.asked, incoming.text)[-4:]))


@cache
def stub_assistant() -> StubAssistant:
    return StubAssistant(little_engine(load_pack(write_pack(Path(mkdtemp()) / "littleham"))))


def day_desk(keys: Path, ahead: float = 0.0) -> Desk:
    """The little council's desk, its clock `ahead` by so many seconds."""
    phrases, _ = read_phrases(PACKS / "hounslow", ("en",))
    return Desk(
        pack="littleham",
        vault=Vault(keys),
        queues=dict(QUEUES),
        now=lambda: datetime.now(UTC) + timedelta(seconds=ahead),
        phrases=phrases,
        prefix="LH",
    )


def day_front(engine: Engine, desk: Desk, folder: Path, soon: float = 60.0) -> FrontDesk:
    """The front desk over `engine`, its spool in `folder`."""
    spool = Spool(folder / "spool", folder / "keys")
    return FrontDesk(engine, desk, stub_assistant(), spool, patience=40, soon=soon)


def day(rng: random.Random, families: int) -> Generator[Command, str]:
    """Commands without end, in an order that makes sense. It is sent what each one before told the person."""
    handed: list[Command] = []
    claimed: list[Command] = []
    booked: list[tuple[Command, str]] = []
    number = 0
    while True:
        number += 1
        key, who = f"k{number}", f"family{rng.randrange(families)}"
        kind = rng.choice(("ask", "ask", "hand", "claim", "reply", "risk", "book", "cancel"))
        if kind == "claim" and handed:
            claimed.append(handed.pop(0))
            yield Command("claim", key, claimed[-1].who, claimed[-1].key)
        elif kind == "reply" and claimed:
            of = rng.choice(claimed)
            yield Command("reply", key, of.who, of.key)
        elif kind == "hand":
            handed.append(Command("hand", key, who))
            yield handed[-1]
        elif kind == "book":
            # A person has one future place for a topic, so each booking of the day is another family's.
            held = yield Command("hold", f"{key}-hold", f"booker{number}")
            told = yield (command := Command("book", key, f"booker{number}", given=held))
            if not told.startswith(surgery_day.REFUSED):
                booked.append((command, told))
        elif kind == "cancel" and booked:
            command, link = booked.pop(rng.randrange(len(booked)))
            yield Command("cancel", key, command.who, command.key, link)
        elif kind in ("ask", "risk"):
            yield Command(kind, key, who)


def perform(front: FrontDesk, command: Command, key: str) -> str:
    """Do it, under `key`, and give what the person is told."""
    if command.kind in ("ask", "risk"):
        words = "where is it" if command.kind == "ask" else "I want to kill myself"
        return front.reply(Arrived("web", command.who, key, Incoming(f"{words} {command.key}"))).status
    if command.kind == "hand":
        contact = Contact("email", f"{command.who}@example.org")
        return front.hand_over(
            HandOver("web", command.who, key, "send", f"please help {command.key}", contact=contact)
        ).reference
    if command.kind in surgery_day.KINDS:
        return surgery_day.perform(
            front.office.engine, front.office.desk, command.kind, command.who, command.given, key
        )
    with transaction(front.office.engine) as session:
        case = next(
            case
            for case in session.exec(select(Case).where(Case.queue == "send"))
            if summary(front.office.desk, case) == f"please help {command.of}"
        )
        if command.kind == "claim":
            return claim(session, front.office.desk, PRIYA, case.id, case.version).owner_id or ""
        return reply(session, front.office.desk, PRIYA, case.id, case.version, f"hello {command.key}", key).reference


def kept(engine: Engine, desk: Desk, ledger: Ledger) -> list[str]:
    """Every promise that was broken: lost, done twice, or records at odds with themselves."""
    found = [*faults(engine, desk), *surgery_day.kept(engine, desk, ledger)]
    with reading(engine) as session:
        rows = session.exec(select(InboxMessage)).all()
        said = Counter(
            desk.open(line.person_id, line.sealed_text, TEXT)
            for line in session.exec(select(Message).where(Message.who == Who.PERSON))
        )
        cases = Counter(summary(desk, case) for case in session.exec(select(Case)))
        replies = Counter(
            desk.open(one.person_id, one.sealed_text, "case_reply.sealed_text")
            for one in session.exec(select(CaseReply))
        )
        claims = Counter(session.exec(select(CaseEvent.case_id).where(CaseEvent.act == Act.CLAIMED)).all())
        letters = len(session.exec(select(OutboxMessage.id)).all())
        handed = len(session.exec(select(Case.id).where(Case.queue == "send")).all())
        shown = len(session.exec(select(Case.id).where(Case.topic == "could_not_answer")).all())
        owned = len(session.exec(select(Case.id).where(Case.owner_id == PRIYA.officer_id)).all())
    # A message that five crashes in a row met is a person's to answer: it has its case.
    failed = sum(row.state is InboxState.FAILED for row in rows)
    if failed != shown:
        found.append(f"{failed} messages failed, {shown} cases show them")
    wanted: dict[str, Counter[str]] = {"ask": said, "risk": cases, "hand": cases, "reply": replies}
    words = {"ask": "where is it", "risk": "I want to kill myself", "hand": "please help", "reply": "hello"}
    for command in [*ledger.done, *ledger.open]:
        if command.kind in wanted:
            times = wanted[command.kind][f"{words[command.kind]} {command.key}"]
            if times > 1 or (times == 0 and command in ledger.done):
                found.append(f"{command.kind} {command.key}: {times} times")
    found += [f"case {id}: claimed {times} times" for id, times in claims.items() if times > 1]
    acknowledged = sum(command.kind == "claim" for command in ledger.done)
    if owned < acknowledged:
        found.append(f"{acknowledged} claims acknowledged, {owned} cases owned")
    if letters < handed + sum(replies.values()):
        found.append(f"{letters} letters for {handed} cases and {sum(replies.values())} replies")
    return found


def summary(desk: Desk, case: Case) -> str:
    return desk.open(case.person_id, case.sealed_summary, "case.sealed_summary")
