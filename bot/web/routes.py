"""Routes: the page at /, the API, health."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup, escape
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot.assistant import Assistant
from bot.batch import converse
from bot.door import BadInputError, read_language, read_role, read_text
from bot.messages import LONGEST, Incoming, Reply, Role
from bot.plain import as_json, dates_of

TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
STARTERS = (
    "My child needs more help at school",
    "What is an EHC plan?",
    "What is the Mainstream Inclusion Partnership (MIP)?",
    "How do I book a SEND Surgery?",
    "My child is not in school",
    "Getting ready for adult life",
)


_NUMBER = re.compile(r"(?<![\w.])0\d[\d ]{7,12}\d(?!\w)")


def unbroken(text: str) -> Markup:
    """`text`, escaped, with phone numbers kept on one line and from left to right, also inside right-to-left text."""
    return Markup(_NUMBER.sub(lambda found: f'<bdi class="number">{found[0]}</bdi>', str(escape(text))))  # noqa: S704


TEMPLATES.env.filters["unbroken"] = unbroken


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


def create_app(assistant: Assistant) -> FastAPI:
    """The web application around `assistant`."""
    # FastAPI's own reference page loads scripts from outside; ours works with no network and no script.
    about = "Answers about SEND from a council's own pages, with sources."
    app = FastAPI(title="Askwell", description=about, docs_url=None, redoc_url=None)
    app.middleware("http")(_safe_headers)
    app.add_exception_handler(BadInputError, _bad_input)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _refused)

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs(request: Request) -> Response:
        shown = {"api": app.openapi(), "nonce": request.state.nonce}
        return TEMPLATES.TemplateResponse(request, "docs.html", shown)

    @app.get("/", response_class=HTMLResponse)
    async def page(request: Request) -> Response:
        """The page: a form, and below it what people often ask."""
        return _page(request, assistant)

    @app.post("/", response_class=HTMLResponse)
    async def page_answer(
        request: Request,
        question: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "family",
        language: Annotated[str, Form()] = "",
    ) -> Response:
        """The page with an answer."""
        try:
            incoming = Incoming(read_text(question), read_role(role), read_language(language))
        except BadInputError as error:
            return _page(request, assistant, problem=f"{error}.", status=422)
        if not incoming.text.strip():
            problem = assistant.engine.pack.phrases.say("no_question")
            return _page(request, assistant, incoming=incoming, problem=problem, status=422)
        reply = await run_in_threadpool(converse, assistant, [incoming])
        return _page(request, assistant, incoming=incoming, reply=reply)

    @app.post("/api/ask")
    async def api_ask(asked: Question) -> AnswerOut:
        """Answer one question."""
        incoming = Incoming(read_text(asked.question), asked.role, read_language(asked.language), asked.easy)
        reply = await run_in_threadpool(converse, assistant, [incoming])
        return AnswerOut(**as_json(reply, assistant.engine.pack))

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        """Whether the service is up, and whether its index is complete."""
        engine = assistant.engine
        complete = engine.made.calibration is not None
        return {"status": "ok", "pack": engine.pack.id, "answers": "meaning and words" if complete else "words alone"}

    return app


def _page(
    request: Request,
    assistant: Assistant,
    *,
    incoming: Incoming | None = None,
    reply: Reply | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    pack = assistant.engine.pack
    language = reply.language if reply else "en"

    def say(key: str, **values: str) -> str:
        return pack.phrases.say(key, language, **values)

    shown = {
        "pack": pack,
        "languages": pack.phrases.languages.values(),
        "incoming": incoming,
        "reply": reply,
        "problem": problem,
        "starters": STARTERS,
        "longest": LONGEST,
        "say": say,
        "dates_of": lambda citation: dates_of(citation, say),
        "direction": pack.phrases.direction(language),
        "nonce": request.state.nonce,
        "emergency": pack.contacts["emergency"],
    }
    return TEMPLATES.TemplateResponse(request, "page.html", shown, status_code=status)


async def _safe_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """A strict content policy: our own inline style by nonce, no script, no frame, nothing from elsewhere."""
    request.state.nonce = secrets.token_urlsafe(16)
    response = await answer(request)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{request.state.nonce}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


async def _bad_input(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=422)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": str(error.detail)}, status_code=error.status_code)


async def _unreadable(_request: Request, error: Exception) -> Response:
    """What could not be read, without echoing what was sent."""
    assert isinstance(error, RequestValidationError)
    faults = [{"where": ".".join(map(str, fault["loc"])), "why": fault["msg"]} for fault in error.errors()]
    return JSONResponse({"error": "The request cannot be read.", "faults": faults}, status_code=422)
