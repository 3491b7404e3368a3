"""The one door out: order, parts, limits kept by all instances together, doubt (faults F6, F47 to F49)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from connectors.contract import (
    Address,
    Author,
    Channel,
    ChatMoved,
    DeliveryUnclear,
    InboundMessage,
    OutboundMessage,
    RetryLater,
    SendLimit,
    SentPart,
    Undeliverable,
)
from helpdesk.app import AppComponents
from helpdesk.channels.help_links import HelpLinks
from helpdesk.delivery.outbox import DueDelivery, Outbox
from helpdesk.observability.change_hints import ChangeHints
from store.models import Conversation, Delivery, DeliveryStatus, now
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.harness import eventually, run_helpdesk, settings_for
from tests.integration.send_permissions import Permissions, exceeded


def chat(name: str) -> Address:
    return Address(channel=Channel.TELEGRAM, account="bot", chat_id=name)


def from_chat(name: str, text: str, id_: str) -> InboundMessage:
    return InboundMessage(address=chat(name), contact_id=name, external_id=f"{name}:{id_}", text=text)


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot, channel: FakeChannel) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, database_url, lease=4.0), bot) as started:
        started.connectors[Channel.TELEGRAM] = channel
        yield started


async def deliveries(parts: AppComponents, conversation_id: str) -> list[Delivery]:
    async with parts.db.read() as session:
        found = await session.scalars(
            select(Delivery).where(Delivery.conversation_id == conversation_id).order_by(Delivery.id)
        )
        return list(found)


async def ended(parts: AppComponents, conversation_id: str, count: int = 2) -> list[Delivery]:
    """The deliveries of a conversation, once `count` have reached their end: greeting and answer."""

    async def look() -> list[Delivery]:
        found = await deliveries(parts, conversation_id)
        over = [each for each in found if each.status not in {DeliveryStatus.PENDING, DeliveryStatus.SENDING}]
        return found if len(over) >= count else []

    return await eventually(look, f"{count} finished deliveries")


async def test_greeting_and_answer_arrive_in_order(parts: AppComponents, channel: FakeChannel) -> None:
    received = await parts.inbox.receive(from_chat("ida", "Where is my parcel?", "1"))
    found = await ended(parts, received.conversation_id)

    assert channel.texts()[1] == "You said: Where is my parcel?"
    assert [each.status for each in found] == [DeliveryStatus.SENT] * 2
    assert [each.external_id for each in found] == ["1", "2"]


async def test_a_message_of_several_parts_goes_on_where_it_was_interrupted(
    parts: AppComponents, channel: FakeChannel, bot: FakeBot
) -> None:
    bot.answering = lambda turn: [{"text": "one\ntwo\nthree"}]
    channel.split = True
    seen: Counter[int] = Counter()

    def patience_after_the_first(message: OutboundMessage) -> None:
        seen[len(message.parts)] += 1
        if len(message.parts) == 1 and seen[1] == 1:
            raise RetryLater(0.05)

    channel.before = patience_after_the_first
    received = await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))
    found = await ended(parts, received.conversation_id)

    assert channel.texts()[-3:] == ["one", "two", "three"]
    assert len(found[1].parts) == 3


async def test_f47_patience_holds_up_its_own_lane_and_no_other(parts: AppComponents, channel: FakeChannel) -> None:
    def ask_ida_for_patience(message: OutboundMessage) -> None:
        if message.address.chat_id == "ida":
            raise RetryLater(35)

    channel.before = ask_ida_for_patience
    ida = await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))
    eve = await parts.inbox.receive(from_chat("eve", "Where is it?", "1"))
    await ended(parts, eve.conversation_id)

    assert {part.address.chat_id for part in channel.arrived} == {"eve"}
    waiting = await deliveries(parts, ida.conversation_id)
    assert waiting[0].status == DeliveryStatus.PENDING
    assert waiting[0].attempts == 1


async def test_f47_patience_for_the_whole_account_holds_up_every_lane(
    parts: AppComponents, channel: FakeChannel
) -> None:
    channel.own_limits = (SendLimit(key="all", count=100, seconds=1),)
    asked: list[str] = []

    def ask_for_patience(message: OutboundMessage) -> None:
        asked.append(message.address.chat_id)
        raise RetryLater(35, account=True)

    channel.before = ask_for_patience
    await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))

    async def refused() -> bool:
        return bool(asked) and (await deliveries_of_all(parts))[0].due_at is not None

    await eventually(refused, "the first refusal")
    eve = await parts.inbox.receive(from_chat("eve", "Where is it?", "1"))

    async def put_off() -> bool:
        first, *_ = await deliveries(parts, eve.conversation_id)
        return (first.due_at - first.created_at).total_seconds() > 20

    await eventually(put_off, "the other lane to be put off")
    assert asked == ["ida"]


async def deliveries_of_all(parts: AppComponents) -> list[Delivery]:
    async with parts.db.read() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def test_f48_what_may_have_arrived_is_sent_once_more_and_no_third_time(
    parts: AppComponents, channel: FakeChannel
) -> None:
    tries: Counter[str] = Counter()
    doubtful: list[bool] = []

    def break_the_line(message: OutboundMessage) -> None:
        if message.seq > 1:
            tries[message.id] += 1
            doubtful.append(message.doubtful)
            raise DeliveryUnclear("reset after accepting")

    channel.after = break_the_line
    received = await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))
    found = await ended(parts, received.conversation_id)

    assert found[1].status == DeliveryStatus.UNKNOWN
    assert list(tries.values()) == [2]
    assert doubtful == [False, True]


async def test_f6_what_a_vanished_worker_may_have_sent_is_sent_once_more_and_marked(
    parts: AppComponents, channel: FakeChannel
) -> None:
    received = await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))
    _, answer = await ended(parts, received.conversation_id)
    async with parts.db.write() as session:
        await session.execute(
            update(Delivery)
            .where(Delivery.id == answer.id)
            .values(status=DeliveryStatus.SENDING, lease_owner="gone", lease_until=now(), parts=(), sent_at=None)
        )
    parts.outbox.wake()
    _, again = await ended(parts, received.conversation_id)

    assert channel.texts().count("You said: Where is it?") == 2
    assert (again.status, again.attempts, again.lease_owner) == (DeliveryStatus.SENT, 0, answer.lease_owner)


async def test_f49_what_never_arrives_is_told_and_the_lane_goes_on(parts: AppComponents, channel: FakeChannel) -> None:
    def refuse_the_greeting(message: OutboundMessage) -> None:
        if message.seq == 1:
            raise Undeliverable("The customer has blocked the bot.")

    channel.before = refuse_the_greeting
    received = await parts.inbox.receive(from_chat("ida", "Where is it?", "1"))
    found = await ended(parts, received.conversation_id)

    assert [(each.status, each.reason) for each in found] == [
        (DeliveryStatus.FAILED, "The customer has blocked the bot."),
        (DeliveryStatus.SENT, None),
    ]


async def test_f49_a_chat_that_has_moved_is_followed(parts: AppComponents, channel: FakeChannel) -> None:
    def moved(message: OutboundMessage) -> None:
        if message.address.chat_id == "group":
            raise ChatMoved("supergroup")

    channel.before = moved
    received = await parts.inbox.receive(from_chat("group", "Where is it?", "1"))
    await ended(parts, received.conversation_id)

    assert {part.address.chat_id for part in channel.arrived} == {"supergroup"}
    async with parts.db.read() as session:
        conversation = await session.get_one(Conversation, received.conversation_id)
    assert conversation.chat_id == "supergroup"


async def test_limits_are_kept_by_two_instances_together(
    tmp_path: Path, postgres_url: str, permissions: Permissions
) -> None:
    limit = SendLimit(key="telegram:bot", count=5, seconds=0.5)
    channel = FakeChannel(own_limits=(limit,))
    settings = settings_for(tmp_path, postgres_url, turn_deadline=120.0)  # one answer each, however busy the machine
    async with run_helpdesk(settings, FakeBot()) as one, run_helpdesk(settings, FakeBot()) as other:
        for parts in (one, other):
            parts.connectors[Channel.TELEGRAM] = channel
        for number in range(20):
            await (one, other)[number % 2].inbox.receive(from_chat(f"c{number}", "Where is it?", "1"))

        async def all_there() -> bool:
            return len(channel.arrived) == 40

        await eventually(all_there, "all greetings and answers")
    assert len(permissions[limit]) >= 40  # more only if an attempt has to be repeated
    assert exceeded(permissions) == []


class SlowChannel(FakeChannel):
    """Answers after half a second."""

    async def send(self, message: OutboundMessage) -> SentPart:
        await asyncio.sleep(0.5)
        return await super().send(message)


@pytest.mark.parametrize(
    ("kind", "status"), [(Channel.TELEGRAM, DeliveryStatus.PENDING), (Channel.EMAIL, DeliveryStatus.SENT)]
)
async def test_a_mail_server_may_take_longer_than_a_chat(
    parts: AppComponents, kind: Channel, status: DeliveryStatus
) -> None:
    """Cut off while it takes a large file, it would never have the mail; cut off while it thinks, it would have two."""
    links = HelpLinks(origin="https://help.example"), parts.mail_links
    outbox = Outbox(parts.db, {kind: SlowChannel(channel=kind)}, *links, ChangeHints(), lease_seconds=0.2)
    message = OutboundMessage(
        id="1" * 32,
        address=Address(channel=kind, account="us", chat_id="ida@example.org"),
        conversation_id="2" * 32,
        seq=1,
        author=Author.AGENT,
        author_name="Mia",
        text="Here it is.",
        language="en",
    )

    result = await outbox.work(DueDelivery(delivery_id=1, attempts=1, doubts=0, created_at=now(), message=message))

    assert result.status == status
