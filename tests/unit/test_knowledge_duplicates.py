"""Articles that say nearly the same, and phrasings that two of them claim."""

import numpy as np
import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search import duplicates
from knowledge.search.duplicates import find_neighbours, find_pairs
from knowledge.search.embedder import DIMENSIONS, SHARED_DIMENSIONS
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import make_entry
from knowledge.search.vector_space import VectorSpace
from tests.fakes.embedder import LetterCounts

MEANING = LetterCounts()
SPACE = VectorSpace(
    centre=np.zeros(DIMENSIONS, np.float32),
    stretch=2 * np.eye(DIMENSIONS, dtype=np.float32),
    shared=SHARED_DIMENSIONS,
    passage_centre=np.zeros(DIMENSIONS, np.float32),
)


def published(**articles: tuple[str, ...]) -> Snapshot:
    entries = [
        make_entry(
            key,
            1,
            Content(variants={"de": ArticleWording(question=asked[0], phrasings=asked[1:], answer="-")}),
            dict(zip(asked, MEANING.embed_queries(asked), strict=True)),
        )
        for key, asked in articles.items()
    ]
    return build_snapshot(entries, revision=1, space=SPACE)


def neighbours(snapshot: Snapshot, key: str, *phrasings: str) -> dict[str, list[tuple[str, str, bool]]]:
    found = find_neighbours(snapshot, key, phrasings, MEANING.embed_queries(phrasings))
    return {one.article: [(clash.mine, clash.theirs, clash.same) for clash in one.clashes] for one in found}


def test_a_draft_that_repeats_an_article_names_it() -> None:
    snapshot = published(parcel=("wo bleibt mein paket", "paket nicht da"), colour=("welche farben gibt es",))
    found = find_neighbours(snapshot, "new", ["wo ist mein paket"], MEANING.embed_queries(["wo ist mein paket"]))
    assert [(one.article, one.near) for one in found] == [("parcel", True)]


def test_the_same_words_clash_whatever_their_punctuation() -> None:
    snapshot = published(parcel=("Wo bleibt mein Paket?", "etwas ganz anderes"))
    assert neighbours(snapshot, "new", "wo bleibt mein paket") == {
        "parcel": [("wo bleibt mein paket", "Wo bleibt mein Paket?", True)]
    }


def test_a_phrasing_that_sounds_like_another_is_shown_with_it() -> None:
    snapshot = published(parcel=("wo bleibt mein paket",))
    assert neighbours(snapshot, "new", "wo bleibt mein pakett denn") == {
        "parcel": [("wo bleibt mein pakett denn", "wo bleibt mein paket", False)]
    }


def test_an_article_is_not_its_own_neighbour() -> None:
    snapshot = published(parcel=("wo bleibt mein paket",), colour=("welche farben gibt es",))
    assert neighbours(snapshot, "parcel", "wo bleibt mein paket") == {}


def test_nothing_written_and_nothing_published_have_no_neighbours() -> None:
    assert find_neighbours(published(), "new", ["a"], MEANING.embed_queries(["a"])) == []
    assert neighbours(published(parcel=("wo",)), "new") == {}


def test_all_pairs_of_articles_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_AT_ONCE", 2)
    snapshot = published(
        a=("wo bleibt mein paket",), b=("welche farben gibt es",), c=("wo bleibt mein paket jetzt",), d=("zzz",)
    )
    assert [(pair.first, pair.second) for pair in find_pairs(snapshot)] == [("a", "c")]


def test_too_many_articles_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MAX_ARTICLES", 1)
    with pytest.raises(ValueError, match="at most 1"):
        find_pairs(published(a=("x",), b=("y",)))
