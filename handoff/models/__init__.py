"""Every table, so that importing this package is enough to know the whole schema."""

from __future__ import annotations

import handoff.models.notes  # noqa: F401  its name is not passed on: see there
from handoff.models.cases import Act, Case, CaseEvent, CaseReply, Priority, Status
from handoff.models.conversations import Conversation, InboxMessage, InboxState, Message, Who
from handoff.models.officers import Officer, OfficerQueue, OfficerRole, OfficerSession, SignInTry
from handoff.models.people import Address, JoinLink, Person, SafeContact
from handoff.models.records import AuditEntry, Erasure, OffSwitch
from handoff.models.saved import SavedCheck
from handoff.models.schools import SchoolAccess, SchoolLink, SchoolSession
from handoff.models.sending import OutboxMessage, OutboxState, Receipt

__all__ = [
    "Act",
    "Address",
    "AuditEntry",
    "Case",
    "CaseEvent",
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
    "SchoolAccess",
    "SchoolLink",
    "SchoolSession",
    "SignInTry",
    "Status",
    "Who",
]
