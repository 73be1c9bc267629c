"""Every queue says when it is open and by when it replies, and a promise nobody published is on the launch list."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from little_council import LITTLE, write_pack

from knowledge.calendar import WorkingCalendar
from knowledge.check import check_pack
from knowledge.launch import launch_list
from knowledge.pack import PACKS, load_pack
from knowledge.problems import PackError
from knowledge.queue_records import read_queues
from knowledge.working_hours import LONDON, reply_by, said_week

QUEUES = LITTLE["queues.yaml"]
CLUBS = "clubs: {name: Clubs, handles: clubs, contact: clubs, order: 10"


def faults(folder: Path, queues: str) -> list[str]:
    """What is wrong with the little council when its queues are these."""
    try:
        return [str(problem) for problem in check_pack(load_pack(write_pack(folder, **{"queues.yaml": queues})))]
    except PackError as error:
        return [str(problem) for problem in error.problems]


def hounslow():  # type: ignore[no-untyped-def]
    return load_pack(PACKS / "hounslow")


def test_a_queue_has_several_periods_a_day_closures_of_its_own_and_the_councils_calendar(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        **{
            "queues.yaml": QUEUES.replace(
                CLUBS,
                CLUBS + ', hours: {mon-fri: "9:00-12:00, 14:00-16:00"}, standard: 4 working hours,'
                " closures: [{first: 2026-11-25, last: 2026-11-25, why: training}]",
            ),
            "calendar.yaml": "bank_holidays: {2026: {2026-11-24: A day of our own}}\nclosures: []\n",
        },
    )
    clubs = load_pack(folder).queues["clubs"]
    came = datetime(2026, 11, 23, 15, 0, tzinfo=LONDON)
    assert reply_by(clubs.hours, came, clubs.standard) == datetime(2026, 11, 26, 12, 0, tzinfo=LONDON)
    assert clubs.hours.closures[0].first == date(2026, 11, 25)
    assert said_week(clubs.hours) == "mon-fri 9:00-12:00, 14:00-16:00"


def test_what_a_queue_does_not_say_is_the_packs_default(tmp_path: Path) -> None:
    usual = 'defaults: {hours: {mon-thu: "8:30-17:00"}, standard: 3 working days}\n'
    folder = write_pack(tmp_path, **{"queues.yaml": usual + QUEUES})
    queues = load_pack(folder).queues
    assert "defaults" not in queues
    assert said_week(queues["clubs"].hours) == "mon-thu 8:30-17:00"
    assert str(queues["clubs"].standard) == "3 working days"
    assert str(queues["safeguarding"].standard) == "1 working day"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (', hours: {mon: "17:00-9:00"}', "closes before it opens"),
        (', hours: {noday: "9:00-17:00"}', "'noday' is no day"),
        (', hours: {mon: "9-17"}', "is no period"),
        (", hours: mornings", "hours are given by day"),
        (", standard: soon", "is no reply standard"),
        (", standard: 0 working days", "is no reply standard"),
        (", alarm: 9 working days", "its alarm comes after the reply is due"),
        (", closures: [{first: 2026-12-25}]", "needs a first day, a last day and why"),
        (", closures: christmas", "closures are a list"),
        (", hours_source: nowhere", "its source 'nowhere' is not in sources.yaml"),
        (", standard_source: nowhere", "its source 'nowhere' is not in sources.yaml"),
        (", cases_to: nobody", "cases_to 'nobody' is not a queue"),
        (", opens: 9", "'opens' is no setting of a queue"),
    ],
)
def test_a_queue_that_cannot_be_kept_to_is_a_fault(tmp_path: Path, more: str, says: str) -> None:
    found = faults(tmp_path, QUEUES.replace(CLUBS, CLUBS + more))
    assert any(says in fault and "clubs" in fault for fault in found), found


def test_cases_are_sent_on_once_and_never_in_a_circle(tmp_path: Path) -> None:
    circle = QUEUES.replace(CLUBS, CLUBS + ", cases_to: local_offer").replace("order: 90", "order: 90, cases_to: clubs")
    assert any("sends its own cases on" in fault for fault in faults(tmp_path, circle))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("safeguarding:", "risk:"), "there is no queue called safeguarding"),
        (("alarm: 4 working hours", "cases_to: clubs, alarm: 4 working hours"), "cannot go to another queue"),
        ((", alarm: 4 working hours", ""), "it needs an alarm"),
        (("1 working day", "2 working days"), "longer than one working day"),
        (("1 working day", "30 working hours"), "longer than one working day"),
    ],
)
def test_someone_at_risk_has_a_queue_a_working_day_and_an_alarm(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    assert any(says in fault for fault in faults(tmp_path, QUEUES.replace(*change)))


def test_the_little_council_and_hounslow_keep_every_rule(tmp_path: Path) -> None:
    assert faults(tmp_path, QUEUES) == []
    pack = hounslow()
    assert pack.queues["adult_social_care"].hours_source == "first-contact"
    assert said_week(pack.queues["adult_social_care"].hours) == "mon-thu 9:00-17:00; fri 9:00-16:45"
    assert (str(pack.queues["safeguarding"].standard), str(pack.queues["safeguarding"].alarm)) == (
        "1 working day",
        "4 working hours",
    )
    assert pack.queues["school"].cases_to == "local_offer"


def test_every_promise_nobody_has_published_is_on_the_launch_list() -> None:
    pack = hounslow()
    listed = {(item.queue, item.what) for item in launch_list(pack) if "own default" in item.what}
    for queue in pack.queues.values():
        hours = any(who == queue.id and "is open" in what for who, what in listed)
        standard = any(who == queue.id and "replies" in what for who, what in listed)
        assert hours == (queue.hours_source is None and queue.cases_to is None), queue.id
        assert standard == (queue.standard_source is None and queue.cases_to is None), queue.id


def test_a_pack_without_hours_is_an_office(tmp_path: Path) -> None:
    queues, found = read_queues(write_pack(tmp_path), WorkingCalendar())
    assert found == [] and said_week(queues["clubs"].hours) == "mon-fri 9:00-17:00"
