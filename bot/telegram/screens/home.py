"""The beginning and what is always there (ux.md T1, T11, T13): start, help, menu, language, easy words, cancel."""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.messages import Chosen
from bot.telegram.buttons import Pressed, choices, press
from bot.telegram.caller import CHANNEL, Caller, Told, told
from bot.telegram.markup import bold
from bot.telegram.parts import Row, Say
from bot.telegram.screens import asking, mine, surgery
from bot.telegram.screens.pressed import Press

router = Router(name="home")
QUESTIONS = {
    "school": "starter_1",
    "ehc": "starter_2",
    "mip": "starter_3",
    "surgery": "starter_4",
    "out": "starter_5",
    "adult": "starter_6",
}


@router.message(CommandStart(deep_link=True))
def start_at(message: Message, command: CommandObject, caller: Caller) -> Told:
    """A link that leads to one thing: a question, a session, one's requests, a language. Unknown, the beginning."""
    kind, _, what = (command.args or "").partition("_")
    if kind == "q" and what in QUESTIONS:
        return asking.asked(caller, caller.plain(QUESTIONS[what]))
    if kind == "s" and what:
        return surgery.begin(caller, surgery_id=what)
    if kind == "c":
        return mine.status_screen(caller)
    if kind == "l" and what in caller.house.pack.phrases.languages:
        return _speak(caller, what)
    return told(Say(_welcome(caller), _menu_rows(caller)))


@router.message(CommandStart())
def start(message: Message, caller: Caller) -> Told:
    """Three lines, and what one can do."""
    return told(Say(_welcome(caller), _menu_rows(caller)))


@router.callback_query(Press("menu"))
def menu(query: CallbackQuery, caller: Caller) -> Told:
    """The beginning again, in the place of this screen; a form that is under way waits."""
    return told(caller.screen(_welcome(caller), _menu_rows(caller)[:-1]))


@router.message(Command("help"))
def help_(message: Message, caller: Caller) -> Told:
    """Each command in a line."""
    lines = [f"/{name} {caller.html(f'tg_cmd_{name}')}" for name in COMMANDS]
    return told(Say("\n".join([bold(caller.plain("tg_help")), *lines]), caller.way_back()))


@router.message(Command("cancel"))
def cancel(message: Message, caller: Caller) -> Told:
    """Out of any form, always."""
    key = "tg_cancelled" if caller.unfinished else "tg_nothing_to_cancel"
    return Told((Say(caller.html(key), caller.way_back()),), flow=None, keep=False)


@router.message(Command("language"))
def language(message: Message, caller: Caller) -> Told:
    """The languages, each by its own name."""
    return told(caller.screen(caller.html("tg_language"), _language_rows(caller, 0)))


@router.callback_query(Press("lang"))
def language_picked(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """More languages, or this one from now on."""
    codes = list(caller.house.pack.phrases.languages)
    if pressed.arg.startswith("m") and pressed.arg[1:].isdecimal():
        return told(caller.screen(caller.html("tg_language"), _language_rows(caller, int(pressed.arg[1:3]))))
    if pressed.arg.isdecimal() and int(pressed.arg[:3]) < len(codes):
        return _speak(caller, codes[int(pressed.arg[:3])])
    return told(caller.screen(caller.html("tg_language"), _language_rows(caller, 0)))


@router.message(Command("easy"))
def easy(message: Message, caller: Caller) -> Told:
    """Easy words, on or off."""
    return told(caller.screen(*_easy(caller, on=bool(caller.standing.chosen.easy))))


@router.callback_query(Press("easy"))
def easy_picked(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """On or off, as the button says: pressed again it is the same."""
    on = pressed.arg == "on"
    caller.house.front.choose(CHANNEL, caller.address, Chosen(easy=on))
    return told(caller.screen(*_easy(caller, on=on)))


COMMANDS = (
    "start",
    "surgery",
    "school",
    "dates",
    "person",
    "status",
    "language",
    "easy",
    "privacy",
    "mydata",
    "forget",
    "cancel",
    "help",
)


def _welcome(caller: Caller) -> str:
    council = caller.house.pack.council
    lines = [caller.html(key) for key in ("machine_1", "machine_2", "machine_3", "tg_not_private")]
    return "\n".join([bold(caller.plain("tg_title", council=council)), *lines])


def _menu_rows(caller: Caller) -> tuple[Row, ...]:
    form = caller.unfinished
    carry = ((press(caller.plain("tg_carry_on"), "carry", form.id),),) if form else ()
    return (
        *carry,
        (press(caller.plain("ask"), "ask"), press(caller.plain("tg_surgery"), "book")),
        (press(caller.plain("tg_school"), "school"), press(caller.plain("tg_dates"), "dates")),
        (caller.person(), press(caller.plain("tg_status"), "status")),
        (press(caller.plain("tg_languages"), "lang"), caller.web()),
    )


def _language_rows(caller: Caller, page: int) -> tuple[Row, ...]:
    names = [one.own_name for one in caller.house.pack.phrases.languages.values()]
    _, rows = choices(names, lambda label, at: press(label, "lang", "pick", at), caller.plain("tg_more"), page)
    return rows


def _speak(caller: Caller, code: str) -> Told:
    caller.house.front.choose(CHANNEL, caller.address, Chosen(language=code))
    spoken = caller.house.pack.phrases.languages[code]
    keys = ("tg_language_chosen",) if spoken.checked else ("tg_language_chosen", "translated")
    # The buttons below speak it already.
    caller = replace(caller, language=code)
    lines = (caller.html(key) for key in keys)
    return told(caller.screen("\n".join((bold(spoken.own_name), *lines))))


def _easy(caller: Caller, *, on: bool) -> tuple[str, tuple[Row, ...]]:
    key, other = ("tg_easy_is_on", "off") if on else ("tg_easy_is_off", "on")
    return caller.html(key), ((press(caller.plain(f"tg_easy_{other}"), "easy", "set", other),),)
