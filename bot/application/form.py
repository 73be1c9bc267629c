"""An application as values: made from a verdict, read back from JSON as the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from bot.mip_text import as_json
from knowledge.pack import Pack
from knowledge.rules.decide import Verdict

FORMAT = 1
LONGEST_WORDS = 4_000
# What a SENCO writes in their own words. The label and hint of each are phrases `apply_<id>` and `apply_<id>_hint`.
PROMPTS = ("strengths", "needs", "tried", "difference", "asked_for", "parent_views", "child_views")
AGREEMENT = ("agreed_by", "agreed_how", "agreed_on", "recorded_by")


class ApplicationError(ValueError):
    """What was sent is no application. The message says what to do."""


@dataclass(frozen=True)
class Rule:
    """One row of the check as it stood."""

    number: int
    criterion: str
    stands: str
    basis: str
    says: str
    quote: str
    source: str


@dataclass(frozen=True)
class Prompt:
    """A heading for the SENCO's own words, and what was written there so far."""

    id: str
    label: str
    hint: str
    words: str = ""


@dataclass(frozen=True)
class Evidence:
    """One thing to gather, and whether the SENCO has it."""

    what: str
    held: bool = False


@dataclass(frozen=True)
class Application:
    """Everything the documents hold. No name and no date of birth: the setting adds those in its own copy."""

    format: int
    council: str
    made_on: date
    rules_version: int
    rules_from: date
    answers: Mapping[str, str]
    outcome: str
    heading: str
    view: str
    route: str
    change: str
    once_safe: str
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    rules: tuple[Rule, ...]
    evidence: tuple[Evidence, ...]
    prompts: tuple[Prompt, ...]
    agreement: tuple[Prompt, ...]
    meeting: str


_APPLICATION = TypeAdapter(Application)


def application(
    verdict: Verdict,
    pack: Pack,
    today: date,
    *,
    words: Mapping[str, str] | None = None,
    held: frozenset[str] = frozenset(),
) -> Application:
    """The application that follows from `verdict`, with the SENCO's `words` by prompt and the evidence they hold.

    Raises `ApplicationError` for a prompt nobody knows, and for words that are too long.
    """
    written = _checked(words or {})
    made = as_json(verdict, pack, today)
    say = pack.phrases.say
    safe = verdict.once_safe
    return Application(
        format=FORMAT,
        council=pack.council,
        made_on=today,
        rules_version=verdict.table.version,
        rules_from=verdict.table.effective_from,
        answers=dict(verdict.answers),
        outcome=verdict.outcome.value,
        heading=made["heading"],
        view=verdict.word("view"),
        route=made["next_route"],
        change=made["smallest_change"] or "",
        once_safe=f"{verdict.word('once_safe')} {verdict.word(safe.value)}." if safe else "",
        missing=tuple(verdict.say(text) for text in verdict.missing),
        questions=tuple(verdict.say(text) for text in verdict.questions),
        rules=tuple(
            Rule(
                row["number"],
                row["criterion"],
                _capital(verdict.word(row["state"])),
                verdict.word(row["basis"]),
                row["says"],
                row["quote"],
                row["source"],
            )
            for row in made["rows"]
        ),
        evidence=tuple(Evidence(what, what in held) for what in verdict.table.evidence),
        prompts=tuple(Prompt(id, say(f"apply_{id}"), say(f"apply_{id}_hint"), written.get(id, "")) for id in PROMPTS),
        agreement=tuple(Prompt(id, say(f"apply_{id}"), "", written.get(id, "")) for id in AGREEMENT),
        meeting=written.get("meeting", ""),
    )


def to_json(form: Application) -> str:
    """The whole application as JSON."""
    return _APPLICATION.dump_json(form, indent=2).decode()


def from_json(text: str | bytes) -> Application:
    """The application that `to_json` wrote. Raises `ApplicationError`."""
    try:
        form = _APPLICATION.validate_json(text)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "the file"
        raise ApplicationError(f"this is no application that I wrote: look at {where}") from None
    if form.format != FORMAT:
        raise ApplicationError(f"this application is of format {form.format}; I read format {FORMAT}")
    return form


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _checked(words: Mapping[str, str]) -> Mapping[str, str]:
    for id, text in words.items():
        if id not in (*PROMPTS, *AGREEMENT, "meeting"):
            raise ApplicationError(f"{id!a} is no part of an application")
        if len(text) > LONGEST_WORDS:
            raise ApplicationError(f"{id} is {len(text):,} characters long: {LONGEST_WORDS:,} is the most")
    return words
