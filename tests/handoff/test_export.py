"""A copy of one's data: all of it, in words, and nothing of anyone else."""

from __future__ import annotations

import json

import pytest
from campaigns.export_complete import faults, uncaught, write
from small_office import Clock
from sqlalchemy import Engine
from whole_family import write_family

from handoff.data_register import Audience, data_register
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.export import NobodyError, as_file, export_person, person_of
from handoff.models import Case


def test_the_copy_holds_every_word_a_family_may_see_and_no_one_elses(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        amina, ben = write_family(session, desk, "amina", times=2), write_family(session, desk, "ben", times=2)
    with reading(engine) as session:
        text = as_file(export_person(session, desk, amina.person_id))
    for place, words in amina.canaries.items():
        assert all((word in text) is (place != "case_note.sealed_text") for word in words), place
    assert "canary-ben" not in text and ben.person_id not in text


def test_officers_notes_are_counted_and_given_only_after_a_review(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        amina = write_family(session, desk, "amina", times=2)
    with reading(engine) as session:
        copy = export_person(session, desk, amina.person_id)
        reviewed = export_person(session, desk, amina.person_id, notes=True)
    assert copy["Officers' notes"] == []
    assert any(line.startswith("Officers' notes (2: words, when)") for line in copy["not_in_this_copy"])
    assert [note["Words"] for note in reviewed["Officers' notes"]] == amina.canaries["case_note.sealed_text"]


def test_the_copy_is_json_with_headings_and_moments_in_words(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        amina = write_family(session, desk, "amina")
    with reading(engine) as session:
        copy = json.loads(as_file(export_person(session, desk, amina.person_id)))
    assert copy["made"] == "23 November 2026, 10:00"
    assert copy["You"][0]["First here"] == "23 November 2026, 10:00"
    assert copy["What was said"][0]["Who said it"] == "person"


def test_a_person_is_found_by_id_or_by_a_cases_reference(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        amina = write_family(session, desk, "amina")
        case = session.get_one(Case, (desk.pack, amina.rows["case"]))
        case.reference = "HS-4F7K-92"
    with reading(engine) as session:
        assert person_of(session, desk, amina.person_id) == amina.person_id
        assert person_of(session, desk, " hs-4f7k-92 ") == amina.person_id
        with pytest.raises(NobodyError, match="HS-0000-00"):
            person_of(session, desk, "HS-0000-00")
        with pytest.raises(NobodyError):
            export_person(session, desk, "nobody")


def test_no_officers_field_is_marked_for_families() -> None:
    notes = data_register().tables["case_note"].fields
    assert notes["sealed_text"].audience is Audience.OFFICER


def test_p3_the_copies_of_twenty_families_are_complete_and_clean_and_a_lost_table_is_caught(
    engine: Engine, desk: Desk
) -> None:
    people = write(engine, desk, families=20)
    assert faults(engine, desk, people) == []
    assert uncaught(engine, desk, people[:2]) == []
