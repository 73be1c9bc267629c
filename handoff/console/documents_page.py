"""The council's own pages and files: what waits, what differs, what needs a closer look; put to use, or taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import EditorPress, library_of, text_in_use, today_of
from handoff.console.visitor import Here, Visitor, to
from handoff.content import ContentError, may_edit
from handoff.database import reading, transaction
from handoff.documents import Waiting, approve, drop_waiting, propose, waiting, watches
from knowledge.pack import Pack
from knowledge.problems import PackError
from knowledge.sources.differences import differences
from knowledge.sources.document import Finding
from knowledge.sources.faults import said as in_words
from knowledge.sources.holding import Held, Shelf, Tombstone, as_text, path_of
from knowledge.sources.shelving import title_of
from knowledge.sources.showing import unvouched

router = APIRouter(route_class=ConsoleRoute)
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
Short = Annotated[str, Form(max_length=400)]
Ticked = Annotated[list[str] | None, Form(max_length=200)]
NOT_FOUND = "Not found: the family is offered a person"
TROUBLES = {
    "hidden_text": "Words that no reader sees. They were left out",
    "instructions": "Words that give a machine orders. They were set aside",
    "scanned_page": "A page that is a picture. A person must read it",
    "hidden_sheet": "A sheet that is hidden. It was not read",
    "embedded_file": "A file inside the file. It was not opened",
    "outside_link": "Something the file would fetch from elsewhere. It was not fetched",
    "cut_short": "The rest was too long to be read",
    "empty": "There are no words in it",
}


@router.get("/officers/documents")
def documents(here: Here, done: str = "") -> Response:
    """What waits for an editor, what is in use with the days that count, and what was taken out."""
    return documents_page(here, done=done)


def documents_page(here: Visitor, *, done: str = "", problem: str = "", status: int = 200) -> Response:
    """The list, with what went wrong with a file that was sent."""
    pack = library_of(here).pack()
    with reading(here.office.engine) as session:
        seen = watches(session, here.office.desk)
        waits = waiting(session, here.office.desk, _shelf(pack))
    rows = sorted(pack.documents.values(), key=lambda one: (one.review_by, one.id))
    return here.page(
        "documents.html",
        here="Knowledge",
        waits=[(one, _called(one)) for one in waits],
        rows=[(one, title_of(one), seen.get(one.id), one.review_by < today_of(here)) for one in rows],
        in_words=in_words,
        gone=sorted(pack.gone.values(), key=lambda one: one.gone, reverse=True),
        found=len(pack.found),
        queue=here.queue_name,
        done=done,
        problem=problem,
        status=status,
        may_edit=may_edit(here.acting),
    )


@router.get("/officers/documents/{id}")
def document(here: Here, id: Id) -> Response:
    """One document: what would change, in its lines and in the answers, and what needs a person's eye."""
    return _page(here, id)


@router.post("/officers/documents/{id}/approve")
def approve_it(here: EditorPress, id: Id, allow: Ticked = None) -> Response:
    """Answer from what waits, from now on."""
    library, desk = library_of(here), here.office.desk
    was = text_in_use(here, path_of(id))
    try:
        with transaction(here.office.engine) as session:
            waits = _waits(session, here, id)
            approve(session, desk, here.acting, waits, was, allow or ())
        library.reindex()
    except (ContentError, PackError) as error:
        return _page(here, id, str(error), 409)
    return to("/officers/documents?done=approved")


@router.post("/officers/documents/{id}/drop")
def drop_it(here: EditorPress, id: Id) -> Response:
    """What waits is not wanted; it is offered again when its page changes."""
    with transaction(here.office.engine) as session:
        _waits(session, here, id)
        drop_waiting(session, here.office.desk, id)
    return to("/officers/documents?done=dropped")


@router.post("/officers/documents/{id}/remove")
def remove_it(here: EditorPress, id: Id, why: Short = "") -> Response:
    """Take it out for good: no answer, search or earlier version gives its words from now on."""
    held = library_of(here).pack().documents.get(id)
    said = " ".join(why.split())
    if held is None:
        raise HTTPException(404)
    if not said:
        return _page(here, id, "Say why. The reason is kept.", 422)
    stone, desk, was = Tombstone(id, today_of(here), held.url, said), here.office.desk, text_in_use(here, path_of(id))
    try:
        with transaction(here.office.engine) as session:
            row = propose(session, desk, stone, was, said, here.acting.officer_id)
            approve(session, desk, here.acting, Waiting(row, stone, held), was)
        library_of(here).reindex()
    except (ContentError, PackError) as error:
        return _page(here, id, str(error), 409)
    return to("/officers/documents?done=removed")


def _shelf(pack: Pack) -> Shelf:
    return Shelf(pack.documents, pack.gone)


def _called(one: Waiting) -> str:
    if isinstance(one.one, Held):
        return title_of(one.one)
    return title_of(one.before) if one.before else one.one.id


def _waits(session: Session, here: Visitor, id: str) -> Waiting:
    """What waits for this document. Raises a "not here" page."""
    shelf = _shelf(library_of(here).pack())
    found = next((one for one in waiting(session, here.office.desk, shelf) if one.one.id == id), None)
    if found is None:
        raise HTTPException(404)
    return found


def _findings(shown: Held | Tombstone) -> list[tuple[str, Finding]]:
    return [(TROUBLES[one.trouble.value], one) for one in shown.document.findings] if isinstance(shown, Held) else []


def _page(here: Visitor, id: str, problem: str = "", status: int = 200) -> Response:
    library = library_of(here)
    pack = library.pack()
    with reading(here.office.engine) as session:
        waits = next((one for one in waiting(session, here.office.desk, _shelf(pack)) if one.one.id == id), None)
        seen = watches(session, here.office.desk).get(id)
    held = pack.documents.get(id)
    if waits is None and held is None:
        raise HTTPException(404)
    shown = waits.one if waits else held
    assert shown is not None
    files: Mapping[str, str] = {path_of(id): as_text(shown)}
    return here.page(
        "document.html",
        here="Knowledge",
        status=status,
        id=id,
        title=_called(waits) if waits else title_of(held) if held else id,
        waits=waits,
        held=held,
        seen=seen,
        differ=differences(waits.before, waits.one) if waits else [],
        findings=_findings(shown),
        held_back=unvouched(shown, pack.contacts) if isinstance(shown, Held) else [],
        preview=library.preview(files) if waits else None,
        title_of=lambda section: here.office.title_of(section) if section else NOT_FOUND,
        problem=problem,
        may_edit=may_edit(here.acting),
    )
