"""Who is looking at a page. Pages take a `Here`, forms a `Press`: neither can be had without being signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from handoff.console import cookies
from handoff.console.fence import ElsewhereError, PageError
from handoff.console.ports import Office
from handoff.console.shown import fault_page, page
from handoff.database import reading, transaction
from handoff.models import OfficerRole
from handoff.rights import Acting
from handoff.sessions import SignedIn, signed_in, touch

SIGN_IN = "/officers/sign-in"


def office_of(request: Request) -> Office:
    """The office this console was made for."""
    office: Office = request.state.office
    return office


AtOffice = Annotated[Office, Depends(office_of)]


@dataclass(frozen=True)
class Visitor:
    """A signed-in officer at one page."""

    request: Request
    office: Office
    signed: SignedIn
    token: str

    @property
    def acting(self) -> Acting:
        return self.signed.acting

    @property
    def left(self) -> int:
        """For how many seconds they are signed in if nothing is pressed."""
        return max(0, int((self.signed.ends_at - self.office.desk.now()).total_seconds()))

    def page(self, name: str, *, status: int = 200, **shown: object) -> Response:
        """The page `name` for this officer."""
        self.request.state.scripts = True
        form = cookies.form_token(self.token)
        return page(self.request, name, status=status, visitor=self, office=self.office, form_token=form, **shown)

    def queue_name(self, queue: str) -> str:
        """A queue by its team's name."""
        known = self.office.desk.queues.get(queue)
        return known.name if known else queue


def visitor(request: Request, office: AtOffice) -> Visitor:
    """The officer who looks. Raises `ElsewhereError` (to the sign-in page) when nobody is signed in."""
    token = cookies.brought(request, cookies.SESSION)
    with reading(office.engine) as session:
        found = signed_in(session, office.desk, token)
    if found is None:
        raise _sign_in_first(request)
    if found.stale:
        with transaction(office.engine) as session:
            touch(session, office.desk, token)
    return Visitor(request, office, found, token)


Here = Annotated[Visitor, Depends(visitor)]


def pressing(here: Here, form_token: Annotated[str, Form(max_length=64)] = "") -> Visitor:
    """The officer who pressed a button of a form this browser was given. Raises `PageError` otherwise."""
    if not cookies.form_is_ours(here.token, form_token):
        raise PageError(expired(here))
    return here


def expired(here: Visitor) -> Response:
    """The answer to a form that this browser was not given."""
    return fault_page(here.request, 403, "This form has expired", "Open the page again and send it anew.")


Press = Annotated[Visitor, Depends(pressing)]


def only(here: Visitor, *roles: OfficerRole) -> None:
    """Raises a "no access" page for an officer with none of these roles."""
    if here.acting.role not in roles:
        raise HTTPException(403)


def _sign_in_first(request: Request) -> ElsewhereError | PageError:
    """To the sign-in page and back. A strict cookie is not sent when a link on another site leads here: ask again."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        return ElsewhereError(SIGN_IN)
    if request.headers.get("sec-fetch-site") == "cross-site" and not request.cookies:
        return PageError(page(request, "came_from_elsewhere.html", to=here))
    return ElsewhereError(f"{SIGN_IN}?next={quote(here, safe='')}")


def to(path: str) -> Response:
    """After a form: another page, so that reloading it sends nothing twice."""
    return RedirectResponse(path, status_code=303)
