"""What goes wrong, said to people on a page and to programs as JSON; what was sent is never echoed."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.door import BadInputError
from bot.front_desk import NotNowError
from bot.web.forms import StaleFormError
from bot.web.lanes import BusyError
from bot.web.layout import message_page, page
from bot.web.limiting import WaitError
from bot.web.security import wants_page
from bot.web.view import view_of
from handoff.database import UNAVAILABLE


def say_faults_plainly(app: FastAPI) -> None:
    """Register the answers to everything a page or the API may raise."""
    app.add_exception_handler(BadInputError, _bad_input)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(StaleFormError, _stale)
    app.add_exception_handler(NotNowError, _not_now)
    app.add_exception_handler(WaitError, _wait)
    app.add_exception_handler(BusyError, _busy)
    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, _no_database)


def fault_page(request: Request) -> Response:
    """For what nobody foresaw: plain words and no trace of what happened."""
    if wants_page(request):
        return message_page(request, "fault", status=503, retry_after=10)
    return JSONResponse({"error": "Not now. Please try again in a minute."}, 503, headers={"Retry-After": "10"})


async def _bad_input(request: Request, error: Exception) -> Response:
    if wants_page(request):
        return message_page(request, "refused", status=422)
    return JSONResponse({"error": str(error)}, status_code=422)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if wants_page(request):
        what = "not_here" if error.status_code == 404 else "refused"
        return message_page(request, what, status=error.status_code)
    return JSONResponse({"error": str(error.detail)}, status_code=error.status_code, headers=error.headers)


async def _unreadable(request: Request, error: Exception) -> Response:
    """What could not be read, without echoing what was sent."""
    assert isinstance(error, RequestValidationError)
    if wants_page(request):
        return message_page(request, "refused", status=422)
    faults = [{"where": ".".join(map(str, fault["loc"])), "why": fault["msg"]} for fault in error.errors()]
    return JSONResponse({"error": "The request cannot be read.", "faults": faults}, status_code=422)


async def _stale(request: Request, error: Exception) -> Response:
    """The same fields once more, under a fresh token: nobody types anything twice."""
    assert isinstance(error, StaleFormError)
    if not wants_page(request):
        return JSONResponse({"error": "Open the page again, and send the form from there."}, status_code=403)
    view = view_of(request, dict(error.fields).get("lang"))
    return page(
        request,
        "message.html",
        status=403,
        view=view,
        title="again_title",
        what="again",
        values={},
        fields=[(name, value) for name, value in error.fields if name != "lang"],
        again=request.url.path,
    )


async def _not_now(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotNowError)
    headers = {"Retry-After": str(error.retry_after)}
    if wants_page(request):
        return message_page(request, "fault", status=503, retry_after=error.retry_after)
    return JSONResponse({"error": error.reply.heading}, status_code=503, headers=headers)


async def _no_database(request: Request, _error: Exception) -> Response:
    return fault_page(request)


async def _wait(request: Request, error: Exception) -> Response:
    assert isinstance(error, WaitError)
    if wants_page(request):
        return message_page(request, "wait", status=429, retry_after=error.seconds, seconds=error.seconds)
    words = f"You have sent many messages in a short time. Try again in {error.seconds} seconds."
    return JSONResponse({"error": words}, 429, headers={"Retry-After": str(error.seconds)})


async def _busy(request: Request, _error: Exception) -> Response:
    if wants_page(request):
        return message_page(request, "busy", status=503, retry_after=30)
    return JSONResponse({"error": "Many people are asking at once. Try again in a minute."}, 503, {"Retry-After": "30"})
