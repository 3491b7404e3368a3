"""What contacts can ask of Staffel itself, on every channel alike, whoever is answering: no bot needed."""

from datetime import timedelta

from sqlalchemy import select

from connectors.contract import CHOOSE_LANGUAGE, CONNECT, FORGET, START, Choice
from helpdesk.conversations.linked_contacts import follow_link, load_linked_contacts, load_other_channels, make_link
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.texts import Say
from i18n import available_languages, own_name
from store.models import Activity, Handoff, Message, now

SPEAK = {f"/speak_{language}": language for language in available_languages("customer")}
FORGET_NOW = "/forget_me_now"
FORGET_NOT = "/forget_me_not"
RATED = {"/rated_good": True, "/rated_bad": False}
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
        await _rate(c, helped=RATED[payload])
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
    elif payload == START and message.seq > 2:  # a conversation that has just begun has its greeting already
        await c.tell(Say.GREETING)


async def follow(c: OpenConversation, token: str) -> None:
    """The contact came by a link from another channel."""
    if not await follow_link(c.session, await c.load_contact(), token):
        await c.tell(Say.LINK_EXPIRED)
        return
    await c.tell(Say.CONNECTED)
    await c.log.append_activity(Activity(event="connected", shown=False))


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


async def _rate(c: OpenConversation, *, helped: bool) -> None:
    newest = await c.session.scalar(
        select(Handoff).where(Handoff.conversation_id == c.conversation.id).order_by(Handoff.asked_at.desc()).limit(1)
    )
    if newest is not None:
        newest.helped = helped
    await c.tell(Say.THANKS_GOOD if helped else Say.THANKS_BAD)
