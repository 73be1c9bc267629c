"""S2: twenty thousand ids of other families' cases, real and made up, asked for by people who may not see them.

    python -m tests.campaigns.cross_family --full     20,000 addresses of officers' pages, and 20,000 of status pages

A short form (400) runs in `tests/house/test_authorisation.py`. Ben is an officer of another queue, and nobody else is
signed in at all; the ids are those of real cases, the same with one letter changed, and random ones. A leak is an
answer other than "not here" or "sign in first", or one with another family's words in it. Another family tries the
links of status pages. Control: with the queues taken out of the query, the real ids leak.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from console_house import Browser, app_for, ask_for_a_person, browser_at, hire
from databases import desk_at
from small_office import Clock
from sqlalchemy import Engine, and_
from sqlmodel import col

from campaigns.engines import fresh_engine
from handoff.cases import changing
from handoff.cases.naming import status_token
from handoff.cases.status import status_of
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import Case, OfficerRole
from handoff.rights import Acting

SECRET = "canary-of-another-family"
FAMILIES = 40
PAGES = ("", "/reply", "/note", "/pass-on", "/wait", "/done", "/give")


@dataclass(frozen=True)
class Town:
    """Families with cases in one queue, and Ben, who sees another."""

    engine: Engine
    desk: Desk
    cases: list[Case]
    ben: Browser
    stranger: Browser


def town_at(engine: Engine, desk: Desk, families: int = FAMILIES) -> Town:
    """The families and the two who try."""
    hire(engine, desk, "Ben Otto", OfficerRole.LEAD, "clubs")
    cases = [ask_for_a_person(engine, desk, f"family-{n}", summary=SECRET, shared=(SECRET,)) for n in range(families)]
    app = app_for(engine, desk)
    ben = browser_at(app)
    assert ben.sign_in("ben@littleham.example").status_code == 303
    return Town(engine, desk, cases, ben, browser_at(app))


def ids(real: list[str], number: int) -> Iterator[str]:
    """Real ids, ids with one letter changed, and random ones, in turn."""
    draw = random.Random(7)
    for at in range(number):
        one = draw.choice(real)
        where = draw.randrange(len(one))
        yield (one, one[:where] + draw.choice("0123456789abcdef") + one[where + 1 :], secrets.token_hex(16))[at % 3]


def officers_pages(town: Town, number: int) -> list[str]:
    """The leaks among this many tries at the officers' pages, half of them by Ben and half by nobody."""
    leaks = []
    for at, id in enumerate(ids([case.id for case in town.cases], number)):
        path = f"/officers/cases/{id}{PAGES[at % len(PAGES)]}"
        who, allowed = (town.ben, 404) if at % 2 else (town.stranger, 303)
        answer = who.get(path)
        if answer.status_code != allowed or SECRET in answer.text:
            leaks.append(f"{path}: {answer.status_code}")
    return leaks


def status_pages(town: Town, number: int) -> list[str]:
    """The leaks among this many tries at links of status pages by someone who was given none of them."""
    leaks = []
    real = [status_token(town.desk, case.id) for case in town.cases]
    stored = [case.status_token for case in town.cases]
    with reading(town.engine) as session:
        for at, token in enumerate(ids([*real, *stored, *(case.id for case in town.cases)], number)):
            # The links themselves are bearer secrets: only what is near one, or kept in the database, is tried.
            tried = secrets.token_hex(16) if token in real else token
            if tried not in real and status_of(session, town.desk, tried) is not None:
                leaks.append(f"try {at}")
    return leaks


def all_of_them(desk: Desk, _acting: Acting) -> object:
    """What the query would be without the queues in it."""
    return and_(col(Case.pack) == desk.pack)


def without_queues(town: Town, number: int) -> list[str]:
    """The control: the same tries with the queues taken out of the query."""
    real = changing.visible
    changing.visible = all_of_them  # type: ignore[assignment]
    try:
        return officers_pages(town, number)
    finally:
        changing.visible = real


def main() -> None:
    """Run it and print the figures."""
    number = 20_000 if "--full" in sys.argv else 2_000
    with tempfile.TemporaryDirectory() as folder, fresh_engine("sqlite", Path(folder)) as engine:
        town = town_at(engine, desk_at(Path(folder), Clock()))
        began = time.perf_counter()
        leaks, links = officers_pages(town, number), status_pages(town, number)
        took = time.perf_counter() - began
        control = without_queues(town, 300)
    print(f"{number} officers' addresses: {len(leaks)} leaks; {number} status links: {len(links)} leaks; {took:.0f} s")
    print(f"control, queues taken out of the query: {len(control)} leaks of 300")
    assert not leaks and not links and control


if __name__ == "__main__":
    main()
