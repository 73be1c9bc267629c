"""Someone may be at risk: help first, before anything is looked up. Needs no index, no model and no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.messages import Outcome, Paragraph, Reply, Said
from bot.turn import Turn
from knowledge.contacts import fill
from knowledge.pack import Pack
from knowledge.safeguarding import KINDS, Line, folded
from retrieval.risk import Risk


def urgent(turn: Turn) -> Reply | None:
    """The numbers to ring, when a rule or the classifier sees risk in the message as it was typed."""
    kind = turn.incoming.urgent or kind_of_risk(turn.pack, turn.incoming.text, turn.risk)
    return help_now(turn.pack, kind, turn.language) if kind else None


def kind_of_risk(pack: Pack, text: str, risk: Callable[[str], Risk | None]) -> str | None:
    """The kind of risk a rule sees in `text` as it was typed, or the classifier is sure of; none otherwise."""
    folded_text = folded(text)
    for id in KINDS:
        if any(rule.search(folded_text) for rule in pack.safeguarding.kinds[id].rules):
            return id
    seen = risk(text)
    return seen.kind if seen and seen.sure else None


def with_numbers_above(turn: Turn, reply: Reply) -> Reply:
    """`reply` with the national numbers above it, when the classifier is in doubt about the message."""
    if reply.outcome is Outcome.SAFEGUARD or not (turn.incoming.in_doubt or turn.risk(turn.incoming.text)):
        return reply
    return replace(reply, above=numbers(turn.pack, turn.language))


def numbers(pack: Pack, language: str) -> tuple[str, ...]:
    """The national numbers, and what they are in the person's language."""
    said = fill(pack.safeguarding.in_doubt, pack.contacts)
    intro = pack.safeguarding.intros.get(language, "") if language != "en" else ""
    return tuple(line for line in (said, intro) if line)


def help_now(pack: Pack, kind_id: str, language: str) -> Reply:
    """Numbers first. These lines are never withheld, whatever their review date."""
    kind = pack.safeguarding.kinds[kind_id]
    lines = tuple(Paragraph(said_line(pack, line), is_item=True) for line in kind.lines)
    intro = pack.safeguarding.intros.get(language, "")
    return Reply(
        outcome=Outcome.SAFEGUARD,
        status=f"safeguarding_{kind.id}",
        language=language,
        heading=kind.heading,
        lead=(intro,) if intro and language != "en" else (),
        body=(Paragraph((Said(kind.text),)), *lines),
        confidence=1.0,
    )


def said_line(pack: Pack, line: Line) -> tuple[Said, ...]:
    """The number first, then whose it is and why to ring. A line with no contact is a person the reader knows."""
    if not line.contact:
        return (Said(line.say),)
    contact = pack.contacts[line.contact]
    unchecked = " (not yet checked with the council)" if contact.id.startswith("mash") and contact.verify else ""
    name = contact.name[:1].upper() + contact.name[1:]
    return Said(f"{contact.says('phone')}:", strong=True), Said(f"{name}{unchecked}. {line.say}")
