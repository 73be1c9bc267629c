"""The `askwell` command. Each command's own module is loaded when that command is given, and for `--help`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from bot.terminal import ModelError, said, stop
from knowledge.problems import PackError

# Where each command is: a group of commands, or a function.
COMMANDS = {
    "ask": "bot.ask_cli:ask",
    "index": "bot.ask_cli:index",
    "check": "bot.ask_cli:check",
    "new-pack": "bot.ask_cli:new_pack",
    "eval": "bot.eval_cli:evaluate",
    "bench": "bot.bench_answer_cli:bench",
    "db": "bot.db_cli:db",
    "audit": "bot.audit_cli:audit",
    "officers": "bot.officers_cli:officers_cli",
    "outbox": "bot.outbox_cli:outbox_cli",
    "directory": "bot.directory_cli:directory",
    "schools": "bot.schools_cli:schools_cli",
    "surgeries": "bot.surgeries_cli:surgeries",
    "demo": "bot.demo_cli:demo",
    "sources": "bot.sources_cli:sources",
    "book": "bot.booking_cli:book",
    "mip": "bot.mip_cli:mip",
    "dates": "bot.dates_cli:dates",
    "plan": "bot.plan_cli:plan",
    "serve": "bot.serve_cli:serve",
    "switch": "bot.switch_cli:switch",
    "telegram": "bot.telegram_cli:telegram",
    "export": "bot.privacy_cli:export",
    "erase": "bot.privacy_cli:erase",
    "hold": "bot.privacy_cli:hold_command",
    "sweep": "bot.privacy_cli:sweep",
    "retention": "bot.privacy_cli:retention",
    "backup": "bot.backup_cli:backup",
    "restore": "bot.backup_cli:restore",
}


class Commands(TyperGroup):
    """The commands of `COMMANDS`: loading them all would take every start a second."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        return _made(cmd_name, getattr(import_module(module), name))


def _made(name: str, found: typer.Typer | Callable[..., None]) -> Any:
    if isinstance(found, typer.Typer):
        found.rich_markup_mode = None
        command: Any = get_group(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command()(found)
        command = get_command(alone)
    command.name = name
    return command


cli = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


@cli.callback()
def askwell() -> None:
    """Answers about special educational needs from a council's own pages, with sources, and a person to turn to."""


def main() -> None:
    """Run the command; errors meant for people are printed plainly."""
    try:
        cli()
    except PackError as error:
        for problem in error.problems:
            said.print(str(problem))
        stop("The pack cannot be read. Mend the lines above.", code=1)
    except ModelError as error:
        stop(str(error), code=1)
    except KeyboardInterrupt:
        stop("Stopped.", code=130)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
