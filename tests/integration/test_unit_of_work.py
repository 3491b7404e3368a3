"""Opening a conversation: one transaction, one lock, one announcement, by id, by query or by address."""

import asyncio

import pytest
from sqlalchemy import select

from connectors.contract import Introduction
from helpdesk.conversations import Audience, Conversations
from helpdesk.conversations.promises.register import conversation_of_promise
from helpdesk.observability.change_hints import (
    DESK,
    ChangeHints,
    ConversationChange,
    Hint,
    QueueChange,
    Subscription,
)
from helpdesk.texts import Say
from store.db import Database
from store.errors import Invalid, NotFound
from store.models import Conversation, Message
from tests.harness import visitor


@pytest.fixture
async def conversation_id(conversations: Conversations) -> str:
    async with conversations.open_at(visitor(), "visitor", Introduction(language="en")) as c:
        return c.conversation.id


async def texts(db: Database, conversation_id: str) -> list[str]:
    async with db.read() as session:
        found = await session.scalars(
            select(Message.text).where(Message.conversation_id == conversation_id).order_by(Message.seq)
        )
        return list(found)


async def heard(subscription: Subscription) -> set[type[Hint]]:
    """What a screen heard of, up to now."""
    kinds = set[type[Hint]]()
    try:
        while True:
            async with asyncio.timeout(0.05):
                kinds.add(type(await subscription.next()))
    except TimeoutError:
        return kinds


async def tell_and_fail(conversations: Conversations, conversation_id: str) -> None:
    async with conversations.open(conversation_id) as c:
        await c.tell(Say.LATE)
        raise Invalid("no")


async def test_a_conversation_begins_once_with_a_greeting(
    db: Database, conversations: Conversations, conversation_id: str
) -> None:
    async with conversations.open_at(visitor(), "visitor", Introduction(language="de")) as c:
        assert (c.conversation.id, c.conversation.language) == (conversation_id, "en")
    assert await texts(db, conversation_id) == [c.say(Say.GREETING)]


async def test_an_error_in_the_block_leaves_everything_as_it_was_and_tells_nobody(
    db: Database, live: ChangeHints, conversations: Conversations, conversation_id: str
) -> None:
    async with live.subscribe(DESK) as screen:
        with pytest.raises(Invalid):
            await tell_and_fail(conversations, conversation_id)
        assert await heard(screen) == set()
    assert len(await texts(db, conversation_id)) == 1


@pytest.mark.parametrize(
    ("audience", "kinds"),
    [
        (Audience.NOBODY, set()),
        (Audience.VIEWERS, {ConversationChange}),
        (Audience.EVERYBODY, {ConversationChange, QueueChange}),
    ],
)
async def test_whom_it_concerns_is_told_after_the_commit(
    live: ChangeHints,
    conversations: Conversations,
    conversation_id: str,
    audience: Audience,
    kinds: set[type[Hint]],
) -> None:
    async with live.subscribe(DESK) as screen:
        async with conversations.open(conversation_id) as c:
            c.audience = audience
            assert await heard(screen) == set()
        assert await heard(screen) == kinds


async def test_a_query_opens_the_conversation_that_it_finds(conversations: Conversations, conversation_id: str) -> None:
    async with conversations.open(select(Conversation.id).where(Conversation.chat_id == "visitor")) as c:
        assert c.conversation.id == conversation_id


async def test_what_is_not_there_is_named(conversations: Conversations) -> None:
    with pytest.raises(NotFound, match="no such conversation"):
        async with conversations.open("0" * 32):
            pass
    with pytest.raises(NotFound, match="no such promise"):
        async with conversations.open(conversation_of_promise("0" * 32), what="promise"):
            pass
