"""Agents hear of what concerns them with the page closed: on every device, once, and never what was written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpdesk.accounts.agents import deactivate
from helpdesk.accounts.sessions import Sessions
from helpdesk.app import AppComponents
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.notifications import notification_recorder
from helpdesk.notifications.devices import (
    DeviceRemoved,
    NotificationWishes,
    add_device,
    list_devices,
    remove_device,
    store_wishes,
)
from helpdesk.notifications.kinds import NotificationKind
from helpdesk.privacy.erasure import erase_contact
from store.models import Agent, Availability, DeliveryStatus, Notification, PushDevice, now
from store.tokens import token_hash
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.bot import FakeBot
from tests.fakes.push_service import PushBrowser, PushService, push_service
from tests.harness import conversation_of, eventually, hire, inbound_message, run_helpdesk, settings_for

ASKED = (Trigger(kind=TriggerKind.ASKED, turns=()),)


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as started:
        yield started


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification_recorder, "GRACE", timedelta(0))


@dataclass
class Scene:
    """A helpdesk with an agent and her phone."""

    parts: AppComponents
    service: PushService
    mia: str
    phone: PushBrowser
    session: str

    async def device(self, agent: str, name: str) -> tuple[PushBrowser, str]:
        """A new browser that an agent has signed in with and switched on; its session's token."""
        browser, token = self.service.browser(name), await Sessions(self.parts.db).start(agent)
        await add_device(self.parts.db, agent, token_hash(token), browser.subscription, "Firefox")
        return browser, token

    async def own_conversation(self) -> str:
        """One that Mia has accepted."""
        desk = drive(self.parts.conversations)
        conversation = (await desk.receive(inbound_message("Where is my parcel?"))).conversation_id
        await desk.accept(conversation, self.mia)
        return conversation

    async def ends(self, reason: str) -> None:
        """Wait until a notification has ended for this reason."""

        async def look() -> bool:
            async with self.parts.db.read() as session:
                return reason in set(await session.scalars(select(Notification.reason)))

        await eventually(look, reason)


@asynccontextmanager
async def scene_at(tmp_path: Path, url: str, service: PushService) -> AsyncIterator[Scene]:
    settings = settings_for(tmp_path, url, push_hosts=[service.host], public_url="https://help.example.org")
    async with run_helpdesk(settings, FakeBot()) as parts:
        mia = await hire(parts, "Mia")
        scene = Scene(parts, service, mia, service.browser("phone"), "")
        scene.phone, scene.session = await scene.device(mia, "phone")
        yield scene


@pytest.fixture
async def scene(tmp_path: Path, database_url: str, service: PushService) -> AsyncIterator[Scene]:
    async with scene_at(tmp_path, database_url, service) as made:
        yield made


async def shown(browser: PushBrowser, count: int = 1) -> None:
    async def look() -> bool:
        return len(browser.shown) >= count

    await eventually(look, f"{count} notifications on {browser.name}")


async def test_a_message_of_ones_own_customer_comes_to_every_device_without_its_words(scene: Scene) -> None:
    laptop, _ = await scene.device(scene.mia, "laptop")
    conversation = await scene.own_conversation()
    await drive(scene.parts.conversations).receive(inbound_message("My card is 4111 1111 1111 1111"))
    await shown(scene.phone)
    await shown(laptop)

    message = scene.phone.shown[0]
    assert message["url"] == f"/desk?conversation={conversation}"
    assert message["title"].startswith("Gast ")
    assert "hat geschrieben" in message["title"]
    assert "4111" not in str(scene.phone.shown)
    assert scene.service.forged == 0
    assert 0 < int(scene.phone.headers[0]["ttl"]) <= 3600
    assert scene.phone.headers[0]["urgency"] == "high"


async def test_line_after_line_calls_once(scene: Scene) -> None:
    await scene.own_conversation()
    desk = drive(scene.parts.conversations)
    await desk.receive(inbound_message("Hello?"))
    await shown(scene.phone)
    await desk.receive(inbound_message("Is anybody there?"))
    await scene.ends("often")
    assert len(scene.phone.shown) == 1


async def test_whoever_has_answered_meanwhile_is_not_called(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification_recorder, "GRACE", timedelta(seconds=1))
    conversation = await scene.own_conversation()
    desk = drive(scene.parts.conversations)
    await desk.receive(inbound_message("Hello?"))
    epoch = (await conversation_of(scene.parts, conversation)).epoch
    await desk.answer(conversation, scene.mia, epoch, "Here I am.", "a1")
    await scene.ends("read")
    assert scene.phone.shown == []


async def test_an_offer_a_transfer_a_mention_and_a_promise(scene: Scene) -> None:
    ben = await hire(scene.parts, "Ben")
    desk, promises = drive(scene.parts.conversations), PromiseDriver(scene.parts.conversations)
    conversation = (await desk.receive(inbound_message("I want a person"))).conversation_id
    async with scene.parts.db.write() as session:
        (await session.get_one(Agent, ben)).availability = Availability.OFFLINE
    await desk.request_handoff(conversation, ASKED)
    await shown(scene.phone, 1)
    await desk.accept(conversation, ben)
    await desk.note(conversation, ben, "@Mia, do you know this one?", "n1")
    await shown(scene.phone, 2)
    await desk.transfer(conversation, ben, scene.mia)
    await shown(scene.phone, 3)
    due = now() + timedelta(hours=1)
    await promises.make(conversation, scene.mia, NewPromise(text="a call", due_at=due))
    await promises.remind(due - timedelta(minutes=1))
    await shown(scene.phone, 4)

    kinds = [message["tag"].partition("-")[0] for message in scene.phone.shown]
    assert kinds == ["offer", "mention", "transfer", "promise"]
    assert "do you know" not in str(scene.phone.shown)


async def test_a_subscription_that_is_gone_is_forgotten_and_the_others_go_on(scene: Scene) -> None:
    laptop, _ = await scene.device(scene.mia, "laptop")
    laptop.status = 410
    await scene.own_conversation()
    await drive(scene.parts.conversations).receive(inbound_message("Hello?"))
    await shown(scene.phone)

    async def one_left() -> bool:
        async with scene.parts.db.read() as session:
            return list(await session.scalars(select(PushDevice.endpoint))) == [scene.phone.subscription.endpoint]

    await eventually(one_left, "the device to be forgotten")


async def test_what_a_push_service_could_not_take_is_tried_again(scene: Scene) -> None:
    scene.phone.status = 503
    await scene.own_conversation()
    await drive(scene.parts.conversations).receive(inbound_message("Hello?"))

    async def tried() -> bool:
        async with scene.parts.db.read() as session:
            row = await session.scalar(select(Notification).where(Notification.attempts > 0))
            return row is not None and row.status == DeliveryStatus.PENDING

    await eventually(tried, "the first try")
    scene.phone.status = 201
    await shown(scene.phone)


async def test_signing_out_and_a_closed_account_end_it(scene: Scene) -> None:
    ben = await hire(scene.parts, "Ben")
    await scene.device(ben, "bens")
    await Sessions(scene.parts.db).end(token_hash(scene.session))
    await deactivate(scene.parts.db, ben)
    async with scene.parts.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(PushDevice)) == 0


async def test_what_is_not_wanted_and_quiet_hours_are_kept(scene: Scene) -> None:
    await store_wishes(scene.parts.db, scene.mia, NotificationWishes(unwanted=frozenset({NotificationKind.MESSAGE})))
    await scene.own_conversation()
    desk = drive(scene.parts.conversations)
    await desk.receive(inbound_message("Hello?"))
    await scene.ends("unwanted")
    await store_wishes(scene.parts.db, scene.mia, NotificationWishes(quiet_from="00:00", quiet_until="23:59"))
    await desk.receive(inbound_message("Hello again"))
    await scene.ends("quiet")
    assert scene.phone.shown == []


async def test_erased_with_the_conversation(scene: Scene) -> None:
    conversation = await scene.own_conversation()
    await drive(scene.parts.conversations).receive(inbound_message("Hello?"))
    await shown(scene.phone)
    await erase_contact(scene.parts.db, (await conversation_of(scene.parts, conversation)).contact_id)
    async with scene.parts.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Notification)) == 0


async def test_without_a_device_nothing_is_stored(tmp_path: Path, database_url: str) -> None:
    async with run_helpdesk(settings_for(tmp_path, database_url), FakeBot()) as parts:
        mia, desk = await hire(parts, "Mia"), drive(parts.conversations)
        conversation = (await desk.receive(inbound_message("Where is my parcel?"))).conversation_id
        await desk.accept(conversation, mia)
        await desk.receive(inbound_message("Hello?"))
        async with parts.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Notification)) == 0


async def test_another_agent_in_the_same_browser_takes_it_over(scene: Scene) -> None:
    ben = await hire(scene.parts, "Ben")
    token = await Sessions(scene.parts.db).start(ben)
    await add_device(scene.parts.db, ben, token_hash(token), scene.phone.subscription, "Firefox")
    async with scene.parts.db.read() as session:
        assert list(await session.scalars(select(PushDevice.agent_id))) == [ben]


async def test_a_browser_removed_from_elsewhere_does_not_come_back_by_itself(scene: Scene) -> None:
    db, phone = scene.parts.db, scene.phone.subscription
    [device] = await list_devices(db, scene.mia)
    await remove_device(db, scene.mia, device.id)
    await Sessions(db).end(token_hash(scene.session))
    again = token_hash(await Sessions(db).start(scene.mia))
    with pytest.raises(DeviceRemoved):
        await add_device(db, scene.mia, again, phone, "Firefox", renews=True)
    assert list(await list_devices(db, scene.mia)) == []

    await add_device(db, scene.mia, again, phone, "Firefox")  # switched on there by hand
    await add_device(db, scene.mia, again, phone, "Firefox", renews=True)
    assert len(await list_devices(db, scene.mia)) == 1
