"""Who answers: every change of a conversation's owner, in one transaction each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.base import Author, Channel, Choice
from helpdesk import log as lines
from helpdesk.conversations.lookups import (
    agent_of,
    count_agents_online,
    count_queue,
    end_handoff,
    live_handoff,
    owner_of,
    refuse_second_owner,
)
from helpdesk.conversations.settling import close_turns
from helpdesk.db import Database
from helpdesk.door import Door
from helpdesk.errors import Conflict
from helpdesk.failpoints import Failpoint, failpoint
from helpdesk.handoff.states import next_status
from helpdesk.handoff.triggers import Trigger, TriggerKind
from helpdesk.live import Live
from helpdesk.models import Agent, Conversation, Handoff, now
from helpdesk.settings import Settings
from helpdesk.status import Event, Status
from helpdesk.story import tell_story
from helpdesk.texts import Say, say

CANCEL_HANDOFF = "/cancel_handoff"


class Baton:
    """Passes the baton; the epoch rises with every pass, and what was written under an older one is withheld."""

    def __init__(self, db: Database, live: Live, settings: Settings) -> None:
        self.db = db
        self.live = live
        self.settings = settings
        self.door = Door()

    async def request_handoff(self, conversation_id: str, triggers: list[Trigger]) -> Conversation:
        """Put a conversation of the bot's into the queue."""
        async with self._changing(conversation_id) as (session, conversation):
            await self.request_handoff_in(session, conversation, triggers)
        return conversation

    async def request_handoff_in(
        self, session: AsyncSession, conversation: Conversation, triggers: list[Trigger]
    ) -> None:
        """The same inside a transaction: status, epoch, handoff with its summary, and an honest word on what's next."""
        position = 1 + await count_queue(session)
        reasons = [trigger.as_json() for trigger in triggers]
        await self._pass_baton(session, conversation, Event.REQUEST_HANDOFF, text="", shown=False, triggers=reasons)
        await self._open_handoff(session, conversation, triggers)
        nobody = Say.QUEUED_NOBODY if conversation.channel == Channel.WEBCHAT else Say.QUEUED_ELSEWHERE
        what_next = Say.QUEUED if await count_agents_online(session) else nobody
        await lines.append_outgoing(
            session,
            conversation,
            Author.SYSTEM,
            self._say(conversation, what_next, position=position),
            choices=(Choice(title=self._say(conversation, Say.BACK_TO_BOT), payload=CANCEL_HANDOFF),),
            author_name=self.settings.bot_name,
        )

    async def accept(self, conversation_id: str, agent_id: str) -> Conversation:
        """Make `agent_id` the owner. Raises `Conflict` naming the owner when somebody was first."""
        async with self._changing(conversation_id) as (session, conversation):
            agent = await agent_of(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await refuse_second_owner(session, conversation, agent)
                return conversation
            if conversation.status == Status.BOT:
                trigger = Trigger(kind=TriggerKind.AGENT_TOOK, turns=())
                await self._open_handoff(session, conversation, [trigger])
            text = self._say(conversation, Say.ACCEPTED, agent=agent.name)
            await self._pass_baton(session, conversation, Event.ACCEPT, text=text, agent=agent, owner=agent)
            handoff = await live_handoff(session, conversation)
            if handoff is not None:
                handoff.accepted_at, handoff.accepted_by = now(), agent.id
            failpoint(Failpoint.ACCEPT_BEFORE_COMMIT)
        failpoint(Failpoint.ACCEPT_AFTER_COMMIT)
        return conversation

    async def release(self, conversation_id: str, agent_id: str, *, lost: bool = False) -> Conversation:
        """Give a conversation back to the queue; the customer is told. `lost`: the agent has vanished."""
        return await self._give_back(conversation_id, agent_id, Event.AGENT_LOST if lost else Event.RELEASE)

    async def _give_back(self, conversation_id: str, agent_id: str, event: Event) -> Conversation:
        async with self._changing(conversation_id) as (session, conversation):
            agent = await owner_of(session, conversation, agent_id)
            text = self._say(conversation, Say.RELEASED, agent=agent.name)
            await self._pass_baton(session, conversation, event, text=text, agent=agent)
            handoff = await live_handoff(session, conversation)
            if handoff is not None:
                handoff.accepted_at = handoff.accepted_by = None
            await self._retell(session, conversation)
        return conversation

    async def transfer(self, conversation_id: str, agent_id: str, to: str | None) -> Conversation:
        """Pass a conversation to the colleague `to`, or with `None` back to the queue."""
        if to is None:
            return await self._give_back(conversation_id, agent_id, Event.TRANSFER_TO_QUEUE)
        async with self._changing(conversation_id) as (session, conversation):
            agent = await owner_of(session, conversation, agent_id)
            colleague = await agent_of(session, to)
            if colleague.id == agent.id:
                raise Conflict("The conversation is yours already; choose a colleague.")
            text = self._say(conversation, Say.TRANSFERRED, agent=colleague.name)
            await self._pass_baton(
                session, conversation, Event.TRANSFER, text=text, agent=agent, owner=colleague, to=colleague.id
            )
        return conversation

    async def return_to_bot(self, conversation_id: str, agent_id: str) -> Conversation:
        """The agent is done; the bot answers again and knows that somebody helped."""
        async with self._changing(conversation_id) as (session, conversation):
            agent = await owner_of(session, conversation, agent_id)
            text = self._say(conversation, Say.RETURNED, bot=self.settings.bot_name)
            await self._pass_baton(session, conversation, Event.RETURN_TO_BOT, text=text, agent=agent)
            conversation.answered_seq = conversation.last_seq
        return conversation

    async def resolve(self, conversation_id: str, agent_id: str) -> Conversation:
        """Close a conversation: its owner, or anyone while it waits. The customer may write again at any time."""
        async with self._changing(conversation_id) as (session, conversation):
            agent = await agent_of(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await owner_of(session, conversation, agent_id)
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
        await lines.append_activity(session, conversation, str(event), text, agent=agent, shown=shown, **data)
        if conversation.status in {Status.BOT, Status.RESOLVED}:
            await end_handoff(session, conversation, str(event))
        if event == Event.CONTACT_WRITES:
            conversation.resolved_at = None

    async def _open_handoff(self, session: AsyncSession, conversation: Conversation, triggers: list[Trigger]) -> None:
        summary = await tell_story(session, conversation, reader=self.settings.language)
        session.add(
            Handoff(
                conversation_id=conversation.id,
                triggers=[trigger.as_json() for trigger in triggers],
                summary=summary.as_json(),
                asked_at=now(),
            )
        )
        await session.flush()

    async def _retell(self, session: AsyncSession, conversation: Conversation) -> None:
        handoff = await live_handoff(session, conversation)
        if handoff is not None:
            summary = await tell_story(session, conversation, reader=self.settings.language)
            handoff.summary = summary.as_json()

    @asynccontextmanager
    async def _changing(self, conversation_id: str) -> AsyncIterator[tuple[AsyncSession, Conversation]]:
        async with self.db.write() as session:
            conversation = await lines.lock(session, conversation_id)
            yield session, conversation
        self._announce(conversation)

    def _announce(self, conversation: Conversation) -> None:
        self.live.changed(conversation.id, conversation.last_seq)
        self.live.queue_changed()

    def _say(self, conversation: Conversation, what: Say, **values: object) -> str:
        return say(
            what,
            conversation.language,
            conversation.formality,
            **({"bot": self.settings.bot_name} | values),
        )
