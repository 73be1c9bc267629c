"""The dispatcher with every screen. It keeps no state of its own: all of that lies with the conversation."""

from __future__ import annotations

from aiogram import Dispatcher, Router
from aiogram.types import CallbackQuery

from bot.telegram.caller import Caller, Told, told
from bot.telegram.screens import appointments, asking, dates, flowing, helped, home, mine, school, surgery

SCREENS = (
    home.router,
    mine.router,
    helped.router,
    appointments.router,
    surgery.router,
    school.router,
    dates.router,
    flowing.router,
)


def build_dispatcher() -> Dispatcher:
    """A fresh dispatcher: a router may belong to one only, so each is made of copies."""
    dispatcher = Dispatcher(disable_fsm=True)
    for router in (*SCREENS, asking.router):
        dispatcher.include_router(copied(router))
    last = Router(name="last")
    last.callback_query.register(old_button)
    dispatcher.include_router(last)
    return dispatcher


def copied(router: Router) -> Router:
    """A router with the same handlers and filters, free to be included."""
    made = Router(name=router.name)
    for name, observer in router.observers.items():
        made.observers[name].handlers.extend(observer.handlers)
    return made


def old_button(query: CallbackQuery, caller: Caller) -> Told:
    """A button of an older version, or one that somebody made up."""
    return told(*caller.toast("tg_old_button"))
