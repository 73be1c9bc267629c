"""The console's own words for codes, and its menu."""

from __future__ import annotations

from handoff.cases.closing import Outcome
from handoff.models import Act, BookingState, OfficerRole, Priority, Status, SurgeryKind, SurgeryState
from handoff.rights import Acting
from handoff.surgeries.rights import QUEUE as SURGERY

STATUS = {
    Status.NEW: "New",
    Status.WORKING: "Working on it",
    Status.WAITING_FOR_FAMILY: "Waiting for family",
    Status.WAITING_FOR_TEAM: "Waiting for another team",
    Status.DONE: "Done",
}
PRIORITY = {Priority.SAFEGUARDING: "Safeguarding", Priority.HIGH: "High", Priority.NORMAL: "Normal"}
WHO = {"family": "Parent or carer", "young_person": "Young person", "senco": "SENCO or school"}
AGE = {
    "under_5": "Under 5",
    "5_to_10": "5 to 10",
    "11_to_15": "11 to 15",
    "16_to_18": "16 to 18",
    "19_to_25": "19 to 25",
}
DOOR = {"web": "on the web", "telegram": "on Telegram", "email": "by email"}
ROLE = {
    OfficerRole.OFFICER: "officer",
    OfficerRole.LEAD: "lead",
    OfficerRole.SAFEGUARDING: "safeguarding",
    OfficerRole.EDITOR: "editor",
    OfficerRole.ADMIN: "administrator",
}
ACT = {
    Act.OPENED: "The request came in",
    Act.CLAIMED: "took the case",
    Act.RELEASED: "let go of the case",
    Act.ASSIGNED: "gave the case to a colleague",
    Act.PASSED_ON: "passed the case on",
    Act.REPLIED: "replied to the family",
    Act.NOTED: "wrote a note for staff",
    Act.WAIT_FOR_FAMILY: "now waits for the family",
    Act.WAIT_FOR_TEAM: "now waits for another team",
    Act.FAMILY_WROTE: "The family wrote",
    Act.LATE: "The promised date passed. The family was told a new date",
    Act.CLOSE_ASKED: "asked for a second person to close it",
    Act.CLOSED: "closed the case",
    Act.REOPENED: "opened the case again",
}
OUTCOME = {
    Outcome.ANSWERED.value: "The family has its answer",
    Outcome.PASSED_OUTSIDE.value: "Another organisation has it now, and the family knows",
    Outcome.NOT_OURS.value: "Not a matter for the council",
    Outcome.NO_WORD.value: "The family did not come back to us",
    Outcome.DUPLICATE.value: "The same as another case",
    Outcome.BY_FAMILY.value: "Closed by the family",
    Outcome.REFERRED.value: "Referred",
    Outcome.ADVICE_GIVEN.value: "Advice given",
    Outcome.NO_FURTHER_ACTION.value: "No further action",
}
KIND = {
    SurgeryKind.BOOKABLE: "By booking",
    SurgeryKind.DROP_IN: "Drop-in",
    SurgeryKind.MIXED: "By booking, and drop-in",
}
SESSION = {
    SurgeryState.DRAFT: "Draft: families do not see it",
    SurgeryState.PUBLISHED: "Published",
    SurgeryState.WITHDRAWN: "Withdrawn",
}
BOOKING = {
    BookingState.BOOKED: "Expected",
    BookingState.ARRIVED: "Came",
    BookingState.NO_SHOW: "Did not come",
    BookingState.PASSED: "Nothing noted",
}
COMING = {"me": "Comes alone", "me_and_child": "Comes with a child", "someone_for_me": "Somebody comes for them"}
STANDING = {
    "stale": "Stale",
    "conflict": "In conflict",
    "due": "Due",
    "unchecked": "Unchecked",
    "fresh": "Fresh",
}
# The step of the conversation that replied: which rule decided.
STEP = {
    "urgent": "Words about someone at risk: help comes first, and no text is looked up.",
    "nothing_asked": "There is no question in it.",
    "too_long": "It is longer than 1,500 characters.",
    "privacy": "It is about their own data: the privacy rules answer.",
    "switched_off": "Answers are switched off.",
    "easy_words": "They ask for easy words.",
    "chosen": "They picked one of the readings that were offered.",
    "orders": "It is an order to the machine, and nothing else.",
    "other_council": "It is about another council.",
    "law_not_held": "It asks for a law this council’s texts do not hold.",
    "deadlines": "It asks for a date: the rules of time limits answer.",
    "booking": "It asks for an appointment.",
    "answering": "A text answers.",
    "not_found": "No text is near enough: nothing was found.",
}
RANKING = {
    "words": "words",
    "grams": "parts of words",
    "passages": "meaning",
    "phrasings": "ways of asking",
}
DONE = {
    "taken": "The case is yours. The family is answered by you now, not by the assistant.",
    "released": "The case is nobody’s now. A colleague can take it.",
    "replied": "Your reply was sent to the family.",
    "held": "Your reply is on its way. You can still take it back.",
    "noted": "Your note is kept for staff. The family does not see it.",
    "passed_on": "The case was passed on.",
    "waiting": "The case waits now.",
    "given": "The case was given to your colleague.",
    "closed": "The case is done.",
    "close_asked": "A second person must close this case now. It stays open until they do.",
    "reopened": "The case is open again.",
}


def menu(acting: Acting, *, library: bool) -> list[tuple[str, str]]:
    """The pages this officer may open, by address and label; `library` says whether the office has its texts here."""
    pages = [("/officers", "Today"), ("/officers/queues", "Cases")]
    role = acting.role
    if SURGERY in acting.queues:
        pages.append(("/officers/bookings", "Bookings"))
    if library:
        pages.append(("/officers/knowledge", "Knowledge"))
        if role in (OfficerRole.LEAD, OfficerRole.EDITOR, OfficerRole.ADMIN):
            pages.append(("/officers/gaps", "Gaps"))
    if role in (OfficerRole.LEAD, OfficerRole.ADMIN):
        pages.append(("/officers/reports", "Reports"))
        pages.append(("/officers/settings", "Settings"))
    if role is OfficerRole.ADMIN:
        pages.append(("/officers/audit", "Audit"))
    pages.append(("/officers/two-steps", "Your sign-in"))
    return pages
