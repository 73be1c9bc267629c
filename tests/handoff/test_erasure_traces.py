"""P1 in short: a few families erased, every byte on the disk looked at, on both engines, with the controls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from campaigns.byte_search import of_bytes, of_words, search
from campaigns.erasure_traces import Report, control_delete_only, control_unsealed, run, traces, watched
from databases import ENGINES


@dataclass
class Looked:
    report: Report
    deleted_only: Report
    unsealed: dict[str, int]


@pytest.fixture(scope="module", params=ENGINES)
def looked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    place = tmp_path_factory.mktemp("traces") / "place"
    with watched(request.param, place) as engine:
        report = run(engine, place, families=3, others=2)
        yield Looked(report, control_delete_only(engine, place, families=1), control_unsealed(engine, place, rows=20))


def test_after_an_erasure_no_word_no_key_and_no_sealed_byte_is_left(looked: Looked) -> None:
    assert looked.report.canaries >= 3 * 40
    assert traces(looked.report) == 0, (looked.report.figures, looked.report.where)


def test_before_it_the_keys_and_the_sealed_bytes_were_found(looked: Looked) -> None:
    figures = looked.report.figures
    assert figures["before_key_hits"] == 3
    assert figures["before_sealed_hits"] == figures["before_readable"] == looked.report.canaries
    assert figures["before_canary_hits"] == 0


def test_a_backup_made_before_cannot_be_read(looked: Looked) -> None:
    assert looked.report.figures["after_sealed_only_in_old_copies"] == looked.report.canaries
    assert looked.report.figures["after_readable"] == 0


def test_control_rows_deleted_with_the_key_left_can_be_read_from_the_files(looked: Looked) -> None:
    assert looked.deleted_only.figures["after_readable"] == looked.deleted_only.canaries > 0


def test_control_words_in_a_table_that_is_not_sealed_are_found_after_delete(looked: Looked) -> None:
    assert looked.unsealed["table"] + looked.unsealed["write_ahead_log"] >= 20


def test_the_search_finds_a_word_in_every_way_of_writing_it(tmp_path: Path) -> None:
    import base64
    import json

    word, key = "canary-amina-é-0001", bytes(range(200, 232))
    forms = [
        word.encode(),
        word.replace("canary", "Canary").encode(),
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
    ]
    forms += [
        json.dumps(word).encode(),
        *(base64.b64encode(b"x" * shift + word.encode() + b"yz") for shift in range(3)),
    ]
    for number, form in enumerate([*forms, key, key.hex().encode()]):
        (tmp_path / f"{number}").write_bytes(b"before" * 1000 + form + b"after")
    (tmp_path / "clean").write_bytes(b"canary-amina-e-0001" * 50)
    assert sorted(search(tmp_path, of_words([word]), any_case=True)) == [str(number) for number in range(len(forms))]
    assert sorted(search(tmp_path, of_bytes([("key", key)]), any_case=False)) == ["8", "9"]


def test_the_search_finds_a_word_that_lies_across_two_parts_of_a_file(tmp_path: Path) -> None:
    from campaigns.byte_search import CHUNK

    (tmp_path / "big").write_bytes(b"." * (CHUNK - 5) + b"canary-across" + b"." * 100)
    assert search(tmp_path, of_words(["canary-across"]), any_case=True) == {"big": {"canary-across"}}
