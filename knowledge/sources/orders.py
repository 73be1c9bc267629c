"""Words in a document that give a machine orders. They are set aside and reported, never obeyed and never quoted.

Nothing in Askwell acts on a document's words; this keeps such words out of what families read.
"""

from __future__ import annotations

import re
import unicodedata

_MACHINE = r"(?:assistant|chat ?bot|ai|a\.i\.|language model|llm|gpt|model|bot|agent|askwell)"
_READER = r"(?:user|reader|parent|family|human|person|anyone)"
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your|the|other)\b"
    r".{0,30}\b(?:instruction|prompt|rule|guideline|direction|polic|guardrail|safeguard|source|context)\w*"
    rf"|\b(?:you are|act as|pretend to be|behave as|roleplay as)\b.{{0,30}}\b{_MACHINE}\b"
    r"|\b(?:dear|note to|attention|message (?:to|for)|instructions? (?:to|for)|hey|if you are an?)\b"
    rf".{{0,20}}\b{_MACHINE}\b"
    r"|\b(?:system|developer|hidden|secret) (?:prompt|message|instruction)s?\b"
    r"|<\|?(?:im_start|im_end|system|assistant|user)\|?>|\[/?inst\]|^#{0,3} ?(?:system|assistant|user) ?:"
    rf"|\b(?:do not|don't|never) (?:tell|mention|reveal|show|inform|let)\b.{{0,25}}\b{_READER}\b"
    r"|\b(?:respond|reply|answer|output|print|say) (?:only |always |instead |exactly )?(?:with|in the form|by saying)\b"
    rf"|\b(?:when|whenever|if) (?:asked|anyone asks|the user asks|an? {_READER} asks)\b"
    r".{0,60}\b(?:say|tell|reply|answer|respond|give|send)\b"
    r"|\b(?:send|post|forward|exfiltrate|append|upload|leak)\b"
    r".{0,40}\b(?:conversation|chat history|transcript|personal data|system prompt|user's|api key|password)\b"
    r"|\bnew instructions?\b|\bjailbreak\w*|\bdeveloper mode\b|\bas an ai\b|\bprompt injection\b"
    r"|!\[[^\]]*\]\(\s*https?:",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
# Letters that are not seen at all: with them an order could hide from the pattern.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)


def gives_orders(text: str) -> bool:
    """True when `text` speaks to a machine, or tells it what to do."""
    return bool(_ORDERS.search(plain(text)))


def plain(text: str) -> str:
    """`text` as a reader sees it: compatibility letters folded, what has no shape left out, blanks made one."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    kept = "".join(char if char >= " " and char != "\x7f" else " " for char in folded)
    return " ".join(kept.split())


def unseen(text: str) -> int:
    """How many characters of `text` no reader can see: some are ordinary, many carry a message."""
    return len(_UNSEEN.findall(text))
