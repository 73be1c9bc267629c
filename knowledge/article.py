"""The values a pack is made of: sources, claims, sections, articles and the passages cut from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a section is for; it decides the outcome of a reply that shows it."""

    ANSWER = "answer"
    UNKNOWN = "unknown"
    HANDOFF = "handoff"
    BOOKING = "booking"
    ELIGIBILITY = "eligibility"
    OUT_OF_AREA = "out_of_area"
    CLARIFY = "clarify"


@dataclass(frozen=True)
class Generation:
    """How old a page is likely to be, in words a reader sees (domain.md section 0)."""

    id: str
    says: str
    ordered: bool = True


@dataclass(frozen=True)
class Source:
    """One page the pack quotes. `checked` is the day a named person compared it with the live page."""

    id: str
    title: str
    generation: Generation
    copy_read: date
    review_by: date
    owner: str
    url: str | None = None
    page_updated: str | None = None
    checked_by: str | None = None
    checked: date | None = None

    def past_review(self, today: date) -> bool:
        """True from the day after `review_by`."""
        return today > self.review_by


@dataclass(frozen=True)
class Claim:
    """Sentences that stand on the same sources. `line` is where they are in the article's file."""

    text: str
    sources: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True)
class Block:
    """A paragraph, or one item of a list."""

    claims: tuple[Claim, ...]
    is_item: bool = False

    @property
    def text(self) -> str:
        return " ".join(claim.text for claim in self.claims)


@dataclass(frozen=True)
class Choice:
    """One way to read a vague question, and the section (`article#anchor`) that answers it."""

    label: str
    section: str


@dataclass(frozen=True)
class EasyWords:
    """A section said again in easy words. `checked` is the day a named person compared the two."""

    blocks: tuple[Block, ...]
    line: int = 0
    checked_by: str | None = None
    checked: date | None = None

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for block in self.blocks for claim in block.claims)


@dataclass(frozen=True)
class Section:
    """The answer to one need: what a reply shows. `asked_as` are true paraphrases of that need.

    `link` opens the page it was read from at this very place, where the section was read from a real document.
    """

    article_id: str
    anchor: str
    heading: str
    blocks: tuple[Block, ...]
    asked_as: tuple[str, ...]
    kind: Kind = Kind.ANSWER
    audience: tuple[str, ...] = ()
    queue: str = ""
    facts: tuple[str, ...] = ()
    conditions: tuple[Claim, ...] = ()
    steps: tuple[Claim, ...] = ()
    choices: tuple[Choice, ...] = ()
    conflict: str | None = None
    line: int = 0
    easy: EasyWords | None = None
    link: str = ""

    @property
    def id(self) -> str:
        return f"{self.article_id}#{self.anchor}"

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim a reply may show from this section, in reading order."""
        body = tuple(claim for block in self.blocks for claim in block.claims)
        return body + self.conditions + self.steps


@dataclass(frozen=True)
class Article:
    """One Markdown file: sections about one subject, for named readers."""

    id: str
    title: str
    audience: tuple[str, ...]
    topics: tuple[str, ...]
    queue: str
    sections: tuple[Section, ...]
    phase: str = ""
    path: str = ""


@dataclass(frozen=True)
class Passage:
    """A unit of retrieval: text with the heading trail in front, and where it deep-links to."""

    id: str
    text: str
    title: str = ""
    heading: str = ""
    asked_as: tuple[str, ...] = ()
    group: str = field(default="", compare=False)


def passages_of(articles: Mapping[str, Article]) -> tuple[Passage, ...]:
    """One passage a section, in file order; its id is `article#anchor`, its group the article."""
    return tuple(
        Passage(
            id=section.id,
            text=" ".join([section.text, *(claim.text for claim in section.conditions)]),
            title=article.title,
            heading=section.heading,
            asked_as=section.asked_as,
            group=article.id,
        )
        for article in articles.values()
        for section in article.sections
    )
