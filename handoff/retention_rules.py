"""How long each kind of record is kept, as data: `retention.yaml`, and what a council decides otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handoff.models import Case, Priority

RULES = Path(__file__).with_name("retention.yaml")
# Where the rules stand among the files that officers change; under "rules/", so that a second person puts them to use.
KEEPING = "rules/retention.yaml"


class RetentionError(Exception):
    """A file of retention rules cannot be used. The message says which line of thought is wrong."""


@dataclass(frozen=True)
class Rule:
    """One class of records: kept `days` after a moment (`after`, in words), and why.

    `duty` when the council must keep it this long; `confirm` while the council has not confirmed the days.
    """

    name: str
    days: int
    after: str
    why: str
    duty: bool = False
    confirm: bool = False
    queues: tuple[str, ...] = ()

    def cut(self, now: datetime) -> datetime:
        """What happened at this moment or before has been kept long enough."""
        return now - timedelta(days=self.days)


Rules = Mapping[str, Rule]


@cache
def standard_rules() -> Rules:
    """The rules Askwell proposes."""
    return read_rules(RULES)


def read_rules(file: Path, over: Rules | None = None) -> dict[str, Rule]:
    """The rules of `file`, laid over others. Raises `RetentionError`."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RetentionError(f"{file.name} cannot be opened: {type(error).__name__}.") from error
    return rules_in(text, file.name, over)


def rules_in(text: str, name: str, over: Rules | None = None) -> dict[str, Rule]:
    """The rules of a file's `text`, laid over others. Raises `RetentionError`, which calls the file by `name`."""
    try:
        given = yaml.safe_load(text)["rules"]
        own = {rule: _rule(rule, {**_as_given(over, rule), **parts}) for rule, parts in given.items()}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise RetentionError(f"{name} is not a list of retention rules with days, after and why.") from error
    unknown = own.keys() - over.keys() if over else ()
    if unknown:
        raise RetentionError(f"{name} has a rule for {', '.join(sorted(unknown))}, which is nothing Askwell keeps.")
    return {**(over or {}), **own}


def rules_text(rules: Rules) -> str:
    """The rules as a file, to be changed."""
    given = {
        name: {key: list(value) if isinstance(value, tuple) else value for key, value in vars(rule).items() if value}
        | {"days": rule.days}
        for name, rule in sorted(rules.items())
    }
    for parts in given.values():
        del parts["name"]
    return yaml.safe_dump({"rules": given}, sort_keys=False, allow_unicode=True, width=120)


def rule_of_case(rules: Rules, case: Case) -> Rule:
    """The rule a case falls under: safeguarding before all others."""
    if case.priority is Priority.SAFEGUARDING or case.queue in rules["safeguarding_case"].queues:
        return rules["safeguarding_case"]
    if case.data_complaint:
        return rules["data_complaint"]
    return rules["complaint_case"] if case.queue in rules["complaint_case"].queues else rules["case"]


def _as_given(over: Rules | None, name: str) -> dict[str, Any]:
    known = over.get(name) if over else None
    return {key: value for key, value in vars(known).items() if key != "name"} if known else {}


def _rule(name: str, parts: Mapping[str, Any]) -> Rule:
    days = parts["days"]
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 36_525:
        raise ValueError(days)
    return Rule(
        name=name,
        days=days,
        after=str(parts["after"]),
        why=str(parts["why"]),
        duty=bool(parts.get("duty", False)),
        confirm=bool(parts.get("confirm", False)),
        queues=tuple(parts.get("queues", ())),
    )
