"""The MIP check by Telegram's own screens, without the wire: every choice is the press of the button that shows it.

The same walks over the wire, a few hundred of them, are in `telegram_doors.py`.
"""

from __future__ import annotations

from dataclasses import replace

from little_council import TODAY

from bot.front_desk import FrontDesk
from bot.keeping import Standing
from bot.mip_text import heading, is_for_parent
from bot.settings import Settings
from bot.telegram.buttons import read_data
from bot.telegram.caller import Caller, House, Told, flow_from_text, flow_to_text
from bot.telegram.coming import Came
from bot.telegram.parts import Parts
from bot.telegram.screens import flowing, school
from campaigns.mip_three_doors import Door, Picks
from knowledge.pack import Pack
from knowledge.rules.decide import decide
from knowledge.rules.table import table_on


def in_chat(front: FrontDesk) -> Door:
    """The outcome of the answers behind the result, whose words are in the chat."""
    house = House(front, Settings())
    amina = Caller(house, Came("press", 1, "press:1", 1), "0" * 32, "door", "amina", "en", Standing())

    def walked(pack: Pack, picks: Picks, _answers: dict[str, str]) -> str:
        table = table_on(pack.mip, TODAY)
        questions = {one.id: one for page in table.pages for one in page.questions}
        told = school.begin(amina)
        for _, id, number in picks:
            question = questions[id]
            assert question.label in words(told.parts), f"asked {words(told.parts)!r} for {id}"
            told = pressed(amina, told, question.choices[number].label, number)
        told = pressed(amina, told, "See the result")
        assert told.flow is not None
        verdict = decide(table, told.flow.data["answers"])
        parent = is_for_parent(verdict) or verdict.once_safe is not None
        assert parent or heading(verdict) in words(told.parts), f"{heading(verdict)!r} is not said"
        return verdict.outcome.value

    return walked


def pressed(caller: Caller, told: Told, label: str, number: int | None = None) -> Told:
    """What follows the press of the button with this label, or, where labels are long, with this number.

    The form is read back as it is kept, and a choice on a later page is looked for there.
    """
    named = {label} if number is None else {label, str(number + 1)}
    for _ in range(10):
        buttons = [button for part in told.parts for row in getattr(part, "rows", ()) for button in row]
        found = next((one for one in buttons if one.label in named), None)
        read = read_data((found or next(one for one in buttons if one.label == "More")).data)
        assert read is not None
        there = replace(caller, flow=flow_from_text(flow_to_text(told.flow)))
        told = flowing.pressed_in_form(None, read, there)  # type: ignore[arg-type]
        if found:
            return told
    raise AssertionError(f"no button {label!r}")


def words(parts: Parts) -> str:
    """All that is said, without its tags."""
    text = "\n".join(getattr(part, "text", "") for part in parts)
    for tag in ("<b>", "</b>"):
        text = text.replace(tag, "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
