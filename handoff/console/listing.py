"""The cases an officer may see, as lists: filtered, sorted and counted in the database, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from handoff.cases.lateness import broken
from handoff.cases.opening import AGE_BANDS
from handoff.cases.sealed import SUMMARY
from handoff.console.shown import LONDON
from handoff.desk import Desk
from handoff.models import Case, Priority, Status
from handoff.rights import Acting, visible
from handoff.vault import ErasedError

PAGE = 50
LINE = 110
SORTS = ("reply_by", "opened_at", "status")
OWNERS = ("anyone", "me", "nobody")
ROLES = ("family", "young_person", "senco")
OPEN = tuple(status for status in Status if status is not Status.DONE)


@dataclass(frozen=True)
class Filter:
    """What an officer asked to see. It is the page's address, so that it can be kept and passed on."""

    queue: str = ""
    status: str = "open"
    owner: str = "anyone"
    role: str = ""
    language: str = ""
    age: str = ""
    due: str = ""
    sort: str = "reply_by"
    page: int = 1

    def address(self, **changed: object) -> str:
        """The queue page's address with this filter, some parts of it changed. What is as usual is left out."""
        wanted = replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]
        usual = Filter()
        parts = {name: value for name, value in vars(wanted).items() if value != getattr(usual, name)}
        return f"/officers/queues{'?' if parts else ''}{urlencode(parts)}"


@dataclass(frozen=True)
class Listed:
    """One line of a list: a case as it is told apart from the others."""

    id: str
    reference: str
    about: str
    queue: str
    role: str
    language: str
    needs: str
    age_band: str
    status: Status
    priority: Priority
    owner_id: str | None
    opened_at: datetime
    reply_by: datetime
    late: bool
    today: bool
    version: int = 0


def read_filter(given: Mapping[str, str], desk: Desk) -> Filter:
    """The filter an address asks for. What it does not know is left at what is usual."""
    page = given.get("page", "1")
    return Filter(
        queue=_among(given.get("queue", ""), tuple(desk.queues), ""),
        status=_among(given.get("status", ""), ("open", "all", *Status), "open"),
        owner=_among(given.get("owner", ""), OWNERS, "anyone"),
        role=_among(given.get("from", given.get("role", "")), ROLES, ""),
        language=given.get("language", "") if given.get("language", "").isalpha() else "",
        age=_among(given.get("age", ""), AGE_BANDS, ""),
        due=_among(given.get("due", ""), ("late", "today"), ""),
        sort=_among(given.get("sort", ""), SORTS, "reply_by"),
        page=int(page) if page.isascii() and page.isdigit() and 0 < int(page[:5]) < 10_000 and len(page) < 5 else 1,
    )


def _among(given: str, known: tuple[str, ...], usual: str) -> str:
    return given if given in known else usual


def listed(
    session: Session, desk: Desk, acting: Acting, wanted: Filter, since: datetime | None = None
) -> tuple[list[Listed], int]:
    """One page of the cases the officer may see and asked for (that came after `since`), and how many there are."""
    conditions = and_(visible(desk, acting), *_conditions(wanted, acting, desk.now()))
    if since is not None:
        conditions = and_(conditions, col(Case.opened_at) > since)
    count = session.exec(select(func.count()).select_from(Case).where(conditions)).one()
    order = {
        "reply_by": (col(Case.priority), col(Case.reply_by)),
        "opened_at": (col(Case.opened_at).desc(),),
        "status": (col(Case.status), col(Case.reply_by)),
    }[wanted.sort]
    found = select(Case).where(conditions).order_by(*order, col(Case.id))
    rows = session.exec(found.limit(PAGE).offset((wanted.page - 1) * PAGE)).all()
    return [_line(desk, row) for row in rows], count


def counted(session: Session, desk: Desk, acting: Acting, wanted: Filter) -> int:
    """How many cases the officer may see fit the filter."""
    conditions = and_(visible(desk, acting), *_conditions(wanted, acting, desk.now()))
    return session.exec(select(func.count()).select_from(Case).where(conditions)).one()


def _conditions(wanted: Filter, acting: Acting, now: datetime) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.queue:
        made.append(col(Case.queue) == wanted.queue)
    if wanted.status == "open":
        made.append(col(Case.status).in_(OPEN))
    elif wanted.status != "all":
        made.append(col(Case.status) == Status(wanted.status))
    if wanted.owner == "me":
        made.append(col(Case.owner_id) == acting.officer_id)
    elif wanted.owner == "nobody":
        made.append(col(Case.owner_id).is_(None))
    if wanted.role:
        made.append(col(Case.role) == wanted.role)
    if wanted.language:
        made.append(col(Case.language) == wanted.language)
    if wanted.age:
        made.append(col(Case.age_band) == wanted.age)
    if wanted.due:
        made.append(_unanswered())
        made.append(broken(now) if wanted.due == "late" else col(Case.reply_by).between(now, _midnight(now)))
    return made


def _unanswered() -> ColumnElement[bool]:
    """The clock of a promise runs while the family waits for us."""
    return col(Case.status).in_((Status.NEW, Status.WORKING, Status.WAITING_FOR_TEAM)) & col(Case.answered_at).is_(None)


def _midnight(now: datetime) -> datetime:
    tomorrow = now.astimezone(LONDON).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), LONDON)


def _line(desk: Desk, case: Case) -> Listed:
    now = desk.now()
    runs = case.answered_at is None and case.status not in (Status.DONE, Status.WAITING_FOR_FAMILY)
    return Listed(
        id=case.id,
        reference=case.reference,
        about=about(desk, case),
        queue=case.queue,
        role=case.role,
        language=case.language,
        needs=case.needs,
        age_band=case.age_band,
        status=case.status,
        priority=case.priority,
        owner_id=case.owner_id,
        opened_at=case.opened_at,
        reply_by=case.reply_by,
        late=runs and (case.late_at is not None or case.reply_by < now),
        today=runs and now <= case.reply_by < _midnight(now),
        version=case.version,
    )


def about(desk: Desk, case: Case) -> str:
    """What a case is about in one line."""
    try:
        summary = " ".join(desk.open(case.person_id, case.sealed_summary, SUMMARY).split())
    except ErasedError:
        return "Erased at the family's request"
    return summary if len(summary) <= LINE else f"{summary[: LINE - 1].rstrip()}…"
