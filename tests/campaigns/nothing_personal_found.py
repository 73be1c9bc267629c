"""P4: whatever families type, nothing personal reaches the search, a vector, the index, a file or the log.

    python -m tests.campaigns.nothing_personal_found --full     5,000 turns through the front desk

Each turn carries details as families write them: names announced, phones, emails, NHS and National Insurance numbers,
addresses, dates of birth. Everything handed to the search and to the encoder is written down and looked through, and so
is every byte of the database, the index, the log and temporary files. The words as typed are judged for danger in memory
alone. Control: with redaction off the details are found.
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from little_council import CALIBRATION, TODAY, write_pack
from small_office import QUEUES, Clock

from bot.assistant import Assistant
from bot.engine import Engine, engine_of
from bot.front_desk import FrontDesk
from bot.indexing import Made
from bot.messages import Arrived, Incoming
from bot.redaction import Redacted
from campaigns.byte_search import of_words, search
from campaigns.engines import fresh_engine
from handoff.desk import Desk
from handoff.spool import Spool
from handoff.vault import Vault
from knowledge.article import passages_of
from knowledge.pack import load_pack
from retrieval.encoders import HashingEncoder, Vectors
from retrieval.index import build_index, save_index
from retrieval.search import Encoders

FIRST = "Adam Zainab Kyle Oluwaseun Siobhan Mohammed Aaliyah Piotr Chloe Harpreet Amara Callum Fatima Rhys Mei".split()
LAST = (
    "Khan Okonkwo Featherstone Nowak Siddiqui Ravenscroft Gallagher Dhillon Abernathy Mbeki Kowalczyk Pemberton".split()
)
STREETS = "Whitton Kingsley Bath Hanworth Staines Wellington Hibernia Cromwell".split()
ASKS = (
    "how old for holiday club", "what does a club day cost", "who runs the buses", "child fare on the 65 bus",
    "can you help", "what is OT",
)  # fmt: skip


class Recording(HashingEncoder):
    """The encoder, remembering every text it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.given += list(texts)
        return super().encode_query(texts)


def turn(draw: random.Random) -> tuple[str, list[str]]:
    """A message as a family may write it, and what in it is personal."""
    first, last = draw.choice(FIRST), draw.choice(LAST)
    name = f"{first} {last}"
    digits = "".join(str(draw.randrange(10)) for _ in range(8))
    phone = f"07{draw.randrange(3, 10)}{digits[:2]} {digits[2:5]} {digits[5:]}"
    email = f"{first}.{last}{digits[:4]}@mailbox.example".lower()
    born = date(draw.randrange(2008, 2022), draw.randrange(1, 13), draw.randrange(1, 29))
    house = f"{draw.randrange(2, 300)} {draw.choice(STREETS)} Road"
    postcode = f"TW{draw.randrange(3, 15)} {draw.randrange(1, 9)}{draw.choice('ABDEFGHJ')}{draw.choice('LNPQRST')}"
    nhs, insurance = _nhs(draw), f"QQ {digits[:2]} {digits[2:4]} {digits[4:6]} C".replace("QQ", "AB")
    said = draw.choice([
        (f"My name is {name} and my number is {phone}.", [name, phone]),
        (f"My son {name} was born on {born:%d/%m/%Y}.", [name, f"{born:%d/%m/%Y}"]),
        (f"Our daughter is called {first}, email me at {email}.", [email]),
        (f"We live at {house}, {postcode}.", [house, postcode]),
        (f"His NHS number is {nhs}.", [nhs]),
        (f"My National Insurance number is {insurance}.", [insurance]),
        (f"Please ring me on {phone} or write to {email}", [phone, email]),
    ])  # fmt: skip
    return f"{said[0]} {draw.choice(ASKS)}?", said[1]


def _nhs(draw: random.Random) -> str:
    while True:
        digits = [draw.randrange(10) for _ in range(9)]
        check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            text = "".join(map(str, [*digits, 0 if check == 11 else check]))
            return f"{text[:3]} {text[3:6]} {text[6:]}"


def run(place: Path, turns: int, seed: int = 4) -> list[str]:
    """What was found where it must not be; nothing is what P4 asks for."""
    draw, encoder, asked = random.Random(seed), Recording(), []
    pack = load_pack(write_pack(place / "pack"))
    index = build_index(passages_of(pack.articles), encoder)
    save_index(index, place / "index", "now")
    encoder.given.clear()
    engine = engine_of(pack, Made(index, CALIBRATION), Encoders(encoder), lambda: TODAY)
    found: list[str] = []
    secrets: list[str] = []

    def looked_up(self: Engine, text: str, *rest: object, **how: object) -> object:
        asked.append(text)
        return real(self, text, *rest, **how)  # type: ignore[arg-type]

    real = Engine.search
    with (
        _watched(place),
        fresh_engine("sqlite", place / "database") as database,
        patch.object(Engine, "search", looked_up),
    ):
        desk = Desk("littleham", Vault(place / "keys"), queues=dict(QUEUES), now=Clock())
        front = FrontDesk(database, desk, Assistant(engine), Spool(place / "spool", place / "keys"))
        for number in range(turns):
            asked.clear()
            encoder.given.clear()
            text, personal = turn(draw)
            front.reply(Arrived("web", f"browser-{number % 50}", f"m{number}", Incoming(text)))
            secrets += personal
            for where, texts in (("search", asked), ("encoder", encoder.given)):
                found += [f"{where}: {one}" for one in personal if any(one.lower() in said.lower() for said in texts)]
        front.close()
    longest = sorted({one for one in secrets if len(one) >= 8})
    for file, hits in search(place, of_words(longest), any_case=True).items():
        found += [f"{file}: {hit}" for hit in sorted(hits)]
    return found


def redaction_off(text: str, **_: object) -> Redacted:
    """The control: nothing is hidden."""
    return replace(_nothing_hidden, text=text)


_nothing_hidden = Redacted(text="", found=())


@contextmanager
def _watched(place: Path) -> Iterator[None]:
    handler = logging.FileHandler(place / "askwell.log")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def main(full: bool) -> int:
    """Run it and the control, and print what was found."""
    turns = 5000 if full else 200
    with tempfile.TemporaryDirectory() as place:
        found = run(Path(place), turns)
    print(f"{turns} turns, {len(found)} personal details where none may be", *found[:10], sep="\n  ", flush=True)
    with tempfile.TemporaryDirectory() as place, patch("bot.assistant.redact", redaction_off):
        leaks = run(Path(place), 100)
    print(f"control, redaction off: 100 turns, {len(leaks)} details found")
    return 1 if found or not leaks else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))
