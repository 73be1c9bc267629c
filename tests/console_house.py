"""The console on its own, with a small council, three officers and two families, for tests of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from re import search, sub
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from handoff.cases import Handover, open_case
from handoff.console.ports import Office
from handoff.console.routes import console
from handoff.conversations import Said, conversation_for, record
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import Case, OfficerRole, Who
from handoff.officers import add_officer
from handoff.people import address_for

HERE = "https://askwell.example"
PASSWORD = "four plain words here"


def sign_in_on_page(page: Any, address: str, name: str = "priya", path: str = "/officers") -> None:
    """Sign in as a person does, in a real browser, from the page at `path`."""
    page.goto(f"{address}{path}")
    page.get_by_label("Email address").fill(f"{name}@littleham.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@dataclass
class Browser:
    """A browser at the console: keeps cookies, sends what browsers send, fills forms that are on the page."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={"sec-fetch-site": "same-origin", **headers})

    def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        sent = {"origin": HERE, "sec-fetch-site": "same-origin", **headers}
        return self.client.post(path, data=form, headers={name: value for name, value in sent.items() if value})

    def form_token(self, path: str) -> str:
        found = search(r'name="form_token" value="([0-9a-f]{64})"', self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def press(self, path: str, on: str | None = None, **form: str) -> Response:
        """Send the form of the page `on` (or of `path` itself)."""
        return self.post(path, {"form_token": self.form_token(on or path), **form})

    def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> Response:
        return self.press("/officers/sign-in", email=email, password=password, **form)


def app_for(engine: Engine, desk: Desk, **parts: Any) -> FastAPI:
    """The console of Littleham; `parts` are the ports and the like that a test connects."""
    app = FastAPI()
    app.include_router(console(Office(engine, desk, "Littleham", **parts)))
    return app


def browser_at(app: FastAPI) -> Browser:
    return Browser(TestClient(app, base_url=HERE, follow_redirects=False))


def hire(engine: Engine, desk: Desk, name: str, role: OfficerRole, *queues: str) -> str:
    """The id of a new officer whose address is their first name in small letters."""
    email = f"{name.split(maxsplit=1)[0].lower()}@littleham.example"
    with transaction(engine) as session:
        return add_officer(
            session, desk, email=email, name=name, role=role, queues=frozenset(queues), password=PASSWORD
        ).id


def ask_for_a_person(
    engine: Engine,
    desk: Desk,
    door: str = "amina-cookie",
    *,
    queue: str = "send",
    summary: str = "Our school says no to an EHC plan.",
    urgent: str | None = None,
    shared: tuple[str, ...] = ("what is an EHC plan?",),
    quoted: str = "ehc#what",
    age_band: str = "",
) -> Case:
    """A family asks Askwell something, then asks for a person."""
    with transaction(engine) as session:
        address = address_for(session, desk, "web", door)
        chat = conversation_for(session, desk, address)
        record(session, desk, chat, Said(Who.PERSON, "what is an EHC plan?"))
        record(session, desk, chat, Said(Who.ASSISTANT, "It is a legal document.", sections=(quoted,)))
        return open_case(
            session,
            desk,
            Handover(
                person_id=address.person_id,
                conversation_id=chat.id,
                queue=queue,
                topic="ehc",
                summary=summary,
                shared=shared,
                door="web",
                role="family",
                language="en",
                needs="",
                contact=None,
                urgent=urgent,
                key=f"handover-{door}",
                age_band=age_band,
            ),
        )


def at(app: FastAPI, name: str = "priya") -> Browser:
    """A browser in which this officer is signed in."""
    browser = browser_at(app)
    assert browser.sign_in(f"{name}@littleham.example").status_code == 303
    return browser


def words(response: Response) -> str:
    """A page as people read it, on one line."""
    return " ".join(sub(r"<[^>]+>", " ", unescape(response.text)).split())
