"""One conversation in one transaction: the only way in which conversations change."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Author, Channel, Choice, Introduction
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.conversations.inbound_priority import InboundPriority
from helpdesk.conversations.log.fresh_lines import FreshLines
from helpdesk.conversations.log.message_log import MessageLog
from helpdesk.conversations.log.summary_source import load_summary, summary_record
from helpdesk.conversations.lookups import find_by_address, load_contact, load_live_handoff, lock_conversation
from helpdesk.conversations.offers import clear_offer
from helpdesk.conversations.turn_opening import close_turns
from helpdesk.conversations.unseen_answers import schedule_unseen_mail
from helpdesk.events.event_kinds import EventKind, EventNote, has_incoming
from helpdesk.events.event_recorder import EventRecorder
from helpdesk.handoff.states import next_status
from helpdesk.handoff.summary import Summary
from helpdesk.installation.profile import CurrentProfile
from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.notices.notice_store import NoticeView
from helpdesk.notifications.notification_recorder import NotificationRecorder
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.texts import Say, say
from i18n import available_languages
from knowledge.search.passage_source import escape_markdown
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
    NoticeTelling,
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
    `notices` are the known disturbances of this moment, where the contact has written or begins.
    """

    session: AsyncSession
    conversation: Conversation
    settings: Settings
    live: ChangeHints
    fresh: FreshLines
    notices: tuple[NoticeView, ...] = ()
    privacy_notices: PrivacyNotices | None = None
    audience: Audience = Audience.EVERYBODY
    after_commit: Failpoint | None = None
    was_owned: bool = False
    """An agent's who doesn't have it any more: nobody is shown as writing then."""
    log: MessageLog = field(init=False)
    events: list[EventNote] = field(default_factory=list)
    """What programs are to be told that no line of the log says."""

    def __post_init__(self) -> None:
        self.log = MessageLog(self.session, self.conversation)

    @property
    def sends_mails(self) -> bool:
        """Whether this installation has a mail server."""
        return bool(self.settings.smtp_url.get_secret_value())

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
        self.was_owned = self.was_owned or conversation.agent_id is not None
        conversation.status = next_status(conversation.status, event)
        conversation.agent_id = owner.id if owner else None
        conversation.snoozed_until = None
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

    async def load_privacy_words(self) -> list[str]:
        """The sentence about the customer's data, with its link; none where the company has none.

        Web chat shows it in its frame instead. No statement while it is known.
        """
        channel = self.conversation.channel
        if self.privacy_notices is None or channel == Channel.WEBCHAT:
            return []
        notice = await self.privacy_notices.look(str(channel), self.conversation.language)
        if notice is None:
            return []
        sentence = escape_markdown(notice.text) if notice.text else self.say(Say.PRIVACY)
        return [f"{sentence} {notice.address}"]

    async def retell_summary(self) -> None:
        """Bring the summary of the request for a person up to date, if there is one."""
        handoff = await self.load_live_handoff()
        if handoff is not None:
            handoff.summary = summary_record(await self.load_summary())

    async def store_what_goes_out(self) -> None:
        """Add the deliveries of the new lines, and the mail for those that may not be seen."""
        await self.log.store_deliveries()
        await schedule_unseen_mail(self.session, self.conversation, self.log.lines, self.settings)

    def tell_programs(self, kind: EventKind, seq: int, **facts: str) -> None:
        """Record an event that no line of the log says by itself; `facts` are ids and single words."""
        self.events.append(EventNote(kind=kind, seq=seq, facts=facts))

    def announce(self) -> None:
        """Hint at what was committed."""
        if self.after_commit is not None:
            failpoint(self.after_commit)
        self.log.count_deliveries()
        if self.was_owned:
            self.live.typing(self.conversation.id, author="agent", name="", on=False)
        if self.audience is not Audience.NOBODY:
            self.fresh.offer(self.conversation, self.log.lines)
            self.live.changed(self.conversation.id, self.conversation.last_seq)
        if self.audience is Audience.EVERYBODY:
            self.live.queue_changed()


class Conversations:
    """Opens conversations for a change; what changes is a function over the `OpenConversation`."""

    def __init__(
        self,
        db: Database,
        live: ChangeHints,
        settings: Settings,
        notices: CurrentNotices | None = None,
        privacy_notices: PrivacyNotices | None = None,
        profile: CurrentProfile | None = None,
    ) -> None:
        self.db = db
        self.live = live
        self._settings = settings
        self._profile = profile
        self._notices = notices
        self._privacy_notices = privacy_notices
        self.fresh = FreshLines()
        self.inbound_priority = InboundPriority()
        self.events = EventRecorder(db)
        self.notifications = NotificationRecorder(db)

    @property
    def settings(self) -> Settings:
        """The settings with what an admin chose in the browser, as last known."""
        return self._profile.settings if self._profile else self._settings

    @asynccontextmanager
    async def open(
        self, conversation: str | Select[str], *, what: str = "conversation"
    ) -> AsyncIterator[OpenConversation]:
        """Lock a conversation, by its id or by a query for its id, until the block ends; then commit and announce.

        An error in the block leaves everything as it was. Raises `NotFound`, in words about `what` was looked for.
        """
        await self._look_profile()
        async with self.db.write(brief=True) as session:
            c = self._unit(session, await lock_conversation(session, conversation, what=what))
            yield c
            await self._store(c)
        c.announce()

    @asynccontextmanager
    async def open_at(
        self, address: Address, contact_id: str, introduction: Introduction, *, greeted: str | None = None
    ) -> AsyncIterator[OpenConversation]:
        """Lock the conversation at an address as `open` does. If there is none it begins, with the bot's greeting.

        `contact_id` is the channel's own id of the contact; `introduction` counts only when the conversation begins,
        `greeted` too: the name of a customer whom the web site has signed in.
        """
        notices = await self.look_notices()
        await self._look_profile()
        async with self.db.write(brief=True) as session:
            found = await find_by_address(session, address)
            c = self._unit(session, found or await self._begin(session, address, contact_id, introduction))
            c.notices = notices
            if found is None and address.channel.is_live and not c.conversation.is_blocked:
                await _greet(c, greeted)
            yield c
            await self._store(c)
        c.announce()

    async def _store(self, c: OpenConversation) -> None:
        """What goes along with the lines, last in the transaction; what a blocked contact writes is told to nobody."""
        await c.store_what_goes_out()
        if c.conversation.is_blocked and has_incoming(c.log.lines):
            return
        await self.notifications.record(c.session, c.conversation, c.log.lines)
        await self.events.record(c.session, c.conversation, c.log.lines, c.events)

    async def look_notices(self) -> tuple[NoticeView, ...]:
        """The known disturbances of this moment; no statement while they are known."""
        return await self._notices.look() if self._notices else ()

    async def _look_profile(self) -> None:
        if self._profile is not None:
            await self._profile.look()

    def _unit(self, session: AsyncSession, conversation: Conversation) -> OpenConversation:
        return OpenConversation(
            session=session,
            conversation=conversation,
            settings=self.settings,
            live=self.live,
            fresh=self.fresh,
            privacy_notices=self._privacy_notices,
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
            is_blocked=contact.blocked_at is not None,
        )
        session.add(conversation)
        await session.flush()
        return conversation


async def _greet(c: OpenConversation, name: str | None) -> None:
    """The bot's greeting, which says that it is a bot, what is known to be out of order, and where data are about."""
    words = c.say(Say.GREETING_BY_NAME, name=escape_markdown(name)) if name else c.say(Say.GREETING)
    known = [notice.notice.text_in(c.conversation.language) for notice in c.notices]
    message = await c.log.append_outgoing(
        Author.BOT,
        "\n\n".join([words, *known, *await c.load_privacy_words()]),
        author_name=c.settings.bot_name,
        facts=MessageFacts(greeting=True),
    )
    c.session.add_all(
        NoticeTelling(conversation_id=c.conversation.id, notice_id=notice.id, seq=message.seq) for notice in c.notices
    )


def _one_of(value: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return value if value in known else otherwise
