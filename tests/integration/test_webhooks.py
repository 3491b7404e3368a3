"""Webhooks against a real receiver: signed, once each; refused, stalled, gone; and nothing while there are none."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from helpdesk.app import AppComponents
from helpdesk.conversations.follow_ups.asking import tend_follow_up
from helpdesk.conversations.follow_ups.planning import FollowUpPlan, call_off_follow_up, plan_follow_up
from helpdesk.events.event_kinds import EventKind
from helpdesk.outgoing import post
from helpdesk.privacy.erasure import erase_contact
from helpdesk.webhooks import webhook_health
from helpdesk.webhooks.webhook_health import OFF_AFTER, PAUSED_AFTER, longest_pause
from helpdesk.webhooks.webhook_store import DeliveryView, WebhookForm, WebhookStore
from store.db import Database
from store.errors import InvalidTransition
from store.failpoints import Failpoint
from store.models import Conversation, ConversationEvent, DeliveryStatus, WebhookDelivery, WebhookRecord, now
from store.status import Event
from store.triggers import Trigger, TriggerKind
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.webhook_receiver import WebhookReceiver, webhook_receiver
from tests.harness import conversation_of, eventually, hire, inbound_message, run_helpdesk, settings_for
from tests.processes import helpdesk, serving

ASKED = (Trigger(kind=TriggerKind.ASKED, turns=()),)


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as started:
        yield started


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of hundredths of a second."""
    monkeypatch.setattr(webhook_health, "_FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(webhook_health, "_LONGEST_PAUSE_SECONDS", 0.1)


@asynccontextmanager
async def at_work(tmp_path: Path, url: str, *hosts: str) -> AsyncIterator[AppComponents]:
    settings = settings_for(
        tmp_path, url, webhook_hosts=list(hosts), public_url="https://help.example.org", secret_key="k" * 40
    )
    async with run_helpdesk(settings, FakeBot()) as parts:
        yield parts


async def connect(
    parts: AppComponents, receiver: WebhookReceiver, *, name: str = "crm", address: str = "", **changes: Any
) -> str:
    """A webhook that is switched on; its id."""
    values: dict[str, Any] = {"kinds": tuple(EventKind), "with_text": False} | changes
    form = WebhookForm(name=name, address=address or receiver.address, **values)
    store = parts.webhooks.webhooks
    webhook, receiver.secret = await store.add(form, "Ada")
    await store.switch(webhook, is_on=True, by="Ada")
    return webhook


async def ask(parts: AppComponents, text: str = "Where is my parcel?", name: str = "visitor") -> str:
    return (await drive(parts.conversations).receive(inbound_message(text, name=name))).conversation_id


async def log_line(parts: AppComponents, webhook: str, wanted: Callable[[DeliveryView], bool]) -> DeliveryView:
    """The first line of the log that is as wanted."""

    async def look() -> DeliveryView | None:
        return next((line for line in await parts.webhooks.webhooks.load_deliveries(webhook) if wanted(line)), None)

    found = await eventually(look, "a line of the log")
    assert found
    return found


def taken(receiver: WebhookReceiver, count: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(receiver.taken) >= count

    return look


async def test_a_whole_conversation_is_told_in_order_signed_and_without_a_word_of_it(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        await connect(parts, receiver)
        mia, desk = await hire(parts, "Mia"), drive(parts.conversations)
        conversation = await ask(parts)
        await eventually(taken(receiver, 2), "the question and the bot's answer")
        await desk.request_handoff(conversation, ASKED)
        await eventually(taken(receiver, 3), "the handoff")
        owner = await desk.accept(conversation, mia)
        await desk.answer(conversation, mia, owner.epoch, "Here you are.", "a1")
        await desk.resolve(conversation, mia)
        await eventually(taken(receiver, 6), "the rest")
        await desk.receive(inbound_message("yes", name="visitor"))
        await eventually(taken(receiver, 7), "the rating")

    told = sorted(receiver.taken, key=lambda document: document["data"]["number"])
    assert [document["type"].removeprefix("conversation.") for document in told] == [
        "opened",
        "answered",
        "handed_over",
        "accepted",
        "answered",
        "resolved",
        "rated",
    ]
    assert {document["data"]["conversation"] for document in told} == {conversation}
    assert told[1]["data"]["by"] == "bot"
    assert told[2]["data"]["change"] == "request_handoff"
    assert told[4]["data"] | {"by": "agent", "agent": mia} == told[4]["data"]
    assert told[6]["data"] | {"rating": "good", "of": "person"} == told[6]["data"]
    assert told[0]["data"]["url"] == f"https://help.example.org/desk?conversation={conversation}"
    assert receiver.forged == 0
    assert "parcel" not in str(told)
    assert "Here you are" not in str(told)


async def test_what_was_written_goes_along_only_where_an_admin_has_chosen_it(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        await connect(parts, receiver, with_text=True, kinds=(EventKind.OPENED, EventKind.ANSWERED))
        await ask(parts, "Wo ist mein Päckchen?")
        await eventually(taken(receiver, 2), "both events")

    assert [document["data"]["text"] for document in receiver.taken] == [
        "Wo ist mein Päckchen?",
        "You said: Wo ist mein Päckchen?",
    ]


async def test_without_anybody_who_listens_nothing_is_recorded(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as parts:
        conversation = await ask(parts)

        async def answered() -> bool:
            return (await conversation_of(parts, conversation)).answered_seq > 0

        await eventually(answered, "the answer")
        assert await count(parts, ConversationEvent) == 0


async def test_a_follow_up_is_told_from_the_plan_to_the_answer(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        await connect(parts, receiver, kinds=(EventKind.FOLLOW_UP,))
        mia, conversation = await hire(parts, "Mia"), await ask(parts)
        day = now().date() + timedelta(days=3)
        async with parts.conversations.open(conversation) as c:
            await plan_follow_up(c, mia, FollowUpPlan(day=day, text="Is the parcel there?"))
        async with parts.conversations.open(conversation) as c:
            await call_off_follow_up(c, mia)
        async with parts.conversations.open(conversation) as c:
            planned = await plan_follow_up(c, mia, FollowUpPlan(day=day))
        async with parts.conversations.open(conversation) as c:
            assert await tend_follow_up(c, planned.due_at)
        await drive(parts.conversations).receive(inbound_message("no", name="visitor"))
        await eventually(taken(receiver, 5), "what became of it")

    told = [one["data"] for one in sorted(receiver.taken, key=lambda document: document["data"]["number"])]
    assert {(one["day"], one["agent"]) for one in told} == {(day.isoformat(), mia)}
    assert [(one["state"], one.get("reason"), one.get("settled")) for one in told] == [
        ("planned", None, None),
        ("called_off", "agent", None),
        ("planned", None, None),
        ("asked", None, None),
        ("answered", None, "no"),
    ]
    assert "parcel" not in str(receiver.taken)


async def test_what_is_taken_back_is_told_to_nobody(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        await connect(parts, receiver, kinds=(EventKind.HANDED_OVER, EventKind.RATED))
        conversation = await ask(parts)
        with pytest.raises(InvalidTransition):
            await rate_and_fail(parts, conversation)
        await drive(parts.conversations).request_handoff(conversation, ASKED)
        await eventually(taken(receiver, 1), "the handoff")
        assert await count(parts, ConversationEvent) == 1
    assert receiver.kinds == ["conversation.handed_over"]


async def test_only_the_chosen_events_are_sent_and_a_webhook_that_is_off_gets_none(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        first = await ask(parts)
        await eventually(taken(receiver, 1), "the first")
        await parts.webhooks.webhooks.switch(webhook, is_on=False, by="Ada")
        await ask(parts, name="second")
        await parts.webhooks.webhooks.switch(webhook, is_on=True, by="Ada")
        third = await ask(parts, name="third")
        await eventually(taken(receiver, 2), "the third")
    assert [document["data"]["conversation"] for document in receiver.taken] == [first, third]


async def test_an_error_is_tried_again_with_the_same_id_until_it_is_taken(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    receiver.answers = [500, 503, 429, 200]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        line = await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.SENT)
        assert (line.attempts, line.answer_code) == (4, 200)
        assert (await parts.webhooks.webhooks.load(webhook)).failures == 0
    assert len(receiver.ids) == 4
    assert len(set(receiver.ids)) == 1


async def test_a_redirect_is_not_followed(tmp_path: Path, database_url: str, receiver: WebhookReceiver) -> None:
    receiver.answers = ["redirect"]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        await log_line(parts, webhook, lambda line: line.answer_code == 307)
    assert receiver.followed == 0


async def test_a_receiver_that_is_gone_is_switched_off_at_once(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    receiver.answers = [410]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.FAILED)
        view = await parts.webhooks.webhooks.load(webhook)
        assert (view.is_on, view.problem) == (False, "gone")


async def test_a_receiver_that_says_nothing_is_given_up_for_now_and_asked_again(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "READ_SECONDS", 0.3)
    receiver.answers = ["stall", 200]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        await log_line(parts, webhook, lambda line: line.reason == "too_late" or line.status == DeliveryStatus.SENT)
        line = await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.SENT)
        assert line.attempts == 2


async def test_what_waits_for_a_pause_is_not_written_again_with_each_new_event(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    moved: list[int] = []

    def note(_connection: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE webhook_deliveries SET due_at"):
            moved.append(cursor.rowcount)

    until = now() + timedelta(minutes=5)
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        async with parts.db.write() as session:
            await session.execute(update(WebhookRecord).values(failures=PAUSED_AFTER, paused_until=until))
        event.listen(parts.db._writer.sync_engine, "after_cursor_execute", note)
        for name in ("first", "second", "third"):
            await ask(parts, name=name)

            async def waits() -> bool:
                return {line.due_at for line in await parts.webhooks.webhooks.load_deliveries(webhook)} == {until}

            await eventually(waits, "the pause")
    assert moved == [1, 1, 1]
    assert receiver.taken == []


async def test_a_receiver_that_dies_in_the_middle_is_asked_again_and_then_left_in_peace(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    calls = 0

    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await reader.readline()
        writer.transport.abort()

    server = await asyncio.start_server(die, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, at_work(tmp_path, database_url, host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,), address=f"http://{host}/hook")
        await ask(parts)
        await log_line(parts, webhook, lambda line: line.reason == "broken" and line.attempts > PAUSED_AFTER)
        async with parts.db.read() as session:
            assert (await session.get_one(WebhookRecord, webhook)).paused_until is not None
    assert calls > PAUSED_AFTER


async def test_while_a_webhook_is_left_in_peace_new_events_for_it_wait_and_others_do_not(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts, webhook_receiver() as ill:
        sick = await connect(parts, ill, name="ill", address=receiver.address, kinds=(EventKind.OPENED,))
        await connect(parts, receiver, kinds=(EventKind.OPENED,))
        until = now() + timedelta(minutes=4)
        async with parts.db.write() as session:
            await session.execute(
                update(WebhookRecord).where(WebhookRecord.id == sick).values(failures=3, paused_until=until)
            )
        await ask(parts)
        await eventually(taken(receiver, 1), "the other's")
        line = await log_line(parts, sick, lambda line: line.due_at == until)
        assert (line.status, line.attempts) == (DeliveryStatus.PENDING, 0)


async def test_after_days_without_one_success_it_is_switched_off_and_says_so(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    receiver.answers = [500]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        async with parts.db.write() as session:
            since = now() - OFF_AFTER - timedelta(minutes=1)
            await session.execute(
                update(WebhookRecord).where(WebhookRecord.id == webhook).values(failing_since=since, failures=1)
            )
        await ask(parts)
        await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.FAILED)
        view = await parts.webhooks.webhooks.load(webhook)
        assert (view.is_on, view.problem) == (False, "failing")


async def test_an_event_is_given_up_after_a_day_and_can_be_sent_again(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    receiver.answers = [500]
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        first = await log_line(parts, webhook, lambda line: line.attempts >= 1)
        async with parts.db.write() as session:
            old = now() - timedelta(days=1, minutes=1)
            await session.execute(update(WebhookDelivery).values(created_at=old))
        await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.FAILED)
        receiver.answers = [200]
        await parts.webhooks.webhooks.send_again(webhook, first.id)
        await eventually(taken(receiver, 1), "the event")
        await log_line(parts, webhook, lambda line: line.status == DeliveryStatus.SENT)
    assert len(set(receiver.ids)) == 1


@pytest.mark.sqlite_only
async def test_nothing_is_sent_into_the_own_network_unless_the_settings_name_the_host(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        line = await log_line(parts, webhook, lambda line: bool(line.reason))
        assert (line.reason, line.answer_code) == ("forbidden_address", None)
    assert receiver.ids == []


async def test_a_webhook_that_is_removed_meanwhile_stops_no_customer(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        webhook = await connect(parts, receiver, kinds=(EventKind.OPENED,))
        await ask(parts)
        await eventually(taken(receiver, 1), "the first")
        async with parts.db.write() as session:  # as another instance does whose word has not come yet
            connection = await session.connection()
            await connection.exec_driver_sql(f"delete from webhooks where id = '{webhook}'")  # noqa: S608 - our id
        assert await ask(parts, name="second")
        assert await count(parts, Conversation) == 2


async def test_erased_with_its_conversation_and_after_seven_days(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver
) -> None:
    async with at_work(tmp_path, database_url, receiver.host) as parts:
        await connect(parts, receiver)
        erased, kept = await ask(parts, name="first"), await ask(parts, name="second")
        await eventually(taken(receiver, 4), "both conversations")
        await erase_contact(parts.db, (await conversation_of(parts, erased)).contact_id)
        async with parts.db.read() as session:
            assert set(await session.scalars(select(ConversationEvent.conversation_id))) == {kept}
        async with parts.db.write() as session:
            await session.execute(update(ConversationEvent).values(created_at=now() - timedelta(days=8)))
        await parts.retention.sweep()
        assert await count(parts, ConversationEvent) == await count(parts, WebhookDelivery) == 0


def test_the_pauses_grow_to_hours_and_fill_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = [longest_pause(attempt) for attempt in range(1, 12)]
    assert pauses[:4] == [5, 20, 80, 320]
    assert max(pauses) == 6 * 3600
    assert sum(pauses[:9]) < 24 * 3600 < sum(pauses[:11])


async def rate_and_fail(parts: AppComponents, conversation: str) -> None:
    async with parts.conversations.open(conversation) as c:
        c.tell_programs(EventKind.RATED, 1, rating="good")
        await c.pass_baton(Event.TRANSFER)


async def count(parts: AppComponents, model: type[Any]) -> int:
    async with parts.db.read() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.postgres_only
async def test_two_instances_send_each_event_once(tmp_path: Path, database_url: str, receiver: WebhookReceiver) -> None:
    conversations, homes = 10, [tmp_path / "a", tmp_path / "b"]
    for home in homes:
        home.mkdir()
    async with (
        at_work(homes[0], database_url, receiver.host) as first,
        at_work(homes[1], database_url, receiver.host) as second,
    ):
        await ask(second, name="before")  # it has read that there is no webhook
        await connect(first, receiver, kinds=(EventKind.OPENED,))

        async def has_heard() -> bool:
            await ask(second, name=f"trial-{await count(second, Conversation)}")
            return await count(second, ConversationEvent) > 0

        await eventually(has_heard, "the other instance to hear of the webhook", patience=10)

        async def nothing_waits() -> bool:
            return not any(view.waiting for view in await first.webhooks.webhooks.list_all())

        for number in range(conversations):
            await ask((first, second)[number % 2], name=f"c{number}")
        await eventually(taken(receiver, conversations + 1), "all of them")
        await eventually(nothing_waits, "the end")
    assert len(receiver.ids) == len(set(receiver.ids))


@pytest.mark.slow
@pytest.mark.parametrize("place", [Failpoint.INBOX_AFTER_COMMIT, Failpoint.WEBHOOK_AFTER_SEND])
async def test_killed_between_commit_and_sending_or_after_sending_the_event_still_comes_under_one_id(
    tmp_path: Path, database_url: str, receiver: WebhookReceiver, place: Failpoint
) -> None:
    async with (
        serving(FakeBot()) as rasa_url,
        helpdesk(tmp_path, database_url, rasa_url, webhook_hosts=receiver.host) as instance,
    ):
        db = Database(database_url)
        store = WebhookStore(db, instance.env["STAFFEL_SECRET_KEY"])
        form = WebhookForm(name="crm", address=receiver.address, kinds=(EventKind.OPENED,), with_text=False)
        webhook, receiver.secret = await store.add(form, "Ada")
        await store.switch(webhook, is_on=True, by="Ada")
        await instance.start(f"{place}=kill@1")
        async with ChatClient(instance.url, instance.origin) as customer:
            customer.say("Where is my parcel?")
            assert await instance.dead() == -signal.SIGKILL
            await instance.start()
            await customer.until(lambda it: len(it.texts("bot")) >= 2, "the answer after the crash")
        await eventually(taken(receiver, 2 if place is Failpoint.WEBHOOK_AFTER_SEND else 1), "the event")
        await db.close()
    assert len(set(receiver.ids)) == 1
