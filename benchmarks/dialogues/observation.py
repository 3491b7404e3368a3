"""What can be read off a reply: articles, choices, our own sentences, languages, what became of the conversation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.dialogues.sentences import claims_feeling, is_known, outcomes_of, sentences_in

SHOP = Path(__file__).parents[2] / "data" / "faq" / "shop.jsonl"
PARAGRAPH = 40  # characters of an article that tell its language


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """One line that the customer sees; `author` is "bot" or "system"."""

    author: str
    text: str
    choices: tuple[str, ...] = ()
    article: str | None = None

    @classmethod
    def from_api(cls, line: Mapping[str, Any]) -> "ReplyLine":
        """A line as the API shows it."""
        return cls(
            author=line["author"], text=line["text"], choices=tuple(line["choices"]), article=line["article"] or None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnObservation:
    """What came of one message. `seconds` is how long the first line took, None where none came.

    `events` are the changes of owner in it, `status` is who owns the conversation afterwards. `again` are lines that
    say word for word what was said earlier. `in_danger` is whether it went to a person because somebody may be hurt.
    """

    lines: tuple[ReplyLine, ...]
    seconds: float | None
    events: tuple[str, ...]
    was: str
    status: str
    again: tuple[str, ...] = ()
    in_danger: bool = False

    @property
    def said(self) -> frozenset[str]:
        """The keys of the articles that were said."""
        return frozenset(line.article for line in self.lines if line.article)

    @property
    def offered(self) -> frozenset[str]:
        """The keys of the articles that are among the choices."""
        titles = _keys_by_question()
        return frozenset(titles[choice] for line in self.lines for choice in line.choices if choice in titles)

    @property
    def sentences(self) -> frozenset[str]:
        """The ids of our own sentences."""
        return frozenset(found.id for line in self.lines for found in sentences_in(line.text))

    @property
    def outcomes(self) -> frozenset[str]:
        """What the reply does, without its articles."""
        own = outcomes_of(self.sentences)
        choices = {"choices"} if self.offered and not self.said else set()
        person = {"person"} if self.is_handed_over else set()
        return own | choices | person

    @property
    def is_handed_over(self) -> bool:
        """Whether a person was asked for in this turn."""
        return "request_handoff" in self.events

    @property
    def claims_feeling(self) -> bool:
        """Whether the reply says what the customer feels."""
        return claims_feeling(self.sentences)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the reply is in, as far as they can be told."""
        own = [{found.language for found in sentences_in(line.text)} for line in self.lines if not line.article]
        told = {next(iter(each)) for each in own if len(each) == 1}
        return frozenset(told | {_article_language(line) for line in self.lines if line.article} - {""})

    @property
    def unknown_lines(self) -> tuple[str, ...]:
        """Lines that are no article's and of which nothing is known."""
        return tuple(
            line.text
            for line in self.lines
            if not line.article and not any(is_known(found.id) for found in sentences_in(line.text))
        )


def _article_language(line: ReplyLine) -> str:
    for language, answer in _answers().get(line.article or "", {}).items():
        if any(part[:PARAGRAPH] in line.text for part in answer.split("\n") if len(part) >= PARAGRAPH):
            return language
    return ""


@cache
def _articles() -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in SHOP.read_text("utf-8").splitlines()]


@cache
def _keys_by_question() -> Mapping[str, str]:
    """The articles by their questions in both languages: that is what a choice shows."""
    return {wording["question"]: one["key"] for one in _articles() for wording in one["variants"].values()}


@cache
def _answers() -> Mapping[str, Mapping[str, str]]:
    return {
        one["key"]: {language: wording["answer"] for language, wording in one["variants"].items()}
        for one in _articles()
    }
