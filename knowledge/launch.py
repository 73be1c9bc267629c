"""What a council must verify or supply before going live, by the queue that owns it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.article import Kind
from knowledge.check_dates import clock_claims
from knowledge.pack import Pack
from knowledge.rules.table import Basis
from knowledge.working_hours import said_week


@dataclass(frozen=True, order=True)
class LaunchItem:
    """One thing to do: which queue owns it, what it is, and whether the service may not go public without it."""

    queue: str
    what: str
    blocks: bool = False


def launch_list(pack: Pack) -> list[LaunchItem]:
    """Everything unverified or missing, sorted by queue."""
    items = [
        *_safeguarding(pack),
        *_contacts(pack),
        *_pages(pack),
        *_unknowns(pack),
        *_easy_words(pack),
        *_local_settings(pack),
        *_phrases(pack),
        *_promises(pack),
    ]
    return sorted(set(items))


def blocking(pack: Pack) -> list[LaunchItem]:
    """What stops a public start: safeguarding numbers of the council that nobody has verified (SAF-01)."""
    return [item for item in launch_list(pack) if item.blocks]


def _safeguarding(pack: Pack) -> list[LaunchItem]:
    items = []
    for contact in pack.contacts.values():
        source = pack.sources[contact.source]
        if not contact.safeguarding or (source.checked and not contact.verify):
            continue
        local = source.owner == "safeguarding" and contact.id.startswith("mash")
        what = f"ring and verify {contact.name} ({contact.says('phone')}), then check {source.url}"
        items.append(LaunchItem("safeguarding", what, blocks=local))
    return items


def _contacts(pack: Pack) -> list[LaunchItem]:
    return [
        LaunchItem(pack.sources[contact.source].owner, f"verify {contact.name}: {contact.says('contact')}")
        for contact in pack.contacts.values()
        if contact.verify and not contact.safeguarding
    ]


def _pages(pack: Pack) -> list[LaunchItem]:
    said = [claim for section in pack.sections.values() for claim in section.claims]
    used = {id for claim in (*said, *clock_claims(pack.deadlines)) for id in claim.sources}
    return [
        LaunchItem(source.owner, f"check the live page: {source.title} ({source.url or 'no address known'})")
        for id in used
        if (source := pack.sources[id]).checked is None and source.generation.id != "own"
    ]


def _unknowns(pack: Pack) -> list[LaunchItem]:
    return [
        LaunchItem(section.queue, f"supply what is not published: {section.heading} ({', '.join(section.facts)})")
        for section in pack.sections.values()
        if section.kind is Kind.UNKNOWN and section.facts
    ]


def _easy_words(pack: Pack) -> list[LaunchItem]:
    return [
        LaunchItem(section.queue, f"have a person compare the easy words with the section: {section.id}")
        for section in pack.sections.values()
        if section.easy and not section.easy.checked
    ]


def _local_settings(pack: Pack) -> list[LaunchItem]:
    """What the MIP check takes for granted and the council has not published."""
    rows = [
        (table.owner, f"confirm or change a local setting of the MIP check, row {row.number}: {row.criterion}")
        for table in pack.mip
        for row in table.rows
        if row.basis is Basis.INFERRED
    ]
    numbers = [
        (table.owner, f"confirm or change a local setting of the MIP check: {setting.says} Now {setting.value}.")
        for table in pack.mip
        for setting in table.settings
    ]
    return [LaunchItem(owner, what) for owner, what in [*rows, *numbers]]


def _phrases(pack: Pack) -> list[LaunchItem]:
    return [
        LaunchItem("local_offer", f"have a speaker of {language.own_name} ({code}) read phrases/{code}.yaml")
        for code, language in pack.phrases.languages.items()
        if not language.checked
    ]


def _promises(pack: Pack) -> list[LaunchItem]:
    """Opening hours and reply standards that nobody has published: the pack's own defaults."""
    items = []
    for queue in pack.queues.values():
        if queue.cases_to:
            continue
        if queue.hours_source is None:
            what = f"confirm or change when {queue.name} is open: {said_week(queue.hours)} (this pack's own default)"
            items.append(LaunchItem(queue.id, what))
        if queue.standard_source is None:
            what = f"confirm or change by when {queue.name} replies: {queue.standard} (this pack's own default)"
            items.append(LaunchItem(queue.id, what))
    return items
