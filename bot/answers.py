"""From a section of the pack to a reply: the council's sentences, each with its source. Nothing is generated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.messages import Citation, Easy, More, Outcome, Paragraph, Reply, Said
from bot.nearest import OWN, is_elsewhere, nearest_pages
from bot.turn import Turn
from knowledge.article import Block, Claim, Kind, Section
from knowledge.contacts import Contact, fill, placeholders
from knowledge.dates_in_words import date_words
from knowledge.pack import Pack
from knowledge.routing import Queue
from retrieval.hits import Hit

# The queue that takes what fits no other.
GENERAL = "local_offer"
MOST_MORE = 2
# How far behind the first hit, as a share of its score, a section may be and still be shown, and a second one beside
# it: of the shown sources 57 % are right where with one limit for both 54 % were, and no question is answered worse.
CLOSE = 0.4
CLOSER = 0.3
TIE = 0.11
WIDEST_TIE = 0.55
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# What must not be stated as fact past its review date: sums, and dates a person could act on.
_PERISHABLE = re.compile(rf"£\s?\d|\b\d{{1,2}} {_MONTH}\b|\b{_MONTH} \d{{4}}\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b")

OUTCOMES = {
    Kind.ANSWER: (Outcome.ANSWER, "answered"),
    Kind.UNKNOWN: (Outcome.ABSTAIN, "abstained_known_unknown"),
    Kind.HANDOFF: (Outcome.HANDOFF, "handed_over_on_request"),
    Kind.BOOKING: (Outcome.BOOKING, "booking_no_dates_published"),
    Kind.ELIGIBILITY: (Outcome.ELIGIBILITY, "eligibility_view"),
    Kind.OUT_OF_AREA: (Outcome.OUT_OF_AREA, "out_of_area_not_send"),
    Kind.CLARIFY: (Outcome.CLARIFY, "clarifying"),
}


@dataclass
class Quoting:
    """Numbers the pages a reply quotes, in the order they are first used, and withholds what is past review."""

    pack: Pack
    today: date
    passage: str
    numbers: dict[str, int] = field(default_factory=dict)
    quotes: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    withheld: bool = False

    def paragraph(self, claims: Iterable[Claim], *, is_item: bool = False) -> Paragraph | None:
        """The claims as one paragraph with its source numbers; none when all of it is withheld."""
        said: list[Said] = []
        for claim in claims:
            sources = self._sources(claim)
            if self._perished(claim, sources):
                self.withheld = True
                continue
            text = fill(claim.text, self.pack.contacts)
            said.append(Said(text, tuple(self._number(source, text) for source in sources if source != OWN)))
        return Paragraph(tuple(said), is_item) if said else None

    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citation(id, number) for id, number in self.numbers.items())

    def _sources(self, claim: Claim) -> list[str]:
        asked = [self.pack.contacts[id].source_of(what) for what, id in placeholders(claim.text)]
        return list(dict.fromkeys([*claim.sources, *asked]))

    def _perished(self, claim: Claim, sources: list[str]) -> bool:
        contacts = [self.pack.contacts[id] for _, id in placeholders(claim.text)]
        if any(contact_perished(self.pack, contact, self.today) for contact in contacts):
            return True
        stale = any(self.pack.sources[id].past_review(self.today) for id in sources)
        return stale and bool(_PERISHABLE.search(claim.text))

    def _number(self, source: str, quote: str) -> int:
        self.quotes.setdefault(source, []).append(quote)
        return self.numbers.setdefault(source, len(self.numbers) + 1)

    def _citation(self, id: str, number: int) -> Citation:
        source = self.pack.sources[id]
        return Citation(
            number=number,
            url=self.links.get(id) or source.url,
            title=source.title,
            quote=" ".join(dict.fromkeys(self.quotes.get(id, ()))),
            passage=self.passage,
            page_updated=source.page_updated,
            checked=source.checked,
            age=source.generation.says,
            past_review=source.past_review(self.today),
            source=id,
        )


def contact_perished(pack: Pack, contact: Contact, today: date) -> bool:
    """True when a contact is past its page's review date. Safeguarding lines never are."""
    return not contact.safeguarding and pack.sources[contact.source].past_review(today)


def compose(
    turn: Turn, section: Section, confidence: float, more: Sequence[Section] = (), route: Queue | None = None
) -> Reply:
    """The reply that shows `section`, then `more` on the subject. Its outcome follows from the section's kind.

    `route` is the queue to point to; the section's own when it is not given.
    """
    outcome, status = outcome_of(section, more)
    quoting = Quoting(turn.pack, turn.today, section.id)
    # A real document is opened at the place; where two places of one are quoted, at the first.
    for one in (*reversed(more), section):
        if one.link:
            quoting.links[one.article_id] = one.link
    body = _paragraphs(quoting, section.blocks)
    who_for = _items(quoting, section.conditions)
    steps = _items(quoting, section.steps)
    further = tuple(
        More(
            other.heading,
            _paragraphs(quoting, other.blocks),
            _items(quoting, other.conditions),
            _easy(turn, quoting, other),
        )
        for other in more
    )
    easy = _easy(turn, quoting, section)
    citations = quoting.citations()
    choices = tuple(choice.label for choice in section.choices)
    return Reply(
        outcome=outcome,
        status=status,
        language=turn.language,
        heading=section.heading,
        lead=_lead(turn, quoted=bool(citations), eased=turn.incoming.easy and easy is not None),
        body=body,
        who_for=who_for,
        steps=steps,
        more=further,
        easy=easy,
        in_easy_words=turn.incoming.easy,
        choices=choices,
        notes=(*_no_easy_words(turn, easy), *_notes(turn, quoting, citations)),
        person=person_lines(turn, route or turn.pack.queues[section.queue]),
        citations=citations,
        closing=(turn.say("information"),) if citations else (),
        confidence=confidence,
        section=section.id,
        choice_sections=tuple(choice.section for choice in section.choices),
    )


def outcome_of(section: Section, more: Sequence[Section]) -> tuple[Outcome, str]:
    """What a reply with these sections is. What is not known, beside what is, is an answer in part."""
    if section.conflict:
        return Outcome.CONFLICT, f"conflict_{section.conflict}"
    if section.kind is Kind.UNKNOWN and any(other.kind is Kind.ANSWER for other in more):
        return Outcome.ANSWER, "answered_in_part"
    return OUTCOMES[section.kind]


def further_sections(turn: Turn, hits: Sequence[Hit]) -> tuple[Section, ...]:
    """The sections to show below the first: close behind it on the same subject, `MOST_MORE` at most.

    When the first says what is not known, only a section that all but tied with it may turn that into a part
    answer: on half of the blind questions, wider gaps answered near-misses that had to be declined. What a newer page
    replaced is never shown beside something else.
    """
    first, *others = ((turn.pack.sections[hit.passage.id], hit.score) for hit in hits)
    section, score = first
    if section.kind not in (Kind.ANSWER, Kind.UNKNOWN, Kind.ELIGIBILITY):
        return ()
    tie = min(WIDEST_TIE, score * TIE)
    near = tie if section.kind is Kind.UNKNOWN else score * CLOSE
    kept = [
        (other, score - behind)
        for other, behind in others
        if other.kind in (Kind.ANSWER, Kind.ELIGIBILITY)
        and not turn.pack.conflicts.current_for(other.id)
        and not turn.pack.conflicts.kept_apart(section.id, other.id)
        and score - behind <= (near if other.article_id == section.article_id else min(near, tie))
    ]
    shown = kept[:1] + [(other, gap) for other, gap in kept[1:] if gap <= score * CLOSER]
    return tuple(other for other, _ in shown[:MOST_MORE])


def not_found(turn: Turn, hits: Sequence[Hit], confidence: float, searched: str) -> Reply:
    """No passage answers what was `searched`: say so, give the two nearest pages and a person."""
    held = [turn.pack.sections[hit.passage.id] for hit in hits]
    held = [section for section in held if section.kind in (Kind.ANSWER, Kind.UNKNOWN)]
    away = is_elsewhere(turn, searched)
    nearest = () if away else nearest_pages(turn, hits)
    near = held and confidence > 0.1 and not away
    return Reply(
        outcome=Outcome.ABSTAIN,
        status="abstained_not_sure" if nearest else "abstained_nothing_near",
        language=turn.language,
        heading=turn.say("abstain"),
        lead=_lead(turn, quoted=False),
        nearest=nearest,
        person=person_lines(turn, turn.pack.queues[held[0].queue if near else GENERAL]),
        confidence=confidence,
    )


def person_lines(turn: Turn, queue: Queue) -> tuple[str, ...]:
    """Who to talk to, from the queue's published route; the Local Offer team when it has none that is in date.

    Whoever writes in another language is told that the council can bring an interpreter.
    """
    spoken = (turn.say("interpreter"),) if turn.language != "en" else ()
    return (*_route_lines(turn, queue), *spoken)


def _route_lines(turn: Turn, queue: Queue) -> tuple[str, ...]:
    contact = turn.pack.contacts.get(queue.contact or "")
    if contact and not contact_perished(turn.pack, contact, turn.today):
        return (f"{contact.name}: {contact.says('contact')}",)
    lines = (queue.says,) if queue.says else ()
    fallback = turn.pack.contacts["local_offer"]
    if contact_perished(turn.pack, fallback, turn.today):
        return (*lines, turn.say("withheld"))
    return (*lines, f"{fallback.name}: {fallback.says('contact')}")


def _paragraphs(quoting: Quoting, blocks: Iterable[Block]) -> tuple[Paragraph, ...]:
    made = (quoting.paragraph(block.claims, is_item=block.is_item) for block in blocks)
    return tuple(paragraph for paragraph in made if paragraph)


def _items(quoting: Quoting, claims: Iterable[Claim]) -> tuple[Paragraph, ...]:
    made = (quoting.paragraph([claim], is_item=True) for claim in claims)
    return tuple(paragraph for paragraph in made if paragraph)


def _easy(turn: Turn, quoting: Quoting, section: Section) -> Easy | None:
    """The easy words of `section`, with the same numbers and the same withholding; what they say is no quotation."""
    if section.easy is None:
        return None
    beside = replace(quoting, quotes={})
    body = _paragraphs(beside, section.easy.blocks)
    quoting.withheld = beside.withheld
    if not body:
        return None
    who, day = section.easy.checked_by, section.easy.checked
    if who is None or day is None:
        return Easy(body, turn.say("easy_not_checked"))
    return Easy(body, turn.say("easy_checked", name=who, date=date_words(day, turn.language)), checked=True)


def _no_easy_words(turn: Turn, easy: Easy | None) -> tuple[str, ...]:
    return (turn.say("easy_none"),) if turn.incoming.easy and easy is None else ()


def _lead(turn: Turn, *, quoted: bool, eased: bool = False) -> tuple[str, ...]:
    """What Askwell says first. Easy words are `eased`: what follows is then not in the council's own words."""
    lines = (turn.say("redacted"),) if turn.redacted else ()
    if turn.language == "en":
        return lines
    follows = () if eased else (turn.say("english_follows"),)
    return (*lines, turn.say("greeting"), *follows) if quoted else lines


def _notes(turn: Turn, quoting: Quoting, citations: tuple[Citation, ...]) -> tuple[str, ...]:
    notes = []
    if quoting.withheld:
        notes.append(turn.say("withheld"))
    if any(citation.past_review for citation in citations):
        notes.append(turn.say("past_review"))
    old = {"G1", "Gc"}
    if citations and all(turn.pack.sources[id].generation.id in old for id in quoting.numbers):
        notes.append(turn.say("older_page"))
    return tuple(notes)
