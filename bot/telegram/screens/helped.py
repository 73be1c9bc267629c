"""Whether an answer helped, said under it with a press (ux.md T2); and asking to hear when there is one."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlmodel import Session

from bot.front.office import act
from bot.telegram.buttons import Pressed, choices, press, short_id
from bot.telegram.caller import CHANNEL, Caller, Told, told
from bot.telegram.markup import escape
from bot.telegram.parts import Say
from bot.telegram.screens.pressed import Press
from handoff.conversations import latest_at, recent
from handoff.feedback import say_if_it_helped
from handoff.gaps import ask_to_hear
from handoff.models import Address, Helped, Lacking

router = Router(name="helped")
WORDS = {"yes": Helped.YES, "no": Helped.NO}
LACKING = tuple(word for word in Lacking if word is not Lacking.NOT_SAID)
# A button under an older answer than these lines reach back to is an old one.
LOOKED_THROUGH = 60


@router.callback_query(Press("helped"))
def helped(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """Kept, the later word counts; whoever says no may say what was wrong, in a new message."""
    word = WORDS.get(pressed.arg)
    if word is None or not _kept(caller, pressed.id, word, Lacking.NOT_SAID):
        return told(*caller.toast("tg_old_button"))
    thanks = caller.toast("tg_helped_thanks")
    if word is Helped.YES:
        return told(*thanks)
    labels = [caller.plain(f"lacking_{one.value}") for one in LACKING]
    lines, rows = choices(labels, lambda label, at: press(label, "lacking", pressed.id, at), caller.plain("tg_more"))
    asks = "\n".join([caller.html("tg_lacking"), *map(escape, lines)])
    return told(*thanks, Say(asks, (*rows, (caller.person(),), *caller.way_back())))


@router.callback_query(Press("lacking"))
def lacking(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """What was wrong with it, in the place of the question."""
    at = int(pressed.arg[:2]) if pressed.arg.isdecimal() else len(LACKING)
    if at >= len(LACKING) or not _kept(caller, pressed.id, Helped.NO, LACKING[at]):
        return told(*caller.toast("tg_old_button"))
    return told(*caller.toast(), caller.screen(caller.html("helped_thanks"), ((caller.person(),),)))


@router.callback_query(Press("hear"))
def hear(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """Remember that they want to hear when this question has an answer."""

    def asked(session: Session) -> bool:
        id = _message(session, caller, pressed.id)
        return bool(id) and ask_to_hear(session, caller.house.desk, caller.person_id, id)

    kept = act(caller.house.front.office, asked)
    return told(*caller.toast("tg_hears" if kept else "tg_old_button"))


def _kept(caller: Caller, short: str, word: Helped, lacking: Lacking) -> bool:
    def keep(session: Session) -> bool:
        id = _message(session, caller, short)
        return bool(id) and say_if_it_helped(session, caller.house.desk, CHANNEL, id, word, lacking)

    return act(caller.house.front.office, keep)


def _message(session: Session, caller: Caller, short: str) -> str:
    """The message of their own conversation that the button is about; empty when it is not there any more."""
    desk = caller.house.desk
    door = session.get_one(Address, (desk.pack, caller.address_id))
    talk = latest_at(session, desk, door)
    lines = recent(session, desk, talk.id, LOOKED_THROUGH) if talk else ()
    return next((line.answers_id for line in lines if line.answers_id and short_id(line.answers_id) == short), "")
