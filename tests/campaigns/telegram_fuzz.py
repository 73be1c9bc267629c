"""Updates made up by Hypothesis from aiogram's own types, over the wire: no fault, every message valid, every press answered.

PYTHONPATH=tests python -m campaigns.telegram_fuzz --updates 5000
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiogram import types
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from little_council import little_engine
from sqlmodel import select
from telegram_house import House, check_payloads, open_house
from web_house import front_for

from bot import metrics
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.telegram.screens.home import COMMANDS
from handoff.database import reading
from handoff.models import ChatUpdate, ChatUpdateState
from knowledge.pack import PACKS, load_pack

CHATS = 20
ACTS = "menu ask book school dates person team status web privacy mydata forget erase lang easy pick easier remove appt f b carry again read replies".split()
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["\x00", "\ud800", "\u202e<b>", "&amp;<", "]]>", "/", "//", "/start", "/start " + "x" * 64, "erase", "1"]
    ),
    st.sampled_from([f"/{name}" for name in COMMANDS]),
    st.builds(lambda name, rest: f"/{name} {rest}", st.sampled_from(COMMANDS), st.text(max_size=20)),
    st.sampled_from(
        ["What is an EHC plan?", "3 October 2026", "3/10/26", "my son's name is Bob Ade", "a" * 4096, "🙂" * 2048]
    ),
)
DATA = st.one_of(
    st.text(max_size=64),
    st.builds(
        lambda act, about, arg: f"v1.{act}.{about}.{arg}",
        st.sampled_from(ACTS),
        st.text("0123456789abcXYZ", max_size=8),
        st.one_of(
            st.text("0123456789-m", max_size=8), st.sampled_from(["yes", "no", "sure", "cancel", "change", "on", "off"])
        ),
    ),
    st.sampled_from([f"v1.{act}" for act in ACTS]),
)
USERS = st.builds(
    types.User,
    id=st.integers(1, CHATS),
    is_bot=st.sampled_from([False] * 9 + [True]),
    first_name=st.text(min_size=1, max_size=64),
    language_code=st.sampled_from([None, "en", "pa", "xx", "en-GB", "", "ar"]),
)
PRIVATE = st.builds(types.Chat, id=st.integers(1, CHATS), type=st.just("private"), first_name=st.text(max_size=9))
GROUPS = st.builds(
    types.Chat,
    id=st.integers(-9, -1),
    type=st.sampled_from(["group", "supergroup", "channel"]),
    title=st.text(max_size=9),
)
WHEN = st.just(datetime(2026, 11, 23, tzinfo=UTC))
CONTENT = {
    "voice": st.builds(types.Voice),
    "photo": st.lists(st.builds(types.PhotoSize), min_size=1, max_size=2),
    "document": st.builds(types.Document),
    "location": st.builds(types.Location),
    "contact": st.builds(types.Contact),
    "dice": st.builds(types.Dice),
    "venue": st.builds(types.Venue, location=st.builds(types.Location)),
    "video_note": st.builds(types.VideoNote),
    "caption": st.text(max_size=30),
}


@st.composite
def messages(draw: Any, chats: Any = PRIVATE) -> types.Message:
    """A message with text, or with something else in it, or with nothing."""
    text = draw(st.one_of(WORDS, WORDS, WORDS, st.none()))
    more = {} if text is not None else draw(st.fixed_dictionaries({}, optional=CONTENT))
    return types.Message.model_construct(
        message_id=draw(st.integers(1, 2**31 - 1)),
        date=draw(WHEN),
        chat=draw(chats),
        text=text,
        from_user=draw(st.one_of(st.none(), USERS)),
        **more,
    )


PRESSES = st.builds(
    lambda number, user, message, data: types.CallbackQuery.model_construct(
        id=number, from_user=user, message=message, data=data, chat_instance="-"
    ),
    st.integers(1, 10**17).map(str),
    USERS,
    st.one_of(messages(), messages(), messages(), messages(), st.none(), messages(GROUPS)),
    st.one_of(DATA, DATA, DATA, st.none()),
)
UPDATES = st.one_of(
    messages().map(lambda one: {"message": one}),
    messages().map(lambda one: {"edited_message": one}),
    messages(GROUPS).map(lambda one: {"message": one}),
    PRESSES.map(lambda one: {"callback_query": one}),
    PRESSES.map(lambda one: {"callback_query": one}),
    st.just({}),
    st.sampled_from(
        [{"message": 7}, {"message": {"message_id": "x"}}, {"something_new": {"a": 1}}, {"callback_query": {}}]
    ),
)


@dataclass
class Result:
    updates: int
    presses: int
    said: int
    wrong: list[str]


def made(count: int, number: int) -> list[dict[str, Any]]:
    """`count` updates as the wire has them."""
    found: list[dict[str, Any]] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(UPDATES)
    def draw(update: dict[str, Any]) -> None:
        found.append({key: _json(value) for key, value in update.items()})

    draw()
    return found


def _json(value: Any) -> Any:
    if not hasattr(value, "model_dump"):
        return value
    return value.model_dump(mode="json", exclude_none=True, by_alias=True, warnings=False)


def run(front: FrontDesk, count: int, number: int = 1) -> Result:
    """Send the updates, some of them twice, and look at all that came of them."""
    rng, before = random.Random(number), metrics.FAULTS._value.get()
    with open_house(front, address="https://send.example") as house:
        for chat in range(1, CHATS + 1):
            house.human(chat)
        for chat in range(-9, 0):
            house.api.state.chat(chat).kind = "group"
        pressed = _put(house, made(count, number), rng)
        house.settle(3600)
        wrong = faults_of(house, pressed)
        check_payloads(house.api)
        if metrics.FAULTS._value.get() != before:
            wrong.append(f"{metrics.FAULTS._value.get() - before:.0f} faults in handlers")
        return Result(count, len(pressed), len(house.api.state.sent()), wrong)


def _put(house: House, bodies: list[dict[str, Any]], rng: random.Random) -> list[str]:
    pressed = []
    for body in bodies:
        press = body.get("callback_query") or {}
        if press.get("id"):
            house.api.state.presses[press["id"]] = house.api.state.clock()
            pressed.append(press["id"])
        waiting = house.api.state.put(0, body)
        if rng.random() < 0.1:
            house.api.state.put_again(waiting.body, 0)
    return pressed


def faults_of(house: House, pressed: list[str]) -> list[str]:
    """Messages that were refused, presses that were not answered, updates that were given up."""
    wrong = [
        f"refused: {call.params.get('text', '')[:60]!r}"
        for call in house.api.state.calls
        if call.status == 400 and call.method in ("sendMessage", "sendDocument")
    ]
    answered = {
        str(call.params.get("callback_query_id"))
        for call in house.api.state.calls
        if call.method == "answerCallbackQuery"
    }
    wrong += [f"press {id} was not answered" for id in pressed if id not in answered]
    with reading(house.front.office.engine) as session:
        given_up = session.exec(select(ChatUpdate.fault).where(ChatUpdate.state == ChatUpdateState.FAILED)).all()
    return wrong + [f"given up: {fault}" for fault in given_up if fault != "edited"]


def main() -> None:
    """Print what was wrong; end with 1 when anything was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given_ = parser.parse_args()
    configure_logs("critical")
    with tempfile.TemporaryDirectory() as folder:
        front = front_for(Assistant(little_engine(load_pack(PACKS / "hounslow"))), Path(folder))
        done = run(front, given_.updates, given_.seed)
        front.close()
        front.office.engine.dispose()
    print(f"{done.updates} fuzzed updates, {done.presses} presses, {done.said} messages said, {len(done.wrong)} wrong")
    print("\n".join(done.wrong[:10]))
    sys.exit(bool(done.wrong))


if __name__ == "__main__":
    main()
