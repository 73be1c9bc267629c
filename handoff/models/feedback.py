"""Whether an answer helped, as the person who got it says."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from handoff.models.tables import Row, id_field, moment, one_of


class Helped(StrEnum):
    """What somebody said of an answer."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Lacking(StrEnum):
    """What was wrong with an answer that did not help."""

    NOT_SAID = "not_said"
    NOT_WHAT_I_ASKED = "not_what_i_asked"
    HARD_TO_READ = "hard_to_read"
    OLD_OR_WRONG = "old_or_wrong"
    SOMETHING_ELSE = "something_else"


class Feedback(Row, table=True):
    """One answer, and whether it helped. No person, no conversation and no words are in it.

    `id` is that of the message that was answered (`InboxMessage.id`, `Message.answers_id`): while the conversation is
    kept the question's words are found by it, and once it is swept or erased the number leads nowhere.
    """

    __tablename__ = "feedback"
    id: str = id_field()
    channel: str = Field(max_length=16)
    helped: Helped = one_of(Helped)
    lacking: Lacking = one_of(Lacking, Lacking.NOT_SAID)
    outcome: str = Field(default="", max_length=32)
    status: str = Field(default="", max_length=64)
    sections: str = Field(default="", max_length=1000)
    language: str = Field(default="en", max_length=16)
    at: datetime = moment(index=True)
    seen_at: datetime | None = moment(null=True)
