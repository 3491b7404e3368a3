"""When somebody is there: by the teams' hours, with the date named, beside what an article says of a shop's hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from actions import words
from actions.asked_time import AskedTime, asked_time
from actions.memory import ConversationMemory
from actions.reply import article, paragraphs, payload, person, say
from bot_protocol import BotMessage, Choice
from knowledge.articles.answers import AnswerSource, ArticleAnswer
from knowledge.normalization import words as words_in

MAX_SENTENCES = 2
"""Of an article's sentences on opening hours."""
MAX_DAY_WORDS = 7
"""Of a message that only names another day."""
ABOUT_HOURS = "hours"
"""What was told last, as the bot's next turn reads it."""
LOOKED_INTO = 3
"""Articles of a search that may be about opening hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursReport:
    """What is said of the hours in the customer's language, and whether somebody is there at this moment."""

    text: str
    is_open: bool


class HoursSource(Protocol):
    """Where the bot's actions ask when the company's teams are there."""

    def today(self) -> date:
        """The date by the company's clock."""
        ...

    async def report(self, asked: AskedTime, language: str) -> HoursReport | None:
        """The hours on the days asked about, else today's and the usual ones; None: no hours are known."""
        ...


class NoHours:
    """A company whose hours are not known, such as of a bot that is tried by itself."""

    def today(self) -> date:
        """By this machine's clock."""
        return datetime.now().astimezone().date()

    async def report(self, asked: AskedTime, language: str) -> HoursReport | None:
        """Nothing."""
        return None


async def tell_hours(past: ConversationMemory, answers: AnswerSource, hours: HoursSource) -> BotMessage:
    """The team's hours on the day that was asked about; what an article says of opening hours stands below."""
    asked = _asked(past, hours)
    report = await hours.report(asked, past.language)
    found = await _article_on_hours(past, answers)
    lines = list(hours_lines(found.answer))[:MAX_SENTENCES] if found else []
    said = report.text if report else say(past, words.NO_KNOWN_HOURS)
    beside = say(past, words.HOURS_IN_ARTICLE).format(question=found.question) if found else ""
    return BotMessage(
        text=paragraphs((said, beside, "\n".join(lines))),
        article=found.key if found else None,
        choices=(*((article(found.question, found.key),) if found else ()), _way_on(past, report)),
        asked=ABOUT_HOURS,
        told="/".join(day.isoformat() for day in dict.fromkeys((asked.days[0], asked.days[-1])))
        if asked.days
        else None,
    )


def goes_on(past: ConversationMemory, hours: HoursSource) -> bool:
    """Whether hours were told last, and all that is asked is another day or time: "und am 24.12.?"."""
    if past.last is None or past.last.asked != ABOUT_HOURS or past.parts or past.entities.get("article"):
        return False
    asked = _asked(past, hours)
    return bool(asked.days or asked.at) and len(words_in(past.text)) <= MAX_DAY_WORDS


async def tell_presence(past: ConversationMemory, answers: AnswerSource, hours: HoursSource) -> BotMessage:
    """That the bot is there, what it is, and when its human colleagues are."""
    report = await hours.report(AskedTime(days=(hours.today(),)), past.language)
    return BotMessage(
        text=paragraphs((say(past, words.HERE), report.text if report else "")), choices=(_way_on(past, report),)
    )


def hours_lines(answer: str) -> Iterator[str]:
    """The lines of an article that say when a shop or a telephone is open, not when something is delivered."""
    for line in answer.splitlines():
        if _DAY.search(line) and _SPAN.search(line) and not _DELIVERY.search(line):
            yield line.strip()


def _asked(past: ConversationMemory, hours: HoursSource) -> AskedTime:
    """What the message names; "the day after" goes on from the days that were told last, else from today."""
    told = past.last.told if past.last else None
    days = [date.fromisoformat(day) for day in told.split("/")] if told else [hours.today()]
    return asked_time(past.text, hours.today(), past.entities.get("date", ""), told=days)


async def _article_on_hours(past: ConversationMemory, answers: AnswerSource) -> ArticleAnswer | None:
    """Of what the search found, however unsure, the first that gives opening hours in words."""
    for candidate in past.candidates[:LOOKED_INTO]:
        found = await answers.answer(candidate.key, past.language)
        if found and any(hours_lines(found.answer)):
            return found
    return None


def _way_on(past: ConversationMemory, report: HoursReport | None) -> Choice:
    """A person now, or a message that one reads later."""
    if report is None or report.is_open:
        return person(past)
    return Choice(title=say(past, words.LEAVE_MESSAGE_TITLE), payload=payload("ask_person"))


_DAY = re.compile(
    r"\b(?:(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|sonnabends?|(?:mo|di|mi|do|fr|sa|so)\b\.?\s*(?:–|-|bis)|"
    r"täglich|werktags?|feiertage?n?|wochenende|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)\b|daily|weekdays|every day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\d{1,2}(?:[:.]\d\d)?\s*(?:uhr|h|am|pm|a\.m\.|p\.m\.)?\s*(?:–|-|bis|to|until|till|und|and|à)\s*(?:um\s+)?\d{1,2}",
    re.IGNORECASE,
)
_DELIVERY = re.compile(
    r"liefer|zustell|versand|versend|paket|zusteller|deliver|shipp|parcel|dispatch|courier", re.IGNORECASE
)
