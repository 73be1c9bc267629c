"""Signing in: counted before hashing, the same for accounts that do not exist, and sessions that end."""

from __future__ import annotations

import threading
from dataclasses import replace

import pyotp
import pytest
from small_office import Clock
from sqlalchemy import Engine, text

from handoff import sign_in as signing
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OfficerRole
from handoff.officers import add_officer, leave, set_password
from handoff.sessions import LONGEST, SignedIn, sign_out, signed_in, touch
from handoff.sign_in import TRIES, Admitted, SignInError, ThrottledError, sign_in
from handoff.two_step import new_secret, turn_on
from knowledge.routing import Queue

EMAIL, PASSWORD = "priya@littleham.example", "four plain words here"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, queues={"send": Queue("send", "SEN team", "anything", 1)})


@pytest.fixture
def priya(engine: Engine, desk: Desk) -> str:
    with transaction(engine) as session:
        return add_officer(
            session,
            desk,
            email=EMAIL,
            name="Priya",
            role=OfficerRole.OFFICER,
            queues=frozenset({"send"}),
            password=PASSWORD,
        ).id


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the hash."""
    seen: list[str] = []

    def counted(kept: str, password: str) -> bool:
        seen.append(kept)
        return kept.startswith("$argon2id") and password == PASSWORD

    monkeypatch.setattr(signing, "matches", counted)
    return seen


def who(engine: Engine, desk: Desk, token: str) -> SignedIn | None:
    with reading(engine) as session:
        return signed_in(session, desk, token)


def enter(engine: Engine, desk: Desk, **changed: str) -> Admitted:
    return sign_in(engine, desk, **{"email": EMAIL, "password": PASSWORD, **changed})


def count(engine: Engine, table: str) -> int:
    with reading(engine) as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_right_password_opens_a_session_whose_token_is_in_no_table(engine: Engine, desk: Desk, priya: str) -> None:
    admitted = enter(engine, desk, email=" PRIYA@littleham.example ")
    found = who(engine, desk, admitted.token)
    assert found is not None and found.acting.officer_id == priya and found.acting.queues == {"send"}
    with reading(engine) as session:
        kept = repr(session.execute(text("SELECT * FROM officer_session")).all())
    assert admitted.token not in kept
    assert count(engine, "sign_in_try") == 0


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"email": "nobody@littleham.example"}, {"email": "a\x00b"}])
def test_a_wrong_password_and_an_unknown_account_are_told_the_same(
    engine: Engine, desk: Desk, priya: str, given: dict[str, str]
) -> None:
    with pytest.raises(SignInError, match="email, password or code is not right"):
        enter(engine, desk, **given)
    assert count(engine, "sign_in_try") == 1


@pytest.mark.parametrize("email", [EMAIL, "nobody@littleham.example"])
def test_ten_tries_an_hour_reach_the_hash_whether_or_not_there_is_an_account(
    engine: Engine, desk: Desk, priya: str, clock: Clock, hashed: list[str], email: str
) -> None:
    for _ in range(TRIES + 15):
        with pytest.raises(SignInError):
            enter(engine, desk, email=email, password="wrong")
    assert len(hashed) == TRIES
    with pytest.raises(ThrottledError, match="Wait an hour"):
        enter(engine, desk, email=email)
    clock.move(minutes=61)
    with pytest.raises(SignInError):
        enter(engine, desk, email=email, password="wrong")
    assert len(hashed) == TRIES + 1 and count(engine, "sign_in_try") == 1


def test_without_the_slots_every_guess_reaches_the_hash(
    engine: Engine, desk: Desk, priya: str, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the throttle out of the way the test above would fail."""
    open_door = signing.Try("no slot", priya, "$argon2id")
    monkeypatch.setattr(signing, "take_slot", lambda *_: open_door)
    for _ in range(TRIES + 15):
        with pytest.raises(SignInError):
            enter(engine, desk, password="wrong")
    assert len(hashed) == TRIES + 15


def test_guesses_at_the_same_moment_get_no_eleventh_through(
    engine: Engine, desk: Desk, priya: str, hashed: list[str]
) -> None:
    refused: list[type[Exception]] = []
    start = threading.Barrier(16)

    def guess() -> None:
        start.wait()
        for _ in range(2):
            try:
                enter(engine, desk, password="wrong")
            except SignInError as error:
                refused.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 32 and len(hashed) == TRIES


def test_an_unknown_account_is_compared_with_a_real_hash(
    engine: Engine, desk: Desk, priya: str, hashed: list[str]
) -> None:
    with pytest.raises(SignInError):
        enter(engine, desk, email="nobody@littleham.example")
    assert hashed[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_stranger_cannot_lock_out_a_browser_the_officer_has_used(
    engine: Engine, desk: Desk, priya: str, hashed: list[str]
) -> None:
    device = enter(engine, desk).device
    for _ in range(TRIES):
        with pytest.raises(SignInError):
            enter(engine, desk, password="wrong", device="f" * 32 + ".made-up")
    with pytest.raises(ThrottledError):
        enter(engine, desk)
    assert enter(engine, desk, device=device).officer_id == priya
    for _ in range(TRIES):
        with pytest.raises(SignInError):
            enter(engine, desk, password="wrong", device=device)
    with pytest.raises(ThrottledError):
        enter(engine, desk, device=device)


def test_a_new_password_makes_known_browsers_strangers(engine: Engine, desk: Desk, priya: str) -> None:
    device = enter(engine, desk).device
    with transaction(engine) as session:
        set_password(session, desk, priya, "other plain words here")
    for _ in range(TRIES):
        with pytest.raises(SignInError):
            enter(engine, desk, password="wrong words")
    with pytest.raises(ThrottledError):
        enter(engine, desk, password="other plain words here", device=device)


def test_signing_in_again_gives_a_new_token_and_ends_the_old(engine: Engine, desk: Desk, priya: str) -> None:
    first = enter(engine, desk).token
    second = enter(engine, desk, old=first).token
    assert first != second and who(engine, desk, first) is None and who(engine, desk, second) is not None


def test_a_session_ends_when_idle_and_when_it_has_lasted_long_enough(
    engine: Engine, desk: Desk, priya: str, clock: Clock
) -> None:
    idle, busy = enter(engine, desk).token, enter(engine, desk).token
    began = clock.at
    clock.move(minutes=29)
    found = who(engine, desk, idle)
    assert found is not None and found.stale
    while clock.at - began < LONGEST:
        assert who(engine, desk, busy) is not None
        with transaction(engine) as session:
            touch(session, desk, busy)
        clock.move(minutes=29)
    assert who(engine, desk, idle) is None and who(engine, desk, busy) is None


def test_signing_out_and_leaving_end_sessions_at_once(engine: Engine, desk: Desk, priya: str) -> None:
    here, there = enter(engine, desk).token, enter(engine, desk).token
    with transaction(engine) as session:
        sign_out(session, desk, here)
    assert who(engine, desk, here) is None and who(engine, desk, there) is not None
    with transaction(engine) as session:
        leave(session, desk, priya)
    assert who(engine, desk, there) is None
    with pytest.raises(SignInError):
        enter(engine, desk)


@pytest.mark.parametrize("token", ["", "made up", "\x00", "\ud800"])
def test_a_token_nobody_was_given_opens_nothing(engine: Engine, desk: Desk, priya: str, token: str) -> None:
    assert who(engine, desk, token) is None


def test_a_session_of_one_council_opens_nothing_in_another(engine: Engine, desk: Desk, priya: str) -> None:
    token = enter(engine, desk).token
    assert who(engine, replace(desk, pack="bigtown"), token) is None


def test_with_two_steps_the_code_is_needed_and_good_once(engine: Engine, desk: Desk, priya: str, clock: Clock) -> None:
    secret = new_secret()
    app = pyotp.TOTP(secret)
    with transaction(engine) as session:
        assert not turn_on(session, desk, priya, secret, "000000" if app.at(clock.at) != "000000" else "111111")
        assert turn_on(session, desk, priya, secret, app.at(clock.at))
    with reading(engine) as session:
        assert secret.encode() not in session.execute(text("SELECT totp FROM officer")).scalar_one()
    for wrong in ("", "12345", "abcdef", "١٢٣٤٥٦"):
        with pytest.raises(SignInError, match="code"):
            enter(engine, desk, code=wrong)
    code = app.at(clock.at)
    found = who(engine, desk, enter(engine, desk, code=f"{code[:3]} {code[3:]}").token)
    assert found is not None and found.two_step
    with pytest.raises(SignInError):
        enter(engine, desk, code=code)
    clock.move(seconds=60)
    assert enter(engine, desk, code=app.at(clock.at)).officer_id == priya
