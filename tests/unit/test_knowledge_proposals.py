"""A draft, or more phrasings, out of what customers asked."""

import pytest

from knowledge.articles.content import ArticleWording, Content, read_content
from knowledge.articles.proposals import (
    MAX_PHRASINGS,
    UNWRITTEN,
    add_phrasings,
    propose_article,
    propose_key,
    refuse_unwritten,
)
from store.errors import Invalid

ARTICLE = Content(variants={"de": ArticleWording(question="Wo ist es?", answer="Hier.", phrasings=("wo denn",))})


def test_the_most_typical_question_of_each_language_becomes_its_question() -> None:
    draft = propose_article([("gibt es gutscheine", "de"), ("any vouchers", "en"), ("gutschein kaufen", "de")])
    variants = read_content(draft).variants
    assert {code: (one.question, one.phrasings) for code, one in variants.items()} == {
        "de": ("Gibt es gutscheine", ("gutschein kaufen",)),
        "en": ("Any vouchers", ()),
    }


def test_the_answer_waits_to_be_written_and_can_not_be_published() -> None:
    content = read_content(propose_article([("gibt es gutscheine", "de")]))
    assert content.variants["de"].answer == UNWRITTEN["de"]
    with pytest.raises(Invalid, match="answer is still missing"):
        refuse_unwritten(content)
    refuse_unwritten(ARTICLE)


def test_personal_data_is_masked_and_the_same_words_come_once() -> None:
    draft = propose_article([("Bestellung 12345 weg", "de"), ("bestellung 98765 weg!", "de"), ("4711007", "de")])
    assert draft["variants"]["de"] == {"question": "Bestellung … weg", "phrasings": [], "answer": UNWRITTEN["de"]}


def test_a_group_of_which_nothing_is_left_makes_no_article() -> None:
    with pytest.raises(Invalid, match="no question left"):
        propose_article([("12345678", "de")])


def test_a_long_message_becomes_a_short_phrasing() -> None:
    draft = propose_article([("wort " * 300, "de")])
    assert len(draft["variants"]["de"]["question"]) <= 201


def test_only_new_words_are_added_to_an_article() -> None:
    content, count = add_phrasings(ARTICLE, [("WO DENN?", "de"), ("wo steht es", "de"), ("where is it", "en")])
    assert (content.variants["de"].phrasings, count) == (("wo denn", "wo steht es", "where is it"), 2)


def test_a_group_adds_no_more_than_a_handful() -> None:
    content, count = add_phrasings(ARTICLE, [(f"frage {letter * 3}", "de") for letter in "abcdefghijklmnopqrstuvwxyz"])
    assert count == MAX_PHRASINGS == len(content.variants["de"].phrasings) - 1


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Kann ich den Gutschein in Österreich einlösen?", "gutschein-oesterreich-einloesen"),
        ("How do I return a gift?", "return-gift"),
        ("wo ist es", "question"),
        ("🐟🐟", "question"),
    ],
)
def test_a_key_is_made_of_the_words_that_carry_the_question(question: str, key: str) -> None:
    assert propose_key(question, ()) == key


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert propose_key("return gift", {"return-gift", "return-gift-2"}) == "return-gift-3"
