"""Why an act on a case was refused, in words for the officer."""

from __future__ import annotations


class CaseError(Exception):
    """The act was refused, and nothing was changed. The message says why, and what to do."""


class NoSuchCaseError(CaseError):
    """There is no such case among those the officer may see: 404, whichever it is."""

    def __init__(self) -> None:
        super().__init__("There is no such case in your queues.")


class CaseChangedError(CaseError):
    """Somebody changed the case since it was read: 409. `given` is the version that was read, `present` today's."""

    def __init__(self, given: int, present: int) -> None:
        super().__init__("This case has changed since you opened it. Read what is new, then send again.")
        self.given = given
        self.present = present


class NotYoursError(CaseError):
    """The act belongs to the case's owner: `owner_id` is who that is, or none."""

    def __init__(self, owner_id: str | None) -> None:
        super().__init__(
            "A colleague has this case. Ask them, or ask the team's lead to give it to you."
            if owner_id
            else "Nobody has this case. Take it first."
        )
        self.owner_id = owner_id


class NotNowError(CaseError):
    """The case is not at a point where this can be done."""
