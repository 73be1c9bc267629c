"""O5: what an officer writes. A reply to the family and a note for staff are two pages, two forms and two acts.

Nothing that was typed is lost: a refusal, a new sign-in or a colleague's reply in between shows it again.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from handoff.cases.errors import CaseChangedError, NoSuchCaseError
from handoff.cases.notes import note
from handoff.cases.replying import reply
from handoff.console import cookies
from handoff.console.acts import REFUSED, Act, Code, Version, Words, done
from handoff.console.case_page import CaseId, not_here, open_case_for
from handoff.console.fence import ConsoleRoute, ElsewhereError, PageError
from handoff.console.shown import ago
from handoff.console.signing import sign_in_page
from handoff.console.viewing import View
from handoff.console.visitor import AtOffice, Here, Visitor, visitor

router = APIRouter(route_class=ConsoleRoute)
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
def send_reply(writing: Writer, case_id: CaseId, version: Version = 0, text: Words = "", key: Code = "") -> Response:
    """Send the family what was written, once."""
    here, _ = writing
    desk, who = here.office.desk, here.acting
    return _write(
        writing, case_id, lambda session: reply(session, desk, who, case_id, version, text, key), "reply", text, key
    )


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


def _write(writing: tuple[Visitor, bool], case_id: str, act: Act, kind: str, text: str, key: str) -> Response:
    here, ours = writing
    page = f"{kind}.html"
    if not ours:
        return _page(here, open_case_for(here, case_id), page, text=text, kept=KEPT)
    if not key:
        return _page(here, open_case_for(here, case_id), page, text=text, problem="Send it from this page.", status=422)
    try:
        return done(here, case_id, act, "replied" if kind == "reply" else "noted")
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
) -> Response:
    key = key or secrets.token_hex(16)
    return here.page(name, here="Cases", status=status, view=view, text=text, key=key, kept=kept, problem=problem)
