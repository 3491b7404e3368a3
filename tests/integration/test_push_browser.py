"""The page about notifications and the service worker in a real browser, before a push service that is ours."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.notifications.devices import list_devices, remove_device
from store.models import Role
from tests.conversation_driver import drive
from tests.fakes.push_service import PushBrowser, PushService, push_service
from tests.harness import eventually, inbound_message
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

DELIVERIES = 4
SHOWN_WITHIN = 15.0  # seconds

#: Chromium asks a service of Google's for a subscription, which no test can have: ours is given in its place.
SUBSCRIBING = """
const given = %s;
const subscription = {
  endpoint: given.endpoint,
  toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.p256dh, auth: given.auth } }),
  unsubscribe: async () => { localStorage.removeItem("fake"); return true; },
};
PushManager.prototype.subscribe = async function (options) {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("no key");
  localStorage.setItem("fake", "on");
  return subscription;
};
PushManager.prototype.getSubscription = async () => (localStorage.getItem("fake") ? subscription : null);
"""


@dataclass
class Desk:
    """A helpdesk behind a real port, its agent, and the browser's subscription."""

    parts: AppComponents
    address: str
    mia: str
    phone: PushBrowser


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as started:
        yield started


@pytest.fixture
async def desk(tmp_path: Path, database_url: str, service: PushService) -> AsyncIterator[Desk]:
    async with served(tmp_path, database_url, push_hosts=[service.host]) as (parts, address):
        agent = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        yield Desk(parts, f"http://{address}", agent.id, service.browser("phone"))


async def subscribe_here(page: "Page", phone: PushBrowser) -> None:
    """Let the browser's subscriptions come from our push service, and its notifications be allowed."""
    keys = {"p256dh": phone.subscription.p256dh, "auth": phone.subscription.auth}
    await page.add_init_script(SUBSCRIBING % json.dumps({"endpoint": phone.subscription.endpoint, **keys}))
    await page.context.grant_permissions(["notifications"])


async def switch_on(page: "Page") -> None:
    await page.goto("/account/notifications")
    await page.click("#push-switch[data-state=off]")
    await page.wait_for_selector("#push-switch[data-state=on]")


async def test_switched_on_tried_and_switched_off_with_the_truth_told_each_time(desk: Desk, browser: "Browser") -> None:
    async with window(browser, desk.address, "mia@example.org") as page:
        await subscribe_here(page, desk.phone)
        await page.goto("/account/notifications")
        await page.wait_for_selector("#push-state:has-text('ausgeschaltet')")
        await check(page)
        await switch_on(page)
        assert "dieses Gerät" in await page.inner_text("[data-device]")
        await page.click("[data-test]")
        await page.wait_for_selector("#device-done:has-text('Gesendet')")
        assert desk.phone.shown[0]["test"]
        await check(page)

        await page.uncheck("[name=kinds][value=message]")
        await page.check("#quiet")
        await page.click("#wishes button")
        await page.wait_for_selector("#wishes-done:not([hidden])")
        await page.reload()
        assert not await page.is_checked("[name=kinds][value=message]")
        assert await page.input_value("[name=quiet_from]") == "20:00"

        await page.evaluate("localStorage.removeItem('fake')")  # the browser has ended it by itself
        await page.reload()
        await page.wait_for_selector("#push-switch[data-state=lost]")
        await page.click("#push-switch")
        await page.wait_for_selector("#push-switch[data-state=on]")
        await page.click("#push-switch")
        await page.wait_for_selector("#push-switch[data-state=off]")
    assert list(await list_devices(desk.parts.db, desk.mia)) == []


async def test_signing_out_ends_it_and_the_next_visit_of_the_desk_takes_it_up(desk: Desk, browser: "Browser") -> None:
    async with window(browser, desk.address, "mia@example.org") as page:
        await subscribe_here(page, desk.phone)
        await switch_on(page)
        await page.goto("/desk")
        await page.click("#account summary")
        await page.click("#sign-out button")
        await page.wait_for_url("**/signin*")
        assert list(await list_devices(desk.parts.db, desk.mia)) == []
        await page.fill("[name=email]", "mia@example.org")
        await page.fill("[name=password]", PASSWORD)
        await page.keyboard.press("Enter")

        async def is_back() -> bool:
            return len(await list_devices(desk.parts.db, desk.mia)) == 1

        await eventually(is_back, "the device")


async def test_a_browser_removed_from_another_device_stays_removed(desk: Desk, browser: "Browser") -> None:
    async with window(browser, desk.address, "mia@example.org") as page:
        await subscribe_here(page, desk.phone)
        await switch_on(page)
        [device] = await list_devices(desk.parts.db, desk.mia)
        await remove_device(desk.parts.db, desk.mia, device.id)
        async with page.expect_response("**/account/api/notifications/devices") as renewal:
            await page.goto("/desk")
        assert (await renewal.value).status == 410
        await page.wait_for_function(f"localStorage.getItem('staffel.push.{desk.mia}') === null")
        await page.goto("/account/notifications")
        await page.wait_for_selector("#push-switch[data-state=off]")
    assert list(await list_devices(desk.parts.db, desk.mia)) == []


async def worker_of(page: "Page") -> Any:
    async def look() -> Any:
        return next(iter(page.context.service_workers), None)

    found = await eventually(look, "the service worker")
    assert found
    return found


#: Before, the browser drops what is delivered, without a word.
ACTIVATED = """async () => {
  const all = await navigator.serviceWorker.getRegistrations();
  return all.length > 0 && all.every(({ active }) => active?.state === "activated");
}"""


async def deliver(page: "Page", message: dict[str, Any]) -> None:
    """Hand a push message to the browser as its push service does, once there is a worker that can be woken."""
    await page.wait_for_function(ACTIVATED)
    cdp = await page.context.new_cdp_session(page)
    registrations: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    await cdp.send("ServiceWorker.enable")

    async def known() -> bool:
        return bool(registrations)

    await eventually(known, "the registration")
    origin = "/".join(page.url.split("/")[:3])
    await cdp.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registrations[0], "data": json.dumps(message)},
    )


async def notified(page: "Page", worker: Any, message: dict[str, Any]) -> list[dict[str, str]]:
    """Deliver it until it is shown: a browser that is short of processor time now and then loses one."""

    async def shown() -> list[dict[str, str]]:
        notes: list[dict[str, str]] = await worker.evaluate(NOTES)
        return notes

    for _ in range(DELIVERIES):
        await deliver(page, message)
        with suppress(AssertionError):
            return await eventually(shown, "the notification", patience=SHOWN_WITHIN)
    raise AssertionError(f"{DELIVERIES} deliveries, and nothing was shown")


NOTES = "registration.getNotifications().then((all) => all.map(({ title, body }) => ({ title, body })))"


async def test_a_push_with_the_desk_closed_shows_and_a_click_opens_the_conversation(
    desk: Desk, browser: "Browser"
) -> None:
    conversations = drive(desk.parts.conversations)
    conversation = (await conversations.receive(inbound_message("Where is my parcel?"))).conversation_id
    await conversations.accept(conversation, desk.mia)
    async with window(browser, desk.address, "mia@example.org") as page:
        await subscribe_here(page, desk.phone)
        await switch_on(page)
        worker = await worker_of(page)
        await conversations.receive(inbound_message("Hello? My name is secret"))

        async def sent() -> bool:
            return bool(desk.phone.shown)

        await eventually(sent, "the push message")
        [note] = await notified(page, worker, desk.phone.shown[0])
        assert "hat geschrieben" in note["title"]
        assert "secret" not in str(note)
        opened = await worker.evaluate(CLICK)
        await page.goto(opened)
        await page.wait_for_selector("#lines:has-text('Where is my parcel?')")


#: A click by a test opens no window: a browser wants a hand for that. So it is noted where it would lead.
CLICK = """async () => {
  const [notification] = await registration.getNotifications();
  return await new Promise((resolve) => {
    clients.openWindow = async (address) => resolve(address);
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
}"""


async def test_while_the_desk_is_looked_at_no_second_bell_rings(desk: Desk, browser: "Browser") -> None:
    async with window(browser, desk.address, "mia@example.org") as page:
        await subscribe_here(page, desk.phone)
        await switch_on(page)
        worker = await worker_of(page)
        await page.goto("/desk")
        await page.wait_for_selector("#list, #list-empty")
        await deliver(page, {"title": "no", "body": "", "tag": "message-1", "url": "/desk"})
        test = {"title": "yes", "body": "", "tag": "test", "url": "/desk", "test": True}
        assert [note["title"] for note in await notified(page, worker, test)] == ["yes"]
