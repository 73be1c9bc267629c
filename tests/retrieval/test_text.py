"""Words, pairs, 4-grams and windows."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import split_sentences
from retrieval.text import four_grams, stems, windows, words_and_pairs


def test_stop_words_go_and_the_rest_are_stemmed():
    assert stems("Can the schools help my children?") == ["school", "help", "children"]


def test_pairs_follow_the_words():
    assert words_and_pairs("speech therapy wait") == ["speech", "therapi", "wait", "speech therapi", "therapi wait"]


def test_four_grams_mark_the_edges_of_a_word():
    assert four_grams("EHCP") == ["_ehc", "ehcp", "hcp_"]


def test_sentences_are_not_cut_at_abbreviations():
    assert split_sentences("See reg. 5, e.g. the notice. It is short. Is it?") == [
        "See reg. 5, e.g. the notice.",
        "It is short.",
        "Is it?",
    ]


@given(st.text(max_size=300))
def test_any_text_can_be_cut(text: str):
    assert all(isinstance(gram, str) for gram in four_grams(text) + words_and_pairs(text))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_windows_hold_every_sentence_in_order(lengths: list[int]):
    sentences = [" ".join([f"s{number}"] * length) for number, length in enumerate(lengths)]
    cut = windows(sentences)
    assert all(any(sentence in window for window in cut) for sentence in sentences)
    if sum(lengths) <= 150:
        assert len(cut) == 1
