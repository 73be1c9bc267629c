"""A case has one owner, every act is written down with it, and nobody overwrites what they have not read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from small_office import BEN, PRIYA, Clock, add_staff, amina_asks
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handoff import cases, conversations
from handoff.cases import CaseChangedError, NoSuchCaseError, NotNowError, NotYoursError, Outcome
from handoff.cases.notes import note, notes_of
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import (
    Act,
    AuditEntry,
    Case,
    CaseEvent,
    CaseReply,
    Conversation,
    Message,
    OfficerRole,
    Priority,
    Status,
    Who,
)
from handoff.models.notes import CaseNote
from handoff.people import address_for
from handoff.receipts import KeyReusedError
from handoff.rights import Acting

AMIRA = Acting("amira", OfficerRole.OFFICER, frozenset({"send"}))
LEAD = Acting("lena", OfficerRole.LEAD, frozenset({"send"}))
Deed = Callable[[Session], Case]


def do(engine: Engine, deed: Deed) -> Case:
    with transaction(engine) as session:
        return deed(session)


def claimed(engine: Engine, desk: Desk, by: Acting = PRIYA, key: str = "k1") -> Case:
    case = amina_asks(engine, desk, key=key)
    return do(engine, lambda session: cases.claim(session, desk, by, case.id, case.version))


def acts(engine: Engine, case: Case) -> list[tuple[int, Act, str | None]]:
    with reading(engine) as session:
        events = session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.number)))
        return [(event.number, event.act, event.officer_id) for event in events]


def lines(engine: Engine, desk: Desk, case: Case) -> list[tuple[Who, str]]:
    with reading(engine) as session:
        found = session.exec(select(Message).where(Message.case_id == case.id).order_by(col(Message.number))).all()
        return [(one.who, desk.open(one.person_id, one.sealed_text, "message.sealed_text")) for one in found]


def test_who_takes_a_case_they_have_is_given_it_and_nothing_changes(engine: Engine, desk: Desk) -> None:
    mine = claimed(engine, desk)
    again = do(engine, lambda session: cases.claim(session, desk, PRIYA, mine.id, mine.version))
    assert (again.id, again.version, again.owner_id) == (mine.id, mine.version, PRIYA.officer_id)


def test_from_claim_to_close_every_act_is_one_event_and_one_audit_entry(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    assert (case.owner_id, case.status, case.version) == ("priya", Status.WORKING, 2)
    case = do(engine, lambda session: note(session, desk, PRIYA, case.id, 2, "Ring the school first.", "n1"))
    case = do(engine, lambda session: cases.reply(session, desk, PRIYA, case.id, 3, "The review is on 4 May.", "r1"))
    assert case.answered_at == desk.now()
    case = do(engine, lambda session: cases.wait_for_family(session, desk, PRIYA, case.id, 4))
    case = do(engine, lambda session: cases.wait_for_team(session, desk, PRIYA, case.id, 5, "ap"))
    case = do(engine, lambda session: cases.close(session, desk, PRIYA, case.id, 6, Outcome.ANSWERED))
    assert (case.status, case.outcome, case.closed_by, case.version) == (Status.DONE, "answered", "priya", 7)
    did = [Act.OPENED, Act.CLAIMED, Act.NOTED, Act.REPLIED, Act.WAIT_FOR_FAMILY, Act.WAIT_FOR_TEAM, Act.CLOSED]
    assert acts(engine, case) == [(n, act, None if n == 1 else "priya") for n, act in enumerate(did, start=1)]
    with reading(engine) as session:
        audited = session.exec(select(AuditEntry.act).where(AuditEntry.subject == case.id)).all()
    assert list(audited) == [act.value for act in did]
    assert lines(engine, desk, case) == [
        (Who.OFFICER, "The review is on 4 May."),
        (Who.ASSISTANT, f"We are waiting to hear from you about {case.reference}."),
        (
            Who.ASSISTANT,
            f"We have asked another team about {case.reference}: Alternative provision."
            " You will have a reply by Monday 30 November 2026.",
        ),
        (
            Who.ASSISTANT,
            f"We have answered your request {case.reference}, so it is now closed."
            " To add to it, open the link within 28 days.",
        ),
    ]


def test_an_act_that_fails_leaves_nothing_behind(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        cases.reply(session, desk, PRIYA, case.id, case.version, "half a reply", "r1")
        raise ZeroDivisionError
    assert [act for _, act, _ in acts(engine, case)] == [Act.OPENED, Act.CLAIMED]
    assert lines(engine, desk, case) == []
    with reading(engine) as session:
        assert session.exec(select(CaseReply)).all() == []
        assert session.get_one(Case, (desk.pack, case.id)).version == case.version


def every_act(desk: Desk, by: Acting, case: Case, version: int) -> dict[str, Deed]:
    return {
        "claim": lambda session: cases.claim(session, desk, by, case.id, version),
        "release": lambda session: cases.release(session, desk, by, case.id, version),
        "assign": lambda session: cases.assign(session, desk, by, case.id, version, "amira"),
        "pass_on": lambda session: cases.pass_on(session, desk, by, case.id, version, "ap", "theirs", "p1"),
        "reply": lambda session: cases.reply(session, desk, by, case.id, version, "hello", "r1"),
        "note": lambda session: note(session, desk, by, case.id, version, "hello", "n1"),
        "wait_for_family": lambda session: cases.wait_for_family(session, desk, by, case.id, version),
        "wait_for_team": lambda session: cases.wait_for_team(session, desk, by, case.id, version, "ap"),
        "close": lambda session: cases.close(session, desk, by, case.id, version, Outcome.ANSWERED),
        "reopen": lambda session: cases.reopen(session, desk, by, case.id, version),
    }


def test_ben_who_has_not_the_queue_is_told_that_there_is_no_such_case(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA)
    for name, deed in every_act(desk, BEN, case, case.version).items():
        with pytest.raises(NoSuchCaseError):
            do(engine, deed)
        assert acts(engine, case)[-1][1] is Act.CLAIMED, name
    with transaction(engine) as session:
        for look in (cases.open_for, cases.events_of, notes_of):
            with pytest.raises(NoSuchCaseError):
                look(session, desk, BEN, case.id)


def test_who_read_an_older_version_is_told_the_present_one(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA)
    case = do(engine, lambda session: note(session, desk, AMIRA, case.id, 2, "The family rang.", "n0"))
    for name, deed in every_act(desk, PRIYA, case, 2).items():
        if name == "claim":
            continue  # hers already: nothing is changed, so nothing is overwritten
        with pytest.raises(CaseChangedError) as refused:
            do(engine, deed)
        assert (refused.value.given, refused.value.present) == (2, 3), name
    assert [act for _, act, _ in acts(engine, case)] == [Act.OPENED, Act.CLAIMED, Act.NOTED]


def test_what_is_the_owners_is_refused_to_a_colleague(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA)
    for name, deed in every_act(desk, AMIRA, case, case.version).items():
        if name == "note":
            continue  # a note is anyone's who may see the case
        with pytest.raises((NotYoursError, NotNowError)):
            do(engine, deed)
    assert acts(engine, case)[-1][1] is Act.CLAIMED


def test_nothing_but_a_note_and_reopening_is_done_to_a_closed_case(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA)
    case = do(engine, lambda session: cases.close(session, desk, PRIYA, case.id, 2, Outcome.NOT_OURS))
    for name, deed in every_act(desk, PRIYA, case, case.version).items():
        if name in ("note", "reopen"):
            continue
        with pytest.raises(NotNowError):
            do(engine, deed)
    case = do(engine, every_act(desk, AMIRA, case, 3)["reopen"])
    assert (case.status, case.owner_id, case.outcome, case.closed_at) == (Status.WORKING, "amira", None, None)
    assert lines(engine, desk, case)[-1][1].startswith(f"Your request {case.reference} is open again.")


def test_two_officers_press_take_at_once_and_one_has_it(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk)
    together, won, lost = threading.Barrier(6), [], []

    def press(name: str) -> None:
        by = Acting(name, OfficerRole.OFFICER, frozenset({"send"}))
        together.wait()
        try:
            won.append(do(engine, lambda session: cases.claim(session, desk, by, case.id, 1)).owner_id)
        except (NotYoursError, CaseChangedError) as error:
            lost.append(error)

    threads = [threading.Thread(target=press, args=(f"officer{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and len(lost) == 5
    with reading(engine) as session:
        assert session.get_one(Case, (desk.pack, case.id)).owner_id == won[0]
    assert [act for _, act, _ in acts(engine, case)] == [Act.OPENED, Act.CLAIMED]


def test_pressing_send_twice_sends_once_and_other_words_under_the_key_are_refused(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    for _ in range(2):
        do(engine, lambda session: cases.reply(session, desk, PRIYA, case.id, 2, " The review is in May. ", "r1"))
        do(engine, lambda session: note(session, desk, PRIYA, case.id, 3, "Rang.", "n1"))
    with pytest.raises(KeyReusedError):
        do(engine, lambda session: cases.reply(session, desk, PRIYA, case.id, 4, "In June.", "r1"))
    with pytest.raises(KeyReusedError):
        do(engine, lambda session: note(session, desk, PRIYA, case.id, 4, "Wrote.", "n1"))
    assert lines(engine, desk, case) == [(Who.OFFICER, "The review is in May.")]
    with reading(engine) as session:
        assert len(session.exec(select(CaseReply)).all()) == len(session.exec(select(CaseNote)).all()) == 1


def test_a_reply_is_refused_once_the_case_is_somebody_elses(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA)
    case = do(engine, lambda session: cases.assign(session, desk, PRIYA, case.id, 2, "amira"))
    with pytest.raises(NotYoursError) as refused:
        do(engine, lambda session: cases.reply(session, desk, PRIYA, case.id, 3, "hello", "r1"))
    assert refused.value.owner_id == "amira"
    assert lines(engine, desk, case) == []


def test_a_lead_may_take_a_case_from_its_owner_and_give_it_only_to_someone_who_may_see_it(
    engine: Engine, desk: Desk
) -> None:
    case = claimed(engine, desk)
    add_staff(engine, desk, AMIRA, BEN)
    for stranger in ("ben", "nobody"):
        with pytest.raises(NotNowError, match="may not see this queue"):
            do(engine, lambda session, to=stranger: cases.assign(session, desk, LEAD, case.id, 2, to))
    case = do(engine, lambda session: cases.assign(session, desk, LEAD, case.id, 2, "amira"))
    case = do(engine, lambda session: cases.release(session, desk, LEAD, case.id, 3))
    assert (case.owner_id, case.status) == (None, Status.NEW)


def test_a_case_passed_on_has_no_owner_a_reason_for_colleagues_and_the_date_the_family_was_given(
    engine: Engine, desk: Desk
) -> None:
    case = claimed(engine, desk)
    before = case.reply_by
    case = do(engine, lambda session: cases.pass_on(session, desk, PRIYA, case.id, 2, "ap", "Not in school.", "p1"))
    assert (case.queue, case.owner_id, case.status, case.reply_by) == ("ap", None, Status.NEW, before)
    assert lines(engine, desk, case)[-1][1] == (
        f"Your request {case.reference} is now with: Alternative provision. You will have a reply by Monday 30 November 2026."
    )
    with transaction(engine) as session:
        assert [one.text for one in notes_of(session, desk, PRIYA, case.id)] == ["Not in school."]
        with pytest.raises(NoSuchCaseError):
            cases.open_for(session, desk, AMIRA, case.id)


def test_an_officer_reads_what_happened_to_a_case_in_order(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    with transaction(engine) as session:
        shown = cases.events_of(session, desk, PRIYA, case.id)
    assert [event.act for event in shown] == [Act.OPENED, Act.CLAIMED]


def test_a_lead_passes_on_a_colleagues_case_and_nobody_to_the_queue_it_is_in(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    for by in (LEAD, PRIYA):
        with pytest.raises(NotNowError, match="in that queue already"), transaction(engine) as session:
            cases.pass_on(session, desk, by, case.id, case.version, "send", "ours", "p1")
    moved = do(engine, lambda session: cases.pass_on(session, desk, LEAD, case.id, case.version, "ap", "theirs", "p1"))
    assert (moved.queue, moved.owner_id) == ("ap", None)


def test_a_case_passed_to_safeguarding_is_out_of_sight_and_first_and_the_family_is_told_nothing(
    engine: Engine, desk: Desk
) -> None:
    case = claimed(engine, desk)
    case = do(engine, lambda session: cases.pass_on(session, desk, PRIYA, case.id, 2, "safeguarding", "Worry.", "p1"))
    assert case.priority is Priority.SAFEGUARDING and lines(engine, desk, case) == []
    with reading(engine) as session, pytest.raises(NoSuchCaseError):
        cases.events_of(session, desk, PRIYA, case.id)


def test_nobody_waits_for_a_question_that_was_never_asked(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    with pytest.raises(NotNowError, match="Reply to the family first"):
        do(engine, lambda session: cases.wait_for_family(session, desk, PRIYA, case.id, 2))


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001, "\x00"])
def test_a_reply_says_something_and_is_not_endless(engine: Engine, desk: Desk, text: str) -> None:
    case = claimed(engine, desk)
    with pytest.raises(NotNowError):
        do(engine, lambda session: cases.reply(session, desk, PRIYA, case.id, 2, text, "r1"))
    with pytest.raises(NotNowError):
        do(engine, lambda session: note(session, desk, PRIYA, case.id, 2, text, "n1"))


def test_who_opened_a_case_is_in_the_audit(engine: Engine, desk: Desk, clock: Clock) -> None:
    case = claimed(engine, desk)
    with transaction(engine) as session:
        seen = cases.open_for(session, desk, PRIYA, case.id)
    assert (seen.summary, seen.shared) == ("When is the review?", ("my son's review is late",))
    with reading(engine) as session:
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.number).desc())).first()
    assert last is not None and (last.actor, last.act, last.subject) == ("priya", "saw", case.id)


def test_a_family_and_its_officer_writing_at_once_never_block_each_other(engine: Engine, desk: Desk) -> None:
    case = claimed(engine, desk)
    together, failed = threading.Barrier(4), []

    def family() -> None:
        with transaction(engine) as session:
            conversation = conversations.conversation_for(session, desk, address_for(session, desk, "web", "amina"))
            session.get_one(Conversation, (desk.pack, conversation.id), with_for_update=True)
            cases.family_wrote(session, desk, case.id)
            conversations.record(session, desk, conversation, conversations.Said(Who.PERSON, "And?", case_id=case.id))

    def officer(key: str) -> None:
        with reading(engine) as session:
            version = session.get_one(Case, (desk.pack, case.id)).version
        with suppress(CaseChangedError), transaction(engine) as session:
            cases.reply(session, desk, PRIYA, case.id, version, "Here.", key)

    def work(name: int) -> None:
        together.wait()
        try:
            for turn in range(6):
                family() if name % 2 else officer(f"{name}-{turn}")
        except BaseException as error:  # shown below: a thread's own traceback fails no test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with reading(engine) as session:
        now = session.get_one(Case, (desk.pack, case.id))
        sent = len(session.exec(select(CaseReply)).all())
        said = session.exec(
            select(Message.number).where(Message.case_id == case.id).order_by(col(Message.number))
        ).all()
    assert now.version == 2 + 12 + sent and list(said) == list(range(1, 12 + sent + 1))
