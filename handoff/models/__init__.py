"""Every table, so that importing this package is enough to know the whole schema."""

from __future__ import annotations

from handoff.models.cases import Act, Case, CaseEvent, CaseNote, CaseReply, Priority, Status
from handoff.models.conversations import Conversation, InboxMessage, InboxState, Message, Who
from handoff.models.officers import Officer, OfficerQueue, OfficerRole, OfficerSession, SignInTry
from handoff.models.people import Address, JoinLink, Person, SafeContact
from handoff.models.records import AuditEntry, Erasure, OffSwitch
from handoff.models.saved import SavedCheck
from handoff.models.sending import OutboxMessage, OutboxState, Receipt

__all__ = [
    "Act",
    "Address",
    "AuditEntry",
    "Case",
    "CaseEvent",
    "CaseNote",
    "CaseReply",
    "Conversation",
    "Erasure",
    "InboxMessage",
    "InboxState",
    "JoinLink",
    "Message",
    "OffSwitch",
    "Officer",
    "OfficerQueue",
    "OfficerRole",
    "OfficerSession",
    "OutboxMessage",
    "OutboxState",
    "Person",
    "Priority",
    "Receipt",
    "SafeContact",
    "SavedCheck",
    "SignInTry",
    "Status",
    "Who",
]
