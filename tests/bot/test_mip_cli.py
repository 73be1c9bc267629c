"""The MIP check on the command line and on the terminal: as a SENCO, a parent and a script meet it."""

import json
import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import mip_by_hand
import pytest
from mip_cases import LIKELY, NURSERY, generated, hounslow_table, view

from bot.mip_ask import ask_all
from bot.mip_cli import answer_line
from bot.mip_text import as_json, as_text, heading, next_route
from knowledge.check import MOST_WORDS
from knowledge.pack import PACKS, Pack, load_pack
from knowledge.readability import longest_sentence
from knowledge.rules.decide import decide
from knowledge.rules.judge import judge
from knowledge.rules.table import Outcome

TODAY = date(2026, 11, 23)
TABLE = hounslow_table()


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hounslow")


def text(pack: Pack, today: date = TODAY, **given) -> str:
    return as_text(view({**LIKELY, **given}), pack, today)


def askwell(*arguments: str, **more):  # type: ignore[no-untyped-def]
    command = [sys.executable, "-m", "bot", "mip", *arguments]
    environment = {**os.environ, "ASKWELL_PACK": "hounslow"}
    return subprocess.run(command, capture_output=True, env=environment, timeout=120, check=False, **more)


# --- what a person reads


@pytest.mark.parametrize(
    ("given", "starts"),
    [
        ({}, "Likely – get ready to apply"),
        ({"ehcp": "in_force"}, "Not this route"),
        ({"lives_in_hounslow": False}, "Ask your SEND Cluster Lead"),
        ({"setting": "early_years", "lives_in_hounslow": False}, "Ask the Early Years SEN Team"),
        ({"views": "not_gathered"}, "Not ready yet"),
        ({"asker": "parent"}, "Talk to the SENCO"),
        ({"safeguarding": True}, "Tell your safeguarding lead now"),
        ({"safeguarding": True, "asker": "parent"}, "Help for a child or adult at risk"),
    ],
)
def test_the_first_line_says_the_view(pack: Pack, given: dict, starts: str):
    assert text(pack, **given).startswith(starts)


def test_whatever_the_answers_it_is_a_view_and_nobody_is_rejected(pack: Pack):
    for told in generated(300, seed=21):
        shown = as_json(view(told), pack, TODAY)
        said = json.dumps(shown, ensure_ascii=False).lower()
        assert "this is a view; your cluster decides" in shown["text"].lower()
        assert "reject" not in said
        assert "{" not in shown["text"] and "{" not in shown["next_route"]
        if told.get("asker") != "parent":
            assert shown["smallest_change"] in shown["text"]
            assert shown["next_route"] in shown["text"]
            assert all(row["quote"] in shown["text"] for row in shown["rows"])


def test_a_parent_is_told_whose_job_it_is_and_nothing_about_the_child(pack: Pack):
    shown = text(pack, asker="parent", needs="met_by_oap", consent="refused")
    assert "Your school applies, not you. This says nothing about your child." in shown
    assert "Ask to meet the SENCO." in shown
    assert "EHC needs assessment" in shown
    assert "ordinarily available" not in shown and "no consent" not in shown
    assert longest_sentence(shown)[0] <= MOST_WORDS["family"]


def test_a_parent_of_a_child_with_a_plan_gets_the_sen_team_too(pack: Pack):
    assert "020 8583 2672" in text(pack, asker="parent", ehcp="in_force")


def test_a_senco_can_read_it_too(pack: Pack):
    count, sentence = longest_sentence(text(pack, ehcp="in_force").split("Every rule")[0])
    assert count <= MOST_WORDS["senco"], sentence


def test_safety_comes_before_everything_and_the_numbers_are_there(pack: Pack):
    shown = text(pack, safeguarding=True, ehcp="in_force")
    assert shown.index("999") < shown.index("020 8583 6600") < shown.index("This is a view")
    assert "Once that is dealt with, your other answers point to: Not this route." in shown


def test_every_row_has_its_state_its_basis_its_quote_and_its_source(pack: Pack):
    rows = as_json(view({**LIKELY, "lives_in_hounslow": False, "next_meeting_known": None}), pack, TODAY)["rows"]
    assert [row["number"] for row in rows] == list(range(1, 21))
    assert all(row["quote"] and row["source"] and row["basis"] for row in rows)
    by_number = {row["number"]: row for row in rows}
    assert by_number[6]["met"] is True
    assert by_number[14]["met"] is False and by_number[14]["local_setting"]
    assert by_number[18]["met"] is None and by_number[18]["state"] == "not_known"
    assert by_number[15]["state"] == "off"
    assert "https://" in by_number[1]["source"]
    assert by_number[1]["sources"][0]["checked"] is None


def test_inferred_rows_are_shown_as_local_settings(pack: Pack):
    shown = text(pack, lives_in_hounslow=False)
    assert "Row 14: The child lives outside Hounslow." in shown
    assert "(Local setting, not council policy.)" in shown
    assert "Only a local setting stands in the way, not a published rule." in shown


def test_the_change_that_is_named_can_be_fed_back_in(pack: Pack):
    for told in generated(200, seed=33):
        change = as_json(view(told), pack, TODAY)["change"]
        again = answer_line(pack, 1, json.dumps({"given": {**told, **change["set"]}}).encode(), TODAY)
        assert again["outcome"] == change["outcome"], told


def test_a_contact_past_its_review_is_withheld(pack: Pack):
    assert "020 8583 2672" in next_route(view({**LIKELY, "ehcp": "in_force"}), pack, TODAY)
    late = next_route(view({**LIKELY, "ehcp": "in_force"}), pack, date(2030, 1, 1))
    assert "020 8583 2672" not in late and "past its review date" in late
    assert "past its review date" in text(pack, today=date(2030, 1, 1), ehcp="none")


def test_a_nursery_is_sent_to_the_early_years_team(pack: Pack):
    shown = as_text(view(NURSERY), pack, TODAY)
    assert "eysenteam@hounslow.gov.uk" in shown
    assert "Who decides in early years is not published." in shown
    assert "your SEND Cluster Lead can" not in shown


def test_the_heading_never_says_eligible(pack: Pack):
    headings = {heading(view(told)) for told in generated(300, seed=2)}
    assert len(headings) >= 6
    assert not any("eligible" in one.lower() for one in headings)


# --- batches


def test_a_batch_line_keeps_its_id_and_a_broken_one_does_not_stop_the_rest(pack: Pack):
    answer = answer_line(pack, 4, json.dumps({"id": "a", "given": LIKELY}).encode(), TODAY)
    assert (answer["id"], answer["outcome"]) == ("a", "likely_eligible")
    assert next(iter(answer)) == "id"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "this is not JSON"),
        (b"[" * 50_000, "this is not JSON"),
        (b"[]", "expected a JSON object"),
        (b"\xff", "this is not UTF-8 text"),
        (b" " * 200_000, "this is 200,000 bytes long"),
        (b'{"id": 1}', "expected an object with keys and values"),
        (b'{"id": 1, "given": {"sex": "f"}}', "'sex' is not a key I know"),
        (b'{"id": 1, "given": {"age": 99}}', "age cannot be 99"),
        (b'{"id": 1, "given": {"age": NaN}}', "age cannot be nan"),
        (b'{"id": {}, "given": {}}', "id must be text or a whole number"),
        (b'{"id": 1, "give": {}}', "'give' is not a key of a line; the keys are id, given"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(pack: Pack, line: bytes, says: str):
    answer = answer_line(pack, 7, line, TODAY)
    assert answer["line"] == 7 and says in answer["error"]
    assert "outcome" not in answer


def test_the_command_answers_a_batch_and_says_what_was_wrong(tmp_path: Path):
    lines = ['{"id": "x", "given": {"asker": "boss"}}', "", "nonsense", json.dumps({"id": 3, "given": LIKELY})]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = askwell("--batch", str(file))
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [one["id"] for one in objects] == ["x", None, 3]
    assert objects[2]["outcome"] == "likely_eligible"
    assert b"Line 1: asker cannot be 'boss'; it may be senco, ey_send_lead, parent" in done.stderr
    assert b"Line 3: this is not JSON." in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_command_prints_one_object(tmp_path: Path):
    file = tmp_path / "given.json"
    file.write_text(json.dumps({**LIKELY, "consent": "not_asked"}), encoding="utf-8")
    done = askwell("--given", str(file), "--json")
    shown = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert shown["outcome"] == "needs_more_information"
    assert {"outcome", "rows", "smallest_change", "next_route", "text"} <= set(shown)
    assert "you asked the parent or carer" in shown["smallest_change"]


@pytest.mark.parametrize(
    ("arguments", "content", "says"),
    [
        (["--given"], '{"asker": "boss"}', b"asker cannot be 'boss'"),
        (["--given"], '{"child": "Sam"}', b"'child' is not a key I know"),
        (["--given"], "not json", b"this is not JSON"),
        (["--given"], None, b"cannot be read: No such file or directory"),
        (["--batch"], None, b"cannot be read: No such file or directory"),
    ],
)
def test_bad_input_gets_a_message_and_code_2(tmp_path: Path, arguments: list[str], content: str | None, says: bytes):
    file = tmp_path / "given.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    done = askwell(*arguments, str(file))
    assert done.returncode == 2
    assert says in done.stderr and b"Traceback" not in done.stderr
    assert done.stdout == b""


# --- question by question


def play(pack: Pack, replies, told: list[str] | None = None) -> dict | None:
    """The answers that come of these replies; `told` collects what was shown."""
    script = iter(replies)
    return ask_all(TABLE, pack, TODAY, lambda: next(script, None), (told if told is not None else []).append)


def test_tom_finishes_by_typing_numbers(pack: Pack):
    told: list[str] = []
    answers = play(pack, ["1", "1", "1", "2", "2", "1", "1", "1", "1", "1", "2", "1", "1", "1", "1", ""], told)
    assert answers is not None
    assert decide(TABLE, answers).outcome is Outcome.LIKELY
    assert "Check your answers. Nothing has been sent." in told[-2]
    assert "1. What is your role? SENCO" in told[-2]
    assert sum(line.startswith("Question ") for line in told) == 15


def test_labels_may_be_typed_and_nonsense_is_asked_again(pack: Pack):
    told: list[str] = []
    answers = play(pack, ["head teacher", "9", "", "parent or carer", "8", "3", "no", ""], told)
    assert answers is not None
    assert decide(TABLE, answers).outcome is Outcome.NOT_ELIGIBLE
    assert told.count("Write a number from 1 to 4, or b to go back.") == 3


def test_a_published_no_ends_the_questions(pack: Pack):
    told: list[str] = []
    answers = play(pack, ["1", "3", "1", "2", ""], told)
    assert answers is not None and set(answers) == {"date", "asker", "setting", "setting_in_hounslow", "safeguarding"}


def test_safety_numbers_show_at_once_and_the_check_goes_on(pack: Pack):
    told: list[str] = []
    play(pack, ["1", "1", "1", "1"], told)
    shown = next(number for number, line in enumerate(told) if "999" in line)
    assert "How old is the child today?" in told[shown + 1]


def test_back_takes_the_last_answer_back(pack: Pack):
    answers = play(pack, ["b", "1", "3", "b", "1", "1", "2", "1", "4", "b", "b", "3", "4", ""])
    assert answers is not None
    assert answers["setting"] == "mainstream_school"
    assert (answers["age"], answers["school_year"]) == ("from_5_to_15", "year_11")
    assert answers["ehcp"] == "in_force"


def test_back_from_an_answer_about_to_be_changed_leaves_it(pack: Pack):
    answers = play(pack, ["1", "3", "1", "2", "2", "b", ""])
    assert answers is not None
    assert answers["setting"] == "special_school"


def test_an_answer_can_be_changed_before_the_result(pack: Pack):
    answers = play(
        pack, ["1", "3", "1", "2", "2", "1", "2", "1", "1", "1", "1", "1", "2", "1", "1", "1", "1", "99", ""]
    )
    assert answers is not None
    assert answers["setting"] == "mainstream_school"
    assert decide(TABLE, answers).outcome is Outcome.LIKELY


def test_input_that_ends_early_leaves_nothing(pack: Pack):
    assert play(pack, ["1", "1"]) is None
    assert play(pack, []) is None
    assert play(pack, ["1", "3", "1", "2"]) is None


def test_on_the_terminal_the_result_is_all_that_goes_to_the_output():
    done = askwell(input=b"3\n8\n3\n2\n\n")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("Talk to the SENCO")
    assert b"What is your role?" in done.stderr
    stopped = askwell(input=b"1\n")
    assert stopped.returncode == 1 and b"Nothing was kept" in stopped.stderr and stopped.stdout == b""


def test_terminal_command_line_and_prose_agree(pack: Pack):
    """A thousand people answer question by question; the same answers in a batch, and by the prose, come out alike."""
    chance = random.Random(17)
    for _ in range(1_000):
        answers = one_persons_way(pack, chance)
        outcome = judge(TABLE, answers).outcome.value
        line = json.dumps({"id": 1, "given": answers | {"date": TODAY.isoformat()}}).encode()
        assert answer_line(pack, 1, line, TODAY)["outcome"] == outcome
        assert mip_by_hand.outcome(as_prose(answers)) == outcome


def one_persons_way(pack: Pack, chance: random.Random) -> dict[str, str]:
    """Answers given by number to each question as it is shown, mostly those that lead on."""
    shown: list[str] = []

    def reply() -> str:
        if not shown[-1].startswith("Question "):
            return ""
        numbers = [line.split(".")[0].strip() for line in shown[-1].splitlines()[2:] if line.startswith("  ")]
        first = "2" if "not safe?" in shown[-1] or "How old" in shown[-1] else "1"
        return first if chance.random() < 0.9 else chance.choice(numbers)

    answers = ask_all(TABLE, pack, TODAY, reply, shown.append)
    assert answers is not None
    return answers


def as_prose(answers: dict[str, str]) -> dict:
    """The answers as someone would give them in a file."""
    ages = {"under_5": 4, "from_5_to_15": 15, "from_16": 16}
    years = {"years_1_to_10": 9, "year_11": 11, "year_12_or_over": 12}
    truths = {"yes": True, "no": False}
    given = {key: truths.get(value, value) for key, value in answers.items()}
    given["date"] = TODAY.isoformat()
    return given | {"age": ages.get(answers.get("age", "")), "school_year": years.get(answers.get("school_year", ""))}
