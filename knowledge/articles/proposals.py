"""An article, or more phrasings for one, out of what customers asked. What is personal is masked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from knowledge.articles.content import MAX_KEY_LENGTH, MAX_QUESTION_LENGTH, ArticleWording, Content
from knowledge.articles.masking import MASK, mask
from knowledge.normalization import same_words, words
from store.errors import Invalid

MAX_PHRASINGS = 20
"""Phrasings that a proposal holds per language, the most typical ones."""

UNWRITTEN = {"de": "[Die Antwort fehlt noch.]", "en": "[The answer is still missing.]"}
"""What stands where somebody has to write the answer."""

_MAX_PHRASING_LENGTH = 200
_KEY_WORDS = 4
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LITTLE_WORDS = frozenset(
    """der die das den dem des ein eine einen einem ich mir mich wir sie ihr euch es ist sind kann man wie was wo wann
    und oder mit von zu zum zur im in an auf bei fuer the a an i my me we you it is are can do does how what where when
    and or with of to for in on at hab habe gibt bitte please if""".split()  # noqa: SIM905
)


def propose_article(asked: Sequence[tuple[str, str]], answers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A draft out of questions with their languages, the most typical first: the first of a language is the question.

    A language in which nobody asked is left out. `answers` are by language; where there is none, the answer waits to be
    written. Raises `Invalid` without a question.
    """
    by_language: dict[str, list[str]] = {}
    for text, language in asked:
        by_language.setdefault(language, []).append(text)
    known = answers or {}
    variants = {language: _wording(language, texts, known.get(language)) for language, texts in by_language.items()}
    written = {language: wording.as_json() for language, wording in variants.items() if wording}
    if not written:
        raise Invalid("There is no question left in this group: the conversations may have been erased.")
    return {"variants": written}


def add_phrasings(content: Content, asked: Iterable[tuple[str, str]]) -> tuple[Content, int]:
    """The article with these questions as further phrasings of their languages, and how many are new to it.

    A question in a language that the article doesn't have becomes a phrasing of the one it has: it is found all the
    same, since phrasings of all languages compete.
    """
    there = {same_words(text) for text in content.asked}
    new: dict[str, list[str]] = {}
    for text, language in asked:
        phrasing = _phrasing(text)
        if phrasing and same_words(phrasing) not in there:
            there.add(same_words(phrasing))
            new.setdefault(content.in_language(language)[0], []).append(phrasing)
    variants = {
        language: replace(wording, phrasings=(*wording.phrasings, *new.get(language, ())[:MAX_PHRASINGS]))
        for language, wording in content.variants.items()
    }
    return replace(content, variants=variants), sum(min(len(texts), MAX_PHRASINGS) for texts in new.values())


def propose_key(question: str, taken: Iterable[str]) -> str:
    """A short lasting key out of the words that carry the question, and not one of `taken`."""
    spelt = mask(question).lower().translate(_SPELT)
    said = [word for word in re.findall(r"[a-z0-9]+", spelt) if word not in _LITTLE_WORDS and not word.isdigit()]
    plain = "-".join(said[:_KEY_WORDS])
    key = plain[: MAX_KEY_LENGTH - 8] or "question"
    there = set(taken)
    numbers = (f"{key}-{number}" for number in range(2, len(there) + 3))
    return key if key not in there else next(name for name in numbers if name not in there)


def refuse_unwritten(content: Content) -> None:
    """Raises `Invalid` when an answer still waits to be written: customers must not read that."""
    for language, wording in content.variants.items():
        if wording.answer.strip() in UNWRITTEN.values():
            missing = f'"variants.{language}.answer": the answer is still missing. Write it, then publish.'
            raise Invalid(missing, code="answer_missing")


def _wording(language: str, texts: Sequence[str], answer: str | None) -> ArticleWording | None:
    by_words = {same_words(phrasing): phrasing for text in reversed(texts) if (phrasing := _phrasing(text))}
    phrasings = list(reversed(by_words.values()))[: MAX_PHRASINGS + 1]
    if not phrasings:
        return None
    return ArticleWording(
        question=_as_question(phrasings[0]),
        phrasings=tuple(phrasings[1:]),
        answer=answer or UNWRITTEN.get(language, UNWRITTEN["en"]),
    )


def _phrasing(text: str) -> str:
    """Masked and short; nothing when only the mask is left."""
    masked = mask(text)
    if len(masked) > _MAX_PHRASING_LENGTH:
        masked = masked[:_MAX_PHRASING_LENGTH].rsplit(" ", 1)[0] + MASK
    return masked[:MAX_QUESTION_LENGTH] if words(masked) else ""


def _as_question(phrasing: str) -> str:
    return phrasing[:1].upper() + phrasing[1:]
