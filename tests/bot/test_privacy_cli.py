"""A copy, an erasure, a hold and the sweep, as an officer of the council uses them on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from small_office import QUEUES
from sqlmodel import select
from typer.testing import CliRunner
from whole_family import Family, write_family

from bot.cli import cli
from handoff.database import connect, reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry, Case, OfficerRole, Person
from handoff.officers import add_officer
from handoff.vault import Vault

PRIYA, TOM = "priya@littleham.example", "tom@littleham.example"


def askwell(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, list(arguments), input=typed)


@pytest.fixture
def desk(tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    assert askwell("sweep").exit_code == 0
    made = Desk("littleham", Vault(tmp_path / "data" / "keys"), queues=dict(QUEUES))
    with transaction(engine_of(tmp_path)) as session:
        for email, role in ((PRIYA, OfficerRole.OFFICER), (TOM, OfficerRole.LEAD)):
            add_officer(session, made, email=email, name="X", role=role, password="a long pass phrase", queues=())
    return made


def engine_of(tmp_path: Path):
    return connect(f"sqlite:///{tmp_path / 'data' / 'askwell.db'}")


@pytest.fixture
def amina(tmp_path: Path, desk: Desk) -> Family:
    with transaction(engine_of(tmp_path)) as session:
        family = write_family(session, desk, "amina")
        session.get_one(Case, (desk.pack, family.rows["case"])).reference = "LH-4F7K-92"
    return family


def acts(tmp_path: Path, subject: str) -> list[tuple[str, str]]:
    with reading(engine_of(tmp_path)) as session:
        return [(one.act, one.detail) for one in session.exec(select(AuditEntry).where(AuditEntry.subject == subject))]


def test_a_copy_is_written_for_the_owners_eyes_and_noted_once(tmp_path: Path, amina: Family) -> None:
    out = tmp_path / "copy.json"
    done = askwell("export", "LH-4F7K-92", "--by", PRIYA, "--out", str(out))
    assert done.exit_code == 0 and "delete the file" in done.stderr
    copy = json.loads(out.read_text(encoding="utf-8"))
    assert copy["Officers' notes"] == [] and copy["What was said"][0]["Words"] in amina.words
    assert out.stat().st_mode & 0o777 == 0o600
    assert acts(tmp_path, amina.person_id) == [("exported", "")]


def test_notes_are_added_by_a_lead_alone(tmp_path: Path, amina: Family) -> None:
    out = str(tmp_path / "copy.json")
    refused = askwell("export", amina.person_id, "--by", PRIYA, "--out", out, "--notes")
    assert refused.exit_code == 1 and "is no lead" in refused.stderr and not Path(out).exists()
    assert askwell("export", amina.person_id, "--by", TOM, "--out", out, "--notes").exit_code == 0
    assert json.loads(Path(out).read_text())["Officers' notes"][0]["Words"] in amina.words
    assert acts(tmp_path, amina.person_id) == [("exported", "with_notes")]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, amina: Family) -> None:
    out = tmp_path / "mine.txt"
    out.write_text("mine")
    done = askwell("export", amina.person_id, "--by", PRIYA, "--out", str(out))
    assert done.exit_code == 1 and "is there already" in done.stderr and out.read_text() == "mine"
    assert acts(tmp_path, amina.person_id) == []


def test_erasing_asks_first_and_gives_a_receipt(tmp_path: Path, desk: Desk, amina: Family) -> None:
    assert askwell("erase", "LH-4F7K-92", "--by", PRIYA, typed="n\n").exit_code == 1
    assert desk.vault.holds(amina.person_id)
    done = askwell("erase", "LH-4F7K-92", "--by", PRIYA, typed="y\n")
    assert done.exit_code == 0 and "E-" in done.stdout and "\terased " in done.stdout
    assert not desk.vault.holds(amina.person_id)
    gone = askwell("erase", "LH-4F7K-92", "--by", PRIYA, "--yes")
    assert gone.exit_code == 1 and "no person and no case called LH-4F7K-92" in gone.stderr


def test_a_hold_stops_an_erasure_until_it_ends(tmp_path: Path, desk: Desk, amina: Family) -> None:
    assert askwell("hold", amina.person_id, "--by", TOM, "--reason", "tribunal").exit_code == 0
    done = askwell("erase", amina.person_id, "--by", PRIYA, "--yes")
    assert "not erased: a legal hold" in done.stdout
    assert "people\t0" in askwell("sweep").stdout and desk.vault.holds(amina.person_id)
    ended = askwell("hold", amina.person_id, "--by", TOM, "--end")
    assert ended.exit_code == 0 and "\terased " in ended.stdout
    with reading(engine_of(tmp_path)) as session:
        assert session.get(Person, (desk.pack, amina.person_id)) is None
    kept = [act for act, _ in acts(tmp_path, amina.person_id)]
    assert kept == ["hold", "erasure_held", "hold_ended", "erased"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hold", "nobody", "--by", TOM, "--reason", "tribunal"), "no person and no case called nobody"),
        (("hold", "nobody", "--by", TOM), "either --reason or --end"),
        (("hold", "nobody", "--by", PRIYA, "--end"), "is no lead"),
        (("erase", "nobody", "--by", "ben@example.org", "--yes"), "no officer ben@example.org"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    done = askwell(*arguments)
    assert done.exit_code in (1, 2) and said in done.stderr


def test_the_rules_are_listed_and_a_councils_own_are_used(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "retention.yaml"
    own.write_text("rules: {conversation: {days: 10}}", encoding="utf-8")
    assert "conversation\t30 days after" in askwell("retention").stdout
    monkeypatch.setenv("ASKWELL_RETENTION", str(own))
    assert "conversation\t10 days after" in askwell("retention").stdout
    own.write_text("rules: {diary: {days: 30}}", encoding="utf-8")
    assert askwell("sweep").exit_code == 1
