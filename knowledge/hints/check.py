"""All rules over one article, as it stands in the editor. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from knowledge.hints.figures import compare_figures
from knowledge.hints.hint import WordingHint, WordingRule
from knowledge.hints.style import check_style

MAX_LENGTH = 50_000
_TWINS = ("de", "en")
_OLDER_BY = timedelta(days=1)  # a translator's evening is no reason for a hint


def check_wording(
    answers: Mapping[str, str], *, formal: bool | None = True, changed_at: Mapping[str, datetime] | None = None
) -> list[WordingHint]:
    """The hints on the answers of an article, by language, in the order of the text.

    `formal` is the house's Sie (`True`), du (`False`) or no say. `changed_at` tells when each answer was last changed.
    """
    said = {language: answer[:MAX_LENGTH] for language, answer in answers.items() if answer.strip()}
    found = [hint for language, answer in said.items() for hint in check_style(answer, language, formal=formal)]
    found += [
        WordingHint(rule=WordingRule.LANGUAGE_MISSING, language=language)
        for language in _TWINS
        if said and language not in said
    ]
    if all(language in said for language in _TWINS):
        found += compare_figures({language: said[language] for language in _TWINS})
        found += _older(changed_at or {})
    return sorted(found, key=lambda hint: (hint.language, hint.start, hint.end))


def _older(changed_at: Mapping[str, datetime]) -> Iterator[WordingHint]:
    for language, twin in (_TWINS, _TWINS[::-1]):
        if language in changed_at and twin in changed_at and changed_at[language] + _OLDER_BY < changed_at[twin]:
            yield WordingHint(
                rule=WordingRule.OLDER_TWIN,
                language=language,
                found=changed_at[language].date().isoformat(),
                instead=changed_at[twin].date().isoformat(),
            )
