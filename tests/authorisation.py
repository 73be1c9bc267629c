"""Reads the authorisation matrix and asks every cell of it of the real pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from re import findall

import yaml
from console_house import Browser, app_for, ask_for_a_person, browser_at, hire
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Response
from papers import document_saying
from small_gaps import ask
from small_library import CONFLICTS, assistant_at, small_library
from small_surgeries import OPEN_DAYS, PRIYA, Surgeries
from sqlalchemy import Engine
from starlette.routing import BaseRoute, Mount, Route

from handoff.cases.ownership import claim
from handoff.console.ports import Library
from handoff.content import apply_draft, draft
from handoff.database import transaction
from handoff.desk import Desk
from handoff.documents import BY_RULE, propose
from handoff.models import Case, OfficerRole
from handoff.officers import acting
from handoff.rights import Acting
from handoff.surgeries.planning import plan

MATRIX = Path(__file__).parent / "house" / "authorisation_matrix.yaml"
ROLES = ("officer", "lead", "editor", "admin", "safeguarding")
# An officer named for the surgery queue too: what runs sessions is that queue, and no role.
ACTORS = ("stranger", *ROLES, "surgeries")
CASES = ("mine", "free", "theirs", "other", "risk", "none")
SECRET = "canary-of-another-family"


@dataclass(frozen=True)
class Cell:
    """What one actor is to be answered at one route about one kind of case (none for a page without a case)."""

    method: str
    path: str
    actor: str
    case: str
    answer: str


def cells() -> Iterator[Cell]:
    rows = yaml.safe_load(MATRIX.read_text("utf-8"))
    for route, answers in rows["pages"].items():
        yield from _row(route, "", answers)
    for route, by_case in rows["cases"].items():
        assert tuple(by_case) == CASES, f"{route}: a row says something of each of {', '.join(CASES)}"
        for case, answers in by_case.items():
            yield from _row(route, case, answers)


def _row(route: str, case: str, answers: dict[str, str]) -> Iterator[Cell]:
    method, path = route.split()
    assert set(answers) <= {"all", *ACTORS} and "stranger" in answers, f"{route}: unknown or missing actor"
    for actor in ACTORS:
        yield Cell(method, path, actor, case, answers.get(actor, answers["all"]))


def routes_of(routes: list[BaseRoute], prefix: str = "") -> set[str]:
    """Every method and path an application answers, routers within it too."""
    found: set[str] = set()
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            found |= routes_of(included.routes, prefix + route.include_context.prefix)  # type: ignore[attr-defined]
        elif isinstance(route, Mount):
            found |= routes_of(list(route.routes), prefix + route.path) or {f"GET {prefix}{route.path}"}
        elif isinstance(route, Route | APIRoute):
            methods = (route.methods or set()) - {"HEAD"}
            found |= {f"{method} {prefix}{route.path.replace(':path', '')}" for method in methods}
        else:
            raise TypeError(f"a kind of route this walk does not know: {route!r}")
    return found


@dataclass
class House:
    """A council with one officer of each role, a colleague, and cases made as they are wanted."""

    engine: Engine
    desk: Desk
    app: FastAPI
    staff: dict[str, str]
    library: Library
    browsers: dict[str, Browser] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    made: int = 0
    in_use: str | None = None

    def browser(self, actor: str) -> Browser:
        if actor not in self.browsers:
            self.browsers[actor] = browser_at(self.app)
            if actor != "stranger":
                assert self.browsers[actor].sign_in(f"{actor}@littleham.example").status_code == 303
            page = "/officers/sign-in" if actor == "stranger" else "/officers/two-steps"
            self.tokens[actor] = self.browsers[actor].form_token(page)
        return self.browsers[actor]

    def case(self, kind: str, actor: str) -> Case | None:
        if kind == "none":
            return None
        self.made += 1
        queue, urgent = ("clubs", None) if kind == "other" else ("send", "abuse" if kind == "risk" else None)
        made = ask_for_a_person(
            self.engine, self.desk, f"family-{self.made}", queue=queue, summary=SECRET, urgent=urgent
        )
        if kind in ("mine", "theirs"):
            self._taken(made, "colleague" if kind == "theirs" or actor == "stranger" else actor)
        return made

    def _taken(self, case: Case, by: str) -> None:
        with transaction(self.engine) as session:
            officer = acting(session, self.desk, self.staff[by])
            assert officer is not None
            claim(session, self.desk, officer, case.id, case.version)

    def session(self) -> str:
        """The id of a new session, a draft."""
        self.made += 1
        held = Surgeries(self.engine, self.desk)
        with transaction(self.engine) as session:
            planned = held.planned(f"session-{self.made}")
            return plan(session, self.desk, PRIYA, planned, OPEN_DAYS).surgery.id

    def gap(self) -> str:
        """The id of a question that three families asked and no text answers."""
        self.made += 1
        asked = [
            ask(self.engine, self.desk, f"asks-{self.made}-{n}", f"zq{self.made}qz wx{self.made}xw") for n in range(3)
        ]
        return asked[0]

    def draft(self) -> str:
        """The id of a new draft of a text."""
        self.made += 1
        editor, was = Acting("editor", OfficerRole.EDITOR, frozenset()), self.library.text_of("articles/clubs.md")
        with transaction(self.engine) as session:
            return draft(session, self.desk, editor, "articles/clubs.md", was + "\n", was, "A test").id

    def document(self, act: str) -> str:
        """The id of a document: one that waits, for an act on what waits; else the one that is in use."""
        if act in ("approve", "drop"):
            self.made += 1
            return self._read(f"doc-{self.made}", "A club has a song.", in_use=False)
        if self.in_use is None:
            self.in_use = self._read("doc-ages", "Holiday clubs are for children aged 7 to 12.", in_use=True)
        return self.in_use

    def disagreement(self) -> str:
        """The id of a place where that document says something else than the pack's own text."""
        self.document("")
        return next(iter(self.library.pack().found))

    def _read(self, id: str, words: str, *, in_use: bool) -> str:
        made = document_saying(id, words)
        with transaction(self.engine) as session:
            row = propose(session, self.desk, made, "", "A test")
            if in_use:
                apply_draft(session, self.desk, BY_RULE, row.id, "")
        if in_use:
            self.library.reindex()
        return id

    def version(self, case: Case | None) -> int:
        if case is None:
            return 1
        with transaction(self.engine) as session:
            return session.get_one(Case, (self.desk.pack, case.id)).version


def house_for(engine: Engine, desk: Desk, folder: Path) -> House:
    staff = {role: hire(engine, desk, role, OfficerRole(role), "send", "safeguarding") for role in ROLES}
    staff["surgeries"] = hire(engine, desk, "surgeries", OfficerRole.OFFICER, "send", "surgery")
    staff["colleague"] = hire(engine, desk, "colleague", OfficerRole.OFFICER, "send")
    library = small_library(engine, desk, assistant_at(folder / "pack", **{"conflicts.yaml": CONFLICTS}), folder)
    return House(engine, desk, app_for(engine, desk, library=library), staff, library)


def answered(house: House, cell: Cell) -> str:
    """What the actor is really answered, in the matrix's own word, with a note if another family's words leaked."""
    case = house.case(cell.case, cell.actor) if cell.case else None
    path = cell.path.replace("{case_id}", case.id if case else "0" * 32).replace("{rest}", "nowhere")
    path = (
        path.replace("{article}", "clubs")
        .replace("{anchor}", "ages")
        .replace("{name}", "queues")
        .replace("sources/{id}", "sources/clubs")
        .replace("conflicts/{id}", "conflicts/C1")
        .replace("{id}.csv", "answers.csv")
    )
    if "documents/{id}" in path:
        path = path.replace("{id}", house.document(path.rpartition("/")[2]))
    if "found/{id}" in path:
        path = path.replace("{id}", house.disagreement())
    if "{id}" in path:
        made = {"bookings": house.session, "gaps": house.gap}.get(path.split("/")[2], house.draft)
        path = path.replace("{id}", made())
    browser = house.browser(cell.actor)
    if cell.method == "GET":
        response = browser.get(path)
    else:
        response = browser.post(path, {"form_token": house.tokens[cell.actor], **_form(house, case)})
        if path == "/officers/sign-out":
            house.browsers.pop(cell.actor)
    word = _word(response)
    return f"{word}, and leaked" if word in ("gone", "in", "refused") and SECRET in unescape(response.text) else word


def _form(house: House, case: Case | None) -> dict[str, str]:
    """A form that every act would take."""
    return {
        "version": str(house.version(case)),
        "key": f"key{house.made}",
        "text": "Words.",
        "officer": house.staff["colleague"],
        "queue": "ap",
        "whom": "ap",
        "outcome": "answered",
        "reason": "A test.",
    }


def _word(response: Response) -> str:
    if response.status_code == 303:
        return "in" if "/officers/sign-in?" in response.headers["location"] else _next(response)
    if response.status_code == 401 and 'name="draft"' in response.text:
        return "in"
    if response.status_code in (401, 403) and "There is a problem" in response.text:
        return "said"
    return {200: "ok", 403: "refused", 404: "gone", 409: "said", 422: "said"}.get(
        response.status_code, str(response.status_code)
    )


def _next(response: Response) -> str:
    """A form of somebody signed out leads to the sign-in page as well, without a way back: nothing was done."""
    signed_out = response.headers["location"] == "/officers/sign-in" and not findall(
        "askwell-officer", response.headers.get("set-cookie", "")
    )
    return "in" if signed_out else "done"


def mismatches(house: House, wanted: list[Cell]) -> list[str]:
    """The cells that are not as declared."""
    found = []
    for cell in wanted:
        real = answered(house, cell)
        if real != cell.answer:
            found.append(f"{cell.method} {cell.path}, {cell.actor}, {cell.case or 'page'}: {real}, not {cell.answer}")
    return found
