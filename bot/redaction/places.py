"""Where a family lives: full postcodes, and addresses with a number. A town, or TW3 alone, stays."""

from __future__ import annotations

import re

from bot.redaction.keeping import Keeping
from bot.redaction.spans import Redaction

_AREAS = """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH
    EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M
    ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST
    SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = frozenset(_AREAS.split())
POSTCODE = re.compile(
    r"(?<![\w£])([A-Z]{1,2})(\d[A-Z\d]?[ \-]{0,3}|[ ]\d[A-Z\d]?[ ]{1,3})(\d[ ]?[ABD-HJLNP-UW-Z]{2})(?!\w)",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"\d(?:st|nd|rd|th)", re.IGNORECASE)

# "Road" is an address in any case; "close" and "drive" are ordinary words unless written with a capital.
SURE_STREETS = r"road|rd|street|avenue|ave|lane|gardens|gdns|crescent|cres|terrace|mews|broadway"
LIKELY_STREETS = (
    r"Close|Cl|Drive|Dr|Court|Ct|Way|Place|Pl|Park|Green|Hill|Grove|Square|Sq|Walk|Parade|Row|Rise|View"
    r"|Vale|Estate|House"
    r"|Heights|Wharf|Gate|Path|Mead|Meadows?|Croft|Fields?|St|Ln|Lodge|Tower|Point|Common|Buildings"
    r"|Mansions|Villas|Cottages?|Drove|End"
)
NUMBER = r"(?<![\w£$€./:\-%])(?:no\.?[ ]?)?\d{1,4}[a-zA-Z]?(?:[ ]?[\-/][ ]?\d{1,4}[a-zA-Z]?)?,?[ ]{1,2}"
NOT_STREET_WORDS = (
    r"(?!(?:the|a|an|of|to|my|our|your|his|her|in|on|at|for|from|and|or|is|are|was|were|has|have|had"
    r"|per|about|down|up|with|that"
    r"|day|days|week|weeks|month|months|year|years|hour|hours|min|mins|minute|minutes|times?|miles?"
    r"|people|children|kids|schools?)\b)"
)
SURE_ADDRESS = re.compile(
    rf"{NUMBER}(?:{NOT_STREET_WORDS}[^\W\d][\w'’.\-]{{1,24}}[ ]{{1,2}}){{1,3}}(?:{SURE_STREETS})(?!\w)",
    re.IGNORECASE,
)
LIKELY_ADDRESS = re.compile(
    rf"{NUMBER}(?:(?:[Tt]he[ ])?[A-Z][\w'’.\-]{{1,24}}[ ]{{1,2}}){{1,3}}(?:{LIKELY_STREETS})(?!\w)"
)
ONE_WORD_ADDRESS = re.compile(rf"{NUMBER}(?:[Tt]he[ ])(?:{LIKELY_STREETS}|Avenue|Crescent|Broadway)(?!\w)")
FLAT = re.compile(
    r"(?<!\w)(?:flat|apartment|apt|maisonette)[ ]{1,2}(?:(?:no\.?"
    r"|number)[ ]?)?\d{1,4}[a-z]?(?![\w%£])(?![ ]{0,2}(?:%|hours?|rate))"
    r"(?:,?[ ]{1,2}(?!hounslow house)[a-z'’]{2,20}[ ](?:house|court|tower|point|lodge|heights|mansions)\b)?"
    r"|(?<!\w)flat[ ][a-z](?![\w'’])(?=,|[ ]\d|\.)",
    re.IGNORECASE,
)
HOME_STREET = re.compile(
    r"\b(?:[Ll]iv(?:e|es|ed|ing)|[Hh]ome is|[Mm]ov(?:ed|ing)|[Aa]ddress is|[Ss]tay(?:s|ing)?)[ ](?:on"
    r"|at|in|to|near|off)?[ ]?"
    rf"((?:[A-Z][\w'’\-]{{1,24}}[ ]{{1,2}}){{1,3}}(?:Road|Rd|Street|Avenue|Ave|Lane|Gardens|Crescent"
    rf"|Terrace|Mews|{LIKELY_STREETS}))(?!\w)"
)
INSTITUTION_NEXT = re.compile(
    r"[ ]{1,2}(?:primary|infants?|juniors?|school|academy|nursery|college|surgery|clinic|hospital"
    r"|centre|library|depot|station|children)\b",
    re.IGNORECASE,
)


def find_postcodes(view: str, keeping: Keeping) -> list[Redaction]:
    """Full UK postcodes in any case and spacing, in an area that exists."""
    return [
        Redaction("postcode", *match.span())
        for match in POSTCODE.finditer(view)
        if match[1].upper() in AREAS
        and not ORDINAL.fullmatch(match[3])
        and (match[0].isupper() or not match[2].startswith(" "))
        and not keeping.publishes_place(match[0])
    ]


def find_addresses(view: str, keeping: Keeping) -> list[Redaction]:
    """House number and street, flat numbers, and the street someone says they live on."""
    patterns = (SURE_ADDRESS, LIKELY_ADDRESS, ONE_WORD_ADDRESS, FLAT)
    spans = [match.span() for pattern in patterns for match in pattern.finditer(view)]
    spans += [match.span(1) for match in HOME_STREET.finditer(view)]
    return [
        Redaction("address", start, end)
        for start, end in spans
        if not keeping.publishes_place(view[start:end]) and not INSTITUTION_NEXT.match(view, end)
    ]
