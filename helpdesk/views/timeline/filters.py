"""What a list of the desk is narrowed down to, and who may read what is in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, cast, or_, select

from connectors.contract import Channel
from helpdesk.views.timeline.cards import DeskView, shows
from store.models import Article, AskedQuestion, Conversation, ConversationTag, Feedback, Handoff
from store.status import Status
from store.triggers import TriggerKind


class MoodFilter(StrEnum):
    """How the contact was when a person was called."""

    UPSET = "upset"
    ABUSIVE = "abusive"


class RatingFilter(StrEnum):
    """What the contact said of the answers."""

    GOOD = "good"
    BAD = "bad"


_SHOWS_MOOD = {
    MoodFilter.UPSET: (TriggerKind.FRUSTRATION, TriggerKind.COMPLAINT),
    MoodFilter.ABUSIVE: (TriggerKind.ABUSE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFilter:
    """What has to hold for a conversation; `None` holds for all. `since` and `until` are about the last line."""

    channel: Channel | None = None
    status: Status | None = None
    team: str | None = None
    agent: str | None = None
    topic: str | None = None
    language: str | None = None
    mood: MoodFilter | None = None
    rating: RatingFilter | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What has to hold, in SQL."""
        for name, condition in _CONDITIONS.items():
            value = getattr(self, name)
            if value is not None:
                yield condition(value)


def select_readable(view: DeskView, agent_id: str, wanted: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    """What has to hold for a conversation in a list of this agent's: all that anybody is shown comes through here."""
    yield shows(view, agent_id)
    yield from wanted.conditions()


def _had_handoff(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Handoff.id).where(Handoff.conversation_id == Conversation.id, condition).exists()


def _is_about(topic: str) -> ColumnElement[bool]:
    """Whether it was passed on with this topic, or an article on it answered a question."""
    answered = (
        select(AskedQuestion.id)
        .join(Article, Article.key == AskedQuestion.article)
        .where(AskedQuestion.conversation_id == Conversation.id, Article.category == topic)
        .exists()
    )
    return or_(_had_handoff(Handoff.topic == topic), answered)


def _shows_mood(mood: MoodFilter) -> ColumnElement[bool]:
    triggers = cast(Handoff.triggers, String)
    return _had_handoff(or_(*(triggers.like(f'%"kind": "{kind}"%') for kind in _SHOWS_MOOD[mood])))


def _is_rated(rating: RatingFilter) -> ColumnElement[bool]:
    is_good = rating is RatingFilter.GOOD
    said = select(Feedback.id).where(Feedback.conversation_id == Conversation.id, Feedback.helpful.is_(is_good))
    return or_(said.exists(), _had_handoff(Handoff.helped.is_(is_good)))


def _was_with(agent: str) -> ColumnElement[bool]:
    """Whether this agent has it, or has had it."""
    return or_(Conversation.agent_id == agent, _had_handoff(Handoff.accepted_by == agent))


_CONDITIONS: dict[str, Callable[..., ColumnElement[bool]]] = {
    "channel": lambda channel: Conversation.channel == channel,
    "status": lambda status: Conversation.status == status,
    "team": lambda team: _had_handoff(Handoff.team_id == team),
    "agent": _was_with,
    "topic": _is_about,
    "language": lambda language: or_(Conversation.language == language, Conversation.foreign_language == language),
    "mood": _shows_mood,
    "rating": _is_rated,
    "tag": lambda tag: (
        select(ConversationTag.tag_id)
        .where(ConversationTag.conversation_id == Conversation.id, ConversationTag.tag_id == tag)
        .exists()
    ),
    "since": lambda since: Conversation.changed_at >= since,
    "until": lambda until: Conversation.changed_at < until,
}
