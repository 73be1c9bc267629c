"""Questions and answers (ux.md T2 to T5): whatever is written and is no command goes to the front desk."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.front.office import key_at
from bot.front_desk import NotNowError
from bot.messages import Arrived, Incoming, Reply, may_have_helped
from bot.telegram.answer import answer_parts, removed
from bot.telegram.buttons import Pressed, short_id
from bot.telegram.caller import CHANNEL, Caller, Told, told
from bot.telegram.parts import Say
from bot.telegram.screens import dates
from bot.telegram.screens.pressed import Press
from handoff.database import reading
from handoff.feedback import is_read

router = Router(name="asking")


@router.message(F.text)
def wrote(message: Message, caller: Caller) -> Told:
    """A question; or the date that a form asked for."""
    text = caller.came.text or ""
    worked = dates.date_given(caller, text)
    return worked if worked is not None else asked(caller, caller.came.typed or text)


@router.message()
def no_text(message: Message, caller: Caller) -> Told:
    """A voice, a photo, a file: nothing is fetched, and what to do instead is said."""
    return told(Say(caller.html("tg_text_only"), ((caller.person(),), *caller.way_back())))


@router.callback_query(Press("ask"))
def ask(query: CallbackQuery, caller: Caller) -> Told:
    """How to ask."""
    return told(caller.screen(caller.html("tg_ask")))


@router.callback_query(Press("pick"))
def picked(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """One of the readings that were offered, while they are the last that were."""
    labels = caller.standing.past.labels
    at = int(pressed.arg) if pressed.arg.isdecimal() else len(labels)
    if pressed.id != short_id("|".join(labels)) or at >= len(labels):
        return told(*caller.toast("tg_old_button"))
    return asked(caller, labels[at])


@router.callback_query(Press("easier"))
def easier(query: CallbackQuery, caller: Caller) -> Told:
    """The last answer in easy words."""
    return asked(caller, "easy")


def asked(caller: Caller, text: str) -> Told:
    """What the front desk says to `text`; where officers read what is said of answers, with a row to say it."""
    reply = reply_to(caller, text)
    about = short_id(key_at(caller.address_id, caller.came.key)) if _asks_back(caller, reply) else ""
    return told(*removed(caller, reply), *answer_parts(caller, reply, about))


def _asks_back(caller: Caller, reply: Reply) -> bool:
    with reading(caller.house.front.office.engine) as session:
        return may_have_helped(reply) and is_read(session, caller.house.desk)


def reply_to(caller: Caller, text: str, step: str = "") -> Reply:
    """The reply, once under this update's key. What cannot be kept now is tried again later, as an update is."""
    came = caller.came
    incoming = Incoming(text, in_doubt=came.in_doubt, redacted=came.redacted)
    try:
        return caller.house.front.reply(Arrived(CHANNEL, caller.address, f"{came.key}{step}", incoming))
    except NotNowError as error:
        # The database's own fault: the update stays where it is, and is taken up again.
        raise error.__cause__ or error from None
