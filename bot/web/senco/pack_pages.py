"""The application pack from the page (F6): the SENCO's own words go in, a document comes out, nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.application.files import NAME, as_table
from bot.application.form import AGREEMENT, LONGEST_WORDS, PROMPTS, Application, application, to_json
from bot.application.pdf import as_pdf
from bot.door import BadInputError
from bot.mip_text import as_json as verdict_object
from bot.web.forms import Form, read_form
from bot.web.layout import page
from bot.web.senco.answers import read_child
from bot.web.senco.check_pages import Check, check_of
from knowledge.rules.decide import decide

router = APIRouter(include_in_schema=False)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"docx": WORD, "pdf": "application/pdf", "json": "application/json"}


@router.get("/check/pack")
async def pack_page(request: Request) -> Response:
    """Prompts for the SENCO's own words, what they hold, and who agreed."""
    return _form(request, check_of(request), Form([]))


@router.post("/check/pack")
async def make_pack(request: Request) -> Response:
    """The document that was asked for, as a file."""
    form = await read_form(request)
    check = check_of(request, form.fields)
    long = {id: check.view.plain("pack_too_long", limit=f"{LONGEST_WORDS:,}") for id in _long(form)}
    if long:
        return _form(request, check, form, long, 422)
    kind = form.get("kind")
    if kind not in KINDS:
        raise BadInputError("kind must be docx, pdf or json")
    made = await run_in_threadpool(_made, check, form, kind)
    return _file(made, KINDS[kind], f"{NAME}.{kind}")


@router.post("/check/table")
async def table(request: Request) -> Response:
    """A CSV with a line for each child or group of this sitting. They have numbers and no names."""
    form = await read_form(request)
    check = check_of(request, form.fields)
    given = [*(read_child(check.table, text) for text in check.carried.before), check.carried.answers]
    told = [
        {"id": number, **verdict_object(decide(check.table, answers), check.site.pack, check.today)}
        for number, answers in enumerate(given, start=1)
    ]
    return _file(as_table(told).encode("utf-8-sig"), "text/csv; charset=utf-8", "mip-checks.csv")


def _made(check: Check, form: Form, kind: str) -> bytes:
    made = _application(check, form)
    phrases = check.site.pack.phrases
    if kind == "docx":
        from bot.application.word import as_docx  # noqa: PLC0415  heavy, and wanted by few

        return as_docx(made, phrases)
    return as_pdf(made, phrases) if kind == "pdf" else to_json(made).encode()


def _application(check: Check, form: Form) -> Application:
    words = {id: form.get(id) for id in (*PROMPTS, *AGREEMENT, "meeting") if form.get(id)}
    held = frozenset(form.all("held"))
    return application(check.verdict, check.site.pack, check.today, words=words, held=held)


def _long(form: Form) -> list[str]:
    return [id for id in (*PROMPTS, *AGREEMENT, "meeting") if len(form.get(id)) > LONGEST_WORDS]


def _form(
    request: Request, check: Check, form: Form, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    say = check.site.pack.phrases.say
    return page(
        request,
        "senco/pack.html",
        status=status,
        title="pack_title",
        check=check,
        form=form,
        prompts=[(id, say(f"apply_{id}"), say(f"apply_{id}_hint")) for id in PROMPTS],
        agreement=[(id, say(f"apply_{id}")) for id in AGREEMENT],
        evidence=[{"value": what, "label": what} for what in check.table.evidence],
        problems=problems or {},
    )


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
