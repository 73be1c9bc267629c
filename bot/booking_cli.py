"""`askwell book`: book, change or cancel a SEND Surgery on the terminal, with the same flow as the web pages."""

from __future__ import annotations

import getpass
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from bot.app import load_settings_pack
from bot.booking.answers import NOTHING_YET
from bot.booking.desk_side import Visitor
from bot.booking.results import booked_page, waiting_page
from bot.booking.ways import reaches_of, route_of
from bot.booking_play import page_text, play
from bot.desk_door import open_desk
from bot.redaction import redact
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.bookings.booking import cancel as cancel_booking
from handoff.bookings.calendar_entry import calendar_entry
from handoff.bookings.claim import claim
from handoff.bookings.errors import BookingError
from handoff.bookings.found import Booked, Waiting, find
from handoff.bookings.subscriptions import subscribe
from handoff.bookings.visit import Reach
from handoff.bookings.waiting import accept, leave
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.people import address_for
from knowledge.contacts import published
from knowledge.pack import Pack
from knowledge.phrases import Voice


def book(
    link: Annotated[str | None, typer.Option(help="Your link, or its last part: look at, change or cancel.")] = None,
    change: Annotated[bool, typer.Option("--change", help="With --link: choose another time.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="With --link: cancel, or leave the waiting list.")] = False,
    accept_offer: Annotated[bool, typer.Option("--yes", help="With --link: take the offered place.")] = False,
    ics: Annotated[Path | None, typer.Option(help="Write the calendar entry to this file.")] = None,
) -> None:
    """Book a SEND Surgery. You keep the link it gives you."""
    settings = Settings()
    pack = load_settings_pack(settings)
    token = link.rstrip("/").rsplit("/", 1)[-1] if link else ""
    with open_desk(settings) as (engine, desk):
        try:
            if token and cancel:
                _give_up(engine, desk, token)
            elif token and accept_offer:
                claim(engine, lambda session: accept(session, desk, token, key=secrets.token_hex(16)))
            elif change or not token:
                token = _play(engine, desk, settings, pack, token)
            if token:
                _shown(engine, desk, settings, token, ics)
        except BookingError as error:
            stop(desk.say(error.key, **error.values), code=1)


def _play(engine: Engine, desk: Desk, settings: Settings, pack: Pack, moving: str) -> str:
    """The flow; the link it ends with, or none."""
    with transaction(engine) as session:
        door = address_for(session, desk, "terminal", getpass.getuser())
    visitor = Visitor(
        engine,
        desk,
        door.person_id,
        reaches=reaches_of(settings),
        say=Voice(desk.phrases),
        hide=lambda text: redact(text, keep=published(pack.contacts)).text,
        route=route_of(pack),
    )
    start = NOTHING_YET
    if moving:
        with reading(engine) as session:
            was = find(session, desk, moving)
        start = NOTHING_YET.but(moving=moving, topic=was.visit.topic)
    ended = play(visitor, _typed, said.print, lambda: secrets.token_hex(16), start)
    if ended.tell:
        with transaction(engine) as session:
            subscribe(session, desk, door.person_id, Reach.EMAIL, ended.tell)
        said.print(f"{desk.say('book_told_title')}. {desk.say('book_told_lead')}")
    return ended.token


def _give_up(engine: Engine, desk: Desk, token: str) -> None:
    with reading(engine) as session:
        found = find(session, desk, token)
    key = secrets.token_hex(16)
    if isinstance(found, Booked):
        claim(engine, lambda session: cancel_booking(session, desk, token, key=key))
    else:
        claim(engine, lambda session: leave(session, desk, token, key=key))


def _shown(engine: Engine, desk: Desk, settings: Settings, token: str, ics: Path | None) -> None:
    with reading(engine) as session:
        found = find(session, desk, token)
    voice = Voice(desk.phrases)
    page = waiting_page(voice, found, desk.now()) if isinstance(found, Waiting) else booked_page(voice, found)
    sys.stdout.write(f"{page_text(page).strip()}\n{desk.say('book_keep_link')} {token}\n")
    if ics is None or isinstance(found, Waiting):
        return
    try:
        ics.write_bytes(calendar_entry(desk, found, site=settings.address.rstrip("/")))
    except OSError as error:
        stop(f"{ics} cannot be written: {error.strerror}.", code=1)
    said.print(f"{ics} was written at {datetime.now(UTC):%H:%M}. {desk.say('book_calendar_again')}")


def _typed() -> str | None:
    said.print("> ", end="")
    line = sys.stdin.readline()
    return line if line else None
