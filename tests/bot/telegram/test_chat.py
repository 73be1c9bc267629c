"""Amina in Telegram: every step goes over the wire, through aiogram's own session, dispatcher and filters."""

from __future__ import annotations

import time
from pathlib import Path

from telegram_house import House, words
from typer.testing import CliRunner

from bot.cli import cli
from bot.telegram.coming import Came, as_update
from bot.telegram.loopback.rules import read_html
from bot.telegram.loopback.server import RESET, TOKEN


def test_start_says_what_it_is_and_what_one_can_do(house: House) -> None:
    amina = house.human()
    (shown,) = house.says(amina, "/start")
    assert "I am a computer assistant" in shown.plain and "I can be wrong" in shown.plain
    labels = [button["text"] for button in shown.buttons]
    assert {"Ask a question", "Talk to a person", "Open on the web"} <= set(labels)


def test_a_question_is_answered_with_its_sources_folded_away(house: House) -> None:
    amina = house.human()
    shown = house.says(amina, "What is an EHC plan?")
    assert "education, health and care plan" in words(shown)
    assert "<blockquote expandable>[1] " in "".join(one.text for one in shown)
    assert all(read_html(one.text) for one in shown)


def test_the_same_update_again_is_answered_once(house: House) -> None:
    amina = house.human()
    body = amina.says("What is an EHC plan?")
    house.settle()
    house.api.state.put_again(body, amina.chat)
    house.api.state.put_again({**body, "update_id": 3}, amina.chat)
    house.settle()
    assert len(amina.reads()) == 1


def test_a_voice_a_photo_and_a_file_are_not_fetched_and_what_to_do_is_said(house: House) -> None:
    amina = house.human()
    for kind, value in (
        ("voice", {"file_id": "f", "file_unique_id": "u", "duration": 3}),
        ("photo", [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]),
        ("document", {"file_id": "f", "file_unique_id": "u"}),
        ("location", {"latitude": 51.4, "longitude": -0.3}),
    ):
        amina.sends(kind, value)
    house.settle()
    assert [one.plain for one in amina.reads()] == [
        "I can only read text. Please do not send reports or photos of your child."
    ] * 4
    assert not [call for call in house.api.state.calls if call.method.lower() == "getfile"]


def test_no_log_line_holds_the_token(house: House, caplog, capsys) -> None:
    caplog.set_level("DEBUG")
    house.api.fault = lambda name, given: RESET if name == "sendmessage" and not house.api.state.sent() else None
    amina = house.human()
    amina.says("/start")
    time.sleep(0.3)
    house.api.fault = lambda name, given: None
    house.settle()
    said = caplog.text + "".join(capsys.readouterr())
    assert said and TOKEN not in said and TOKEN.split(":")[1] not in said


def test_without_a_token_the_command_says_how_to_get_one(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path))
    done = CliRunner().invoke(cli, ["telegram"])
    assert done.exit_code == 1 and "BotFather" in done.output


def test_updates_of_one_process_have_numbers_of_their_own() -> None:
    came = [Came("message", chat, f"m{number}", message=number) for chat in (1, 2) for number in (1, 2)]
    assert len({as_update(one).update_id for one in came}) == 4
