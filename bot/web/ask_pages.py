"""The page on which people ask (ux.md W2 to W6): a form, then a redirect to the answer; with a script, parts of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.door import HARD_LIMIT, BadInputError, read_language, read_role
from bot.front_desk import NotNowError
from bot.messages import LONGEST, Arrived, Chosen, Incoming, Reply, Role
from bot.web.cookies import has_left, keep_session, session_of
from bot.web.forms import Form, read_form, session_for
from bot.web.lanes import BusyError
from bot.web.layout import go_to, message_page, page
from bot.web.limiting import WaitError, on_a_lane, or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL, Transcript, Turn, transcript_of
from bot.web.view import NONE, View, view_of
from handoff.cases.naming import status_path
from handoff.database import UNAVAILABLE

router = APIRouter(include_in_schema=False)
STARTERS = tuple(f"starter_{number}" for number in range(1, 7))
ROLES = ((Role.FAMILY, "i_am_family"), (Role.YOUNG_PERSON, "i_am_young"), (Role.SENCO, "i_am_senco"))
# Someone who comes back after this long is asked whether to carry on or start again.
AWAY = timedelta(minutes=30)
PARTS = "turns"


@dataclass(frozen=True)
class Asked:
    """What the form holds beside the question: who asks, in which language, in easy words or not."""

    role: str = Role.FAMILY
    language: str = ""
    easy: bool = False

    @property
    def open(self) -> bool:
        """Whether anything was chosen that the folded part of the form should show."""
        return self != Asked()


@router.get("/")
async def ask_page(request: Request) -> Response:
    """The conversation so far, and the box to go on."""
    if has_left(request):
        return message_left(request)
    transcript = await run_in_threadpool(transcript_of, site_of(request), session_of(request))
    return ask_page_with(request, view_of(request), transcript)


@router.get("/ask")
async def ask_link(request: Request) -> Response:
    """The address councils link to."""
    return RedirectResponse(view_of(request).to("/"), status_code=307)


@router.post("/")
async def ask(request: Request) -> Response:
    """Keep the question, answer it, and show the page with the answer."""
    form = await read_form(request)
    site, session = site_of(request), session_for(request, form)
    view = view_of(request, form.get("lang"), session)
    asked = _asked(form)
    text = form.get("question")
    if text == NONE and form.get("picking"):
        return go_to(view.to("/person", line=form.get("line")))
    if not text.strip():
        missing = view.plain("pick_one" if form.get("picking") else "no_question")
        return await _again(request, view, asked, "", missing, 422)
    if len(text) > HARD_LIMIT:
        return await _again(request, view, asked, text, view.plain("too_big", limit=f"{LONGEST:,}"), 422)
    try:
        await or_wait(request, text, session)
        arrived = _arrived(form, session, text, asked)
        reply = await on_a_lane(site, text, lambda: site.front.reply(arrived))
    except NotNowError as error:
        reply = error.reply
    except WaitError as error:
        return await _again(request, view, asked, text, view.plain("wait_body", seconds=error.seconds), 429)
    except BusyError:
        return await _again(request, view, asked, text, view.plain("busy_body"), 503)
    # A page that has the earlier turns wants the new ones alone: opening sealed words takes its time.
    seen = _seen(form.get("seen")) if wants_parts(request) else 0
    transcript = await run_in_threadpool(with_reply, site, session, arrived, reply, seen)
    if wants_parts(request):
        response = parts(request, view, transcript, seen)
    elif transcript.kept:
        response = go_to(view.to(f"/#a{transcript.last}"))
    else:
        response = ask_page_with(request, view, transcript)
    keep_session(request, response, session)
    return response


@router.get("/turns")
async def turns(request: Request, seen: str = "0") -> Response:
    """What has been said since turn `seen`, as parts of the page."""
    transcript = await run_in_threadpool(transcript_of, site_of(request), session_of(request), _seen(seen))
    return parts(request, view_of(request), transcript, _seen(seen))


async def help_first(request: Request, view: View, arrived: Arrived) -> Response:
    """Someone may be at risk, on whatever page they wrote it: the numbers at once, and the children's team is told."""
    site = site_of(request)
    return await show_help(request, view, arrived, await site.lanes.urgent(lambda: site.front.reply(arrived)))


async def show_help(request: Request, view: View, arrived: Arrived, reply: Reply) -> Response:
    """The conversation with the help that was said to `arrived`, also when the records are away."""
    site, session = site_of(request), arrived.address
    transcript = await run_in_threadpool(with_reply, site, session, arrived, reply)
    response = go_to(view.to(f"/#a{transcript.last}")) if transcript.kept else ask_page_with(request, view, transcript)
    keep_session(request, response, session)
    return response


def ask_page_with(
    request: Request,
    view: View,
    transcript: Transcript,
    asked: Asked | None = None,
    draft: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    """The page, with what was typed still in the box when there is a `problem`."""
    site = site_of(request)
    shown = page(
        request,
        "ask.html",
        status=status,
        view=view,
        turns=transcript.turns,
        since=_since(site, view, transcript),
        request_path=status_path(site.desk, transcript.case_id) if transcript.case_id else "",
        waits=transcript.case_id is not None or any(turn.reply is None for turn in transcript.turns),
        degraded=site.front.office.assistant.engine.made.calibration is None,
        chosen=asked or _chosen(transcript.chosen),
        roles=[{"value": role, "label": view.plain(key)} for role, key in ROLES],
        answer_languages=[
            {"value": "", "label": view.plain("language_i_write"), "lang": view.language},
            *({"value": one.code, "label": one.own_name, "lang": one.code} for one in view.languages),
        ],
        starters=STARTERS,
        longest=LONGEST,
        draft=draft,
        problems={"question": problem} if problem else {},
    )
    if status in (429, 503):
        shown.headers["Retry-After"] = "30"
    return shown


def wants_parts(request: Request) -> bool:
    """Whether the page's own script asks for the new turns alone."""
    return request.headers.get("x-askwell") == PARTS


def parts(request: Request, view: View, transcript: Transcript, seen: int) -> Response:
    """The turns after `seen`, rendered as on the page; 204 when there are none."""
    fresh = tuple(turn for turn in transcript.turns if turn.number > seen)
    if not fresh:
        return Response(status_code=204)
    shown = page(request, "turns.html", view=view, turns=fresh)
    # The forms that are on the page already were made before this browser had its session.
    shown.headers["X-Askwell-Token"] = view.token
    return shown


def message_left(request: Request) -> Response:
    """The page of someone who left a moment ago: empty, until they say otherwise."""
    return message_page(request, "left", status=200)


async def _again(request: Request, view: View, asked: Asked, draft: str, problem: str, status: int) -> Response:
    if wants_parts(request):
        headers = {"Retry-After": "30"} if status in (429, 503) else {}
        return JSONResponse({"error": problem}, status_code=status, headers=headers)
    transcript = await run_in_threadpool(transcript_of, site_of(request), session_of(request))
    return ask_page_with(request, view, transcript, asked, draft, problem, status)


def _asked(form: Form) -> Asked:
    return Asked(read_role(form.get("role")), form.get("language")[:16], form.get("easy") == "yes")


def _arrived(form: Form, session: str, text: str, asked: Asked) -> Arrived:
    if not form.get("message_id"):
        raise BadInputError("this form has no number of its own")
    role = Role(asked.role)
    language = read_language(asked.language)
    incoming = Incoming(text, role, language, asked.easy, as_written=form.get("as_written") == "yes")
    # The page always sends these, so what it sends is what the person chose, also when they went back to the first.
    chosen = Chosen(role, language, asked.easy) if "role" in dict(form.fields) else Chosen()
    return Arrived(CHANNEL, session, form.get("message_id")[:64], incoming, chosen)


def _chosen(before: Chosen) -> Asked:
    """What the person chose earlier, so that they need not choose again."""
    return Asked(before.role or Role.FAMILY, before.language or "", bool(before.easy))


def with_reply(site: Site, session: str, arrived: Arrived, reply: Reply, after: int = 0) -> Transcript:
    """The conversation after a turn, with `reply` in it also when the records are away or do not hold it yet.

    Help is never lost.
    """
    try:
        transcript = transcript_of(site, session, after)
    except UNAVAILABLE:
        transcript = Transcript()
    told = (turn.reply for turn in transcript.turns[-3:] if turn.reply)
    if any((one.status, one.heading) == (reply.status, reply.heading) for one in told):
        return transcript
    said = site.front.office.assistant.hide(arrived.incoming.text)
    turn = Turn(transcript.last + 1, site.now(), said.text, reply, redacted=bool(said.found))
    waiting = tuple(one for one in transcript.turns if one.reply or one.officer)
    return replace(transcript, turns=(*waiting, turn), kept=False)


def _seen(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _since(site: Site, view: View, transcript: Transcript) -> str:
    if not transcript.turns or site.now() - transcript.turns[-1].at < AWAY:
        return ""
    return view.day(transcript.turns[-1].at)
