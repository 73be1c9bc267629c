"""Families whose questions find no answer, in one line each."""

from __future__ import annotations

from sqlalchemy import Engine

from handoff.conversations import Said, conversation_for, record
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import Who
from handoff.people import address_for


def ask(engine: Engine, desk: Desk, door: str, question: str, *, outcome: str = "abstain", channel: str = "web") -> str:
    """The id of the message: what the family at `door` asked, and that it was not found."""
    with transaction(engine) as session:
        chat = conversation_for(session, desk, address_for(session, desk, channel, door))
        id = desk.new_id()
        record(session, desk, chat, Said(Who.PERSON, question, answers_id=id))
        record(session, desk, chat, Said(Who.ASSISTANT, "Not found.", outcome=outcome, answers_id=id))
        return id
