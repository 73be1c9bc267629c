"""The next screen of a form: its question, its choices as buttons, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.telegram.buttons import choices, in_rows, press
from bot.telegram.caller import Caller, Flow, Told
from bot.telegram.links import flow_page
from bot.telegram.markup import escape
from bot.telegram.parts import Button, Part


def new_flow(caller: Caller, kind: str, data: dict[str, Any]) -> Flow:
    """A form just begun. Its id comes of the update, so that beginning again under the same key is the same form."""
    return Flow(kind, caller.key[:6], 1, caller.house.desk.now(), data)


def stepped(caller: Caller, flow: Flow, data: dict[str, Any]) -> Flow:
    """The form one screen on: the buttons of the screens before are old from now."""
    return replace(flow, step=flow.step + 1, at=caller.house.desk.now(), data=data)


def asks(
    caller: Caller,
    flow: Flow,
    text: str,
    labels: tuple[str, ...],
    *,
    more: tuple[tuple[str, str], ...] = (),
    page: int = 0,
    before: tuple[Part, ...] = (),
    back: bool = True,
) -> Told:
    """A screen that asks: `labels` as buttons numbered from 0, then `more` as (label, answer), then the way back."""

    def button(label: str, given: str) -> Button:
        return press(label, "f", flow.id, f"{flow.step}-{given}")

    lines, rows = choices(labels, button, caller.plain("tg_more"), page)
    extra = [button(label, given) for label, given in more]
    behind = [press(caller.plain("back"), "b", flow.id, str(flow.step))] if back else []
    shown = "\n".join([text, *map(escape, lines)])
    screen = caller.screen(shown, (*rows, *in_rows([*extra, *behind])), flow_page(flow))
    return Told((*before, screen), flow=flow, keep=False)


def page_of(given: str) -> int | None:
    """The page a "more" button names; none for an answer."""
    return int(given[1:3]) if given.startswith("m") and given[1:3].isdecimal() else None


def number_of(given: str, count: int) -> int | None:
    """The answer's number, if it is one of `count`."""
    return int(given) if given.isdecimal() and len(given) < 4 and int(given) < count else None
