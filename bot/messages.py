"""What comes in and what goes out, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from handoff.bookings.when import Meeting

LONGEST = 1500


class Role(StrEnum):
    """Who is asking, as far as they said."""

    FAMILY = "family"
    SENCO = "senco"
    YOUNG_PERSON = "young_person"


class Outcome(StrEnum):
    """What became of a message."""

    ANSWER = "answer"
    CONFLICT = "conflict"
    CLARIFY = "clarify"
    ABSTAIN = "abstain"
    OUT_OF_AREA = "out_of_area"
    SAFEGUARD = "safeguard"
    HANDOFF = "handoff"
    BOOKING = "booking"
    ELIGIBILITY = "eligibility"


class Act(StrEnum):
    """What a reply asks for beyond its words: the front desk carries it out, for a step changes nothing."""

    SHOW_DATA = "show_data"
    ASK_ERASE = "ask_erase"
    ERASE = "erase"
    ASK_COMPLAINT = "ask_complaint"
    COMPLAIN = "complain"


@dataclass(frozen=True)
class Incoming:
    """One message as it arrived. `language` is what the person chose, or none; `easy` asks for easy words.

    `urgent` is the kind of risk seen in the words as they were typed, where only redacted ones are left, and
    `in_doubt` says that there might be one; `redacted` says that something was hidden before this.
    `dates` are the next SEND Surgeries that can be booked; none (not even an empty list) without a desk.
    `as_written` asks for a search with the spelling left as it is.
    `answers_off` says that the council has switched answers off: help in danger and the way to a person stay.
    """

    text: str
    role: Role = Role.FAMILY
    language: str | None = None
    easy: bool = False
    urgent: str | None = None
    in_doubt: bool = False
    redacted: bool = False
    answers_off: bool = False
    as_written: bool = False
    dates: tuple[Meeting, ...] | None = None


@dataclass(frozen=True)
class Chosen:
    """What a person chose for good; none where they said nothing, and what they chose before stands."""

    role: Role | None = None
    language: str | None = None
    easy: bool | None = None

    def over(self, before: Chosen) -> Chosen:
        """These choices, and the ones made `before` where there are none."""
        return Chosen(
            before.role if self.role is None else self.role,
            before.language if self.language is None else self.language,
            before.easy if self.easy is None else self.easy,
        )


@dataclass(frozen=True)
class Arrived:
    """A message at a door: `address` is who is there, as the channel knows them; `message_id` is the channel's own.

    `chosen` is what the person said with it about role, language and easy words: it is remembered. A role other than
    family, a language or easy words in `incoming` count as chosen too.
    """

    channel: str
    address: str
    message_id: str
    incoming: Incoming
    chosen: Chosen = Chosen()

    @property
    def choices(self) -> Chosen:
        """All that was chosen with this message."""
        said = self.incoming
        role = None if said.role is Role.FAMILY else said.role
        return self.chosen.over(Chosen(role, said.language, said.easy or None))


@dataclass(frozen=True)
class Citation:
    """A page a reply quotes. `age` says how old it is in words; `checked` only once a person looked at it live.

    `source` is its id in the pack; empty in what was kept before that was noted.
    """

    number: int
    url: str | None
    title: str
    quote: str
    passage: str
    page_updated: str | None
    checked: date | None
    age: str = ""
    past_review: bool = False
    source: str = ""


@dataclass(frozen=True)
class Said:
    """Sentences, with the numbers of the citations they stand on. `strong` is for a number to ring."""

    text: str
    numbers: tuple[int, ...] = ()
    strong: bool = False


@dataclass(frozen=True)
class Paragraph:
    """What is said together; `is_item` when it belongs to a list."""

    said: tuple[Said, ...]
    is_item: bool = False

    @property
    def text(self) -> str:
        """The words alone, without citation numbers."""
        return " ".join(one.text for one in self.said)


@dataclass(frozen=True)
class Easy:
    """An answer said again in easy words. `note` says who compared the two, or that nobody has yet."""

    body: tuple[Paragraph, ...]
    note: str
    checked: bool = False


@dataclass(frozen=True)
class More:
    """A further section on the same subject, shown below the answer with its own conditions."""

    heading: str
    body: tuple[Paragraph, ...]
    who_for: tuple[Paragraph, ...] = ()
    easy: Easy | None = None


@dataclass(frozen=True)
class Nearest:
    """A page near to a question that no passage answers; `source` as in a citation."""

    title: str
    url: str | None
    source: str = ""


@dataclass(frozen=True)
class Reply:
    """Everything a person is shown, in reading order. `language` is the one Askwell explains in.

    `above` are numbers to ring, shown before anything else when someone might be at risk. `in_easy_words` when the
    person asked to read `easy` in the place of what is said, who it is for and the steps. `act` is what else is to be
    done. `searched` is the question as it was looked up, where its spelling was put right.
    """

    outcome: Outcome
    status: str
    language: str = "en"
    heading: str = ""
    above: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[Paragraph, ...] = ()
    who_for: tuple[Paragraph, ...] = ()
    steps: tuple[Paragraph, ...] = ()
    more: tuple[More, ...] = ()
    easy: Easy | None = None
    in_easy_words: bool = False
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    person: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    closing: tuple[str, ...] = ()
    confidence: float = 1.0
    section: str | None = None
    choice_sections: tuple[str, ...] = field(default=(), repr=False)
    act: Act | None = None
    searched: str = ""


# These say what happened and claim nothing about what was found.
UNTAGGED = frozenset(
    {"switched_off", "not_kept", "kept_no_answer_yet", "answer_follows", "could_not_answer", "taken_out"}
)
# What may have helped or not: the others ask back, hand over or give help first.
MAY_HELP = frozenset({Outcome.ANSWER, Outcome.CONFLICT, Outcome.ABSTAIN, Outcome.ELIGIBILITY, Outcome.BOOKING})


def may_have_helped(reply: Reply) -> bool:
    """Whether it makes sense to ask if `reply` helped."""
    return reply.outcome in MAY_HELP and reply.status not in UNTAGGED
