"""O7: the texts themselves. Read, edit and add a section, see which answers change, put it to use, take files away."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.gaps_page import ways_of_asking
from handoff.console.librarian import Editor, EditorPress, keep_draft, library_of, put_to_use, text_in_use
from handoff.console.visitor import Here, Visitor, to
from handoff.content import ContentError, drafts, drop, history, in_use, may_edit
from handoff.database import reading, transaction
from handoff.models import ContentVersion, VersionState
from handoff.officers import names
from knowledge.article import Article, Section
from knowledge.editing import EditError, section_text, with_new_section, with_section
from knowledge.sources.shelving import is_document

router = APIRouter(route_class=ConsoleRoute)
Name = Annotated[str, Path(pattern=r"^[0-9A-Za-z._-]{1,100}$")]
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]
Words = Annotated[str, Form(max_length=40_000)]
Why = Annotated[str, Form(max_length=2_000)]
ROWS = 18
WAYS = ("first way families ask for it", "second way", "third way")
NOT_FOUND = "Not found: the family is offered a person"

EMPTY = """## Heading {{#short-name}}

```yaml
asked_as:
{}
```

Write here. [{}]
"""


@router.get("/officers/knowledge/texts")
def texts(here: Here, q: str = "") -> Response:
    """Every article with its sections; those with these words in their heading when the address says so."""
    wanted = q.strip().lower()[:100]
    articles = sorted(library_of(here).pack().articles.values(), key=lambda one: one.title.lower())
    articles = [one for one in articles if not is_document(one)]
    found = [(one, [each for each in one.sections if wanted in each.heading.lower()]) for one in articles]
    with reading(here.office.engine) as session:
        waiting, known = drafts(session, here.office.desk), names(session, here.office.desk)
    return here.page(
        "texts.html",
        here="Knowledge",
        articles=[(one, sections) for one, sections in found if sections],
        q=q.strip()[:100],
        drafts=waiting,
        names=known,
        may_edit=may_edit(here.acting),
    )


@router.get("/officers/knowledge/texts/{article}/new")
def new_section(here: Editor, article: Name, gap: str = "") -> Response:
    """The form for one more section of an article; with the words of the gap that the address names."""
    one = _article(here, article)
    asked = ways_of_asking(here, gap) if gap else []
    lines = "\n".join(f"  - {json.dumps(text, ensure_ascii=False)}" for text in asked or WAYS)
    return _form(here, one, None, EMPTY.format(lines, next(iter(_sources(one)), "askwell")))


@router.post("/officers/knowledge/texts/{article}/new")
def add_section(here: EditorPress, article: Name, text: Words = "", why: Why = "") -> Response:
    """Keep the new section as a draft, and show what it would change."""
    one = _article(here, article)
    try:
        whole = with_new_section(text_in_use(here, one.path), _plain(text))
        found = re.search(r"\{#([a-z0-9-]+)\}", text)
        return _kept(here, keep_draft(here, one.path, whole, why, f"{article}#{found[1] if found else ''}"))
    except (ContentError, EditError) as error:
        return _form(here, one, None, text, why, str(error), 422)


@router.get("/officers/knowledge/texts/{article}/{anchor}")
def one_text(here: Here, article: Name, anchor: Name) -> Response:
    """One section as it is in use, to be read and, by an editor, to be changed."""
    section = _section(here, article, anchor)
    return _form(here, _article(here, article), section, section_text(text_in_use(here, _path(here, article)), anchor))


@router.post("/officers/knowledge/texts/{article}/{anchor}")
def change_text(here: EditorPress, article: Name, anchor: Name, text: Words = "", why: Why = "") -> Response:
    """Keep the changed section as a draft, and show what it would change."""
    one, section = _article(here, article), _section(here, article, anchor)
    try:
        whole = with_section(text_in_use(here, one.path), anchor, _plain(text))
        return _kept(here, keep_draft(here, one.path, whole, why, section.id))
    except (ContentError, EditError) as error:
        return _form(here, one, section, text, why, str(error), 422)


@router.get("/officers/knowledge/drafts/{id}")
def one_draft(here: Here, id: Id, done: str = "") -> Response:
    """A draft: what is wrong with it, or which answers it would change."""
    return _draft_page(here, _draft(here, id), done=done == "applied")


@router.post("/officers/knowledge/drafts/{id}/apply")
def apply_it(here: EditorPress, id: Id) -> Response:
    """Answer from this draft from now on."""
    version = _draft(here, id)
    try:
        put_to_use(here, version)
    except ContentError as error:
        return _draft_page(here, version, problem=str(error), status=409)
    return to(f"/officers/knowledge/drafts/{id}?done=applied")


@router.post("/officers/knowledge/drafts/{id}/drop")
def drop_it(here: EditorPress, id: Id) -> Response:
    """Nobody wants this draft any more."""
    with transaction(here.office.engine) as session:
        drop(session, here.office.desk, here.acting, _draft(here, id).id)
    return to("/officers/knowledge/texts")


@router.get("/officers/knowledge/export")
def take_away(here: Here) -> Response:
    """Every file that officers changed, as the pack has it, to be laid over the pack's own folder."""
    with reading(here.office.engine) as session:
        files = in_use(session, here.office.desk)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(path, text)
    name = f"{here.office.desk.pack}-texts.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kept(here: Visitor, version: ContentVersion) -> Response:
    return to(f"/officers/knowledge/drafts/{version.id}")


def _draft(here: Visitor, id: str) -> ContentVersion:
    with reading(here.office.engine) as session:
        found = session.get(ContentVersion, (here.office.desk.pack, id))
    if found is None:
        raise HTTPException(404)
    return found


def _article(here: Visitor, id: str) -> Article:
    found = library_of(here).pack().articles.get(id)
    if found is None or is_document(found):
        raise HTTPException(404)
    return found


def _path(here: Visitor, article: str) -> str:
    return _article(here, article).path


def _section(here: Visitor, article: str, anchor: str) -> Section:
    _article(here, article)
    found = library_of(here).pack().sections.get(f"{article}#{anchor}")
    if found is None:
        raise HTTPException(404)
    return found


def _sources(article: Article) -> list[str]:
    return [source for section in article.sections for claim in section.claims for source in claim.sources]


def _form(
    here: Visitor,
    article: Article,
    section: Section | None,
    text: str,
    why: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    pack = library_of(here).pack()
    with reading(here.office.engine) as session:
        told = history(session, here.office.desk, section.id) if section else ()
        known = names(session, here.office.desk)
    return here.page(
        "text.html",
        here="Knowledge",
        status=status,
        article=article,
        section=section,
        text=text,
        why=why,
        rows=max(ROWS, text.count("\n") + 2),
        problem=problem,
        sources=[pack.sources[id] for id in dict.fromkeys(_sources(article)) if id in pack.sources],
        history=told,
        names=known,
        may_edit=may_edit(here.acting),
    )


def _draft_page(
    here: Visitor, version: ContentVersion, *, done: bool = False, problem: str = "", status: int = 200
) -> Response:
    waits = version.state is VersionState.DRAFT
    preview = library_of(here).preview({version.path: version.text}) if waits else None
    return here.page(
        "draft.html",
        here="Knowledge",
        status=status,
        version=version,
        shown=_words_of(version),
        preview=preview,
        waits=waits,
        done=done,
        problem=problem,
        title_of=lambda section: (
            here.office.title_of(section) if section else "Not found: the family is offered a person"
        ),
        may_edit=may_edit(here.acting),
    )


def _words_of(version: ContentVersion) -> str:
    """The section the draft is about; the whole file when it is about no section."""
    try:
        return section_text(version.text, version.subject.partition("#")[2])
    except EditError:
        return version.text
