"""Cases: a family's matter with a person to answer it, from the handover to its outcome.

Notes for colleagues are not passed on from here: `handoff.cases.notes` is for the officers' pages alone.
"""

from __future__ import annotations

from handoff.cases.closing import Outcome, close, outcomes_for, reopen
from handoff.cases.errors import CaseChangedError, CaseError, NoSuchCaseError, NotNowError, NotYoursError
from handoff.cases.family import Heard, case_of, close_mine, family_wrote
from handoff.cases.lateness import alarms, late_cases, overdue
from handoff.cases.opening import AGE_BANDS, FAMILY_NEEDS, Handover, open_case
from handoff.cases.ownership import assign, claim, owner_of, pass_on, release
from handoff.cases.reading import OfficerView, events_of, open_for
from handoff.cases.replying import reply
from handoff.cases.status import FamilyMessage, FamilyView, add, close_by_token, status_of
from handoff.cases.telling import Contact
from handoff.cases.waiting import wait_for_family, wait_for_team

__all__ = [
    "AGE_BANDS",
    "FAMILY_NEEDS",
    "CaseChangedError",
    "CaseError",
    "Contact",
    "FamilyMessage",
    "FamilyView",
    "Handover",
    "Heard",
    "NoSuchCaseError",
    "NotNowError",
    "NotYoursError",
    "OfficerView",
    "Outcome",
    "add",
    "alarms",
    "assign",
    "case_of",
    "claim",
    "close",
    "close_by_token",
    "close_mine",
    "events_of",
    "family_wrote",
    "late_cases",
    "open_case",
    "open_for",
    "outcomes_for",
    "overdue",
    "owner_of",
    "pass_on",
    "release",
    "reopen",
    "reply",
    "status_of",
    "wait_for_family",
    "wait_for_team",
]
