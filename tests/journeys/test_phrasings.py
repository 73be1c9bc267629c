"""Each phrasing taken out of the index still finds its article: a short form of `askwell eval phrasings`.

The goal is nine in ten; articles that share a subject (MIP for families, for SENCOs, for early years) keep it lower.
"""

from __future__ import annotations

from itertools import islice

from bot.assistant import Assistant
from bot.indexing import cached_encoders
from bot.models import encoders_for
from bot.settings import Settings
from knowledge.article import passages_of
from retrieval.training import trials

ASKED = 300


def test_a_phrasing_taken_out_still_finds_its_article_first_seven_times_in_ten(hounslow: Assistant, settings: Settings):
    passages = passages_of(hounslow.engine.pack.articles)
    english = cached_encoders(settings, encoders_for(settings)).english
    folds = max(len(passage.asked_as) for passage in passages)
    asked = list(islice(trials(passages, english, every=4, folds=folds), 2 * ASKED))
    shown = [trial for trial in asked if not trial.hidden]
    assert len(shown) == ASKED
    assert sum(trial.right_article for trial in shown) / len(shown) >= 0.70
    assert sum(trial.article_within(5) for trial in shown) / len(shown) >= 0.85
    # The control: with its article hidden, a phrasing never finds it.
    assert not any(trial.right_article for trial in asked if trial.hidden)
