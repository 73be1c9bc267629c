"""Every field an entry may hold, where it was seen, and who may read it (domain.md section 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell must hold."""

    TEXT = "text"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    DATE = "date"
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    EMAIL = "email"
    LINK = "link"


class Basis(StrEnum):
    """Whether published directories hold the field, or we inferred it and the council must say."""

    SEEN = "seen"
    INFERRED = "inferred"


class Lasts(StrEnum):
    """What happens to a value when the entry is past its review: facts that move are withheld."""

    STAYS = "stays"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Field:
    """One column. `choices` are the words a cell may hold; `schools_only` hides it from families."""

    id: str
    label: str
    kind: Kind = Kind.TEXT
    basis: Basis = Basis.INFERRED
    seen_in: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    schools_only: bool = False
    lasts: Lasts = Lasts.STAYS


REGISTRATION = ("Ofsted-registered", "independent school", "unregistered", "online", "tutor")
NOT_A_SCHOOL = ("unregistered", "online", "tutor")
LISTING = ("framework", "spot purchase", "approved", "suspended")
ASSURANCE = ("self-declared", "council visit")
KEY_STAGES = ("KS1", "KS2", "KS3", "KS4", "KS5")
NEEDS = ("SEMH", "autism", "anxiety or EBSNA", "medical", "excluded", "speech and language", "learning", "physical")
PLACEMENT = ("full", "part", "enrichment", "tuition")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
UNITS = ("hour", "session", "day", "week", "term", "year")


def _seen(id: str, label: str, where: str, kind: Kind = Kind.TEXT, **more: object) -> Field:
    return Field(id, label, kind, Basis.SEEN, where, **more)  # type: ignore[arg-type]


FIELDS: tuple[Field, ...] = (
    _seen("name", "Provider name", "Devon, East Sussex", required=True),
    _seen("area", "Area", "Devon, East Sussex", required=True),
    _seen("address", "Address", "Devon"),
    _seen("website", "Website", "East Sussex", Kind.LINK),
    _seen("code", "Provider code", "Warwickshire"),
    Field("urn", "School URN"),
    _seen(
        "registration",
        "Registration",
        "East Sussex, Warwickshire",
        Kind.ONE_OF,
        choices=REGISTRATION,
        required=True,
    ),
    _seen("listing", "Listing status", "Warwickshire, Oxfordshire", Kind.ONE_OF, choices=LISTING),
    _seen("assurance", "Assurance", "Telford & Wrekin", Kind.ONE_OF, choices=ASSURANCE, schools_only=True),
    Field("assured_on", "Assurance date", Kind.DATE),
    _seen("review_by", "Next review", "East Sussex (yearly)", Kind.DATE),
    _seen("safeguarding", "Safeguarding confirmed", "Somerset; DfE standards 2025", Kind.YES_NO, schools_only=True),
    _seen("insurance", "Insurance confirmed", "Somerset", Kind.YES_NO, schools_only=True),
    _seen("health_and_safety", "Health and safety confirmed", "Somerset", Kind.YES_NO, schools_only=True),
    _seen("dbs", "DBS checks confirmed", "DfE standards 2025", Kind.YES_NO, schools_only=True),
    Field("age_from", "Age from", Kind.NUMBER),
    Field("age_to", "Age to", Kind.NUMBER),
    _seen("key_stages", "Key stages", "Leicestershire", Kind.SOME_OF, choices=KEY_STAGES),
    Field("gender", "Gender", Kind.ONE_OF, choices=("any", "girls", "boys")),
    _seen("needs", "Needs supported", "Somerset, Leicestershire", Kind.SOME_OF, choices=NEEDS),
    Field("subjects", "Subjects"),
    _seen("activities", "Activities", "Devon (vocational, therapeutic, outdoor)"),
    _seen("qualifications", "Qualifications", "Leicestershire"),
    _seen("attendance", "Full or part time", "Warwickshire, Devon", Kind.SOME_OF, choices=("full", "part")),
    Field("days", "Days", Kind.SOME_OF, choices=DAYS),
    Field("hours", "Hours"),
    _seen("placement", "Placement type", "Warwickshire", Kind.SOME_OF, choices=PLACEMENT),
    _seen("cost", "Cost in pounds", "Devon", Kind.MONEY, schools_only=True, lasts=Lasts.WITHHELD),
    Field("cost_unit", "Cost is for one", Kind.ONE_OF, choices=UNITS, schools_only=True, lasts=Lasts.WITHHELD),
    _seen("transport_included", "Transport included", "Devon", Kind.YES_NO, schools_only=True, lasts=Lasts.WITHHELD),
    Field("capacity", "Places in all", Kind.NUMBER, schools_only=True, lasts=Lasts.WITHHELD),
    Field("vacancies", "Places free", Kind.NUMBER, schools_only=True, lasts=Lasts.WITHHELD),
    Field("lead_time", "Time before a start", schools_only=True, lasts=Lasts.WITHHELD),
    _seen("referral", "How to refer", "East Sussex", schools_only=True),
    _seen(
        "commissioner",
        "Who commissions",
        "East Sussex",
        Kind.ONE_OF,
        choices=("school", "council", "either"),
        schools_only=True,
    ),
    _seen("contact_name", "Contact name", "East Sussex", schools_only=True, lasts=Lasts.WITHHELD),
    _seen("contact_email", "Contact email", "East Sussex", Kind.EMAIL, schools_only=True, lasts=Lasts.WITHHELD),
    _seen("contact_phone", "Contact phone", "East Sussex", schools_only=True, lasts=Lasts.WITHHELD),
    Field("tier", "AP tier", Kind.ONE_OF, choices=("1", "2", "3")),
    _seen("concerns", "Where to report a concern", "East Sussex", schools_only=True),
    Field("updated", "Entry last updated", Kind.DATE, required=True),
    Field("document", "Source document", required=True),
    Field("visible_to", "Visible to", Kind.ONE_OF, choices=("schools", "public")),
)
BY_ID = {field.id: field for field in FIELDS}
