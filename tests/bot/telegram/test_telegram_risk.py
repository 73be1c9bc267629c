"""What no rule sees and the model does: judged on the words as typed, after the update is safe, and before its answer."""

from __future__ import annotations

import pytest
from sqlmodel import select
from telegram_house import House, open_house, words

from bot.engine import Engine
from bot.front_desk import FrontDesk
from bot.telegram import receiving
from handoff.cases.sealed import SUMMARY
from handoff.database import reading
from handoff.models import Case, ChatUpdate
from retrieval.risk import Risk

VEILED = "Call me on 07700 900123, the quiet man upstairs came in again"


@pytest.fixture
def asked_of_model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text the model is asked about. It sees a risk where a number to ring stands, which redaction takes out."""
    seen: list[str] = []

    def risk(_: Engine, text: str) -> Risk | None:
        seen.append(text)
        return Risk("child_at_risk", 0.99) if "900123" in text else None

    monkeypatch.setattr(Engine, "risk", risk)
    return seen


def test_the_model_judges_the_words_as_typed_and_a_restricted_case_holds_them(
    house: House, asked_of_model: list[str]
) -> None:
    said = words(house.says(house.human(), VEILED))
    assert "999" in said
    desk = house.front.office.desk
    with reading(house.front.office.engine) as session:
        case = session.exec(select(Case)).one()
        assert case.queue == "safeguarding"
        assert "900123" in desk.open(case.person_id, case.sealed_summary, SUMMARY)
    assert house.door.workers._typed == {}


def test_before_it_is_acknowledged_no_model_is_asked_and_no_typed_word_is_on_the_disk(
    council: FrontDesk, asked_of_model: list[str]
) -> None:
    from bot.settings import Settings
    from bot.telegram.caller import House as Council

    raw = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "text": VEILED},
    }
    received = receiving.receive(Council(council, Settings()), raw)
    assert received.new and received.typed == VEILED and asked_of_model == []
    assert VEILED not in repr(received)
    with reading(council.office.engine) as session:
        row = session.exec(select(ChatUpdate)).one()
        kept = council.office.desk.open(row.person_id, row.sealed_update or b"", "chat_update.sealed_update")
    assert "900123" not in kept


def test_after_a_crash_the_model_judges_what_was_kept(council: FrontDesk, asked_of_model: list[str]) -> None:
    with open_house(council) as house:
        # As after a start anew: nothing is left in memory.
        house.door.workers.take_up = lambda received: house.door.workers.wake(received.door)  # type: ignore[method-assign]
        house.says(house.human(), VEILED)
    assert asked_of_model and not any("900123" in text for text in asked_of_model)
