"""What agents answered to questions that the bot couldn't: the answer of an article that nobody has written yet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.insights.questions import QuestionRecord
from knowledge.articles.answer_proposals import propose_answer
from knowledge.search.language import detect
from store.db import Database
from store.models import Conversation, Feedback, Handoff, Message, MessageKind
from store.status import Event

#: Characters of an answer, without greetings: a shorter one belongs to a talk.
MIN_LENGTH = 25
#: An answer that comes later than this after the question was to something else.
_WITHIN = timedelta(days=7)
#: A request for a person so soon after says that the answer didn't do.
_COMES_BACK_WITHIN = timedelta(days=1)
_AT_ONCE = 500  # conversations in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReply:
    """An agent's message after a question that the bot had no good answer to. `text` is fit for an article.

    `accepted`: the agent closed the conversation or gave it back with it, and the customer neither came back nor said
    that it didn't help.
    """

    message_id: str
    conversation_id: str
    text: str
    language: str
    agent: str
    at: datetime
    accepted: bool


async def load_agent_replies(db: Database, questions: Sequence[QuestionRecord]) -> dict[str, AgentReply]:
    """What an agent answered to these questions, by the question's id; those that got none are missing."""
    ids = sorted({question.conversation_id for question in questions})
    found: dict[str, AgentReply] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = set(ids[start : start + _AT_ONCE])
        async with db.read() as session:
            courses = await _load_courses(session, some)
        for question in questions:
            if question.conversation_id in some:
                reply = courses[question.conversation_id].reply_to(question)
                if reply is not None:
                    found[question.id] = reply
    return found


async def load_reply_texts(db: Database, message_ids: Sequence[str], conversation_ids: Iterable[str]) -> dict[str, str]:
    """The proposed answers of these messages by language, as far as they are agents' in these conversations."""
    async with db.read() as session:
        rows = await session.execute(
            select(Message.text, Conversation.language)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Message.id.in_(message_ids),
                Message.conversation_id.in_(set(conversation_ids)),
                Message.author == Author.AGENT,
                Message.kind == MessageKind.OUTGOING,
            )
            .order_by(Message.created_at)
        )
        texts = [(propose_answer(text), language) for text, language in rows]
    return {detect(text).language or language: text for text, language in texts if text}


def best_replies(replies: Iterable[AgentReply]) -> tuple[AgentReply, ...]:
    """One for each language: an accepted one before others, the newest of them."""
    ordered = sorted(replies, key=lambda reply: (reply.accepted, reply.at))
    return tuple({reply.language: reply for reply in ordered}.values())


@dataclass(slots=True)
class _Course:
    """What came after the questions of one conversation."""

    language: str
    replies: list[Message]
    handoffs: list[Handoff]
    judgements: list[tuple[bool, datetime]]

    def reply_to(self, question: QuestionRecord) -> AgentReply | None:
        """The fullest answer within the request that followed on the question, questions back left out."""
        handoff = next((one for one in self.handoffs if one.asked_at >= question.asked_at - timedelta(seconds=1)), None)
        if handoff is None:
            return None
        end = handoff.ended_at or question.asked_at + _WITHIN
        said = [
            (propose_answer(message.text), message)
            for message in self.replies
            if question.asked_at <= message.created_at <= min(end, question.asked_at + _WITHIN)
        ]
        answers = [(text, message) for text, message in said if len(text) >= MIN_LENGTH and not text.endswith("?")]
        if not answers:
            return None
        text, message = max(answers, key=lambda one: len(one[0]))
        return AgentReply(
            message_id=message.id,
            conversation_id=question.conversation_id,
            text=text,
            language=detect(text).language or self.language,
            agent=message.author_name,
            at=message.created_at,
            accepted=self._was_accepted(handoff, message.created_at),
        )

    def _was_accepted(self, handoff: Handoff, at: datetime) -> bool:
        ended = handoff.ended_at
        if ended is None or handoff.outcome not in {Event.RESOLVE, Event.RETURN_TO_BOT}:
            return False
        came_back = any(ended < other.asked_at <= ended + _COMES_BACK_WITHIN for other in self.handoffs)
        return not came_back and all(helpful for helpful, said_at in self.judgements if said_at >= at)


async def _load_courses(session: AsyncSession, ids: set[str]) -> defaultdict[str, _Course]:
    courses: defaultdict[str, _Course] = defaultdict(lambda: _Course("de", [], [], []))
    languages = await session.execute(select(Conversation.id, Conversation.language).where(Conversation.id.in_(ids)))
    for conversation_id, language in languages:
        courses[conversation_id].language = language
    replies = select(Message).where(
        Message.conversation_id.in_(ids), Message.author == Author.AGENT, Message.kind == MessageKind.OUTGOING
    )
    for message in await session.scalars(replies.order_by(Message.created_at)):
        courses[message.conversation_id].replies.append(message)
    for handoff in await session.scalars(
        select(Handoff).where(Handoff.conversation_id.in_(ids)).order_by(Handoff.asked_at)
    ):
        courses[handoff.conversation_id].handoffs.append(handoff)
    judged = select(Feedback.conversation_id, Feedback.helpful, Feedback.created_at).where(
        Feedback.conversation_id.in_(ids)
    )
    for conversation_id, helpful, at in await session.execute(judged):
        courses[conversation_id].judgements.append((helpful, at))
    return courses
