"""A message about someone at risk: help at once, and a case in the safeguarding queue whatever the database does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from bot.assistant import NOTHING_YET, Assistant, Replied
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming, Outcome
from bot.turn import Past
from handoff.cases.opening import SUMMARY
from handoff.conversations import recent
from handoff.database import connect, reading, transaction
from handoff.desk import Desk
from handoff.models import Case, Priority
from handoff.spool import Spool

TYPED = "I want to kill myself, tell Oliver Smith I am sorry"
ARRIVED = Arrived("web", "amina", "m1", Incoming(TYPED))


def cases(engine: Engine) -> list[Case]:
    with reading(engine) as session:
        return list(session.exec(select(Case).order_by(col(Case.opened_at))).all())


@pytest.fixture
def away(front: FrontDesk, tmp_path: Path) -> Iterator[FrontDesk]:
    """The same desk, over a database that cannot be opened."""
    office = front.office
    gone = connect(f"sqlite:///{tmp_path / 'nowhere' / 'askwell.db'}")
    yield FrontDesk(gone, office.desk, office.assistant, office.spool, sleep=lambda _: None)
    gone.dispose()


def test_help_is_said_and_the_case_has_the_words_as_typed(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    reply = front.reply(ARRIVED)
    assert reply.outcome is Outcome.SAFEGUARD
    assert reply.closing == (front.office.say("safeguarding_passed_on"),)
    (case,) = cases(engine)
    assert case.queue == "safeguarding" and case.priority is Priority.SAFEGUARDING and case.sealed_contact is None
    assert desk.open(case.person_id, case.sealed_summary, SUMMARY) == TYPED
    with reading(engine) as session:
        kept = recent(session, desk, case.conversation_id)
    assert "Oliver" not in kept[0].text and "[name]" in kept[0].text
    assert list(front.office.spool.waiting()) == []


def test_the_same_message_again_opens_no_second_case(front: FrontDesk, engine: Engine) -> None:
    first = front.reply(ARRIVED)
    assert front.reply(ARRIVED) == first
    assert len(cases(engine)) == 1 and len(front.lines("web", "amina")) == 2


def test_twenty_deliveries_at_once_are_one_case(front: FrontDesk, engine: Engine) -> None:
    together = threading.Barrier(20)

    def deliver() -> None:
        together.wait()
        assert front.reply(ARRIVED).outcome is Outcome.SAFEGUARD

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    front.crew.shutdown()
    front.sweep()
    assert len(cases(engine)) == 1 and list(front.office.spool.waiting()) == []


def test_it_overtakes_what_waits_before_it(front: FrontDesk, engine: Engine) -> None:
    front.receive(Arrived("web", "amina", "m0", Incoming("how old for holiday club")))
    assert front.reply(ARRIVED).outcome is Outcome.SAFEGUARD
    assert len(cases(engine)) == 1


def test_with_the_database_away_help_is_said_and_the_case_is_opened_once_when_it_is_back(
    front: FrontDesk, away: FrontDesk, engine: Engine
) -> None:
    said = away.reply(ARRIVED)
    assert said.outcome is Outcome.SAFEGUARD and said.closing
    assert away.reply(ARRIVED) == said
    assert len(list(away.office.spool.waiting())) == 2
    front.sweep()
    front.sweep()
    assert len(cases(engine)) == 1 and list(front.office.spool.waiting()) == []
    assert front.reply(ARRIVED) == said


def test_nothing_on_the_disk_can_be_read_without_the_keys(away: FrontDesk) -> None:
    away.reply(ARRIVED)
    (file,) = away.office.spool.folder.glob("*.sealed")
    assert b"Oliver" not in file.read_bytes() and b"amina" not in file.read_bytes()


def test_a_sweep_while_the_database_is_away_keeps_what_waits(away: FrontDesk, front: FrontDesk, engine: Engine) -> None:
    away.reply(ARRIVED)
    with pytest.raises(Exception, match="unable to open"):
        away.sweep()
    assert front.sweep() == 1 and len(cases(engine)) == 1


def test_a_locked_database_does_not_keep_the_help_back(front: FrontDesk, engine: Engine) -> None:
    office = front.office
    hurried = FrontDesk(office.engine, office.desk, office.assistant, office.spool, soon=0.2)
    with transaction(engine) as session:
        hold(session, engine)
        assert hurried.reply(ARRIVED).outcome is Outcome.SAFEGUARD
        assert cases_now(session) == 0
    hurried.close()
    front.sweep()
    assert len(cases(engine)) == 1


def test_a_read_only_database_does_not_keep_the_help_back(front: FrontDesk, url: str, engine: Engine) -> None:
    office = front.office
    with read_only(url) as closed:
        looking = FrontDesk(closed, office.desk, office.assistant, office.spool)
        assert looking.reply(ARRIVED).closing
    assert cases(engine) == []
    assert front.sweep() == 1 and len(cases(engine)) == 1


def test_a_full_disk_leaves_the_database_to_take_it_up(
    front: FrontDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spool, "put", no_room)
    assert front.reply(ARRIVED).closing
    assert len(cases(engine)) == 1


def test_with_neither_disk_nor_database_help_is_said_and_nothing_is_claimed(
    away: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spool, "put", no_room)
    reply = away.reply(ARRIVED)
    assert reply.outcome is Outcome.SAFEGUARD and reply.closing == ()


def test_a_fault_in_the_assistant_does_not_keep_the_help_back(front: FrontDesk, engine: Engine) -> None:
    class Broken(Assistant):
        def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
            raise RuntimeError("no model")

    office = front.office
    broken = FrontDesk(office.engine, office.desk, Broken(office.assistant.engine), office.spool, soon=60.0)
    assert broken.reply(ARRIVED).outcome is Outcome.SAFEGUARD
    assert len(cases(engine)) == 1


def test_one_the_rules_miss_at_first_still_gets_its_case_when_it_comes_again(front: FrontDesk, engine: Engine) -> None:
    """The classifier is not there while the index is in the making; the channel may deliver again once it is."""
    unsure = Arrived("web", "amina", "m1", Incoming("I feel so low lately"))
    assert front.reply(unsure).outcome is not Outcome.SAFEGUARD

    class Sure(Assistant):
        def urgency(self, text: str) -> str | None:
            return "self_harm"

    office = front.office
    sure = FrontDesk(office.engine, office.desk, Sure(office.assistant.engine), office.spool, soon=60.0)
    assert sure.reply(unsure).outcome is Outcome.SAFEGUARD
    assert [case.topic for case in cases(engine)] == ["self_harm"]
    assert len(sure.lines("web", "amina")) == 2


def test_a_risk_in_doubt_is_judged_on_the_words_as_typed(front: FrontDesk) -> None:
    class Doubting(Assistant):
        def in_doubt(self, text: str) -> bool:
            return "Oliver" in text

        def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
            assert "Oliver" not in incoming.text
            return super().reply(incoming, past)

    office = front.office
    doubting = FrontDesk(office.engine, office.desk, Doubting(office.assistant.engine), office.spool, soon=60.0)
    asked = Arrived("web", "amina", "m1", Incoming("my son Oliver Smith, how old for holiday club"))
    reply = doubting.reply(asked)
    assert reply.section == "clubs#ages" and "999" in reply.above[0]


def test_rules_stand_when_the_classifier_falls(front: FrontDesk, engine: Engine) -> None:
    class Fallen(Assistant):
        def in_doubt(self, text: str) -> bool:
            raise RuntimeError("no classifier")

    office = front.office
    fallen = FrontDesk(office.engine, office.desk, Fallen(office.assistant.engine), office.spool, soon=60.0)
    assert fallen.reply(ARRIVED).outcome is Outcome.SAFEGUARD
    assert fallen.reply(Arrived("web", "ben", "m1", Incoming("how much is the bus"))).section == "fares#fare"
    assert len(cases(engine)) == 1


def cases_now(session: Session) -> int:
    return len(session.exec(select(Case.id)).all())


def hold(session: Session, engine: Engine) -> None:
    """Hold what every writer of the inbox needs: on SQLite a transaction does once it has begun."""
    session.execute(text("SELECT 1"))
    if engine.dialect.name == "postgresql":
        session.execute(text("LOCK TABLE person, inbox_message IN ACCESS EXCLUSIVE MODE"))


@contextmanager
def read_only(url: str) -> Iterator[Engine]:
    """An engine whose connections can only read."""
    if url.startswith("sqlite"):
        closed = connect(url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")
        yield closed
        closed.dispose()
        return
    admin = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        closed = connect(url)
        yield closed
        closed.dispose()
        connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
    admin.dispose()


def no_room(self: Spool, message: object) -> Path:
    raise OSError(28, "No space left on device")


def test_a_cry_that_a_rule_knows_waits_for_no_model(
    front: FrontDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Assistant, "in_doubt", lambda _self, text: bool(asked.append(text)))
    assert front.reply(ARRIVED).outcome is Outcome.SAFEGUARD
    assert asked == []
    front.reply(Arrived("web", "amina", "m2", Incoming("how old for holiday club")))
    assert asked == ["how old for holiday club"]
