"""Amina asks for a person on the web; Priya signs in, takes the case, notes and replies; Amina reads the reply alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import console_house
from web_house import Browser, app_for, browser_at, hidden

from bot.assistant import Assistant
from handoff.cases.holding import send_held
from handoff.desk import utc_now
from handoff.models import OfficerRole

FORM = {"queue": "clubs", "message": "The club said no.", "how": "here", "language": "en", "role": "family"}


def asked_for_a_person(amina: Browser) -> tuple[str, str]:
    """The reference she was given, and the address of her status page."""
    amina.ask("how old for holiday club")
    check = amina.press("/person", **FORM, act="check")
    done = amina.post("/person", {**hidden(check.text), **FORM, "act": "send"})
    reference = re.search(r"[A-Z]{2}-\w{4}-\w{2}", done.text)
    assert done.status_code == 200 and reference
    return reference[0], str(done.url).split("?")[0].replace("http://testserver", "")


def test_a_request_reaches_priya_and_her_reply_reaches_amina_and_nobody_else(
    little_assistant: Assistant, tmp_path: Path
) -> None:
    app = app_for(little_assistant, tmp_path / "data")
    office = app.state.site.front.office
    console_house.hire(office.engine, office.desk, "Priya Shah", OfficerRole.OFFICER, "clubs")
    console_house.hire(office.engine, office.desk, "Ben Otto", OfficerRole.OFFICER, "local_offer")
    with browser_at(app) as amina:
        reference, status = asked_for_a_person(amina)
        priya, ben = console_house.browser_at(app), console_house.browser_at(app)
        assert priya.sign_in("priya@littleham.example").status_code == 303
        assert ben.sign_in("ben@littleham.example").status_code == 303
        found = re.search(rf'href="(/officers/cases/\w+)"><bdi>{reference}', priya.get("/officers/queues").text)
        assert found and reference not in ben.get("/officers/queues?status=all").text
        case = found[1]
        assert ben.get(case).status_code == 404
        assert "The club said no." in priya.get(case).text

        def form(path: str) -> dict[str, str]:
            return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', priya.get(path).text))

        assert priya.post(f"{case}/take", form(case)).status_code == 303
        note = {**form(f"{case}/note"), "text": "The club is short of staff."}
        assert priya.post(f"{case}/note", note).status_code == 303
        reply = {**form(f"{case}/reply"), "text": "I have asked the club. They ring you on Friday."}
        assert priya.post(f"{case}/reply", reply).status_code == 303
        # For ten seconds she may still take it back: nobody reads it. Then the service sends it.
        assert "They ring you on Friday." not in amina.get("/").text
        later = replace(office.desk, now=lambda: utc_now() + timedelta(seconds=11))
        assert (send_held(office.engine, office.desk), send_held(office.engine, later)) == (0, 1)
        for path in (status, "/", "/my-data"):
            assert "They ring you on Friday." in amina.get(path).text, path
            assert "short of staff" not in amina.get(path).text, path
        assert "They ring you on Friday." not in ben.get(case).text
