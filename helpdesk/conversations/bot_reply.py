"""What the bot said in one turn, and what it wants to happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot_protocol import AnswerJudgement, BotMessage, CallAppointment, HandoffWish
from helpdesk.notices.notice_store import NoticeView
from store.models import DecisionRecord, MoodRecord, QuestionCandidate
from store.triggers import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnQuestion:
    """One question of a turn and what the search found; `article` is the one that was said, if one was.

    `candidates` are what was found, best first. When the customer taps one of the articles that a question
    was asked back with, that question is kept once more, with outcome "answer" and the article; when another article's
    button is tapped ("often asked along with it"), it is kept as if the article's own question had been asked. The
    later entry of a question is the one that counts.
    """

    text: str
    language: str
    outcome: str
    article: str | None = None
    confidence: float | None = None
    candidates: tuple[QuestionCandidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """A request for a person: why, how the rules came to it, what it is about if not what was asked last (a category).

    `urgency` is 0 for normal, 1 for soon, 2 for at once. `prefer` is the id of the agent who knows the matter, `round`
    how many requests there are on it with this one; 0 where nobody has compared it with the earlier ones yet.
    """

    triggers: tuple[Trigger, ...]
    decision: DecisionRecord = field(default_factory=DecisionRecord)
    topic: str | None = None
    urgency: int = 0
    prefer: str | None = None
    round: int = 0


class Company(Enum):
    """What the bot can do for a contact who waits for a person."""

    ANSWER = auto()
    """It has an article that surely answers."""
    OUTLOOK = auto()
    """They ask how long it takes, or whether anybody is there."""
    THANKS = auto()
    SETTLED = auto()
    """They say that nobody is needed any more."""
    IDENTITY = auto()
    """They ask whether a person is writing to them already."""
    URGENT = auto()
    """What they write can't wait as long as it would: the request moves up."""
    ADDED = auto()
    """Whatever else they write is for the person who takes over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotReply:
    """What the bot said in one turn: `texts` are the messages with words, the rest is what all of them want.

    `language` and `formality` are set when the customer has switched. `answered` is the slot that the customer's
    message was read as the value of: an answer to the bot's own question, not to be judged as a question or a mood.
    `foreign_language` is one that the customer writes and that isn't offered, where it is noticed first.

    `call` is what was agreed of a call: with a time, somebody has to make it; without, only the number is known.

    `asked` is what was searched for in this turn, in the customer's order; small talk asks nothing. `outcome` and
    `confidence` are the search's. `act` is what the rules of the handoff made of it, `request` the request for a person
    that follows, `felt` the moods of the turn's lines by their `seq`. `company` is set while a person is waited for:
    the words are then completed by what is known of the queue; `urgency` is what the request rises to.

    `notices` are the known disturbances that the contact asks about; they are told before everything else, and instead
    of words that `is_miss`.
    """

    texts: tuple[BotMessage, ...]
    handoff: HandoffWish | None = None
    call: CallAppointment | None = None
    judgement: AnswerJudgement | None = None
    language: str | None = None
    foreign_language: str | None = None
    formality: str | None = None
    intent: str | None = None
    answered: str | None = None
    degraded: bool = False
    asked: tuple[TurnQuestion, ...] = ()
    act: str = "none"
    request: HandoffRequest | None = None
    felt: Mapping[int, MoodRecord] = field(default_factory=dict)
    company: Company | None = None
    urgency: int = 0
    outcome: str | None = None
    confidence: float | None = None
    notices: tuple[NoticeView, ...] = ()
    is_miss: bool = False

    @property
    def is_call_agreed(self) -> bool:
        """Whether number and time of a call are settled."""
        return self.call is not None and self.call.end is not None
