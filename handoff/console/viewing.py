"""O4: one case as its officer sees it: what was asked, shared and quoted, and everything that happened since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoff.cases.notes import notes_of
from handoff.cases.reading import OfficerView, open_for
from handoff.console.words import ACT, OUTCOME
from handoff.conversations import TEXT
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, Message, SafeContact, Status, Who
from handoff.officers import names
from handoff.rights import Acting
from knowledge.routing import SAFEGUARDING

MOST_LINES = 500
# What these did is on the page in the words themselves.
_SHOWN_AS_WORDS = (Act.REPLIED, Act.NOTED, Act.FAMILY_WROTE)
_CONTACT = {
    SafeContact.FULL: "",
    SafeContact.NEUTRAL: " (say nothing of the case there)",
    SafeContact.NOTHING: " (send nothing there)",
}


@dataclass(frozen=True)
class Happening:
    """One entry of a case's story. `kind` is how it looks: person, assistant, reply, note or event."""

    at: datetime
    kind: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class View:
    """A case, opened for one officer. `quoted` are the sections of the pack that Askwell had quoted to the family."""

    case: Case
    summary: str
    shared: tuple[str, ...]
    quoted: tuple[str, ...]
    contact: str
    happenings: tuple[Happening, ...]
    names: dict[str, str]
    mine: bool
    late: bool

    @property
    def address(self) -> str:
        """The address of the case's own page; its forms are below it."""
        return f"/officers/cases/{self.case.id}"

    @property
    def safeguarding(self) -> bool:
        """Whether the case is in the restricted queue."""
        return self.case.queue == SAFEGUARDING


def view_of(session: Session, desk: Desk, acting: Acting, case_id: str) -> View:
    """The case opened, which is itself noted in the audit chain.

    Raises `NoSuchCaseError`, and `ErasedError` when the family was erased.
    """
    opened = open_for(session, desk, acting, case_id)
    case, known = opened.case, names(session, desk)
    told = [*_events(desk, opened, known), *_said(session, desk, case, known)]
    told += _notes(session, desk, acting, case, known)
    clock_runs = case.answered_at is None and case.status not in (Status.DONE, Status.WAITING_FOR_FAMILY)
    return View(
        case=case,
        summary=opened.summary,
        shared=opened.shared,
        quoted=_quoted(session, desk, case),
        contact=f"{opened.contact.channel}: {opened.contact.to}{_CONTACT[opened.contact.safe]}"
        if opened.contact
        else "",
        happenings=tuple(sorted(told, key=lambda one: one.at)),
        names=known,
        mine=case.owner_id == acting.officer_id,
        late=clock_runs and (case.late_at is not None or case.reply_by < desk.now()),
    )


def _said(session: Session, desk: Desk, case: Case, known: dict[str, str]) -> Iterator[Happening]:
    """What was said about this case. Of what was said before it, the family chose what to share."""
    mine = select(Message).where(Message.pack == desk.pack, Message.case_id == case.id)
    newest = session.exec(mine.order_by(col(Message.number).desc()).limit(MOST_LINES)).all()
    for line in reversed(newest):
        kind, title = {
            Who.PERSON: ("person", "The family wrote"),
            Who.ASSISTANT: ("assistant", "Askwell told the family"),
            Who.OFFICER: ("reply", f"{_name(known, line.officer_id)} replied to the family"),
        }[line.who]
        yield Happening(line.at, kind, title, desk.open(line.person_id, line.sealed_text, TEXT))


def _notes(session: Session, desk: Desk, acting: Acting, case: Case, known: dict[str, str]) -> Iterator[Happening]:
    for note in notes_of(session, desk, acting, case.id):
        yield Happening(note.at, "note", f"{_name(known, note.officer_id)} wrote for staff only", note.text)


def _events(desk: Desk, opened: OfficerView, known: dict[str, str]) -> Iterator[Happening]:
    for event in opened.events:
        if event.act not in _SHOWN_AS_WORDS:
            yield Happening(event.at, "event", _told(desk, event, known))


def _told(desk: Desk, event: CaseEvent, known: dict[str, str]) -> str:
    said = ACT[event.act]
    if event.act is Act.PASSED_ON:
        said = f"{said} to {_team(desk, event.detail.partition('>')[2])}"
    elif event.act is Act.WAIT_FOR_TEAM:
        said = f"{said}: {_team(desk, event.detail)}"
    elif event.act is Act.ASSIGNED:
        said = f"gave the case to {_name(known, event.detail)}"
    elif event.act in (Act.CLOSED, Act.CLOSE_ASKED):
        said = f"{said}: {OUTCOME.get(event.detail, event.detail)}"
    return f"{_name(known, event.officer_id)} {said}" if event.officer_id else said[:1].upper() + said[1:]


def _quoted(session: Session, desk: Desk, case: Case) -> tuple[str, ...]:
    mine = select(Message.sections).where(
        Message.pack == desk.pack,
        Message.conversation_id == case.conversation_id,
        Message.sections != "",
        col(Message.at) <= case.opened_at,
    )
    newest = session.exec(mine.order_by(col(Message.number).desc()).limit(20)).all()
    return tuple(dict.fromkeys(section for line in reversed(newest) for section in line.split()))


def _team(desk: Desk, queue: str) -> str:
    return desk.queues[queue].name if queue in desk.queues else queue


def _name(known: dict[str, str], officer_id: str | None) -> str:
    return known.get(officer_id or "", "A colleague")
