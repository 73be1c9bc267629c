"""Plan and publish: a planned session becomes rows, and then something families can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from handoff import audit
from handoff.bookings.offering import offer_places
from handoff.bookings.places import lock
from handoff.bookings.subscriptions import tell_dates_are_out
from handoff.desk import Desk
from handoff.models import Attendee, Slot, Surgery, SurgeryState
from handoff.rights import Acting
from handoff.surgeries.planned import Planned, faults
from handoff.surgeries.rights import check_may_run
from knowledge.calendar import WorkingCalendar


class PlanError(Exception):
    """A session cannot be planned, published or changed as asked. The message says what to do."""


@dataclass(frozen=True)
class Plan:
    """What planning did: `new`, `changed` or `same`."""

    surgery: Surgery
    did: str


def plan(
    session: Session,
    desk: Desk,
    acting: Acting,
    planned: Planned,
    calendar: WorkingCalendar,
    *,
    example: bool = False,
) -> Plan:
    """The session as a draft; planned again under its code, a draft takes the new facts.

    Raises `PlanError` for a session with faults, and for one that families can see already and that would change:
    that is moved or withdrawn instead, so that everybody booked is told. Raises `MayNotRunError`.
    """
    check_may_run(acting)
    if wrong := faults(planned, calendar, desk.now()):
        raise PlanError("; ".join(wrong))
    found = session.exec(
        select(Surgery).where(Surgery.pack == desk.pack, Surgery.code == planned.code).with_for_update()
    ).first()
    if found is None:
        surgery = Surgery(pack=desk.pack, id=desk.new_id(), code=planned.code, made_at=desk.now(), **_facts(planned))
        surgery.example = example
        session.add(surgery)
        session.flush()
        _write_parts(session, desk, surgery, planned)
        return _noted(session, desk, acting, surgery, "new")
    if _same(session, desk, found, planned):
        return Plan(found, "same")
    if found.state is not SurgeryState.DRAFT:
        raise PlanError(f"{planned.code} is {found.state} already. Move or withdraw it, so that families are told")
    for name, value in _facts(planned).items():
        setattr(found, name, value)
    found.version += 1
    session.add(found)
    for table in (Slot, Attendee):
        gone = delete(table).where(col(table.pack) == desk.pack, col(table.surgery_id) == found.id)
        session.execute(gone.execution_options(synchronize_session=False))
    session.flush()
    _write_parts(session, desk, found, planned)
    return _noted(session, desk, acting, found, "changed")


def publish(session: Session, desk: Desk, acting: Acting, code: str) -> Surgery:
    """Families can see the session from now on. Whoever waits is offered places first, by rule; whoever asked to hear
    of dates is told, once. Publishing what is published changes nothing. Raises `PlanError` and `MayNotRunError`.
    """
    check_may_run(acting)
    surgery = named(session, desk, code)
    if surgery.state is SurgeryState.PUBLISHED:
        return surgery
    if surgery.state is SurgeryState.WITHDRAWN:
        raise PlanError(f"{code} was withdrawn. Plan it again under another code")
    if surgery.starts_at <= desk.now():
        raise PlanError(f"{code} is in the past")
    surgery.state, surgery.published_at, surgery.version = SurgeryState.PUBLISHED, desk.now(), surgery.version + 1
    session.add(surgery)
    session.flush()
    offer_places(session, desk, surgery)
    tell_dates_are_out(session, desk)
    audit.record(session, desk, actor=acting.officer_id, act="published", kind="surgery", subject=surgery.id)
    return surgery


def named(session: Session, desk: Desk, code: str) -> Surgery:
    """The session with this code, locked. Raises `PlanError`."""
    id = session.exec(select(Surgery.id).where(Surgery.pack == desk.pack, Surgery.code == code)).first()
    if id is None:
        raise PlanError(f"There is no session called {code}. 'askwell surgeries list' shows their names")
    return lock(session, desk, id)[id]


def _facts(planned: Planned) -> dict[str, Any]:
    return {
        "series": planned.series,
        "kind": planned.kind,
        "area": planned.area,
        "venue": planned.venue,
        "address": planned.address,
        "online": planned.online,
        "starts_at": planned.moment(planned.starts).astimezone(UTC),
        "ends_at": planned.moment(planned.ends).astimezone(UTC),
        "drop_in_until": planned.moment(planned.drop_in_until).astimezone(UTC) if planned.drop_in_until else None,
        "features": " ".join(sorted(planned.features)),
        "travel": planned.travel,
        "bring": planned.bring,
        "late_call": planned.late_call,
    }


def _write_parts(session: Session, desk: Desk, surgery: Surgery, planned: Planned) -> None:
    for position, team in enumerate(planned.teams):
        session.add(Attendee(pack=desk.pack, id=desk.new_id(), surgery_id=surgery.id, team=team, position=position))
    for one in planned.slots:
        starts_at = planned.moment(one.at).astimezone(UTC)
        session.add(
            Slot(
                pack=desk.pack,
                id=desk.new_id(),
                surgery_id=surgery.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=one.minutes),
                who=one.who,
                capacity=one.places,
            )
        )
    session.flush()


def _same(session: Session, desk: Desk, surgery: Surgery, planned: Planned) -> bool:
    facts = all(getattr(surgery, name) == value for name, value in _facts(planned).items())
    slots = session.exec(select(Slot).where(Slot.pack == desk.pack, Slot.surgery_id == surgery.id)).all()
    wanted = {(planned.moment(one.at).astimezone(UTC), one.minutes, one.places, one.who) for one in planned.slots}
    kept = {(one.starts_at, (one.ends_at - one.starts_at).seconds // 60, one.capacity, one.who) for one in slots}
    teams = select(Attendee.team).where(Attendee.pack == desk.pack, Attendee.surgery_id == surgery.id)
    return facts and wanted == kept and set(session.exec(teams).all()) == set(planned.teams)


def _noted(session: Session, desk: Desk, acting: Acting, surgery: Surgery, did: str) -> Plan:
    audit.record(session, desk, actor=acting.officer_id, act=f"planned_{did}", kind="surgery", subject=surgery.id)
    return Plan(surgery, did)
