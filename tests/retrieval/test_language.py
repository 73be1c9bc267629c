"""Which language a message is in: scripts, short questions, acronyms, romanised text."""

import json
from pathlib import Path

import pytest

from retrieval.language import detect

SPOKEN = tuple("en pa ur hi pl ro so ar gu ne pt es bg it fr ta fa tl".split())
GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize(
    "text", ["ehcp", "carer", "dla rates", "PIP?", "mip start date", "send surgery appt", "1:1 TA", "", "!!"]
)
def test_short_english_stays_english(text: str):
    assert detect(text, SPOKEN) == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mera beta school nahi jata, kya karun", "ur"),
        ("mundey nu school vich madad chahidi hai", "pa"),
        ("ਮਦਦ", "pa"),
        ("مدد چاہیے", "ur"),
        ("كيف أطلب المساعدة", "ar"),
        ("چگونه کمک بگیرم", "fa"),
    ],
)
def test_scripts_and_romanised_words(text: str, code: str):
    assert detect(text, SPOKEN) == code


def test_a_language_the_pack_does_not_speak_falls_back():
    assert detect("ਮਦਦ ਚਾਹੀਦੀ ਹੈ", ("en", "pl")) == "en"


def test_the_golden_sets_are_told_right_nineteen_times_in_twenty():
    rows = [
        json.loads(line)
        for name in ("dev_questions.jsonl", "blind_questions.jsonl")
        for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    ]
    foreign = [row for row in rows if row["language"] != "en"]
    english = [row for row in rows if row["language"] == "en"]
    for group, share in ((foreign, 0.95), (english, 0.985)):
        wrong = [
            (row["id"], detect(row["question"], SPOKEN))
            for row in group
            if detect(row["question"], SPOKEN) != row["language"]
        ]
        assert len(wrong) <= (1 - share) * len(group), wrong
