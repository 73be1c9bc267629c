"""An answer by email, to whoever asked for it (ux.md W5): one address, used once and kept with the letter alone."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.plain import as_text
from bot.senders.email import MailAddressError, mail_address
from bot.web.cookies import session_of
from bot.web.forms import Form, read_form
from bot.web.layout import message_page, page
from bot.web.limiting import caller, or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import Transcript, Turn, transcript_of
from bot.web.view import View, view_of
from handoff.database import transaction
from handoff.letters import Letter
from handoff.models import SafeContact
from handoff.outbox import put

router = APIRouter(include_in_schema=False)
LONGEST = 254


@router.get("/email-answer")
async def email_answer(request: Request, line: str = "") -> Response:
    """The page that asks for the address."""
    _, turn = await run_in_threadpool(_answer, request, line)
    return _form(request, view_of(request), turn)


@router.post("/email-answer")
async def email_answer_sent(request: Request) -> Response:
    """Write the letter, once for this answer and address."""
    form = await read_form(request)
    view = view_of(request, form.get("lang"))
    transcript, turn = await run_in_threadpool(_answer, request, form.get("line"))
    to = form.get("email").strip()
    try:
        mail_address(to)
    except MailAddressError:
        return _form(request, view, turn, form, view.plain("person_no_email"))
    if len(to) > LONGEST:
        return _form(request, view, turn, form, view.plain("person_no_email"))
    await or_wait(request, "", caller(request), "letter")
    await run_in_threadpool(_written, site_of(request), transcript, turn, to)
    return message_page(request, "mailed", status=200, view=view, back=view.to(f"/#a{turn.number}"))


def _answer(request: Request, line: str) -> tuple[Transcript, Turn]:
    """The answer of this browser's conversation with that number. Raises `HTTPException` (404)."""
    site = site_of(request)
    transcript = transcript_of(site, session_of(request))
    turn = next((one for one in transcript.turns if str(one.number) == line and one.reply and not one.officer), None)
    if turn is None or transcript.person_id is None or not view_of(request).may_mail:
        raise HTTPException(404)
    return transcript, turn


def _form(request: Request, view: View, turn: Turn, form: Form | None = None, problem: str = "") -> Response:
    return page(
        request,
        "email_answer.html",
        status=422 if problem else 200,
        view=view,
        title="email_title",
        turn=turn,
        email=form.get("email")[:LONGEST] if form else "",
        problems={"email": problem} if problem else {},
    )


def _written(site: Site, transcript: Transcript, turn: Turn, to: str) -> None:
    with transaction(site.front.office.engine) as db:
        _put(db, site, transcript, turn, to)


def _put(db: Session, site: Site, transcript: Transcript, turn: Turn, to: str) -> None:
    assert transcript.person_id is not None and turn.reply is not None, "`_answer` found both"
    words, language, council = site.pack.phrases, turn.reply.language, site.pack.council
    intro = words.on_page("answer_letter_intro", language)[0].replace("{council}", council)
    subject = words.on_page("answer_letter_subject", language)[0].replace("{council}", council)
    digest = hashlib.sha256(to.lower().encode()).hexdigest()[:16]
    letter = Letter(
        key=f"answer:{turn.message_id}:{digest}",
        person_id=transcript.person_id,
        channel="email",
        address_id=None,
        to=to,
        line=f"answer:{turn.message_id[:48]}",
        kind="answer",
        subject=subject,
        text=f"{intro}\n\n{as_text(turn.reply, site.pack)}",
        neutral=subject,
        language=language,
        safe=SafeContact.FULL,
    )
    put(db, site.desk, letter)
