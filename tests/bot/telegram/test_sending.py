"""How fast the bot speaks, and how each answer of Telegram's is read: over the wire, with the server keeping count."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram_house import QUICK

from bot.senders.outcomes import DoorClosed, Refused, RetryLater
from bot.telegram.loopback.server import BROKEN, LOST, RESET, STALL, TOKEN, TOO_MANY, Loopback, serving
from bot.telegram.pace import Pace
from bot.telegram.parts import Button, Edit, File, Say, Toast
from bot.telegram.sending import Mouth, bot_for


def sent(api: Loopback, part: object, chat: int = 1, seconds: float = 5.0) -> None:
    async def once() -> None:
        mouth = Mouth(bot_for(TOKEN, api.url, seconds), Pace(**QUICK))  # type: ignore[arg-type]
        try:
            await mouth.say(chat, part)  # type: ignore[arg-type]
        finally:
            await mouth.bot.session.close()

    asyncio.run(once())


def outcome(api: Loopback, part: object = None, **more: Any) -> str:
    try:
        sent(api, part or Say("hello"), **more)
    except (RetryLater, DoorClosed, Refused) as error:
        return f"{type(error).__name__} {error.code} {getattr(error, 'seconds', '')}".strip()
    return "sent"


@pytest.mark.parametrize(
    ("fault", "comes_of_it"),
    [
        (TOO_MANY, "RetryLater telegram_429 1.0"),
        (BROKEN, "RetryLater telegram_TelegramServerError None"),
        (RESET, "RetryLater telegram_TelegramNetworkError None"),
        (LOST, "RetryLater telegram_TelegramNetworkError None"),
        (None, "sent"),
    ],
)
def test_what_goes_wrong_on_the_way_is_tried_again_later(fault: str | None, comes_of_it: str) -> None:
    with serving(Loopback(fault=lambda name, given: fault)) as api:
        api.state.chat(1)
        assert outcome(api) == comes_of_it


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with serving(Loopback(fault=lambda name, given: STALL, stall=3.0)) as api:
        api.state.chat(1)
        assert outcome(api, seconds=0.3).startswith("RetryLater telegram_TelegramNetworkError")


def test_a_blocked_bot_and_a_chat_that_is_not_there_close_the_door() -> None:
    with serving(Loopback()) as api:
        api.state.chat(1).blocked = True
        assert outcome(api).startswith("DoorClosed") and outcome(api, chat=2).startswith("DoorClosed")


def test_a_wrong_token_loses_no_letter() -> None:
    with serving(Loopback(token="2:another-token-than-the-one-we-have")) as api:
        assert outcome(api).startswith("RetryLater")


@pytest.mark.parametrize("text", ["<b>open", "a > b", "<i", "<h1>x</h1>", "<b><i>x</b></i>", " ", "x" * 4097])
def test_what_telegram_would_not_show_is_refused_by_our_server_too(text: str) -> None:
    with serving(Loopback()) as api:
        api.state.chat(1)
        assert outcome(api, Say(text)).startswith("Refused")


def test_an_edit_of_what_is_gone_is_said_anew_and_one_that_changes_nothing_is_done() -> None:
    with serving(Loopback()) as api:
        chat = api.state.chat(1)
        assert outcome(api, Edit(77, "hello", ((Button("Menu", "v1.menu"),),))) == "sent"
        (shown,) = chat.messages.values()
        assert outcome(api, Edit(shown.id, "hello", ((Button("Menu", "v1.menu"),),))) == "sent"
        assert len(chat.messages) == 1
        assert outcome(api, Toast("no such press", "hello")) == "sent"
        assert outcome(api, File("a.ics", "BEGIN")) == "sent" and chat.messages[2].file == "a.ics"


def burst(pace: Pace, chats: int, each: int, **server: Any) -> Loopback:
    with serving(Loopback(strict=True, **server)) as api:
        for chat in range(chats):
            api.state.chat(chat + 1)

        async def all_at_once() -> None:
            mouth = Mouth(bot_for(TOKEN, api.url), pace)

            async def one(chat: int) -> None:
                for number in range(each):
                    try:
                        await mouth.say(chat, Say(f"{number}"))
                    except RetryLater:
                        continue

            try:
                await asyncio.gather(*(one(chat + 1) for chat in range(chats)))
            finally:
                await mouth.bot.session.close()

        asyncio.run(all_at_once())
        return api


def test_never_faster_than_one_a_second_a_chat_and_thirty_in_all() -> None:
    """At a tenth of the time, so that it is over soon: the rule is the same."""
    api = burst(Pace(a_second=30, gap=0.1, second=0.1), 40, 3, a_second=30, gap=0.1, second=0.1)
    assert {call.status for call in api.state.calls} == {200} and len(api.state.sent()) == 120


def test_without_a_pace_telegram_refuses_most() -> None:
    """The control: the server counts, and says so."""
    api = burst(Pace(**QUICK), 10, 5)  # type: ignore[arg-type]
    assert sum(call.status == 429 for call in api.state.calls) >= 15
