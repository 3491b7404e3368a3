"""What contacts can ask of Staffel itself, on every channel alike, whoever is answering: no bot needed."""

from datetime import timedelta

from sqlalchemy import select

from connectors.contract import CHOOSE_LANGUAGE, CONNECT, FORGET, START, TRANSCRIPT, Choice
from helpdesk.conversations.contacts.linked_contacts import (
    follow_link,
    is_own_link,
    load_other_channels,
    make_link,
)
from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.conversations.disturbances import tell_notices
from helpdesk.conversations.follow_ups.answers import take_button
from helpdesk.conversations.follow_ups.question import FOLLOW_UP_COMMANDS
from helpdesk.conversations.ratings import RATED, load_rating, rate
from helpdesk.conversations.transcript_requests import (
    MAIL_TRANSCRIPT,
    TRANSCRIPT_COMMANDS,
    mail_transcript,
    offer_transcript,
)
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.handoff_requests import tell_outlook_again
from helpdesk.conversations.waiting.wait_talk import read_rating, says_nothing_more
from helpdesk.texts import Say
from i18n import available_languages, own_name
from store.models import Activity, Agent, Message, Rating, now
from store.status import Status

SPEAK = {f"/speak_{language}": language for language in available_languages("customer")}
FORGET_NOW = "/forget_me_now"
FORGET_NOT = "/forget_me_not"
#: What leads to being forgotten, which everybody may ask for.
FORGETTING = frozenset({FORGET, FORGET_NOW, FORGET_NOT})
RATED_WITHIN_LINES = 6
"""How far above an answer the question of how it was may stand."""
ERASED_AFTER = timedelta(seconds=60)  # the confirmation has to go out first

COMMANDS = frozenset(
    {
        *(START, CHOOSE_LANGUAGE, FORGET, FORGET_NOW, FORGET_NOT, CONNECT),
        *(*SPEAK, *RATED, *TRANSCRIPT_COMMANDS, *FOLLOW_UP_COMMANDS),
    }
)
"""The payloads that are obeyed here; every other one is the bot's."""


async def obey(c: OpenConversation, message: Message) -> None:
    """Carry out the command of `message`, and say so."""
    payload = message.payload or ""
    if payload in SPEAK:
        c.conversation.language = SPEAK[payload]
        await c.tell(Say.LANGUAGE_CHOSEN)
    elif payload in RATED:
        await rate(c, message, helped=RATED[payload])
    elif payload in FOLLOW_UP_COMMANDS:
        await take_button(c, message)
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
    elif payload == TRANSCRIPT:
        await offer_transcript(c)
    elif payload == MAIL_TRANSCRIPT:
        await mail_transcript(c)
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
    if await take_rating(c, message):
        return True
    if not says_nothing_more(message.text):
        return False
    await c.tell(Say.WELCOME)
    return True


async def take_rating(c: OpenConversation, message: Message) -> bool:
    """Read a line in words as the answer to how it was; False for anything else."""
    asked = await _find_rating_question(c, message)
    helped = read_rating(message.text) if asked else None
    rating = await load_rating(c) if helped is not None else None
    if asked and rating and helped is not None and _changes(rating, message.text, helped=helped):
        asked.chosen = 0 if helped else 1
        await rate(c, message, helped=helped)
        return True
    return False


async def _find_rating_question(c: OpenConversation, message: Message) -> Message | None:
    """The question of how it was, if it was put lately."""
    lines = await c.session.scalars(
        select(Message).where(
            Message.conversation_id == c.conversation.id, Message.seq > message.seq - RATED_WITHIN_LINES
        )
    )
    return next((line for line in lines if _asks_for_rating(line)), None)


def _changes(rating: Rating, text: str, *, helped: bool) -> bool:
    """Whether words after closing are an answer, or another one; thanks after a good one are only thanks."""
    return rating.helped is None or (rating.helped is not helped and not says_nothing_more(text))


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
        await tell_notices(c, c.notices)


async def _connect(c: OpenConversation) -> None:
    token = await make_link(c.session, await c.load_contact())
    ways = await load_other_channels(c.session, c.conversation.channel, token, c.settings.origin)
    if ways:
        await c.tell(Say.CONNECT, ways="\n".join(ways))
    else:
        await c.tell(Say.CONNECT_NOTHING)


async def _forget(c: OpenConversation) -> None:
    """Confirm, and have everything erased that is known of this person, once the confirmation is out."""
    for each in await load_same_person(c.session, await c.load_contact()):
        each.forget_at = now() + ERASED_AFTER
    await c.tell(Say.FORGOTTEN)
