"""What the commands share: where words for a person go, how a command ends, and a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import TaskID

USAGE = 2
said = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


class ModelError(Exception):
    """A model that the settings name cannot be loaded. The message says which, and what to do."""


def stop(message: str, code: int = USAGE) -> NoReturn:
    """Say why, and end with a code that is not zero."""
    said.print(message)
    raise SystemExit(code)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal's error stream, fed by (what, done, total)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=said, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield tell
