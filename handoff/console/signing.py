"""O1: signing in and out, and turning on a second step."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from handoff import audit
from handoff.console import cookies
from handoff.console.fence import ConsoleRoute
from handoff.console.ports import Office
from handoff.console.shown import page
from handoff.console.visitor import AtOffice, Here, Press, Visitor, to
from handoff.database import transaction
from handoff.sessions import sign_out
from handoff.sign_in import Admitted, SignInError, ThrottledError, sign_in
from handoff.two_step import address_for_app, new_secret, turn_off, turn_on

router = APIRouter(route_class=ConsoleRoute)
START = "/officers"
# Only our own pages, so that a link cannot send an officer elsewhere after signing in.
_OURS = re.compile(r"/officers(?:/[\w-]+)*(?:\?[\w=&%.+-]*)?", re.ASCII)
_SECRET = re.compile(r"[A-Z2-7]{32}")
Short = Annotated[str, Form(max_length=300)]
Words = Annotated[str, Form(max_length=20_000)]


def way_back(asked: str) -> str:
    """Where to go after signing in: the page that was asked for when it is ours, else the first page."""
    return asked if _OURS.fullmatch(asked) else START


@router.get("/officers/sign-in")
def ask_who(request: Request, office: AtOffice, next: str = START) -> Response:
    """The sign-in page."""
    return sign_in_page(request, office, back=way_back(next))


def sign_in_page(
    request: Request,
    office: Office,
    *,
    back: str,
    problem: str = "",
    email: str = "",
    draft: str = "",
    status: int = 200,
) -> Response:
    """The sign-in page, with what was typed before. `draft` is kept in it for the page it was written on."""
    visit = cookies.brought(request, cookies.VISIT) or secrets.token_urlsafe(24)
    shown = page(
        request,
        "sign_in.html",
        status=status,
        office=office,
        problem=problem,
        email=email,
        draft=draft,
        back=back,
        form_token=cookies.form_token(visit),
    )
    cookies.give(shown, cookies.VISIT, visit)
    return shown


@router.post("/officers/sign-in")
def enter(
    request: Request,
    office: AtOffice,
    email: Short = "",
    password: Short = "",
    code: Short = "",
    next: Short = START,
    draft: Words = "",
    form_token: Short = "",
) -> Response:
    """Sign in, or say why not."""
    back = way_back(next)

    def again(problem: str, status: int) -> Response:
        return sign_in_page(request, office, back=back, problem=problem, email=email, draft=draft, status=status)

    visit = cookies.brought(request, cookies.VISIT)
    if not cookies.form_is_ours(visit, form_token):
        return again("Your browser did not send this page's cookie. Allow cookies, use https, and try again.", 403)
    if not email.strip() or not password:
        return again("Enter your email address and your password.", 422)
    try:
        admitted = sign_in(
            office.engine,
            office.desk,
            email=email,
            password=password,
            code=code,
            device=cookies.brought(request, cookies.DEVICE),
            old=cookies.brought(request, cookies.SESSION),
        )
    except SignInError as error:
        return again(str(error), 429 if isinstance(error, ThrottledError) else 401)
    return _let_in(request, office, admitted, back, draft)


def _let_in(request: Request, office: Office, admitted: Admitted, back: str, draft: str) -> Response:
    token = cookies.form_token(admitted.token)
    response = page(request, "go_on.html", draft=draft, back=back, form_token=token) if draft else to(back)
    cookies.give(response, cookies.SESSION, admitted.token)
    cookies.give(response, cookies.DEVICE, admitted.device)
    cookies.take_back(response, cookies.VISIT)
    return response


@router.post("/officers/sign-out")
def leave(here: Press) -> Response:
    """Sign out of this browser."""
    office, officer = here.office, here.acting.officer_id
    with transaction(office.engine) as session:
        sign_out(session, office.desk, here.token)
        audit.record(session, office.desk, actor=officer, act="signed_out", kind="officer", subject=officer)
    response = to("/officers/sign-in")
    cookies.take_back(response, cookies.SESSION)
    return response


@router.get("/officers/two-steps")
def two_steps(here: Here) -> Response:
    """A second step at sign-in: the secret for the officer's phone."""
    return _two_step_page(here, new_secret())


def _two_step_page(here: Visitor, secret: str, problem: str = "", status: int = 200) -> Response:
    return here.page(
        "two_steps.html",
        status=status,
        problem=problem,
        secret=secret,
        address=address_for_app(secret, here.signed.email, here.office.council),
    )


@router.post("/officers/two-steps")
def change_two_steps(here: Press, do: Short = "", secret: Short = "", code: Short = "") -> Response:
    """Turn the second step on with a first code, or off."""
    office, officer = here.office, here.acting.officer_id
    if do not in ("on", "off") or (do == "on" and not _SECRET.fullmatch(secret)):
        return _two_step_page(here, new_secret(), "Use the page's own buttons.", 422)
    with transaction(office.engine) as session:
        if do == "off":
            turn_off(session, office.desk, officer)
        elif not turn_on(session, office.desk, officer, secret, code):
            return _two_step_page(here, secret, "That code is not right. Wait for the next one and enter it.", 422)
        act = f"two_steps_{do}"
        audit.record(session, office.desk, actor=officer, act=act, kind="officer", subject=officer)
    return to("/officers/two-steps")
