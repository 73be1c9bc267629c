"""The plan for one school year as a reply and as JSON: what to do now, what comes next, the dates in law ahead."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.answers import Quoting
from bot.messages import More, Outcome, Paragraph, Reply
from bot.worked_dates import WorkedDates, dates_object, deadline_item, work_out
from knowledge.article import Block, Claim
from knowledge.dates_in_words import day_words
from knowledge.pack import Pack
from knowledge.planner import FIRST_AGE, YearPlan, plan_for
from knowledge.school_years import read_school_year, year_name

OWN = "askwell"
_AGE = re.compile(r"(?:aged?\s+)?(\d{2})")
_THEME = re.compile(r"^(?P<theme>[A-Z][\w ]+): (?P<text>.+)$", re.DOTALL)


def find_plan(typed: str, pack: Pack, today: date) -> YearPlan | None:
    """The plan for what was typed; none when it is no school year and no age from 19 to 25."""
    age = _AGE.fullmatch(typed.strip().lower())
    year = int(age[1]) if age and int(age[1]) >= FIRST_AGE else read_school_year(typed)
    return plan_for(year, pack.planner, pack.deadlines, today) if year is not None else None


def plan_name(year: int) -> str:
    """`Year 9`, or `age 22`."""
    return f"age {year}" if year >= FIRST_AGE else year_name(year)


def plan_reply(plan: YearPlan, pack: Pack, today: date) -> Reply:
    """Everything a person is shown."""
    say = pack.phrases.say
    quoting = Quoting(pack, today, f"planner#{plan.now.id}")
    now = _paragraphs(_blocks(plan.now.sections, pack), quoting)
    later = _paragraphs(_blocks(plan.next.sections, pack), quoting) if plan.next else ()
    dates = _dates(plan, pack, today, quoting)
    more = [More(say("plan_dates"), dates)] if dates else []
    more += [More(say("plan_next", name=plan.next.name), later)] if plan.next else []
    return Reply(
        outcome=Outcome.ANSWER,
        status="answered_plan",
        heading=say("plan_now", name=plan_name(plan.year)),
        body=now,
        more=tuple(more),
        notes=(say("withheld"),) if quoting.withheld else (),
        citations=quoting.citations(),
        closing=(say("information"), *pack.deadlines.closing),
    )


def plan_object(plan: YearPlan, pack: Pack, today: date) -> dict[str, Any]:
    """What `askwell plan --json` prints."""
    return {
        "year": plan_name(plan.year),
        "label": _label(plan, pack),
        "now": {"name": plan.now.name, "items": _items(plan.now.sections, pack)},
        "next": {"name": plan.next.name, "items": _items(plan.next.sections, pack)} if plan.next else None,
        "moves": [dates_object(worked) for worked in _moves(plan, pack, today)],
        "rights_pass_after": plan.rights_pass.isoformat() if plan.rights_pass else None,
        "closing": [pack.phrases.say("information"), *pack.deadlines.closing],
    }


def _moves(plan: YearPlan, pack: Pack, today: date) -> list[WorkedDates]:
    """The dates in law of each move ahead."""
    return [work_out(pack, today, event, {event.start: day}) for event, day in plan.moves]


def _label(plan: YearPlan, pack: Pack) -> str:
    """Whose view the timeline is: the text before its list."""
    return next((block.text for block in _blocks(plan.now.sections, pack) if not block.is_item), "")


def _blocks(sections: tuple[str, ...], pack: Pack) -> list[Block]:
    """The blocks of the sections, what two of them both say said once."""
    kept: dict[str, Block] = {}
    for id in sections:
        for block in pack.section(id).blocks:
            kept.setdefault(block.text, block)
    return list(kept.values())


def _items(sections: tuple[str, ...], pack: Pack) -> list[dict[str, Any]]:
    return [_item(block, pack) for block in _blocks(sections, pack) if block.is_item]


def _item(block: Block, pack: Pack) -> dict[str, Any]:
    """One thing to do. `suggestion` when it is our own view, whatever page it also stands on."""
    found = _THEME.match(block.text)
    ids = dict.fromkeys(id for claim in block.claims for id in claim.sources)
    sources = [pack.sources[id] for id in ids if id != OWN]
    return {
        "theme": found["theme"] if found else None,
        "text": found["text"] if found else block.text,
        "suggestion": OWN in ids,
        "sources": [{"id": source.id, "title": source.title, "url": source.url} for source in sources],
    }


def _paragraphs(blocks: list[Block], quoting: Quoting) -> tuple[Paragraph, ...]:
    made = (quoting.paragraph(block.claims, is_item=block.is_item) for block in blocks)
    return tuple(paragraph for paragraph in made if paragraph)


def _dates(plan: YearPlan, pack: Pack, today: date, quoting: Quoting) -> tuple[Paragraph, ...]:
    """The dates in law of a move ahead, and the day rights pass."""
    made: list[Paragraph | None] = [
        deadline_item(worked, one, quoting) for worked in _moves(plan, pack, today) for one in worked.deadlines
    ]
    if plan.rights and plan.rights_pass:
        says = plan.rights.says
        text = says.text.replace("{date}", day_words(plan.rights_pass))
        made.append(quoting.paragraph([Claim(text, says.sources)], is_item=True))
    return tuple(paragraph for paragraph in made if paragraph)
