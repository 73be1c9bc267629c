"""What sort of value a question asks for (a sum, a date, a number to ring), and whether a section holds one.

A section on the right subject that holds no such value does not answer. When the pack says beside it that the value
is not known, that is the better reply.
"""

from __future__ import annotations

import re

from knowledge.article import Section

_MONTHS = r"January|February|March|April|May|June|July|August|September|October|November|December"
# The sort of value: how English asks for it, and what a text that holds one looks like.
_SORTS = {
    "sum": (
        r"\bhow much (?:exactly |money |cash |extra )?(?:will|do|does|is|are|can|would|did|money|cash|funding"
        r"|per|each|top)\b"
        r"|\bin pounds\b|\bhow many pounds\b|\bwhat(?:'s| is) \w+ \w+ worth\b|\b(?:amount|price|cost)s? (?:of"
        r"|for|per)\b|\bworth in\b",
        r"£|\bfree\b|\bunpaid\b|\bno (?:charge|fee|cost|maximum)\b|\bnot (?:be )?paid\b|\bmeans-tested\b"
        r"|\bpay\b|\bcontribution\b",
    ),
    "payer": (
        r"\bwho(?:'s| is|s| will| would| has to| should| does)? (?:pay|fund|cover)\w*\b|\bpaid for by\b"
        r"|\b(?:have|need|got|has) to pay\b",
        r"\bpays?\b|\bpaid\b|\bfunded\b|\bfrom (?:its|their) (?:own )?(?:money|budget)\b|\bfree\b",
    ),
    "count": (
        r"\bhow many (?!days|weeks|months|years|hours|times|miles)\w+",
        r"\b\d+\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b|%",
    ),
    "length": (
        r"\bhow (?:long|many (?:days|weeks|months|years|hours))\b|\bwait(?:ing)? (?:time|list)s?\b",
        r"\b(?:\d+|one|two|three|four|five|six|eight|ten|twelve)(?: or more| to \d+| school| working| calendar)* "
        r"(?:days?|weeks?|months?|years?|hours?|terms?)\b"
        rf"|\b\d\d? (?:{_MONTHS})\b|\buntil\b|\bas (?:quickly|soon) as\b",
    ),
    "day": (
        r"\bwhen(?:'s| is| are| will) (?:the |our |your )?(?:next|first|last)\b|\bnext (?:\w+ ){0,3}(?:date"
        r"|meeting|surgery|session|panel)\b"
        r"|\b(?:what|which) (?:date|day|month|dates|days)\b|\bdates? (?:of|for)\b",
        rf"\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{4}}\b|\b(?:{_MONTHS})\b",
    ),
    "phone": (
        r"\b(?:phone|telephone|mobile|direct) (?:number|line|no)\b|\bnumber (?:for|of|to ring)\b"
        r"|\bwhat number\b",
        r"\{(?:phone|contact):|\b\d{5,}\b",
    ),
    "email": (
        r"\be-?mail (?:address )?(?:for|of)\b|\bwhat(?:'s| is) the \w* ?\w* ?e-?mail\b"
        r"|\bmailbox\b",
        r"\{(?:email|contact):",
    ),
    "place": (
        r"\bwhere (?:is|are|exactly)\b|\baddress(?:es)? (?:of|for)\b|\bwhat(?:'s| is) the address\b"
        r"|\bpostcode\b|\bwhat street\b",
        r"\{address:|\b(?:Road|Street|House|Lane|Avenue|Depot|School|College|Hounslow|Feltham|Brentford)\b",
    ),
    "text": (
        r"\b(?:read out|paste|copy|print|quote)(?: me| us)?(?: out)? the (?:\w+ ){1,3}"
        r"(?:policy|protocol|guide|document|text)\b"
        r"|\b(?:read|paste|copy|print|quote|download|show|send) (?:me |us )?(?:out )?(?:page|the (?:full|whole"
        r"|exact|text|wording|policy|"
        r"protocol|guide|list|directory|document))\b|\bpage \d+\b|\bword for word\b|\b(?:full|exact) (?:text"
        r"|wording)\b|\bwording of\b",
        r"(?!)",
    ),
}
_ASKED = {sort: re.compile(asked, re.IGNORECASE) for sort, (asked, _) in _SORTS.items()}
_HELD = {sort: re.compile(held) for sort, (_, held) in _SORTS.items()}


def values_asked_for(text: str) -> tuple[str, ...]:
    """The sorts of value that `text` asks for; none when it asks for something else."""
    return tuple(sort for sort, asked in _ASKED.items() if asked.search(text))


def lacks(section: Section, sorts: tuple[str, ...]) -> bool:
    """True when `section` holds no value of any sort asked for."""
    shown = " ".join([section.heading, *(claim.text for claim in section.claims)])
    return bool(sorts) and not any(_HELD[sort].search(shown) for sort in sorts)
