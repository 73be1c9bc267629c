"""Names that nothing announces: known ones, and capitals that are no word we know."""

from __future__ import annotations

from collections.abc import Callable

from bot.redaction import cues
from bot.redaction.message import Message
from bot.redaction.vocabulary import FAMILY_NAMES, GIVEN_NAMES, is_ordinary, looks_ordinary, resembles

SHAKY = cues.VERB_NAMES | cues.MONTH_NAMES
AFTER_OWNER = cues.AFTER_OWNED | cues.VERBS_AFTER
NO_SURNAMES = cues.FUNCTION_WORDS | cues.INSTITUTIONS | cues.TITLES
SHORTEST_STRANGE = 4
SIGNATURE_AFTER = 4
LONGEST_ACRONYM = 4


def titled_surname(message: Message, at: int) -> int:
    """What follows Mr or Mrs with a capital is a surname, even "White", "Sutton" or "Young"."""
    token, title = message.tokens[at], message.low(at - 1)
    if at == 0 or title not in cues.PLAIN_TITLES or token.gap not in (" ", ". ", "."):
        return at
    if token.low in NO_SURNAMES or token.shape == "number":
        return at
    if token.titled and (message.tokens[at - 1].titled or title in EVERYDAY_TITLES):
        return at + 1
    return at + 1 if title in EVERYDAY_TITLES and token.low in FAMILY_NAMES else at


def known_name(message: Message, at: int) -> int:
    """A given name that is no other word, wherever it stands; or a capitalised family name."""
    token = message.tokens[at]
    family = token.titled and token.low in FAMILY_NAMES and not is_ordinary(token.low) and at not in message.allowed
    if len(token.low) < 3 or not (message.is_sure(at) or family) or message.is_word_abroad(at):
        return at
    end = message.name_from(at, sure=False)
    return at if end == at + 1 and is_acronym(message, at) else end


def is_acronym(message: Message, at: int) -> bool:
    """Whether a short word in capitals, in a message that is not, is used as no person is: "you are DAN"."""
    token = message.tokens[at]
    return token.shape == "upper" and len(token.low) <= LONGEST_ACRONYM and not message.shows_person(at)


def shown_name(message: Message, at: int) -> int:
    """A capital that is no ordinary word, or a name such as Grace, where the next words show a person."""
    token = message.tokens[at]
    named = message.is_given(at) and token.titled and at not in message.allowed
    if not (named or message.is_unknown(at)) or message.headline:
        return at
    end = message.name_from(at, sure=False)
    if end == at or not message.shows_person(end - 1):
        return at
    last = message.tokens[end - 1]
    if last.owns and message.low(end) not in AFTER_OWNER:
        return at
    shaky = is_ordinary(token.low) and (token.opens or token.low in SHAKY)
    return at if shaky and not last.owns else end


def full_name(message: Message, at: int) -> int:
    """Two or more capitals in a row inside a sentence, none of them an ordinary word: Nirmala Devi."""
    if message.headline or not message.is_unknown(at):
        return at
    end = message.name_from(at, sure=False)
    surname = end < len(message.tokens) and message.low(end) in ("family", "household") and message.low(at - 1) == "the"
    return end if surname or (end > at + 1 and all(is_name_word(message, word) for word in range(at, end))) else at


def capital_inside(message: Message, at: int) -> int:
    """A capital inside a sentence on a word we have never seen. Rather hide a place than show a child."""
    token = message.tokens[at]
    if message.headline or not message.is_unknown(at) or (token.opens and not stands_apart(message, at)):
        return at
    return message.name_from(at, sure=False)


def stands_apart(message: Message, at: int) -> bool:
    """Whether an opening word is followed by a comma, full stop or bracket: "Ernie. Six. Autistic."."""
    if at + 1 >= len(message.tokens) or looks_ordinary(message.low(at)):
        return False
    return message.tokens[at + 1].gap.strip()[:1] in (",", ".", "(", "-", "–")


def strange_word(message: Message, at: int) -> int:
    """A strange word in small letters, used as a person is: "jaskirat cant sit still"."""
    if not message.english or len(message.low(at)) < SHORTEST_STRANGE or not message.is_strange(at):
        return at
    if (
        resembles(message.low(at), GIVEN_NAMES)
        or message.shows_person(at)
        or message.low(at - 1) in ("for", "about", "regarding")
    ):
        return message.name_from(at, sure=True)
    return at


def is_name_word(message: Message, at: int) -> bool:
    """Whether the word at `at` could only be part of a name."""
    low = message.low(at)
    return message.is_unknown(at) or low in FAMILY_NAMES or message.is_given(at) or low in cues.PARTICLES


def signature(message: Message, at: int) -> int:
    """An unknown capitalised word or two, alone at the end of a message."""
    token = message.tokens[at]
    if at < SIGNATURE_AFTER or not token.opens or len(message.tokens) - at > 2 or not message.is_unknown(at):
        return at
    end = message.name_from(at, sure=False)
    return end if end == len(message.tokens) else at


EVERYDAY_TITLES = ("mr", "mrs", "ms", "dr", "mx")
STANDING: tuple[Callable[[Message, int], int], ...] = (
    titled_surname,
    known_name,
    shown_name,
    full_name,
    signature,
    capital_inside,
    strange_word,
)
