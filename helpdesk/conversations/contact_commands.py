"""What customers can ask of Staffel itself, on every channel alike, whoever is answering: no bot needed."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import CHOOSE_LANGUAGE, CONNECT, FORGET, START, Choice
from helpdesk.conversations import message_log as lines
from helpdesk.conversations.linked_contacts import follow_link, load_linked_contacts, load_other_channels, make_link
from helpdesk.conversations.waiting_room import WaitingRoom
from helpdesk.texts import Say
from i18n import available_languages, own_name
from store.models import Contact, Conversation, Handoff, Message, now

SPEAK = {f"/speak_{language}": language for language in available_languages("customer")}
FORGET_NOW = "/forget_me_now"
FORGET_NOT = "/forget_me_not"
RATED = {"/rated_good": True, "/rated_bad": False}
ERASED_AFTER = timedelta(seconds=60)  # the confirmation has to go out first

COMMANDS = frozenset({START, CHOOSE_LANGUAGE, FORGET, FORGET_NOW, FORGET_NOT, CONNECT, *SPEAK, *RATED})
"""The payloads that are obeyed here; every other one is the bot's."""


class ContactCommands(WaitingRoom):
    """Obeys commands."""

    async def _obey(self, session: AsyncSession, conversation: Conversation, message: Message) -> None:
        """Carry out the command of `message`, and say so."""
        payload = message.payload or ""
        if payload in SPEAK:
            conversation.language = SPEAK[payload]
            await self._tell(session, conversation, Say.LANGUAGE_CHOSEN)
        elif payload in RATED:
            await self._rate(session, conversation, helped=RATED[payload])
        elif payload == CHOOSE_LANGUAGE:
            choices = tuple(Choice(title=own_name(language), payload=speak) for speak, language in SPEAK.items())
            await self._tell(session, conversation, Say.WHICH_LANGUAGE, choices)
        elif payload == FORGET:
            yes = Choice(title=self._say(conversation, Say.FORGET_YES), payload=FORGET_NOW)
            no = Choice(title=self._say(conversation, Say.FORGET_NO), payload=FORGET_NOT)
            await self._tell(session, conversation, Say.FORGET_SURE, (yes, no))
        elif payload == FORGET_NOT:
            await self._tell(session, conversation, Say.NOT_FORGOTTEN)
        elif payload == FORGET_NOW:
            await self._forget(session, conversation)
        elif payload == CONNECT:
            await self._connect(session, conversation)
        elif payload == START and message.seq > 2:  # a conversation that has just begun has its greeting already
            await self._tell(session, conversation, Say.GREETING)

    async def _follow(self, session: AsyncSession, conversation: Conversation, token: str) -> None:
        """The customer came by a link from another channel."""
        contact = await session.get_one(Contact, conversation.contact_id)
        if not await follow_link(session, contact, token):
            await self._tell(session, conversation, Say.LINK_EXPIRED)
            return
        await self._tell(session, conversation, Say.CONNECTED)
        await lines.append_activity(session, conversation, "connected", "", shown=False)

    async def _connect(self, session: AsyncSession, conversation: Conversation) -> None:
        contact = await session.get_one(Contact, conversation.contact_id)
        token = await make_link(session, contact)
        ways = await load_other_channels(session, conversation.channel, token, self.settings.origin)
        if ways:
            await self._tell(session, conversation, Say.CONNECT, ways="\n".join(ways))
        else:
            await self._tell(session, conversation, Say.CONNECT_NOTHING)

    async def _forget(self, session: AsyncSession, conversation: Conversation) -> None:
        """Confirm, and have everything erased that is known of this person, once the confirmation is out."""
        contact = await session.get_one(Contact, conversation.contact_id)
        for each in await load_linked_contacts(session, contact):
            each.forget_at = now() + ERASED_AFTER
        await self._tell(session, conversation, Say.FORGOTTEN)

    async def _rate(self, session: AsyncSession, conversation: Conversation, *, helped: bool) -> None:
        newest = await session.scalar(
            select(Handoff).where(Handoff.conversation_id == conversation.id).order_by(Handoff.asked_at.desc()).limit(1)
        )
        if newest is not None:
            newest.helped = helped
        await self._tell(session, conversation, Say.THANKS_GOOD if helped else Say.THANKS_BAD)
