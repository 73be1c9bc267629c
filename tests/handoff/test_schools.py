"""Schools come in by an officer's invitation, through a link that works once, and go when they are told to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_office import Clock
from sqlalchemy import Engine

from handoff.database import transaction
from handoff.desk import Desk
from handoff.letters import Parcel
from handoff.outbox import mark_sent, take_due
from handoff.retention import sweep_retention
from handoff.schools import SchoolError, end_access, enter, invite, leave, school_of, schools, send_link
from knowledge.phrases import Phrases

EMAIL = "senco@bridge.example.sch.uk"
LINK = "https://askwell.example/schools/enter/"


@pytest.fixture
def desk(desk: Desk, little_pack) -> Desk:
    kinds = ("school_invited", "school_link")
    said = {f"{kind}{part}": "For {school}" if not part else "A link" for kind in kinds for part in ("", "_subject")}
    return replace(desk, phrases=_with(little_pack.phrases, said))


def _with(phrases: Phrases, said: dict[str, str]) -> Phrases:
    english = phrases.languages["en"]
    return Phrases({**phrases.languages, "en": replace(english, phrases={**english.phrases, **said})})


def invited(engine: Engine, desk: Desk, email: str = EMAIL) -> str:
    with transaction(engine) as session:
        invite(session, desk, email=email, school="Bridge School", by="priya", link_to=LINK)
    return token_of(sent(engine, desk)[-1])


def sent(engine: Engine, desk: Desk) -> list[Parcel]:
    with transaction(engine) as session:
        parcels = take_due(session, desk, "worker", 100)
        assert all(mark_sent(session, desk, parcel) for parcel in parcels)
        return parcels


def token_of(parcel: Parcel) -> str:
    return parcel.link.removeprefix(LINK)


def test_tom_comes_in_with_the_link_he_was_sent(engine: Engine, desk: Desk) -> None:
    token = invited(engine, desk)
    with transaction(engine) as session:
        cookie = enter(session, desk, token)
        access = school_of(session, desk, cookie)
        assert access is not None and access.school == "Bridge School" and access.accepted_at


def test_a_link_works_once(engine: Engine, desk: Desk) -> None:
    token = invited(engine, desk)
    with transaction(engine) as session:
        enter(session, desk, token)
    with pytest.raises(SchoolError, match="used"), transaction(engine) as session:
        enter(session, desk, token)


def test_an_old_link_and_an_invented_one_are_refused(engine: Engine, desk: Desk, clock: Clock) -> None:
    token = invited(engine, desk)
    clock.move(days=7)
    for tried in (token, "", "x" * 500):
        with pytest.raises(SchoolError), transaction(engine) as session:
            enter(session, desk, tried)


def test_ben_gets_no_link_and_learns_nothing(engine: Engine, desk: Desk) -> None:
    invited(engine, desk)
    with transaction(engine) as session:
        send_link(session, desk, email="ben@elsewhere.example", link_to=LINK)
    assert sent(engine, desk) == []
    with transaction(engine) as session:
        assert school_of(session, desk, "") is None and school_of(session, desk, "guess") is None


def test_a_school_asks_for_a_new_link_whenever_it_comes_back(engine: Engine, desk: Desk, clock: Clock) -> None:
    invited(engine, desk)
    clock.move(days=100)
    with transaction(engine) as session:
        send_link(session, desk, email=f" {EMAIL.upper()} ", link_to=LINK)
    (parcel,) = sent(engine, desk)
    assert parcel.to == EMAIL
    with transaction(engine) as session:
        assert school_of(session, desk, enter(session, desk, token_of(parcel)))


def test_an_officer_ends_it_in_every_browser_and_for_every_open_link(engine: Engine, desk: Desk) -> None:
    token = invited(engine, desk)
    with transaction(engine) as session:
        cookie = enter(session, desk, token)
        send_link(session, desk, email=EMAIL, link_to=LINK)
    (parcel,) = sent(engine, desk)
    with transaction(engine) as session:
        end_access(session, desk, email=EMAIL, by="priya")
        assert school_of(session, desk, cookie) is None
        assert schools(session, desk) == []
    with pytest.raises(SchoolError), transaction(engine) as session:
        enter(session, desk, token_of(parcel))


def test_leaving_ends_this_browser_and_no_other(engine: Engine, desk: Desk) -> None:
    first = invited(engine, desk)
    second = invited(engine, desk)
    with transaction(engine) as session:
        here, there = enter(session, desk, first), enter(session, desk, second)
        leave(session, desk, here)
        assert school_of(session, desk, here) is None
        assert school_of(session, desk, there)


@pytest.mark.parametrize("email", ["", "office", "a@b", "x@gmail.com", "a@b.example, c@d.example", "<a@b.example>"])
def test_what_is_no_school_address_is_refused(engine: Engine, desk: Desk, email: str) -> None:
    with pytest.raises(SchoolError), transaction(engine) as session:
        invite(session, desk, email=email, school="Bridge School", by="priya", link_to=LINK)


def test_another_council_knows_nothing_of_it(engine: Engine, desk: Desk) -> None:
    token = invited(engine, desk)
    other = replace(desk, pack="bigtown")
    with transaction(engine) as session:
        cookie = enter(session, desk, token)
        assert school_of(session, other, cookie) is None
        assert schools(session, other) == []


def test_what_is_past_its_time_is_swept(engine: Engine, desk: Desk, clock: Clock) -> None:
    token = invited(engine, desk)
    with transaction(engine) as session:
        cookie = enter(session, desk, token)
    clock.move(days=8)
    with transaction(engine) as session:
        assert sweep_retention(session, desk).rows["session"] == 2
        assert school_of(session, desk, cookie) is None
        assert [email for _, email in schools(session, desk)] == [EMAIL]
    clock.move(days=365 + 90 - 8)
    with transaction(engine) as session:
        assert sweep_retention(session, desk).rows["school"] == 1
