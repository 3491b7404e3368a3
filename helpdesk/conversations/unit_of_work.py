"""One conversation in one transaction: the only way in which conversations change."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Author, Choice, Introduction
from helpdesk.conversations.fresh_lines import FreshLines
from helpdesk.conversations.inbound_priority import InboundPriority
from helpdesk.conversations.lookups import find_by_address, load_contact, load_live_handoff, lock_conversation
from helpdesk.conversations.message_log import MessageLog
from helpdesk.conversations.offers import clear_offer
from helpdesk.conversations.summary_source import load_summary, summary_record
from helpdesk.conversations.turn_opening import close_turns
from helpdesk.handoff.states import next_status
from helpdesk.handoff.summary import Summary
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.texts import Say, say
from i18n import available_languages
from store.db import Database
from store.failpoints import Failpoint, failpoint
from store.models import (
    Activity,
    Agent,
    Contact,
    Conversation,
    ExpectedInput,
    Handoff,
    Message,
    MessageFacts,
    new_id,
    now,
)
from store.settings import Settings
from store.status import Event, Status
from store.triggers import Trigger


class Audience(Enum):
    """Who is told that a conversation has changed, once the change is committed."""

    NOBODY = auto()
    VIEWERS = auto()  # whoever has the conversation on the screen
    EVERYBODY = auto()  # the viewers, and all who watch the queue


@dataclass(slots=True, kw_only=True)
class OpenConversation:
    """One conversation, its row locked by the transaction of `Conversations.open`, and what every change of it needs.

    What was loaded through `session` can still be read when the block has ended. A function that has changed nothing
    sets `audience` to `NOBODY`. `after_commit` is where a test may let the process die before anybody is told.
    """

    session: AsyncSession
    conversation: Conversation
    settings: Settings
    live: ChangeHints
    fresh: FreshLines
    audience: Audience = Audience.EVERYBODY
    after_commit: Failpoint | None = None
    log: MessageLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = MessageLog(self.session, self.conversation)

    @property
    def is_contact_writing(self) -> bool:
        """Whether the contact is typing just now."""
        return self.live.is_contact_writing(self.conversation.id)

    def say(self, what: Say, **values: object) -> str:
        """A text of ours in the contact's language and form of address."""
        known = {"bot": self.settings.bot_name} | values
        return say(what, self.conversation.language, self.conversation.formality, **known)

    async def tell(self, what: Say, choices: tuple[Choice, ...] = (), **values: object) -> Message:
        """Send the contact a text of ours, with buttons."""
        return await self.tell_text(self.say(what, **values), choices)

    async def tell_text(self, text: str, choices: tuple[Choice, ...] = ()) -> Message:
        """Send the contact a text that is in their language already, with buttons."""
        return await self.log.append_outgoing(Author.SYSTEM, text, choices=choices, author_name=self.settings.bot_name)

    async def load_contact(self) -> Contact:
        """The contact; no statement when this transaction has loaded them before."""
        return await self.session.get_one(Contact, self.conversation.contact_id)

    async def load_live_handoff(self) -> Handoff | None:
        """The request for a person that has not ended."""
        return await load_live_handoff(self.session, self.conversation)

    async def pass_baton(
        self,
        event: Event,
        text: str = "",
        *,
        agent: Agent | None = None,
        owner: Agent | None = None,
        shown: bool = True,
        triggers: tuple[Trigger, ...] = (),
        to: str | None = None,
        done: str | None = None,
    ) -> Handoff | None:
        """One transition: status, owner and epoch change together, the log says so, the handoff closes.

        `text` is what the contact reads if it is `shown`, `agent` who did it, `owner` who has the conversation from now
        on; the log tells the rest (`Activity`). Returns the request for a person that it concerns.
        Raises `InvalidTransition`.
        """
        conversation = self.conversation
        conversation.status = next_status(conversation.status, event)
        conversation.agent_id = owner.id if owner else None
        conversation.epoch += 1
        await close_turns(self.session, conversation)
        handoff = await self.load_live_handoff()
        if handoff is not None:
            clear_offer(handoff, accepted_by=owner.id if owner else None)
        activity = Activity(event=str(event), shown=shown, triggers=triggers, to=to, done=done)
        await self.log.append_activity(activity, text, agent=agent)
        if handoff is not None and conversation.status in {Status.BOT, Status.RESOLVED}:
            handoff.ended_at, handoff.outcome, handoff.ended_seq = now(), str(event), conversation.last_seq
            handoff.awaits = ExpectedInput.NOTHING
        if event in {Event.CONTACT_WRITES, Event.REOPEN}:
            conversation.resolved_at = None
        return handoff

    async def load_summary(self) -> Summary:
        """The summary of the conversation as it stands now."""
        return await load_summary(
            self.session, self.conversation, reader=self.settings.language, time_zone=self.settings.time_zone
        )

    async def retell_summary(self) -> None:
        """Bring the summary of the request for a person up to date, if there is one."""
        handoff = await self.load_live_handoff()
        if handoff is not None:
            handoff.summary = summary_record(await self.load_summary())

    def announce(self) -> None:
        """Hint at what was committed."""
        if self.after_commit is not None:
            failpoint(self.after_commit)
        self.log.count_deliveries()
        if self.audience is not Audience.NOBODY:
            self.fresh.offer(self.conversation, self.log.lines)
            self.live.changed(self.conversation.id, self.conversation.last_seq)
        if self.audience is Audience.EVERYBODY:
            self.live.queue_changed()


class Conversations:
    """Opens conversations for a change; what changes is a function over the `OpenConversation`."""

    def __init__(self, db: Database, live: ChangeHints, settings: Settings) -> None:
        self.db = db
        self.live = live
        self.settings = settings
        self.fresh = FreshLines()
        self.inbound_priority = InboundPriority()

    @asynccontextmanager
    async def open(
        self, conversation: str | Select[str], *, what: str = "conversation"
    ) -> AsyncIterator[OpenConversation]:
        """Lock a conversation, by its id or by a query for its id, until the block ends; then commit and announce.

        An error in the block leaves everything as it was. Raises `NotFound`, in words about `what` was looked for.
        """
        async with self.db.write() as session:
            c = self._unit(session, await lock_conversation(session, conversation, what=what))
            yield c
            await c.log.store_deliveries()
        c.announce()

    @asynccontextmanager
    async def open_at(
        self, address: Address, contact_id: str, introduction: Introduction
    ) -> AsyncIterator[OpenConversation]:
        """Lock the conversation at an address as `open` does. If there is none it begins, with the bot's greeting.

        `contact_id` is the channel's own id of the contact; `introduction` counts only when the conversation begins.
        """
        async with self.db.write() as session:
            found = await find_by_address(session, address)
            if found is None:
                c = self._unit(session, await self._begin(session, address, contact_id, introduction))
                await _greet(c)
            else:
                c = self._unit(session, found)
            yield c
            await c.log.store_deliveries()
        c.announce()

    def _unit(self, session: AsyncSession, conversation: Conversation) -> OpenConversation:
        return OpenConversation(
            session=session, conversation=conversation, settings=self.settings, live=self.live, fresh=self.fresh
        )

    async def _begin(
        self, session: AsyncSession, address: Address, contact_id: str, introduction: Introduction
    ) -> Conversation:
        contact = await load_contact(session, address, contact_id)
        conversation = Conversation(
            id=new_id(),
            contact_id=contact.id,
            channel=address.channel,
            account=address.account,
            chat_id=address.chat_id,
            thread=address.thread or "",
            language=_one_of(introduction.language, available_languages("customer"), self.settings.language),
            formality=_one_of(introduction.formality, ("sie", "du"), self.settings.formality),
            page=introduction.page[:500] if introduction.page else None,
            status=Status.BOT,
            epoch=1,
            last_seq=0,
            answered_seq=0,
        )
        session.add(conversation)
        await session.flush()
        return conversation


async def _greet(c: OpenConversation) -> None:
    """The bot's greeting, which says that it is a bot."""
    await c.log.append_outgoing(
        Author.BOT, c.say(Say.GREETING), author_name=c.settings.bot_name, facts=MessageFacts(greeting=True)
    )


def _one_of(value: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return value if value in known else otherwise
