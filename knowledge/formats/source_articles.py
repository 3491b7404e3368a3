"""What files that aren't ours have in common: texts in one language, of which articles are made."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.articles.content import (
    MAX_ANSWER_LENGTH,
    MAX_KEY_LENGTH,
    MAX_PHRASINGS,
    MAX_QUESTION_LENGTH,
    Content,
    read_content,
    read_key,
)
from knowledge.articles.html_conversion import to_markdown
from knowledge.formats.problems import FilePlace, FileProblems, HoldReason, ProblemKind
from knowledge.formats.visibility import hold_by_name
from knowledge.search.language import detect, detect_any
from store.errors import Invalid

MIN_LENGTH_OF_OTHERS = 40
SURE_OF_OTHERS = 0.8
"""From how many characters and which share of certainty on the letters alone tell the language, a third one too."""
_LOOKED_AT = 300

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ON_THE_WEB = ("http://", "https://", "mailto:", "tel:", "//")
_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s<>]*)[^<>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\balt\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArticle:
    """One article in one language as another system or a person wrote it; `body` is HTML or Markdown.

    Without a `key` it gets one of the words of its title. `group` ties languages together that have no key either.
    """

    title: object
    body: object
    place: FilePlace = field(default_factory=FilePlace)
    key: str | None = None
    group: str = ""
    locale: object = None
    category: str | None = None
    phrasings: tuple[str, ...] = ()
    hold: HoldReason | None = None
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCollection:
    """Articles by key, and why some of them may not be public."""

    contents: Mapping[str, Content]
    held: Mapping[str, HoldReason]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A source that is in order so far; `language` is `None` where the text doesn't show it."""

    source: SourceArticle
    question: str
    answer: str
    language: str | None


def collect(
    sources: Iterable[SourceArticle],
    problems: FileProblems,
    language: str | None = None,
    taken: Iterable[str] = (),
) -> ArticleCollection:
    """Sources of the same key become one article. `language` is for those that don't say theirs and don't show it.

    Where even that is missing, the language of most others counts. Keys in `taken` aren't given away again.
    """
    texts = list(_texts(sources, problems))
    counted = Counter(text.language for text in texts if text.language)
    otherwise = language or (counted.most_common(1)[0][0] if counted else None)
    book = _Book(problems=problems, taken=set(taken))
    for text in texts:
        spoken = text.language or otherwise
        if spoken is None:
            problems.note(ProblemKind.LANGUAGE_UNKNOWN, text.source.place)
        else:
            book.enter(text, spoken)
    return book.close()


def slug(text: str) -> str:
    """A key made of a title: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or _other_slug(text)


def read_list(value: object, name: str) -> list[Mapping[str, Any]]:
    """The objects of the list `name`; what isn't an object is left out. Raises `Invalid` when there is no list."""
    entries = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(entries, list):
        raise Invalid(f'expected an object with the list "{name}"')
    return [entry for entry in entries if isinstance(entry, Mapping)]


def as_text(value: object) -> str:
    """A name that may be anything, as text."""
    return value if isinstance(value, str) else ""


def _is_noted[T](noted: set[T], one: T) -> bool:
    """Whether it was noted before; it is now."""
    is_there = one in noted
    noted.add(one)
    return is_there


@dataclass(slots=True)
class _Book:
    """The articles so far: under which key, in which languages, for whom."""

    problems: FileProblems
    taken: set[str]
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: dict[str, HoldReason] = field(default_factory=dict)
    places: dict[str, FilePlace] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def enter(self, text: _Text, language: str) -> None:
        """Put a text under its key."""
        source = text.source
        if source.key is None and self._stands_already(text):
            self.problems.note(ProblemKind.SAME_TWICE, source.place)
            return
        key = self._key(source, text.question)
        if key is None:
            return
        if source.key is None and self._is_asked_already(text):
            self.problems.note(ProblemKind.ASKED_TWICE, source.place)
        article = self.fields.setdefault(key, {"variants": {}, **source.kept})
        if language in article["variants"]:
            self.problems.note(ProblemKind.LANGUAGE_TWICE, source.place, key=key[:60], language=language)
            return
        phrasings = list(_phrasings(source, text.question, self.problems))
        article["variants"][language] = {"question": text.question, "answer": text.answer, "phrasings": phrasings}
        self.places.setdefault(key, source.place)
        if source.category and source.category.strip():
            article["category"] = " ".join(_clean(source.category).split())[:MAX_KEY_LENGTH].strip()
        hold = source.hold or hold_by_name(source.category or "")
        if hold is not None:
            self.held.setdefault(key, hold)

    def close(self) -> ArticleCollection:
        """Everything once more through the one check of articles."""
        contents: dict[str, Content] = {}
        for key, article in self.fields.items():
            try:
                contents[key] = read_content(article)
            except Invalid as error:
                self.problems.note(ProblemKind.OTHER, self.places[key], reason=str(error))
        return ArticleCollection(
            contents=contents, held={key: why for key, why in self.held.items() if key in contents}
        )

    def _stands_already(self, text: _Text) -> bool:
        return _is_noted(self.seen, (text.question.casefold(), text.answer))

    def _is_asked_already(self, text: _Text) -> bool:
        return _is_noted(self.asked, text.question.casefold())

    def _key(self, source: SourceArticle, question: str) -> str | None:
        if source.key is not None:
            try:
                key = read_key(source.key)
            except Invalid:
                self.problems.note(ProblemKind.KEY_UNUSABLE, source.place, key=source.key[:60])
                return None
            if key in self.taken:
                self.problems.note(ProblemKind.KEY_TWICE, source.place, key=key[:60])
                return None
            return key
        if source.group and source.group in self.groups:
            return self.groups[source.group]
        key = self._free(slug(question))
        if source.group:
            self.groups[source.group] = key
        return key

    def _free(self, wanted: str) -> str:
        """The key, or the first number behind it that nobody has."""
        key, number = wanted, 1
        while key in self.taken or key in self.fields:
            number += 1
            key = f"{wanted}-{number}"
        return key


def _texts(sources: Iterable[SourceArticle], problems: FileProblems) -> Iterator[_Text]:
    for number, source in enumerate(sources, start=1):
        problems.go_on(number)
        try:
            question = " ".join(to_markdown(_clean(as_text(source.title))).split())
            body = _without_inner_media(_clean(as_text(source.body)), source.place, problems)
            answer = to_markdown(body).strip()
        except RecursionError:
            problems.note(ProblemKind.NESTED_TOO_DEEPLY, source.place)
            continue
        place = source.place if source.place.title or not question else replace(source.place, title=question[:60])
        if _is_in_order(question, answer, place, problems):
            spoken = _said_language(source.locale) or _shown_language(f"{question}\n{answer}")
            yield _Text(source=replace(source, place=place), question=question, answer=answer, language=spoken)


def _without_inner_media(html: str, place: FilePlace, problems: FileProblems) -> str:
    """Without pictures and addresses that only the program knows where they come from; pictures are named."""

    def picture(found: re.Match[str]) -> str:
        source = _SOURCE.search(found[0])
        address = source[1] if source else ""
        if address.startswith(_ON_THE_WEB):
            return found[0]
        told = _ALTERNATIVE.search(found[0])
        name = (told[1] if told else "") or address.rsplit("/", 1)[-1].split("?")[0]
        problems.note(ProblemKind.PICTURE, place, name="" if address.startswith("data:") else name[:80])
        return ""

    def link(found: re.Match[str]) -> str:
        return found[0] if found[1].startswith(_ON_THE_WEB) else "<a>"

    return _LINK.sub(link, _PICTURE.sub(picture, html)) if "<" in html else html


def _is_in_order(question: str, answer: str, place: FilePlace, problems: FileProblems) -> bool:
    if not question:
        problems.note(ProblemKind.QUESTION_MISSING, place)
    elif not answer:
        problems.note(ProblemKind.ANSWER_MISSING, place)
    elif len(question) > MAX_QUESTION_LENGTH:
        problems.note(ProblemKind.QUESTION_LONG, place, found=f"{len(question):,}", most=f"{MAX_QUESTION_LENGTH:,}")
    elif len(answer) > MAX_ANSWER_LENGTH:
        problems.note(ProblemKind.ANSWER_LONG, place, found=f"{len(answer):,}", most=f"{MAX_ANSWER_LENGTH:,}")
    else:
        return True
    return False


def _phrasings(source: SourceArticle, question: str, problems: FileProblems) -> Iterator[str]:
    """Each once; what can't be one is named."""
    seen = {question}
    for number, phrasing in enumerate(source.phrasings):
        text = " ".join(_clean(phrasing).split())
        if not text or len(text) > MAX_QUESTION_LENGTH or number >= MAX_PHRASINGS:
            problems.note(ProblemKind.PHRASING_UNUSABLE, source.place)
        elif text not in seen:
            seen.add(text)
            yield text


def _shown_language(text: str) -> str | None:
    """The language that a text shows: one of ours, or a third where its letters leave no doubt."""
    start = text[:_LOOKED_AT]
    if len(start) >= MIN_LENGTH_OF_OTHERS:
        guess = detect_any(start)
        if guess.confidence >= SURE_OF_OTHERS and _LANGUAGE.fullmatch(guess.language or ""):
            return guess.language
    return detect(start).language


def _said_language(locale: object) -> str | None:
    said = _LANGUAGE.fullmatch(locale.strip()) if isinstance(locale, str) else None
    return said.group(1).lower() if said else None


def _clean(text: str) -> str:
    """Without characters that are no text, lines ended by a line feed alone."""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))


def _other_slug(text: str) -> str:
    """A key for titles without a Latin letter: letters of any writing, as they are."""
    letters = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:80].rstrip("-")
    return letters or "article"
