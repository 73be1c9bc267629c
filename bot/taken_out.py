"""What a kept reply may still show once a document it quotes was taken out for good: nothing of its words.

A reply is kept as it was said, so that a repeated message gets the same words, and it is looked at again when it is
shown: on the page of the conversation, on its JSON, at a message that comes twice, in an email of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.messages import Citation, Nearest, Paragraph, Reply
from knowledge.phrases import Phrases
from knowledge.sources.holding import Tombstone

STATUS = "taken_out"


def without_taken_out(reply: Reply, gone: Mapping[str, Tombstone], phrases: Phrases) -> Reply:
    """The reply as it may be shown today: as it was, without a part, or with one sentence in the place of its words."""
    if not gone:
        return reply
    urls = {stone.url for stone in gone.values() if stone.url}
    near = tuple(one for one in reply.nearest if not _is_gone(one, gone, urls))
    numbers = {one.number for one in reply.citations if _is_gone(one, gone, urls)}
    if is_gone(reply.section, gone) or _stands_on((*reply.body, *reply.who_for, *reply.steps), numbers):
        return Reply(
            outcome=reply.outcome,
            status=STATUS,
            language=reply.language,
            heading=phrases.say(STATUS, reply.language),
            above=reply.above,
            person=reply.person,
            nearest=near,
        )
    more = tuple(one for one in reply.more if not _stands_on((*one.body, *one.who_for), numbers))
    if near == reply.nearest and not numbers and more == reply.more:
        return reply
    kept = tuple(one for one in reply.citations if one.number not in numbers)
    return replace(
        reply,
        more=more,
        citations=kept,
        nearest=near,
        notes=(*reply.notes, phrases.say("part_taken_out", reply.language)),
    )


def is_gone(section: str | None, gone: Mapping[str, Tombstone]) -> bool:
    """Whether a section of the pack, by its id, was of a document that was taken out."""
    return section is not None and section.partition("#")[0] in gone


def _is_gone(one: Citation | Nearest, gone: Mapping[str, Tombstone], urls: set[str]) -> bool:
    # Replies kept before citations named their source are known by the address of the page.
    return one.source in gone or (one.url or "").partition("#")[0] in urls


def _stands_on(paragraphs: Iterable[Paragraph], numbers: set[int]) -> bool:
    return any(numbers.intersection(said.numbers) for paragraph in paragraphs for said in paragraph.said)
