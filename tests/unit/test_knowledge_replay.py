"""What a draft does to a question, judged by what customers said of the answers."""

import pytest

from knowledge.message.replay import (
    NewAmbiguity,
    ReplayEffect,
    ReplayQuestion,
    ReplayReply,
    assess_question,
    compare_replies,
)
from knowledge.search.ranking import SearchOutcome

NOTHING = ReplayReply(outcome=SearchOutcome.NONE, confidence=0.1)


def answer(article: str) -> ReplayReply:
    return ReplayReply(outcome=SearchOutcome.ANSWER, confidence=0.8, offered=(article,))


def asks(*articles: str) -> ReplayReply:
    return ReplayReply(outcome=SearchOutcome.CLARIFY, confidence=0.4, offered=articles)


def asked(
    *, failed: int = 0, helped: str = "", unhelped: str = "", text: str = "wo?", customers: int = 1
) -> ReplayQuestion:
    return ReplayQuestion(
        text=text,
        language="de",
        customers=customers,
        failed=failed,
        helped={helped: 2} if helped else {},
        unhelped={unhelped: 2} if unhelped else {},
    )


@pytest.mark.parametrize(
    ("question", "before", "after", "kind"),
    [
        (asked(helped="old"), answer("old"), answer("new"), ReplayEffect.WORSE),
        (asked(helped="old"), answer("old"), asks("new", "old"), ReplayEffect.WORSE),
        (asked(helped="old"), answer("old"), NOTHING, ReplayEffect.WORSE),
        (asked(), answer("old"), NOTHING, ReplayEffect.WORSE),
        (asked(unhelped="old"), answer("old"), NOTHING, ReplayEffect.DIFFERENT),
        (asked(), asks("old", "third"), NOTHING, ReplayEffect.DIFFERENT),
        (asked(unhelped="new"), answer("old"), answer("new"), ReplayEffect.WORSE),
        (asked(), answer("old"), asks("new", "old"), ReplayEffect.UNCLEAR),
        (asked(failed=1), NOTHING, answer("new"), ReplayEffect.BETTER),
        (asked(), NOTHING, answer("new"), ReplayEffect.BETTER),
        (asked(failed=2, unhelped="old"), answer("old"), answer("new"), ReplayEffect.BETTER),
        (asked(helped="new"), asks("old", "new"), answer("new"), ReplayEffect.BETTER),
        (asked(), answer("old"), answer("new"), ReplayEffect.DIFFERENT),
        (asked(), asks("old", "third"), answer("new"), ReplayEffect.DIFFERENT),
        (asked(), NOTHING, asks("new", "old"), ReplayEffect.DIFFERENT),
        (asked(), asks("old", "third"), asks("new", "old"), ReplayEffect.DIFFERENT),
        (asked(), asks("old", "third"), asks("third", "old"), None),
        (asked(), asks("old", "third"), asks("fourth", "old"), None),
        (asked(), answer("old"), answer("old"), None),
        (asked(), NOTHING, NOTHING, None),
    ],
)
def test_how_one_question_fares(
    question: ReplayQuestion, before: ReplayReply, after: ReplayReply, kind: ReplayEffect | None
) -> None:
    assert assess_question(question, before, after, drafted={"new"}, reworded=()) is kind


def test_the_same_article_with_another_text_is_reworded() -> None:
    assert (
        assess_question(asked(), answer("new"), answer("new"), drafted={"new"}, reworded={"new"})
        is ReplayEffect.REWORDED
    )


def test_a_text_that_did_not_help_but_was_rewritten_gets_its_chance() -> None:
    question = asked(failed=2, unhelped="new")
    assert assess_question(question, NOTHING, answer("new"), drafted={"new"}, reworded={"new"}) is ReplayEffect.BETTER


def test_losses_come_first_and_then_those_of_most_customers() -> None:
    questions = [asked(text="a"), asked(text="b", customers=9), asked(text="c", helped="old")]
    before, after = [NOTHING, NOTHING, answer("old")], [answer("new")] * 3
    found = compare_replies(questions, before, after, drafted={"new"}, reworded=())
    assert [change.question.text for change in found.changes] == ["c", "b", "a"]
    assert (found.count(ReplayEffect.BETTER), found.count(ReplayEffect.WORSE), found.asked) == (2, 1, 3)


def test_a_new_clash_names_both_articles_and_counts_its_questions() -> None:
    questions = [asked(text=text) for text in "abcd"]
    before = [answer("old"), NOTHING, asks("old", "new"), NOTHING]
    after = [asks("new", "old"), asks("old", "new", "third"), asks("new", "old"), asks("third", "old")]
    found = compare_replies(questions, before, after, drafted={"new"}, reworded=())
    assert found.clashes == (NewAmbiguity(articles=("new", "old"), questions=2),)
