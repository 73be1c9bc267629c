"""Who may open the pages of texts and sources, and the steps every one of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session
from starlette.exceptions import HTTPException

from handoff.console.ports import Library
from handoff.console.visitor import Here, Press, Visitor
from handoff.content import ContentError, apply_draft, draft, may_edit
from handoff.database import transaction
from handoff.models import ContentVersion
from knowledge.problems import PackError
from knowledge.working_hours import LONDON


def _editing(here: Press) -> Visitor:
    if not may_edit(here.acting):
        raise HTTPException(403)
    return here


def _looking_to_edit(here: Here) -> Visitor:
    if not may_edit(here.acting):
        raise HTTPException(403)
    return here


EditorPress = Annotated[Visitor, Depends(_editing)]
Editor = Annotated[Visitor, Depends(_looking_to_edit)]


def library_of(here: Visitor) -> Library:
    """The pack and what answers from it; raises a "not here" page where none is connected."""
    if here.office.library is None:
        raise HTTPException(404)
    return here.office.library


def today_of(here: Visitor) -> date:
    """The day it is in London."""
    return here.office.desk.now().astimezone(LONDON).date()


def keep_draft(here: Visitor, path: str, text: str, why: str, subject: str) -> ContentVersion:
    """A draft of the file, from the text in use. Raises `ContentError`."""
    was = text_in_use(here, path)
    return in_transaction(
        here, lambda session: draft(session, here.office.desk, here.acting, path, text, was, why, subject)
    )


def text_in_use(here: Visitor, path: str) -> str:
    """The file as Askwell answers from it; empty for one that is new."""
    try:
        return library_of(here).text_of(path)
    except KeyError:
        return ""


def put_to_use(here: Visitor, version: ContentVersion) -> None:
    """Answer from the draft from now on, without a restart. Raises `ContentError` with what is wrong with it."""
    library = library_of(here)
    if wrong := library.preview({version.path: version.text}).problems:
        raise ContentError("; ".join(wrong))
    was = text_in_use(here, version.path)
    in_transaction(here, lambda session: apply_draft(session, here.office.desk, here.acting, version.id, was))
    try:
        library.reindex()
    except PackError as error:
        raise ContentError(str(error)) from error


def put_all_to_use(here: Visitor, files: Mapping[str, str], why: str, subject: str) -> None:
    """Change several files together: all of them, or none. Raises `ContentError`."""
    library, desk = library_of(here), here.office.desk
    before = {path: text_in_use(here, path) for path in files}
    if wrong := library.preview(files).problems:
        raise ContentError("; ".join(wrong))
    with transaction(here.office.engine) as session:
        for path, text in files.items():
            if text != before[path]:
                made = draft(session, desk, here.acting, path, text, before[path], why, subject)
                apply_draft(session, desk, here.acting, made.id, before[path])
    try:
        library.reindex()
    except PackError as error:
        raise ContentError(str(error)) from error


def changed_at_once(here: Visitor, path: str, change: Callable[[str], str], why: str, subject: str) -> None:
    """A change so small that its draft is applied at once: a date, a state. Raises `ContentError` and `EditError`."""
    version = keep_draft(here, path, change(text_in_use(here, path)), why, subject)
    put_to_use(here, version)


def in_transaction(here: Visitor, act: Callable[[Session], ContentVersion]) -> ContentVersion:
    """What `act` gives, as it stands once it is committed."""
    with transaction(here.office.engine) as session:
        return act(session)
