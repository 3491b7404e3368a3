"""A known disturbance as an admin enters it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from i18n import SOURCE_LANGUAGE, available_languages
from store.errors import Invalid

MAX_NAME, MAX_TEXT = 80, 600
MAX_TOPICS = 30
"""Of categories, and of words."""
MAX_WORD = 80


class NoticeProblem(Invalid):
    """Something about a notice that can't work; `fields` names where it is."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(
            f"The notice can't work like this: {code.removeprefix('notice_')}.", code=code, fields=(field,)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What customers are told of a disturbance, and what it concerns; `name` is for staff, `texts` are by language.

    It is told from `starts_at` until `ends_at`, None: until it is switched off. The times are aware.
    """

    name: str
    texts: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def text_in(self, language: str) -> str:
        """What is told in a language, else in English, else in the one that there is."""
        return self.texts.get(language) or self.texts.get(SOURCE_LANGUAGE) or next(iter(self.texts.values()), "")

    def is_due(self, at: datetime) -> bool:
        """Whether it is told at this moment, if it is on."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


def tidy_notice(notice: Notice) -> Notice:
    """The notice without spaces around its texts and without what is empty or there twice. Raises `NoticeProblem`."""
    tidied = replace(
        notice,
        name=notice.name.strip(),
        texts={code: text.strip() for code, text in notice.texts.items() if text.strip()},
        categories=_tidied(notice.categories),
        words=_tidied(notice.words),
    )
    _check(tidied)
    return tidied


def _tidied(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def _check(notice: Notice) -> None:
    if not 0 < len(notice.name) <= MAX_NAME:
        raise NoticeProblem("notice_name", "name")
    is_known = notice.texts.keys() <= set(available_languages("customer"))
    if not notice.texts or not is_known or any(len(text) > MAX_TEXT for text in notice.texts.values()):
        raise NoticeProblem("notice_text", "texts")
    is_short = len(notice.words) <= MAX_TOPICS and len(notice.categories) <= MAX_TOPICS
    if not (notice.words or notice.categories) or not is_short or any(len(word) > MAX_WORD for word in notice.words):
        raise NoticeProblem("notice_topics", "words")
    if notice.ends_at is not None and notice.ends_at <= notice.starts_at:
        raise NoticeProblem("notice_times", "ends_at")
