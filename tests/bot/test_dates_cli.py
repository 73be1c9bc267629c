"""`askwell dates` and `askwell plan` as a stranger uses them: no index is needed, nothing is a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from icalendar import Calendar
from typer.testing import CliRunner

from bot.cli import cli
from bot.dates_door import date_lines, find_event, worked_from
from bot.door import BadInputError
from bot.worked_dates import dates_object, day_entries
from knowledge.pack import PACKS, Pack, load_pack

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hounslow")


Askwell = Callable[..., Result]


@pytest.fixture
def askwell(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Askwell:
    """The command, with the pack read once for all tests."""
    for module in ("bot.dates_cli", "bot.plan_cli"):
        monkeypatch.setattr(f"{module}.load_settings_pack", lambda settings: pack)
    return lambda *arguments: CliRunner().invoke(cli, list(arguments))


def told(pack: Pack, **row: object) -> dict[str, str]:
    """The date of each rule, for one request."""
    made = dates_object(worked_from(row, pack, TODAY))
    return {one["id"]: one["date"] for one in made["dates"]}


def test_an_event_and_a_date_give_dates_with_rule_source_and_doubt(askwell: Askwell):
    done = askwell("dates", "request-received", "2026-10-02", "--json", "--today", "2026-11-23")
    made = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert [one["date"] for one in made["dates"]] == ["2026-11-13", "2027-01-22", "2027-02-19"]
    first = made["dates"][0]
    assert first["rule"].startswith("Within 6 weeks") and first["certainty"] == "settled" and first["passed"]
    assert first["sources"][0]["url"] == "https://www.legislation.gov.uk/uksi/2014/1530/regulation/5"
    assert len(first["exceptions"]) == 5
    assert any("independent" in line for line in made["closing"])


def test_the_text_is_what_the_conversation_says(askwell: Askwell):
    done = askwell("dates", "decision-letter", "12", "June", "--certificate", "20/6/26", "--today", "2026-11-23")
    text = done.stdout
    assert done.exit_code == 0, done.stderr
    assert "By 5pm on Tuesday 1 September 2026: Your appeal must have arrived at the tribunal." in text
    assert "The rule: Within 2 months of the decision letter or 1 month" in text
    assert "You gave no year, so I used 2026." in text
    assert "SENDIASS and IPSEA are independent" in text


def test_alone_it_lists_the_events(askwell: Askwell):
    text = askwell("dates").stdout
    assert "request-received" in text and "decision-letter" in text and "(also --certificate)" in text
    listed = json.loads(askwell("dates", "--json").stdout)["events"]
    assert {"event": "post-16-to-post-16", "takes": ["transfer"]}.items() <= next(
        one for one in listed if one["event"] == "post-16-to-post-16"
    ).items()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dates", "birthday", "3 October 2025"], "event must be one of: request-received"),
        (["dates", "request-received"], "request-received needs a date."),
        (["dates", "request-received", "soonish"], "'soonish' is not a date I can read: write it like 3 October 2025"),
        (["dates", "request-received", "Monday 3 October 2025"], "can be read in more than one way: Friday 3 October"),
        (["dates", "request-received", "1/1/2026", "--letter", "2/1/2026"], "takes no date called letter"),
        (["dates", "request-received", "--school-year", "Year 6"], "takes a date, not a school year"),
        (["dates", "school-transfer", "--school-year", "Year 9"], "there is no such move after Year 9"),
        (["dates", "school-transfer", "--school-year", "big school"], "is not a school year I know"),
        (["dates", "decision-letter", "1/1/2026", "--today", "now"], "--today must be a day like 2026-11-23"),
        (["dates", "--batch", "no-such-file"], "no-such-file cannot be read"),
        (["dates", "decision-letter", "1/1/2026", "--ics", "no/such/folder.ics"], "cannot be written"),
        (["plan", "17"], "Give a school year, such as Year 9 or Reception"),
    ],
)
def test_bad_input_gets_a_message_and_a_code(askwell: Askwell, arguments: list[str], says: str):
    done = askwell(*arguments)
    assert done.exit_code != 0 and done.stdout == ""
    assert says in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.output


def test_an_unclear_date_as_json_gives_the_days_to_choose_from(askwell: Askwell):
    done = askwell("dates", "request-received", "Friday 3 October", "--json", "--today", "2026-11-23")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["choices"] == ["2025-10-03", "2026-10-02", "2026-10-03"]


def test_a_batch_goes_on_past_bad_lines_and_ends_with_a_code(askwell: Askwell, tmp_path: Path):
    lines = [
        b'{"id": "a", "event": "request-received", "date": "2026-10-02"}',
        b"not json",
        b'{"id": 7, "event": "request-received", "date": "Friday 3 October"}',
        b"",
        b'\xef\xbb\xbf{"id": "b", "event": "Decision letter", "letter": "1 October 2025", "certificate": "29/11/2025"}',
        b"\xff\xfe",
        b'["a list"]',
        b'{"id": true, "event": "request-received", "date": "2026-10-02"}',
        b'{"id": "c", "event": "request-received", "date": 20261002}',
        b'{"id": "d", "event": "school-transfer", "school_year": "Year 6"}',
        b'{"id": "e", "event": "school-transfer"}',
        b'{"id": "f", "event": ["x"], "date": "2026-10-02"}',
        b'{"id": "g", "event": "annual-review", "date": "2026-05-05", "notice": null}',
    ]
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n".join(lines))
    done = askwell("dates", "--batch", str(file), "--today", "2026-11-23")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1 and "Traceback" not in done.output
    assert [row["id"] for row in rows] == ["a", None, 7, "b", None, None, None, "c", "d", "e", "f", "g"]
    assert [row["id"] for row in rows if "error" not in row] == ["a", "b", "d", "g"]
    assert rows[2]["choices"] == ["2025-10-03", "2026-10-02", "2026-10-03"] and rows[2]["line"] == 3
    assert rows[3]["dates"][-1]["date"] == "2026-01-02"
    assert "8 lines could not be worked out" in done.stderr


def test_a_sound_batch_ends_well(askwell: Askwell, tmp_path: Path):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1, "event": "draft-plan-served", "date": "1 March 2026"}\n')
    done = askwell("dates", "--batch", str(file))
    assert done.exit_code == 0 and json.loads(done.stdout)["dates"][0]["date"] == "2026-03-15"


def test_the_calendar_file_holds_each_date_with_its_rule(askwell: Askwell, tmp_path: Path):
    file = tmp_path / "dates.ics"
    done = askwell("dates", "annual-review", "5/5/2026", "--ics", str(file))
    assert done.exit_code == 0, done.stderr
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [date(2026, 4, 21), date(2026, 6, 2), date(2026, 7, 28)]
    assert events[0]["uid"] == "hounslow-annual-review-papers-20260505@askwell"
    assert "At least 2 weeks before the meeting." in events[0]["description"]
    assert all("not a decision or legal advice" in event["description"] for event in events)


def test_an_entry_keeps_its_id_and_two_different_ones_never_share_one(pack: Pack):
    def ids(**row: str) -> list[str]:
        return [entry.uid for entry in day_entries(worked_from(row, pack, TODAY))]

    assert ids(event="decision-letter", date="1/10/2025") == ids(event="appeal", date="2025-10-01")
    made = ids(event="decision-letter", date="1/10/2025")
    made += ids(event="decision-letter", date="1/10/2025", certificate="29/11/2025")
    made += ids(event="decision-letter", date="2/10/2025")
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    ("row", "february"),
    [
        ({"date": "1 September 2027"}, "2027-02-15"),
        ({"date": "2027"}, "2027-02-15"),
        ({"date": "September 2027"}, "2027-02-15"),
        ({"date": "Year 6"}, "2027-02-15"),
        ({"school_year": "Year 5"}, "2028-02-15"),
        ({"school_year": 3}, "2030-02-15"),
        ({"school_year": "Year 2"}, "2027-02-15"),
        ({"school_year": "nursery"}, "2027-02-15"),
        ({"school_year": "Reception"}, "2029-02-15"),
    ],
)
def test_a_move_is_told_by_its_day_its_year_or_the_school_year(pack: Pack, row: dict[str, object], february: str):
    assert told(pack, event="phase transfer", **row)["transfer-february"] == february


def test_a_school_year_says_which_move_was_meant(pack: Pack):
    made = worked_from({"event": "school-transfer", "school_year": "Year 5"}, pack, TODAY)
    assert made.notes[0] == "This is for the move to secondary school in September 2028."


def test_every_event_answers_to_its_other_names(pack: Pack):
    for event in pack.deadlines.events.values():
        for name in (event.id, event.id.upper().replace("-", " "), *event.also):
            assert find_event(name, pack.deadlines) is event
    with pytest.raises(BadInputError, match="say which event"):
        find_event(None, pack.deadlines)


def test_past_its_review_date_a_rule_gives_no_date(pack: Pack):
    late = dates_object(worked_from({"event": "request-received", "date": "2/10/2026"}, pack, date(2027, 5, 22)))
    assert [one["date"] for one in late["dates"]] == [None] * 3
    assert all("past its review date" in one["says"] for one in late["dates"])
    assert day_entries(worked_from({"event": "request-received", "date": "2/10/2026"}, pack, date(2027, 5, 22))) == []


def test_blank_lines_are_passed_over(pack: Pack):
    assert list(date_lines([b"", b"  "], pack, TODAY)) == []


def test_plan_prints_text_and_json(askwell: Askwell):
    text = askwell("plan", "Year", "9").stdout
    assert text.startswith("Now, Year 9")
    assert json.loads(askwell("plan", "age 22", "--json").stdout)["now"]["name"] == "Ages 19 to 25"


def test_as_a_stranger_runs_it_no_index_is_made_and_nothing_else_is_printed(tmp_path: Path):
    command = [sys.executable, "-m", "bot", "dates", "request-received", "2026-10-02", "--json"]
    environment = {**os.environ, "ASKWELL_PACK": "hounslow", "ASKWELL_DATA": str(tmp_path / "data")}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=300, check=False)
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    assert json.loads(done.stdout)["given"] == {"request": "2026-10-02"}
    assert not (tmp_path / "data").exists()
