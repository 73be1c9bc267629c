"""Who saw or changed what is written with the act or not at all, by one writer after another, and its end is known."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handoff.audit import chain_key, entry_hash, last_entry, record
from handoff.audit_head import Head, read_head
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry


def write(engine: Engine, desk: Desk, subject: str) -> None:
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject=subject)


def entries(engine: Engine) -> list[AuditEntry]:
    with reading(engine) as session:
        return list(session.exec(select(AuditEntry).order_by(AuditEntry.number)).all())


def test_each_entry_is_bound_to_the_one_before_and_the_head_is_outside(engine: Engine, desk: Desk) -> None:
    write(engine, desk, "a")
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="claimed", kind="case", subject="a", detail="send")
        record(session, desk, actor="system", act="late", kind="case", subject="b")
    found = entries(engine)
    assert [(one.number, one.act, one.subject) for one in found] == [
        (1, "saw", "a"),
        (2, "claimed", "a"),
        (3, "late", "b"),
    ]
    assert found[0].previous == "0" * 64
    for before, one in pairwise(found):
        assert one.previous == before.hash
    values = {name: getattr(found[1], name) for name in ("number", "at", "actor", "act", "kind", "subject", "detail")}
    assert entry_hash(chain_key(desk), desk.pack, found[1].previous, values) == found[1].hash
    assert read_head(desk.vault.folder, desk.pack) == Head(3, found[2].hash)


def test_what_was_taken_back_is_not_in_the_chain(engine: Engine, desk: Desk) -> None:
    write(engine, desk, "a")
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject="undone")
        raise ZeroDivisionError
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject="b")
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            record(session, desk, actor="priya", act="saw", kind="case", subject="undone")
            raise ZeroDivisionError
        with session.begin_nested():
            record(session, desk, actor="priya", act="saw", kind="case", subject="c")
    assert [one.subject for one in entries(engine)] == ["a", "b", "c"]
    with reading(engine) as session:
        assert read_head(desk.vault.folder, desk.pack) == Head(*last_entry(session, desk.pack))


@pytest.mark.parametrize("detail", ["priya@council.example", "my son's name is Sam", "naïve", "a\nb"])
def test_words_and_addresses_are_refused(engine: Engine, desk: Desk, detail: str) -> None:
    with transaction(engine) as session, pytest.raises(ValueError, match="codes only"):
        record(session, desk, actor="priya", act="saw", kind="case", subject="a", detail=detail)


def test_a_session_that_only_looks_cannot_promise_an_entry(engine: Engine, desk: Desk) -> None:
    with reading(engine) as session, pytest.raises(RuntimeError, match="transaction"):
        record(session, desk, actor="priya", act="saw", kind="case", subject="a")


def test_eight_writers_at_once_make_one_chain_without_a_gap(engine: Engine, desk: Desk) -> None:
    together = threading.Barrier(8)
    failed: list[BaseException] = []

    def writer(name: int) -> None:
        together.wait()
        try:
            for turn in range(15):
                write(engine, desk, f"s{name}-{turn}")
        except BaseException as error:  # shown below: a thread's own traceback fails no test
            failed.append(error)

    threads = [threading.Thread(target=writer, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = entries(engine)
    assert [one.number for one in found] == list(range(1, 121))
    assert [one.previous for one in found[1:]] == [one.hash for one in found[:-1]]
    assert read_head(desk.vault.folder, desk.pack) == Head(120, found[-1].hash)
