"""The risk classifier: it learns, survives a save, keeps its promised false alarms, and tells sure from doubt."""

import numpy as np

from knowledge.safeguarding import Example
from retrieval.encoders import HashingEncoder
from retrieval.risk import RiskModel, assess, pieces, surest, threshold_of, train
from retrieval.risk_report import Row, rows

ENCODER = HashingEncoder(128)
RISKY = ["he hits me every night", "she burned the child", "i want to die", "he hurts my sister", "dad beats him"]
PLAIN = ["when is the next surgery", "who runs speech therapy", "how long does a plan take", "bus fare for my son"]


def lesson(text: str, kind: str, group: int, label: str = "ordinary") -> Example:
    return Example(text, kind, "en", f"g{group}", label)


LESSONS = [
    *(lesson(f"{text} {n}", "child_at_risk" if n % 2 else "self_harm", n) for n in range(6) for text in RISKY),
    *(lesson(f"{text} {n}", "", 100 + n) for n in range(12) for text in PLAIN),
    *(lesson(f"these forms hit me hard {n}", "", 200 + n, "lookalike") for n in range(8)),
]


def test_it_tells_what_it_was_shown_and_stays_quiet_otherwise():
    model = train(LESSONS, [ENCODER])
    risk = assess(model, [ENCODER], "he hits me every night")
    assert risk is not None and risk.probability > 0.5
    assert assess(model, [ENCODER], "who runs speech therapy") is None


def test_a_saved_model_says_the_same():
    model = train(LESSONS, [ENCODER])
    again = RiskModel.from_bytes(model.to_bytes())
    vectors = ENCODER.encode_query([example.text for example in LESSONS])
    np.testing.assert_allclose(model.values(vectors), again.values(vectors), rtol=1e-5)
    assert (again.threshold, list(again.encoders)) == (model.threshold, [ENCODER.name])


def test_doubt_reaches_further_than_sure():
    model = train(LESSONS, [ENCODER])
    assert model.doubt <= model.threshold


def test_the_threshold_keeps_both_kinds_of_false_alarm_within_their_share():
    values = np.concatenate([np.full(30, 5.0), np.linspace(-1, 1, 48), np.linspace(0, 2, 8)]).astype(np.float32)
    threshold = threshold_of(values, LESSONS, 0.05, 0.25)
    assert np.mean(values[30:78] >= threshold) <= 0.06
    assert np.mean(values[78:] >= threshold) <= 0.25


def test_a_line_in_a_long_message_is_looked_at_by_itself():
    long = "I want to book a surgery. " * 12 + "He hits me every night. " + "Thank you for your help. " * 6
    cut = pieces(long)
    assert cut[0] == long and any("hits me" in piece and len(piece.split()) < 20 for piece in cut[1:])
    assert pieces("short message") == ["short message"]


def test_the_whole_message_counts_for_more_than_a_part_of_it():
    assert surest(np.array([0.1, 0.2], dtype=np.float32))[1] == 0
    assert surest(np.array([0.1, 0.9], dtype=np.float32))[1] == 1


def test_a_report_counts_by_kind_with_an_interval():
    table = rows(LESSONS, [bool(example.kind) for example in LESSONS])
    assert (table[0].name, table[0].found, table[0].of) == ("all risk", 30, 30)
    assert table[-1].found == 0 and table[-1].of == 8
    low, high = Row("x", 5, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
