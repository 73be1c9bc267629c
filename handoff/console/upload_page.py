"""A file from an editor's own machine: read in the guarded child, kept as what waits, and shown with what would change.

Who sends it is known before a byte of the file is read: everybody else is turned away with the file unread.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from handoff.console import cookies
from handoff.console.documents_page import documents_page
from handoff.console.fence import UPLOAD, ConsoleRoute
from handoff.console.librarian import library_of
from handoff.console.visitor import Here, Visitor, expired, to
from handoff.content import ContentError, may_edit
from knowledge.sources.document import UnreadableError

router = APIRouter(route_class=ConsoleRoute)
LONGEST_NAME = 120


@router.post(UPLOAD)
async def upload(here: Here, request: Request) -> Response:
    """Read the file, keep it as what waits, and show that. What cannot be read is said, and nothing is kept."""
    if not may_edit(here.acting):
        raise HTTPException(403)
    try:
        form = await request.form(max_files=1, max_fields=4)
    except (MultiPartException, HTTPException):
        return documents_page(here, problem="Choose one file.", status=422)
    try:
        return await run_in_threadpool(_taken_in, here, form)
    finally:
        await form.close()


def _taken_in(here: Visitor, form: FormData) -> Response:
    if not cookies.form_is_ours(here.token, str(form.get("form_token", ""))):
        return expired(here)
    file, url = form.get("file"), str(form.get("url") or "").strip()
    if not isinstance(file, UploadFile) or not file.filename:
        return documents_page(here, problem="Choose a file.", status=422)
    name = file.filename.replace("\\", "/").rpartition("/")[2][-LONGEST_NAME:]
    try:
        id, waits = library_of(here).take_in(file.file.read(), name, url, here.acting.officer_id)
    except (UnreadableError, ContentError, ValueError) as error:
        return documents_page(here, problem=f"{name}: {error}", status=422)
    return to(f"/officers/documents/{id}" if waits else "/officers/documents?done=same")
