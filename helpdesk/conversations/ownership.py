"""Who answers: every change of a conversation's owner, in one transaction each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Choice
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.inbound_priority import InboundPriority
from helpdesk.conversations.lookups import (
    end_handoff,
    load_agent,
    load_live_handoff,
    load_owner,
    load_team,
    refuse_second_owner,
)
from helpdesk.conversations.message_text import clean
from helpdesk.conversations.offers import clear_offer
from helpdesk.conversations.repeat_requests import load_repeat_request
from helpdesk.conversations.summary_source import load_summary
from helpdesk.conversations.turn_opening import close_turns
from helpdesk.handoff.states import next_status
from helpdesk.handoff.summary import Summary
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.texts import Say, say
from store.db import Database
from store.errors import Conflict
from store.failpoints import Failpoint, failpoint
from store.models import Agent, Conversation, Handoff, now
from store.settings import Settings
from store.status import Event, Status

CANCEL_HANDOFF = "/cancel_handoff"
LONGEST_DONE = 1_000  # characters of what an agent says was done


class Ownership:
    """Passes the baton; the epoch rises with every pass, and what was written under an older one is withheld."""

    def __init__(self, db: Database, live: ChangeHints, settings: Settings) -> None:
        self.db = db
        self.live = live
        self.settings = settings
        self.inbound_priority = InboundPriority()

    async def accept(self, conversation_id: str, agent_id: str) -> Conversation:
        """Make `agent_id` the owner. Raises `Conflict` naming the owner when somebody was first."""
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_agent(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await refuse_second_owner(session, conversation, agent)
                return conversation
            if conversation.status == Status.BOT:
                trigger = Trigger(kind=TriggerKind.AGENT_TOOK, turns=())
                await self._open_handoff(session, conversation, HandoffRequest(triggers=(trigger,)))
            text = self._say(conversation, Say.ACCEPTED, agent=agent.name)
            await self._pass_baton(session, conversation, Event.ACCEPT, text=text, agent=agent, owner=agent)
            handoff = await load_live_handoff(session, conversation)
            if handoff is not None:
                handoff.accepted_at, handoff.accepted_by = now(), agent.id
            failpoint(Failpoint.ACCEPT_BEFORE_COMMIT)
        failpoint(Failpoint.ACCEPT_AFTER_COMMIT)
        return conversation

    async def release(
        self, conversation_id: str, agent_id: str, *, lost: bool = False, because: Say = Say.RELEASED
    ) -> Conversation:
        """Give a conversation back to the queue; the customer is told. `lost`: the agent has vanished."""
        event = Event.AGENT_LOST if lost else Event.RELEASE
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_owner(session, conversation, agent_id)
            await self._give_back(
                session, conversation, agent, event, self._say(conversation, because, agent=agent.name)
            )
        return conversation

    async def _give_back(
        self, session: AsyncSession, conversation: Conversation, agent: Agent, event: Event, text: str
    ) -> None:
        """Into the queue again, at the front, and to anybody but the agent whose it was."""
        await self._pass_baton(session, conversation, event, text=text, agent=agent)
        handoff = await load_live_handoff(session, conversation)
        if handoff is not None:
            handoff.accepted_at = handoff.accepted_by = None
            handoff.preferred_agent = None
            handoff.declined_by = (*handoff.declined_by, agent.id)
        await self._retell(session, conversation)

    async def transfer(
        self, conversation_id: str, agent_id: str, to: str | None, team: str | None = None
    ) -> Conversation:
        """Pass a conversation to the colleague `to`, to the queue of a `team`, or with neither back to the queue."""
        if to is None:
            return await self._transfer_to_queue(conversation_id, agent_id, team)
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_owner(session, conversation, agent_id)
            colleague = await load_agent(session, to)
            if colleague.id == agent.id:
                raise Conflict("The conversation is yours already; choose a colleague.")
            text = self._say(conversation, Say.TRANSFERRED, agent=colleague.name)
            await self._pass_baton(
                session, conversation, Event.TRANSFER, text=text, agent=agent, owner=colleague, to=colleague.id
            )
        return conversation

    async def _transfer_to_queue(self, conversation_id: str, agent_id: str, team_id: str | None) -> Conversation:
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_owner(session, conversation, agent_id)
            team = await load_team(session, team_id) if team_id else None
            text = self._say(conversation, Say.RELEASED, agent=agent.name)
            if team is not None:
                text = self._say(conversation, Say.TO_TEAM, agent=agent.name, team=team.name)
            await self._give_back(session, conversation, agent, Event.TRANSFER_TO_QUEUE, text)
            handoff = await load_live_handoff(session, conversation)
            if handoff is not None and team is not None:
                handoff.team_id = team.id
        return conversation

    async def return_to_bot(self, conversation_id: str, agent_id: str, done: str = "") -> Conversation:
        """The agent is done; the bot answers again and knows that somebody helped.

        `done` says in a sentence what was done; the customer reads it, and it is part of the story from then on.
        """
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_owner(session, conversation, agent_id)
            done = clean(done, LONGEST_DONE)
            text = self._say(conversation, Say.RETURNED)
            if done:
                text = self._say(conversation, Say.RETURNED_DONE, agent=agent.name, done=done)
            await self._pass_baton(session, conversation, Event.RETURN_TO_BOT, text=text, agent=agent, done=done)
            conversation.answered_seq = conversation.last_seq
        return conversation

    async def resolve(self, conversation_id: str, agent_id: str) -> Conversation:
        """Close a conversation: its owner, or anyone while it waits. The customer may write again at any time."""
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_agent(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await load_owner(session, conversation, agent_id)
            helped_by_person = conversation.status == Status.ASSIGNED
            text = self._say(conversation, Say.RESOLVED)
            await self._pass_baton(session, conversation, Event.RESOLVE, text=text, agent=agent)
            if helped_by_person:
                await self._ask_how_it_was(session, conversation)
            conversation.answered_seq, conversation.resolved_at = conversation.last_seq, now()
        return conversation

    async def _ask_how_it_was(self, session: AsyncSession, conversation: Conversation) -> None:
        """One question, once, after a person has helped."""
        good = Choice(title=self._say(conversation, Say.WAS_GOOD), payload="/rated_good")
        bad = Choice(title=self._say(conversation, Say.WAS_BAD), payload="/rated_bad")
        await lines.append_outgoing(
            session,
            conversation,
            Author.SYSTEM,
            self._say(conversation, Say.HOW_WAS_IT),
            choices=(good, bad),
            author_name=self.settings.bot_name,
        )

    async def _pass_baton(
        self,
        session: AsyncSession,
        conversation: Conversation,
        event: Event,
        *,
        text: str,
        agent: Agent | None = None,
        owner: Agent | None = None,
        shown: bool = True,
        **data: object,
    ) -> None:
        """One transition: status, owner and epoch change together, the log says so, the handoff opens or closes."""
        conversation.status = next_status(conversation.status, event)
        conversation.agent_id = owner.id if owner else None
        conversation.epoch += 1
        await close_turns(session, conversation)
        handoff = await load_live_handoff(session, conversation)
        if handoff is not None:
            clear_offer(handoff, accepted_by=owner.id if owner else None)
        await lines.append_activity(session, conversation, str(event), text, agent=agent, shown=shown, **data)
        if conversation.status in {Status.BOT, Status.RESOLVED}:
            await end_handoff(session, conversation, str(event))
        if event == Event.CONTACT_WRITES:
            conversation.resolved_at = None

    async def _open_handoff(
        self, session: AsyncSession, conversation: Conversation, request: HandoffRequest
    ) -> Handoff:
        matter = await load_repeat_request(session, conversation)
        summary = await self._summarise(session, conversation)
        handoff = Handoff(
            conversation_id=conversation.id,
            triggers=[trigger.as_json() for trigger in request.triggers],
            decision=dict(request.decision),
            summary=summary.as_json(),
            topic=request.topic or matter.topic,
            language=conversation.language,
            urgency=request.urgency,
            round=max(matter.round, request.round),
            preferred_agent=request.prefer or matter.last_agent,
            asked_seq=conversation.last_seq,
            asked_at=now(),
        )
        session.add(handoff)
        await session.flush()
        return handoff

    async def _retell(self, session: AsyncSession, conversation: Conversation) -> None:
        handoff = await load_live_handoff(session, conversation)
        if handoff is not None:
            summary = await self._summarise(session, conversation)
            handoff.summary = summary.as_json()

    async def _summarise(self, session: AsyncSession, conversation: Conversation) -> Summary:
        return await load_summary(
            session, conversation, reader=self.settings.language, time_zone=self.settings.time_zone
        )

    @asynccontextmanager
    async def _changing(self, conversation_id: str) -> AsyncIterator[tuple[AsyncSession, Conversation]]:
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            yield session, conversation
        self.announce(conversation)

    def announce(self, conversation: Conversation) -> None:
        """Hint at a change that is committed."""
        self.live.changed(conversation.id, conversation.last_seq)
        self.live.queue_changed()

    def _say(self, conversation: Conversation, what: Say, **values: object) -> str:
        return say(
            what,
            conversation.language,
            conversation.formality,
            **({"bot": self.settings.bot_name} | values),
        )
