"""O5: what an officer writes. A reply to the family and a note for staff are two pages, two forms and two acts.

Nothing that was typed is lost: a refusal, a new sign-in or a colleague's reply in between shows it again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from handoff.cases.errors import CaseChangedError, NoSuchCaseError
from handoff.cases.holding import hold_reply, take_back
from handoff.cases.notes import note
from handoff.cases.replying import reply
from handoff.console import cookies
from handoff.console.acts import REFUSED, Code, Version, Words
from handoff.console.case_page import CaseId, case_page, not_here, open_case_for
from handoff.console.fence import ConsoleRoute, ElsewhereError, PageError
from handoff.console.ports import Found
from handoff.console.reading_over import ReadOver, read_over
from handoff.console.shown import ago
from handoff.console.signing import sign_in_page
from handoff.console.viewing import View
from handoff.console.visitor import AtOffice, Here, Press, Visitor, to, visitor
from handoff.database import transaction
from knowledge.contacts import fill
from knowledge.pack import Pack

router = APIRouter(route_class=ConsoleRoute)
TAKEN_BACK = "You took it back. It has not been sent. Sending is the button below."
MOST_FOUND = 5
# The source of what is Askwell's own words: no page to look at.
OWN = "askwell"
Section = Annotated[str, Form(max_length=200)]
KEPT = "This is what you were writing. It has not been sent."


def writer(
    request: Request,
    office: AtOffice,
    text: Words = "",
    form_token: Annotated[str, Form(max_length=64)] = "",
    restore: Code = "",
) -> tuple[Visitor, bool]:
    """Who writes, and whether the form may be acted on. Someone signed out meanwhile signs in and goes on writing."""
    try:
        here = visitor(request, office)
    except ElsewhereError as error:
        page = sign_in_page(request, office, back=request.url.path, draft=text or " ", status=401)
        raise PageError(page) from error
    return here, not restore and cookies.form_is_ours(here.token, form_token)


Writer = Annotated[tuple[Visitor, bool], Depends(writer)]


@router.get("/officers/cases/{case_id}/reply")
def reply_page(here: Here, case_id: CaseId) -> Response:
    """The page for a reply to the family."""
    return _page(here, open_case_for(here, case_id), "reply.html")


@router.post("/officers/cases/{case_id}/reply")
def send_reply(
    writing: Writer,
    case_id: CaseId,
    version: Version = 0,
    text: Words = "",
    key: Code = "",
    do: Section = "",
    find: Words = "",
) -> Response:
    """Send the family what was written, once; with `do`, look for a text or put one into the reply instead."""
    here, ours = writing
    desk, who, wait = here.office.desk, here.acting, here.office.undo
    if do and ours:
        return _helped(here, case_id, text, key, do, find)

    def act(session: Session) -> object:
        if wait:
            return hold_reply(session, desk, who, case_id, version, text, key, wait)
        return reply(session, desk, who, case_id, version, text, key)

    return _write(writing, case_id, act, "reply", text, key)


@router.post("/officers/cases/{case_id}/undo")
def undo(here: Press, case_id: CaseId) -> Response:
    """Take back the reply that has not gone yet, and go on writing it."""
    try:
        with transaction(here.office.engine) as session:
            words = take_back(session, here.office.desk, here.acting, case_id)
    except NoSuchCaseError as error:
        raise not_here() from error
    if words is None:
        return case_page(here, case_id, problem="It has been sent already.", status=409)
    return _page(here, open_case_for(here, case_id), "reply.html", text=words, kept=TAKEN_BACK)


def _helped(here: Visitor, case_id: str, text: str, key: str, do: str, find: str) -> Response:
    """The page again with texts that were found, or with one of them put below what was written."""
    library, view = here.office.library, open_case_for(here, case_id)
    if do == "look":
        seen = read_over(here.office.desk, view.case, text, library.private(text) if library else ())
        return _page(here, view, "reply.html", text=text, key=key, seen=seen)
    if library is None:
        return _page(here, view, "reply.html", text=text, key=key)
    if do == "find":
        found = library.search(find.strip() or view.summary, MOST_FOUND)
        return _page(here, view, "reply.html", text=text, key=key, found=found, find=find)
    return _page(here, view, "reply.html", text=_with(library.pack(), text, do), key=key)


def _with(pack: Pack, text: str, what: str) -> str:
    """What was written with a saved reply or a section below it, and the address of the page it stands on."""
    section, saved = pack.sections.get(what), next((one for one in pack.replies if f"saved:{one.id}" == what), None)
    if section is not None:
        quoted, ids = section.text, [id for claim in section.claims for id in claim.sources]
    elif saved is not None:
        quoted, ids = saved.text, list(saved.sources)
    else:
        return text
    pages = [pack.sources[id] for id in dict.fromkeys(ids) if id in pack.sources and id != OWN]
    links = [page.url or page.title for page in pages]
    return "\n\n".join(part for part in (text.strip(), fill(quoted, pack.contacts), *links[:1]) if part)


@router.get("/officers/cases/{case_id}/note")
def note_page(here: Here, case_id: CaseId) -> Response:
    """The page for a note that staff alone read."""
    return _page(here, open_case_for(here, case_id), "note.html")


@router.post("/officers/cases/{case_id}/note")
def keep_note(writing: Writer, case_id: CaseId, version: Version = 0, text: Words = "", key: Code = "") -> Response:
    """Keep what was written for colleagues, once."""
    here, _ = writing
    desk, who = here.office.desk, here.acting
    return _write(
        writing, case_id, lambda session: note(session, desk, who, case_id, version, text, key), "note", text, key
    )


def _write(
    writing: tuple[Visitor, bool], case_id: str, act: Callable[[Session], object], kind: str, text: str, key: str
) -> Response:
    here, ours = writing
    page = f"{kind}.html"
    if not ours:
        return _page(here, open_case_for(here, case_id), page, text=text, kept=KEPT)
    if not key:
        return _page(here, open_case_for(here, case_id), page, text=text, problem="Send it from this page.", status=422)
    try:
        with transaction(here.office.engine) as session:
            act(session)
        said = "noted" if kind == "note" else "held" if here.office.undo else "replied"
        return to(f"/officers/cases/{case_id}?done={said}")
    except NoSuchCaseError as error:
        raise not_here() from error
    except CaseChangedError:
        view = open_case_for(here, case_id)
        return _page(here, view, page, text=text, key=key, problem=_newest(here, view), status=409)
    except REFUSED as error:
        return _page(here, open_case_for(here, case_id), page, text=text, problem=str(error), status=422)


def _newest(here: Visitor, view: View) -> str:
    """What happened while this was written: "Amira replied to the family 20 seconds ago. Read it before you send." """
    newest = view.happenings[-1]
    return f"{newest.title} {ago(newest.at, here.office.desk.now())}. Read it before you send."


def _page(
    here: Visitor,
    view: View,
    name: str,
    *,
    text: str = "",
    key: str = "",
    kept: str = "",
    problem: str = "",
    status: int = 200,
    found: Sequence[Found] | None = None,
    find: str = "",
    seen: ReadOver | None = None,
) -> Response:
    return here.page(
        name,
        here="Cases",
        status=status,
        view=view,
        text=text,
        key=key or secrets.token_hex(16),
        kept=kept,
        problem=problem,
        found=found,
        find=find,
        seen=seen,
        saved=here.office.library.pack().replies if here.office.library else (),
    )
