"""The first knowledge base keeps its promises: form, both languages, figures, tone, and a fair test set."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "data" / "faq" / "shop.jsonl"
QUESTIONS = ROOT / "tests" / "data" / "faq_questions.jsonl"
LANGUAGES = ("de", "en")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STEP = re.compile(r"^\d+\. ", re.MULTILINE)
FIGURE = re.compile(r"\d+(?::\d\d)?(?:\.\d+)?")
THOUSANDS = {"de": re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))"), "en": re.compile(r"(?<=\d),(?=\d{3}(?!\d))")}
VAGUE = {
    "de": re.compile(
        r"\b(in Kürze|bald|umgehend|zeitnah|demnächst|in der Regel|einige[nr]? (?:Tage|Wochen)n?|schnellstmöglich)\b"
    ),
    "en": re.compile(r"\b(shortly|(?<![Aa]s )soon|a few (?:days|weeks)|as soon as possible|in due course|normally)\b"),
}
REFUSAL = {
    "de": re.compile(r"\b(leider|nicht möglich|unmöglich|geht nicht|weiß ich nicht|können wir nicht)\b", re.IGNORECASE),
    "en": re.compile(r"\b(unfortunately|impossible|not possible|cannot|can't|unable|I don't know)\b", re.IGNORECASE),
}
DU = re.compile(r"\b(du|dir|dich|dein(?:e[mnrs]?)?)\b", re.IGNORECASE)
NEAR = 0.6
"""Share of letter triples two messages may have in common before one counts as a copy of the other."""


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def normalise(text: str) -> str:
    letters = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", letters))


def triples(text: str) -> frozenset[str]:
    padded = f"  {normalise(text)}  "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def figures(answer: str, language: str) -> Counter[str]:
    """Count the figures of an answer, step numbers left out and 1.000,5 (de) and 1,000.5 (en) read alike."""
    plain = THOUSANDS[language].sub("", STEP.sub("", answer))
    if language == "de":
        plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    return Counter(FIGURE.findall(plain))


def wordings(variant: dict[str, Any]) -> list[str]:
    return [variant["question"], *variant["phrasings"]]


ARTICLES = read_lines(BASE)
VARIANTS = [
    pytest.param(language, article["variants"].get(language), id=f"{article['key']}-{language}")
    for article in ARTICLES
    for language in LANGUAGES
]


def test_there_are_enough_articles_with_unique_slugs_and_categories() -> None:
    keys = [article["key"] for article in ARTICLES]

    assert len(keys) >= 40
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    assert [name for name in keys if not SLUG.fullmatch(name)] == []
    assert [article["key"] for article in ARTICLES if not SLUG.fullmatch(article["category"])] == []
    assert {"returns", "delivery-status"} <= set(keys)


def test_every_article_has_the_public_form_and_exactly_both_languages() -> None:
    for article in ARTICLES:
        assert set(article) == {"key", "category", "variants"}, article["key"]
        assert tuple(article["variants"]) == LANGUAGES, article["key"]
        for variant in article["variants"].values():
            assert set(variant) == {"question", "phrasings", "answer"}, article["key"]


@pytest.mark.parametrize(("language", "variant"), VARIANTS)
def test_a_variant_is_short_positive_and_dated(language: str, variant: dict[str, Any]) -> None:
    answer = variant["answer"]
    first_line = answer.splitlines()[0]

    assert 8 <= len(variant["phrasings"]) <= 12
    assert 30 <= len(answer.split()) <= 130
    assert len(first_line.split()) <= 30, "the first sentence answers, in one breath"
    assert not first_line.startswith(("1.", "-", "|", "#"))
    assert VAGUE[language].findall(answer) == []
    assert REFUSAL[language].findall(answer) == []
    assert all(text == text.strip() and text for text in [*wordings(variant), answer])


@pytest.mark.parametrize("article", [pytest.param(article, id=article["key"]) for article in ARTICLES])
def test_the_german_and_the_english_answer_name_the_same_figures_and_steps(article: dict[str, Any]) -> None:
    german, english = (article["variants"][language]["answer"] for language in LANGUAGES)

    assert figures(german, "de") == figures(english, "en")
    assert STEP.findall(german) == STEP.findall(english)


def test_figures_are_read_alike_in_both_notations() -> None:
    assert figures("1. Bis 1.000 € für 4,95 € ab 9:00 Uhr am 1. August", "de") == figures(
        "1. Up to €1,000 for €4.95 from 9:00 on 1 August", "en"
    )
    assert figures("innerhalb von 30 Tagen", "de") != figures("within 14 days", "en")


def test_german_answers_say_sie_and_never_du() -> None:
    assert {a["key"]: DU.findall(a["variants"]["de"]["answer"]) for a in ARTICLES} == {a["key"]: [] for a in ARTICLES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_belongs_to_two_articles(language: str) -> None:
    owners = Counter(normalise(text) for article in ARTICLES for text in wordings(article["variants"][language]))

    assert [text for text, times in owners.items() if times > 1] == []


def test_the_test_set_has_the_promised_form_and_size() -> None:
    questions = read_lines(QUESTIONS)
    keys = {article["key"] for article in ARTICLES}

    assert len({question["id"] for question in questions}) == len(questions)
    assert all(set(question) == {"id", "text", "language", "expected"} for question in questions)
    assert {question["expected"] for question in questions} == keys | {None}
    for language in LANGUAGES:
        ours = [question for question in questions if question["language"] == language]
        outside = [question for question in ours if question["expected"] is None]
        assert len(ours) >= 120
        assert 0.15 <= len(outside) / len(ours) <= 0.25


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_of_the_test_set_is_a_copy_of_a_wording_in_the_base(language: str) -> None:
    known = {text: triples(text) for article in ARTICLES for text in wordings(article["variants"][language])}
    asked = {q["text"]: triples(q["text"]) for q in read_lines(QUESTIONS) if q["language"] == language}

    copies = [
        (question, text)
        for question, its in asked.items()
        for text, theirs in known.items()
        if len(its & theirs) >= NEAR * len(its | theirs)
    ]

    assert copies == []
