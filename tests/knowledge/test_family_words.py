"""Whatever a family reads is there in each of the council's languages, with the same gaps to fill and the same numbers."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from knowledge.pack import PACKS, load_pack

PACK = load_pack(PACKS / "hounslow")
ENGLISH = PACK.phrases.languages["en"]
OTHERS = [code for code in PACK.phrases.languages if code != "en"]
# What only schools, officers or a terminal say; and the long notices made from live settings.
FOR_STAFF = ("apply_", "school_", "ap_", "staff_", "plan_", "mip_", "review_due")
NOTICES = yaml.safe_load((PACKS / "hounslow" / "phrases" / "pages" / "en.about.yaml").read_text(encoding="utf-8"))
GAP, NUMBER = re.compile(r"\{[\w:]+\}"), re.compile(r"\d+")


def family_words(code: str) -> dict[str, str]:
    spoken = PACK.phrases.languages[code]
    words = {**spoken.phrases, **spoken.pages}
    return {key: text for key, text in words.items() if not key.startswith(FOR_STAFF) and key not in NOTICES}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_every_word_and_no_other(code: str) -> None:
    assert family_words(code).keys() == family_words("en").keys()


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_gaps_and_the_numbers_of_the_english(code: str) -> None:
    english = family_words("en")
    for key, text in family_words(code).items():
        assert Counter(GAP.findall(text)) == Counter(GAP.findall(english[key])), key
        assert sorted(NUMBER.findall(text)) == sorted(NUMBER.findall(english[key])), key


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_is_not_the_english_over_again(code: str) -> None:
    english = family_words("en")
    same = [key for key, text in family_words(code).items() if text == english[key] and len(text.split()) > 3]
    assert same == []
