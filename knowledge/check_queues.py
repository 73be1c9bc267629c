"""Can every queue be kept to? Its route, its hours, its promise, and who takes its cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from knowledge.pack import Pack
from knowledge.problems import Problem
from knowledge.queue_records import NAME
from knowledge.routing import SAFEGUARDING, Queue
from knowledge.working_hours import LONDON, Standard, Unit, reply_by

# A working Monday morning, far from any holiday: what a promise comes to on an ordinary day.
ORDINARY = datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)
# Working Together: a referral is acknowledged, and the next step decided, within one working day.
ONE_DAY = Standard(1, Unit.DAYS)


def check_queues(pack: Pack) -> Iterator[Problem]:
    """Every fault of the queues of `pack`."""
    for queue in pack.queues.values():
        for fault in (*_route(pack, queue), *_promise(pack, queue)):
            yield Problem(NAME, 1, f"{queue.id}: {fault}")
    yield from _safeguarding(pack)


def _route(pack: Pack, queue: Queue) -> Iterator[str]:
    if queue.contact and queue.contact not in pack.contacts:
        yield f"its contact {queue.contact!r} is not in contacts.yaml"
    if not queue.contact and not queue.says:
        yield "it has no contact, so `says` must give the route"
    taker = pack.queues.get(queue.cases_to) if queue.cases_to else queue
    if taker is None:
        yield f"cases_to {queue.cases_to!r} is not a queue"
    elif taker is not queue and taker.cases_to:
        yield f"cases_to {queue.cases_to!r} sends its own cases on: name the queue that answers"


def _promise(pack: Pack, queue: Queue) -> Iterator[str]:
    for source in (queue.hours_source, queue.standard_source):
        if source and source not in pack.sources:
            yield f"its source {source!r} is not in sources.yaml"
    try:
        by = reply_by(queue.hours, ORDINARY, queue.standard)
    except ValueError as error:
        yield str(error)
        return
    if queue.alarm and reply_by(queue.hours, ORDINARY, queue.alarm) > by:
        yield "its alarm comes after the reply is due"


def _safeguarding(pack: Pack) -> Iterator[Problem]:
    """A message about someone at risk always has a queue, a next step within a working day, and an alarm before."""
    queue = pack.queues.get(SAFEGUARDING)
    if queue is None:
        yield Problem(NAME, 1, f"there is no queue called {SAFEGUARDING}: messages about someone at risk go to it")
        return
    if queue.cases_to:
        yield Problem(NAME, 1, f"{SAFEGUARDING}: its cases cannot go to another queue")
    if queue.alarm is None:
        yield Problem(NAME, 1, f"{SAFEGUARDING}: it needs an alarm, such as 4 working hours")
    with suppress(ValueError):
        if reply_by(queue.hours, ORDINARY, queue.standard) > reply_by(queue.hours, ORDINARY, ONE_DAY):
            yield Problem(NAME, 1, f"{SAFEGUARDING}: its standard is longer than one working day")
