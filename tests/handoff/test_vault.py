"""Only a family's own key opens its words, and destroying the key ends them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.vault import ErasedError, SealError, Vault

SECRET = "Sam is nine"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "keys")
    vault.make_key("p1")
    vault.make_key("p2")
    return vault


def test_what_is_sealed_opens_again(vault: Vault) -> None:
    assert vault.open("p1", vault.seal("p1", SECRET, "message"), "message") == SECRET


def test_another_persons_key_does_not_open_it(vault: Vault) -> None:
    with pytest.raises(SealError):
        vault.open("p2", vault.seal("p1", SECRET, "message"), "message")


def test_it_opens_in_no_other_place(vault: Vault) -> None:
    with pytest.raises(SealError):
        vault.open("p1", vault.seal("p1", SECRET, "queue safeguarding"), "queue send")


def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    sealed = bytearray(vault.seal("p1", SECRET, "message"))
    sealed[-1] ^= 1
    with pytest.raises(SealError):
        vault.open("p1", bytes(sealed), "message")


def test_after_the_key_is_destroyed_nothing_opens_and_nothing_new_is_sealed(vault: Vault) -> None:
    sealed = vault.seal("p1", SECRET, "message")
    assert vault.destroy("p1")
    assert not vault.destroy("p1")
    with pytest.raises(ErasedError):
        vault.open("p1", sealed, "message")
    with pytest.raises(ErasedError):
        vault.seal("p1", SECRET, "message")


def test_a_second_make_key_keeps_the_first(vault: Vault) -> None:
    sealed = vault.seal("p1", SECRET, "message")
    vault.make_key("p1")
    assert vault.open("p1", sealed, "message") == SECRET


def test_many_at_once_agree_on_one_key(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys")
    seals: list[bytes] = []

    def work() -> None:
        vault.make_key("p3")
        seals.append(vault.seal("p3", SECRET, "m") + vault.fingerprint("x").encode())

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {vault.open("p3", sealed[:-64], "m") for sealed in seals} == {SECRET}
    assert len({sealed[-64:] for sealed in seals}) == 1


def test_keys_can_be_read_by_their_owner_alone(vault: Vault) -> None:
    modes = {path.stat().st_mode & 0o777 for path in vault.folder.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_an_id_cannot_lead_out_of_the_folder(vault: Vault) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        vault.make_key("../outside")


@given(st.text())
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    vault = Vault(tmp_path_factory.getbasetemp() / "shared-keys")
    vault.make_key("p1")
    expected = text.encode("utf-8", "replace").decode("utf-8")
    assert vault.open("p1", vault.seal("p1", text, "m"), "m") == expected
