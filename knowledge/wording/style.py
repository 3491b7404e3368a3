"""The rules that look at one answer by itself. Pure."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.wording import lists
from knowledge.wording.hints import Hint, Rule
from knowledge.wording.sentences import Sentence, sentences, without_code

MOST_WORDS = 25
"""Words of a sentence that reads in one go; style guides for plain language draw the line between 15 and 25."""

_AFTERWARDS = 240  # characters behind a refusal in which its way out is looked for
_BEFORE = 120


def check_style(text: str, language: str, *, formal: bool | None) -> Iterator[Hint]:
    """The hints on one answer. `formal` is the house's Sie (or du, or `None` for no say); only German has it."""
    if language not in lists.JARGON or not text.strip():
        return
    found = list(sentences(text))
    plain = without_code(text)
    yield from _late_answer(found, language)
    yield from (_hint(Rule.LONG_SENTENCE, language, each, str(each.words)) for each in found if each.words > MOST_WORDS)
    yield from _jargon(plain, language)
    yield from _vague_times(plain, language)
    yield from _refusals(plain, language)
    if language == "de" and formal is not None:
        yield from _address(plain, formal=formal)


def _late_answer(found: list[Sentence], language: str) -> Iterator[Hint]:
    if not found:
        return
    first = found[0]
    asks = first.text.rstrip("*_ ").endswith("?") and len(found) > 1
    if asks or _preamble(language).match(first.text.lstrip('*_"„“ ')):
        yield _hint(Rule.LATE_ANSWER, language, first, "")


def _jargon(text: str, language: str) -> Iterator[Hint]:
    for pattern, instead in _jargon_patterns(language):
        for match in pattern.finditer(text):
            yield _at(Rule.JARGON, language, match, instead)


def _vague_times(text: str, language: str) -> Iterator[Hint]:
    for pattern in _vague(language):
        for match in pattern.finditer(text):
            yield _at(Rule.VAGUE_TIME, language, match, "")


def _refusals(text: str, language: str) -> Iterator[Hint]:
    passive = [match.span() for match in _pattern(lists.PASSIVE_REFUSAL[language]).finditer(text)]
    for match in _pattern(lists.PASSIVE_REFUSAL[language]).finditer(text):
        yield _at(Rule.PASSIVE_REFUSAL, language, match, "")
    for match in _pattern(lists.REFUSAL[language]).finditer(text):
        overlaps = any(start < match.end() and match.start() < end for start, end in passive)
        if not overlaps and not _has_way_out(text, match.start(), match.end(), language):
            yield _at(Rule.BARE_REFUSAL, language, match, "")


def _has_way_out(text: str, start: int, end: int, language: str) -> bool:
    """Whether the sentence of a refusal, or what follows, says what is possible."""
    begun = max(text.rfind(sign, 0, start) for sign in (". ", "! ", "? ", "\n")) + 1
    around = text[max(begun, start - _BEFORE) : start] + " … " + text[end : end + _AFTERWARDS]
    return bool(re.search(lists.WAY_OUT[language], around, re.IGNORECASE if language == "en" else 0))


def _address(text: str, *, formal: bool) -> Iterator[Hint]:
    """The words that speak to the reader otherwise than the house does."""
    pattern = re.compile(lists.DU, re.IGNORECASE) if formal else re.compile(lists.SIE)
    for match in pattern.finditer(text):
        yield _at(Rule.ADDRESS, "de", match, "Sie" if formal else "du")


def _hint(rule: Rule, language: str, sentence: Sentence, instead: str) -> Hint:
    return Hint(
        rule=rule, language=language, start=sentence.start, end=sentence.end, found=sentence.text, instead=instead
    )


def _at(rule: Rule, language: str, match: re.Match[str], instead: str) -> Hint:
    start, end = match.span()
    return Hint(rule=rule, language=language, start=start, end=end, found=match.group(), instead=instead)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return lists.any_word(words)


@cache
def _preamble(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{lists.PREAMBLE[language]})(?!\w)", re.IGNORECASE)


@cache
def _jargon_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((lists.any_word(pattern), instead) for pattern, instead in lists.JARGON[language].items())


@cache
def _vague(language: str) -> tuple[re.Pattern[str], ...]:
    return lists.any_word(lists.VAGUE[language]), lists.any_word(lists.RANGE[language])
