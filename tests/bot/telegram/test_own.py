"""A person to write to, replies, requests, data, erasure, groups, edits and a blocked bot: over the wire, and on the web."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from post_office import Remembering
from sqlmodel import select
from telegram_house import House, open_house, words
from web_house import Browser, browser_at

from bot.courier import deliver_due
from bot.front_desk import FrontDesk
from bot.settings import Settings
from bot.telegram.caller import House as TelegramHouse
from bot.telegram.loopback.people import Human
from bot.telegram.loopback.server import TOKEN
from bot.telegram.loopback.state import State
from bot.telegram.receiving import receive
from bot.web.routes import create_app, site_for
from handoff.cases import claim, reply
from handoff.database import reading, transaction
from handoff.models import Address, Case, ChatUpdate, InboxMessage, Message, OfficerRole, OutboxMessage, Person, Who
from handoff.rights import Acting
from handoff.switches import Part, turn

SECRET = "Zebedee has a diagnosis of purple autism"


@pytest.fixture
def browser(council: FrontDesk) -> Iterator[Browser]:
    app = create_app(council, site=site_for(council, Settings(data=council.office.desk.vault.folder.parent)))
    with browser_at(app) as made:
        yield made


def opened(browser: Browser, link: str) -> str:
    """The page behind a one-time link, after its button was pressed."""
    parts = urlsplit(link)
    page = browser.get(f"{parts.path}?{parts.query}")
    next_page = re.search(r'name="next" value="([^"]*)"', page.text)
    assert next_page, page.text
    answer = browser.press(parts.path, on=f"{parts.path}?{parts.query}", next=next_page[1])
    assert answer.status_code in (200, 303), answer.text
    return answer.text


def last_link(amina: Human) -> str:
    return next(one["url"] for one in amina.reads_last().buttons if "url" in one)


def the_case(house: House) -> Case:
    with reading(house.front.office.engine) as session:
        return session.exec(select(Case)).one()


def hand_over(house: House, amina: Human, browser: Browser, **contact: str) -> Case:
    """Amina presses a team in the chat, and writes on the page behind the link."""
    house.says(amina, "What is an EHC plan?")
    house.presses(amina, "Talk to a person")
    house.presses(amina, "4")
    page = opened(browser, last_link(amina))
    assert "SEN team" in page
    fields = {"queue": "send", "message": SECRET, "how": "here", "language": "en", "role": "family", **contact}
    answer = browser.press("/person", act="send", **fields)
    assert "Reference" in answer.text or "reference" in answer.text, answer.text[:400]
    return the_case(house)


def officer_replies(house: House, case: Case, text: str) -> None:
    desk, priya = house.front.office.desk, Acting("priya", OfficerRole.OFFICER, frozenset({case.queue}))
    with transaction(house.front.office.engine) as session:
        case = session.exec(select(Case)).one()
        taken = claim(session, desk, priya, case.id, case.version)
        reply(session, desk, priya, case.id, taken.version, text, "k1")


def wait_for_letters(house: House) -> None:
    ends = time.monotonic() + 240
    while time.monotonic() < ends:
        with reading(house.front.office.engine) as session:
            rows = session.exec(select(OutboxMessage.state).where(OutboxMessage.channel == "telegram")).all()
        if rows and all(state.value in ("sent", "dead", "dropped") for state in rows):
            return
        time.sleep(0.05)
    raise AssertionError("letters stayed")


def everything_sent(house: House) -> str:
    return "\n".join(str(call.params) for call in house.api.state.calls if call.method != "getUpdates")


def test_a_person_is_written_to_on_our_own_page_and_the_reply_is_only_told_of(house: House, browser: Browser) -> None:
    amina = house.human()
    case = hand_over(house, amina, browser)
    assert case.person_id and SECRET not in everything_sent(house)
    assert case.reference in words(house.says(amina, "/status"))
    officer_replies(house, case, f"About {SECRET}: the review is in May.")
    wait_for_letters(house)
    house.settle()
    told = amina.reads_last()
    assert "Read it" in [one["text"] for one in told.buttons]
    assert "May" not in everything_sent(house) and "Zebedee" not in everything_sent(house)
    assert "/status/" not in everything_sent(house), (
        "a link that lasts would open the request to whoever reads the chat"
    )
    house.presses(amina, "Read it")
    assert "the review is in May" in opened(browser, last_link(amina)) + browser.get("/").text


def test_a_reply_comes_in_full_only_where_the_council_allows_it_and_the_family_chose_it(council: FrontDesk) -> None:
    with open_house(council, address="https://send.example", telegram_replies=True) as house:
        app = create_app(council, site=site_for(council, Settings(data=council.office.desk.vault.folder.parent)))
        amina = house.human()
        with browser_at(app) as browser:
            case = hand_over(house, amina, browser)
        house.says(amina, "/privacy")
        assert "can be about your child" in words(house.presses(amina, "Show replies here"))
        house.presses(amina, "Yes, show them here")
        officer_replies(house, case, "The review is in May.")
        wait_for_letters(house)
        assert "The review is in May." in amina.reads_last().plain


def test_while_the_council_has_not_allowed_it_nobody_is_offered_it(house: House) -> None:
    amina = house.human()
    assert "Show replies here" not in [one["text"] for one in house.says(amina, "/privacy")[-1].buttons]
    amina.presses_data("v1.replies.set.yes")
    house.settle()
    with reading(house.front.office.engine) as session:
        assert [one.value for one in session.exec(select(Address.safe))] == ["neutral"]


def test_what_is_typed_to_an_officer_reaches_them_as_typed_and_is_said_to_nobody_else(
    house: House, browser: Browser
) -> None:
    amina = house.human()
    case = hand_over(house, amina, browser)
    officer_replies(house, case, "Who is it about?")
    wait_for_letters(house)
    shown = house.says(amina, "It is about Oluwaseun Adebayo, born 3 May 2016")
    assert "with the person who has your request" in words(shown)
    desk = house.front.office.desk
    with reading(house.front.office.engine) as session:
        lines = session.exec(select(Message).where(Message.case_id == case.id, Message.who == Who.PERSON)).all()
        said = [desk.open(one.person_id, one.sealed_text, "message.sealed_text") for one in lines]
        kept = session.exec(select(ChatUpdate.sealed_update)).all()
    assert said[-1] == "It is about Oluwaseun Adebayo, born 3 May 2016"
    assert "It is about Oluwaseun" in words(list(house.api.state.chat(amina.chat).messages.values())), "it stays"
    assert set(kept) == {None}, "what was acted on is not kept a second time"


def test_what_is_typed_is_redacted_before_it_is_stored_taken_out_of_the_chat_and_they_are_told(house: House) -> None:
    amina = house.human()
    shown = house.says(amina, "My son's name is Oluwaseun Adebayo, what is an EHC plan?")
    assert "I hid some details" in words(shown) and "Oluwaseun" not in words(shown)
    desk = house.front.office.desk
    with reading(house.front.office.engine) as session:
        (row,) = session.exec(select(InboxMessage)).all()
        assert "Oluwaseun" not in desk.open(row.person_id, row.sealed_text, "inbox_message.sealed_text")
    assert "Your message had personal details in it" in words(shown)
    chat = house.api.state.chat(amina.chat).messages.values()
    assert not any("Oluwaseun" in one.plain for one in chat), "the message itself is gone"


def test_nothing_is_taken_out_without_a_reason_or_when_someone_may_be_at_risk(house: House) -> None:
    amina = house.human()
    assert "personal details" not in words(house.says(amina, "What is an EHC plan?"))
    house.says(amina, "My name is Oluwaseun Adebayo and I want to kill myself")
    chat = [one.plain for one in house.api.state.chat(amina.chat).messages.values()]
    assert any("EHC plan?" in text for text in chat) and any("Oluwaseun" in text for text in chat)


def test_a_cry_for_help_is_answered_with_numbers_and_its_case_is_opened(house: House) -> None:
    amina = house.human()
    shown = house.says(amina, "I want to kill myself")
    assert "999" in words(shown) and "116 123" in words(shown)
    assert the_case(house).queue == "safeguarding"
    assert the_case(house).reference not in words(house.says(amina, "/status"))


def test_forget_asks_once_more_erases_and_gives_a_receipt(house: House) -> None:
    amina = house.human()
    house.says(amina, "What is an EHC plan?")
    house.says(amina, "/forget")
    assert "Your receipt is" in words(house.presses(amina, "Yes, erase everything"))
    with reading(house.front.office.engine) as session:
        assert session.exec(select(Person)).all() == [] and session.exec(select(ChatUpdate)).all() == []
    amina.presses("Yes, erase everything")
    house.settle()
    assert "It cannot be undone" in amina.reads()[-2].plain + amina.reads_last().plain, "an old button asks again"


def test_my_data_is_behind_a_link_that_works_once(house: House, browser: Browser) -> None:
    amina = house.human()
    house.says(amina, "What is an EHC plan?")
    link = re.search(r"https://\S+", words(house.says(amina, "/mydata")))
    assert link and "EHC plan" in opened(browser, link[0]) + browser.get("/memory").text
    parts = urlsplit(link[0])
    again = browser.press(parts.path, on=f"{parts.path}?{parts.query}", next="/my-data")
    assert again.status_code == 410


def test_a_group_is_told_one_line_and_left(house: House) -> None:
    group = house.api.state.chat(-100)
    group.kind, group.name = "group", "Parents"
    house.api.state.put(-100, {"message": {"message_id": 1, "date": 1, "chat": group.as_json(), "text": "hello"}})
    house.settle()
    assert [one.plain for one in house.api.state.said(-100)] == [
        "I only answer in a private chat, so I am leaving this group."
    ]
    assert group.blocked
    with reading(house.front.office.engine) as session:
        assert session.exec(select(Person)).all() == []


def test_an_edit_of_an_answered_message_is_not_answered_again(house: House) -> None:
    amina = house.human()
    number = amina.says("What is an EHC plan?")["message"]["message_id"]
    house.settle()
    amina.edits(number, "What is MIP?")
    house.settle()
    assert len(amina.reads()) == 1


def test_an_edit_before_the_answer_is_answered_in_its_place(council: FrontDesk) -> None:
    away = State(TOKEN)
    amina = Human(away)
    number = amina.says("hello there what")["message"]["message_id"]
    amina.edits(number, "What is an EHC plan?")
    for one in away.waiting:
        receive(TelegramHouse(council, Settings()), one.body)
    with open_house(council) as house:
        amina = house.human()
        house.settle()
        until(amina.reads)
        house.settle()
        assert len(amina.reads()) == 1 and "education, health and care plan" in words(amina.reads())


def until(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 240
    while not what():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)


def test_a_blocked_bot_closes_the_door_and_the_letter_goes_by_email(house: House, browser: Browser) -> None:
    amina = house.human()
    case = hand_over(house, amina, browser, how="email", email="amina@example.org")
    amina.blocks()
    house.settle()
    officer_replies(house, case, "The review is in May.")
    office, post = house.front.office, Remembering()
    # An officer may take a reply back for some seconds: nothing is sent before.
    later_desk = replace(office.desk, now=lambda: datetime.now(UTC) + timedelta(minutes=1))
    for _ in range(3):
        asyncio.run(deliver_due(office.engine, later_desk, {"email": post}))
    assert [one.to for one in post.sent if one.kind == "case_replied"] == ["amina@example.org"]
    with reading(office.engine) as session:
        later = select(OutboxMessage).where(OutboxMessage.channel == "telegram", OutboxMessage.kind == "case_replied")
        assert session.exec(later).all() == []
    amina.blocks(shut=False)
    house.says(amina, "/start")
    with reading(office.engine) as session:
        doors = session.exec(select(Address).where(Address.channel == "telegram")).all()
    assert [door.closed_at for door in doors] == [None]


def test_switched_off_the_chat_says_so_and_whom_to_ring(house: House) -> None:
    office = house.front.office
    with transaction(office.engine) as session:
        turn(session, office.desk, Part.BOT, off=True, reason="a test", by="priya")
    office.switches._looked_at = None
    amina = house.human()
    shown = words(house.says(amina, "What is an EHC plan?"))
    assert "switched off" in shown and "Childline" in shown
    assert "999" in words(house.says(amina, "I want to kill myself")), "help in danger is never off"


def test_language_and_easy_words_are_remembered(house: House) -> None:
    amina = house.human()
    house.says(amina, "/language")
    house.presses(amina, "More")
    house.presses(amina, "More")
    chosen = house.says(amina, "/start l_ur")
    assert "اردو" in words(chosen)
    assert [one["text"] for one in chosen[-1].buttons] == ["مینو", "ویب پر کھولیں"], "the buttons below it speak it too"
    shown = house.says(amina, "What is an EHC plan?")
    assert all(line.startswith("\u200f") for one in shown for line in one.text.split("\n") if line)
    house.says(amina, "/start l_en")
    house.says(amina, "/easy")
    assert "Easy words are on" in words(house.presses(amina, "Use easy words"))
    assert "on" in words(house.says(amina, "/easy"))


def test_deep_links_lead_straight_there_and_unknown_ones_to_the_beginning(house: House) -> None:
    amina = house.human()
    assert "Mainstream Inclusion Partnership" in words(house.says(amina, "/start q_mip"))
    assert "no open requests" in words(house.says(amina, "/start c_HS-4F7K-92"))
    for odd in ("s_nothing", "x", "q_", "l_xx", "q_mip_extra", "-" * 64):
        assert house.says(amina, f"/start {odd}")


def test_every_language_has_a_menu_of_commands(house: House) -> None:
    ends = time.monotonic() + 20
    languages = house.front.office.assistant.engine.pack.phrases.languages
    while len(house.api.state.commands) < len(languages) and time.monotonic() < ends:
        time.sleep(0.05)
    assert set(house.api.state.commands) == {"" if code == "en" else code for code in languages}
    assert [one["command"] for one in house.api.state.commands[""]][:3] == ["start", "surgery", "school"]
    said = {code: [one["description"] for one in menu] for code, menu in house.api.state.commands.items()}
    assert all(said[code] != said[""] for code in said if code), "each language has its own words"
