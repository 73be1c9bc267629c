"""Numbers that identify a person: NHS, UPN, National Insurance and case references."""

from __future__ import annotations

import re

from bot.redaction.keeping import Keeping
from bot.redaction.spans import Redaction

# Every repeat in this package has an upper bound, and every pattern can start only where a word does:
# time grows with the length of the message and never faster.
NHS_NUMBER = re.compile(r"(?<![\w£$€.])\d(?:[ \-.]{0,2}\d){9}(?![ \-]{0,2}\d|\w)")
NHS_NAMED = re.compile(
    r"\bnhs\W{1,3}(?:(?:number|num|no|id)\W{0,3}(?:is|was|for)?\W{0,3})?(\d(?:[ \-.]{0,2}\d){8,10})(?!\w)",
    re.IGNORECASE,
)

UPN = re.compile(r"(?<!\w)([A-HJ-NP-RT-Z])[ \-]?(\d(?:[ \-]?\d){10})[ \-]?([0-9A-HJ-NP-RT-Z])(?!\w)", re.IGNORECASE)
UPN_NAMED = re.compile(
    r"\b(?:upn|u\.p\.n|unique pupil (?:number|no))\b\W{0,3}(?:(?:number|no|is)\b\W{0,3}){0,2}"
    r"((?=[a-z0-9]{0,12}\d)[a-z0-9]{11,15})(?!\w)",
    re.IGNORECASE,
)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

NI_NUMBER = re.compile(
    r"(?<!\w)(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z][ \-.]{0,2}"
    r"\d{2}[ \-.]{0,2}\d{2}[ \-.]{0,2}\d{2}[ \-.]{0,2}[a-d](?!\w)",
    re.IGNORECASE,
)
NI_NAMED = re.compile(
    r"\b(?:n\.?i\.?|nino|national insurance|nat ins)\b\W{0,3}(?:(?:number|num|no|is|was)\b\W{0,3}){0,2}"
    r"([a-z]{2}[ \-.]{0,2}\d(?:[ \-.]{0,2}\d){5}(?:[ \-.]{0,2}[a-z])?)(?!\w)",
    re.IGNORECASE,
)

REFERENCE_NAMED = re.compile(
    r"\b(?:ref|refs|reference|(?:case|file|client|customer|claim|appeal|tribunal|application|complaint"
    r"|pupil|student|patient"
    r"|hospital|passport|account|acc|acct|bank|enquiry|ehcp?|plan|brp|mrn|lcs|mosaic|capita|home office"
    r"|hearing|policy)\W{1,2}"
    r"(?:ref|reference|number|num|no|id|code)|mrn|case|account|passport|sort code|urn|crn)\b\.?"
    r"\W{0,3}(?:(?:number|num|no|id|is|was|code|it's|its|n°)\b\W{0,3}){0,3}(?=\w)",
    re.IGNORECASE,
)
REFERENCE_SHAPED = re.compile(
    r"(?<![\w/])(?:ehcp?|ehcna|send?|eh\d{3}|lcs"
    r"|cas)[/\-](?:[a-z]{1,4}[/\-])?\d{2,10}(?:[/\-]\d{2,10}){0,3}(?!\w)",
    re.IGNORECASE,
)
OUR_REFERENCE = re.compile(r"hs-[a-z0-9]{1,4}-[a-z0-9]{2,4}(?![a-z0-9])", re.IGNORECASE)
DATE = re.compile(r"\d{1,2}[/\-. ]\d{1,2}[/\-. ]\d{2,4}(?!\w)")
GROUP = re.compile(r"[ ]?[a-z0-9](?:[a-z0-9/\-.]{0,38}[a-z0-9])?(?!\w)", re.IGNORECASE)
MOST_GROUPS = 5
FEWEST_DIGITS = 5


def find_nhs_numbers(view: str, keeping: Keeping) -> list[Redaction]:
    """Ten digits with a valid check digit, or any ten after the words "NHS number"."""
    named = [match.span(1) for match in NHS_NAMED.finditer(view) if not keeping.publishes_phone(digits(match[1]))]
    shaped = [match.span() for match in NHS_NUMBER.finditer(view) if has_nhs_check(digits(match[0]))]
    return [Redaction("NHS number", *span) for span in [*named, *shaped]]


def has_nhs_check(number: str) -> bool:
    """Whether the tenth digit is right (modulus 11). NHS numbers start with 3 or more; phones with 0."""
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
    return number[0] in "3456789" and (11 - total % 11) % 11 == int(number[9])


def find_upns(view: str, _keeping: Keeping) -> list[Redaction]:
    """Unique pupil numbers with the right check letter, or anything built like one after "UPN"."""
    named = [match.span(1) for match in UPN_NAMED.finditer(view)]
    shaped = [match.span() for match in UPN.finditer(view) if has_upn_check(match[1], digits(match[2]), match[3])]
    return [Redaction("UPN", *span) for span in [*named, *shaped]]


def has_upn_check(letter: str, number: str, last: str) -> bool:
    """Whether the first letter is the right one for the rest (modulus 23)."""
    values = [
        *(int(digit) for digit in number),
        int(last) if last.isdecimal() else UPN_LETTERS.index(last.upper()),
    ]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] == letter.upper()


def find_ni_numbers(view: str, _keeping: Keeping) -> list[Redaction]:
    """National Insurance numbers, and any two letters and six digits after those words."""
    named = [match.span(1) for match in NI_NAMED.finditer(view)]
    return [Redaction("NI number", *span) for span in [*named, *(match.span() for match in NI_NUMBER.finditer(view))]]


def find_references(view: str, _keeping: Keeping) -> list[Redaction]:
    """Other people's case numbers; our own (HS-4F7K-92) stay, as they say nothing without our database."""
    spans = [code_span(view, match.end()) for match in REFERENCE_NAMED.finditer(view)]
    spans += [match.span() for match in REFERENCE_SHAPED.finditer(view) if len(digits(match[0])) >= FEWEST_DIGITS]
    return [
        Redaction("reference", start, end)
        for start, end in spans
        if start < end and not OUR_REFERENCE.match(view, start) and not DATE.fullmatch(view, start, end)
    ]


def code_span(view: str, start: int) -> tuple[int, int]:
    """The code at `start`: groups that hold a digit, five digits in all. An empty span when there is none."""
    end = start
    for _ in range(MOST_GROUPS):
        group = GROUP.match(view, end)
        if not group or not digits(group[0]):
            break
        end = group.end()
    return (start, end) if len(digits(view[start:end])) >= FEWEST_DIGITS else (start, start)


def digits(text: str) -> str:
    """The digits of `text`, in ASCII whatever script they were typed in."""
    return "".join(str(int(character)) for character in text if character.isdecimal())
