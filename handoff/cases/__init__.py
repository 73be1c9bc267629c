"""Cases: a family's matter with a person to answer it, from the handover to its outcome."""

from __future__ import annotations

from handoff.cases.opening import Contact, Handover, open_case
from handoff.cases.ownership import owner_of

__all__ = ["Contact", "Handover", "open_case", "owner_of"]
