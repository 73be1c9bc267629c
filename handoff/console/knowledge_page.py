"""O7: every source with its state, which answers use it, and the mark that says somebody checked it. The ask box."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import EditorPress, changed_at_once, library_of, text_in_use, today_of
from handoff.console.sources import GOOD_FOR, SAID, Shelved, Standing, shelved
from handoff.console.visitor import Here, Press, Visitor, to
from handoff.content import ContentError, history, may_edit
from handoff.database import reading, transaction
from handoff.documents import mark_checked
from handoff.officers import names
from handoff.usage import FEWEST, shown_since
from knowledge.editing import EditError, with_fields
from knowledge.problems import PackError
from knowledge.sources.holding import Held, path_of

router = APIRouter(route_class=ConsoleRoute)
SourceId = Annotated[str, Path(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
Words = Annotated[str, Form(max_length=2_000)]
MONTH = timedelta(days=30)
SOURCES = "sources.yaml"


@router.get("/officers/knowledge")
def sources(here: Here, state: str = "") -> Response:
    """Every source, the worst first; those of one state when the address says so."""
    found = shelved(library_of(here).pack(), today_of(here))
    counts = [(one, SAID[one], sum(1 for each in found if each.standing is one)) for one in Standing]
    wanted = state if state in [*Standing] else ""
    rows = [one for one in found if not wanted or one.standing == wanted]
    return here.page("knowledge.html", here="Knowledge", rows=rows, counts=counts, wanted=wanted, queue=here.queue_name)


@router.get("/officers/knowledge/sources/{id}")
def one_source(here: Here, id: SourceId, done: str = "") -> Response:
    """One source: its dates, the answers that use it, the conflicts it is in, and what was noted of it."""
    return _source_page(here, _found(here, id), done=done == "checked")


@router.post("/officers/knowledge/sources/{id}/check")
def mark_as_checked(here: EditorPress, id: SourceId, updated: Words = "") -> Response:
    """Somebody compared the text with the live page today: every answer that uses it says so from now on."""
    one, today = _found(here, id), today_of(here)
    fields: dict[str, object] = {"checked": today, "checked_by": here.signed.name, "review_by": today + GOOD_FOR}
    held = library_of(here).pack().documents.get(id)
    if held is not None:
        return _document_checked(here, one, held)
    changed = " ".join(updated.split())[:60]
    if changed:
        fields["page_updated"] = changed
    try:
        changed_at_once(
            here, SOURCES, lambda text: with_fields(text, id, fields), "Compared with the live page", f"source:{id}"
        )
    except (ContentError, EditError) as error:
        return _source_page(here, one, problem=str(error), status=409)
    return to(f"/officers/knowledge/sources/{id}?done=checked")


def _document_checked(here: Visitor, one: Shelved, held: Held) -> Response:
    """A page or file that was read says itself when it was updated: what is marked is the look at it."""
    was, due = text_in_use(here, path_of(held.id)), today_of(here) + GOOD_FOR
    try:
        with transaction(here.office.engine) as session:
            mark_checked(session, here.office.desk, here.acting, held, was, here.signed.name, due)
        library_of(here).reindex()
    except (ContentError, PackError) as error:
        return _source_page(here, one, problem=str(error), status=409)
    return to(f"/officers/knowledge/sources/{held.id}?done=checked")


@router.get("/officers/knowledge/ask")
def ask_box(here: Here) -> Response:
    """A question, to see what Askwell says and why."""
    return here.page("ask_box.html", here="Knowledge", question="", asked=None)


@router.post("/officers/knowledge/ask")
def ask(here: Press, question: Words = "") -> Response:
    """What Askwell says to the question, the passages with their scores, and the rule that decided. Nothing is kept."""
    words = question.strip()
    if not words:
        return here.page(
            "ask_box.html", here="Knowledge", question="", asked=None, problem="Write a question.", status=422
        )
    return here.page("ask_box.html", here="Knowledge", question=question, asked=library_of(here).ask(words))


def _found(here: Visitor, id: str) -> Shelved:
    for one in shelved(library_of(here).pack(), today_of(here)):
        if one.source.id == id:
            return one
    raise HTTPException(404)


def _source_page(here: Visitor, one: Shelved, *, done: bool = False, problem: str = "", status: int = 200) -> Response:
    office = here.office
    is_document = one.source.id in library_of(here).pack().documents
    with reading(office.engine) as session:
        shown = shown_since(session, office.desk, office.desk.now() - MONTH)
        told = history(session, office.desk, f"{'document' if is_document else 'source'}:{one.source.id}")
        known = names(session, office.desk)
    used = sum(shown[section.id] for section in one.sections)
    return here.page(
        "source.html",
        here="Knowledge",
        status=status,
        one=one,
        is_document=is_document,
        said=SAID[one.standing],
        used=str(used) if used >= FEWEST else "under 5",
        history=told,
        names=known,
        may_edit=may_edit(here.acting),
        done=done,
        problem=problem,
        queue=here.queue_name,
    )
