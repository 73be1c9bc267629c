"""Which sections were shown, counted from what was said: numbers alone, and never a small one by itself."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Message, Who

# A smaller count could be one family.
FEWEST = 5


def shown_since(session: Session, desk: Desk, since: datetime) -> Counter[str]:
    """How often each section was shown since then, by its id."""
    said = select(Message.sections).where(
        Message.pack == desk.pack, col(Message.at) >= since, Message.who == Who.ASSISTANT, Message.sections != ""
    )
    return Counter(section for row in session.exec(said).all() for section in row.split())
