"""Numbers for whoever watches the service: counts and ages, no label that could name a person."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from handoff.cases.lateness import overdue
from handoff.database import UNAVAILABLE, reading
from handoff.desk import Desk
from handoff.models import Case, InboxMessage, InboxState, Status
from handoff.switches import Part, turns
from handoff.undelivered import standing

REGISTRY = CollectorRegistry()
REPLIES = Counter("askwell_replies", "Messages answered, by what became of them.", ["outcome"], registry=REGISTRY)
SECONDS = Histogram(
    "askwell_reply_seconds",
    "From a message being kept to its reply being stored.",
    registry=REGISTRY,
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10, 30),
)
FAULTS = Counter("askwell_turn_faults", "Messages whose answering failed, each try.", registry=REGISTRY)


def replied(outcome: str, seconds: float) -> None:
    """A message was answered: its outcome is one of `Outcome`'s words."""
    REPLIES.labels(outcome).inc()
    SECONDS.observe(max(seconds, 0.0))


class Records(Collector):
    """What the database says when it is asked: the outbox, the inbox, the queues, the switches."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self.engine, self.desk = engine, desk

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database before the first reading."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every number, or `askwell_database_up 0` alone while the database is away."""
        up = GaugeMetricFamily("askwell_database_up", "1 while the database answers.")
        try:
            with reading(self.engine) as session:
                families = [*_outbox(session, self.desk), *_inbox(session, self.desk), *_cases(session, self.desk)]
                families.append(_switches(session, self.desk))
        except UNAVAILABLE:
            families = []
        up.add_metric([], 1.0 if families else 0.0)
        yield from [up, *families]


def _outbox(session: Session, desk: Desk) -> Iterator[GaugeMetricFamily]:
    stands = standing(session, desk)
    states = GaugeMetricFamily("askwell_outbox_letters", "Letters, by where they stand.", labels=["state"])
    for state, count in stands.by_state.items():
        states.add_metric([state.value], count)
    yield states
    age = GaugeMetricFamily("askwell_outbox_oldest_due_seconds", "How long the oldest letter that is due has waited.")
    age.add_metric([], stands.oldest_due_seconds)
    yield age


def _inbox(session: Session, desk: Desk) -> Iterator[GaugeMetricFamily]:
    states = GaugeMetricFamily("askwell_inbox_messages", "Messages kept, by how far they have come.", labels=["state"])
    counted = dict(
        session.exec(
            select(InboxMessage.state, func.count())
            .where(InboxMessage.pack == desk.pack)
            .group_by(col(InboxMessage.state))
        ).all()
    )
    for state in InboxState:
        states.add_metric([state.value], counted.get(state, 0))
    yield states
    waiting = select(func.min(InboxMessage.received_at)).where(
        InboxMessage.pack == desk.pack, InboxMessage.state == InboxState.RECEIVED
    )
    oldest = session.exec(waiting).one()
    age = GaugeMetricFamily("askwell_inbox_oldest_seconds", "How long the oldest message without a reply has waited.")
    age.add_metric([], (desk.now() - oldest).total_seconds() if oldest else 0.0)
    yield age


def _cases(session: Session, desk: Desk) -> Iterator[GaugeMetricFamily]:
    now = desk.now()
    mine = select(Case.queue, Case.status, func.count(), func.min(Case.opened_at)).where(Case.pack == desk.pack)
    rows = session.exec(mine.group_by(col(Case.queue), col(Case.status))).all()
    count = GaugeMetricFamily("askwell_cases", "Cases, by queue and status.", labels=["queue", "status"])
    age = GaugeMetricFamily("askwell_case_oldest_new_seconds", "Age of the oldest new case.", labels=["queue"])
    for queue, status, number, oldest in rows:
        count.add_metric([queue, status], number)
        if status is Status.NEW:
            age.add_metric([queue], (now - oldest).total_seconds())
    what = "Open cases whose promise was broken, or whose alarm rang, and that wait for us still, by queue."
    late = GaugeMetricFamily("askwell_cases_late", what, labels=["queue"])
    for queue, number in sorted(overdue(session, desk).items()):
        late.add_metric([queue], number)
    yield from [count, age, late]


def _switches(session: Session, desk: Desk) -> GaugeMetricFamily:
    off = GaugeMetricFamily("askwell_switch_off", "1 while this part of the service is switched off.", labels=["part"])
    last = turns(session, desk)
    for part in Part:
        off.add_metric([part.value], 1.0 if part in last and last[part].off else 0.0)
    return off
