"""What families are shown where two sources disagree: both, each with its page and date, and neither as fact.

An editor's decision, in `found.yaml`, drives it: open (as while nobody decided), settled (one counts and the other is
not shown), withdrawn (neither is shown), or apart (they are about different things after all).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.article import Article, Block, Claim, Section
from knowledge.contacts import Contact, fill
from knowledge.disagreeing.finding import Disagreement, disagreements
from knowledge.disagreeing.statements import Statement
from knowledge.problems import Problem
from knowledge.sentences import split_sentences
from knowledge.yaml_files import read_mapping

if TYPE_CHECKING:
    from knowledge.pack import Pack

FILE = "found.yaml"


class Ruling(StrEnum):
    """What an editor decided about a disagreement."""

    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    APART = "apart"


@dataclass(frozen=True)
class Decision:
    """A ruling with its reason. `keep` is the section whose statement counts, when it is settled."""

    ruling: Ruling
    keep: str = ""
    why: str = ""


@dataclass(frozen=True)
class Found:
    """A disagreement and what was decided about it."""

    disagreement: Disagreement
    decision: Decision = Decision(Ruling.OPEN)

    def dropped(self) -> tuple[Statement, ...]:
        """The statements that are not shown where they stand."""
        one, other = self.disagreement.one, self.disagreement.other
        if self.decision.ruling is Ruling.APART:
            return ()
        if self.decision.ruling is Ruling.SETTLED:
            return tuple(each for each in (one, other) if each.section != self.decision.keep)
        return one, other


def read_decisions(folder: Path) -> tuple[dict[str, Decision], list[Problem]]:
    """The decisions of `found.yaml`, and what is wrong with them; none for a pack without that file."""
    if not (folder / FILE).exists():
        return {}, []
    given, problems = read_mapping(folder, FILE)
    decisions: dict[str, Decision] = {}
    for id, row in (given.get("decisions") or {}).items():
        try:
            ruling = Ruling(str(row["ruling"]))
            decisions[str(id)] = Decision(ruling, str(row.get("keep") or ""), str(row.get("why") or ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            problems.append(Problem(FILE, 1, f"{id}: ruling must be one of {', '.join(Ruling)}"))
    return decisions, problems


def with_found(pack: Pack, decisions: Mapping[str, Decision]) -> Pack:
    """The pack with a card in place of every statement that another source contradicts."""
    found = [Found(one, decisions.get(one.id, Decision(Ruling.OPEN))) for one in disagreements(pack)]
    if not found:
        return pack
    touched: dict[str, list[Found]] = {}
    for one in found:
        for section in dict.fromkeys(one.disagreement.sections):
            touched.setdefault(section, []).append(one)
    articles = {id: _carded(article, touched, pack) for id, article in pack.articles.items()}
    return replace(pack, articles=articles, found={one.disagreement.id: one for one in found})


def _carded(article: Article, touched: Mapping[str, Sequence[Found]], pack: Pack) -> Article:
    if not any(section.id in touched for section in article.sections):
        return article
    sections = tuple(_section(section, touched.get(section.id, ()), pack) for section in article.sections)
    return replace(article, sections=sections)


def _section(section: Section, found: Sequence[Found], pack: Pack) -> Section:
    dropped = {each.words for one in found for each in one.dropped() if each.section == section.id}
    shown = [one for one in found if one.decision.ruling is Ruling.OPEN]
    if not dropped:
        return section
    blocks = tuple(block for block in (_without(block, dropped, pack.contacts) for block in section.blocks) if block)
    cards = tuple(block for one in shown for block in card(one.disagreement, pack))
    return replace(
        section,
        blocks=(*cards, *blocks),
        conditions=_left(section.conditions, dropped, pack.contacts),
        steps=_left(section.steps, dropped, pack.contacts),
        conflict=shown[0].disagreement.id if shown else section.conflict,
    )


def _without(block: Block, dropped: set[str], contacts: Mapping[str, Contact]) -> Block | None:
    claims = _left(block.claims, dropped, contacts)
    return replace(block, claims=claims) if claims else None


def _left(claims: Iterable[Claim], dropped: set[str], contacts: Mapping[str, Contact]) -> tuple[Claim, ...]:
    left = []
    for claim in claims:
        sentences = split_sentences(claim.text)
        kept = [sentence for sentence in sentences if fill(sentence, contacts) not in dropped]
        if len(kept) == len(sentences):
            left.append(claim)
        elif kept:
            left.append(replace(claim, text=" ".join(kept)))
    return tuple(left)


def card(found: Disagreement, pack: Pack) -> tuple[Block, ...]:
    """Both statements with their pages and dates, and what is known about which is newer."""
    say = pack.phrases.say
    both = tuple(dict.fromkeys((*found.one.sources, *found.other.sources)))
    newer = pack.sources[found.newer.sources[0]].title if found.newer else ""
    which = say("found_newer", page=newer) if newer else say("found_unknown")
    return (
        Block((Claim(say("found_differ"), both),)),
        *(_side(each, pack) for each in (found.one, found.other)),
        Block((Claim(which, both),)),
    )


def _side(one: Statement, pack: Pack) -> Block:
    source = pack.sources[one.sources[0]]
    day = source.page_updated or pack.phrases.say("found_no_date")
    text = pack.phrases.say("found_side", page=source.title, words=one.words.rstrip("."), date=day)
    return Block((Claim(text, one.sources),), is_item=True)
