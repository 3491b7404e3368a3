"""Putting questions together that mean the same."""

import numpy as np
import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search.clustering import MAX_VECTORS, cluster_vectors, place_across_languages
from knowledge.search.index import build_snapshot
from knowledge.search.index_entry import make_entry
from knowledge.search.vector_space import plain_space
from tests.fakes.embedder import DIMENSIONS, LetterCounts


def towards(*axes: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[list(axes)] = 1
    return vector / np.float32(np.linalg.norm(vector))


def test_questions_that_mean_the_same_are_one_group() -> None:
    found = cluster_vectors(np.stack([towards(0), towards(5), towards(0, 1), towards(5, 6)]), [1, 1, 1, 1])
    assert sorted(sorted(one.rows) for one in found) == [[0, 2], [1, 3]]


def test_the_most_typical_question_comes_first_and_many_customers_weigh_more() -> None:
    vectors = np.stack([towards(0, 1, 2), towards(0, 1), towards(0, 2)])
    assert cluster_vectors(vectors, [1, 1, 1])[0].rows[0] == 0
    assert cluster_vectors(vectors, [1, 50, 1])[0].rows[0] == 1


def test_a_question_without_a_vector_stays_alone() -> None:
    nothing = np.zeros(DIMENSIONS, np.float32)
    assert len(cluster_vectors(np.stack([nothing, nothing, towards(1)]), [1, 1, 1])) == 3


def test_nothing_and_one_are_grouped_too() -> None:
    assert cluster_vectors(np.zeros((0, DIMENSIONS), np.float32), []) == []
    assert [one.rows for one in cluster_vectors(towards(3)[None], [1])] == [(0,)]


def test_more_than_fits_is_refused() -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_VECTORS}"):
        cluster_vectors(np.zeros((MAX_VECTORS + 1, DIMENSIONS), np.float32), [])


def test_what_a_language_adds_is_taken_out() -> None:
    german, english, matter = 100, 200, 300
    known = {
        "de a": towards(german, 1),
        "en a": towards(english, 1),
        "de b": towards(german, 2),
        "en b": towards(english, 2),
    }
    entries = [
        make_entry(
            key,
            1,
            Content(variants={code: ArticleWording(question=f"{code} {key}", answer="-") for code in ("de", "en")}),
            known,
        )
        for key in ("a", "b")
    ]
    snapshot = build_snapshot(entries, revision=1, space=plain_space())
    asked = np.stack([towards(german, matter), towards(english, matter)])
    raw, placed = snapshot.space.place(asked), place_across_languages(snapshot, asked, ["de", "en"])
    assert float(raw[0] @ raw[1]) == pytest.approx(0.5)
    assert float(placed[0] @ placed[1]) > 0.95
    nothing = place_across_languages(snapshot, asked[:0], [])  # nobody has asked anything yet
    assert nothing.shape == (0, placed.shape[1])


def test_one_language_alone_is_left_as_it_is() -> None:
    content = Content(variants={"de": ArticleWording(question="wo ist es", answer="-")})
    vectors = LetterCounts().embed_queries(["wo ist es"])
    snapshot = build_snapshot([make_entry("a", 1, content, {"wo ist es": vectors[0]})], revision=1, space=plain_space())
    assert np.allclose(place_across_languages(snapshot, vectors, ["de"]), snapshot.space.place(vectors))
