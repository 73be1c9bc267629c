"""Officers: added, given queues, refused a weak password, and gone at once when they leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_office import Clock
from sqlalchemy import Engine, text

from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OfficerRole, OfficerSession
from handoff.officers import (
    OfficerError,
    acting,
    add_officer,
    leave,
    names,
    officer_by_email,
    officers,
    set_password,
    set_queues,
    set_role,
)
from handoff.passwords import matches
from handoff.rights import Acting
from knowledge.routing import Queue

PASSWORD = "four plain words here"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    queues = {id: Queue(id, id.title(), "anything", 1) for id in ("send", "travel", "safeguarding")}
    return replace(desk, queues=queues)


def priya(engine: Engine, desk: Desk, **changed: object) -> str:
    given = {
        "email": "Priya@Littleham.example ",
        "name": "Priya Shah",
        "role": OfficerRole.OFFICER,
        "queues": frozenset({"send"}),
        "password": PASSWORD,
        **changed,
    }
    with transaction(engine) as session:
        return add_officer(session, desk, **given).id  # type: ignore[arg-type]


def test_an_officer_is_found_by_email_and_sees_only_the_queues_given(engine: Engine, desk: Desk) -> None:
    id = priya(engine, desk)
    with reading(engine) as session:
        found = officer_by_email(session, desk, " PRIYA@littleham.example")
        assert found is not None and found.id == id
        assert acting(session, desk, id) == Acting(id, OfficerRole.OFFICER, frozenset({"send"}))
        assert acting(session, desk, "nobody") is None


def test_a_password_is_kept_as_argon2id_of_19_mib_and_never_as_it_was(engine: Engine, desk: Desk) -> None:
    priya(engine, desk)
    with reading(engine) as session:
        kept = officer_by_email(session, desk, "priya@littleham.example")
        assert kept is not None and kept.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert matches(kept.password, PASSWORD) and not matches(kept.password, PASSWORD + " ")
        assert PASSWORD not in repr(session.execute(text("SELECT * FROM officer")).all())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "priya"}, "no email address"),
        ({"email": "pri\x00ya@a.example"}, "no email address"),
        ({"name": " "}, "Give the name"),
        ({"queues": frozenset({"trams"})}, "The queues are: safeguarding, send, travel"),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "repeats itself"),
        ({"password": "a b c d e" * 30}, "too long"),
    ],
)
def test_what_will_not_do_is_refused_with_what_to_do(
    engine: Engine, desk: Desk, given: dict[str, object], said: str
) -> None:
    with pytest.raises(OfficerError, match=said):
        priya(engine, desk, **given)
    with reading(engine) as session:
        assert officers(session, desk) == []


def test_an_address_is_given_once(engine: Engine, desk: Desk) -> None:
    priya(engine, desk)
    with pytest.raises(OfficerError, match="already"):
        priya(engine, desk, email="priya@littleham.example")


def test_queues_and_role_can_be_changed_and_take_effect_at_once(engine: Engine, desk: Desk) -> None:
    id = priya(engine, desk)
    with transaction(engine) as session:
        set_queues(session, desk, id, frozenset({"travel"}))
        set_role(session, desk, id, OfficerRole.LEAD)
    with reading(engine) as session:
        assert acting(session, desk, id) == Acting(id, OfficerRole.LEAD, frozenset({"travel"}))


def signed_in(engine: Engine, desk: Desk, id: str) -> None:
    now = desk.now()
    with transaction(engine) as session:
        session.add(OfficerSession(pack=desk.pack, id="s", officer_id=id, made_at=now, last_at=now, expires_at=now))


def sessions(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.execute(text("SELECT count(*) FROM officer_session")).scalar_one())


def test_a_leaver_is_gone_at_once_but_their_name_stays(engine: Engine, desk: Desk) -> None:
    id = priya(engine, desk)
    signed_in(engine, desk, id)
    with transaction(engine) as session:
        leave(session, desk, id)
    with reading(engine) as session:
        assert officer_by_email(session, desk, "priya@littleham.example") is None
        assert acting(session, desk, id) is None and officers(session, desk) == []
        assert names(session, desk) == {id: "Priya Shah"}
    assert sessions(engine) == 0
    with pytest.raises(OfficerError, match="have left"), transaction(engine) as session:
        leave(session, desk, id)


def test_a_new_password_signs_everyone_out(engine: Engine, desk: Desk) -> None:
    id = priya(engine, desk)
    signed_in(engine, desk, id)
    with transaction(engine) as session:
        set_password(session, desk, id, "another four plain words")
    assert sessions(engine) == 0


def test_another_councils_officer_is_a_stranger_here(engine: Engine, desk: Desk, clock: Clock) -> None:
    id = priya(engine, desk)
    elsewhere = replace(desk, pack="bigtown")
    with reading(engine) as session:
        assert acting(session, elsewhere, id) is None
        assert officer_by_email(session, elsewhere, "priya@littleham.example") is None
