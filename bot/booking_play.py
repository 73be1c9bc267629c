"""The booking flow on a terminal. What is read and written is passed in, so that tests can play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.booking.answers import NOTHING_YET, Answers
from bot.booking.desk_side import Turned, Visitor, answer, keep_longer, show
from bot.booking.page import At, Field, Kind, Page
from handoff.bookings.visit import Reach

Read = Callable[[], str | None]
Tell = Callable[[str], None]
# What a page may be left with, besides its answers.
BACK, LONGER, TELL_ME = "back", "longer", "tell me"


@dataclass(frozen=True)
class Ended:
    """How it ended: with a link, with an address to tell of dates, or with nothing."""

    token: str = ""
    tell: str = ""


def play(visitor: Visitor, read: Read, tell: Tell, key: Callable[[], str], answers: Answers = NOTHING_YET) -> Ended:
    """Ask page by page until something is booked, or the input ends."""
    turned, past = show(visitor, answers), [answers]
    while True:
        page = turned.page
        tell(page_text(page))
        if not page.button:
            return Ended()
        given = _ask(page, read, tell)
        if given is None:
            return Ended()
        if given == BACK:
            turned = show(visitor, past.pop() if len(past) > 1 else past[0])
        elif given == LONGER:
            turned = keep_longer(visitor, turned.answers)
        elif given == TELL_ME or page.at is At.TELL_ME:
            return _tell_me(visitor, turned, read, tell, given)
        elif isinstance(given, dict):
            past.append(turned.answers)
            turned = answer(visitor, turned.answers, page.at, given, key())
        if turned.token:
            return Ended(token=turned.token)


def page_text(page: Page) -> str:
    """The page as lines of text, without its questions."""
    lines = ["", page.title, *(f"! {line}" for line in page.notice), *page.lead]
    lines += [f"  {fact.label}: {fact.value}" for fact in page.facts]
    lines += [f"  * {fault.text}" for fault in page.faults]
    lines += page.after
    return "\n".join(lines)


def _ask(page: Page, read: Read, tell: Tell) -> dict[str, tuple[str, ...]] | str | None:
    """The answers of one page; or what else was wanted; or none when the input ends."""
    given: dict[str, tuple[str, ...]] = {}
    for field in page.fields:
        if field.name == "to" and given.get("reach") == (Reach.NONE.value,):
            continue
        if field.name == "reminders" and given.get("reach") == (Reach.NONE.value,):
            continue
        answered = _one(field, read, tell)
        if not isinstance(answered, tuple):
            return answered
        given[field.name] = answered
    if page.fields:
        return given
    tell(f"Press Enter: {page.button}. Or write b to go back.")
    typed = read()
    if typed is None:
        return None
    asides = {"b": BACK, "back": BACK, "more": LONGER}
    return asides.get(typed.strip().casefold()) or given


def _one(field: Field, read: Read, tell: Tell) -> tuple[str, ...] | str | None:
    """One answer: a number, several, words, or nothing."""
    tell(_question(field))
    asides = {"b": BACK, "back": BACK, "more": LONGER} | ({"dates": TELL_ME} if field.name == "surgery" else {})
    while True:
        typed = read()
        if typed is None:
            return None
        words = typed.strip()
        if words.casefold() in asides:
            return asides[words.casefold()]
        chosen = _answered(field, words)
        if chosen is not None:
            return chosen
        tell(f"Write a number from 1 to {len(field.choices)}, or b to go back.")


def _answered(field: Field, words: str) -> tuple[str, ...] | None:
    """What was typed as an answer to this question; none when it is no answer to it."""
    if field.kind is Kind.WORDS:
        return (words,) if words else field.given
    if field.kind is Kind.YES:
        return ("yes",) if words.casefold() in ("y", "yes") else ()
    return _chosen(field, words)


def _chosen(field: Field, words: str) -> tuple[str, ...] | None:
    if not words:
        return field.given if field.given or field.kind is Kind.SOME else None
    parts = words.replace(",", " ").split()
    numbers = [int(part) for part in parts if part.isdigit() and 1 <= int(part) <= len(field.choices)]
    if len(numbers) != len(parts) or (field.kind is Kind.ONE and len(numbers) != 1):
        return None
    return tuple(field.choices[number - 1].value for number in numbers)


def _question(field: Field) -> str:
    choices = [
        f"  {number}. {choice.label}" + (f"\n     {choice.hint}" if choice.hint else "")
        for number, choice in enumerate(field.choices, start=1)
    ]
    how = {Kind.SOME: " (numbers, or Enter for none)", Kind.YES: " (y or n)"}.get(field.kind, "")
    dates = ["  (or write: dates)"] if field.name == "surgery" else []
    return "\n".join([f"{field.label}{how}", *([field.hint] if field.hint else []), *choices, *dates])


def _tell_me(
    visitor: Visitor, turned: Turned, read: Read, tell: Tell, given: dict[str, tuple[str, ...]] | str
) -> Ended:
    """The address to write to once dates are out; asked for until it is one, or the input ends."""
    to = given.get("to", ("",)) if isinstance(given, dict) else ()
    while True:
        if to and "@" in to[0]:
            return Ended(tell=to[0])
        page = show(visitor, turned.answers, At.TELL_ME).page
        if not page.fields:
            tell(page_text(page))
            return Ended()
        tell(f"{page.title}\n{visitor.say('book_tell_me_lead')}\n{visitor.say('book_to')}")
        typed = read()
        if typed is None:
            return Ended()
        to = (typed.strip(),)
