"""One sentence in each of the languages that customers write most and that have no catalog: which ones have."""

import tomllib
from functools import cache
from pathlib import Path

from babel import Locale

from i18n.catalogs import available_languages

_SENTENCES = Path(__file__).parent.parent / "locale" / "foreign.toml"


@cache
def foreign_sentences() -> dict[str, str]:
    """By language: the sentence, with `{languages}` in it."""
    return {str(code): str(sentence) for code, sentence in tomllib.loads(_SENTENCES.read_text("utf-8")).items()}


def offered_languages_in(language: str, *, first: str) -> str | None:
    """The languages that customers are answered in, told in `language`; that of the answer stands `first`.

    None for a language without a sentence.
    """
    sentence = foreign_sentences().get(language)
    if sentence is None:
        return None
    names = Locale.parse(language).languages
    offered = sorted(available_languages("customer"), key=lambda each: each != first)
    return sentence.format(languages=", ".join(str(names[each]) for each in offered))
