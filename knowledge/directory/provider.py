"""One provider as it was read, and what each reader may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.article import Passage
from knowledge.directory.fields import BY_ID, FIELDS, NOT_A_SCHOOL, Field, Lasts

Value = str | int | float | bool | date | tuple[str, ...]
# East Sussex reviews each provider every year: an entry older than that is past review, whatever it says.
LONGEST_TRUSTED = timedelta(days=365)
SEARCHED = ("area", "needs", "key_stages", "activities", "subjects", "qualifications", "placement", "attendance")


class Reader(StrEnum):
    """Who looks: a school that signed in, or anybody else."""

    SCHOOL = "school"
    PUBLIC = "public"


class Caution(StrEnum):
    """What must stand beside an entry. The words for each are in the pack's phrases as `ap_<caution>`."""

    NOT_A_SCHOOL = "not_a_school"
    SUSPENDED = "suspended"
    NOT_ASSURED = "not_assured"
    SELF_DECLARED = "self_declared"
    PAST_REVIEW = "past_review"


@dataclass(frozen=True)
class Provider:
    """A provider. `values` holds only what was given; `id` is made from its code, or its name and area."""

    id: str
    values: Mapping[str, Value]

    def __getitem__(self, field: str) -> Value | None:
        return self.values.get(field)

    def words(self, field: str) -> tuple[str, ...]:
        """The value as words, whatever its kind; none when it was not given."""
        value = self.values.get(field)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (said(value),)

    @property
    def name(self) -> str:
        return said(self.values["name"])

    def past_review(self, today: date) -> bool:
        """Whether its facts may have moved: its review day has passed, or it is more than a year old."""
        review, updated = self["review_by"], self["updated"]
        late = isinstance(review, date) and review < today
        return late or not isinstance(updated, date) or today - updated > LONGEST_TRUSTED


def said(value: Value) -> str:
    """A value in words: Yes and No, days as `8 December 2026`, lists with commas."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def shown(provider: Provider, reader: Reader, today: date) -> tuple[tuple[Field, str], ...]:
    """The fields a reader may see, with their words. Sums, places and contacts past review are left out.

    A school sees everything else. Anybody else sees nothing of an entry that the council has not made public.
    """
    if reader is Reader.PUBLIC and provider["visible_to"] != "public":
        return ()
    stale = provider.past_review(today)
    return tuple(
        (field, said(provider.values[field.id]))
        for field in FIELDS
        if field.id in provider.values
        and not (field.schools_only and reader is Reader.PUBLIC)
        and not (stale and field.lasts is Lasts.WITHHELD)
    )


def withheld(provider: Provider, today: date) -> tuple[Field, ...]:
    """The fields that are left out because the entry is past its review."""
    if not provider.past_review(today):
        return ()
    return tuple(BY_ID[id] for id in provider.values if BY_ID[id].lasts is Lasts.WITHHELD)


def cautions(provider: Provider, today: date) -> tuple[Caution, ...]:
    """What must be said beside the entry, the gravest first (domain.md 6.2, AP-13, AP-14)."""
    listed = (
        (Caution.SUSPENDED, provider["listing"] == "suspended"),
        (Caution.NOT_A_SCHOOL, provider["registration"] in NOT_A_SCHOOL),
        (Caution.NOT_ASSURED, provider["assured_on"] is None),
        (Caution.SELF_DECLARED, provider["assurance"] == "self-declared"),
        (Caution.PAST_REVIEW, provider.past_review(today)),
    )
    return tuple(caution for caution, holds in listed if holds)


def passage_of(provider: Provider) -> Passage:
    """The provider as search sees it: what it offers and for whom, no sum and no contact."""
    lines = [f"{BY_ID[field].label}: {said(provider.values[field])}." for field in SEARCHED if field in provider.values]
    return Passage(
        id=provider.id,
        title="AP Directory",
        heading=provider.name,
        text=" ".join(lines),
        asked_as=(),
        group="directory",
    )
