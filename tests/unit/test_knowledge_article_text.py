"""Articles with a title and an answer and no phrasings are found by what the answer says."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search.article_text import MAX_PASSAGE_LENGTH, MAX_PASSAGES, make_text, text_weight
from knowledge.search.calibration import USUAL, ConfidenceSigns, TextSigns, chance_of_choices
from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import IndexEntry, make_entry
from knowledge.search.learning import learn_model
from knowledge.search.lexical import count_pieces
from knowledge.search.passages import split_passages
from knowledge.search.pipeline import rank_near
from knowledge.search.ranking import CLARIFY_FROM, OFFER_FROM_TEXT, SearchOutcome, _beside_best, cover, rank
from knowledge.search.snapshot_renewal import renew_snapshot
from knowledge.search.text_index import build_text_index, count_asked
from knowledge.search.vector_space import plain_space
from tests.fakes.embedder import LetterCounts

OTHER = "All about thing {0}. It is made of wood. Number {0} is blue."
ARTICLES = {
    "rental": ("Boat rental", "Pay at the jetty.\n\n- Rowing boat: 12 € an hour\n- Pedalo: 16 € an hour"),
    "kitchen": ("Kitchen hours", "Warm meals from noon to nine. On Mondays there is soup only."),
    "waste": ("Disposal", "| What | Where |\n|---|---|\n| Altgeräte | Wertstoffhof |\n| Glas | Container |"),
}


def _content(title: str, answer: str, *phrasings: str) -> Content:
    return Content(variants={"en": ArticleWording(question=title, answer=answer, phrasings=phrasings)})


def _entry(key: str, content: Content, *, embedded: bool = True) -> IndexEntry:
    meaning = LetterCounts()
    passages = make_text(content, {}).passages
    known = dict(zip(content.asked, meaning.embed_queries(content.asked), strict=True))
    vectors = dict(zip(passages, meaning.embed_passages(passages), strict=True)) if embedded else {}
    return make_entry(key, 1, content, known, vectors)


def _entries(*, embedded: bool = True) -> list[IndexEntry]:
    return [_entry(key, _content(*told), embedded=embedded) for key, told in ARTICLES.items()]


def _snapshot(*, embedded: bool = True) -> Snapshot:
    return build_snapshot(_entries(embedded=embedded), revision=1, space=plain_space())


def _embed(text: str) -> Vectors:
    return LetterCounts().embed_queries([text])


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("price of a pedalo", "rental"),
        ("soup on monday?", "kitchen"),
        ("wohin mit altgeraeten", "waste"),
        ("ALTGERÄTE", "waste"),
        ("alt\u00adgera\u0308te", "waste"),
    ],
)
def test_the_words_of_an_answer_find_its_article(question: str, article: str, embedded: bool) -> None:
    (ranking,) = rank(_snapshot(embedded=embedded), [question], _embed(question))
    assert ranking.candidates[0].article == article


def test_what_no_article_says_is_not_offered() -> None:
    (ranking,) = rank(_snapshot(), ["xyzzy qwfp"], np.zeros_like(_embed("x")))
    assert ranking.outcome is SearchOutcome.NONE


def test_words_that_no_article_has_take_little_from_those_that_one_has() -> None:
    snapshot = _snapshot()
    covered = cover(snapshot, ["pedalo", "pedalo xyzzy"])
    assert covered[1].max() < 0.7 * covered[0].max()
    alone, among = _beside_best(covered).max(axis=1)
    assert among / alone > 1.3 * covered[1].max() / covered[0].max()


def test_two_close_articles_are_offered_though_neither_is_sure() -> None:
    close, near = (TextSigns(share=share, nearness=2.5, background=0.2, fewness=0.05) for share in (0.4, 0.95))
    signs = ConfidenceSigns(margin=0.1, nearness=0, head=0, text=1, text_of_first=close, text_of_choices=near)
    scattered = replace(signs, text_of_choices=TextSigns(share=0.5, nearness=0.1, background=0.4))
    assert USUAL.confidence(signs) < CLARIFY_FROM
    assert chance_of_choices(scattered) < OFFER_FROM_TEXT <= chance_of_choices(signs)


@pytest.mark.parametrize(
    "weaker",
    [
        TextSigns(share=0.7, nearness=4, background=0.2, fewness=0.05),
        TextSigns(share=0.9, nearness=1, background=0.2, fewness=0.05),
        TextSigns(share=0.9, nearness=4, background=0.8, fewness=0.05),
        TextSigns(share=0.9, nearness=4, background=0.2, fewness=1),
    ],
    ids=["another article is near", "not nearer than by chance", "what nobody's articles say", "the only article"],
)
def test_each_sign_of_the_text_tells(weaker: TextSigns) -> None:
    clear = TextSigns(share=0.9, nearness=4, background=0.2, fewness=0.05)
    signs = ConfidenceSigns(margin=0, nearness=0, head=0, text=1, text_of_first=clear, text_of_choices=clear)
    doubtful = replace(signs, text_of_first=weaker, text_of_choices=weaker)
    assert USUAL.confidence(doubtful) < USUAL.confidence(signs) - 0.03
    assert chance_of_choices(doubtful) < chance_of_choices(signs) - 0.03


def test_beside_a_short_text_a_title_tells_part_of_the_confidence() -> None:
    doubtful = TextSigns(share=0.5, nearness=0, background=0.3, fewness=0.05)
    asked = ConfidenceSigns(margin=2, nearness=0.9, head=0.9, text=0.05, text_of_first=doubtful)
    sure, short, long = (USUAL.confidence(replace(asked, text=weight)) for weight in (0.1, 0.22, 0.5))
    assert sure > short + 0.02 > long + 0.2
    assert USUAL.confidence(asked) == sure


def test_the_more_the_background_is_like_the_passages_the_less_their_nearness_says() -> None:
    entries = [_entry(f"other-{each}", _content(f"Thing {each}", OTHER.format(each))) for each in range(20)]
    few, many = (learn_model(build_snapshot(some, revision=1, space=plain_space())) for some in (entries[:3], entries))
    assert few.calibration.chance_mean != many.calibration.chance_mean
    above = many.calibration.chance_mean + many.calibration.chance_deviation
    assert many.calibration.beyond_chance(above) == pytest.approx(1)


def test_of_a_handful_of_articles_the_titles_tell_nothing() -> None:
    far = TextSigns(share=1, nearness=-1, background=0.4, fewness=0.02)
    ahead = ConfidenceSigns(margin=2, nearness=0.6, head=0.9, text=0.2, text_of_first=far)
    alone = replace(ahead, text_of_first=replace(far, fewness=1))
    assert USUAL.confidence(alone) < 0.5 < USUAL.confidence(ahead)
    assert USUAL.confidence(alone) == USUAL.confidence(replace(alone, text=0.5))


def test_the_more_phrasings_the_less_the_text_counts() -> None:
    weights = [text_weight(8, phrasings) for phrasings in (1, 3, 10, 30)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0.5
    assert weights[-1] == 0


def test_where_phrasings_decide_no_passage_is_embedded() -> None:
    many = _content("Hours", "From nine. To five.", *(f"open {number}" for number in range(20)))
    text = make_text(many, {})
    assert text.weight == 0
    assert text.passages == ()


def test_a_long_answer_has_a_bounded_number_of_bounded_passages() -> None:
    answer = " ".join(f"Sentence number {number} says something." for number in range(200))
    text = make_text(_content("Much", answer), {})
    assert len(split_passages(answer)) == 200
    assert len(text.passages) == MAX_PASSAGES
    assert all(len(passage) <= MAX_PASSAGE_LENGTH for passage in text.passages)


def test_a_new_vector_completes_a_text() -> None:
    text = make_text(_content("Boats", "Rowing. Sailing."), {})
    assert len(text.waiting) == 2
    vectors = dict(zip(text.waiting, LetterCounts().embed_passages(text.waiting), strict=True))
    assert text.completed(vectors).waiting == ()
    assert text.completed({}) is text


def test_of_many_passages_the_nearest_stay() -> None:
    text = _entries()[0].text
    nearest = text.nearest(LetterCounts().embed_passages([text.passages[2]])[0], 1)
    assert nearest.passages == (text.passages[2],)


def test_coverage_is_the_share_of_what_is_asked() -> None:
    index = build_text_index(count_pieces(["rowing boat hire", "warm soup"]))
    covered = index.cover(count_asked(["rowing boat", "soup", "qqqq"]))
    assert covered.shape == (3, 2)
    assert covered[0, 0] > 0.3 > covered[0, 1]
    assert covered[1, 1] > 0.3 > covered[1, 0]
    assert not covered[2].any()


def test_learning_hears_the_passages() -> None:
    snapshot = _snapshot()
    learnt = learn_model(snapshot)
    assert learnt.head is not None
    after = build_snapshot(snapshot.entries, revision=1, space=learnt.space, head=learnt.head)
    (ranking,) = rank(after, ["price of a pedalo"], _embed("price of a pedalo"))
    assert ranking.candidates[0].article == "rental"


def test_among_many_articles_an_answer_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.snapshot_renewal.EXACT_UP_TO", 20)
    others = {f"a{n}": _entry(f"a{n}", _content(f"Thing {n}", OTHER.format(n))) for n in range(60)}
    entries = {**others, **{entry.key: entry for entry in _entries()}}
    empty = build_snapshot((), revision=0, space=plain_space())
    snapshot = renew_snapshot(empty, entries, revision=1)
    assert snapshot.finder is not None
    for question, article in (("price of a pedalo", "rental"), ("soup on monday?", "kitchen")):
        (ranking,) = rank_near(snapshot, [question], _embed(question))
        assert ranking.candidates[0].article == article
    changed = _entry("kitchen", _content("Kitchen hours", "Pancakes are served all day long."))
    renewed = renew_snapshot(snapshot, {**entries, "kitchen": changed}, revision=2, changed={"kitchen"})
    (ranking,) = rank_near(renewed, ["pancakes all day"], _embed("pancakes all day"))
    assert ranking.candidates[0].article == "kitchen"
    assert snapshot.umlauts["altgerate"] == "altgeräte"
