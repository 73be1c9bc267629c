"""Dates in law (F4) in the chat: pick what happened, write its date, read each date with its rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.dates_door import UnclearDateError, worked_from
from bot.door import BadInputError
from bot.telegram.answer import answer_parts
from bot.telegram.buttons import press
from bot.telegram.caller import Caller, Flow, Told, told
from bot.telegram.markup import bold, escape
from bot.telegram.parts import Say
from bot.telegram.screens.pressed import Press
from bot.telegram.steps import asks, new_flow, number_of, page_of, stepped
from bot.worked_dates import dates_reply
from knowledge.dates_in_words import day_words
from knowledge.deadlines import Event

router = Router(name="dates")
MOST_WORDS = 6


@router.message(Command("dates"))
@router.callback_query(Press("dates"))
def dates(event: Message | CallbackQuery, caller: Caller) -> Told:
    """What a date can be worked out from."""
    return begin(caller)


def begin(caller: Caller) -> Told:
    """The list of what may have happened; none in a pack that has no dates."""
    if not _events(caller):
        return told(caller.screen(caller.html("tg_no_dates")))
    return show(caller, new_flow(caller, "dates", {}))


def show(caller: Caller, flow: Flow) -> Told:
    """What happened, or its date, or which of two dates is meant."""
    events = _events(caller)
    event = next((one for one in events if one.id == flow.data.get("event")), None)
    if event is None:
        text = f"{bold(caller.plain('dates_title'))}\n{caller.html('tg_dates_lead')}"
        return asks(caller, flow, text, tuple(one.name for one in events), page=flow.data.get("page", 0), back=False)
    days = tuple(day_words(date.fromisoformat(day)) for day in flow.data.get("days", ()))
    lead = caller.html("dates_which") if days else caller.html("tg_dates_write")
    return asks(caller, flow, f"{bold(event.name)}\n{lead}", days)


def answer(caller: Caller, flow: Flow, given: str) -> Told:
    """What happened, or the day that is meant."""
    page = page_of(given)
    if page is not None:
        return show(caller, stepped(caller, flow, {"page": page}))
    days = flow.data.get("days", ())
    if days:
        at = number_of(given, len(days))
        return _worked(caller, flow, days[at]) if at is not None else show(caller, flow)
    events = _events(caller)
    at = number_of(given, len(events))
    data = {"event": events[at].id} if at is not None else flow.data
    return show(caller, stepped(caller, flow, data))


def back(caller: Caller, flow: Flow) -> Told:
    """To the list again."""
    return show(caller, stepped(caller, flow, {}))


def date_given(caller: Caller, text: str) -> Told | None:
    """The dates that follow from what was written, when a form waits for a date; none for an ordinary question."""
    flow = caller.flow
    if flow is None or flow.kind != "dates" or not flow.data.get("event"):
        return None
    if not any(char.isdigit() for char in text) and len(text.split()) > MOST_WORDS:
        return None
    return _worked(caller, flow, text)


def _worked(caller: Caller, flow: Flow, text: str) -> Told:
    house = caller.house
    today = house.front.office.assistant.engine.today()
    try:
        worked = worked_from({"event": flow.data["event"], "date": text[:80]}, house.pack, today)
    except UnclearDateError as error:
        days = [day.isoformat() for day in error.choices]
        return show(caller, stepped(caller, flow, {**flow.data, "days": days}))
    except BadInputError as error:
        again = stepped(caller, flow, {"event": flow.data["event"]})
        shown = show(caller, again)
        return Told((Say(f"{escape(str(error))}."), *shown.parts), flow=again, keep=False)
    rows = ((press(caller.plain("tg_dates_again"), "dates"),), *caller.way_back("dates"))
    parts = list(answer_parts(caller, dates_reply(worked, caller.language)))
    last: Any = parts[-1]
    return Told((*parts[:-1], Say(last.text, rows)), flow=None, keep=False)


def _events(caller: Caller) -> tuple[Event, ...]:
    return tuple(caller.house.pack.deadlines.events.values())
