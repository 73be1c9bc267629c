"""A person's rights in conversation: a copy of what is held, erasure in two steps, a complaint about data.

A step changes nothing: it returns what is wanted (`Reply.act`) with words that are true where nothing is kept, such as
on the terminal. The front desk, which keeps things, carries it out and says what came of it.
"""

from __future__ import annotations

import re

from bot.messages import Act, Outcome, Reply
from bot.turn import Turn

_PLEASE = r"(?:please |can (?:you|i) |could (?:you|i) |i (?:want|would like|need) (?:you )?to |how (?:do|can) i )?"
_ABOUT_ME = r"you (?:hold|keep|know|have) (?:about|on) me"
_MINE = rf"(?:my (?:data|details|information|record|records|personal data)|what {_ABOUT_ME})"
_COPY = re.compile(
    rf"/?my ?data|{_PLEASE}(?:show|see|get|download|save|send|give|have)(?: me)?(?: a copy of)?(?: all)? {_MINE}"
    rf"|what (?:data )?do {_ABOUT_ME}|subject access request"
)
_FORGET = re.compile(
    rf"/?forget(?: me)?|{_PLEASE}(?:forget|erase|delete|remove|wipe)"
    rf"(?: me| (?:all |all of )?{_MINE}| everything(?: about me| you (?:hold|know|have)(?: about me)?)?)(?: now)?"
)
_COMPLAIN = re.compile(
    r"(?:i (?:want|would like|need|wish) to )?(?:make a )?(?:complain|complaint) about (?:how you (?:use|keep) )?"
    r"(?:my|your use of my) (?:data|details|information|personal data|privacy)"
)
_YES = frozenset({"erase", "erase it", "yes erase", "yes, erase", "erase everything", "yes erase everything", "delete"})
_NO = frozenset({"no", "cancel", "/cancel", "stop", "keep it", "never mind", "no thanks"})


def privacy(turn: Turn) -> Reply | None:
    """The reply to a message about the person's own data; none when it is about something else."""
    said = " ".join(turn.text.lower().split()).rstrip(".!?").removesuffix(" please").rstrip(",")
    if turn.past.doing is Act.ASK_ERASE and said in _YES:
        return _reply(turn, "nothing_kept", "erased", Act.ERASE)
    if turn.past.doing is Act.ASK_COMPLAINT:
        return _complaint(turn, said)
    if _COPY.fullmatch(said):
        return _reply(turn, "nothing_kept", "mydata", Act.SHOW_DATA)
    if _FORGET.fullmatch(said):
        return _reply(turn, "forget_ask", "forget_ask", Act.ASK_ERASE)
    if _COMPLAIN.fullmatch(said):
        return _reply(turn, "complaint_ask", "complaint_ask", Act.ASK_COMPLAINT)
    return None


def _complaint(turn: Turn, said: str) -> Reply:
    if said in _NO:
        return _reply(turn, "complaint_not_sent", "complaint_not_sent", None)
    contact = turn.pack.contacts.get("privacy") or turn.pack.contacts["local_offer"]
    heading = turn.say("complaint_write", contact=f"{contact.name}, {contact.says('contact')}")
    return Reply(Outcome.HANDOFF, "complaint", language=turn.language, heading=heading, act=Act.COMPLAIN)


def _reply(turn: Turn, key: str, status: str, act: Act | None) -> Reply:
    return Reply(Outcome.CLARIFY, status, language=turn.language, heading=turn.say(key), act=act)
