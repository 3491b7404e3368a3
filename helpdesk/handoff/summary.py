"""The story so far, for the person who takes over: short, in the customer's words, every line with its evidence.

Nothing is in a summary that isn't in the log: texts are quoted, titles are the articles', and each line names the
`seq`s it rests on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from helpdesk.handoff.dialogue import SMALL_TALK, Said

LONGEST_QUOTE = 240  # characters of one message; the line links to the whole of it
MOST_TOPICS = 5


class Label(StrEnum):
    """What a line of the summary is about."""

    REQUEST = "request"
    ANSWERED = "answered"
    OPEN = "open"
    LANGUAGE = "language"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """`turns` are the `seq`s of the messages that `text` rests on."""

    label: Label
    text: str
    turns: tuple[int, ...]
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the agent reads first."""

    language: str
    lines: tuple[SummaryLine, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        return {
            "language": self.language,
            "lines": [
                {"label": str(line.label), "text": line.text, "turns": list(line.turns), "outcome": line.outcome}
                for line in self.lines
            ],
        }


@dataclass(slots=True)
class _Topic:
    """A question and what came of it: consecutive messages before an answer are one question.

    `awaits` is the article that answers it, for one of several questions in a message.
    """

    asked: list[Said]
    answer: Said | None = None
    helpful: bool | None = None
    awaits: str | None = None

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.helpful is False


def summarise(said: Sequence[Said], *, language: str, email: str | None = None) -> Summary:
    """The summary of a dialogue. `said` is the log in order; the time is linear in its length."""
    topics = _topics(said)
    lines = [*_request(topics), *_answered(topics), *_open(topics)]
    lines.append(SummaryLine(label=Label.LANGUAGE, text=language, turns=_spoken(said)))
    if email:
        lines.append(SummaryLine(label=Label.CONTACT, text=email, turns=()))
    return Summary(language=language, lines=tuple(lines))


def _topics(said: Iterable[Said]) -> list[_Topic]:
    topics: list[_Topic] = []
    for line in said:
        if line.author == "contact" and line.helpful is not None:
            _judge(topics, helpful=line.helpful)
        elif line.parts:
            topics += [_Topic([replace(line, text=text)], awaits=article) for text, article in line.parts]
        elif line.author == "bot" and (awaiting := _awaiting(topics, line.article)):
            awaiting.answer = line
        elif _is_substance(line):
            if topics and topics[-1].answer is None:
                topics[-1].asked.append(line)
            else:
                topics.append(_Topic([line]))
        elif line.author == "bot" and line.article and topics and topics[-1].answer is None:
            topics[-1].answer = line
        elif line.author == "bot" and line.article and topics and topics[-1].helpful is False:
            topics[-1].answer, topics[-1].helpful = line, None
    return topics


def _awaiting(topics: Sequence[_Topic], article: str | None) -> _Topic | None:
    """The newest question that waits for this very article."""
    return next((each for each in reversed(topics) if article and each.awaits == article and not each.answer), None)


def _judge(topics: list[_Topic], *, helpful: bool) -> None:
    if topics:
        topics[-1].helpful = helpful


def _is_substance(line: Said) -> bool:
    return line.author == "contact" and not line.tapped and line.intent not in SMALL_TALK and bool(line.text.strip())


def _request(topics: Sequence[_Topic]) -> list[SummaryLine]:
    wanted = next((topic for topic in reversed(topics) if topic.is_open), topics[-1] if topics else None)
    return [] if wanted is None else [_quote(Label.REQUEST, wanted)]


def _answered(topics: Sequence[_Topic]) -> list[SummaryLine]:
    done = [topic for topic in topics if topic.answer]
    return [
        SummaryLine(
            label=Label.ANSWERED,
            text=f"{_words(topic.asked)} → {topic.answer.title or topic.answer.article}",
            turns=(*(line.seq for line in topic.asked), topic.answer.seq),
            outcome={True: "helped", False: "did_not_help", None: "not_said"}[topic.helpful],
        )
        for topic in done[-MOST_TOPICS:]
        if topic.answer
    ]


def _open(topics: Sequence[_Topic]) -> list[SummaryLine]:
    still = [topic for topic in topics if topic.is_open][-MOST_TOPICS:]
    return [_quote(Label.OPEN, topic) for topic in still]


def _quote(label: Label, topic: _Topic) -> SummaryLine:
    return SummaryLine(label=label, text=_words(topic.asked), turns=tuple(line.seq for line in topic.asked))


def _words(lines: Sequence[Said]) -> str:
    text = " · ".join(" ".join(line.text.split()) for line in lines)
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _spoken(said: Sequence[Said]) -> tuple[int, ...]:
    return tuple(line.seq for line in said if line.author == "contact" and not line.tapped)[:1]
