"""What an article may look like."""

from typing import Any

import pytest

from knowledge.articles.content import ArticleWording, Content, read_content, read_key
from store.errors import Invalid

GOOD = {"category": "orders", "variants": {"de": {"question": "Wo?", "phrasings": ["wo denn"], "answer": "Da."}}}


def test_a_good_article_is_read_and_written_alike() -> None:
    content = read_content(GOOD)
    assert content == Content(
        category="orders", variants={"de": ArticleWording(question="Wo?", phrasings=("wo denn",), answer="Da.")}
    )
    assert content.as_json() == GOOD


def test_category_and_phrasings_may_be_missing() -> None:
    content = read_content({"variants": {"en": {"question": "Where?", "answer": "There."}}})
    assert content.category is None
    assert content.variants["en"].asked == ("Where?",)


def _with(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def _wording(**changes: Any) -> dict[str, Any]:
    return _with(variants={"de": {**GOOD["variants"]["de"], **changes}})  # type: ignore[index]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], '"article": expected an object, got a list'),
        (_with(colour="red"), 'unknown field "colour"'),
        (_with(variants={}), '"variants": expected an object with at least one language'),
        (_with(variants={"Deutsch": GOOD}), 'expected languages such as "de" or "en", got "Deutsch"'),
        (_with(category=3), '"category": expected text, got a number'),
        (_wording(question=" "), '"variants.de.question": expected text, got an empty text'),
        (_wording(answer=None), '"variants.de.answer": expected text, got nothing'),
        (_wording(phrasings="wo"), '"variants.de.phrasings": expected a list'),
        (_wording(phrasings=["wo", 1]), '"variants.de.phrasings[1]": expected text, got a number'),
        (_wording(question="x" * 501), "at most 500 characters, got 501"),
        (_wording(answer="a\x00b"), "holds a character that is no text"),
        (_wording(answer="\ud800"), "holds a character that is no text"),
        (_wording(title="Wo"), '"variants.de": unknown field "title"'),
    ],
)
def test_what_is_wrong_is_named_with_its_field(value: Any, message: str) -> None:
    with pytest.raises(Invalid) as error:
        read_content(value)
    assert message in str(error.value)


@pytest.mark.parametrize("key", ["", "..", "a/b", "a\\b", "a\nb", " a", "a ", "x" * 129, None, 7])
def test_a_key_fits_into_addresses_and_file_names(key: Any) -> None:
    with pytest.raises(Invalid):
        read_key(key)


@pytest.mark.parametrize("key", ["returns", "a", "Ärger mit Öl?", "contacts_TI"])
def test_keys_of_other_systems_are_welcome(key: str) -> None:
    assert read_key(key) == key


def test_a_missing_language_falls_back_to_english_then_to_any() -> None:
    german, english = ArticleWording(question="Wo?", answer="Da."), ArticleWording(question="Where?", answer="There.")
    assert Content(variants={"de": german, "en": english}).in_language("fr") == ("en", english)
    assert Content(variants={"de": german}).in_language("en") == ("de", german)
