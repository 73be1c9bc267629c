"""A case on Priya's pages: seen, taken, answered, noted, passed on, closed; never by who may not, never twice."""

from __future__ import annotations

from re import findall

import pytest
from console_house import Browser, app_for, ask_for_a_person, at, hire
from fastapi import FastAPI
from small_office import Clock
from sqlalchemy import Engine, text
from sqlmodel import col, select

from handoff.console.listing import PAGE
from handoff.conversations import recent
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import Case, OfficerRole
from handoff.models.notes import CaseNote


@pytest.fixture
def app(engine: Engine, desk: Desk) -> FastAPI:
    return app_for(engine, desk)


@pytest.fixture
def staff(engine: Engine, desk: Desk) -> dict[str, str]:
    """Officers by first name: two of the SEN team, its lead, one of another team, two of safeguarding."""
    roles = OfficerRole
    return {
        "priya": hire(engine, desk, "Priya Shah", roles.OFFICER, "send"),
        "amira": hire(engine, desk, "Amira Khan", roles.OFFICER, "send", "safeguarding"),
        "lena": hire(engine, desk, "Lena Wolf", roles.LEAD, "send"),
        "ben": hire(engine, desk, "Ben Otto", roles.OFFICER, "clubs"),
        "sade": hire(engine, desk, "Sade Bello", roles.SAFEGUARDING, "safeguarding"),
        "tunde": hire(engine, desk, "Tunde Cole", roles.SAFEGUARDING, "safeguarding"),
    }


@pytest.fixture
def priya(app: FastAPI, staff: dict[str, str]) -> Browser:
    return at(app, "priya")


@pytest.fixture
def case(engine: Engine, desk: Desk) -> Case:
    return ask_for_a_person(engine, desk)


def page_of(case: Case, more: str = "") -> str:
    return f"/officers/cases/{case.id}{more}"


def fields(browser: Browser, path: str) -> dict[str, str]:
    """What the form on this page sends unseen."""
    return dict(findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.get(path).text))


def send(browser: Browser, path: str, on: str | None = None, **form: str) -> int:
    return browser.post(path, {**fields(browser, on or path), **form}).status_code


def now(engine: Engine, case: Case) -> Case:
    with reading(engine) as session:
        return session.exec(select(Case).where(col(Case.id) == case.id)).one()


def saw(engine: Engine, case: Case) -> list[str]:
    """Who saw the case, by the audit chain, in order."""
    with reading(engine) as session:
        wanted = "SELECT actor FROM audit_entry WHERE act = 'saw' AND subject = :id ORDER BY number"
        return list(session.execute(text(wanted), {"id": case.id}).scalars())


def test_priya_sees_what_was_asked_shared_and_quoted_and_the_date(priya: Browser, case: Case) -> None:
    page = priya.get(page_of(case)).text
    for said in (case.reference, "Our school says no", "what is an EHC plan?", "ehc#what", "Nobody’s yet", "SEN team"):
        assert said in page
    assert "It is a legal document" not in page


def test_every_look_at_a_case_is_one_entry_in_the_audit_chain(
    priya: Browser, case: Case, engine: Engine, staff: dict[str, str]
) -> None:
    for more in ("", "/reply", "/note", "/pass-on", "/wait", "/done", "/give", ""):
        priya.get(page_of(case, more))
    assert saw(engine, case) == [staff["priya"]] * 8
    priya.get("/officers/queues")
    assert len(saw(engine, case)) == 8


def test_taking_replying_and_closing_a_case(priya: Browser, case: Case, engine: Engine, desk: Desk) -> None:
    assert send(priya, page_of(case, "/take"), page_of(case)) == 303
    assert "The case is yours" in priya.get(page_of(case) + "?done=taken").text
    assert send(priya, page_of(case, "/reply"), text="I will ring you on Tuesday.") == 303
    with reading(engine) as session:
        lines = recent(session, desk, case.conversation_id)
    assert lines[-1].text == "I will ring you on Tuesday." and lines[-1].who == "officer"
    assert now(engine, case).answered_at is not None
    assert send(priya, page_of(case, "/wait"), whom="family") == 303
    assert send(priya, page_of(case, "/done"), outcome="answered") == 303
    assert now(engine, case).status == "done"
    assert send(priya, page_of(case, "/reopen"), page_of(case)) == 303
    assert now(engine, case).status == "working"


def test_a_note_is_for_staff_and_in_no_conversation(priya: Browser, case: Case, engine: Engine, desk: Desk) -> None:
    assert send(priya, page_of(case, "/note"), text="Father may not know.") == 303
    assert "Father may not know." in priya.get(page_of(case)).text
    with reading(engine) as session:
        assert all("Father" not in line.text for line in recent(session, desk, case.conversation_id))
        assert session.exec(select(CaseNote)).one().case_id == case.id


def test_reply_and_note_are_two_pages_that_do_not_look_alike(priya: Browser, case: Case) -> None:
    reply, note = priya.get(page_of(case, "/reply")).text, priya.get(page_of(case, "/note")).text
    assert "Send to the family" in reply and "Send to the family" not in note
    assert "Keep this note for staff" in note and "Keep this note for staff" not in reply
    assert 'class="to-family"' in reply and 'class="note-page"' in note
    assert 'action="' + page_of(case, "/note") not in reply and 'action="' + page_of(case, "/reply") not in note


def test_a_reply_beside_a_colleagues_is_stopped_and_nothing_typed_is_lost(
    app: FastAPI, priya: Browser, case: Case, engine: Engine, staff: dict[str, str], clock: Clock
) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    form = fields(priya, page_of(case, "/reply"))
    lena = at(app, "lena")
    assert send(lena, page_of(case, "/note"), text="I rang them.") == 303
    clock.move(seconds=20)
    stopped = priya.post(page_of(case, "/reply"), {**form, "text": "My <long> reply"})
    assert stopped.status_code == 409
    assert "Lena Wolf wrote for staff only 20 seconds ago. Read it before you send." in stopped.text
    assert "My &lt;long&gt; reply</textarea>" in stopped.text and "I rang them." in stopped.text
    again = dict(findall(r'type="hidden" name="(\w+)" value="([^"]*)"', stopped.text))
    assert priya.post(page_of(case, "/reply"), {**again, "text": "My <long> reply"}).status_code == 303


def test_a_reply_sent_twice_is_sent_once(priya: Browser, case: Case, engine: Engine) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    form = {**fields(priya, page_of(case, "/reply")), "text": "Once."}
    assert [priya.post(page_of(case, "/reply"), form).status_code for _ in range(2)] == [303, 303]
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM case_reply")).scalar_one() == 1


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * 5001])
def test_a_reply_that_cannot_be_sent_says_why_and_is_kept(priya: Browser, case: Case, words: str) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    form = {**fields(priya, page_of(case, "/reply")), "text": words}
    page = priya.post(page_of(case, "/reply"), form)
    assert page.status_code == 422 and "There is a problem" in page.text
    assert words.strip("\x00 ") in page.text


def test_what_was_being_written_when_the_session_ended_is_there_after_signing_in(
    priya: Browser, case: Case, engine: Engine, clock: Clock
) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    form = {**fields(priya, page_of(case, "/reply")), "text": "Half a <reply>"}
    clock.move(minutes=31)
    away = priya.post(page_of(case, "/reply"), form)
    assert away.status_code == 401 and "What you wrote is kept" in away.text
    signing = dict(findall(r'type="hidden" name="(\w+)" value="([^"]*)"', away.text))
    signing["draft"] = "Half a <reply>"
    back = priya.post(
        "/officers/sign-in", {**signing, "email": "priya@littleham.example", "password": "four plain words here"}
    )
    assert back.status_code == 200 and "has not been sent" in back.text
    going_on = dict(findall(r'type="hidden" name="(\w+)" value="([^"]*)"', back.text))
    page = priya.post(page_of(case, "/reply"), {**going_on, "text": "Half a <reply>"})
    assert page.status_code == 200 and "Half a &lt;reply&gt;</textarea>" in page.text
    assert now(engine, case).answered_at is None


def test_a_form_kept_over_a_new_sign_in_elsewhere_is_shown_again_and_not_sent(
    priya: Browser, case: Case, engine: Engine
) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    form = {**fields(priya, page_of(case, "/reply")), "text": "Careful words"}
    priya.sign_in("priya@littleham.example")
    page = priya.post(page_of(case, "/reply"), form)
    assert page.status_code == 200 and "Careful words</textarea>" in page.text
    assert now(engine, case).answered_at is None


def test_two_officers_take_one_case_and_one_of_them_has_it(
    app: FastAPI, priya: Browser, case: Case, engine: Engine, staff: dict[str, str]
) -> None:
    amira = at(app, "amira")
    first, second = fields(priya, page_of(case)), fields(amira, page_of(case))
    assert priya.post(page_of(case, "/take"), first).status_code == 303
    late = amira.post(page_of(case, "/take"), second)
    assert late.status_code == 409 and "A colleague has this case" in late.text and "Priya Shah" in late.text
    assert now(engine, case).owner_id == staff["priya"]


def test_only_its_owner_answers_a_case(app: FastAPI, priya: Browser, case: Case, engine: Engine) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    amira = at(app, "amira")
    page = amira.post(page_of(case, "/reply"), {**fields(amira, page_of(case, "/reply")), "text": "Mine too"})
    assert page.status_code == 422 and "A colleague has this case" in page.text and "Mine too" in page.text
    assert now(engine, case).answered_at is None


def test_a_case_is_passed_on_with_its_reason_and_leaves_ones_sight(
    priya: Browser, case: Case, engine: Engine, desk: Desk
) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    assert send(priya, page_of(case, "/pass-on"), queue="ap", text="") == 422
    assert send(priya, page_of(case, "/pass-on"), queue="trams", text="why") == 422
    assert send(priya, page_of(case, "/pass-on"), queue="ap", text="It is about a child out of school.") == 303
    assert now(engine, case).queue == "ap" and now(engine, case).owner_id is None
    assert priya.get(page_of(case)).status_code == 404
    with reading(engine) as session:
        assert all("It is about" not in line.text for line in recent(session, desk, case.conversation_id))


def test_a_lead_gives_a_case_to_a_colleague_who_may_see_it(
    app: FastAPI, case: Case, engine: Engine, staff: dict[str, str]
) -> None:
    lena = at(app, "lena")
    page = lena.get(page_of(case, "/give")).text
    assert "Priya Shah" in page and "Ben Otto" not in page and "Sade Bello" not in page
    assert send(lena, page_of(case, "/give"), officer=staff["ben"]) == 422
    assert send(lena, page_of(case, "/give"), officer=staff["priya"]) == 303
    assert now(engine, case).owner_id == staff["priya"]


def test_safeguarding_is_seen_by_its_named_officers_alone_and_closed_by_two(
    app: FastAPI, engine: Engine, desk: Desk, staff: dict[str, str]
) -> None:
    case = ask_for_a_person(engine, desk, "amina-danger", summary="he hit my son", urgent="abuse")
    for name in ("priya", "amira", "lena", "ben"):
        browser = at(app, name)
        assert browser.get(page_of(case)).status_code == 404
        for path in ("/officers", "/officers/queues", "/officers/queues?status=all&queue=safeguarding"):
            assert case.reference not in browser.get(path).text and "he hit" not in browser.get(path).text
    sade, tunde = at(app, "sade"), at(app, "tunde")
    assert "Safeguarding" in sade.get(page_of(case)).text
    assert saw(engine, case) == [staff["sade"]]
    send(sade, page_of(case, "/take"), page_of(case))
    asked = sade.post(page_of(case, "/done"), {**fields(sade, page_of(case, "/done")), "outcome": "referred"})
    assert asked.headers["location"].endswith("close_asked") and now(engine, case).status != "done"
    assert send(sade, page_of(case, "/done"), outcome="referred") == 422
    assert "asks for a second person" in tunde.get(page_of(case)).text
    assert send(tunde, page_of(case, "/done"), outcome="advice_given") == 422
    assert send(tunde, page_of(case, "/done"), outcome="referred") == 303
    assert now(engine, case).status == "done"


def test_a_case_cannot_be_closed_without_an_outcome(priya: Browser, case: Case, engine: Engine) -> None:
    send(priya, page_of(case, "/take"), page_of(case))
    for outcome in ("", "finished", "referred"):
        assert send(priya, page_of(case, "/done"), outcome=outcome) == 422
    assert now(engine, case).status == "working"


def test_the_list_is_sorted_by_the_promised_date_and_its_filter_is_its_address(
    priya: Browser, engine: Engine, desk: Desk, clock: Clock
) -> None:
    first = ask_for_a_person(engine, desk, "a", summary="The older one")
    clock.move(days=1)
    second = ask_for_a_person(engine, desk, "b", summary="The newer one")
    ask_for_a_person(engine, desk, "c", queue="clubs", summary="Elsewhere")
    priya.sign_in("priya@littleham.example")
    page = priya.get("/officers/queues").text
    assert page.index(first.reference) < page.index(second.reference) and "Elsewhere" not in page
    page = priya.get("/officers/queues?sort=opened_at").text
    assert page.index(second.reference) < page.index(first.reference) and 'aria-sort="descending"' in page
    send(priya, page_of(first, "/take"), page_of(first))
    mine = priya.get("/officers/queues?owner=me").text
    assert first.reference in mine and second.reference not in mine and "Clear all filters" in mine
    assert second.reference in priya.get("/officers/queues?owner=nobody&queue=send&role=family").text
    assert "No case fits" in priya.get("/officers/queues?role=senco").text
    clock.move(days=9)
    priya.sign_in("priya@littleham.example")
    assert priya.get("/officers/queues?due=late").text.count('class="tag late"') == 2


def test_a_long_list_comes_in_pages(priya: Browser, engine: Engine, desk: Desk) -> None:
    for number in range(PAGE + 3):
        ask_for_a_person(engine, desk, f"door-{number}")
    first, second = (priya.get(f"/officers/queues?page={page}").text for page in (1, 2))
    references = [set(findall(r"<bdi>(LH-[\w-]+)</bdi>", page)) for page in (first, second)]
    assert [len(some) for some in references] == [PAGE, 3] and not references[0] & references[1]
    assert "page 1 of 2" in first and "Page 2, next" in first and "Page 1, before" in second


def test_an_officer_with_no_queue_is_told_whom_to_ask(app: FastAPI, engine: Engine, desk: Desk, case: Case) -> None:
    hire(engine, desk, "Nia New", OfficerRole.OFFICER)
    nia = at(app, "nia")
    for path in ("/officers", "/officers/queues"):
        assert "You do not see any queue yet" in nia.get(path).text and case.reference not in nia.get(path).text
    assert nia.get(page_of(case)).status_code == 404


def test_the_case_of_an_erased_family_is_said_to_be_erased(
    priya: Browser, case: Case, engine: Engine, desk: Desk
) -> None:
    desk.vault.destroy(case.person_id)
    assert "Erased at the family" in priya.get("/officers/queues").text
    page = priya.get(page_of(case))
    assert page.status_code == 410 and "erased" in page.text
