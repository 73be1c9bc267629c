"""What is about something else is told from what a pack is about, and the questions learnt from are no test's."""

from __future__ import annotations

import json
from pathlib import Path

from retrieval.encoders import HashingEncoder
from retrieval.scope import elsewhere, learn, version

GOLDEN = Path(__file__).parents[1] / "golden"
INSIDE = ["does the school bus come to us", "who pays for a special school", "how long does a plan take"]


def test_a_question_of_the_pack_is_inside_and_another_is_not() -> None:
    encoder = HashingEncoder()
    scope = learn(encoder.encode_query(INSIDE), encoder)
    inside, outside = encoder.encode_query(["who pays for the school bus", "how do i bake pancakes"])
    assert scope.outside(inside) < 0.5 < scope.outside(outside)
    assert (scope.encoder, scope.learnt_from) == (encoder.name, version())


def test_no_test_question_is_among_those_learnt_from() -> None:
    others = ("off_topic.txt", "off_topic_fresh.txt", "off_topic_unseen.txt")
    asked = {line.strip().lower() for name in others for line in _lines(name)}
    for name in ("dev_questions.jsonl", "blind_questions.jsonl", "fresh_questions.jsonl"):
        asked |= {json.loads(line)["question"].strip().lower() for line in _lines(name)}
    assert len(elsewhere()) >= 400
    assert asked.isdisjoint(elsewhere())


def _lines(name: str) -> list[str]:
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()
