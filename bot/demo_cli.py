"""`askwell demo`: made-up sessions, to see how booking works; `askwell demo telegram`: the chat, without a token."""

from __future__ import annotations

import typer
from sqlmodel import Session, col, select

from bot.app import load_settings_pack
from bot.desk_door import open_desk
from bot.example_sessions import publish_examples
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import Surgery

demo = typer.Typer(add_completion=False, rich_markup_mode=None)


@demo.callback(invoke_without_command=True)
def sessions(context: typer.Context) -> None:
    """Load made-up SEND Surgery sessions, marked as examples. Never beside a council's own sessions."""
    if context.invoked_subcommand is not None:
        return
    settings = Settings()
    calendar = load_settings_pack(settings).calendar
    with open_desk(settings) as (engine, desk), transaction(engine) as session:
        if _own_sessions(session, desk):
            stop("There are real sessions here. Set ASKWELL_DATA to an empty folder and run it again.", code=1)
        made = publish_examples(session, desk, calendar)
    said.print(f"{made} example sessions are published, each marked EXAMPLE. Try: askwell book")


@demo.command("telegram")
def chat() -> None:
    """Chat with the bot on this terminal, without a token. Example sessions are there to be booked."""
    from bot.telegram_demo import telegram_demo  # noqa: PLC0415  the library is heavy: no other command loads it

    telegram_demo()


def _own_sessions(session: Session, desk: Desk) -> bool:
    own = select(Surgery.id).where(Surgery.pack == desk.pack, col(Surgery.example).is_(False))
    return session.exec(own.limit(1)).first() is not None
