"""Booking a SEND Surgery in the chat (ux.md T6, B1 to B10): the web's own flow, one question a message, all by buttons.

Nothing about a need or a topic is ever said back in the chat, and no name is typed into it: what is chosen is kept
with the conversation, and can be seen on the web.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.booking.answers import NOTHING_YET, Answers, SoFarError, packed, unpacked
from bot.booking.desk_side import Turned, Visitor, clash, keep_longer
from bot.booking.desk_side import answer as answer_page
from bot.booking.desk_side import show as show_page
from bot.booking.page import At, Field, Kind
from bot.booking.ways import route_of
from bot.telegram.caller import Caller, Flow, Told
from bot.telegram.markup import bold, escape
from bot.telegram.screens.bookings import booked_parts
from bot.telegram.screens.pressed import Press
from bot.telegram.steps import asks, new_flow, number_of, page_of, stepped
from handoff.bookings.errors import BookingError, LinkError
from handoff.bookings.needs import INTERPRETER, NEEDS, OTHER
from handoff.bookings.visit import Reach

router = Router(name="surgery")
GO_ON, LONGER, CONTINUE = "go", "longer", "next"
MOST_BACK = 12
# Shown before booking; all else would say in a chat what somebody needs.
FACTS = ("book_fact_when", "book_fact_where", "book_fact_places")


@router.message(Command("surgery"))
@router.callback_query(Press("book"))
def surgery(event: Message | CallbackQuery, caller: Caller) -> Told:
    """The next dates."""
    return begin(caller)


def begin(caller: Caller, *, surgery_id: str = "", moving: str = "", topic: str = "") -> Told:
    """The form from its beginning; at one session's times when a link names it; or to change a booking."""
    answers = NOTHING_YET.but(surgery_id=surgery_id, moving=moving, topic=topic)
    return _screen(
        caller, new_flow(caller, "book", _data(answers)), _turned(caller, lambda visitor: show_page(visitor, answers))
    )


def show(caller: Caller, flow: Flow) -> Told:
    """Where the form is now, with what is free now."""
    answers, at = _read(flow)
    return _screen(caller, flow, _turned(caller, lambda visitor: show_page(visitor, answers, at)))


def answer(caller: Caller, flow: Flow, given: str) -> Told:
    """One question answered; once all of a page are, the page."""
    answers, at = _read(flow)
    page = page_of(given)
    if page is not None:
        return show(caller, stepped(caller, flow, {**flow.data, "page": page}))
    if given == LONGER:
        return _after(caller, flow, _turned(caller, lambda visitor: keep_longer(visitor, answers)))
    data = _answered(flow, given)
    if data is not None and at is not None and not _open_fields(data) and "ticked" not in data:
        return _sent(caller, flow, answers, at, data["given"])
    turned = _turned(caller, lambda visitor: show_page(visitor, answers, at))
    return _screen(caller, stepped(caller, flow, data or flow.data), turned)


def back(caller: Caller, flow: Flow) -> Told:
    """The question before on this page, or the page before."""
    given = dict(flow.data.get("given", {}))
    if given:
        given.popitem()
        return show(caller, stepped(caller, flow, {**flow.data, "given": given}))
    past = list(flow.data.get("past", ()))
    if not past:
        return begin(caller)
    so_far, at = past.pop()
    return show(caller, stepped(caller, flow, {"so_far": so_far, "at": at, "given": {}, "past": past}))


def visitor_of(caller: Caller) -> Visitor:
    """The person at the desk. Their own messages are not offered here: they would be said back in the chat."""
    office = caller.house.front.office
    return Visitor(
        engine=office.engine,
        desk=office.desk,
        person_id=caller.person_id,
        say=caller.voice,
        hide=lambda text: office.assistant.hide(text).text,
        reaches=(Reach.NONE,),
        route=route_of(caller.house.pack),
        language=caller.language,
    )


def _sent(caller: Caller, flow: Flow, answers: Answers, at: At, given: dict[str, Any]) -> Told:
    """All questions of the page are answered: what follows, and what it makes the desk do, once under this update."""
    values = {name: tuple(value) for name, value in given.items()}
    if at is At.CONTACT:
        values["reach"] = (Reach.NONE.value,)
    turned = _turned(caller, lambda visitor: answer_page(visitor, answers, at, values, caller.key))
    if at is At.CONTACT:
        # Here "do not write" means: nowhere but in this chat, where a reminder can come as well.
        turned = replace(turned, answers=turned.answers.but(reminders=bool(values.get("reminders"))))
    if turned.token:
        return Told(booked_parts(caller, turned.token), flow=None, keep=False)
    return _after(caller, flow, turned, (packed(answers), at.value))


def _after(caller: Caller, flow: Flow, turned: Turned, before: tuple[str, str] | None = None) -> Told:
    past = [*flow.data.get("past", ()), *([list(before)] if before else [])][-MOST_BACK:]
    data = {**_data(turned.answers, turned.page.at), "past": past}
    return _screen(caller, stepped(caller, flow, data), turned)


def _turned(caller: Caller, act: Callable[[Visitor], Turned]) -> Turned:
    visitor = visitor_of(caller)
    try:
        return act(visitor)
    except LinkError:
        return show_page(visitor, NOTHING_YET, At.DATES)
    except BookingError as error:
        return clash(visitor, NOTHING_YET, error)


def _screen(caller: Caller, flow: Flow, turned: Turned) -> Told:
    """The page's next question as a screen."""
    page = turned.page
    given = flow.data.get("given", {})
    data = {**flow.data, "so_far": packed(turned.answers), "at": page.at.value, "given": given, "field": ""}
    if not given:
        data["fields"] = [one.name for one in page.fields]
    left = _open_fields(data)
    field = next((one for one in page.fields if left and one.name == left[0]), None)
    flow = replace(flow, data=data)
    lead = [bold(page.title), *(escape(f"! {text}") for text in _notices(caller, page.notice))] if not given else []
    lead += [escape(text) for text in page.lead] if not given else []
    shown = [caller.plain(key) for key in FACTS]
    lead += [escape(f"{fact.label}: {fact.value}") for fact in page.facts if fact.label in shown]
    lead += [escape(f"! {fault.text}") for fault in page.faults]
    if page.at is At.CHECK:
        lead.append(caller.html("tg_not_shown"))
    if page.at is At.TELL_ME or (field is None and not page.button):
        # What is left can only be written: the page does that.
        return Told((caller.screen("\n".join(lead), ((caller.person(),),), "book"),), flow=None, keep=False)
    longer = ((caller.plain("tg_longer"), LONGER),) if turned.answers.hold_id and page.at is At.CHECK else ()
    if field is None:
        return asks(caller, flow, "\n".join(lead), (), more=((page.button, GO_ON), *longer))
    return _question(caller, flow, field, lead)


def _notices(caller: Caller, said: tuple[str, ...]) -> tuple[str, ...]:
    """What is set apart on the page; that a need cannot be met yet is said without naming the need."""
    named = {caller.plain("book_need_missing", need=caller.plain(f"booking_need_{need}")) for need in NEEDS}
    kept = tuple(text for text in said if text not in named)
    return (*kept, caller.plain("tg_need_missing")) if len(kept) < len(said) else kept


def _question(caller: Caller, flow: Flow, field: Field, lead: list[str]) -> Told:
    chosen = flow.data.get("ticked", [])
    text = [*lead, bold(field.label)]
    if field.hint and field.kind is not Kind.WORDS:
        text.append(escape(field.hint))
    more: tuple[tuple[str, str], ...] = ()
    if field.kind is Kind.SOME:
        # Which ones is not said: only how many.
        text += [caller.html("tg_chosen", count=str(len(chosen)))] if chosen else []
        text.append(caller.html("tg_other_need"))
        more = ((caller.plain("continue"), CONTINUE),)
    kept = {"field": field.name, "values": list(_values(caller, field)), "several": field.kind is Kind.SOME}
    flow = replace(flow, data={**flow.data, **kept})
    return asks(caller, flow, "\n".join(text), _labels(caller, field), more=more, page=flow.data.get("page", 0))


def _answered(flow: Flow, given: str) -> dict[str, Any] | None:
    """The form's data with this answer in it; none for an answer that is none.

    What each button stood for was kept when it was shown: what is free may have changed since.
    """
    done: dict[str, Any] = dict(flow.data.get("given", {}))
    data = {key: value for key, value in flow.data.items() if key not in ("ticked", "page")}
    name, values = flow.data.get("field", ""), flow.data.get("values", [])
    if not name:
        return {**data, "given": done} if given == GO_ON else None
    at = number_of(given, len(values))
    if flow.data.get("several"):
        ticked = list(flow.data.get("ticked", ()))
        if given == CONTINUE:
            return {**data, "given": {**done, name: ticked}}
        if at is None:
            return None
        ticked = [one for one in ticked if one != values[at]] if values[at] in ticked else [*ticked, values[at]]
        return {**data, "given": done, "ticked": ticked}
    if at is None:
        return None
    return {**data, "given": {**done, name: [values[at]] if values[at] else []}}


def _open_fields(data: dict[str, Any]) -> list[str]:
    """The questions of the page that are open here. What must be typed is asked on the web, or not at all."""
    given = data["given"]
    without = ("reach", "to", OTHER, *(() if INTERPRETER in given.get("needs", ()) else (INTERPRETER,)))
    return [name for name in data.get("fields", ()) if name not in given and name not in without]


def _labels(caller: Caller, field: Field) -> tuple[str, ...]:
    if field.name == "first_name":
        return tuple(caller.plain("tg_call_me", name=name) for name in _values(caller, field))
    if field.name == INTERPRETER:
        return _values(caller, field)
    if field.kind is Kind.YES:
        return caller.plain("tg_yes"), caller.plain("tg_no")
    return tuple(f"{one.label}. {one.hint}" if one.hint else one.label for one in _offered(field))


def _values(caller: Caller, field: Field) -> tuple[str, ...]:
    """What each button stands for, in their order."""
    if field.name == "first_name":
        # Officers read this name on the door list.
        return (caller.came.first_name or caller.house.say("tg_no_name"),)
    if field.name == INTERPRETER:
        return tuple(one.own_name for one in caller.house.pack.phrases.languages.values() if one.code != "en")
    if field.kind is Kind.YES:
        return "yes", ""
    return tuple(one.value for one in _offered(field))


def _offered(field: Field) -> tuple[Any, ...]:
    return tuple(one for one in field.choices if one.value != OTHER)


def _data(answers: Answers, at: At | None = None) -> dict[str, Any]:
    return {"so_far": packed(answers), "at": at.value if at else "", "given": {}, "past": []}


def _read(flow: Flow) -> tuple[Answers, At | None]:
    try:
        return unpacked(flow.data.get("so_far", "")), At(flow.data["at"]) if flow.data.get("at") else None
    except (SoFarError, ValueError):
        return NOTHING_YET, At.DATES
