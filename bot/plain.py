"""A reply as plain text and as JSON: the terminal, the batch and the API say the same thing."""

from __future__ import annotations

from typing import Any

from bot.messages import Citation, Easy, Paragraph, Reply
from knowledge.dates_in_words import date_words
from knowledge.pack import Pack
from knowledge.phrases import Voice


def as_text(reply: Reply, pack: Pack) -> str:
    """All a person would see, in reading order."""
    say = Voice(pack.phrases, reply.language)
    easy = reply.easy if reply.in_easy_words else None
    blocks = [*reply.above, *reply.lead, reply.heading, _easy_text(easy) if easy else _paragraphs(reply.body)]
    if reply.choices:
        blocks.append("\n".join(f"{number}. {label}" for number, label in enumerate(reply.choices, start=1)))
    if not easy:
        blocks += _listed(say("who_for"), reply.who_for)
        blocks += _listed(say("what_you_can_do"), reply.steps)
    for more in reply.more:
        if reply.in_easy_words and more.easy:
            blocks.append(f"{more.heading}\n{_easy_text(more.easy)}")
            continue
        blocks.append(f"{more.heading}\n{_paragraphs(more.body)}")
        blocks += _listed(say("who_for"), more.who_for)
    blocks += list(reply.notes)
    if reply.nearest:
        near = "\n".join(f"- {page.title}" + (f"\n  {page.url}" if page.url else "") for page in reply.nearest)
        blocks.append(f"{say('nearest')}\n{near}")
    if reply.person:
        blocks.append(f"{say('person')}\n" + "\n".join(reply.person))
    if reply.citations:
        cited = "\n".join(_cited(citation, say) for citation in reply.citations)
        blocks.append(f"{say('sources')}\n{cited}")
    blocks += list(reply.closing)
    return "\n\n".join(block for block in blocks if block)


def as_json(reply: Reply, pack: Pack) -> dict[str, Any]:
    """The object that `ask --json`, `ask --batch` and `POST /api/ask` give."""
    return {
        "outcome": reply.outcome.value,
        "status": reply.status,
        "text": as_text(reply, pack),
        "citations": [
            {
                "url": citation.url,
                "title": citation.title,
                "quote": citation.quote,
                "passage": citation.passage,
                "page_updated": citation.page_updated,
                "checked": citation.checked.isoformat() if citation.checked else None,
            }
            for citation in reply.citations
        ],
        "confidence": round(reply.confidence, 4),
        "language": reply.language,
        "easy": _easy_object(reply.easy),
        "next_steps": [*(paragraph.text for paragraph in reply.steps), *reply.choices, *reply.person],
    }


def dates_of(citation: Citation, say: Voice) -> list[str]:
    """When the page was updated and who has checked it, in the person's language."""
    updated = citation.page_updated
    lines = [say("page_updated", date=updated) if updated else say("page_date_unknown")]
    lines.append(
        say("checked", date=date_words(citation.checked, say.language)) if citation.checked else say("not_checked")
    )
    return lines


def _cited(citation: Citation, say: Voice) -> str:
    head = f"[{citation.number}] {citation.title}" + (f" ({citation.age})" if citation.age else "")
    where = [citation.url] if citation.url else []
    return "\n    ".join([head, *where, ". ".join(dates_of(citation, say)) + "."])


def _easy_text(easy: Easy) -> str:
    return f"({easy.note})\n{_paragraphs(easy.body)}"


def _easy_object(easy: Easy | None) -> dict[str, Any] | None:
    if easy is None:
        return None
    return {"text": _paragraphs(easy.body), "checked": easy.checked, "note": easy.note}


def _paragraphs(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(_paragraph(paragraph) for paragraph in paragraphs)


def _paragraph(paragraph: Paragraph) -> str:
    said = " ".join(one.text + "".join(f" [{number}]" for number in one.numbers) for one in paragraph.said)
    return ("- " if paragraph.is_item else "") + said


def _listed(title: str, paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [f"{title}\n{_paragraphs(paragraphs)}"] if paragraphs else []
