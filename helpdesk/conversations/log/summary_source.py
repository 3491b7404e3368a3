"""Reads the log for the summary: what was said, what it meant to the bot, which answers helped, what was promised."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.conversations.log.transcript import log_line_of
from helpdesk.handoff.dialogue import BOT, DialogueLine
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.summary import Correction, RegisteredPromise, SuggestedArticle, Summary, restate, summarise
from helpdesk.texts.quotation import quoted
from helpdesk.texts.summary_phrases import StaffSummaryPhrases
from store.models import (
    Agent,
    AskedQuestion,
    Contact,
    Conversation,
    Handoff,
    LineMoodRecord,
    Message,
    MessageKind,
    Promise,
    SummaryLineRecord,
    SummaryRecord,
    Team,
    Turn,
)

Parts = tuple[tuple[str, str | None], ...]

MAX_STORY_LINES = 500  # newest lines that a summary is made from
MAX_FITTING = 2
MIN_FITTING_CONFIDENCE = 0.2  # confidence from which on an article may be of use to a person
_NO_ANSWER = "none"  # what a line of the bot's without an article comes to: it tells nothing that was tried


async def load_summary(session: AsyncSession, conversation: Conversation, *, reader: str, time_zone: str) -> Summary:
    """The summary of a conversation as it stands in this transaction, in the language of its `reader`.

    Times are told in the zone of the team that the conversation waits for, without a team in `time_zone`.
    """
    await session.flush()
    messages = await _newest(session, conversation)
    fitting = await _fitting(session, conversation, {message.article for message in messages})
    answered = {message.article for message in messages if message.article}
    titles = await load_article_titles(session, answered | set(fitting), reader)
    handoff = await _live_handoff(session, conversation)
    contact = await session.get_one(Contact, conversation.contact_id)
    several = await _several(session, conversation)
    return await asyncio.to_thread(  # a long story takes a third of a second
        summarise,
        _story(messages, titles, several, conversation.language),
        phrases=StaffSummaryPhrases(reader),
        spoken=conversation.language,
        moods=_moods(messages),
        promises=await _promises(session, conversation),
        correction=_correction(handoff),
        articles=[
            SuggestedArticle(article=key, title=titles[key], confidence=sure)
            for key, sure in fitting.items()
            if key in titles
        ],
        email=contact.email,
        phone=contact.phone,
        zone=await _zone(session, handoff, time_zone),
    )


async def _newest(session: AsyncSession, conversation: Conversation) -> list[Message]:
    newest = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id, Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING])
        )
        .order_by(Message.seq.desc())
        .limit(MAX_STORY_LINES)
    )
    return list(newest)[::-1]


async def _fitting(session: AsyncSession, conversation: Conversation, answered: set[str | None]) -> dict[str, float]:
    """The articles that were found for the newest question and haven't been given as an answer, best first."""
    asked = await session.scalar(
        select(AskedQuestion)
        .where(AskedQuestion.conversation_id == conversation.id)
        .order_by(AskedQuestion.seq.desc(), AskedQuestion.asked_at.desc())
        .limit(1)
    )
    found = asked.candidates if asked else ()
    return dict(
        [(key, sure) for key, sure in found if key not in answered and sure >= MIN_FITTING_CONFIDENCE][:MAX_FITTING]
    )


async def _live_handoff(session: AsyncSession, conversation: Conversation) -> Handoff | None:
    return await session.scalar(
        select(Handoff).where(Handoff.conversation_id == conversation.id, Handoff.ended_at.is_(None))
    )


def _correction(handoff: Handoff | None) -> Correction | None:
    if handoff is None or not handoff.correction or handoff.corrected_seq is None:
        return None
    return Correction(text=handoff.correction, seq=handoff.corrected_seq)


async def _zone(session: AsyncSession, handoff: Handoff | None, otherwise: str) -> tzinfo:
    """The time zone in which the reader works."""
    team = await session.get(Team, handoff.team_id) if handoff and handoff.team_id else None
    return ZoneInfo(team.time_zone if team else otherwise)


async def _promises(session: AsyncSession, conversation: Conversation) -> list[RegisteredPromise]:
    """What is still owed, the first due first."""
    rows = await session.execute(
        select(Promise, Agent.name)
        .outerjoin(Agent, Agent.id == Promise.agent_id)
        .where(Promise.conversation_id == conversation.id, Promise.kept_at.is_(None), Promise.withdrawn_at.is_(None))
        .order_by(Promise.due_at)
    )
    return [
        RegisteredPromise(by=name or BOT, text=promise.text, due=promise.due_at, seq=promise.seq)
        for promise, name in rows
    ]


def _moods(messages: Iterable[Message]) -> list[LineMoodRecord]:
    return [mood for message in messages if (mood := message.mood)]


async def _several(session: AsyncSession, conversation: Conversation) -> dict[int, Parts]:
    """The questions of each turn that had several, by the `seq` of its last message; its other messages have none."""
    rows = await session.execute(
        select(Turn, AskedQuestion)
        .join(AskedQuestion, AskedQuestion.turn_id == Turn.id)
        .where(Turn.conversation_id == conversation.id)
        .order_by(Turn.first_seq, AskedQuestion.asked_at)
    )
    found: dict[int, Parts] = {}
    for turn, questions in groupby(rows, key=itemgetter(0)):
        parts = tuple((asked.text, asked.article) for _, asked in questions)
        if len(parts) > 1:
            found |= dict.fromkeys(range(turn.first_seq, turn.last_seq), ()) | {turn.last_seq: parts}
    return found


def _said(message: Message, titles: dict[str, str], parts: Parts, language: str) -> DialogueLine:
    return replace(
        log_line_of(message, language),
        outcome=None if message.author != Author.BOT or message.article else _NO_ANSWER,
        title=titles.get(message.article or ""),
        parts=parts,
    )


def summary_record(summary: Summary) -> SummaryRecord:
    """A summary as it is stored with its handoff."""
    return SummaryRecord(
        language=summary.language,
        lines=tuple(
            SummaryLineRecord(label=str(line.label), text=line.text, turns=line.turns, outcome=line.outcome)
            for line in summary.lines
        ),
    )


async def load_restatement(session: AsyncSession, conversation: Conversation) -> str:
    """The request in the contact's words, for the sentence with which it is passed on; empty while there is none."""
    await session.flush()
    said = _story(await _newest(session, conversation), {}, {}, conversation.language)
    return restate(said, quoted=partial(quoted, language=conversation.language, domain="customer")).text


def _story(
    messages: Sequence[Message], titles: dict[str, str], several: dict[int, Parts], language: str
) -> list[DialogueLine]:
    """What was said, without what is no story: our system's lines, and what was taken back."""
    kept = {
        message.seq
        for message in messages
        if message.author != Author.SYSTEM and several.get(message.seq) != () and not message.facts.withdrawn
    }
    said = mark_answers([_said(message, titles, several.get(message.seq, ()), language) for message in messages])
    return [line for line in said if line.seq in kept]
