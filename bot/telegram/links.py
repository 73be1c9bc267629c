"""One-time links to the same state on the web: made when they are asked for, good once and for half an hour.

The link itself travels through Telegram; what it opens does not.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from bot.front.office import act
from bot.telegram.caller import Caller, Flow
from bot.telegram.markup import escape
from bot.telegram.parts import Button, Row
from handoff.people import join_link

PAGES = {"chat": "/", "book": "/booking", "dates": "/dates", "mine": "/memory", "data": "/my-data"}


def page_link(caller: Caller, path: str) -> str:
    """A link that opens `path` as this person, once; empty where the council has not said where its pages are."""
    desk = caller.house.desk
    token = act(caller.house.front.office, lambda session: join_link(session, desk, caller.person_id))
    return desk.link(f"/join/{token}?next={quote(path, safe='/')}")


def link_for(caller: Caller, what: str) -> str:
    """Where "Open on the web" leads from a screen: the check by the answers alone, all else as the person."""
    if what == "school":
        answers = caller.flow.data.get("answers", {}) if caller.flow and caller.flow.kind == "school" else {}
        path = f"/check/question?{urlencode(answers)}" if answers else "/check"
        return caller.house.desk.link(path)
    return page_link(caller, PAGES.get(what, "/"))


def linked(caller: Caller, text: str, link: str, label: str) -> tuple[str, tuple[Row, ...]]:
    """The words with the link: on a button where Telegram can open it, and in the text everywhere else."""
    if not link:
        contact = caller.house.pack.contacts["local_offer"]
        return caller.html("tg_no_page", contact=f"{contact.name}, {contact.says('contact')}"), ()
    if caller.house.public:
        return text, ((Button(label, url=link),),)
    return f"{text}\n\n{escape(link)}", ()


def flow_page(flow: Flow | None) -> str:
    """Which page shows what this form is about."""
    return {"book": "book", "school": "school", "dates": "dates"}.get(flow.kind if flow else "", "chat")
