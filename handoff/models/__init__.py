"""Every table, so that importing this package is enough to know the whole schema."""

from __future__ import annotations

import handoff.models.notes  # noqa: F401  its name is not passed on: see there
from handoff.models.bookings import (
    Booking,
    BookingState,
    Hold,
    Offer,
    OfferState,
    Seat,
    Subscription,
    WaitingListEntry,
    WaitingState,
)
from handoff.models.cases import Act, Case, CaseEvent, CaseReply, Priority, Status
from handoff.models.chats import ChatUpdate, ChatUpdateState
from handoff.models.content import ContentVersion, VersionState
from handoff.models.conversations import Conversation, InboxMessage, InboxState, Message, Who
from handoff.models.feedback import Feedback, Helped, Lacking
from handoff.models.gaps import GapJoin, GapMark, Hearing, Settled
from handoff.models.held import HeldReply
from handoff.models.officers import Officer, OfficerQueue, OfficerRole, OfficerSession, SignInTry
from handoff.models.people import Address, JoinLink, LeftMailbox, Person, SafeContact
from handoff.models.records import AuditEntry, Erasure, OffSwitch
from handoff.models.saved import SavedCheck
from handoff.models.schools import SchoolAccess, SchoolLink, SchoolSession
from handoff.models.sending import OutboxMessage, OutboxState, Receipt
from handoff.models.sources import SourceWatch
from handoff.models.surgeries import Attendee, Slot, Surgery, SurgeryKind, SurgeryState, WalkIn

__all__ = [
    "Act",
    "Address",
    "Attendee",
    "AuditEntry",
    "Booking",
    "BookingState",
    "Case",
    "CaseEvent",
    "CaseReply",
    "ChatUpdate",
    "ChatUpdateState",
    "ContentVersion",
    "Conversation",
    "Erasure",
    "Feedback",
    "GapJoin",
    "GapMark",
    "Hearing",
    "HeldReply",
    "Helped",
    "Hold",
    "InboxMessage",
    "InboxState",
    "JoinLink",
    "Lacking",
    "LeftMailbox",
    "Message",
    "OffSwitch",
    "Offer",
    "OfferState",
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
    "Seat",
    "Settled",
    "SignInTry",
    "Slot",
    "SourceWatch",
    "Status",
    "Subscription",
    "Surgery",
    "SurgeryKind",
    "SurgeryState",
    "VersionState",
    "WaitingListEntry",
    "WaitingState",
    "WalkIn",
    "Who",
]
