"""Letters into a chat: that there is a reply and where to read it. What it is about stays out, unless it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from bot.senders.outcomes import DoorClosed, RetryLater
from bot.telegram.buttons import press
from bot.telegram.caller import House
from bot.telegram.markup import escape, line, split
from bot.telegram.parts import Button, Row, Say
from bot.telegram.screens.bookings import appointment_rows
from bot.telegram.sending import Mouth
from handoff.bookings.letters import REMINDER, reminded_of
from handoff.gaps import GAP_ANSWERED
from handoff.outbox import Parcel

CASES = "case_"
REPLIED = "case_replied"
# Longer than the second between two messages to one chat.
PATIENT_SECONDS = 2.0


@dataclass(frozen=True)
class TelegramSender:
    """Sends through the mouth that speaks for the bot, and so at its pace."""

    house: House
    mouth: Mouth
    channel: str = "telegram"

    async def send(self, parcel: Parcel) -> None:
        """Raises `RetryLater`, `DoorClosed` and `Refused`."""
        if not parcel.to.lstrip("-").isdecimal():
            raise DoorClosed("bad_chat")
        chat = int(parcel.to)
        # Letters go one after another: those of other chats do not wait until this one may be written to again.
        if (held := self.mouth.pace.held_for(chat)) > PATIENT_SECONDS:
            raise RetryLater(held, "telegram_held")
        for part in self.parts(parcel):
            await self.mouth.say(chat, part)

    def parts(self, parcel: Parcel) -> tuple[Say, ...]:
        """The letter as messages. Its link stays out: a fresh one, good once, is made when its button is pressed."""
        words = parcel.text
        if parcel.kind == REPLIED and not self.house.settings.telegram_replies:
            # The first line says that there is a reply, from whom and under which reference; the rest is the reply.
            words = words.split("\n\n", 1)[0]
        if words == self.house.desk.say("letter_neutral", parcel.language) and _is_read(parcel):
            # Here a button leads to it, and no link stands in the message.
            words = self._say(parcel, "tg_new_message")
        texts = split(line(escape(text)) for text in words.split("\n\n"))
        rows = (*self._about_time(parcel), (self._button(parcel), press(self._say(parcel, "tg_menu"), "menu")))
        return tuple(Say(text, rows if at == len(texts) else ()) for at, text in enumerate(texts, 1))

    def _about_time(self, parcel: Parcel) -> tuple[Row, ...]:
        if parcel.kind != REMINDER:
            return ()
        return appointment_rows(lambda key: self._say(parcel, key), reminded_of(parcel.key), coming=True)

    def _button(self, parcel: Parcel) -> Button:
        if _is_read(parcel):
            return press(self._say(parcel, "tg_read"), "read")
        return press(self._say(parcel, "tg_my_time"), "status")

    def _say(self, parcel: Parcel, key: str) -> str:
        return self.house.say(key, parcel.language)


def _is_read(parcel: Parcel) -> bool:
    """Whether what it tells of is read on the page: a request, or an answer to what was asked before."""
    return parcel.kind.startswith(CASES) or parcel.kind == GAP_ANSWERED
