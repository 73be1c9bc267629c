"""Which language a message is in: script first, then py3langid among the languages the pack speaks."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from retrieval.text import STOP, words

_SCRIPTS = (
    ("pa", re.compile(r"[\u0A00-\u0A7F]")),
    ("gu", re.compile(r"[\u0A80-\u0AFF]")),
    ("ta", re.compile(r"[\u0B80-\u0BFF]")),
    ("bg", re.compile(r"[\u0400-\u04FF]")),
)
_ARABIC = re.compile(r"[\u0600-\u06FF\u0750-\u077F]")
_URDU = re.compile(r"[ٹڈڑںےھہۓ]")
_PERSIAN = re.compile(r"[پچژگکی]")
_DEVANAGARI = re.compile(r"[\u0900-\u097F]")
_NEPALI = re.compile(r"छ|लाई|हरू|हरु|गर्न|मेरो|हाम्रो|तपाईं|पाउ|कसरी|भन|को लागि|सक्छ|हुन्छ|छोरा|छोरी|उनी")
_HINDI = re.compile(r"है|हैं|मेरा|मेरी|मेरे|क्या|कैसे|में|नहीं|चाहिए|बेटा|बेटी|बेटे|के लिए|हूँ|कौन")
# A question of English words may still be short or full of acronyms; these settle it.
_ENGLISH = STOP | {"my", "son", "daughter", "child", "school", "help", "plan", "number", "for", "is", "the", "how"}
_ROMANISED = {
    "pa": frozenset(
        """
        puttar mundey munde munda kudi kuri mainu menu sanu tuhanu tusi kiven kida kithe chahida
        chahidi bacche nu vich lai hega haiga sada saadi
        """.split()
    ),
    "ur": frozenset(
        """
        mera meri mere beta beti bacha bachay bachi kya kaise kahan hai hain nahi nahin chahiye
        karna karun mujhe hamare hamara liye madad kaun kab kyun aur apne
        """.split()
    ),
}


@lru_cache(maxsize=4)
def _identifier(codes: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  unpacks a model

    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(list(codes))
    # Made again from what is left: the first one holds on to the table of all 140 languages, 28 MB.
    return LanguageIdentifier(
        every.nb_ptc,
        every.nb_pc,
        every.nb_classes,
        _on_disk(every.tk_nextmove),
        every.tk_output,
        norm_probs=True,
        tk_row=every.tk_row,
    )


def _on_disk(table: Any) -> Any:
    """The numbers of an `array` in a file that is gone with the process: of 40 MB few are ever looked at."""
    with tempfile.TemporaryFile() as file:
        file.write(memoryview(table).cast("B"))
        file.flush()
        seen = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hasattr(mmap, "MADV_RANDOM"):
        seen.madvise(mmap.MADV_RANDOM)
    return memoryview(seen).cast(table.typecode)


def detect(text: str, languages: Sequence[str], otherwise: str = "en") -> str:
    """The ISO 639-1 code of `text`, one of `languages`; `otherwise` when it is too short to tell.

    Scripts decide before statistics do. Fewer than four Latin words stay with `otherwise`, since
    identification called half of two-word English questions foreign ("carer": Italian).
    """
    code = _by_script(text) or _by_words(text, languages, otherwise)
    return code if code in languages else otherwise


def _by_script(text: str) -> str | None:
    letters = sum(char.isalpha() for char in text) or 1
    for code, pattern in _SCRIPTS:
        if len(pattern.findall(text)) / letters > 0.25:
            return code
    if len(_DEVANAGARI.findall(text)) / letters > 0.25:
        return "ne" if len(_NEPALI.findall(text)) > len(_HINDI.findall(text)) else "hi"
    if len(_ARABIC.findall(text)) / letters > 0.25:
        if _URDU.search(text):
            return "ur"
        return "fa" if _PERSIAN.search(text) else "ar"
    return None


def _by_words(text: str, languages: Sequence[str], otherwise: str) -> str:
    said = words(text)
    for code, known in _ROMANISED.items():
        if sum(word in known for word in said) >= max(2, len(said) // 4):
            return code
    if len(said) < 4:
        return otherwise
    english = sum(word in _ENGLISH for word in said) / len(said)
    if english >= 0.34:
        return "en"
    latin = tuple(code for code in languages if code in {"en", "pl", "ro", "so", "pt", "es", "it", "fr", "tl"})
    code, sure = _identifier(latin).classify(text) if latin else (otherwise, 0.0)
    return str(code) if sure > 0.6 else otherwise
