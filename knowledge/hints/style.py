"""The rules that look at one answer by itself. Pure."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.hints import word_lists
from knowledge.hints.hint import WordingHint, WordingRule
from knowledge.hints.sentences import MarkdownSentence, sentences, without_code

MAX_WORDS = 25
"""Words of a sentence that reads in one go; style guides for plain language draw the line between 15 and 25."""

_AFTERWARDS = 240  # characters behind a refusal in which its way out is looked for
_BEFORE = 120


def check_style(text: str, language: str, *, formal: bool | None) -> Iterator[WordingHint]:
    """The hints on one answer. `formal` is the house's Sie (or du, or `None` for no say); only German has it."""
    if language not in word_lists.JARGON or not text.strip():
        return
    found = list(sentences(text))
    plain = without_code(text)
    yield from _late_answer(found, language)
    yield from (
        _hint(WordingRule.LONG_SENTENCE, language, each, str(each.words)) for each in found if each.words > MAX_WORDS
    )
    yield from _jargon(plain, language)
    yield from _vague_times(plain, language)
    yield from _refusals(plain, language)
    if language == "de" and formal is not None:
        yield from _address(plain, formal=formal)


def _late_answer(found: list[MarkdownSentence], language: str) -> Iterator[WordingHint]:
    if not found:
        return
    first = found[0]
    asks = first.text.rstrip("*_ ").endswith("?") and len(found) > 1
    if asks or _preamble(language).match(first.text.lstrip('*_"„“ ')):
        yield _hint(WordingRule.LATE_ANSWER, language, first, "")


def _jargon(text: str, language: str) -> Iterator[WordingHint]:
    for pattern, instead in _jargon_patterns(language):
        for match in pattern.finditer(text):
            yield _at(WordingRule.JARGON, language, match, instead)


def _vague_times(text: str, language: str) -> Iterator[WordingHint]:
    for pattern in _vague(language):
        for match in pattern.finditer(text):
            yield _at(WordingRule.VAGUE_TIME, language, match, "")


def _refusals(text: str, language: str) -> Iterator[WordingHint]:
    passive = [match.span() for match in _pattern(word_lists.PASSIVE_REFUSAL[language]).finditer(text)]
    for match in _pattern(word_lists.PASSIVE_REFUSAL[language]).finditer(text):
        yield _at(WordingRule.PASSIVE_REFUSAL, language, match, "")
    for match in _pattern(word_lists.REFUSAL[language]).finditer(text):
        overlaps = any(start < match.end() and match.start() < end for start, end in passive)
        if not overlaps and not _has_way_out(text, match.start(), match.end(), language):
            yield _at(WordingRule.BARE_REFUSAL, language, match, "")


def _has_way_out(text: str, start: int, end: int, language: str) -> bool:
    """Whether the sentence of a refusal, or what follows, says what is possible."""
    begun = max(text.rfind(sign, 0, start) for sign in (". ", "! ", "? ", "\n")) + 1
    around = text[max(begun, start - _BEFORE) : start] + " … " + text[end : end + _AFTERWARDS]
    return bool(re.search(word_lists.WAY_OUT[language], around, re.IGNORECASE if language == "en" else 0))


def _address(text: str, *, formal: bool) -> Iterator[WordingHint]:
    """The words that speak to the reader otherwise than the house does."""
    pattern = re.compile(word_lists.DU, re.IGNORECASE) if formal else re.compile(word_lists.SIE)
    for match in pattern.finditer(text):
        yield _at(WordingRule.ADDRESS, "de", match, "Sie" if formal else "du")


def _hint(rule: WordingRule, language: str, sentence: MarkdownSentence, instead: str) -> WordingHint:
    return WordingHint(
        rule=rule, language=language, start=sentence.start, end=sentence.end, found=sentence.text, instead=instead
    )


def _at(rule: WordingRule, language: str, match: re.Match[str], instead: str) -> WordingHint:
    start, end = match.span()
    return WordingHint(rule=rule, language=language, start=start, end=end, found=match.group(), instead=instead)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return word_lists.any_word(words)


@cache
def _preamble(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{word_lists.PREAMBLE[language]})(?!\w)", re.IGNORECASE)


@cache
def _jargon_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((word_lists.any_word(pattern), instead) for pattern, instead in word_lists.JARGON[language].items())


@cache
def _vague(language: str) -> tuple[re.Pattern[str], ...]:
    return word_lists.any_word(word_lists.VAGUE[language]), word_lists.any_word(word_lists.RANGE[language])
