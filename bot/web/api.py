"""The API: one question and its answer, health, and a reference that needs no script."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from bot.batch import converse
from bot.door import read_language, read_text
from bot.messages import Incoming, Role
from bot.plain import as_json
from bot.web.layout import page
from bot.web.limiting import on_a_lane, or_wait
from bot.web.site import site_of

router = APIRouter()


class Question(BaseModel):
    """What `POST /api/ask` takes."""

    question: str = Field(max_length=20_000, description="The person's own words.")
    role: Role = Role.FAMILY
    language: str | None = Field(default=None, max_length=35, description="A code such as pa; found out when absent.")
    easy: bool = Field(default=False, description="Write the text in easy words where there are any.")


class CitationOut(BaseModel):
    """A page an answer quotes, and what it quotes from it."""

    url: str | None
    title: str
    quote: str
    passage: str
    page_updated: str | None
    checked: str | None


class EasyOut(BaseModel):
    """The answer in easy words, and whether a person has compared the two."""

    text: str
    checked: bool
    note: str


class AnswerOut(BaseModel):
    """What `POST /api/ask` gives: the same object as `askwell ask --json`."""

    outcome: str
    status: str
    text: str
    citations: list[CitationOut]
    confidence: float
    language: str
    easy: EasyOut | None
    next_steps: list[str]


class Fault(BaseModel):
    """Why a request was not answered, and nothing of what it held."""

    error: str
    faults: list[dict[str, str]] = []


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault} for status in (400, 403, 404, 405, 413, 421, 422, 429, 503)
}


@router.post("/api/ask", responses=REFUSALS)
async def api_ask(request: Request, asked: Question) -> AnswerOut:
    """Answer one question. Nothing is kept."""
    site = site_of(request)
    incoming = Incoming(read_text(asked.question), asked.role, read_language(asked.language), asked.easy)
    assistant = site.front.office.assistant
    await or_wait(request, incoming.text, None)
    reply = await on_a_lane(site, incoming.text, lambda: converse(assistant, [incoming]))
    return AnswerOut(**as_json(reply, site.pack))


@router.get("/healthz", responses={405: {"model": Fault}, 421: {"model": Fault}})
async def healthz(request: Request) -> dict[str, Any]:
    """Whether the service is up, and whether its index is complete."""
    engine = site_of(request).front.office.assistant.engine
    complete = engine.made.calibration is not None
    return {"status": "ok", "pack": engine.pack.id, "answers": "meaning and words" if complete else "words alone"}


@router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
async def docs(request: Request) -> Response:
    """The reference of the API."""
    return page(request, "docs.html", title="api_title", api=request.app.openapi())
