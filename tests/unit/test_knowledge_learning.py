"""Learning from a snapshot, and the exams that tell what a confidence is worth."""

import asyncio
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search import learning_process
from knowledge.search.background import read_sentences, read_vectors
from knowledge.search.cross_validation import BackgroundMessages, ValidationFold, make_validation_folds
from knowledge.search.embedder import DIMENSIONS, ThreeModels, Vectors
from knowledge.search.head import Head
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import make_entry
from knowledge.search.learning import LearnedModel, learn_model, pack_model, unpack_model
from knowledge.search.lexical import count_pieces
from knowledge.search.ranking import Ranking, rank
from knowledge.search.vector_space import VectorSpace, plain_space
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually

THINGS = ("paket", "gutschein", "rechnung", "passwort", "konto", "umtausch", "filiale", "garantie")
ASKED = ("wo ist {}", "was ist mit {}", "hilfe zu {}", "frage {}", "{} geht nicht", "{} fehlt", "ändern {}", "mein {}")
MEANING = LetterCounts()


def _snapshot(phrasings: int = len(ASKED)) -> Snapshot:
    asked = {thing: [form.format(thing) for form in ASKED[:phrasings]] for thing in THINGS}
    known = {text: MEANING.embed_queries([text])[0] for texts in asked.values() for text in texts}
    return build_snapshot(
        [
            make_entry(
                key,
                1,
                Content(variants={"de": ArticleWording(question=texts[0], phrasings=tuple(texts[1:]), answer=".")}),
                known,
            )
            for key, texts in asked.items()
        ],
        revision=1,
        space=plain_space(),
    )


def _study(snapshot: Snapshot, background: Vectors) -> tuple[VectorSpace, Head | None]:
    return plain_space(), None


def _exams(snapshot: Snapshot) -> list[ValidationFold]:
    texts = ["guten tag", "danke", "wer bist du", "tschüss", "mir ist langweilig", "hallo"] * 5
    background = BackgroundMessages(texts=texts, vectors=MEANING.embed_queries(texts), pieces=count_pieces(texts))
    return list(make_validation_folds(snapshot, background, _study))


def test_an_exam_asks_only_what_was_held_back() -> None:
    snapshot = _snapshot()
    for exam in _exams(snapshot):
        told = {tuple(row) for row in exam.snapshot.vectors.round(3).tolist()}
        assert not told & {tuple(row) for row in exam.vectors.round(3).tolist()}
        assert exam.snapshot.lexical.compare(exam.pieces).shape == (len(exam.expected), len(exam.snapshot.owners))


def test_an_exam_knows_the_right_article_or_that_there_is_none() -> None:
    snapshot = _snapshot()
    owner = {
        tuple(row): snapshot.keys[column]
        for row, column in zip(snapshot.vectors.tolist(), snapshot.owners, strict=True)
    }
    seen = 0
    for exam in _exams(snapshot):
        for row, expected in zip(exam.vectors.tolist(), exam.expected.tolist(), strict=True):
            key = owner.get(tuple(row))
            seen += expected >= 0
            assert exam.snapshot.keys[expected] == key if expected >= 0 else key not in exam.snapshot.keys
    assert seen > 10


def test_no_article_loses_its_only_phrasing() -> None:
    for exam in _exams(_snapshot(phrasings=1)):
        assert (exam.expected < 0).all()


def test_what_was_learnt_can_be_kept_and_judges_the_same() -> None:
    snapshot = _snapshot()
    learnt = learn_model(snapshot)
    again = unpack_model(pack_model(learnt))
    assert learnt.head is not None
    assert _ranked(snapshot, learnt) == _ranked(snapshot, again)


def _ranked(snapshot: Snapshot, learnt: LearnedModel) -> list[Ranking]:
    texts = ["ist mein paket weg", "neues passwort", "guten morgen"]
    judged = build_snapshot(
        snapshot.entries, revision=1, space=learnt.space, head=learnt.head, calibration=learnt.calibration
    )
    return rank(judged, texts, MEANING.embed_queries(texts))


def test_the_same_articles_teach_the_same() -> None:
    first, second = pack_model(learn_model(_snapshot())), pack_model(learn_model(_snapshot()))
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


def test_an_empty_knowledge_base_teaches_nothing() -> None:
    learnt = learn_model(build_snapshot((), revision=0, space=plain_space()))
    assert learnt.head is None


def test_the_background_has_a_vector_for_each_sentence_and_no_sentence_twice() -> None:
    sentences = read_sentences()
    assert read_vectors().shape == (len(sentences), DIMENSIONS)
    assert len(set(sentences)) == len(sentences) >= 200
    assert all(sentence.strip() for sentence in sentences)


@pytest.mark.slow
def test_the_vectors_of_the_background_are_of_these_sentences(three_models: ThreeModels) -> None:
    made = three_models.embed_queries(read_sentences())
    np.testing.assert_allclose(made, read_vectors(), atol=0.01)


async def test_another_process_learns_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = _snapshot()
    monkeypatch.setattr(learning_process, "_APART_FROM", 0)
    with ThreadPoolExecutor(1) as threads:
        apart = await learning_process.learn_within_bounds(snapshot, threads)
    here = learn_model(snapshot)
    assert pack_model(apart).keys() == pack_model(here).keys()
    # Not number by number: so few texts leave directions open that a processor's rounding chooses.
    for one, other in zip(_ranked(snapshot, apart), _ranked(snapshot, here), strict=True):
        assert one.outcome == other.outcome
        assert one.candidates[0].article == other.candidates[0].article
        assert one.candidates[0].confidence == pytest.approx(other.candidates[0].confidence, abs=0.05)


async def test_a_process_that_learns_nothing_says_how_it_ended() -> None:
    with pytest.raises(learning_process.LearningFailed, match="ended with status 1"):
        await learning_process._learn_apart(b"no snapshot")


async def test_a_process_that_nobody_waits_for_ends() -> None:
    before = set(psutil.Process().children())
    learning = asyncio.create_task(learning_process._learn_apart(pickle.dumps(_snapshot())))
    (started,) = await eventually(lambda: _children(before), "a process")
    learning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await learning
    assert not started.is_running()


async def _children(before: set[psutil.Process]) -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child not in before]
