"""O8: what families asked and did not get, in groups. Create a text, link one, "not ours"; ask again, tell once."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.gap_groups import Gap, Gaps, gaps_in
from handoff.console.librarian import keep_draft, library_of, text_in_use
from handoff.console.ports import Asked
from handoff.console.visitor import Here, Press, Visitor, only, to
from handoff.content import ContentError, may_edit
from handoff.database import reading, transaction
from handoff.feedback import mark_seen
from handoff.gaps import joined, put_together, settle, tell_of_answer, unanswered, waiting_to_hear
from handoff.models import OfficerRole, Settled
from knowledge.editing import EditError, with_phrasing

router = APIRouter(route_class=ConsoleRoute)
MAY_LOOK = (OfficerRole.LEAD, OfficerRole.EDITOR, OfficerRole.ADMIN)
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]
SectionId = Annotated[str, Form(max_length=200)]
MOST_NEAR = 5
MOST_ASKED_AGAIN = 30
DONE = {
    "not_ours": "It is marked as not ours, and is out of the list.",
    "merged": "The two are one gap now.",
    "told": "Everybody who asked to hear was told, once.",
}


def _looking(here: Here) -> Visitor:
    only(here, *MAY_LOOK)
    return here


def _pressing(here: Press) -> Visitor:
    only(here, *MAY_LOOK)
    return here


Looker = Annotated[Visitor, Depends(_looking)]
LookerPress = Annotated[Visitor, Depends(_pressing)]


@router.get("/officers/gaps")
def gaps(here: Looker, done: str = "") -> Response:
    """The gaps, what most people asked first. Looking is what tells families that somebody reads what they say."""
    with transaction(here.office.engine) as session:
        mark_seen(session, here.office.desk, here.office.desk.now())
    return here.page(
        "gaps.html", here="Gaps", gaps=_gaps(here), done=DONE.get(done, ""), may_edit=may_edit(here.acting)
    )


@router.get("/officers/gaps/{id}")
def one_gap(here: Looker, id: Id) -> Response:
    """One gap: how it was asked, the nearest texts, and what can be done."""
    return _gap_page(here, _gap(here, id))


@router.post("/officers/gaps/{id}/again")
def ask_again(here: LookerPress, id: Id) -> Response:
    """Ask every question of the gap now: which ones find an answer?"""
    gap = _gap(here, id)
    return _gap_page(here, gap, answers=_answers(here, gap))


@router.post("/officers/gaps/{id}/tell")
def tell(here: LookerPress, id: Id) -> Response:
    """Tell those who asked to hear and whose question finds an answer now, once; what is answered is settled."""
    gap, desk, who = _gap(here, id), here.office.desk, here.acting.officer_id
    answers = {one: asked for one, asked in _answers(here, gap).items() if asked.section}
    if not answers:
        return _gap_page(here, gap, problem="None of these questions finds an answer yet.", status=409)
    with transaction(here.office.engine) as session:
        for one, asked in answers.items():
            tell_of_answer(session, desk, one, asked.text, (asked.section or "",), who)
        settle(session, desk, answers, Settled.ANSWERED, who, next(iter(answers.values())).section or "")
    return to("/officers/gaps?done=told")


@router.post("/officers/gaps/{id}/not-ours")
def not_ours(here: LookerPress, id: Id) -> Response:
    """Not for the council to answer: out of the list."""
    gap = _gap(here, id)
    with transaction(here.office.engine) as session:
        settle(session, here.office.desk, gap.ids, Settled.NOT_OURS, here.acting.officer_id)
    return to("/officers/gaps?done=not_ours")


@router.post("/officers/gaps/{id}/merge")
def merge(here: LookerPress, id: Id, other: SectionId = "") -> Response:
    """Put another gap into this one: the two ask the same."""
    gap = _gap(here, id)
    into = next((one for one in _gaps(here).shown if other in one.ids and one.id != gap.id), None)
    if into is None:
        return _gap_page(here, gap, problem="Choose a gap from the list.", status=422)
    with transaction(here.office.engine) as session:
        put_together(session, here.office.desk, into.id, gap.id, here.acting.officer_id)
    return to("/officers/gaps?done=merged")


@router.post("/officers/gaps/{id}/link")
def link(here: LookerPress, id: Id, section: SectionId = "") -> Response:
    """These words are one more way to ask for a text there is: a draft, whose page shows what it would change."""
    if not may_edit(here.acting):
        raise HTTPException(403)
    gap = _gap(here, id)
    pack = library_of(here).pack()
    found = pack.sections.get(section)
    if found is None:
        return _gap_page(here, gap, problem="Choose a text.", status=422)
    path = pack.articles[found.article_id].path
    try:
        text = text_in_use(here, path)
        for example in gap.examples:
            text = with_phrasing(text, found.anchor, _shortened(example))
        version = keep_draft(here, path, text, f"Families ask for “{found.heading}” in other words", found.id)
    except (ContentError, EditError) as error:
        return _gap_page(here, gap, problem=str(error), status=422)
    return to(f"/officers/knowledge/drafts/{version.id}")


def ways_of_asking(here: Visitor, id: str) -> list[str]:
    """How a gap was asked, for a new text's `asked_as`; empty for one that is not there."""
    if here.acting.role not in MAY_LOOK:
        return []
    return next(([_shortened(one) for one in gap.examples] for gap in _gaps(here).shown if id in gap.ids), [])


def _shortened(text: str) -> str:
    """A question as a way of asking: without marks for what was taken out."""
    return " ".join(re.sub(r"\[[^\]]*\]", " ", text).split())[:160]


def _gaps(here: Visitor) -> Gaps:
    with reading(here.office.engine) as session:
        found = unanswered(session, here.office.desk)
        pairs = joined(session, here.office.desk, [one.id for one in found])
    return gaps_in(found, library_of(here).group, pairs)


def _gap(here: Visitor, id: str) -> Gap:
    for gap in _gaps(here).shown:
        if id in gap.ids:
            return gap
    raise HTTPException(404)


def _answers(here: Visitor, gap: Gap) -> dict[str, Asked]:
    ask = library_of(here).ask
    found: dict[str, Asked] = {}
    for question in gap.questions[:MOST_ASKED_AGAIN]:
        asked = ask(question.text)
        # Only a text that answers counts: a page that says nothing is known is what they had before.
        found[question.id] = asked if asked.outcome != "abstain" else _without_section(asked)
    return found


def _without_section(asked: Asked) -> Asked:
    return Asked(**{**vars(asked), "section": None})


def _gap_page(
    here: Visitor, gap: Gap, *, answers: dict[str, Asked] | None = None, problem: str = "", status: int = 200
) -> Response:
    library = library_of(here)
    near = library.search(gap.questions[0].text, MOST_NEAR)
    pack = library.pack()
    queue = pack.sections[near[0].section].queue if near else ""
    with reading(here.office.engine) as session:
        waiting = _waiting(session, here, gap)
    return here.page(
        "gap.html",
        here="Gaps",
        status=status,
        gap=gap,
        near=near,
        owner=here.queue_name(queue) if queue else "Nobody",
        article=pack.sections[near[0].section].article_id if near else next(iter(pack.articles)),
        waiting=waiting,
        answers=answers,
        others=[one for one in _gaps(here).shown if one.id != gap.id],
        problem=problem,
        may_edit=may_edit(here.acting),
    )


def _waiting(session: Session, here: Visitor, gap: Gap) -> int:
    return len(waiting_to_hear(session, here.office.desk, gap.ids))
