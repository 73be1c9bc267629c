"""O9: pages that say different things, side by side. Keep one, both, or leave it open; the card follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import EditorPress, library_of, put_all_to_use, text_in_use
from handoff.console.visitor import Here, Visitor, to
from handoff.content import ContentError, may_edit
from knowledge.article import Section
from knowledge.conflicts import FILE, Conflict, State, Statement
from knowledge.editing import EditError, section_text, with_fields, with_section

router = APIRouter(route_class=ConsoleRoute)
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
Words = Annotated[str, Form(max_length=40_000)]
Short = Annotated[str, Form(max_length=400)]
CHOICES = {
    "newer": "Keep the second: it is current",
    "older": "Keep the first: it is current",
    "both": "Both are true as they are worded",
    "withdraw": "The first must never be printed",
    "open": "Leave it open: show families both",
}
STATES = {State.OPEN: "Open", State.SETTLED: "Settled", State.WITHDRAWN: "Withdrawn"}
_CARD = re.compile(r"^conflict:.*\n", re.MULTILINE)


@router.get("/officers/conflicts")
def conflicts(here: Here, done: str = "") -> Response:
    """Every conflict of the pack, the open ones first."""
    pack = library_of(here).pack()
    order = [State.OPEN, State.SETTLED, State.WITHDRAWN]
    rows = sorted(pack.conflicts.by_id.values(), key=lambda one: order.index(one.state))
    return here.page(
        "conflicts.html", here="Knowledge", rows=rows, states=STATES, queue=here.queue_name, done=done == "settled"
    )


@router.get("/officers/conflicts/{id}")
def one_conflict(here: Here, id: Id) -> Response:
    """Both statements with their pages and dates, and what can be decided."""
    return _page(here, _conflict(here, id))


@router.post("/officers/conflicts/{id}")
def decide(
    here: EditorPress,
    id: Id,
    choice: Short = "",
    why: Short = "",
    words: Short = "",
    text: Words = "",
) -> Response:
    """Settle, open or withdraw it; the text that states it is changed in the same breath, and the card follows."""
    one, given = _conflict(here, id), {"choice": choice, "why": why, "words": words, "text": text}
    section = _section(here, one)
    said = " ".join(why.split())
    if choice not in CHOICES or not said or section is None:
        return _page(here, one, "Choose one, and say why. The reason is kept.", 422, given)
    path = library_of(here).pack().articles[section.article_id].path
    try:
        rows = with_fields(text_in_use(here, FILE), id, fields_for(one, choice, said, words, section))
        article = with_section(text_in_use(here, path), section.anchor, _carded(text, id, opens=choice == "open"))
        put_all_to_use(here, {FILE: rows, path: article}, said, f"conflict:{id}")
    except (ContentError, EditError) as error:
        return _page(here, one, str(error), 422, given)
    return to("/officers/conflicts?done=settled")


def fields_for(one: Conflict, choice: str, why: str, words: str, section: Section) -> dict[str, object]:
    """What the conflict's row says after the choice. Raises `EditError` where words are missing."""
    if choice == "open":
        return {"state": State.OPEN, "which": why}
    if choice == "both":
        return {"state": State.SETTLED, "why": why, "both_stand": True, "sections": [section.id]}
    pattern = re.escape(" ".join(words.split())) or (one.older.words.pattern if one.older.words else "")
    if not pattern:
        raise EditError("Give the words that must not be said any more: they are looked for in every text.")
    older, newer = (one.newer, one.older) if choice == "older" else (one.older, one.newer)
    sides: dict[str, object] = {"older": {**_side(older), "words": pattern}, "newer": _side(newer)}
    if choice == "withdraw":
        return {"state": State.WITHDRAWN, "why": why, **sides}
    return {"state": State.SETTLED, "why": why, "sections": [section.id], **sides}


def _side(statement: Statement) -> Mapping[str, object]:
    return {"says": statement.says, "pages": list(statement.pages)}


def _carded(text: str, id: str, *, opens: bool) -> str:
    """The section's text with the line that shows the card, or without it."""
    plain = _CARD.sub("", text.replace("\r\n", "\n"))
    return plain.replace("```yaml\n", f"```yaml\nconflict: {id}\n", 1) if opens else plain


def _conflict(here: Visitor, id: str) -> Conflict:
    found = library_of(here).pack().conflicts.by_id.get(id)
    if found is None:
        raise HTTPException(404)
    return found


def _section(here: Visitor, one: Conflict) -> Section | None:
    """The section that shows the card, or that states what is current."""
    sections = library_of(here).pack().sections
    shown = next((section for section in sections.values() if section.conflict == one.id), None)
    return shown or next((sections[id] for id in one.sections if id in sections), None)


def _page(
    here: Visitor, one: Conflict, problem: str = "", status: int = 200, given: Mapping[str, str] | None = None
) -> Response:
    pack, section = library_of(here).pack(), _section(here, one)
    text = ""
    if section:
        text = section_text(text_in_use(here, pack.articles[section.article_id].path), section.anchor)
    start = {"choice": "", "why": "", "words": "", "text": text}
    return here.page(
        "conflict.html",
        here="Knowledge",
        status=status,
        one=one,
        state=STATES[one.state],
        sides=[(name, side, [pack.sources[page] for page in side.pages]) for name, side in _sides(one)],
        section=section,
        given=given or start,
        choices=list(CHOICES.items()),
        problem=problem,
        owner=here.queue_name(one.owner),
        may_edit=may_edit(here.acting),
    )


def _sides(one: Conflict) -> tuple[tuple[str, Statement], tuple[str, Statement]]:
    return ("First", one.older), ("Second", one.newer)
