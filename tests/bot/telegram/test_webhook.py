"""Updates by webhook: kept, then 200; who has no secret finds no page; what cannot be kept now comes again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from telegram_house import served_house, until, words
from typer.testing import CliRunner

from bot.cli import cli
from bot.front_desk import FrontDesk
from bot.settings import Settings
from bot.telegram.loopback.server import TOKEN, Loopback
from bot.telegram.token import TelegramSettingsError, hook_of, token_of
from handoff.database import reading
from handoff.models import ChatUpdate

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRETS = {
    "telegram_path": "a-path-nobody-guesses",
    "telegram_secret": "a-secret-nobody-guesses",
    "telegram_token": TOKEN,
}


def kept(front: FrontDesk) -> int:
    with reading(front.office.engine) as session:
        return len(session.exec(select(ChatUpdate.id)).all())


def test_a_question_by_webhook_is_answered_and_each_chat_in_order(council: FrontDesk) -> None:
    with served_house(council) as served:
        amina, ben = served.human(), served.human(4712)
        for text in ("/start", "What is an EHC plan?", "/help"):
            amina.says(text)
            ben.says(text)
        until(lambda: len(amina.reads()) >= 3 and len(ben.reads()) >= 3)
        for one in (amina, ben):
            said = [shown.plain.split("\n")[0] for shown in one.reads()]
            assert said == ["Ask about SEND in Hounslow", "What an EHC plan is", "What you can do here"]


def test_forty_forged_calls_find_no_page_and_nothing_is_kept(council: FrontDesk) -> None:
    with served_house(council) as served:
        body = {
            "update_id": 1,
            "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"},
        }
        right = served.hook.secret
        with httpx.Client() as client:
            for path in (served.hook.path, "/telegram/else", "/telegram/", f"{served.hook.path}x", "/telegram/%00"):
                for secret in (
                    None,
                    "",
                    "x",
                    right[:-1],
                    f"{right}x",
                    right.upper(),
                    TOKEN,
                    right if path != served.hook.path else "y",
                ):
                    headers = {} if secret is None else {HEADER: secret}
                    answer = client.post(f"{served.url}{path}", json=body, headers=headers)
                    assert answer.status_code in (404, 405), (path, secret)
        assert kept(council) == 0


def test_what_is_no_update_of_ours_is_taken_and_forgotten(council: FrontDesk) -> None:
    with served_house(council) as served, httpx.Client(headers={HEADER: served.hook.secret}) as client:
        for body in (
            b"",
            b"{",
            b"[]",
            b"\xff\xfe",
            b'{"update_id": 1}',
            b'{"update_id": 2, "poll": {}}',
            b'{"message": 3}',
        ):
            assert client.post(f"{served.url}{served.hook.path}", content=body).status_code == 200
        assert kept(council) == 0


def test_busy_it_asks_to_come_again_but_a_cry_for_help_is_taken(council: FrontDesk) -> None:
    busy = [1000]
    with served_house(council, busy=lambda: busy[0]) as served:
        amina, ben = served.human(), served.human(4712)
        ben.says("I want to kill myself")
        until(lambda: "999" in words(ben.reads()))
        amina.says("What is an EHC plan?")
        with httpx.Client(headers={HEADER: served.hook.secret}) as client:
            answer = client.post(f"{served.url}{served.hook.path}", json=served.api.state.waiting[0].body)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        busy[0] = 0
        assert amina.reads() == []


def test_while_the_database_is_away_nothing_is_acknowledged_and_later_it_is_answered_once(council: FrontDesk) -> None:
    away = [True]
    with served_house(council, api=Loopback(redeliver=0.02)) as served:
        take = served.thread.receive

        def receive(raw: object) -> object:
            if away[0]:
                raise OperationalError("", {}, Exception())
            return take(raw)  # type: ignore[arg-type]

        with (
            served_house(council, receive=receive) as other,
            httpx.Client(headers={HEADER: other.hook.secret}) as client,
        ):
            body = {
                "update_id": 1,
                "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}, "text": "/help"},
            }
            answer = client.post(f"{other.url}{other.hook.path}", json=body)
            assert (answer.status_code, answer.headers["Retry-After"], kept(council)) == (503, "10", 0)
            away[0] = False
            for _ in range(3):
                assert client.post(f"{other.url}{other.hook.path}", json=body).status_code == 200
            assert kept(council) == 1


@pytest.mark.parametrize("missing", ["telegram_path", "telegram_secret", "telegram_token", "address"])
def test_without_its_secrets_it_does_not_start(missing: str) -> None:
    given = {**SECRETS, "address": "https://send.example"}
    given.pop(missing)
    with pytest.raises(TelegramSettingsError) as error:
        hook_of(Settings(telegram_webhook=True, **given))
    assert TOKEN not in str(error.value)


def test_serve_ends_before_it_listens_when_a_secret_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_TELEGRAM_WEBHOOK", "1")
    monkeypatch.setenv("ASKWELL_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path))
    done = CliRunner().invoke(cli, ["serve"])
    assert done.exit_code == 1 and "ASKWELL_TELEGRAM_PATH" in done.output and TOKEN not in done.output


def test_the_token_comes_from_a_file_and_is_never_said(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    settings = Settings(telegram_token_file=file, **{**SECRETS, "telegram_token": "1:other-" + "x" * 30})
    assert token_of(settings) == TOKEN
    for said in (
        repr(settings),
        repr(hook_of(settings.model_copy(update={"telegram_webhook": True, "address": "https://a.b"}))),
    ):
        assert not any(secret in said for secret in (TOKEN, "nobody-guesses", "1:other"))
    with pytest.raises(TelegramSettingsError):
        token_of(Settings(telegram_token_file=tmp_path / "none"))
    with pytest.raises(TelegramSettingsError):
        token_of(Settings(telegram_token="no token"))
