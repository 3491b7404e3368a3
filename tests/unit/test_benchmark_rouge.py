"""ROUGE as the papers count it, by hand."""

import pytest

from benchmarks.rouge import rouge_l, rouge_n, tokens


def test_words_and_numbers_in_lower_case_with_apostrophes_left_out() -> None:
    assert tokens("It doesn't cost 4.50!") == ["it", "doesnt", "cost", "4", "50"]


def test_shared_words_and_pairs_count_as_often_as_both_have_them() -> None:
    found, wanted = ["the", "cat", "the", "mat"], ["the", "cat", "sat"]

    assert rouge_n(found, wanted, 1) == pytest.approx(2 * 2 / (4 + 3))
    assert rouge_n(found, wanted, 2) == pytest.approx(2 * 1 / (3 + 2))
    assert rouge_n([], [], 1) == 0


def test_the_longest_common_subsequence_may_have_gaps() -> None:
    assert rouge_l(["a", "x", "b", "y", "c"], ["a", "b", "c"]) == pytest.approx(2 * 3 / (5 + 3))
    assert rouge_l(["c", "b", "a"], ["a", "b", "c"]) == pytest.approx(2 * 1 / 6)
