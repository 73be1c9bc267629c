"""Whether a message wants a person, or a place at a surgery, whatever its subject is.

English is read by patterns. The other languages have a few set phrases, not yet checked by speakers.
"""

from __future__ import annotations

import re


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern that finds what any of `patterns` finds, in any case."""
    return re.compile("|".join(patterns), re.IGNORECASE)


_ROLE = (
    r"(?:team|people|office|officer|lead|manager|worker|advis[eo]r|co-?ordinator|panel|council|person|boss"
    r"|scl|head(?: of \w+)?)"
)
_SOMEONE = (
    r"(?:some ?(?:one|body)|any ?(?:one|body)|one of you|you|u"
    r"|an? (?:\w+ ){0,2}(?:human|member of staff|agent|specialist|senco|" + _ROLE + ")"
    r"|(?:the|my|our|his|her|their) (?:[\w'-]+ ){0,5}" + _ROLE + ")"
)
_REACH = (
    r"(?:(?:call|ring|text|contact|meet)(?:ing)?|phon(?:e|ing)|e-?mail(?:ing)?|messag(?:e|ing)|reply(?:ing)? to"
    r"|writ(?:e|ing) to"
    r"|get(?:ting)? (?:back to|in touch(?: with)?)|com(?:e|ing) back to|(?:speak|talk)(?:ing)? (?:to|with)|see)"
)
_US = (
    r"(?:me|us|back|my (?:wife|husband|partner|mum|dad|mother|father|sister|brother|son|daughter)"
    r"|the (?:nursery|school))"
)
_POLITE = r"^(?:please |pls |can (?:you|u) |could you |will you |would you |hi |hello )*"

_PERSON = any_of(
    # Somebody is to reach us: "can someone from the SEN team call me", "get an officer to ring my wife".
    rf"\b(?:can|could|will|would|pls|please|get|ask|have|tell|let|arrange for|want|need|like) (?:for )?{_SOMEONE} "
    rf"(?:\w+ )?(?:to |who can )?(?:please |pls )?{_REACH}\b[^.?!]{{0,12}}\b{_US}\b",
    rf"\b{_SOMEONE} to (?:please )?(?:call|ring|phone|contact|e-?mail|telephone|message) (?:me|us|my)\b",
    r"\b(?:some ?one|some ?body|an officer) (?:in|from|at) (?:[\w-]+ ){1,4}(?:to )?(?:please )?"
    r"(?:get in touch|call|ring|phone|contact|e-?mail) (?!me back\b)",
    rf"\b{_REACH} me\b[^.?!]{{0,20}}\b(?:please|pls|today|tomorrow|asap|urgently)\b",
    r"\b(?:need|want|request|arrange|ask for|please|pls)\b[^.?!]{0,20}\b(?:call|ring|phone)[ -]?back\b",
    # We are to reach somebody: "i want to talk to", "can i speak to an adviser", "speak to advisor".
    r"\b(?:i|we)(?:'d|'m| would| am|d)? ?(?:really |just |rather |only )?(?:want|wanna|need|like|prefer|wish"
    r"|trying|rather|got)"
    r"(?: \w+){0,3} (?:speak|talk|chat)(?:ing)? (?:to|with) (?!the (?:school|senco)\b)",
    rf"\b(?:can|could|may) (?:i|we) (?:please |pls |actually |just )?(?:speak|talk|chat) (?:to|with) {_SOMEONE}",
    r"^(?:hi |hello |please |pls )*(?:speak|talk|chat) (?:to|with) (?:an? |some|the |my |advis[eo]r|human|person)",
    r"\bwho can (?:i|we) actually (?:speak|talk) to\b|\btalk to (?:a )?human\b|\b(?:appointment"
    r"|meeting) to (?:speak|talk)\b",
    r"\b(?:put|connect) me through\b|\b(?:transfer|connect) me (?:to|with)\b",
    # A person and not a machine, or that word alone.
    r"(?<!or a )(?<!you a )\b(?:real|actual|live|human|proper) (?:person|people|human|being|advis[eo]r|someone)\b",
    r"\bnot an? (?:bot|chatbot|computer|robot|machine)\b|\b(?:any ?(?:one|body)|someone) (?:real|human) there\b",
    r"^(?:an? |the )?(?:agent|human|operator|person|advis[eo]r|representative|rep|officer"
    r"|customer services?)(?: please| pls)?[.!?]*$",
    r"\b(?:get|give|find|send) me (?:an? (?:\w+ )?(?:human|person|officer|advis[eo]r)|some ?one|some ?body)\b",
    # Somebody is to act, or to hear of it: "i want a senior to read this", "tell the SEN team", "pass this on".
    rf"\b(?:i|we) (?:really |just )?(?:want|need|would like|'d like) {_SOMEONE} (?:to |who can )(?:\w+ )?"
    r"(?:read|look (?!after)|pick|reply|answer|chase|sort|explain)\b",
    r"\b(?:i|we) (?:want|need) (?:\w+ )?(?:staff\b|(?:an? |the )?(?:senior|service|head|top|higher) [\w ]{0,20}"
    r"(?:manager|officer|person|service|contact|send|sen)\b)",
    r"\b(?:want|need|get|give me) (?:to \w+ to )?(?:some ?one|some ?body) (?:senior|higher|in charge|above)\b"
    r"|^escalate\b",
    r"\b(?:pass|forward|send) (?:this|it|me|my \w+|a message|that|the message)(?: \w+)? ?(?:on|over|along)?(?: to)?\b"
    r"[^.?!]{0,20}\b(?:officer|team|manager|someone|whoever|worker|boss|head|them|her|him)\b",
    rf"{_POLITE}(?:ask|tell|get|msg|message) (?!me\b|us\b)(?:the|my|our|an?|some) ?(?:[\w']+ ){{0,4}}"
    r"(?:team|people|officer|worker|manager|council|someone|somebody|one|body)\b",
    r"\b(?:let|relay|give) (?:the |them|my |this )[\w ]{0,25}\b(?:know (?:i|we|that|she|he)|a message|to (?:the"
    r"|them))\b",
    r"\bin front of (?:them|him|her)\b|\b(?:explain|go through)\b[^.?!]{0,20}\bin person\b",
    r"\b(?:nobody|no one)(?:'s| is| has)? (?:\w+ )?(?:listen|answer|call|got back|help)\w*\b[^?]{0,60}\b(?:want"
    r"|need)\b",
)
# "What is the number of …" asks for a fact, even when it goes on "so that I can talk to someone".
_NUMBER = any_of(
    r"\b(?:what(?:'?s| is)?|which|give me|have you got|got) (?:\w+ ){0,3}(?:number|email|address|mailbox)\b",
    r"\b(?:number|email|address|mailbox)(?: \w+){0,3} (?:for|of)\b",
)
_ELSEWHERE = any_of(
    r"hablar con (?:una persona|alguien|un humano|un funcionario)|falar com (?:uma pessoa|algu[eé]m|um humano)",
    r"parler (?:à|a|avec) (?:une personne|quelqu'un|un humain|un conseiller)|parlare con (?:una persona"
    r"|qualcuno|un operatore)",
    r"(?:vorbesc|vorbi|discut) cu (?:o persoan[aă]|cineva|un om)|(?:po)?rozmawia\w* z (?:człowiekiem|kimś|osobą"
    r"|urzędnikiem)",
    r"la hada?l\w* qof|qof (?:dhab ah|bani'?aadam)|(?:makausap|makipag-usap|kausapin)[^.?!]{0,20}\b(?:tao|tauhan)\b",
    r"говор\w+ с (?:човек|някого|служител)|(?:التحدث|الكلام) (?:مع|إلى) (?:شخص|موظف|إنسان)|[أا]تكلم مع (?:شخص"
    r"|موظف|أحد)",
    r"(?:انسان|شخص|آدمی|بندے) سے بات|با (?:یک )?(?:انسان|نفر|شخص|کسی|مسئول)\S* صحبت|(?:व्यक्ति|इंसान|आदमी"
    r"|किसी) से बात",
    r"(?:व्यक्ति|मान्छे)\S* कुरा|(?:ਵਿਅਕਤੀ|ਬੰਦੇ|ਇਨਸਾਨ|ਕਿਸੇ) ਨਾਲ ਗੱਲ|(?:વ્યક્તિ|માણસ|કોઈ) સાથે વાત|(?:நபரிடம்"
    r"|ஒருவரிடம்|மனிதரிடம்) பேச",
    r"\b(?:insaan|aadmi|bande|kisi|kise) (?:se|naal|nal) (?:baat|gal|gall)\b",
)
_PLACE = any_of(
    r"\b(?:book|booked|booking|rebook|appointment|appt|slot|sign (?:me |us )?up|reserve|put (?:my"
    r"|our) names? down)\b",
)


def wants_a_person(text: str) -> bool:
    """True when the message asks to be put in touch with somebody, rather than for a fact."""
    return bool(_PERSON.search(text) and not _NUMBER.search(text)) or bool(_ELSEWHERE.search(text))


def without_the_wish(text: str) -> str:
    """What is left when the wish for a person is taken out: its subject, often nothing."""
    return " ".join(_ELSEWHERE.sub(" ", _PERSON.sub(" ", text)).split())


def wants_a_place(text: str) -> bool:
    """True when the message speaks of booking, moving or cancelling a place."""
    return bool(_PLACE.search(text))
