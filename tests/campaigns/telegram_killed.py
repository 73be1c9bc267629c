"""`askwell telegram` as a process, killed with -9 while it answers: nothing is lost, at most what was on its way comes again,
and no log, at its most talkative, holds the token.

    PYTHONPATH=tests python -m campaigns.telegram_killed --kills 3

In CI crashes are met by `campaigns.telegram_updates`, which needs no process and no lease to run out.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from little_council import write_pack

from bot.telegram.loopback.people import Human
from bot.telegram.loopback.server import TOKEN, Loopback, serving

SECONDS = 180.0
CHATS = 6
HELP = "What you can do here"


def started(api: Loopback, folder: Path) -> subprocess.Popen[bytes]:
    """The command, with a pack of its own and everything it has to say in one file."""
    token = folder / "token"
    token.write_text(TOKEN, encoding="utf-8")
    env = {
        **os.environ,
        "ASKWELL_PACK": str(folder / "littleham"),
        "ASKWELL_DATA": str(folder / "data"),
        "ASKWELL_TELEGRAM_API": api.url,
        "ASKWELL_TELEGRAM_TOKEN_FILE": str(token),
        "ASKWELL_LOG_LEVEL": "debug",
    }
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "bot", "telegram"], env=env, stdout=log, stderr=log)


def until(what: object) -> None:
    ends = time.monotonic() + SECONDS
    while not what():  # type: ignore[operator]
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)


def run(folder: Path, kills: int) -> tuple[int, int, int]:
    """Questions asked, answers lost, answers that came again. Raises `AssertionError` for a log that holds the token."""
    write_pack(folder / "littleham")
    with serving(Loopback()) as api:
        people = [Human(api.state, chat) for chat in range(1, CHATS + 1)]
        for number in range(kills):
            process = started(api, folder)
            for one in people:
                one.says(f"how old for holiday club number {number}?")
            until(lambda number=number: len(api.state.sent()) >= CHATS * number + 2)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        for one in people:
            one.says("/help")
        process = started(api, folder)
        until(lambda: all(any(HELP in said.plain for said in one.reads()) for one in people))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, "it ends when it is asked to"
        answers = [sum(HELP not in said.plain for said in one.reads()) for one in people]
    log = (folder / "log").read_text(encoding="utf-8")
    assert log and TOKEN.split(":")[1] not in log, "the token is in the log"
    return kills * CHATS, sum(max(0, kills - one) for one in answers), sum(max(0, one - kills) for one in answers)


def main() -> None:
    """Print what became of the questions; end with 1 when one was lost, or more came again than was on its way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asked, lost, again = run(Path(name), given.kills)
    print(f"{asked} questions, {given.kills} times killed with -9: {lost} not answered, {again} answered again.")
    sys.exit(bool(lost or again > given.kills * CHATS))


if __name__ == "__main__":
    main()
