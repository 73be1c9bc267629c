"""`askwell eval`: every figure the product states, with the command that makes it."""

from __future__ import annotations

import typer

evaluate = typer.Typer(help="Measure answers, retrieval, safeguarding and redaction.", no_args_is_help=True)
