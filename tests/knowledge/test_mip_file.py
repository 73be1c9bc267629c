"""The rules file: what is read from it, what is refused with its line, and what each answer may be."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from mip_cases import LIKELY, hounslow_table, view

from knowledge.check import check_pack
from knowledge.launch import launch_list
from knowledge.pack import PACKS, load_pack
from knowledge.problems import PackError
from knowledge.rules.checking import check_table
from knowledge.rules.given import GivenError, read_given
from knowledge.rules.reading import read_tables
from knowledge.rules.table import Outcome, table_on

TEXT = (PACKS / "hounslow" / "rules" / "mip.yaml").read_text(encoding="utf-8")
TABLE = hounslow_table()


def write(folder: Path, *changes: tuple[str, str], name: str = "mip.yaml") -> Path:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, *changes: tuple[str, str]) -> list[str]:
    return [str(problem) for problem in read_tables(write(folder, *changes), "mip")[1]]


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), start=1) if text in line)


def test_a_pack_without_rules_is_no_fault(tmp_path: Path, little_pack):
    assert read_tables(tmp_path, "mip") == ((), [])
    assert little_pack.mip == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("{ehcp: in_force}", "{ehcp: maybe}", "number: 6", "rows 5: ehcp cannot be 'maybe'; it may be none, in_force, unknown or null"),
        ("{ehcp: in_force}", "{plan: yes}", "number: 6", "rows 5: plan is not one of the inputs"),
        ("basis: partly", "basis: guessed", "number: 3", "rows 2: basis is one of documented, partly, inferred, not guessed"),
        ("effect: stop", "effect: halt", "number: 1", "rows 0: effect is one of continue, missing, refer, stop, safeguard, not halt"),
        ("number: 2\n", "number: 1\n", None, "row 1 is there twice"),
        ("number: 2\n", "number: two\n", None, "rows 1: number must be a whole number"),
        ("      - {state: does_not_apply, says: This is not an early years setting.}\n", "", "number: 3", "rows 2: its last case must have no `when`"),
        ("{when: {ehcp: none}, state: met}", "{state: met}", "number: 6", "rows 5: only its last case may have no `when`"),
        ("version: 1\n", "version: one\n", None, "version must be a whole number"),
        ("read_on: 2026-11-21", "read_on: lately", None, "read_on must be a date, like 2026-11-21"),
        ("  refer: Ask {lead}\n", "", None, "words has no refer"),
        ("questions: [age]", "questions: [height]", None, "pages 2: its questions are not all in questions: height"),
        ("to: withdrawn", "to: written", None, "changes 0: consent: a change leads from one answer to another that is known"),
        ("[0, 4]", "[0]", "  age:", "inputs age: the band under_5 is [lowest, highest], or {from: date, before: date}"),
        ("        queue: school\n", "        qeue: school\n", "number: 1", "rows 0: 'qeue' is not a name I know here; there is when, state, effect, says, route, queue, ask"),
        ("kind: theirs, says: the", "kind: theirs, because: the", None, "changes 0: 'because' is not a name I know here"),
        ("    basis: documented\n", "    basis: documented\n    used: false\n", "number: 1", "only an inferred row may be left out"),
        ("version: 1\n", "version: [1\n", None, "this YAML cannot be read"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: str | None, says: str):
    found = faults(tmp_path, (old, new))
    assert any(says in fault for fault in found), found
    assert not line or f"rules/mip.yaml:{line_of(line)}: " in "".join(found), found


@pytest.mark.parametrize(
    "part", ["settings", "inputs", "rows", "questions", "pages", "changes", "evidence", "words", "version"]
)
@pytest.mark.parametrize("odd", ["5", "text", "[1]", "[{}]", "{a: 1}", "{a: {b: [c]}}", "[[x]]", "null"])
def test_no_odd_value_gets_past_or_trips_the_reader(tmp_path: Path, part: str, odd: str):
    given = {name: f"{name}: []" for name in ("inputs", "rows", "questions", "pages", "changes", "evidence")}
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mip.yaml").write_text(
        "\n".join({**given, part: f"{part}: {odd}"}.values()), encoding="utf-8"
    )
    tables, problems = read_tables(tmp_path, "mip")
    assert tables == () and problems


def test_a_row_about_safety_cannot_be_left_out(tmp_path: Path):
    start, end = TEXT.index("number: 19"), TEXT.index("number: 20")
    row = TEXT[start:end]
    found = faults(tmp_path, (row, row.replace("used: true", "used: false")))
    assert found == [f"rules/mip.yaml:{line_of('number: 19')}: rows 18: a row about safety is always used"]


def test_a_pack_with_a_broken_rules_file_does_not_load(little_folder: Path):
    write(little_folder, ("version: 1\n", "version: one\n"))
    with pytest.raises(PackError, match=r"rules/mip\.yaml:1: version must be a whole number"):
        load_pack(little_folder)


def test_rules_that_do_not_belong_to_the_pack_are_found(little_folder: Path):
    found = {problem.message for problem in check_pack(load_pack(write(little_folder)))}
    assert "row 1: the source 'sen-support-3' is not in sources.yaml" in found
    assert "row 1: the section mip-for-sencos#parent-asks does not exist" in found
    assert "row 6: the queue 'send' is not in queues.yaml" in found
    assert "its owner 'mip' is not a queue" in found


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("quote: MIP is for children without an EHC plan.", "quote: MIP is for all.", "row 6: its quote is not in mip-for-sencos#plan-in-force"),
        ("sources: [seed-a]\n    section: mip-for-sencos#plan", "sources: [top-up-1]\n    section: mip-for-sencos#plan", "row 6: its quote stands on seed-a, not on top-up-1"),
        ("facts: [MIP-06, MIP-07]", "facts: [MIP-99]", "row 6: MIP-99 is not in facts.yaml"),
        ("effect: refer\n        says: An assessment", "effect: stop\n        says: An assessment", "row 7: a local setting can refer a case to a person, not stop it"),
        ("ask: Can a college use the MIP?", "ask:", "row 4: where it refers a case, it must give the question to ask"),
        ("label: College,", "label: College of further education or sixth form,", "the choice 'College of further education or sixth form' is longer than 24 characters"),
        ("view: This is a view;", "view: This is simply a view;", "a word not to use, 'simply'"),
        ("special school: {contact:send}", "special school: {contact:nobody}", "the contact {contact:nobody} is not in contacts.yaml"),
        ("questions: [existing, own_spend]", "questions: [existing]", "the question own_spend is on 0 pages: put it on one"),
        ("questions: [lives, looked_after]}", "questions: [lives]}\n  - {id: care, title: Care, questions: [looked_after]}", "it asks 13 pages; 12 are the most"),
        ("row: 10,", "row: 6,", "the setting reviews belongs to a row that is partly documented or inferred"),
    ],
)  # fmt: skip
def test_each_rule_of_the_check_finds_its_fault(tmp_path: Path, hounslow_pack, old: str, new: str, says: str):
    tables, problems = read_tables(write(tmp_path, (old, new)), "mip")
    assert problems == []
    found = check_table(
        tables[0],
        sections=hounslow_pack.sections,
        sources=hounslow_pack.sources,
        queues=hounslow_pack.queues,
        contacts=hounslow_pack.contacts,
        facts=frozenset(fact for row in TABLE.rows for fact in row.facts),
    )
    assert any(says in problem.message for problem in found), found


@pytest.fixture(scope="module")
def hounslow_pack():
    return load_pack(PACKS / "hounslow")


def test_a_case_is_judged_by_the_version_in_force_on_its_day(tmp_path: Path):
    later = (("effective_from: 2023-04-01", "effective_from: 2027-09-01"), ("version: 1\n", "version: 2\n"))
    write(tmp_path)
    tables, problems = read_tables(write(tmp_path, *later, name="mip-2.yaml"), "mip")
    assert problems == []
    days = [date(2022, 1, 1), date(2023, 4, 1), date(2027, 8, 31), date(2027, 9, 1)]
    assert [table_on(tables, day).version for day in days] == [1, 1, 1, 2]


def test_two_versions_may_not_start_on_one_day(tmp_path: Path):
    write(tmp_path)
    _, problems = read_tables(write(tmp_path, name="mip-2.yaml"), "mip")
    assert [str(problem) for problem in problems] == [
        "rules/mip.yaml:1: rules/mip-2.yaml takes effect on the same day: one version a day"
    ]


def test_each_local_setting_is_on_the_launch_list(hounslow_pack):
    asked = [item.what for item in launch_list(hounslow_pack) if "local setting of the MIP check" in item.what]
    assert [number for number in (4, 7, 14, 15, 17, 19) if any(f"row {number}:" in what for what in asked)] == [
        *(4, 7, 14, 15, 17, 19)
    ]
    assert any("How many reviews" in what and "Now 2." in what for what in asked)


def test_a_local_number_is_shown_where_it_is_used(tmp_path: Path):
    (table,), _ = read_tables(write(tmp_path, ("{value: 2, row: 10", "{value: 3, row: 10")), "mip")
    assert table.questions["tried"].choices[0].label == "Yes, 3 or more reviews"
    assert "3 here" in table.rows[9].note


def test_no_sentence_of_the_file_says_rejected():
    """Nobody is rejected: the file never uses the word, in any text a person reads."""
    texts = [str(value).lower() for value in walk(yaml.safe_load(TEXT))]
    assert not [text for text in texts if "reject" in text]


def walk(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner)
    else:
        yield value


# --- what each answer may be


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("asker", "SENCO", "senco"),
        ("setting", "Mainstream School", "mainstream_school"),
        ("setting", "early-years", "early_years"),
        ("setting_in_hounslow", True, "yes"),
        ("setting_in_hounslow", "no", "no"),
        ("date", "2025-08-31", "before_early_years"),
        ("date", "2025-09-01", "since_early_years"),
        ("age", 0, "under_5"),
        ("age", 4.99, "under_5"),
        ("age", "9", "from_5_to_15"),
        ("age", 15, "from_5_to_15"),
        ("age", 16, "from_16"),
        ("age", 25, "from_16"),
        ("school_year", "Reception", "reception"),
        ("school_year", 0, "reception"),
        ("school_year", "R", "reception"),
        ("school_year", "Year 11", "year_11"),
        ("school_year", "Y7", "years_1_to_10"),
        ("school_year", 13, "year_12_or_over"),
        ("evidence_pack", "incomplete", "no"),
        ("evidence_pack", True, "yes"),
    ],
)
def test_how_an_answer_is_read(key: str, value: object, read: str):
    assert read_given(TABLE, {key: value}) == {key: read}


@pytest.mark.parametrize("key", TABLE.inputs)
@pytest.mark.parametrize("value", [None, "unknown", "Unknown", "", "  "])
def test_nothing_and_unknown_are_the_same_for_every_answer(key: str, value: object):
    assert read_given(TABLE, {key: value}) == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"asker": "head"}, "asker cannot be 'head'; it may be senco, ey_send_lead, parent, unknown or null"),
        ({"asker": 1}, "asker cannot be 1"),
        ({"asker": ["senco"]}, "asker cannot be ['senco']"),
        ({"safeguarding": "maybe"}, "safeguarding cannot be 'maybe'; it may be true, false, unknown or null"),
        ({"safeguarding": 1}, "safeguarding cannot be 1"),
        ({"age": -1}, "age cannot be -1; it may be a number from 0 to 25, unknown or null"),
        ({"age": 26}, "age cannot be 26"),
        ({"age": True}, "age cannot be True"),
        ({"age": float("nan")}, "age cannot be nan"),
        ({"age": float("inf")}, "age cannot be inf"),
        ({"age": 10**400}, "age cannot be 1000000"),
        ({"age": "nine"}, "age cannot be 'nine'"),
        ({"age": "year 9"}, "age cannot be 'year 9'"),
        ({"school_year": 15}, "school_year cannot be 15; it may be nursery, reception, r, a number from 0 to 14"),
        ({"date": "3/10/2025"}, "date cannot be '3/10/2025'; it may be a date like 2026-11-23, unknown or null"),
        ({"date": 20251003}, "date cannot be 20251003"),
        ({"name": "Amina"}, "'name' is not a key I know; the keys are asker, setting"),
        ({"consent": "\ud800"}, "consent cannot be '\\ud800'"),
        ("senco", "expected an object with keys and values"),
        (None, "expected an object with keys and values"),
        ([], "expected an object with keys and values"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_it_may_be(given: object, says: str):
    with pytest.raises(GivenError) as error:
        read_given(TABLE, given)
    assert says in str(error.value)
    str(error.value).encode()


def test_a_table_with_other_words_gives_the_same_view(tmp_path: Path):
    (table,), _ = read_tables(write(tmp_path, ("title: Check if MIP fits", "title: MIP check")), "mip")
    assert view(LIKELY, table).outcome is Outcome.LIKELY
