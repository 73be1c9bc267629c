"""Who watches the service sees counts and ages, never a person; who does not sees nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from test_courier import deliver, write

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.metrics import replied
from bot.senders.log import LogSender
from bot.web.watching import watching
from handoff.database import connect, transaction
from handoff.desk import Desk
from handoff.spool import Spool
from handoff.switches import Part, turn

HERE, ELSEWHERE = ("127.0.0.1", 50000), ("203.0.113.7", 50000)


@pytest.fixture
def front(engine: Engine, desk: Desk, little_assistant: Assistant, tmp_path: Path) -> FrontDesk:
    return FrontDesk(engine, desk, little_assistant, Spool(tmp_path / "spool", tmp_path / "keys"))


def visitor(front: FrontDesk, token: str = "", client: tuple[str, int] = HERE) -> TestClient:
    app = FastAPI()
    app.include_router(watching(front, token))
    return TestClient(app, client=client)


def numbers(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_numbers_are_those_of_the_outbox_the_inbox_and_the_switches(
    front: FrontDesk, engine: Engine, desk: Desk, clock
) -> None:
    write(engine, desk, "k1", "k2")
    deliver(engine, desk, LogSender())
    write(engine, desk, "k3")
    clock.move(seconds=90)
    replied("answer", 0.2)
    with transaction(engine) as session:
        turn(session, desk, Part.WEB, off=True, reason="test", by="priya")
    seen = numbers(visitor(front).get("/metrics").text)
    assert seen["askwell_database_up"] == 1
    assert seen["askwell_outbox_letters sent"] == 2 and seen["askwell_outbox_letters waiting"] == 1
    assert seen["askwell_outbox_oldest_due_seconds"] == 90
    assert seen["askwell_switch_off web"] == 1 and seen["askwell_switch_off bot"] == 0
    assert seen["askwell_replies_total answer"] >= 1 and seen["askwell_reply_seconds_count"] >= 1
    assert seen["askwell_inbox_oldest_seconds"] == 0


def test_no_label_names_a_person(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    write(engine, desk, "k1")
    text = visitor(front).get("/metrics").text
    assert set(re.findall(r"(\w+)=\"", text)) <= {"state", "queue", "status", "part", "outcome", "le"}
    assert "amina" not in text


@pytest.mark.parametrize(
    ("client", "headers", "token", "status"),
    [
        (HERE, {}, "", 200),
        (("::1", 50000), {}, "", 200),
        (ELSEWHERE, {}, "", 404),
        (HERE, {"X-Forwarded-For": "203.0.113.7"}, "", 404),
        (HERE, {"Forwarded": "for=203.0.113.7"}, "", 404),
        (("unix", 0), {}, "", 404),
        (HERE, {}, "secret", 404),
        (ELSEWHERE, {"Authorization": "Bearer secret"}, "secret", 200),
        (ELSEWHERE, {"Authorization": "Bearer wrong"}, "secret", 404),
        (ELSEWHERE, {"Authorization": "Bearer "}, "", 404),
    ],
)
def test_the_numbers_are_for_this_machine_or_for_those_with_the_token(
    front: FrontDesk, client: tuple[str, int], headers: dict[str, str], token: str, status: int
) -> None:
    assert visitor(front, token, client).get("/metrics", headers=headers).status_code == status


def test_ready_means_database_index_and_keys(front: FrontDesk) -> None:
    answer = visitor(front, client=ELSEWHERE).get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "index": "ok", "keys": "ok"}


def test_without_its_database_it_is_not_ready_and_the_metrics_say_so(front: FrontDesk, desk: Desk) -> None:
    away = connect("postgresql://nobody@127.0.0.1:1/none")
    lost = FrontDesk(away, desk, front.office.assistant, front.office.spool)
    answer = visitor(lost).get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")
    assert numbers(visitor(lost).get("/metrics").text)["askwell_database_up"] == 0


def test_an_empty_database_and_a_lost_folder_of_keys_are_not_ready(
    front: FrontDesk, desk: Desk, tmp_path: Path
) -> None:
    empty = FrontDesk(connect(f"sqlite:///{tmp_path / 'empty.db'}"), desk, front.office.assistant, front.office.spool)
    assert visitor(empty).get("/readyz").json()["database"] == "no tables"
    (tmp_path / "file").write_text("")
    desk.vault.__dict__["folder"] = tmp_path / "file" / "keys"
    answer = visitor(front).get("/readyz")
    assert (answer.status_code, answer.json()["keys"]) == (503, "away")
