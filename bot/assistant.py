"""One message to one reply, with what the conversation remembers. Nothing is stored here: `front_desk` keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from bot.dialogue import ALWAYS, replied_by, respond
from bot.engine import Engine, unlabelled
from bot.messages import Incoming, Reply
from bot.redaction import Redacted, redact
from bot.steps.easy import asks_for_easy_words
from bot.steps.urgent import kind_of_risk
from bot.turn import Past, Step, Turn
from knowledge.contacts import published
from retrieval.language import detect

REMEMBERED = 4
NOTHING_YET = Past()


@dataclass(frozen=True)
class Replied:
    """A reply, and the conversation as it stands after it."""

    reply: Reply
    past: Past


class Assistant:
    """The conversation engine every channel shares. Swap `engine` to answer from a newer index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
        """What to say to `incoming`. Personal data is replaced in memory before anything looks the text up."""
        turn = self._turn(incoming, past)
        reply = self._with_spelling(turn, respond(turn))
        return Replied(reply, _after(past, turn, reply))

    def reply_in_need(self, incoming: Incoming, past: Past, otherwise: Step) -> Replied:
        """Help in danger and the person's own rights, which are never off; to all else what `otherwise` says."""
        turn = self._turn(incoming, past)
        reply = respond(turn, (*ALWAYS, otherwise))
        return Replied(reply, _after(past, turn, reply))

    def working(self, incoming: Incoming) -> tuple[Reply, str, Turn]:
        """What would be said to `incoming` by itself, the step that says it, and the turn: for who looks into it."""
        turn = self._turn(incoming, NOTHING_YET)
        return (*replied_by(turn), turn)

    def _turn(self, incoming: Incoming, past: Past) -> Turn:
        engine = self.engine
        redacted = self.hide(incoming.text)
        language = self._language(incoming, redacted.text, engine)
        return Turn(
            incoming=incoming,
            text=redacted.text,
            language=language,
            pack=engine.pack,
            today=engine.today(),
            search=cache(lambda text: engine.search(text, language, incoming.role, as_written=incoming.as_written)),
            risk=cache(engine.risk),
            threshold=engine.threshold,
            outside=cache(lambda text: engine.outside(text, language)),
            redacted=bool(redacted.found) or incoming.redacted,
            past=past,
        )

    def _with_spelling(self, turn: Turn, reply: Reply) -> Reply:
        """`reply`, saying what was looked up where the spelling of the question was put right."""
        looked_up = reply.section is not None or bool(reply.nearest)
        if turn.incoming.as_written or not looked_up or turn.text in turn.past.labels:
            return reply
        repaired = self.engine.repaired(turn.text, turn.language)
        same = repaired.casefold() == unlabelled(turn.text).casefold()
        return reply if same else replace(reply, searched=repaired)

    def urgency(self, text: str) -> str | None:
        """The kind of risk in `text` as it was typed; needs no index."""
        return kind_of_risk(self.engine.pack, text, self.engine.risk)

    def in_doubt(self, text: str) -> bool:
        """Whether there might be a risk in `text` as it was typed; never while the classifier is not loaded."""
        return self.engine.risk(text) is not None

    def hide(self, text: str) -> Redacted:
        """`text` with personal data replaced: the only form in which it may be kept or looked up."""
        return redact(text, keep=published(self.engine.pack.contacts))

    def _language(self, incoming: Incoming, text: str, engine: Engine) -> str:
        chosen = (incoming.language or "").lower().split("-")[0]
        spoken = detect(text, engine.pack.languages)
        if chosen in engine.pack.languages and (chosen != "en" or spoken == "en"):
            return chosen
        return spoken


def _after(past: Past, turn: Turn, reply: Reply) -> Past:
    new = bool(reply.section or reply.choices) and not asks_for_easy_words(turn.text, turn.pack.phrases)
    asked = (*past.asked, turn.text)[-REMEMBERED:] if new else past.asked
    return Past(
        asked=asked, section=reply.section, choices=reply.choice_sections, labels=reply.choices, doing=reply.act
    )
