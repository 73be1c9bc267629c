"""A check that a SENCO put down and may pick up again, with a code and no account."""

from __future__ import annotations

from datetime import datetime

from handoff.models.tables import Row, id_field, moment, sealed


class SavedCheck(Row, table=True):
    """Answers to a check, sealed with a key made from the code. `id` is a hash of the code, which is kept nowhere."""

    __tablename__ = "saved_check"
    id: str = id_field()
    sealed_answers: bytes = sealed()
    made_at: datetime = moment()
    expires_at: datetime = moment(index=True)
