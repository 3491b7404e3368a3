"""Candidates among very many articles, and snapshots that are made out of the ones before."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.articles.content import ArticleWording, Content, read_content
from knowledge.search.coarse_finder import CoarseFinder
from knowledge.search.embedder import DIMENSIONS, Vectors
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import IndexEntry, make_entry
from knowledge.search.learning import learn_model
from knowledge.search.learning_process import learn_within_bounds
from knowledge.search.pipeline import rank_near
from knowledge.search.ranking import rank
from knowledge.search.related_articles import find_related
from knowledge.search.snapshot_renewal import (
    apply_model,
    build_merged_base,
    is_crowded,
    rebase,
    renew_snapshot,
)
from knowledge.search.vector_space import fit_space, plain_space
from tests.fakes.embedder import LetterCounts

SHOP = Path(__file__).parents[2] / "data" / "faq" / "shop.jsonl"


def _embed(texts: Sequence[str]) -> Vectors:
    return LetterCounts().embed_queries(texts)


def _entry(key: str, *asked: str, answer: str = ".", revision: int = 1) -> IndexEntry:
    content = Content(variants={"de": ArticleWording(question=asked[0], phrasings=asked[1:], answer=answer)})
    return make_entry(key, revision, content, dict(zip(asked, _embed(asked), strict=True)))


def _shop() -> tuple[dict[str, IndexEntry], list[str]]:
    """The sample shop without the last phrasing of each wording, and those phrasings as questions."""
    entries, questions = dict[str, IndexEntry](), list[str]()
    for line in SHOP.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for wording in article["variants"].values():
            questions.append(wording["phrasings"].pop())
        content = read_content({"variants": article["variants"]})
        vectors = dict(zip(content.asked, _embed(content.asked), strict=True))
        entries[article["key"]] = make_entry(article["key"], 1, content, vectors)
    return entries, questions


def _many(count: int) -> dict[str, IndexEntry]:
    things = ["lampe", "kanne", "decke", "vase", "uhr", "jacke", "matte"]
    return {
        f"a{number}": _entry(f"a{number}", f"was kostet {things[number % 7]} {number * 7919}", f"preis {number * 7919}")
        for number in range(count)
    }


def _empty() -> Snapshot:
    return build_snapshot((), revision=0, space=plain_space())


@pytest.fixture
def at_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few articles are very many."""
    monkeypatch.setattr("knowledge.search.snapshot_renewal.EXACT_UP_TO", 20)
    monkeypatch.setattr("knowledge.search.snapshot_renewal.MERGE_FROM", 5)


def test_candidates_give_the_sample_shop_the_same_first_places_as_a_look_at_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries, questions = _shop()
    exact = renew_snapshot(_empty(), entries, revision=1)
    exact = apply_model(exact, learn_model(exact))
    monkeypatch.setattr("knowledge.search.snapshot_renewal.EXACT_UP_TO", 20)
    monkeypatch.setattr("knowledge.search.coarse_finder._MAX_FOUND", 20)
    coarse = renew_snapshot(_empty(), entries, revision=1)
    coarse = apply_model(coarse, learn_model(exact))
    assert exact.finder is None
    assert coarse.finder is not None
    vectors = _embed(questions)
    firsts = [
        [ranking.candidates[0].article for ranking in rank_near(snapshot, questions, vectors)]
        for snapshot in (exact, coarse)
    ]
    same = [one == other for one, other in zip(*firsts, strict=True)]
    assert np.mean(same) >= 0.95  # letters differ in more directions than meanings do (there it is 0.99)


@pytest.mark.usefixtures("at_scale")
def test_with_as_many_candidates_as_articles_the_ranking_is_the_exact_one() -> None:
    entries, questions = _shop()
    coarse = renew_snapshot(_empty(), entries, revision=1)
    exact = build_snapshot(entries.values(), revision=1, space=coarse.space, rarity=coarse.rarity)
    vectors = _embed(questions)
    assert coarse.narrow(entries).keys == exact.keys
    assert rank(coarse.narrow(entries), questions, vectors) == rank(exact, questions, vectors)


@pytest.mark.usefixtures("at_scale")
def test_an_edit_of_one_article_among_many_shares_the_base_and_is_found_at_once() -> None:
    before = renew_snapshot(_empty(), _many(300), revision=1)
    changed = _entry("a7", "wo finde ich die gebrauchsanweisung")
    after = renew_snapshot(before, {**before.by_key, "a7": changed}, revision=2)
    assert isinstance(before.finder, CoarseFinder)
    assert isinstance(after.finder, CoarseFinder)
    assert after.finder.base is before.finder.base
    text = "gebrauchsanweisung finden"
    assert rank_near(after, [text], _embed([text]))[0].candidates[0].article == "a7"
    assert rank_near(before, [text], _embed([text]))[0].candidates[0].article != "a7"


@pytest.mark.usefixtures("at_scale")
def test_what_is_archived_is_found_no_more_and_old_words_lead_nowhere() -> None:
    before = renew_snapshot(_empty(), _many(300), revision=1)
    text = f"preis {7 * 7919}"
    assert rank_near(before, [text], _embed([text]))[0].candidates[0].article == "a7"
    gone = renew_snapshot(before, {key: entry for key, entry in before.by_key.items() if key != "a7"}, revision=2)
    assert "a7" not in [each.article for each in rank_near(gone, [text], _embed([text]))[0].candidates]
    reworded = renew_snapshot(before, {**before.by_key, "a7": _entry("a7", "völlig anderes")}, revision=2)
    assert rank_near(reworded, [text], _embed([text]))[0].candidates[0].article != "a7"


@pytest.mark.usefixtures("at_scale")
def test_many_changes_are_merged_and_those_that_came_meanwhile_stay() -> None:
    snapshot = renew_snapshot(_empty(), _many(300), revision=1)
    edited = {f"a{number}": _entry(f"a{number}", f"gutschein {number}") for number in range(10)}
    snapshot = renew_snapshot(snapshot, {**snapshot.by_key, **edited}, revision=2)
    assert is_crowded(snapshot)
    base = build_merged_base(snapshot)
    meanwhile = renew_snapshot(snapshot, {**snapshot.by_key, "a11": _entry("a11", "rechnung bezahlen")}, revision=3)
    merged = rebase(meanwhile, base)
    assert isinstance(merged.finder, CoarseFinder)
    assert merged.finder.newer.keys == ("a11",)
    assert merged.revision == 3
    for text, key in (("gutschein 4", "a4"), ("rechnung bezahlen", "a11")):
        assert rank_near(merged, [text], _embed([text]))[0].candidates[0].article == key


@pytest.mark.usefixtures("at_scale")
def test_the_very_words_are_surest_among_many() -> None:
    snapshot = renew_snapshot(_empty(), _many(300), revision=1)
    (ranking,) = rank_near(snapshot, [f"Preis {5 * 7919}?"], _embed([f"Preis {5 * 7919}?"]))
    assert ranking.candidates[0].article == "a5"
    assert ranking.candidates[0].confidence >= 0.97


@pytest.mark.usefixtures("at_scale")
def test_among_many_words_alone_find_what_is_not_embedded() -> None:
    bare = [make_entry(entry.key, 1, entry.content, {}) for entry in _many(300).values()]
    snapshot = renew_snapshot(_empty(), {entry.key: entry for entry in bare}, revision=1)
    text = f"was kostet kanne {8 * 7919}"
    assert rank_near(snapshot, [text], _embed([text]))[0].candidates[0].article == "a8"
    assert len(snapshot.waiting) == 600


@pytest.mark.usefixtures("at_scale")
def test_related_articles_are_found_among_many() -> None:
    snapshot = renew_snapshot(_empty(), _many(300), revision=1)
    related = find_related(snapshot, "a7")
    assert "a7" not in [entry.key for entry in related]
    assert len(related) <= 3
    assert "placed" not in vars(snapshot)


@pytest.mark.usefixtures("at_scale")
def test_told_what_changed_a_snapshot_is_the_same_as_when_it_looks_at_everything() -> None:
    before = renew_snapshot(_empty(), _many(300), revision=1)
    before = renew_snapshot(before, {**before.by_key, "a3": _entry("a3", "gutschein einlösen")}, revision=2)
    unknown = make_entry("a9", 3, Content(variants={"de": ArticleWording(question="nie gesehen", answer=".")}), {})
    entries = {key: entry for key, entry in before.by_key.items() if key != "a5"} | {"a9": unknown}
    told = renew_snapshot(before, entries, revision=3, changed={"a5", "a9"})
    looked = renew_snapshot(before, entries, revision=3)
    assert isinstance(told.finder, CoarseFinder)
    assert isinstance(looked.finder, CoarseFinder)
    assert told.finder.newer.keys == looked.finder.newer.keys == ("a3", "a9")
    assert told.by_key == looked.by_key
    assert told.waiting == looked.waiting == ("nie gesehen",)
    embedded = renew_snapshot(told, {**entries, "a9": _entry("a9", "nie gesehen")}, revision=4, changed={"a9"})
    assert embedded.waiting == ()


def test_an_edit_computes_only_what_is_new() -> None:
    entries, _ = _shop()
    before = renew_snapshot(_empty(), entries, revision=1)
    before = apply_model(before, learn_model(before))
    key = next(iter(entries))
    after = renew_snapshot(before, {**before.by_key, key: _entry(key, "ganz andere frage")}, revision=2)
    afresh = build_snapshot(after.entries, revision=2, space=after.space, head=after.head)
    np.testing.assert_allclose(after.placed, afresh.placed, atol=1e-5)
    assert after.entries[5] is before.by_key[after.entries[5].key]


async def test_of_too_much_the_articles_with_most_phrasings_are_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.snapshot_renewal._LEARN_UP_TO", 1000)
    poor = {f"p{number}": _entry(f"p{number}", f"frage {number}") for number in range(60)}
    rich = {
        f"r{number}": _entry(f"r{number}", *(f"thema {number} auf art {way}" for way in range(9)))
        for number in range(8)
    }
    snapshot = build_snapshot((poor | rich).values(), revision=1, space=plain_space())
    with ThreadPoolExecutor(1) as threads:
        learnt = await learn_within_bounds(snapshot, threads)
        sparse = build_snapshot(poor.values(), revision=1, space=plain_space())
        assert (await learn_within_bounds(sparse, threads)).head is None
    assert learnt.head is not None
    assert set(learnt.head.keys) == set(rich)


def test_half_the_bytes_of_a_vector_change_no_cosine_by_a_thousandth() -> None:
    random = np.random.default_rng(3)
    vectors = (random.standard_normal((200, DIMENSIONS)) + 3).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    space = fit_space(vectors)
    exact, halved = space.place(vectors), space.place(vectors.astype(np.float16).astype(np.float32))
    assert np.abs(exact @ exact.T - halved @ halved.T).max() < 1e-3


def test_what_is_taken_back_is_forgotten_by_the_head_too_and_what_is_added_is_not() -> None:
    shop, _ = _shop()
    learnt = learn_model(renew_snapshot(_empty(), shop, revision=1))
    before = apply_model(renew_snapshot(_empty(), shop, revision=1), learnt)
    first, second = sorted(shop)[:2]
    shorter = _entry(first, *shop[first].phrasings[:-1], revision=2)
    longer = _entry(second, *shop[second].phrasings, "one more way to ask", revision=2)
    after = renew_snapshot(before, shop | {first: shorter, second: longer}, revision=2)

    late = apply_model(after, learnt, since=before)  # learnt from what was there before it was taken back
    for snapshot in (after, late):
        known = {key: column >= 0 for key, column in zip(snapshot.keys, snapshot.learnt.tolist(), strict=True)}
        assert not known.pop(first)
        assert all(known.values())
