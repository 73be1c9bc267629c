"""The gate before the risk classifier: it spares the plainly ordinary, and lets through whatever comes near a risk."""

from knowledge.safeguarding import Example
from retrieval.encoders import HashingEncoder
from retrieval.risk_gate import plainly_ordinary, train_gate

ENCODER = HashingEncoder(128)
RISKY = ["he hits me every night", "she burned the child", "i want to die", "he hurts my sister", "dad beats him"]
PLAIN = ["when is the next surgery", "who runs speech therapy", "how long does a plan take", "bus fare for my son"]
LESSONS = [
    *(
        Example(f"{text} {n}", "child_at_risk" if n % 2 else "self_harm", "en", f"r{n}", "risk")
        for n in range(6)
        for text in RISKY
    ),
    *(Example(f"{text} {n}", "", "en", f"p{n}", "ordinary") for n in range(12) for text in PLAIN),
]
GATE = train_gate(LESSONS, ENCODER, missed=0.04)


def test_what_is_plainly_ordinary_goes_no_further_and_what_comes_near_a_risk_does():
    assert GATE is not None
    assert all(plainly_ordinary(GATE, ENCODER, text) for text in PLAIN)
    assert not any(plainly_ordinary(GATE, ENCODER, text) for text in RISKY)


def test_one_line_of_a_long_ordinary_message_is_enough_to_be_read_on():
    assert GATE is not None
    story = " ".join(f"{text}." for text in PLAIN * 4)
    assert plainly_ordinary(GATE, ENCODER, story)
    assert not plainly_ordinary(GATE, ENCODER, f"{story} He hits me every night. {story}")


def test_with_too_few_risk_messages_to_know_there_is_no_gate():
    assert train_gate(LESSONS, ENCODER) is None
