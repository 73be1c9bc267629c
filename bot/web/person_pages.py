"""Talk to a person (ux.md W7): what it is about and what is shared, checked before anything is sent."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import LONGEST, Arrived, Incoming, Role
from bot.web.ask_pages import ROLES, show_help
from bot.web.cookies import keep_session, session_of
from bot.web.forms import read_form, session_for
from bot.web.handing_over import (
    EMAIL,
    HERE,
    PHONE,
    Draft,
    draft_of,
    first_draft,
    problems_of,
    queues_to_ask,
    reply_day,
    shared_lines,
    wanted_of,
)
from bot.web.layout import go_to, page
from bot.web.limiting import or_wait
from bot.web.site import site_of
from bot.web.transcript import CHANNEL, Transcript, transcript_of
from bot.web.view import View, view_of
from handoff.cases import AGE_BANDS, FAMILY_NEEDS
from handoff.receipts import KeyReusedError

router = APIRouter(include_in_schema=False)


@router.get("/person")
async def person(request: Request, line: str = "", queue: str = "") -> Response:
    """The form, filled with the question it is about, and with the team that was chosen elsewhere."""
    site = site_of(request)
    transcript = await run_in_threadpool(transcript_of, site, session_of(request))
    draft = first_draft(site, transcript, line)
    if queue in {one.id for one in queues_to_ask(site)}:
        draft = replace(draft, queue=queue)
    return _form(request, view_of(request), transcript, draft)


@router.post("/person")
async def person_sent(request: Request) -> Response:
    """The form again, what will be sent, or the request itself, as the button pressed says."""
    form = await read_form(request)
    site, view, draft = site_of(request), view_of(request, form.get("lang")), draft_of(form)
    session = session_for(request, form)
    transcript = await run_in_threadpool(transcript_of, site, session)
    wrong = problems_of(site, draft)
    if form.get("act") == "change":
        return _form(request, view, transcript, draft)
    if wrong:
        problems = {field: view.plain(key, limit=f"{LONGEST:,}") for field, key in wrong.items()}
        return _form(request, view, transcript, draft, problems)
    if form.get("act") != "send":
        return _check(request, view, transcript, draft)
    return await _send(request, view, transcript, draft, session)


async def _send(request: Request, view: View, transcript: Transcript, draft: Draft, session: str) -> Response:
    site = site_of(request)
    await or_wait(request, draft.message, session, "handover")
    wanted = wanted_of(site, session, transcript, draft)
    try:
        done = await site.lanes.urgent(lambda: site.front.hand_over(wanted))
    except KeyReusedError:
        return _form(request, view, transcript, draft, {"message": view.plain("person_sent_before")})
    if done.help is not None:
        arrived = Arrived(CHANNEL, session, draft.message_id[:64], Incoming(draft.message, Role(draft.role)))
        return await show_help(request, view, arrived, done.help)
    response = go_to(view.to(done.path, sent="yes"))
    keep_session(request, response, session)
    return response


def _form(
    request: Request, view: View, transcript: Transcript, draft: Draft, problems: dict[str, str] | None = None
) -> Response:
    site = site_of(request)
    return page(
        request,
        "person.html",
        status=422 if problems else 200,
        view=view,
        title="talk",
        draft=draft,
        problems=problems or {},
        longest=LONGEST,
        queues=[
            {
                "value": queue.id,
                "label": queue.name,
                "hint": f"{queue.handles[:1].upper()}{queue.handles[1:]}. "
                + view.plain("person_replies_by", day=reply_day(site, queue.id, view.language)),
            }
            for queue in queues_to_ask(site)
        ],
        hows=[{"value": how, "label": view.plain(f"person_how_{how}")} for how in (HERE, EMAIL, PHONE)],
        safes=[{"value": "yes", "label": view.plain("person_safe_yes")}],
        needs=[{"value": need, "label": view.plain(f"need_{need}")} for need in FAMILY_NEEDS],
        ages=[
            {"value": "", "label": view.plain("age_not_said")},
            *({"value": age, "label": view.plain(f"age_{age}")} for age in AGE_BANDS),
        ],
        roles=[{"value": role, "label": view.plain(key)} for role, key in ROLES],
        lines=[
            {"value": str(turn.number), "label": turn.text[:300]}
            for turn in transcript.turns
            if turn.text and not turn.officer
        ],
        languages=[{"value": one.code, "label": one.own_name, "lang": one.code} for one in view.languages],
    )


def _check(request: Request, view: View, transcript: Transcript, draft: Draft) -> Response:
    site = site_of(request)
    hidden = site.front.office.assistant.hide(draft.message)
    shared = shared_lines(transcript, draft)
    how = {HERE: "", EMAIL: draft.email, PHONE: draft.phone}.get(draft.how, "")
    needs = [view.plain(f"need_{need}") for need in draft.needs]
    language = site.pack.phrases.languages.get(draft.language)
    rows = [
        ("person_queue", site.desk.queues[draft.queue].name),
        ("person_message", draft.message),
        ("person_shared", "\n".join(shared) if shared else view.plain("person_nothing")),
        ("person_how", " ".join(part for part in (view.plain(f"person_how_{draft.how}"), how) if part)),
        ("person_language", language.own_name if language else "English"),
        ("person_age", view.plain(f"age_{draft.age or 'not_said'}")),
        ("person_needs", ", ".join(needs) if needs else view.plain("person_nothing")),
    ]
    return page(
        request,
        "person_check.html",
        view=view,
        title="person_check_title",
        draft=draft,
        rows=[{"label": view.t(key), "value": value} for key, value in rows],
        redacted=bool(hidden.found),
        team=site.desk.queues[draft.queue].name,
        day=reply_day(site, draft.queue, view.language),
    )
