"""A knowledge base of one article, or of a handful, says what it has, and that it has nothing else."""

from collections.abc import Callable, Mapping

import pytest

from knowledge.articles.content import ArticleWording, Content
from knowledge.search.article_text import make_text
from knowledge.search.embedder import ThreeModels
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import make_entry
from knowledge.search.learning import learn_model
from knowledge.search.pipeline import rank_near
from knowledge.search.ranking import Ranking, SearchOutcome
from knowledge.search.vector_space import plain_space

type Ask = Callable[[Snapshot, str], Ranking]

BAKERY = {
    "hours": (
        "Wann der Laden auf ist",
        "Montag bis Freitag von 6 bis 18 Uhr, samstags bis 13 Uhr. Am Sonntag backen wir von 8 bis 11 Uhr Brötchen.",
    ),
    "cakes": (
        "Torten bestellen",
        "Bestellen Sie Torten drei Tage vorher am Telefon. Eine Hochzeitstorte braucht zwei Wochen. Wir liefern nicht.",
    ),
    "allergens": (
        "Zutaten und Allergene",
        "Die Mappe mit allen Zutaten liegt an der Theke. Ohne Gluten backen wir nur das Maisbrot. Nüsse sind überall.",
    ),
}
FOREIGN = ("wer hat gestern gewonnen", "mein fernseher hat kein bild", "was kostet eine fahrkarte nach hamburg")


@pytest.fixture(scope="module")
def ask(three_models: ThreeModels) -> Ask:
    def asked(snapshot: Snapshot, text: str) -> Ranking:
        return rank_near(snapshot, [text], three_models.embed_queries([text]))[0]

    return asked


def _learnt(embedder: ThreeModels, articles: Mapping[str, tuple[str, str]]) -> Snapshot:
    entries = []
    for key, (title, answer) in articles.items():
        content = Content(variants={"de": ArticleWording(question=title, answer=answer)})
        passages = make_text(content, {}).passages
        asked = dict(zip(content.asked, embedder.embed_queries(content.asked), strict=True))
        said = dict(zip(passages, embedder.embed_passages(passages), strict=True))
        entries.append(make_entry(key, 1, content, asked, said))
    learnt = learn_model(build_snapshot(entries, revision=1, space=plain_space()))
    return build_snapshot(entries, revision=1, space=learnt.space, head=learnt.head, calibration=learnt.calibration)


@pytest.fixture(scope="module")
def one(three_models: ThreeModels) -> Snapshot:
    return _learnt(three_models, {"hours": BAKERY["hours"]})


@pytest.fixture(scope="module")
def few(three_models: ThreeModels) -> Snapshot:
    return _learnt(three_models, BAKERY)


@pytest.mark.parametrize("text", ["habt ihr sonntag offen", "bis wann ist samstags auf"])
def test_the_only_article_answers_what_it_says(ask: Ask, one: Snapshot, text: str) -> None:
    assert ask(one, text).outcome is SearchOutcome.ANSWER


def test_the_only_article_is_no_answer_to_everything(ask: Ask, one: Snapshot) -> None:
    outcomes = [ask(one, text).outcome for text in FOREIGN]
    assert SearchOutcome.ANSWER not in outcomes
    assert outcomes.count(SearchOutcome.NONE) >= 2


@pytest.mark.parametrize(
    ("text", "article"),
    [("habt ihr sonntag offen", "hours"), ("brauche eine hochzeitstorte", "cakes"), ("brot ohne gluten", "allergens")],
)
def test_each_of_a_few_articles_is_found(ask: Ask, few: Snapshot, text: str, article: str) -> None:
    ranking = ask(few, text)
    assert ranking.candidates[0].article == article
    assert ranking.outcome is SearchOutcome.ANSWER


@pytest.mark.parametrize("text", FOREIGN)
def test_of_a_few_articles_none_answers_what_is_foreign(ask: Ask, few: Snapshot, text: str) -> None:
    assert ask(few, text).outcome is not SearchOutcome.ANSWER
