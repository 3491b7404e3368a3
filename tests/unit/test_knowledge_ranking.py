"""Finding the article: likeness of words, the head, and what a confidence is worth."""

import numpy as np
import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search.embedder import DIMENSIONS, Vectors
from knowledge.search.head import train_head
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import make_entry
from knowledge.search.lexical import build_lexical, count_pieces
from knowledge.search.ranking import SearchOutcome, rank
from knowledge.search.related_articles import find_related
from knowledge.search.vector_space import VectorSpace, fit_space, plain_space
from tests.fakes.embedder import LetterCounts

QUESTIONS = {
    "delivery": ["Wo bleibt mein Paket?", "paket ist nicht angekommen", "wann kommt die lieferung"],
    "returns": ["Wie sende ich etwas zurück?", "ware zurückschicken", "rückgabe eines artikels"],
    "vouchers": ["Wie löse ich einen Gutschein ein?", "gutscheincode eingeben", "rabattcode geht nicht"],
}


def _snapshot(*, embedded: bool = True) -> Snapshot:
    vectors = {text: LetterCounts().embed_queries([text])[0] for texts in QUESTIONS.values() for text in texts}
    entries = [
        make_entry(
            key,
            1,
            Content(variants={"de": ArticleWording(question=texts[0], phrasings=tuple(texts[1:]), answer=".")}),
            vectors if embedded else {},
        )
        for key, texts in QUESTIONS.items()
    ]
    return build_snapshot(entries, revision=1, space=plain_space())


def _embed(text: str) -> Vectors:
    return LetterCounts().embed_queries([text])


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("paket nicht angekommen", "delivery"),
        ("gutscheineinlösung", "vouchers"),  # a compound
        ("ware zuruckschiken", "returns"),  # a typo, and no umlaut
        ("RABATTCODE!!!", "vouchers"),
    ],
)
def test_words_find_their_article_before_and_after_embedding(text: str, article: str, embedded: bool) -> None:
    (ranking,) = rank(_snapshot(embedded=embedded), [text], _embed(text))
    assert ranking.candidates[0].article == article


def test_the_very_words_of_a_phrasing_are_answered_surely() -> None:
    (ranking,) = rank(_snapshot(), ["  WARE zurueckschicken!"], _embed("WARE zurueckschicken!"))
    assert ranking.outcome is SearchOutcome.ANSWER
    assert ranking.candidates[0].article == "returns"
    assert ranking.candidates[0].confidence >= 0.97


def test_candidates_come_in_order_with_probabilities_that_add_up_to_one_at_most() -> None:
    (ranking,) = rank(_snapshot(), ["paket gutschein"], _embed("paket gutschein"))
    confidences = [candidate.confidence for candidate in ranking.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1.001
    assert len(confidences) == len(QUESTIONS)


def test_what_nobody_has_written_about_is_not_answered() -> None:
    (ranking,) = rank(_snapshot(), ["xyzzy qwfp"], _embed("xyzzy qwfp"))
    assert ranking.outcome is SearchOutcome.NONE


def test_an_empty_message_and_an_empty_knowledge_base_are_no_trouble() -> None:
    nothing = build_snapshot((), revision=0, space=plain_space())
    assert rank(nothing, ["hallo"], _embed("hallo"))[0].candidates == ()
    assert rank(_snapshot(), [""], np.zeros((1, DIMENSIONS), np.float32))[0].outcome is SearchOutcome.NONE


def test_several_texts_are_ranked_as_each_alone() -> None:
    texts = ["wo ist mein paket", "gutschein"]
    together = rank(_snapshot(), texts, np.concatenate([_embed(text) for text in texts]))
    assert together == [rank(_snapshot(), [text], _embed(text))[0] for text in texts]


def test_the_head_learns_and_learns_the_same_again() -> None:
    random = np.random.default_rng(1)
    owners = np.repeat(np.arange(4), 30)
    placed = (np.eye(DIMENSIONS, dtype=np.float32)[owners] + random.normal(0, 0.02, (120, DIMENSIONS))).astype(
        np.float32
    )
    head = train_head(placed, owners, ("a", "b", "c", "d"))
    again = train_head(placed, owners, ("a", "b", "c", "d"))
    assert head is not None
    assert again is not None
    assert (head.judge(placed).argmax(axis=1) == owners).all()
    np.testing.assert_array_equal(head.weights, again.weights)
    np.testing.assert_allclose(np.exp(head.judge(placed)).sum(axis=1), 1, rtol=1e-4)


def test_what_belongs_to_the_background_is_taken_from_every_article() -> None:
    random = np.random.default_rng(3)
    corners = np.eye(DIMENSIONS, dtype=np.float32)
    owners = np.repeat(np.arange(2), 20)
    near = random.normal(0, 0.02, (60, DIMENSIONS)).astype(np.float32)
    head = train_head(corners[owners] + near[:40], owners, ("a", "b"), background=corners[[2] * 20] + near[40:])
    assert head is not None
    shares = np.exp(head.judge(corners[:3]))
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-4)
    assert shares.argmax(axis=1).tolist() == [0, 1, 2]
    assert len(head.keys) == 2


def test_one_article_needs_no_head() -> None:
    assert train_head(np.ones((5, DIMENSIONS), np.float32), np.zeros(5, np.intp), ("a",)) is None


def test_an_article_that_the_head_has_not_seen_is_found_at_once() -> None:
    snapshot = _snapshot()
    seen = [entry for entry in snapshot.entries if entry.key != "vouchers"]
    before = build_snapshot(seen, revision=1, space=plain_space())
    head = train_head(before.placed, before.owners, before.keys)
    after = build_snapshot(snapshot.entries, revision=2, space=plain_space(), head=head)
    assert rank(after, ["rabattcode eingeben"], _embed("rabattcode eingeben"))[0].candidates[0].article == "vouchers"


def test_the_space_pulls_texts_apart() -> None:
    random = np.random.default_rng(2)
    cone = random.normal(0, 0.1, (200, DIMENSIONS)).astype(np.float32)
    cone[:, 0] += 5
    cone /= np.linalg.norm(cone, axis=1, keepdims=True)
    placed = fit_space(cone).place(cone)
    assert (cone @ cone.T).mean() > 0.6
    assert abs((placed @ placed.T).mean()) < 0.1


def test_the_space_shortens_what_phrasings_of_one_article_differ_in() -> None:
    random = np.random.default_rng(4)
    owners = np.repeat(np.arange(20), 20)
    vectors = random.normal(0, 0.05, (400, DIMENSIONS)).astype(np.float32)
    vectors[:, 0] += random.normal(0, 1, 20)[owners]  # what tells the articles apart
    vectors[:, 1] += random.normal(0, 1, 400)  # as loud, and says nothing
    told = fit_space(vectors, owners).stretch
    untold = fit_space(vectors).stretch
    assert told[0, 0] / told[1, 1] > 1.5 * untold[0, 0] / untold[1, 1]


def test_the_space_is_evened_out_less_where_texts_tell_alone() -> None:
    random = np.random.default_rng(5)
    vectors = random.normal(0, 0.05, (400, DIMENSIONS)).astype(np.float32)
    vectors[:, 0] += random.normal(0, 1, 400)

    def shortening(space: VectorSpace) -> float:
        return float(np.linalg.norm(space.stretch[0]) / np.linalg.norm(space.stretch[1]))

    assert shortening(fit_space(vectors, text_weight=0.7)) > 1.2 * shortening(fit_space(vectors))


def test_lexical_likeness_is_a_cosine() -> None:
    texts = ["wo ist mein paket", "gutschein einlösen"]
    scores = build_lexical(count_pieces(texts)).compare(count_pieces([*texts, "qqq", ""]))
    np.testing.assert_allclose(np.diag(scores[:2]), 1, rtol=1e-5)
    assert not scores[2:].any()


def test_related_articles_are_others_and_few() -> None:
    related = find_related(_snapshot(), "delivery")
    assert "delivery" not in [entry.key for entry in related]
    assert len(related) <= 3
