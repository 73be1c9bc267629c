"""A reply as messages (ux.md T2, T3): the short answer, steps, then each source folded away with how old it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.front.turns import WITH_AN_OFFICER
from bot.messages import Citation, Easy, Outcome, Paragraph, Reply
from bot.plain import dates_of
from bot.telegram.buttons import in_rows, press, short_id, too_long
from bot.telegram.caller import Caller
from bot.telegram.markup import RTL_MARK, Block, bold, escape, line, split
from bot.telegram.parts import Button, Parts, Remove, Row, Say
from knowledge.phrases import Voice

Speak = Callable[..., str]


def answer_parts(caller: Caller, reply: Reply, about: str = "") -> Parts:
    """The reply as new messages, the buttons under the last. In right-to-left languages each line says so.

    `about` is the short id of what it answers, when whoever asked is to be asked whether it helped.
    """
    say = Voice(caller.house.pack.phrases, reply.language)
    texts = split(answer_blocks(reply, say))
    if caller.house.pack.phrases.direction(reply.language) == "rtl":
        texts = tuple(RTL_MARK + text.replace("\n", f"\n{RTL_MARK}") for text in texts)
    if len(texts) > 1:
        count = len(texts)
        texts = tuple(
            f"{text}\n\n{caller.html('tg_part', number=str(at), count=str(count))}" for at, text in enumerate(texts, 1)
        )
    rows = answer_rows(caller, reply, about)
    return tuple(Say(text, rows if at == len(texts) else ()) for at, text in enumerate(texts, 1))


def answer_rows(caller: Caller, reply: Reply, about: str = "") -> tuple[Row, ...]:
    """What can be pressed after an answer: the readings offered, if it helped, easy words, a person, the web."""
    offered = reply.choices[:4]
    offer = short_id("|".join(reply.choices))
    long = too_long(offered)
    picks = [press(str(at + 1) if long else label, "pick", offer, str(at)) for at, label in enumerate(offered)]
    if picks and reply.outcome is Outcome.CLARIFY:
        picks.append(press(caller.plain("none_of_these"), "person"))
    rows = in_rows(picks)
    if about and not picks:
        words = (("yes", "tg_helped_yes"), ("no", "tg_helped_no"))
        rows = (tuple(press(caller.plain(key), "helped", about, word) for word, key in words),)
    more: list[Button] = []
    if reply.easy is not None and not reply.in_easy_words:
        more.append(press(caller.plain("tg_easy"), "easier"))
    if reply.outcome is Outcome.BOOKING:
        more.append(press(caller.plain("tg_surgery"), "book"))
    if about and reply.outcome is Outcome.ABSTAIN:
        more.append(press(caller.plain("tg_hear"), "hear", about))
    if caller.unfinished is not None:
        more.append(press(caller.plain("tg_carry_on"), "carry", caller.unfinished.id))
    more.append(caller.person())
    return (*rows, *in_rows(more)[: 5 - len(rows)], *caller.way_back())


def answer_blocks(reply: Reply, say: Voice) -> Iterator[Block]:
    """The reply in reading order, as blocks of whole HTML."""
    for text in (*reply.above, *reply.lead):
        yield line(escape(text))
    yield line(bold(reply.heading))
    easy = reply.easy if reply.in_easy_words else None
    yield from _easy(easy) if easy else _paragraphs(reply.body)
    if reply.choices:
        yield Block(tuple(f"{at}. {escape(label)}" for at, label in enumerate(reply.choices, 1)), "\n")
    if not easy:
        yield from _listed(say("who_for"), reply.who_for)
        yield from _listed(say("what_you_can_do"), reply.steps)
    for more in reply.more:
        yield line(bold(more.heading))
        yield from _easy(more.easy) if reply.in_easy_words and more.easy else _paragraphs(more.body)
        yield from _listed(say("who_for"), more.who_for)
    for note in reply.notes:
        yield line(escape(note))
    if reply.nearest:
        pages = tuple("\n".join(escape(text) for text in (page.title, page.url) if text) for page in reply.nearest)
        yield Block((bold(say("nearest")), *pages), "\n")
    if reply.person:
        yield Block((bold(say("person")), *(escape(text) for text in reply.person)), "\n")
    if reply.citations:
        yield line(bold(say("sources")))
        for citation in reply.citations:
            yield _source(citation, say)
    for text in reply.closing:
        yield line(escape(text))


def removed(caller: Caller, reply: Reply) -> Parts:
    """Their message goes when it held personal details, and they are told (ux.md T4).

    Not where someone may be at risk, nor what an officer is to read as typed. What is kept of it is shown on the web
    alone: nothing a family wrote is said back in a chat.
    """
    came, stays = caller.came, reply.outcome is Outcome.SAFEGUARD or reply.status == WITH_AN_OFFICER
    if stays or not (came.redacted and came.message):
        return ()
    return (Remove(came.message), Say(caller.html("tg_removed")))


def _source(citation: Citation, say: Voice) -> Block:
    """One source: its number and page, how old it is, and its address, folded away. Never cut between two messages."""
    age = f" ({escape(citation.age)})" if citation.age else ""
    address = [escape(citation.url)] if citation.url else []
    told = [f"[{citation.number}] {escape(citation.title)}{age}", *address, escape(". ".join(dates_of(citation, say)))]
    return Block(("\n".join(told),), before="<blockquote expandable>", after="</blockquote>")


def _paragraphs(paragraphs: tuple[Paragraph, ...]) -> Iterator[Block]:
    """What belongs to one list stays together where it can; each sentence keeps its citations."""
    items: list[str] = []
    for paragraph in paragraphs:
        if paragraph.is_item:
            items.append(f"• {' '.join(_sentences(paragraph))}")
            continue
        if items:
            yield Block(tuple(items), "\n")
            items = []
        yield Block(tuple(_sentences(paragraph)))
    if items:
        yield Block(tuple(items), "\n")


def _sentences(paragraph: Paragraph) -> Iterator[str]:
    for one in paragraph.said:
        numbers = "".join(f" [{number}]" for number in one.numbers)
        yield (bold(one.text) if one.strong else escape(one.text)) + numbers


def _listed(title: str, paragraphs: tuple[Paragraph, ...]) -> Iterator[Block]:
    if paragraphs:
        items = tuple(f"• {' '.join(_sentences(paragraph))}" for paragraph in paragraphs)
        yield Block((bold(title), *items), "\n")


def _easy(easy: Easy) -> Iterator[Block]:
    yield line(f"({escape(easy.note)})")
    yield from _paragraphs(easy.body)
