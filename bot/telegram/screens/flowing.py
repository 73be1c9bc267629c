"""Presses in a form filled in step by step: old ones do no harm, and after half an hour it asks before going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.telegram.buttons import Pressed, press
from bot.telegram.caller import Caller, Flow, Told, told
from bot.telegram.links import flow_page
from bot.telegram.screens import dates, school, surgery
from bot.telegram.screens.pressed import Press

router = Router(name="flowing")
EXPIRES = timedelta(minutes=30)


@dataclass(frozen=True)
class Form:
    """What a kind of form does with a press: show where it is, take an answer, go one step back."""

    show: Callable[[Caller, Flow], Told]
    answer: Callable[[Caller, Flow, str], Told]
    back: Callable[[Caller, Flow], Told]
    begin: Callable[[Caller], Told]


FORMS: dict[str, Form] = {
    "book": Form(surgery.show, surgery.answer, surgery.back, surgery.begin),
    "school": Form(school.show, school.answer, school.back, school.begin),
    "dates": Form(dates.show, dates.answer, dates.back, dates.begin),
}


@router.callback_query(Press("f", "b", "carry", "again"))
def pressed_in_form(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """An answer, a step back, or going on. A button of another form, or of an earlier step, shows where one is now."""
    flow = caller.flow
    if flow is None or flow.id != pressed.id or flow.kind not in FORMS:
        return told(*caller.toast("tg_old_button"))
    form = FORMS[flow.kind]
    if pressed.act == "again":
        return form.begin(caller)
    if pressed.act == "carry":
        return form.show(caller, flow)
    step, _, given = pressed.arg.partition("-")
    if step != str(flow.step):
        shown = form.show(caller, flow)
        return replace(shown, parts=(*caller.toast("tg_old_button"), *shown.parts))
    if caller.house.desk.now() - flow.at > EXPIRES:
        return _carry_on(caller, flow)
    return form.back(caller, flow) if pressed.act == "b" else form.answer(caller, flow, given)


def _carry_on(caller: Caller, flow: Flow) -> Told:
    go, again = (
        press(caller.plain("tg_carry_on"), "carry", flow.id),
        press(caller.plain("start_again"), "again", flow.id),
    )
    return told(caller.screen(caller.html("tg_carry_on_lead"), ((go, again),), flow_page(flow)))
