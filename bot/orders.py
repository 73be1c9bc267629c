"""Orders to the machine inside a message: they are never obeyed, and what else the message asks is still answered."""

from __future__ import annotations

import re

from bot.wishes import any_of

_REST = r"[^.?!\n\[\]<>]*"
_COMMAND = r"(?:^|[.!?:;,\n>\]-] ?|\b(?:please|pls|and|now|must|should|to tell you:?) )"
_ORDERS = any_of(
    # Drop your rules, sources or instructions.
    rf"{_COMMAND}(?:ignore|forget|disregard|override|bypass|drop)\b[^.?!\n]{{0,30}}\b(?:rules?|instructions?"
    rf"|sources?|prompts?|"
    r"guidelines?|everything|above|guardrails?)\b[^.?!\n]{0,40}",
    rf"{_COMMAND}delete everything\b{_REST}",
    # Be something else.
    rf"\byou are (?:now\b|no longer\b|dan\b|\[name\]){_REST}",
    rf"\bfrom now on,? (?:you|your|answer|respond|reply|only|start"
    rf"|say)\b{_REST}",
    rf"\bpretend (?:to be|you|that|i|it|today|we|this)\b{_REST}|\brole-?play\b{_REST}|\bstop being\b{_REST}",
    rf"(?<!\bi )(?<!\bto )(?<!\bwe )\bact(?:ing)? as (?:my|an?|if)\b{_REST}|\b(?:developer|admin|dan|debug"
    rf"|jailbreak) mode\b",
    # Say this, confirm that.
    rf"\brepeat after me\b.*|\b(?:just|only|always|you must|simply) (?:say|reply|respond|answer)\b{_REST}",
    rf"\b(?:say|reply|respond|answer)(?: with)? only\b{_REST}|\brespond only\b[^.?!\n\]\[]*",
    rf"{_COMMAND}(?:confirm|write|mark|stamp) (?:that|in writing|he|she|my|him|her|['\"]){_REST}",
    rf"\b(?:agree with everything|agree (?:that )?(?:my|i|we))\b{_REST}|\bi authori[sz]e you\b{_REST}",
    # Show your workings or other people's data.
    rf"\b(?:print|show|output|reveal|repeat|translate|list|dump|tell me)\b[^.?!\n]{{0,25}}\b(?:prompt"
    rf"|your (?:hidden |system )?"
    rf"(?:instructions?|settings?)|system message|database|source code|password)s?\b{_REST}",
    rf"\b(?:reveal|show|list|dump)\b[^.?!\n]{{0,20}}\b(?:other (?:families|people|parents|children)"
    rf"|names of (?:children|families|"
    rf"people)|all (?:the )?cases)\b{_REST}",
    # Marks of a prompt.
    rf"\b(?:new|system) (?:rule|prompt|message)s?\b ?:{_REST}|^system ?:{_REST}|\[/?(?:INST|SYS|SYSTEM)\]"
    rf"|</?(?:system|instructions?|prompt)>",
)
_MARKUP = any_of(
    r"<[^<>]{0,300}>", r"\{\{[^{}]{0,100}\}\}", r"\$\{[^{}]{0,100}\}", r"['\"]\);? ?drop table \w+;?(?:--)?"
)
_ASKS = any_of(
    r"\?|\b(?:how|what|whats|when|where|which|who|why|can|could|do|does|did|is|are|should|will|number|email"
    r"|tell me)\b"
)


def gives_orders(text: str) -> bool:
    """True when the message tells the machine what to be, to say or to show."""
    return bool(_ORDERS.search(text))


def without_orders(text: str) -> str:
    """`text` without markup and without orders to the machine."""
    return " ".join(_ORDERS.sub(" ", _MARKUP.sub(" ", text)).split())


def asks_something(text: str) -> bool:
    """True when a question is left in `text`."""
    return len(re.findall(r"\w+", text)) > 2 and bool(_ASKS.search(text))
