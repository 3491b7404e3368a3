"""What an article says, checked: the form that import, export, drafts and the index share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from store.errors import Invalid

MAX_KEY_LENGTH = 128
MAX_QUESTION_LENGTH = 500
MAX_ANSWER_LENGTH = 50_000
MAX_PHRASINGS = 2_000

_KEY = re.compile(r"[^\s/\\\x00-\x1f\x7f](?:[^/\\\x00-\x1f\x7f]*[^\s/\\\x00-\x1f\x7f])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
KEPT_FIELDS = ("valid_from", "valid_until", "owner", "review_on", "ask_again_after")
CONTENT_FIELDS = ("category", "variants", *KEPT_FIELDS)
MAX_OWNER_LENGTH = 320
MAX_ASK_AGAIN_DAYS = 90
_WORDING_FIELDS = ("question", "phrasings", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWording:
    """One language of an article: what is asked, in how many ways, and the answer in Markdown."""

    question: str
    answer: str
    phrasings: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The question and every other way to put it, each once, in order."""
        return tuple(dict.fromkeys((self.question, *self.phrasings)))

    def as_json(self) -> dict[str, Any]:
        """The public form."""
        return {"question": self.question, "phrasings": list(self.phrasings), "answer": self.answer}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An article without its key. At least one language.

    Customers see it from `valid_from` until just before `valid_until`; `owner` is the e-mail address of whoever looks
    after it, and on `review_on` somebody should read it again. Whom it has helped is asked after `ask_again_after` days
    whether the matter is settled.
    """

    variants: Mapping[str, ArticleWording]
    category: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    owner: str | None = None
    review_on: date | None = None
    ask_again_after: int | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way to ask for this article, in all its languages, each once."""
        return tuple(dict.fromkeys(text for wording in self.variants.values() for text in wording.asked))

    def in_language(self, language: str) -> tuple[str, ArticleWording]:
        """The wording in `language`, else in English, else in the first language there is."""
        found = next((each for each in (language, "en") if each in self.variants), next(iter(self.variants)))
        return found, self.variants[found]

    def as_json(self) -> dict[str, Any]:
        """The public form, languages in alphabetical order; what is missing is left out."""
        category = {} if self.category is None else {"category": self.category}
        variants = {language: self.variants[language].as_json() for language in sorted(self.variants)}
        days = {} if self.ask_again_after is None else {"ask_again_after": self.ask_again_after}
        return {**category, "variants": variants, **self.kept_as_text(), **days}

    def kept_as_text(self) -> dict[str, str]:
        """Window, owner, review date and days until it is asked again, as far as they are set."""
        times = (("valid_from", self.valid_from), ("valid_until", self.valid_until))
        written = {name: _time_as_text(time) for name, time in times if time}
        owner = {} if self.owner is None else {"owner": self.owner}
        review = {} if self.review_on is None else {"review_on": self.review_on.isoformat()}
        days = {} if self.ask_again_after is None else {"ask_again_after": str(self.ask_again_after)}
        return {**written, **owner, **review, **days}


def read_key(value: object) -> str:
    """The key, or `Invalid`. A key stands in addresses and file names, so it holds no slashes or control characters."""
    key = _text(value, "key", longest=MAX_KEY_LENGTH)
    if not _KEY.fullmatch(key) or key in {".", ".."}:
        raise Invalid(
            f'"key": expected 1 to {MAX_KEY_LENGTH} characters without slashes or line breaks, got {_shown(key)}'
        )
    return key


def read_content(value: object) -> Content:
    """What `{"category": …, "variants": {…}}` says, or `Invalid` naming the field and what was expected."""
    fields = _fields(value, "article", CONTENT_FIELDS)
    category, owner = fields.get("category"), fields.get("owner")
    valid_from, valid_until = _time(fields, "valid_from"), _time(fields, "valid_until")
    if valid_from and valid_until and valid_until <= valid_from:
        raise Invalid('"valid_until": expected a time after "valid_from"')
    variants = fields.get("variants")
    if not isinstance(variants, Mapping) or not variants:
        raise Invalid(f'"variants": expected an object with at least one language such as "de", got {_shown(variants)}')
    return Content(
        category=None if category is None else _text(category, "category", longest=MAX_KEY_LENGTH),
        variants={
            _language(language): _wording(wording, f"variants.{language}") for language, wording in variants.items()
        },
        valid_from=valid_from,
        valid_until=valid_until,
        owner=None if owner is None else _text(owner, "owner", longest=MAX_OWNER_LENGTH),
        review_on=_date(fields, "review_on"),
        ask_again_after=_days(fields, "ask_again_after"),
    )


def _wording(value: object, path: str) -> ArticleWording:
    fields = _fields(value, path, _WORDING_FIELDS)
    phrasings = fields.get("phrasings", [])
    if not isinstance(phrasings, list) or len(phrasings) > MAX_PHRASINGS:
        raise Invalid(f'"{path}.phrasings": expected a list of at most {MAX_PHRASINGS} texts, got {_shown(phrasings)}')
    return ArticleWording(
        question=_text(fields.get("question"), f"{path}.question", longest=MAX_QUESTION_LENGTH),
        answer=_text(fields.get("answer"), f"{path}.answer", longest=MAX_ANSWER_LENGTH),
        phrasings=tuple(
            _text(phrasing, f"{path}.phrasings[{number}]", longest=MAX_QUESTION_LENGTH)
            for number, phrasing in enumerate(phrasings)
        ),
    )


def _fields(value: object, path: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid(f'"{path}": expected an object, got {_shown(value)}')
    for name in value:
        if name not in known:
            raise Invalid(f'"{path}": unknown field {_shown(name)}; known are {", ".join(known)}')
    return value


def _time(fields: Mapping[str, Any], name: str) -> datetime | None:
    """A time with its zone, to the second, in UTC."""
    value = fields.get(name)
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        found = time and time.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        time = found = None
    if time is None or time.tzinfo is None:
        raise Invalid(f'"{name}": expected a time with its zone such as "2026-12-01T08:00:00Z", got {_shown(value)}')
    return found


def _date(fields: Mapping[str, Any], name: str) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(f'"{name}": expected a day such as "2026-12-01", got {_shown(value)}') from None


def _days(fields: Mapping[str, Any], name: str) -> int | None:
    """A number of days, which tables and front matter hold as text."""
    value = fields.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3
    days = int(value) if is_number or is_digits else 0
    if not 1 <= days <= MAX_ASK_AGAIN_DAYS:
        raise Invalid(f'"{name}": expected 1 to {MAX_ASK_AGAIN_DAYS} days, got {_shown(value)}')
    return days


def _time_as_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise Invalid(f'"variants": expected languages such as "de" or "en", got {_shown(value)}')
    return value


def _text(value: object, path: str, *, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f'"{path}": expected text, got {_shown(value)}')
    if len(value) > longest:
        raise Invalid(f'"{path}": expected at most {longest:,} characters, got {len(value):,}')
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid(f'"{path}": holds a character that is no text (NUL or half of a surrogate pair)')
    return value


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    kinds = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    if type(value) in kinds:
        return kinds[type(value)]
    text = str(value).encode("ascii", "backslashreplace").decode() if not str(value).isprintable() else str(value)
    return f'"{text[:60]}"' if text.strip() else "an empty text"
