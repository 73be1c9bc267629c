"""Words, word pairs and 4-grams: what the lexical index counts."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import Stemmer

_WORD = re.compile(r"\w+", re.UNICODE)
# PyStemmer keeps a cache inside each stemmer and is not safe to share between threads.
_LOCAL = threading.local()

# Words that questions are made of and answers are not told apart by: fewer of them, better BM25.
STOP = frozenset(
    """
    a about above after again all also am an and any are aren't as at be because been before being below between
    both but by can cannot can't could couldn't did didn't do does doesn't doing don't down during each else
    even ever few for from further get gets getting give go goes going got had hadn't has hasn't have haven't
    having he he'd he'll he's her here hers herself him himself his how however i i'd if i'll i'm in into is
    isn't it its it's itself i've just know let like lot make many may me might more most much must my myself
    need no nor not now of off ok on once one only or other our ours out over own please really said same say
    says see shall she she'd she'll she's should so some someone something still such take tell than thank
    thanks that that's the their them then there there's these they they'd they'll they're they've thing things
    think this those though through to told too under until up us very want wants was wasn't way we we'd we'll
    well were we're weren't we've what what's when where whether which while who whom whose why will with won't
    would wouldn't yes yet you you'd you'll your you're yours you've im ive dont cant wont didnt doesnt isnt
    whats hes shes theyre theres thats id ill hi hello hey
    """.split()
)


def fold(text: str) -> str:
    """`text` in lower case, compatibility forms and accents folded, apostrophes straight."""
    text = text.replace("’", "'").replace("‘", "'")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).lower()
    return "".join(char for char in text if not unicodedata.combining(char) or ord(char) > 0x36F)


def words(text: str) -> list[str]:
    """Every word of `text`, folded, in order, stop words too."""
    return _WORD.findall(fold(text).replace("'", ""))


def stems(text: str) -> list[str]:
    """The words that carry meaning, stemmed (Snowball English)."""
    stemmer = getattr(_LOCAL, "stemmer", None)
    if stemmer is None:
        stemmer = _LOCAL.stemmer = Stemmer.Stemmer("english")
    kept = [word for word in words(text) if word not in STOP and (len(word) > 1 or word.isdigit())]
    return [str(stem) for stem in stemmer.stemWords(kept)]


def words_and_pairs(text: str) -> list[str]:
    """Stems, then each adjacent pair of them: `notes` found pairs worth .013 nDCG on government text."""
    single = stems(text)
    return single + [f"{first} {second}" for first, second in pairwise(single)]


def four_grams(text: str) -> list[str]:
    """Overlapping 4-character pieces of each word with its edges marked: what survives a typo."""
    grams = []
    for word in words(text):
        if word in STOP:
            continue
        marked = f"_{word}_"
        grams += [marked[i : i + 4] for i in range(max(1, len(marked) - 3))]
    return grams


def windows(sentences: Sequence[str], size: int = 80, longest: int = 150) -> list[str]:
    """`sentences` as one text, or, past `longest` words, windows of about `size` words, half overlapping."""
    lengths = [len(sentence.split()) for sentence in sentences]
    if sum(lengths) <= longest:
        return [" ".join(sentences)]
    found, start = [], 0
    while start < len(sentences):
        end, total = start, 0
        while end < len(sentences) and (total == 0 or total + lengths[end] <= size):
            total += lengths[end]
            end += 1
        found.append(" ".join(sentences[start:end]))
        if end >= len(sentences):
            break
        start = max(start + 1, start + (end - start + 1) // 2)
    return found
