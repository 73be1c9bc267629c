"""A button pressed twice acts once, on both engines, also when both presses come at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OffSwitch, Receipt
from handoff.receipts import KeyReusedError, earlier, keep


def press(engine: Engine, desk: Desk, key: str = "k", request: str = "book slot 1") -> str:
    """An act that must happen once: it turns a switch, and says which."""
    with transaction(engine) as session:
        before = earlier(session, desk, key, request)
        if before is not None:
            return before
        made = OffSwitch(pack=desk.pack, id=desk.new_id(), what="web", off=True, reason="", by="", at=desk.now())
        session.add(made)
        keep(session, desk, key, request, made.id)
        return made.id


def acts(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.exec(select(OffSwitch)).all())


def test_the_second_press_gives_what_the_first_gave(engine: Engine, desk: Desk) -> None:
    assert press(engine, desk) == press(engine, desk)
    assert acts(engine) == 1


def test_another_key_acts_again_and_another_council_has_keys_of_its_own(engine: Engine, desk: Desk) -> None:
    elsewhere = Desk("bigtown", desk.vault, now=desk.now, new_id=desk.new_id)
    assert len({press(engine, desk), press(engine, desk, key="k2"), press(engine, elsewhere)}) == 3


def test_the_same_key_with_another_request_is_refused(engine: Engine, desk: Desk) -> None:
    press(engine, desk)
    with pytest.raises(KeyReusedError, match="Open it again"):
        press(engine, desk, request="book slot 2")
    assert acts(engine) == 1


def test_an_act_that_failed_leaves_its_key_free(engine: Engine, desk: Desk) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as session:
        assert earlier(session, desk, "k", "book slot 1") is None
        keep(session, desk, "k", "book slot 1", "x")
        raise RuntimeError
    assert press(engine, desk) != "x"


def test_of_eight_presses_at_once_one_acts_and_all_are_told_the_same(engine: Engine, desk: Desk) -> None:
    start = threading.Barrier(8)
    told: list[str] = []

    def one() -> None:
        start.wait()
        told.append(press(engine, desk))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8 and len(set(told)) == 1
    assert acts(engine) == 1


def test_neither_key_nor_request_can_be_read_in_the_table(engine: Engine, desk: Desk) -> None:
    press(engine, desk, key="amina@example.org", request="Feltham 10:20")
    with reading(engine) as session:
        kept = repr(session.exec(select(Receipt)).all())
    assert "amina" not in kept and "Feltham" not in kept


def test_a_result_too_long_to_keep_is_refused(engine: Engine, desk: Desk) -> None:
    with pytest.raises(ValueError, match="codes"), transaction(engine) as session:
        keep(session, desk, "k", "r", "x" * 2001)
