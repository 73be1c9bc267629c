"""A message is kept, answered once, and answered the same again; the dialogue survives a restart."""

from __future__ import annotations

import threading
from dataclasses import replace

from small_office import Clock

from bot.assistant import NOTHING_YET, Assistant, Replied
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Chosen, Incoming, Outcome, Reply, Role
from bot.turn import Past
from handoff import inbox
from handoff.conversations import recent
from handoff.database import reading, transaction
from handoff.inbox import LEASE_SECONDS, MOST_ATTEMPTS
from handoff.models import InboxState, Who

AGES = "how old for holiday club"


def amina(text: str, message_id: str, *, channel: str = "web", chosen: Chosen | None = None) -> Arrived:
    return Arrived(channel, "amina", message_id, Incoming(text), chosen or Chosen())


def lines(front: FrontDesk, arrived: Arrived) -> list[tuple[Who, str]]:
    kept = front.receive(arrived)
    with reading(front.office.engine) as session:
        return [(line.who, line.text) for line in recent(session, front.office.desk, kept.conversation_id)]


class Counting(Assistant):
    """The real assistant, counting; it may wait at a gate or fall over first."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant.engine)
        self.asked: list[str] = []
        self.faults = 0
        self.before = lambda: None

    def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
        self.asked.append(incoming.text)
        self.before()
        if self.faults:
            self.faults -= 1
            raise KeyError(incoming.text)
        return super().reply(incoming, past)


def test_a_message_is_answered_and_both_lines_are_kept(front: FrontDesk) -> None:
    reply = front.reply(amina(AGES, "m1"))
    assert reply.outcome is Outcome.ANSWER
    kept = lines(front, amina(AGES, "m1"))
    assert [who for who, _ in kept] == [Who.PERSON, Who.ASSISTANT]
    assert kept[0][1] == AGES and "aged 8 to 12" in kept[1][1]


def test_the_same_message_again_gives_the_stored_reply_and_acts_no_more(front: FrontDesk) -> None:
    counting = Counting(front.office.assistant)
    again = FrontDesk(front.office.engine, front.office.desk, counting, front.office.spool)
    first = again.reply(amina(AGES, "m1"))
    assert [again.reply(amina(AGES, "m1")) for _ in range(4)] == [first] * 4
    assert counting.asked == [AGES]
    assert len(lines(again, amina(AGES, "m1"))) == 2


def test_ids_that_begin_again_are_new_messages(front: FrontDesk) -> None:
    front.reply(amina(AGES, "900"))
    assert front.receive(amina("club fees", "3")).new


def test_another_family_that_sends_the_same_id_gets_its_own_reply(front: FrontDesk) -> None:
    """Web pages make up their own ids: knowing one must not show another family's reply."""
    front.reply(amina(AGES, "m1"))
    ben = Arrived("web", "ben", "m1", Incoming("how much is the bus"))
    assert front.reply(ben).section == "fares#fare"
    assert len(lines(front, ben)) == 2


def test_personal_data_is_hidden_before_anything_is_kept(front: FrontDesk) -> None:
    arrived = amina("my son Oliver Smith, born 3 May 2017, how old for holiday club", "m1")
    front.reply(arrived)
    assert "Oliver" not in lines(front, arrived)[0][1] and "[name]" in lines(front, arrived)[0][1]


def test_a_choice_offered_before_a_restart_is_taken_after_it(front: FrontDesk, little_assistant: Assistant) -> None:
    offered = front.reply(amina("can you help", "m1"))
    assert offered.choices
    restarted = FrontDesk(front.office.engine, front.office.desk, little_assistant, front.office.spool)
    assert restarted.reply(amina("1", "m2")).section == "clubs#ages"


def test_what_was_chosen_is_remembered_and_can_be_chosen_again(front: FrontDesk) -> None:
    seen: list[Incoming] = []

    class Noting(Assistant):
        def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
            seen.append(incoming)
            return super().reply(incoming, past)

    noting = FrontDesk(
        front.office.engine, front.office.desk, Noting(front.office.assistant.engine), front.office.spool
    )
    said = Arrived("web", "tom", "m1", Incoming(AGES, Role.SENCO, "pl", easy=True))
    noting.reply(said)
    noting.reply(replace(said, message_id="m2", incoming=Incoming(AGES)))
    noting.reply(replace(said, message_id="m3", incoming=Incoming(AGES), chosen=Chosen(Role.FAMILY, "en", easy=False)))
    noting.reply(replace(said, message_id="m4", incoming=Incoming(AGES)))
    assert [(one.role, one.language, one.easy) for one in seen] == [
        (Role.SENCO, "pl", True),
        (Role.SENCO, "pl", True),
        (Role.FAMILY, "en", False),
        (Role.FAMILY, "en", False),
    ]


def test_a_choice_made_with_a_button_counts_for_what_is_asked_next(front: FrontDesk) -> None:
    front.choose("web", "amina", Chosen(language="pl"))
    assert front.reply(amina(AGES, "m1")).language == "pl"


def test_a_door_nobody_came_through_has_no_lines(front: FrontDesk) -> None:
    assert front.lines("web", "nobody") == ()
    front.reply(amina(AGES, "m1"))
    assert [line.number for line in front.lines("web", "amina")] == [1, 2]
    assert front.lines("web", "ben") == ()


def test_two_messages_at_once_are_answered_in_order_one_at_a_time(front: FrontDesk) -> None:
    counting = Counting(front.office.assistant)
    desks = FrontDesk(front.office.engine, front.office.desk, counting, front.office.spool)
    for number in range(6):
        desks.receive(amina(f"{AGES} {number}", f"m{number}"))
    together = threading.Barrier(6)
    replies: list[Reply] = []

    def ask(number: int) -> None:
        together.wait()
        replies.append(desks.reply(amina(f"{AGES} {number}", f"m{number}")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 6 and all(reply.outcome is Outcome.ANSWER for reply in replies)
    assert counting.asked == [f"{AGES} {number}" for number in range(6)]
    said = [text for who, text in lines(desks, amina("", "m0")) if who is Who.PERSON]
    assert said == counting.asked


def test_what_waited_before_is_answered_first_and_each_message_gets_its_own_reply(front: FrontDesk) -> None:
    front.receive(amina("where is it", "m1"))
    reply = front.reply(amina(AGES, "m2"))
    assert reply.outcome is Outcome.ANSWER and reply == front.reply(amina(AGES, "m2"))
    said = [text for who, text in lines(front, amina(AGES, "m2")) if who is Who.PERSON]
    assert said == ["where is it", AGES]


def test_a_worker_that_ended_with_a_message_in_its_hands_leaves_it_to_the_next(front: FrontDesk, clock: Clock) -> None:
    waiting = front._received(amina(AGES, "m1"), taken=True)
    assert waiting.lease is not None
    assert front.work(waiting.conversation_id) == 0
    clock.move(seconds=LEASE_SECONDS + 1)
    assert front.work(waiting.conversation_id) == 1


def test_a_slow_worker_whose_lease_ran_out_changes_nothing(front: FrontDesk, clock: Clock) -> None:
    slow = Counting(front.office.assistant)

    def overtaken() -> None:
        slow.before = lambda: None
        clock.move(seconds=LEASE_SECONDS + 1)
        assert front.reply(amina(AGES, "m1")).outcome is Outcome.ANSWER

    slow.before = overtaken
    late = FrontDesk(front.office.engine, front.office.desk, slow, front.office.spool, sleep=lambda _: None)
    assert late.reply(amina(AGES, "m1")).outcome is Outcome.ANSWER
    assert len(lines(front, amina(AGES, "m1"))) == 2


def test_a_message_another_worker_holds_is_said_to_be_on_its_way(front: FrontDesk) -> None:
    kept = front.receive(amina(AGES, "m1"))
    with transaction(front.office.engine) as session:
        assert inbox.take(session, front.office.desk, kept.conversation_id)
    assert front.reply(amina(AGES, "m1")).status == "answer_follows"


def test_a_fault_that_passes_is_not_seen(front: FrontDesk) -> None:
    counting = Counting(front.office.assistant)
    counting.faults = MOST_ATTEMPTS - 1
    desks = FrontDesk(front.office.engine, front.office.desk, counting, front.office.spool)
    assert desks.reply(amina(AGES, "m1")).outcome is Outcome.ANSWER


def test_a_message_that_always_fails_is_given_up_and_the_next_is_answered(front: FrontDesk) -> None:
    counting = Counting(front.office.assistant)
    counting.faults = MOST_ATTEMPTS
    desks = FrontDesk(front.office.engine, front.office.desk, counting, front.office.spool)
    assert desks.reply(amina(AGES, "m1")).status == "could_not_answer"
    assert desks.reply(amina(AGES, "m1")).status == "could_not_answer"
    assert desks.reply(amina("how much is the bus", "m2")).section == "fares#fare"


def test_a_message_that_ends_the_process_each_time_is_given_up_too(front: FrontDesk, clock: Clock) -> None:
    kept = front.receive(amina(AGES, "m1"))
    for _ in range(MOST_ATTEMPTS):
        with transaction(front.office.engine) as session:
            assert inbox.take(session, front.office.desk, kept.conversation_id)
        clock.move(seconds=LEASE_SECONDS + 1)
    assert front.reply(amina(AGES, "m1")).status == "could_not_answer"
    with reading(front.office.engine) as session:
        row = inbox.find(session, front.office.desk, "web", kept.id)
        assert row is not None and row.state is InboxState.FAILED and row.fault == "crashed"
