"""What macros refer to and how a conversation stands, read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.agents import list_agents
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.canned_replies.reply_values import load_reply_context
from helpdesk.conversations import ONLINE_FOR
from helpdesk.conversations.answers.given_answers import is_answered_by_person, is_waiting_for_answer
from helpdesk.conversations.answers.held_answers import load_held
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.macros.plan import Receiver, Situation, Surroundings
from store.db import Database
from store.models import Agent, Availability, HeldKind, Team, now
from store.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Who runs a macro. `names` are what gaps are called in their language, `reasons` the notes about closing without
    an answer by `macro.REASONS`."""

    agent_id: str
    agent_name: str
    company: str
    names: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


async def load_surroundings(db: Database, replies: CannedReplies, agent_id: str) -> Surroundings:
    """The replies that an agent may insert, and everybody whom a conversation can be handed to."""
    texts = {reply.id: reply.draft.texts for reply in await replies.list_for(agent_id)}
    async with db.read() as session:
        teams = {id_: Receiver(name=name) for id_, name in await _team_names(session)}
    since = now() - ONLINE_FOR
    colleagues = {
        agent.id: Receiver(name=agent.name, is_away=not _is_there(agent, since=since))
        for agent in await list_agents(db)
        if agent.active and agent.id != agent_id and has_capability(agent.role, Capability.ANSWERS)
    }
    return Surroundings(replies=texts, teams=teams, colleagues=colleagues)


async def load_situation(c: OpenConversation, runner: Runner) -> Situation:
    """How the conversation stands now; an answer that is held counts as given."""
    await c.session.flush()
    conversation = c.conversation
    context = await load_reply_context(c.session, conversation.id, agent=runner.agent_name, company=runner.company)
    held = await load_held(c.session, conversation.id, runner.agent_id)
    has_held = any(one.kind is HeldKind.ANSWER for one in held)
    return Situation(
        status=conversation.status,
        is_mine=conversation.status is Status.ASSIGNED and conversation.agent_id == runner.agent_id,
        is_answered=has_held or await is_answered_by_person(c),
        is_waiting=not has_held and await is_waiting_for_answer(c),
        undo_seconds=c.settings.undo_seconds,
        at=now(),
        zone=ZoneInfo(c.settings.time_zone),
        language=context.language,
        formality=context.formality,
        values=context.values,
        names=runner.names,
    )


async def _team_names(session: AsyncSession) -> list[tuple[str, str]]:
    rows = await session.execute(select(Team.id, Team.name).where(Team.active))
    return [(id_, name) for id_, name in rows]


def _is_there(agent: Agent, *, since: datetime) -> bool:
    is_seen = agent.last_seen_at is not None and agent.last_seen_at > since
    return is_seen and agent.availability is Availability.ONLINE
