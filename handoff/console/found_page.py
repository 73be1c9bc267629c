"""Where what was read disagrees with something else: both sides, the gravest first, and an editor's ruling."""

from __future__ import annotations

import re
from typing import Annotated

import yaml
from fastapi import APIRouter, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import EditorPress, library_of, put_all_to_use, text_in_use
from handoff.console.visitor import Here, Visitor, to
from handoff.content import ContentError, may_edit
from knowledge.disagreeing.cards import FILE, Ruling

router = APIRouter(route_class=ConsoleRoute)
Id = Annotated[str, Path(pattern=r"^F[0-9a-f]{10}$")]
Short = Annotated[str, Form(max_length=400)]
CHOICES = {
    "one": "The first is right: the second is not shown any more",
    "other": "The second is right: the first is not shown any more",
    "withdrawn": "Neither may be shown",
    "open": "Leave it open: show families both",
    "apart": "They are about different things",
}


@router.get("/officers/found")
def found(here: Here, done: str = "") -> Response:
    """Every disagreement, the gravest first."""
    rows = sorted(library_of(here).pack().found.values(), key=lambda one: -one.disagreement.rank)
    return _page(here, rows, done=done == "ruled")


@router.post("/officers/found/{id}")
def rule(here: EditorPress, id: Id, choice: Short = "", why: Short = "") -> Response:
    """Rule on one: the answers follow at once."""
    pack = library_of(here).pack()
    one, said = pack.found.get(id), " ".join(why.split())
    if one is None:
        raise HTTPException(404)
    if choice not in CHOICES or not said:
        return _page(here, [one], "Choose one, and say why. The reason is kept.", 422)
    row = {"ruling": Ruling.SETTLED.value if choice in ("one", "other") else choice, "why": said}
    if choice in ("one", "other"):
        row["keep"] = one.disagreement.one.section if choice == "one" else one.disagreement.other.section
    try:
        put_all_to_use(here, {FILE: with_ruling(text_in_use(here, FILE), id, row)}, said, f"found:{id}")
    except ContentError as error:
        return _page(here, [one], str(error), 422)
    return to("/officers/found?done=ruled")


def with_ruling(text: str, id: str, row: dict[str, str]) -> str:
    """The file with this ruling in it, and every other as it was."""
    kept = re.sub(rf"^  {id}:.*\n(?:    .*\n)*", "", text, flags=re.MULTILINE)
    start = kept if re.search(r"^decisions:", kept, re.MULTILINE) else f"{kept}decisions:\n"
    said = yaml.safe_dump({id: row}, allow_unicode=True, sort_keys=True, width=1000)
    return start.rstrip("\n") + "\n" + "".join(f"  {line}\n" for line in said.splitlines())


def _page(here: Visitor, rows: object, problem: str = "", status: int = 200, *, done: bool = False) -> Response:
    pack = library_of(here).pack()
    return here.page(
        "found.html",
        here="Knowledge",
        status=status,
        rows=rows,
        titles={id: source.title for id, source in pack.sources.items()},
        dates={id: source.page_updated or "not known" for id, source in pack.sources.items()},
        choices=list(CHOICES.items()),
        problem=problem,
        done=done,
        may_edit=may_edit(here.acting),
    )
