"""What is the person's own (ux.md T8 to T10, T12): a person to write to, requests and bookings, data, erasure."""

from __future__ import annotations

from datetime import datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message
from sqlmodel import Session, col, select, update

from bot.front.handing_over import queues_to_ask
from bot.front.office import act
from bot.messages import Act
from bot.telegram.answer import answer_parts
from bot.telegram.buttons import Pressed, choices, press, short_id
from bot.telegram.caller import Caller, Told, told
from bot.telegram.links import link_for, linked, page_link
from bot.telegram.markup import bold, escape
from bot.telegram.parts import Button, Part, Row, Say
from bot.telegram.screens.asking import reply_to
from bot.telegram.screens.bookings import booking_lines
from bot.telegram.screens.pressed import Press
from bot.telegram.steps import page_of
from handoff.cases.telling import say_about
from handoff.database import reading
from handoff.models import Address, Case, SafeContact, Status
from handoff.promises import reply_by_for
from knowledge.dates_in_words import day_words, local_day
from knowledge.routing import SAFEGUARDING

router = Router(name="mine")


@router.callback_query(Press("web"))
def web(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """A fresh link to the same state on the web, as a message of its own."""
    text, rows = linked(caller, caller.html("tg_web_link"), link_for(caller, pressed.id), caller.plain("tg_open"))
    return told(Say(text, (*rows, (caller.menu(),))))


@router.message(Command("person"))
def person(message: Message, caller: Caller) -> Told:
    """The teams, and by when each replies. What it is about is written on our own page, not here."""
    return told(_teams(caller, 0))


@router.callback_query(Press("person"))
def person_pressed(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """The same, or the next few teams."""
    return told(_teams(caller, page_of(pressed.arg) or 0))


def _teams(caller: Caller, page: int) -> Part:
    desk = caller.house.desk
    teams = queues_to_ask(desk)

    def button(label: str, given: str) -> Button:
        if given.startswith("m"):
            return press(label, "person", "page", given)
        return press(label, "team", short_id(teams[int(given)].id))

    said = [
        f"{team.name}. {caller.plain('tg_replies_by', day=_day(caller, reply_by_for(desk, team.id, desk.now())))}"
        for team in teams
    ]
    lines, rows = choices(said, button, caller.plain("tg_more"), page)
    lead = [bold(caller.plain("tg_person_title")), caller.html("tg_person_lead")]
    return caller.screen("\n".join([*lead, *map(escape, lines)]), rows)


@router.callback_query(Press("team"))
def team(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """The way to the form for this team: a link that works once."""
    chosen = next((one for one in queues_to_ask(caller.house.desk) if short_id(one.id) == pressed.id), None)
    if chosen is None:
        return told(*caller.toast("tg_old_button"))
    link = page_link(caller, f"/person?queue={chosen.id}")
    said = caller.html("tg_write_on_page", team=chosen.name)
    text, rows = linked(caller, said, link, caller.plain("tg_open"))
    return told(Say(text, (*rows, (press(caller.plain("tg_stop"), "menu"),))))


@router.callback_query(Press("read"))
def read(query: CallbackQuery, caller: Caller) -> Told:
    """A reply is read on the page."""
    text, rows = linked(caller, caller.html("tg_read_link"), page_link(caller, "/"), caller.plain("tg_open"))
    return told(Say(text, (*rows, (caller.menu(),))))


@router.message(Command("status"))
@router.callback_query(Press("status"))
def status(event: Message | CallbackQuery, caller: Caller) -> Told:
    """Open requests and appointments, with their dates."""
    return status_screen(caller)


def status_screen(caller: Caller) -> Told:
    """Reference, team and date; never what it is about."""
    cases = _case_lines(caller)
    lines, rows = booking_lines(caller)
    if not cases and not lines:
        return told(caller.screen(caller.html("tg_nothing_open"), ((caller.person(),),)))
    read_it = ((press(caller.plain("tg_read"), "read"),),) if cases else ()
    said = [bold(caller.plain("tg_status_title")), *map(escape, (*cases, *lines))]
    return told(caller.screen("\n\n".join(said), (*rows, *read_it), "mine"))


@router.message(Command("privacy"))
@router.callback_query(Press("privacy"))
def privacy(event: Message | CallbackQuery, caller: Caller) -> Told:
    """What is kept and for how long, and what Telegram itself sees."""
    days = str(caller.house.desk.rules["conversation"].days)
    lines = [caller.html("tg_privacy_telegram"), caller.html("tg_privacy_kept", days=days)]
    rows: list[Row] = [(press(caller.plain("tg_cmd_mydata"), "mydata"), press(caller.plain("forget_title"), "forget"))]
    if caller.house.settings.telegram_replies:
        rows.append((press(caller.plain("tg_replies_here"), "replies"),))
    return told(caller.screen("\n\n".join([bold(caller.plain("tg_privacy_title")), *lines]), tuple(rows), "data"))


@router.callback_query(Press("replies"))
def replies(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """Replies in the chat itself: only after a plain notice, and only where the council allows it at all."""
    if not caller.house.settings.telegram_replies:
        return told(*caller.toast("tg_old_button"))
    if pressed.arg in ("yes", "no"):
        act(caller.house.front.office, lambda session: _may_show(session, caller, full=pressed.arg == "yes"))
        return told(caller.screen(caller.html(f"tg_replies_{pressed.arg}")))
    yes, no = (press(caller.plain(f"tg_replies_say_{word}"), "replies", "set", word) for word in ("yes", "no"))
    return told(caller.screen(caller.html("tg_replies_notice"), ((yes, no),)))


@router.message(Command("mydata"))
@router.callback_query(Press("mydata"))
def my_data(event: Message | CallbackQuery, caller: Caller) -> Told:
    """A link to everything held, to read and to save."""
    return told(*answer_parts(caller, reply_to(caller, "/mydata", ":data")))


@router.message(Command("forget"))
@router.callback_query(Press("forget"))
def forget(event: Message | CallbackQuery, caller: Caller) -> Told:
    """What forgetting does, before it is done."""
    return _ask_erase(caller)


def _ask_erase(caller: Caller) -> Told:
    reply_to(caller, "/forget", ":ask")
    yes, no = press(caller.plain("tg_forget_yes"), "erase"), press(caller.plain("tg_forget_no"), "menu")
    text = f"{bold(caller.plain('forget_title'))}\n{caller.html('tg_forget')}"
    return told(caller.screen(text, ((yes,), (no,)), "data"))


@router.callback_query(Press("erase"))
def erase(query: CallbackQuery, caller: Caller) -> Told:
    """The second step, while the first is the last thing that was said; an old button asks again."""
    if caller.standing.past.doing is not Act.ASK_ERASE:
        return _ask_erase(caller)
    reply = reply_to(caller, "erase", ":erase")
    return told(*answer_parts(caller, reply))


def _case_lines(caller: Caller) -> tuple[str, ...]:
    desk = caller.house.desk
    mine = (
        select(Case)
        .where(Case.pack == desk.pack, Case.person_id == caller.person_id, Case.status != Status.DONE)
        # Nothing in a chat tells an onlooker that such a case is there.
        .where(Case.queue != SAFEGUARDING)
        .order_by(col(Case.opened_at))
    )
    with reading(caller.house.front.office.engine) as session:
        found = session.exec(mine).all()
    return tuple(
        f"{case.reference}. {say_about(desk, case, f'case_status_{case.status.value}')} "
        f"{caller.plain('tg_reply_by', day=_day(caller, case.reply_by))}"
        for case in found
    )


def _may_show(session: Session, caller: Caller, *, full: bool) -> None:
    desk = caller.house.desk
    mine = update(Address).where(col(Address.pack) == desk.pack, col(Address.id) == caller.address_id)
    session.execute(mine.values(safe=SafeContact.FULL if full else SafeContact.NEUTRAL))


def _day(caller: Caller, at: datetime) -> str:
    return day_words(local_day(at), caller.language)
