"""The filter of our own buttons: by their act, whatever else they carry."""

from __future__ import annotations

from typing import Any

from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery

from bot.telegram.buttons import read_data


class Press(BaseFilter):
    """Lets a press through whose act is one of these, and hands it on as `pressed`."""

    def __init__(self, *acts: str) -> None:
        self.acts = frozenset(acts)

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        pressed = read_data(query.data or "")
        return {"pressed": pressed} if pressed and pressed.act in self.acts else False
