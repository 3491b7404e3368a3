"""What contacts can ask of Staffel itself, on every channel alike, whoever is answering: no bot needed."""

from datetime import timedelta

from sqlalchemy import select

from connectors.contract import CHOOSE_LANGUAGE, CONNECT, FORGET, START, Choice
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.handoff_requests import request_handoff, tell_outlook_again
from helpdesk.conversations.linked_contacts import (
    follow_link,
    is_own_link,
    load_linked_contacts,
    load_other_channels,
    make_link,
)
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.wait_talk import read_rating, says_nothing_more
from helpdesk.texts import Say
from i18n import available_languages, own_name
from store.models import Activity, Agent, Handoff, Message, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

SPEAK = {f"/speak_{language}": language for language in available_languages("customer")}
FORGET_NOW = "/forget_me_now"
FORGET_NOT = "/forget_me_not"
RATED = {"/rated_good": True, "/rated_bad": False}
RATED_WITHIN_LINES = 6
"""How far above an answer the question of how it was may stand."""
ERASED_AFTER = timedelta(seconds=60)  # the confirmation has to go out first

COMMANDS = frozenset({START, CHOOSE_LANGUAGE, FORGET, FORGET_NOW, FORGET_NOT, CONNECT, *SPEAK, *RATED})
"""The payloads that are obeyed here; every other one is the bot's."""


async def obey(c: OpenConversation, message: Message) -> None:
    """Carry out the command of `message`, and say so."""
    payload = message.payload or ""
    if payload in SPEAK:
        c.conversation.language = SPEAK[payload]
        await c.tell(Say.LANGUAGE_CHOSEN)
    elif payload in RATED:
        await _rate(c, message, helped=RATED[payload])
    elif payload == CHOOSE_LANGUAGE:
        choices = tuple(Choice(title=own_name(language), payload=speak) for speak, language in SPEAK.items())
        await c.tell(Say.WHICH_LANGUAGE, choices)
    elif payload == FORGET:
        yes = Choice(title=c.say(Say.FORGET_YES), payload=FORGET_NOW)
        no = Choice(title=c.say(Say.FORGET_NO), payload=FORGET_NOT)
        await c.tell(Say.FORGET_SURE, (yes, no))
    elif payload == FORGET_NOT:
        await c.tell(Say.NOT_FORGOTTEN)
    elif payload == FORGET_NOW:
        await _forget(c)
    elif payload == CONNECT:
        await _connect(c)
    elif payload == START:
        await _begin(c, message)


async def follow(c: OpenConversation, message: Message, token: str) -> None:
    """The contact came by a link: one of ours from another channel, or one of a campaign's that is theirs to name."""
    contact = await c.load_contact()
    if await follow_link(c.session, contact, token):
        await c.tell(Say.CONNECTED)
        await c.log.append_activity(Activity(event="connected", shown=False))
    elif message.payload != START or is_own_link(token):
        await c.tell(Say.LINK_EXPIRED)
    else:
        contact.campaign = token
        await c.log.append_activity(Activity(event="campaign", shown=False, what=token))
        await _begin(c, message)


async def tell_owner(c: OpenConversation) -> None:
    """Whoever asks for somebody while an agent is there hears who that is."""
    agent = await c.session.get(Agent, c.conversation.agent_id)
    await c.tell(Say.WITH_YOU, agent=agent.name if agent else c.settings.bot_name)


async def take_last_word(c: OpenConversation, message: Message) -> bool:
    """What is written after a conversation was closed and needs no reopening: an answer to our question, or thanks.

    False for anything else.
    """
    if message.payload or not message.text:
        return False
    asked = await _find_open_rating(c, message)
    helped = read_rating(message.text) if asked else None
    if asked and helped is not None:
        asked.chosen = 0 if helped else 1
        await _rate(c, message, helped=helped)
        return True
    if not says_nothing_more(message.text):
        return False
    await c.tell(Say.WELCOME)
    return True


async def _find_open_rating(c: OpenConversation, message: Message) -> Message | None:
    """The question of how it was, if it was put lately and not answered yet."""
    lines = await c.session.scalars(
        select(Message).where(
            Message.conversation_id == c.conversation.id, Message.seq > message.seq - RATED_WITHIN_LINES
        )
    )
    return next((line for line in lines if line.chosen is None and _asks_for_rating(line)), None)


def _asks_for_rating(line: Message) -> bool:
    return any(choice.payload in RATED for choice in line.choices)


async def _begin(c: OpenConversation, message: Message) -> None:
    """A greeting, where there is none just above and nobody else has the conversation."""
    handoff = await c.load_live_handoff() if c.conversation.status == Status.QUEUED else None
    if c.conversation.status == Status.ASSIGNED:
        await tell_owner(c)
    elif handoff is not None:
        await tell_outlook_again(c, handoff)
    elif message.seq > 2:
        await c.tell(Say.GREETING)


async def _connect(c: OpenConversation) -> None:
    token = await make_link(c.session, await c.load_contact())
    ways = await load_other_channels(c.session, c.conversation.channel, token, c.settings.origin)
    if ways:
        await c.tell(Say.CONNECT, ways="\n".join(ways))
    else:
        await c.tell(Say.CONNECT_NOTHING)


async def _forget(c: OpenConversation) -> None:
    """Confirm, and have everything erased that is known of this person, once the confirmation is out."""
    for each in await load_linked_contacts(c.session, await c.load_contact()):
        each.forget_at = now() + ERASED_AFTER
    await c.tell(Say.FORGOTTEN)


async def _rate(c: OpenConversation, message: Message, *, helped: bool) -> None:
    """Keep how it was. Who was not helped is promised that somebody looks at it, and so waits for a person again."""
    newest = await c.session.scalar(
        select(Handoff).where(Handoff.conversation_id == c.conversation.id).order_by(Handoff.asked_at.desc()).limit(1)
    )
    if newest is not None:
        newest.helped = helped
    await c.tell(Say.THANKS_GOOD if helped else Say.THANKS_BAD)
    if helped or c.conversation.status in {Status.QUEUED, Status.ASSIGNED}:
        return
    if c.conversation.status == Status.RESOLVED:
        await c.pass_baton(Event.CONTACT_WRITES, shown=False)
    trigger = Trigger(kind=TriggerKind.RATED_BAD, turns=(message.seq,), text=message.text)
    await request_handoff(c, HandoffRequest(triggers=(trigger,), urgency=1))
