"""What a sentence states that another could contradict: dates, numbers, ages, fees, phones, addresses, named providers.

Each is written one way: "£9" and "£9.00" are the same, and so are "1 September 2026" and "01/09/2026", "+44 20 8583
2672" and "020 8583 2672", "two weeks" and "14 days".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.contacts import Contact, fill
from knowledge.figures import figures_in
from knowledge.sentences import split_sentences
from knowledge.topics import topics

if TYPE_CHECKING:
    from knowledge.pack import Pack

OWN = "askwell"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b,?(?: (?P<year>20\d\d))?"
    rf"|\b(?P<alone>{'|'.join(_MONTHS)}) (?P<its>20\d\d)\b"
    r"|\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:20)?\d\d)\b|\b(?P<iso>20\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_FEE = re.compile(r"£\s?(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<pence>\d{1,2}))?|\b(?P<only>\d{1,3})p\b")
_PHONE = re.compile(r"(?<![\d£/.-])(?:\+44|0044|0)\s?\(?0?\)?\d(?:[\s()-]?\d){7,10}(?!\d)")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")
# The street and town in front of a postcode are the address, and no subject.
_STREET = re.compile(r"(?:\b(?:\d+[a-z]?|[A-Z][\w'’-]+),?\s+){1,8}(?=[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)")
_AGE = re.compile(
    r"\b(?:aged?|ages|from age|age of|years? old|year[- ]olds?)\b"
    r"|\b(?:children|pupils|young people|child|person|anyone)\b[^.;]{0,24}"
    r"\b(?:under|over|from|until|up to|turns?|to|of)\s+\d",
    re.IGNORECASE,
)
_PROVIDER = re.compile(
    r"\b(?:is|are|was|were)\s+(?:now\s+)?"
    r"(?:run|provided|delivered|managed|led|offered|organised|commissioned)\s+by\s+"
    r"(?:the\s+)?(?P<name>(?:[A-Z][\w'’&.-]*(?:\s+(?:and|of|for|the|&)\s+|\s+)?)+)"
    r"|\b(?P<column>[Pp]rovider|[Rr]un by): (?P<cell>[^;]+)"
)
_TIME = re.compile(r"\b(\d{1,2})(?:[.:](\d\d))?\s?(am|pm)\b|\b([01]?\d|2[0-3]):(\d\d)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:year|band|stage|key stage|tier|group|zone|level|ks|block|phase|term)\s?-?([0-9]{1,2}|[A-Z])\b", re.IGNORECASE
)
_LENGTHS = {"day": 1, "week": 7}
# What says that a figure is a price, a length and the like says nothing of its subject.
_ROLES = frozenset(
    """
    cost costs price priced fee fees charge charged charges pay paid pays date dates number numbers phone telephone
    tel call ring open opens opening close closes start starts begin begins end ends run runs provided delivered
    managed led by address based located found at within days weeks months years hours minutes miles place places
    total maximum minimum least most from welcome welcomes accept accepts available offered held currently now meet
    meets find again answer answers answered come comes there
    """.split()
)


@dataclass(frozen=True)
class Statement:
    """What one sentence says of one kind, all values together. `about` are the words of its subject.

    `context` are the words of its heading and page as well; `labels` set it apart from others like it (Year 9, a name).
    """

    kind: str
    values: frozenset[str]
    about: frozenset[str]
    context: frozenset[str]
    labels: frozenset[str]
    words: str
    section: str
    sources: tuple[str, ...]


def statements_in(pack: Pack) -> list[Statement]:
    """Every statement of the pack's sections and documents, in their order."""
    made: list[Statement] = []
    for section in pack.sections.values():
        title = pack.articles[section.article_id].title
        for claim in section.claims:
            sources = tuple(id for id in claim.sources if id != OWN)
            if not sources:
                continue
            for sentence in _sentences(claim.text, pack.contacts):
                made += _of_sentence(sentence, title, section.heading, section.id, sources)
    return made


def _sentences(text: str, contacts: Mapping[str, Contact]) -> list[str]:
    return split_sentences(fill(text, contacts))


def _of_sentence(
    sentence: str, title: str, heading: str, section: str, sources: tuple[str, ...]
) -> Iterator[Statement]:
    bare = _bare(sentence)
    about = _subject(bare)
    context = about | _subject(title) | _subject(heading)
    found: dict[str, set[str]] = {}
    for kind, value in values_in(sentence):
        found.setdefault(kind, set()).add(value)
    for kind, values in found.items():
        yield Statement(kind, frozenset(values), about, context, _labels(sentence), sentence, section, sources)


def _subject(text: str) -> frozenset[str]:
    """What the text is about. Whole words are left out and no beginnings: a foundry is not found."""
    return topics(" ".join(word for word in re.findall(r"[\w'’-]+", text) if word.lower() not in _ROLES))


def values_in(sentence: str) -> Iterator[tuple[str, str]]:
    """`(kind, value)` of all that a sentence states, each value in one spelling."""
    rest = sentence
    for pattern, reader in ((_PHONE, _phone), (_FEE, _fee), (_DATE, _date), (_TIME, _time)):
        for one in pattern.finditer(rest):
            yield reader(one)
        rest = pattern.sub(" ", rest)
    for one in _POSTCODE.finditer(rest):
        yield "address", f"{one[1]} {one[2]}"
    rest = _POSTCODE.sub(" ", rest)
    for one in _PROVIDER.finditer(rest):
        yield "name", _name(one["name"] or one["cell"])
    aged = bool(_AGE.search(rest))
    for figure in figures_in(rest):
        if figure.unit == "date" or figure.unit.endswith(" number") or not figure.value[:1].isdigit():
            continue
        yield _number(figure.value, figure.unit, aged=aged)


def _number(value: str, unit: str, *, aged: bool) -> tuple[str, str]:
    bare = value.replace(",", "")
    if unit in _LENGTHS and bare.isdigit():
        return "length", f"{int(bare) * _LENGTHS[unit]} days"
    if unit == "month":
        return "length", f"{bare} months"
    if aged and unit in ("", "year"):
        return "age", bare.replace("–", "-")
    return f"number {unit}".strip(), bare


def _phone(found: re.Match[str]) -> tuple[str, str]:
    digits = re.sub(r"\D", "", found[0])
    return "phone", "0" + re.sub(r"^(?:0044|44|0)0?", "", digits)


def _fee(found: re.Match[str]) -> tuple[str, str]:
    if found["only"]:
        return "fee", f"0.{int(found['only']):02d}"
    pence = (found["pence"] or "0").ljust(2, "0")
    return "fee", f"{int(found['pounds'].replace(',', ''))}.{pence}"


def _date(found: re.Match[str]) -> tuple[str, str]:
    if found["iso"]:
        return "date", found["iso"]
    if found["alone"]:
        return "date", f"{found['its']}-{_MONTHS.index(found['alone'].lower()) + 1:02d}"
    if found["d"]:
        year = found["y"] if len(found["y"]) == 4 else f"20{found['y']}"
        return "date", f"{year}-{int(found['m']):02d}-{int(found['d']):02d}"
    month = next(place for place, name in enumerate(_MONTHS, 1) if name[:3] == found["month"][:3].lower())
    return "date", f"{found['year'] or '....'}-{month:02d}-{int(found['day']):02d}"


def _time(found: re.Match[str]) -> tuple[str, str]:
    if found[4]:
        return "time", f"{int(found[4]):02d}:{found[5]}"
    hour = int(found[1]) % 12 + (12 if found[3].lower() == "pm" else 0)
    return "time", f"{hour:02d}:{found[2] or '00'}"


def _name(words: str) -> str:
    plain = re.sub(r"\b(?:the|ltd|limited|cic|team|service|services)\b", " ", words.lower())
    return " ".join(re.sub(r"[^\w\s]", " ", plain).split())


def _bare(sentence: str) -> str:
    """The sentence without its values: what is left is the subject."""
    rest = sentence
    for pattern in (_STREET, _PHONE, _FEE, _DATE, _TIME, _POSTCODE):
        rest = pattern.sub(" ", rest)
    return re.sub(r"\d[\d,.]*", " ", _PROVIDER.sub(" ", rest))


def _labels(sentence: str) -> frozenset[str]:
    return frozenset(one[0].lower().replace(" ", "") for one in _LABEL.finditer(sentence))
