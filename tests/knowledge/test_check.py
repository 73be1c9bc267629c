"""`askwell check`: each rule finds its fault, names the file and the line, and a sound pack has none."""

from pathlib import Path

import pytest
from little_council import LITTLE, write_pack

from knowledge.check import check_pack
from knowledge.launch import blocking, launch_list
from knowledge.pack import Pack, load_pack, pack_folder
from knowledge.problems import PackError

CLUBS = LITTLE["articles/clubs.md"]


def found(folder: Path, **changed: str) -> list[str]:
    return [str(problem) for problem in check_pack(load_pack(write_pack(folder, **changed)))]


def clubs(old: str, new: str) -> dict[str, str]:
    assert old in CLUBS
    return {"articles/clubs.md": CLUBS.replace(old, new)}


def test_the_little_pack_is_sound(little_pack: Pack):
    assert check_pack(little_pack) == []


def test_the_hounslow_pack_is_sound():
    pack = load_pack(pack_folder("hounslow"))
    assert [str(problem) for problem in check_pack(pack)] == []
    assert len(pack.sections) > 900


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (clubs("two leaders. [clubs]", "two leaders."), 17, "a claim with no source: Each club has two leaders."),
        (clubs("8 to 12. [clubs]", "8 to 12. [gone]"), 17, "the source 'gone' is not in sources.yaml"),
        (clubs("two leaders. [clubs]", "a lead. Ring 01632 960009. [clubs]"), 17, "belongs in contacts.yaml"),
        (clubs("two leaders. [clubs]", "a desk, a@b.example. [clubs]"), 17, "belongs in contacts.yaml"),
        (clubs("price of a club day. [askwell]", "price: £9. [askwell]"), 26, "a sum with no source"),
        (clubs("two leaders. [clubs]", "a QZX lead. [clubs]"), 17, "the acronym QZX is not in glossary.yaml"),
        (clubs("two leaders. [clubs]", "leaders " + "who play " * 12 + "games. [clubs]"), 17, "a sentence of 2"),
        (clubs("section: clubs#ages}", "section: clubs#gone}"), 30, "leads to clubs#gone, which does not exist"),
        (clubs("[price of a club day, ", "["), 19, "asked_as has 2 phrasings"),
        (clubs("{phone:clubs}", "{phone:nobody}"), 9, "the contact 'nobody' is not in contacts.yaml"),
        (clubs("{#cost}", "{#ages}"), 19, "the anchor #ages is used twice"),
        (clubs("queue: clubs", "queue: nobody"), 1, "the queue 'nobody' is not in queues.yaml"),
        (clubs("two leaders. [clubs]", "[two](other.md) leaders. [clubs]"), 17, "not inside a sentence: other.md"),
    ],
)
def test_faults(tmp_path: Path, change: dict[str, str], line: int, says: str):
    faults = found(tmp_path / "p", **change)
    assert any(fault.startswith(f"articles/clubs.md:{line}:") and says in fault for fault in faults), faults


def test_dates_out_of_order(tmp_path: Path):
    early = LITTLE["sources.yaml"].replace("review_by: 2027-05-01", "review_by: 2026-01-01")
    assert any("review_by is before" in fault for fault in found(tmp_path / "p", **{"sources.yaml": early}))
    checked = LITTLE["sources.yaml"].replace("checked_by: , checked: ,", "checked_by: Priya, checked: 2026-10-01,")
    assert any("checked is before" in fault for fault in found(tmp_path / "q", **{"sources.yaml": checked}))


def test_a_check_needs_a_name_and_a_day(tmp_path: Path):
    half = LITTLE["sources.yaml"].replace("checked: ,", "checked: 2026-11-20,")
    with pytest.raises(PackError, match="checked and checked_by go together"):
        load_pack(write_pack(tmp_path / "p", **{"sources.yaml": half}))


@pytest.mark.parametrize("name", ["sources.yaml", "contacts.yaml", "queues.yaml", "glossary.yaml", "pack.yaml"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00broken", b"[1, 2", b"- a list\n- not names", b"a: *nowhere"])
def test_a_broken_file_is_named(little_folder: Path, name: str, content: bytes):
    (little_folder / name).write_bytes(content)
    with pytest.raises(PackError) as caught:
        load_pack(little_folder)
    assert any(problem.path == name for problem in caught.value.problems)


def test_no_pack_there(tmp_path: Path):
    with pytest.raises(PackError, match="no pack here"):
        pack_folder(str(tmp_path))


def test_launch_list_names_the_unverified_and_blocks_on_the_councils_safeguarding_numbers(little_pack: Pack):
    items = launch_list(little_pack)
    assert any("check the live page: Holiday clubs" in item.what for item in items)
    hounslow = load_pack(pack_folder("hounslow"))
    assert {"020 8583 6600" in item.what or "020 8583 2222" in item.what for item in blocking(hounslow)} == {True}
    assert {item.queue for item in launch_list(hounslow)} <= set(hounslow.queues)
