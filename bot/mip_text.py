"""A verdict of the MIP check as a SENCO or a parent reads it, and as JSON. Every channel draws these same parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.answers import contact_perished
from bot.steps.urgent import said_line
from knowledge.article import Source
from knowledge.contacts import fill
from knowledge.pack import Pack
from knowledge.rules.decide import Verdict, is_early_years
from knowledge.rules.judge import RowResult
from knowledge.rules.table import Basis, Effect, Outcome, State

# The Early Years SEN Team and the cluster leads help settings, and do not work with parents.
PARENTS_MAY_ASK = ("send",)
MET = {State.MET: True, State.NOT_MET: False}


def as_text(verdict: Verdict, pack: Pack, today: date) -> str:
    """The full result in reading order: safety first, the view, why, what would change it, what next, every row."""
    parts = [safety_lines(pack, parent=is_for_parent(verdict))] if verdict.once_safe is not None else []
    parts += _for_parent(verdict, pack, today) if is_for_parent(verdict) else _for_senco(verdict, pack, today)
    return "\n\n".join(part for part in parts if part)


def as_json(verdict: Verdict, pack: Pack, today: date) -> dict[str, Any]:
    """The object that `askwell mip --json` and `--batch` print."""
    return {
        "outcome": verdict.outcome.value,
        "heading": heading(verdict),
        "rows": [_row_object(verdict, result, pack) for result in verdict.rows],
        "decided_by": [result.row.number for result in verdict.decisive],
        "smallest_change": change_sentence(verdict),
        "change": {"set": verdict.change.sets, "outcome": verdict.change.outcome.value} if verdict.change else None,
        "next_route": next_route(verdict, pack, today),
        "queue": verdict.queue,
        "missing": list(verdict.missing),
        "questions": list(verdict.questions),
        "evidence": list(verdict.table.evidence),
        "once_safe": verdict.once_safe.value if verdict.once_safe else None,
        "rules": {"version": verdict.table.version, "effective_from": verdict.table.effective_from.isoformat()},
        "text": as_text(verdict, pack, today),
    }


def is_for_parent(verdict: Verdict) -> bool:
    """True when a parent asked, and reads the result."""
    return verdict.answers.get("asker") == "parent"


def heading(verdict: Verdict) -> str:
    """The view in a few words. It never says 'rejected', nor 'eligible' alone."""
    if verdict.once_safe is not None:
        return verdict.word("refer_safeguarding")
    return verdict.word("parent" if is_for_parent(verdict) else verdict.outcome.value)


def change_sentence(verdict: Verdict) -> str | None:
    """The smallest change that would alter the result, as "If …, the result would be: …"; none when there is none."""
    if verdict.change is None:
        return None
    conditions = ", and ".join(change.says for change in verdict.change.changes)
    return f"If {conditions}, the result would be: {verdict.word(verdict.change.outcome.value)}."


def next_route(verdict: Verdict, pack: Pack, today: date) -> str:
    """Where to go next, with the published contact of whoever takes it; a contact past its review is withheld."""
    routes = [filled(verdict, route, pack, today) for route in verdict.routes]
    queue = pack.queues[verdict.queue]
    contact = pack.contacts.get(queue.contact or "")
    if contact and not contact.safeguarding and not any("{contact:" in route for route in verdict.routes):
        routes.append(filled(verdict, f"{queue.name}: {{contact:{contact.id}}}.", pack, today))
    elif queue.says and not is_for_parent(verdict):
        routes.append(queue.says)
    return " ".join(routes)


def filled(verdict: Verdict, text: str, pack: Pack, today: date) -> str:
    """`text` with who advises this setting and with contacts, those past their review withheld."""
    return fill(
        verdict.say(text),
        pack.contacts,
        lambda contact, what: (
            verdict.word("withheld") if contact_perished(pack, contact, today) else contact.says(what)
        ),
    )


def outcome_says(verdict: Verdict) -> str:
    """The view in a sentence."""
    key = verdict.outcome.value
    if verdict.once_safe is not None:
        key = "refer_safeguarding"
    elif verdict.only_local:
        key = "refer_local"
    return verdict.word(f"{key}_says")


def row_line(verdict: Verdict, result: RowResult, pack: Pack) -> str:
    """One row of the table: how it stands, on what basis, the sentence it rests on and where that is."""
    row = result.row
    head = (
        f"{row.number}. {row.criterion} {_capital(verdict.word(result.state.value))} ({verdict.word(row.basis.value)})."
    )
    more = " ".join(text for text in (verdict.say(result.case.says), row.note) if text)
    return "\n   ".join(line for line in (head, more, f"“{row.quote}” {_source_line(result, pack)}") if line)


def safety_lines(pack: Pack, *, parent: bool) -> str:
    """The numbers to ring, before anything else. They are never withheld."""
    kind = pack.safeguarding.kinds["child_at_risk" if parent else "professional"]
    lines = ("- " + " ".join(said.text for said in said_line(pack, line)) for line in kind.lines)
    return "\n".join([kind.heading, kind.text, *lines])


def _for_parent(verdict: Verdict, pack: Pack, today: date) -> Iterator[str]:
    """In a family's words: whose job it is, what they can do, and who else helps. Nothing about the child."""
    words = verdict.table.words
    yield heading(verdict)
    yield next(result.case.says for result in verdict.rows if "asker" in result.row.keys)
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(words["parent_steps"].splitlines(), start=1))
    yield f"{words['view']} {words['parent_decides']}"
    others = [result.case for result in verdict.decisive if result.case.queue in PARENTS_MAY_ASK]
    yield filled(verdict, " ".join(dict.fromkeys(case.route for case in others)), pack, today)
    yield filled(verdict, f"{pack.queues['local_offer'].name}: {{contact:local_offer}}.", pack, today)


def _for_senco(verdict: Verdict, pack: Pack, today: date) -> Iterator[str]:
    yield _view(verdict)
    yield _part(verdict.word("why"), reasons(verdict))
    if verdict.once_safe is not None:
        yield f"{verdict.word('once_safe')} {verdict.word(verdict.once_safe.value)}."
    yield _part(verdict.word("next"), [next_route(verdict, pack, today)])
    change = change_sentence(verdict)
    yield _part(verdict.word("change"), [change] if change else [])
    yield _part(verdict.word("missing"), [verdict.say(text) for text in verdict.missing])
    yield _part(verdict.word("ask"), [verdict.say(text) for text in verdict.questions])
    if verdict.outcome is not Outcome.NOT_ELIGIBLE:
        yield _part(verdict.word("evidence"), verdict.table.evidence)
    yield "\n".join([verdict.word("every_row"), *(row_line(verdict, result, pack) for result in verdict.rows)])
    yield verdict.word("not_a_route")
    yield verdict.word("disagree")
    yield footer(verdict, pack, today)


def _view(verdict: Verdict) -> str:
    early = [verdict.word("early_years_view")] if is_early_years(verdict.answers) else []
    return "\n".join([heading(verdict), " ".join([verdict.word("view"), *early]), outcome_says(verdict)])


def reasons(verdict: Verdict) -> list[str]:
    """Why, row by row: what decided, and on what basis."""
    return [
        f"Row {result.row.number}: {verdict.say(result.case.says)} ({_capital(verdict.word(result.row.basis.value))}.)"
        for result in verdict.decisive
        if result.effect is not Effect.CONTINUE
    ]


def footer(verdict: Verdict, pack: Pack, today: date) -> str:
    """Which rules these are, when their pages were read, and when the result was made."""
    table = verdict.table
    quoted = [pack.sources[id] for row in table.rows for id in row.sources]
    unread = [f"{pack.phrases.say('not_checked')}."] if any(not page.checked for page in quoted) else []
    past = [pack.phrases.say("past_review")] if today > table.review_by else []
    return " ".join(
        [
            f"Rules version {table.version}, in force from {_day(table.effective_from)}.",
            f"The pages were read on {_day(table.read_on)}.",
            *unread,
            *past,
            f"This result was made on {_day(today)}.",
        ]
    )


def _part(title: str, lines: list[str] | tuple[str, ...]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)]) if lines else ""


def _row_object(verdict: Verdict, result: RowResult, pack: Pack) -> dict[str, Any]:
    row = result.row
    return {
        "number": row.number,
        "criterion": row.criterion,
        "basis": row.basis.value,
        "local_setting": row.basis is Basis.INFERRED,
        "met": MET.get(result.state),
        "state": result.state.value,
        "says": verdict.say(result.case.says),
        "note": row.note,
        "quote": row.quote,
        "source": _source_line(result, pack),
        "sources": [_source_object(pack.sources[id]) for id in row.sources],
        "facts": list(row.facts),
        "section": row.section,
    }


def _source_object(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "age": source.generation.says,
        "page_updated": source.page_updated,
        "checked": source.checked.isoformat() if source.checked else None,
    }


def _source_line(result: RowResult, pack: Pack) -> str:
    sources = [pack.sources[id] for id in result.row.sources]
    return "; ".join(f"{source.title}, {source.url}" if source.url else source.title for source in sources)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
