"""`askwell telegram`: the Telegram door by long polling, for a machine without a public address."""

from __future__ import annotations

import asyncio
import signal
import threading

from bot import app as wiring
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.serve_cli import open_records
from bot.settings import Settings
from bot.telegram.token import TelegramSettingsError, token_of
from bot.terminal import said, stop
from handoff.retention_rules import RetentionError

WITHOUT_ONE = (
    "There is no bot token. Ask BotFather in Telegram for one, keep it in a file, and name the file in "
    "ASKWELL_TELEGRAM_TOKEN_FILE. To try the chat without one: askwell demo telegram"
)


def telegram() -> None:
    """Answer in Telegram, by long polling. Letters to Telegram are sent from here too."""
    from bot.telegram.polling import NotOursError  # noqa: PLC0415  the library is heavy: no other command loads it

    settings = Settings()
    configure_logs(settings.log_level)
    try:
        token = token_of(settings)
    except TelegramSettingsError as error:
        stop(str(error), code=1)
    if not token:
        stop(WITHOUT_ONE, code=1)
    if settings.telegram_webhook:
        stop("ASKWELL_TELEGRAM_WEBHOOK is on, so 'askwell serve' answers in Telegram. Turn it off to poll.", code=1)
    engine, complete = wiring.build_engine_now(settings)
    records = open_records(settings)
    try:
        front = wiring.build_front_desk(settings, Assistant(engine), records)
    except RetentionError as error:
        stop(str(error), code=1)
    if not complete:
        said.print("The index is not made yet: answers are found by words alone. 'askwell index' makes it.")
    keeping = wiring.build_housekeeping(settings, front)
    keeping.start()
    said.print("Askwell answers in Telegram. (Control+C stops it)")
    try:
        asyncio.run(_until_stopped(front, settings, token))
    except NotOursError as error:
        stop(str(error), code=1)
    finally:
        keeping.stop()
        front.close()
        records.dispose()


async def _until_stopped(front: FrontDesk, settings: Settings, token: str) -> None:
    from bot.telegram.running import open_door, poll  # noqa: PLC0415

    ending = asyncio.Event()
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for ended in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(ended, ending.set)
    await poll(open_door(front, settings, token), ending)
