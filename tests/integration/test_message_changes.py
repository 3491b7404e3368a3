"""What customers change afterwards: edits, deletions, a closed door, a moved chat (faults F45, F49)."""

import asyncio
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from connectors.contract import InboundEdit, InboundMessage, Reachability, Withdrawal
from helpdesk.app import AppComponents
from store.models import AskedQuestion, Contact, MessageEdit, MessageFacts, Turn, TurnStatus
from tests.fakes.bot import FakeBot
from tests.harness import eventually, inbound_message, log_of, said_by, visitor


def edited(message: InboundMessage, text: str, edit_id: str = "e1") -> InboundEdit:
    return InboundEdit(message=replace(message, text=text), edit_id=edit_id)


async def answers(parts: AppComponents, conversation_id: str, count: int = 1) -> list[str]:
    async def look() -> list[str]:
        texts = (await said_by(parts, conversation_id, "bot"))[1:]
        return texts if len(texts) >= count else []

    return await eventually(look, f"{count} answers")


async def test_an_unanswered_message_is_answered_in_its_new_words(parts: AppComponents, bot: FakeBot) -> None:
    message = inbound_message("parcl", id_="1")
    received = await parts.inbox.receive(message)
    await parts.inbox.edit(edited(message, "parcel"))

    assert await answers(parts, received.conversation_id) == ["You said: parcel"]
    assert [turn["text"] for turn in bot.turns] == ["parcel"]


async def test_new_words_while_the_bot_thinks_make_it_think_again(parts: AppComponents, bot: FakeBot) -> None:
    bot.wait = asyncio.Event()
    message = inbound_message("Where is my parcl?", id_="1")
    received = await parts.inbox.receive(message)

    async def asked() -> bool:
        return bool(bot.turns)

    await eventually(asked, "the bot to be asked")
    await parts.inbox.edit(edited(message, "Where is my parcel?"))
    bot.wait.set()

    assert await answers(parts, received.conversation_id) == ["You said: Where is my parcel?"]
    async with parts.db.read() as session:
        turns = list(await session.scalars(select(Turn).order_by(Turn.created_at)))
    assert [(turn.status, turn.reason) for turn in turns] == [
        (TurnStatus.WITHHELD, "edited"),
        (TurnStatus.DONE, None),
    ]


async def test_an_edit_of_an_answered_message_is_kept_once(parts: AppComponents) -> None:
    message = inbound_message("Where is my parcel?", id_="1")
    received = await parts.inbox.receive(message)
    await answers(parts, received.conversation_id)
    first = await parts.inbox.edit(edited(message, "Where is my letter?"))
    again = await parts.inbox.edit(edited(message, "Where is my letter?"))

    assert (first.repeated, again.repeated) == (False, True)
    lines = await log_of(parts, received.conversation_id)
    assert lines[1].text == "Where is my letter?"
    assert lines[1].facts.edits == (MessageEdit(edit_id="e1", before="Where is my parcel?"),)
    assert [line.event for line in lines if line.kind == "activity"] == ["edited"]


async def test_f45_an_edit_before_its_message_stands_in_for_it(parts: AppComponents, bot: FakeBot) -> None:
    message = inbound_message("Where is my parcl?", id_="1")
    received = await parts.inbox.edit(edited(message, "Where is my parcel?"))
    late = await parts.inbox.receive(message)

    assert late.repeated
    assert late.seq == received.seq
    assert await answers(parts, received.conversation_id) == ["You said: Where is my parcel?"]


async def test_a_deleted_message_leaves_no_words(parts: AppComponents) -> None:
    message = inbound_message("My card is 4711 canary?", id_="1")
    received = await parts.inbox.receive(message)
    await answers(parts, received.conversation_id)
    gone = Withdrawal(address=message.address, external_id=message.external_id)

    assert await parts.inbox.withdraw(gone)
    assert await parts.inbox.withdraw(gone)
    line = (await log_of(parts, received.conversation_id))[1]
    assert (line.text, line.facts) == ("", MessageFacts(withdrawn=True))
    async with parts.db.read() as session:
        assert list(await session.scalars(select(AskedQuestion))) == []
    assert (await parts.inbox.receive(message)).repeated
    assert not await parts.inbox.withdraw(Withdrawal(address=visitor(), external_id="unknown"))


async def test_a_message_deleted_before_the_bot_answers_is_not_answered(parts: AppComponents, bot: FakeBot) -> None:
    bot.wait = asyncio.Event()
    message = inbound_message("Where is my parcel?", id_="1")
    received = await parts.inbox.receive(message)

    async def asked() -> bool:
        return bool(bot.turns)

    await eventually(asked, "the bot to be asked")
    await parts.inbox.withdraw(Withdrawal(address=message.address, external_id=message.external_id))
    bot.wait.set()
    following = inbound_message("And my letter?", id_="2")
    await parts.inbox.receive(following)

    assert await answers(parts, received.conversation_id) == ["You said: And my letter?"]


async def test_f49_a_contact_who_has_shut_us_out_is_marked(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Hello there?"))
    news = Reachability(address=visitor(), contact_id="visitor", event_id="1", reachable=False)

    assert await parts.inbox.reach(news)
    assert await parts.inbox.reach(news)
    async with parts.db.read() as session:
        assert await session.scalar(select(Contact.reachable)) is False
    events = [line.event for line in await log_of(parts, received.conversation_id) if line.kind == "activity"]
    assert events == ["unreachable"]


async def test_a_moved_chat_keeps_its_conversation(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Hello there?", name="old"))
    assert await parts.inbox.move(visitor("old"), "new") == 1
    again = await parts.inbox.receive(inbound_message("Still me?", name="new"))

    assert again.conversation_id == received.conversation_id


async def test_another_sentence_of_the_article_above_is_said_to_new_words(parts: AppComponents, bot: FakeBot) -> None:
    abroad = "To Austria it costs 9.95."
    whole = "Delivery costs 4.95.\n\n- Free from 60."

    def answering(turn: dict[str, Any]) -> list[dict[str, Any]]:
        article = {"article": "delivery-cost"}
        if "Austria" not in turn["text"]:
            return [{"text": f"{whole}\n\n{abroad}", "custom": {**article, "lead": len(whole)}}]
        return [{"text": abroad, "custom": {**article, "short": len(abroad)}}]

    bot.answering = answering
    message = inbound_message("What does delivery cost?", id_="1")
    received = await parts.inbox.receive(message)
    await answers(parts, received.conversation_id)
    await parts.inbox.edit(edited(message, "What does delivery cost to Austria?"))

    assert (await answers(parts, received.conversation_id, 2))[1] == abroad
