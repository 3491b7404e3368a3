"""A row that is erased under whoever works on it: no queue and no loop stumbles, and nothing is written again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from connectors.contract import Address, AttachmentKind, Channel, InboundMessage
from helpdesk.app import AppComponents, create_app
from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.privacy.erasure import erase_contact
from helpdesk.webhooks.webhook_store import WebhookForm
from store.models import (
    AttachmentRecord,
    AttachmentStatus,
    Contact,
    Conversation,
    ConversationEvent,
    Delivery,
    FollowUp,
    Handoff,
    HeldAction,
    HeldKind,
    MailDelivery,
    MailKind,
    Message,
    Notification,
    Promise,
    StaffAlert,
    StaffAlertRule,
    StoredFile,
    SummaryLineRecord,
    SummaryRecord,
    Turn,
    WebhookDelivery,
    now,
)
from store.triggers import Trigger, TriggerKind
from tests.chat_client import ChatClient
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.fakes.embedder import LetterCounts
from tests.harness import hire, settings_for
from tests.integration.canary import CANARY, columns_with_canary
from tests.integration.webchat_server import served

CHAT = Address(channel=Channel.TELEGRAM, account="bot", chat_id=f"{CANARY}-7")


@pytest.fixture
async def parts(tmp_path: Path, database_url: str) -> AsyncIterator[AppComponents]:
    """All parts of a helpdesk, none of them at work: each is told to when its turn comes."""
    settings = settings_for(tmp_path, database_url, smtp_url="smtp://127.0.0.1:1", mail_from="help@example.org")
    app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
    made: AppComponents = app.state.parts
    channel = FakeChannel(files={"photo-7": CANARY.encode()})
    sending: Any = (made.outbox.source, made.downloads.source, made.alerts)
    for known in (sending[0].connectors, sending[1]._connectors, sending[2]._connectors):
        known[Channel.TELEGRAM] = channel
    yield made
    await made.db.close()


class Scene:
    """Somebody who has written, with an agent who has taken them; `erase` takes them away."""

    def __init__(self, parts: AppComponents) -> None:
        self.parts = parts
        self.talk = self.mia = ""
        self.epoch = 0

    async def begin(self) -> None:
        message = InboundMessage(address=CHAT, contact_id=CANARY, external_id="1", text=f"Wo ist {CANARY}?")
        self.talk = (await self.parts.inbox.receive(message)).conversation_id
        self.mia = await hire(self.parts, "Mia")
        self.epoch = 1

    async def take(self) -> None:
        """Mia answers from now on."""
        await drive(self.parts.conversations).request_handoff(self.talk, ASKED)
        self.epoch = (await drive(self.parts.conversations).accept(self.talk, self.mia)).epoch

    async def add(self, *rows: Any) -> None:
        async with self.parts.db.write() as session:
            session.add_all(rows)

    async def erase(self) -> None:
        async with self.parts.db.read() as session:
            contact = await session.scalar(select(Contact.id).where(Contact.external_id == CANARY))
        if contact is not None:
            await erase_contact(self.parts.db, contact)


ASKED = (Trigger(kind=TriggerKind.ASKED, turns=(1,), text=CANARY),)
PAST = timedelta(hours=1)


async def a_turn(scene: Scene) -> Any:
    async with scene.parts.db.write() as session:
        await session.execute(update(Turn).values(due_at=now() - PAST))
    return scene.parts.turns


async def a_delivery(scene: Scene) -> Any:
    await scene.take()
    await drive(scene.parts.conversations).answer(scene.talk, scene.mia, scene.epoch, f"Hier ist {CANARY}.", "a1")
    async with scene.parts.db.write() as session:
        await session.execute(update(Delivery).values(due_at=now() - PAST))
    return scene.parts.outbox


async def a_held_answer(scene: Scene) -> Any:
    await scene.take()
    held = HeldAction(
        conversation_id=scene.talk, agent_id=scene.mia, kind=HeldKind.ANSWER, client_id="c", epoch=scene.epoch,
        read_seq=1, text=f"Gleich: {CANARY}", due_at=now() - PAST,
    )  # fmt: skip
    await scene.add(held)
    return scene.parts.held_actions


async def a_transcript(scene: Scene) -> Any:
    mail = MailDelivery(
        kind=MailKind.TRANSCRIPT, conversation_id=scene.talk, recipient=f"{CANARY}@example.org", due_at=now() - PAST
    )
    await scene.add(mail)
    return scene.parts.mails


async def a_push(scene: Scene) -> Any:
    note = Notification(conversation_id=scene.talk, agent_id=scene.mia, kind="mention", seq=1, due_at=now() - PAST)
    await scene.add(note)
    return scene.parts.push_messages


async def an_alert(scene: Scene) -> Any:
    await drive(scene.parts.conversations).request_handoff(scene.talk, ASKED)
    rule = StaffAlertRule(
        id=1, channel=Channel.TELEGRAM, account="bot", chat_id="-1", reasons=("waits",), with_text=True, is_on=True
    )
    alert = StaffAlert(about="handoff:1", reason="waits", conversation_id=scene.talk, due_at=now() - PAST)
    await scene.add(rule, alert)
    return scene.parts.alert_messages


async def a_webhook_call(scene: Scene) -> Any:
    store = scene.parts.webhooks.webhooks
    form = WebhookForm(name="crm", address="http://127.0.0.1:1/hook", kinds=("conversation.opened",), with_text=True)
    webhook, _ = await store.add(form, "Ada")
    await store.switch(webhook, is_on=True, by="Ada")
    event = ConversationEvent(
        kind="conversation.opened",
        conversation_id=scene.talk,
        channel="telegram",
        language="de",
        seq=1,
        facts={"x": CANARY},
    )
    await scene.add(event)
    await scene.add(WebhookDelivery(webhook_id=webhook, event_number=event.number, due_at=now() - PAST))
    return scene.parts.webhook_calls


async def a_picture(scene: Scene) -> Any:
    async with scene.parts.db.read() as session:
        line = await session.scalar(select(Message.id).where(Message.conversation_id == scene.talk, Message.seq == 1))
    record = AttachmentRecord(
        conversation_id=scene.talk, message_id=line, kind=AttachmentKind.DOCUMENT, external_id="photo-7",
        name=f"{CANARY}.txt", media_type="text/plain", status=AttachmentStatus.PENDING, due_at=now() - PAST,
    )  # fmt: skip
    await scene.add(record)
    return scene.parts.downloads


async def a_summary(scene: Scene) -> Any:
    await drive(scene.parts.conversations).request_handoff(scene.talk, ASKED)
    source: Any = scene.parts.summary_rewording.source
    lines = (
        SummaryLineRecord(label="wish", text=f"Die Kundin fragt schon lange nach {CANARY} und wartet", turns=(1,)),
    )
    async with scene.parts.db.write() as session:
        await session.execute(update(Handoff).values(summary=SummaryRecord(language="de", lines=lines)))

    async def model() -> str:
        return "model"

    async def reword(texts: list[str], *_: object, **__: object) -> list[str]:
        return [f"anders: {text}" for text in texts]

    source._model, source.rewording.reword_lines = model, reword
    return scene.parts.summary_rewording


QUEUES = (
    a_turn, a_delivery, a_held_answer, a_transcript, a_push, an_alert, a_webhook_call, a_picture, a_summary,
)  # fmt: skip


@pytest.mark.parametrize("moment", ["before it is worked on", "before it is stored"])
@pytest.mark.parametrize("prepare", QUEUES, ids=lambda one: one.__name__)
async def test_what_was_claimed_is_erased(
    parts: AppComponents, prepare: Callable[[Scene], Awaitable[Any]], moment: str
) -> None:
    scene = Scene(parts)
    await scene.begin()
    worker = await prepare(scene)
    [item] = await worker.source.claim(1)
    if moment == "before it is worked on":
        await scene.erase()
    result = await worker.source.work(item)
    await scene.erase()
    if worker._store is not None:
        await worker._store([result])
    assert await worker.source.claim(1) == []
    assert await columns_with_canary(parts) == []
    async with parts.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(StoredFile)) == 0, "nor a file that was fetched"
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0


async def test_a_turn_that_asks_the_bot_after_the_erasure_has_it_forget_once_more(parts: AppComponents) -> None:
    scene = Scene(parts)
    await scene.begin()
    worker = await a_turn(scene)
    [item] = await worker.source.claim(1)
    await scene.erase()
    assert await parts.retention.forget_in_bot() == 1
    await worker.source.work(item)
    assert await parts.retention.forget_in_bot() == 1, "it was told these words after it had forgotten"
    assert await parts.retention.forget_in_bot() == 0


async def a_promise(scene: Scene) -> Any:
    await scene.take()
    soon = NewPromise(text=f"Ruft {CANARY} an", due_at=now() + timedelta(minutes=1))
    await PromiseDriver(scene.parts.conversations).make(scene.talk, scene.mia, soon)
    async with scene.parts.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() - PAST))
    return scene.parts.watchdog.look


async def a_question_for_later(scene: Scene) -> Any:
    due = now() - PAST
    await scene.add(FollowUp(conversation_id=scene.talk, day=due.date(), text=f"Kam {CANARY}?", due_at=due))
    return scene.parts.watchdog.look


async def nobody_answers(scene: Scene) -> Any:
    async with scene.parts.db.write() as session:
        await session.execute(update(Turn).values(status="failed"))
        await session.execute(update(Message).values(created_at=now() - PAST))
    return scene.parts.watchdog.look


async def an_agent_who_has_gone(scene: Scene) -> Any:
    await scene.take()
    scene.parts.watchdog.patience = timedelta(0)
    return scene.parts.watchdog.look


async def a_place_in_the_queue(scene: Scene) -> Any:
    await drive(scene.parts.conversations).request_handoff(scene.talk, ASKED)
    return scene.parts.progress.look


LOOPS = (a_promise, a_question_for_later, nobody_answers, an_agent_who_has_gone, a_place_in_the_queue)


@pytest.mark.parametrize("prepare", LOOPS, ids=lambda one: one.__name__)
async def test_what_a_loop_has_found_is_erased_before_it_is_opened(
    parts: AppComponents, prepare: Callable[[Scene], Awaitable[Any]], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    scene, opened = Scene(parts), list[str]()
    await scene.begin()
    look = await prepare(scene)
    plain = Conversations.open

    def erase_first(self: Conversations, which: Any, *arguments: Any, **options: Any) -> Any:
        return _Erasing(scene, plain(self, which, *arguments, **options), opened)

    monkeypatch.setattr(Conversations, "open", erase_first)
    await look()
    assert opened, "it was found"
    assert await columns_with_canary(parts) == []
    assert "Traceback" not in capfd.readouterr().out


class _Erasing:
    """Opens a conversation that is erased at that moment."""

    def __init__(self, scene: Scene, inner: Any, opened: list[str]) -> None:
        self._scene, self._inner, self._opened = scene, inner, opened

    async def __aenter__(self) -> Any:
        self._opened.append("")
        await self._scene.erase()
        return await self._inner.__aenter__()

    async def __aexit__(self, *error: Any) -> Any:
        return await self._inner.__aexit__(*error)


@pytest.mark.sqlite_only
async def test_an_open_web_chat_whose_person_is_erased_begins_anew(
    tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    async with (
        served(tmp_path, database_url) as (parts, address),
        ChatClient(f"ws://{address}/webchat/ws", f"http://{address}") as customer,
    ):
        await customer.until(lambda it: it.is_ready, "the welcome")
        customer.say(f"Wo ist {CANARY}?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        before = customer.state["conversation"]
        async with parts.db.read() as session:
            contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == before))
        await erase_contact(parts.db, contact or "")
        for frame in ({"type": "typing"}, {"type": "seen", "seq": 3}, {"type": "suggest", "id": 1, "text": "Wo ist"}):
            customer.raw(frame)
        customer.tap(2, 0)
        customer.email("kim@example.org")
        customer.say("Und jetzt?")
        await customer.until(lambda it: "Und jetzt?" in it.texts("contact"), "the new line")
        await customer.until(lambda it: not it.unacknowledged, "everything to be answered")
        assert customer.state["conversation"] != before
        assert not [line for line in customer.lines if CANARY in line["text"]], "the screen has let go of it too"
        assert await columns_with_canary(parts) == []
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.sqlite_only
async def test_an_open_web_chat_lets_go_of_what_was_erased_with_the_next_hint(
    tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    async with (
        served(tmp_path, database_url) as (parts, address),
        ChatClient(f"ws://{address}/webchat/ws", f"http://{address}") as customer,
    ):
        await customer.until(lambda it: it.is_ready, "the welcome")
        customer.say(f"Wo ist {CANARY}?")
        await customer.until(lambda it: len(it.texts("bot")) == 2, "the answer")
        before = customer.state["conversation"]
        async with parts.db.read() as session:
            contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == before))
        await erase_contact(parts.db, contact or "")
        parts.live.changed(before)
        await customer.until(lambda it: it.is_ready and it.state["conversation"] != before, "another conversation")
        assert not [line for line in customer.lines if CANARY in line["text"]]
    assert "Traceback" not in "".join(capfd.readouterr())
