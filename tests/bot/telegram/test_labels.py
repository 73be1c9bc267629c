"""What stands on a button is short enough to be read on one, in each language (ux.md T: 24 letters)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.telegram
from bot.telegram.buttons import LONGEST_LABEL, letters
from knowledge.pack import PACKS, load_pack

PHRASES = load_pack(PACKS / "hounslow").phrases
ROOM = Path(bot.telegram.__file__).parent


def labels() -> Iterator[str]:
    """The key of each phrase that the chat's screens put on a button: `press(plain("key"), ...)`."""
    for file in ROOM.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(ast.Name("press"), [ast.Call(_, [ast.Constant(str(key))]), *_]):
                    yield key


# Those whose key is put together.
MADE = ("tg_helped_yes", "tg_helped_no", "tg_easy_on", "tg_easy_off", "tg_replies_say_yes", "tg_replies_say_no")
LABELS = sorted({*labels(), *MADE})


def test_the_labels_are_found() -> None:
    assert {"tg_menu", "tg_web", "tg_person", "tg_status", "tg_surgery", "book_coming"} <= set(LABELS)
    assert len(LABELS) > 30


@pytest.mark.parametrize("language", PHRASES.languages)
def test_a_label_is_short_in_every_language(language: str) -> None:
    said = {key: PHRASES.on_page(key, language)[0] for key in LABELS}
    assert {key: text for key, text in said.items() if letters(text) > LONGEST_LABEL} == {}
