"""Pieces of words: counted for many texts in one sweep, packed, and compared."""

import numpy as np
import pytest

from knowledge.search.lexical import BUCKETS, build_lexical, count_pieces, find_rarity, pack, rarity_of, unpack

TEXTS = ["Wo bleibt mein Paket?", "", "?!", "a", "paket paket paket", "zurückschicken", "ab cd", "🙂 Größe", "x" * 500]


def test_texts_counted_together_are_counted_as_each_alone() -> None:
    together = count_pieces(TEXTS)
    assert together.shape == (len(TEXTS), BUCKETS)
    for row, text in enumerate(TEXTS):
        alone = count_pieces([text])
        np.testing.assert_array_equal(together[[row]].indices, alone.indices)
        np.testing.assert_allclose(together[[row]].data, alone.data)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", 0),
        ("?!", 0),
        ("a", 1 + 1),  # " a ", and the word
        ("ab", 2 + 1 + 1),  # " ab", "ab ", " ab ", and the word
        ("ab cd", 2 * (2 + 1 + 1)),  # no piece reaches over the gap
    ],
)
def test_pieces_have_three_to_five_letters_and_stay_within_a_word(text: str, pieces: int) -> None:
    assert count_pieces([text]).nnz == pieces


def test_what_occurs_again_counts_a_little_more_and_a_whole_word_half_as_much_again() -> None:
    once, thrice = count_pieces(["paket"]), count_pieces(["paket paket paket"])
    assert sorted(set(once.data.tolist())) == [1.0, 1.5]
    np.testing.assert_allclose(sorted(set(thrice.data.tolist())), [1.5, 1 + np.log(3)], rtol=1e-6)
    np.testing.assert_array_equal(once.indices, thrice.indices)


def test_packed_pieces_are_the_same_again() -> None:
    pieces = count_pieces(TEXTS)
    again = unpack(pack(pieces), np.diff(pieces.indptr))
    np.testing.assert_array_equal(again.indices, pieces.indices)
    np.testing.assert_array_equal(again.indptr, pieces.indptr)
    np.testing.assert_allclose(again.data, pieces.data, atol=1 / 256)


def test_many_texts_are_compared_as_few_are() -> None:
    index = build_lexical(count_pieces(["wo ist mein paket", "gutschein einlösen", "paket verloren"]))
    asked = [f"wo ist paket {number}" for number in range(12)]
    together = index.compare(count_pieces(asked))
    for row, text in enumerate(asked):
        np.testing.assert_allclose(together[row], index.compare(count_pieces([text]))[0], atol=1e-6)


def test_one_comparison_leaves_nothing_behind_for_the_next() -> None:
    index = build_lexical(count_pieces(["wo ist mein paket", "gutschein einlösen"]))
    first = index.compare(count_pieces(["mein paket"]))
    index.compare(count_pieces(["gutschein"]))
    np.testing.assert_array_equal(index.compare(count_pieces(["mein paket"])), first)


@pytest.mark.parametrize("kinds", [3, BUCKETS // 4])
def test_the_rarity_of_pieces_is_the_same_whether_few_or_most_of_them_occur(kinds: int) -> None:
    holders = np.zeros(BUCKETS, np.intp)
    holders[np.arange(kinds) * 3] = np.arange(kinds) % 5 + 1
    asked = np.array([BUCKETS - 1, 3, 1, 0, 3], np.int32)
    np.testing.assert_array_equal(rarity_of(holders, 10).of(asked), find_rarity(holders, 10)[asked])


def test_without_any_piece_all_are_as_rare() -> None:
    rarity = rarity_of(np.zeros(BUCKETS, np.intp), 0)
    np.testing.assert_array_equal(rarity.of(np.array([7, 1], np.int32)), [1.0, 1.0])
