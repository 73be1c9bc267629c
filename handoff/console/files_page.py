"""O12: what the pack's files set: teams, hours and closures, phrases, glossary, and the rules of the MIP check.

A file is changed as a whole, as a draft that the pack's own check must pass. Rules count from the date they name, and
a second person puts them to use.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import keep_draft, library_of, text_in_use
from handoff.console.visitor import Here, Press, Visitor, only, to
from handoff.content import ContentError, history
from handoff.database import reading
from handoff.models import OfficerRole
from handoff.officers import names
from handoff.retention_rules import KEEPING

router = APIRouter(route_class=ConsoleRoute)
Name = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]
Words = Annotated[str, Form(max_length=60_000)]
Why = Annotated[str, Form(max_length=2_000)]
FILES = {
    "queues": ("queues.yaml", "Teams, their hours, closures and promises", ""),
    "calendar": ("calendar.yaml", "Bank holidays and the council’s own closures", ""),
    "phrases": ("phrases/en.yaml", "What Askwell says in English", ""),
    "glossary": ("glossary.yaml", "Acronyms, other words and misspellings", ""),
    "rules": (
        "rules/mip.yaml",
        "Rules of the MIP check",
        "Say in the file from which date the rules count and who approved them. Another person puts them to use.",
    ),
    "keeping": (
        KEEPING,
        "How long what is kept",
        "Days are counted from the moment under after. Another person puts the rules to use, and the next daily sweep "
        "goes by them: what is older then goes for good.",
    ),
    "replies": ("replies.yaml", "Saved replies", "Each with the sources it stands on. Officers put them into a reply."),
}


def _looking(here: Here) -> Visitor:
    only(here, OfficerRole.ADMIN)
    return here


def _pressing(here: Press) -> Visitor:
    only(here, OfficerRole.ADMIN)
    return here


@router.get("/officers/settings/files/{name}")
def one_file(here: Annotated[Visitor, Depends(_looking)], name: Name) -> Response:
    """The file as it is in use, to be changed."""
    return _page(here, name)


@router.post("/officers/settings/files/{name}")
def change_file(here: Annotated[Visitor, Depends(_pressing)], name: Name, text: Words = "", why: Why = "") -> Response:
    """Keep the changed file as a draft, and show what is wrong with it or what it changes."""
    path = _path(name)
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    try:
        version = keep_draft(here, path, plain, why, f"file:{path}")
    except ContentError as error:
        return _page(here, name, text, why, str(error), 422)
    return to(f"/officers/knowledge/drafts/{version.id}")


def _path(name: str) -> str:
    if name not in FILES:
        raise HTTPException(404)
    return FILES[name][0]


def _page(here: Visitor, name: str, text: str = "", why: str = "", problem: str = "", status: int = 200) -> Response:
    path = _path(name)
    library_of(here)
    with reading(here.office.engine) as session:
        told, known = history(session, here.office.desk, f"file:{path}"), names(session, here.office.desk)
    return here.page(
        "file.html",
        here="Settings",
        status=status,
        file=name,
        title=FILES[name][1],
        more=FILES[name][2],
        text=text or text_in_use(here, path),
        why=why,
        problem=problem,
        history=told,
        names=known,
    )
