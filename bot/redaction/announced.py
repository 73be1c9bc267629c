"""Names in English sentences: what announces them, and lists of them."""

from __future__ import annotations

from collections.abc import Callable

from bot.redaction import cues
from bot.redaction.message import Message, Run
from bot.redaction.standing import SHAKY, STANDING
from bot.redaction.vocabulary import FAMILY_NAMES, is_ordinary, looks_ordinary

LOOK_BACK = 4


def announced_names(message: Message) -> list[Run]:
    """Every name that something in the sentence announces, with the names listed after it."""
    runs: list[Run] = []
    at = 0
    while at < len(message.tokens):
        first = first_run(message, at)
        listed = [first, *runs_listed_after(message, first[1])] if first else []
        runs += listed
        at = max(at + 1, listed[-1][1]) if listed else at + 1
    return runs


def first_run(message: Message, at: int) -> Run | None:
    """The name announced by, or beginning at, the word at `at`."""
    for rule in ANNOUNCING if message.low(at) in ANNOUNCERS else ():
        start, sure = rule(message, at)
        if start and (end := message.name_from(start, sure=sure)) > start:
            return start, end
    for begins in STANDING:
        if (end := begins(message, at)) > at:
            return at, end
    return None


Announcement = tuple[int, bool]
NOTHING: Announcement = (0, False)


def after_family(message: Message, at: int) -> Announcement:
    """My son Adam; my daughter, Zainab; our lad is called kyle; my kids are Tyrone and Shanice."""
    if message.low(at) not in cues.FAMILY_MEMBERS and not is_year_old(message, at):
        return NOTHING
    owned = is_owned(message, at) or message.low(at) in ("dd", "ds")
    start, said = skip_asides(message, at + 1)
    if not message.follows(start) or (message.tokens[at].owns and not said):
        return NOTHING
    if message.tokens[start].opens and is_ordinary(message.low(start)):
        return NOTHING
    if owned and message.tokens[start].titled and message.is_given(start) and not message.headline:
        return start, True
    if message.tokens[start].titled or message.is_sure(start) or said:
        return start, said
    return (start, owned and start == at + 1 and message.tokens[start].gap in (" ", " ("))


def is_owned(message: Message, at: int) -> bool:
    """Whether "my", "our", "his" or the like stands within three words before `at`."""
    return any(message.low(before) in cues.CLOSE_OWNERS for before in range(at - 3, at))


def is_year_old(message: Message, at: int) -> bool:
    """Whether "old" here ends "7 year old"."""
    return message.low(at) == "old" and message.low(at - 1) in ("year", "yr", "yrs", "years", "month")


def after_staff(message: Message, at: int) -> Announcement:
    """The SENCO, Karen Doyle; her social worker is called Ngozi; student: Connor."""
    if message.low(at) not in cues.STAFF:
        return NOTHING
    start, said = skip_asides(message, at + 1)
    if not message.follows(start) or not (message.tokens[start].titled or said or message.is_sure(start)):
        return NOTHING
    return start, said


ASIDES = cues.ASIDES | cues.NAME_WORDS


def skip_asides(message: Message, start: int) -> tuple[int, bool]:
    """Past "is called", "who is", "name is"; and whether a word of naming was among them."""
    said = message.tokens[start - 1].owns and message.low(start) in cues.NAME_WORDS
    for _ in range(3):
        if not message.follows(start) or message.low(start) not in ASIDES:
            break
        said = said or message.low(start) in cues.CALLED or message.low(start) in cues.NAME_WORDS
        start += 1
    return start, said


def after_title(message: Message, at: int) -> Announcement:
    """Mrs Begum, mr singh, Dr. Helen Marsh. A capital after a title is a surname whatever the word."""
    low = message.low(at)
    if low not in cues.TITLES or at + 1 >= len(message.tokens) or message.tokens[at + 1].gap not in (" ", ". ", "."):
        return NOTHING
    plain = low in ("mr", "mrs", "ms", "dr", "mx", "mister")
    titled = message.tokens[at + 1].titled
    if plain or titled or message.is_sure(at + 1):
        return at + 1, plain
    return (at + 1, False) if low == "miss" and message.low(at + 1) in FAMILY_NAMES else NOTHING


def after_name_word(message: Message, at: int) -> Announcement:
    """His name is Kacper; her names lily; surname: Khan; name Ibrahim. Not the name of a school."""
    if message.low(at) not in cues.NAME_WORDS or about_a_thing(message, at, 2):
        return NOTHING
    start = at + 1
    while message.low(start) in ("is", "was", "are", "to", "be") and message.follows(start) and start < at + 3:
        start += 1
    if not message.follows(start):
        return NOTHING
    gap = message.tokens[start].gap.strip()
    owned = is_owned(message, at)
    return start, bool(gap) or start > at + 1 or owned or message.tokens[at].owns


def after_called(message: Message, at: int) -> Announcement:
    """She is called Zainab; hes called tyler; a lady named Ruth. Not "I called the council"."""
    if message.low(at) not in cues.CALLED or not message.follows(at + 1) or about_a_thing(message, at, LOOK_BACK):
        return NOTHING
    before = message.low(at - 1)
    naming = (
        before in ("is", "are", "was", "he", "she", "hes", "shes", "im", "i'm", "am", "be", "being") or before in PEOPLE
    )
    return (at + 1, True) if naming else (at + 1 if message.tokens[at + 1].titled else 0, False)


PEOPLE = cues.FAMILY_MEMBERS | cues.STAFF


def about_a_thing(message: Message, at: int, reach: int) -> bool:
    """Whether the words before `at` are about a school, form or other thing that is called something."""
    return any(message.low(before) in cues.THINGS_CALLED for before in range(max(0, at - reach), at))


def after_introduction(message: Message, at: int) -> Announcement:
    """I'm Sarah; this is Mrs Begum; thanks, Dave; mum of Llewelyn; Dear Priya."""
    words = tuple(spoken(message, place) for place in (at - 1, at))
    if words[1:] not in cues.INTRODUCTIONS and words not in cues.INTRODUCTIONS:
        return NOTHING
    start = at + 1
    signing_off = words[1] in SIGNING_OFF
    if not comes_next(message, start, signing_off):
        return NOTHING
    token = message.tokens[start]
    if not token.titled:
        return (start, True) if introduces_itself(message, start, signing_off) else NOTHING
    if message.is_given(start):
        return NOTHING if token.low in SHAKY and is_ordinary(token.low) else (start, False)
    return NOTHING if message.headline else (start, False)


def comes_next(message: Message, start: int, signing_off: bool) -> bool:
    """Whether the word at `start` goes with the introduction; only a signature may be on the next line."""
    if start >= len(message.tokens):
        return False
    gap = message.tokens[start].gap
    if signing_off and gap.strip() in (".", ""):
        return True
    return "\n" not in gap and gap.strip() in ("", ",", ":", "!", "-", "(")


def introduces_itself(message: Message, start: int, signing_off: bool) -> bool:
    """Whether an unknown word in small letters signs, or says who is writing: "im jit his dad"."""
    token, last = message.tokens[start], start + 1 >= len(message.tokens)
    if token.shape != "lower" or start in message.allowed or looks_ordinary(token.low):
        return False
    if not last and not message.tokens[start + 1].opens and message.low(start + 1) in SURE_AFTER_ONESELF:
        return True
    if not message.is_strange(start):
        return False
    if signing_off:
        return last
    return last or message.tokens[start + 1].opens or message.low(start + 1) in AFTER_ONESELF


SURE_AFTER_ONESELF = ("here", "his", "her", "mum", "dad", "again", "mother", "father", "nan")
AFTER_ONESELF = ("and", "from", "their")
SIGNING_OFF = (
    "regards",
    "wishes",
    "thanks",
    "you",
    "cheers",
    "sincerely",
    "faithfully",
    "love",
    "thx",
    "signed",
)


def spoken(message: Message, at: int) -> str:
    """The word at `at` with its 's back: "it's"."""
    return message.low(at) + "'s" * message.tokens[at].owns if 0 <= at < len(message.tokens) else ""


def after_label(message: Message, at: int) -> Announcement:
    """A form filled in: "child: Jayden Smith", "Student - Connor", "name = Xavier"."""
    if message.low(at) not in cues.NAME_LABELS or at + 1 >= len(message.tokens):
        return NOTHING
    gap = message.tokens[at + 1].gap
    return (at + 1, True) if gap.strip() in (":", "=", "-", "–", ":-") and "\n" not in gap else NOTHING


ANNOUNCING: tuple[Callable[[Message, int], Announcement], ...] = (
    after_title,
    after_name_word,
    after_called,
    after_label,
    after_family,
    after_staff,
    after_introduction,
)


# Every word a rule above can start from: the others are passed over.
ANNOUNCERS = (
    cues.FAMILY_MEMBERS
    | cues.STAFF
    | cues.TITLES
    | cues.NAME_WORDS
    | cues.CALLED
    | cues.NAME_LABELS
    | {phrase[-1].removesuffix("'s") for phrase in cues.INTRODUCTIONS}
    | {"old"}
)


def runs_listed_after(message: Message, end: int) -> list[Run]:
    """The names joined to one that ends at `end` by commas, "and" or "&"."""
    runs: list[Run] = []
    while (start := next_listed(message, end)) >= 0:
        end = message.name_from(start, sure=False)
        if end == start:
            break
        runs.append((start, end))
    return runs


def next_listed(message: Message, end: int) -> int:
    """Where the next name of a list would begin, or -1."""
    if end >= len(message.tokens) or message.tokens[end - 1].owns:
        return -1
    token = message.tokens[end]
    start = end
    if token.low in ("and", "or", "plus", "n") and end + 1 < len(message.tokens) and message.tokens[end + 1].joined:
        start = end + 1
    elif token.gap.strip() not in (",", "&", "/", "+") or "\n" in token.gap:
        return -1
    named = message.tokens[start]
    if message.is_sure(start) or message.is_unknown(start):
        return start
    if not message.is_given(start) or named.low in SHAKY:
        return -1
    return start if named.titled or start > end else -1
