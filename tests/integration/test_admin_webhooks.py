"""The admin pages of webhooks: the secret is seen once, a test is one call, and the log can send again."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.outgoing.post import OutgoingPost
from helpdesk.web.admin.webhooks.routes import webhook_routes
from helpdesk.webhooks.webhook_queue import WebhookQueue
from helpdesk.webhooks.webhook_store import WebhookStore
from store.db import Database
from store.models import ConversationEvent, DeliveryStatus, Role, WebhookDelivery, WebhookRecord, now
from tests.fakes.webhook_receiver import WebhookReceiver, webhook_receiver
from tests.integration.staff import PASSWORD, House, StaffBrowser, make_house, served, staff_routes
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver() as started:
        yield started


@pytest.fixture
def webhooks(db: Database, receiver: WebhookReceiver) -> WebhookQueue:
    post = OutgoingPost([receiver.host])
    return WebhookQueue(db, WebhookStore(db, "k" * 40), post, origin="https://help.example.org")


@pytest.fixture
def house(db: Database, webhooks: WebhookQueue) -> House:
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *webhook_routes(webhooks=webhooks, pages=pages, zone=ZoneInfo("Europe/Berlin")),
        ],
    )


def entered(receiver: WebhookReceiver, **changes: Any) -> dict[str, Any]:
    kinds = ["conversation.opened", "conversation.rated"]
    return {"name": "CRM", "address": receiver.address, "kinds": kinds, "with_text": False} | changes


async def add(admin: StaffBrowser, receiver: WebhookReceiver) -> str:
    response = await admin.post("/admin/api/webhooks/new", json=entered(receiver))
    assert response.status_code == 201, response.text
    receiver.secret = response.json()["secret"]
    return str(response.json()["id"])


async def test_the_secret_is_shown_once_and_stored_encrypted(
    admin: StaffBrowser, db: Database, receiver: WebhookReceiver
) -> None:
    webhook = await add(admin, receiver)
    page = await admin.get(f"/admin/webhooks/{webhook}")
    assert receiver.secret.startswith("whsec_")
    assert receiver.secret not in page.text
    async with db.read() as session:
        stored = await session.get_one(WebhookRecord, webhook)
    assert receiver.secret not in stored.secret
    assert (stored.is_on, stored.kinds) == (False, ("conversation.opened", "conversation.rated"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "webhook_name"),
        ({"name": "CRM"}, "webhook_name_taken"),
        ({"address": "ftp://example.org/x"}, "webhook_address"),
        ({"address": "https://user:word@example.org/"}, "webhook_address"),
        ({"address": "http://169.254.169.254/latest"}, "webhook_forbidden"),
        ({"address": "http://10.0.0.1/hook"}, "webhook_forbidden"),
        ({"address": "https://no-such-host.invalid/"}, "address_unknown"),
        ({"kinds": []}, "webhook_kinds"),
        ({"kinds": ["conversation.imagined"]}, "webhook_kinds"),
    ],
)
async def test_what_is_wrong_with_a_form_is_said(
    admin: StaffBrowser, receiver: WebhookReceiver, changes: dict[str, Any], code: str
) -> None:
    await add(admin, receiver)
    response = await admin.post("/admin/api/webhooks/new", json=entered(receiver, **{"name": "other"} | changes))
    assert response.status_code in {409, 422}
    assert response.json()["error"]["code"] == code


async def test_a_test_is_one_signed_call_and_says_how_it_ended(admin: StaffBrowser, receiver: WebhookReceiver) -> None:
    webhook = await add(admin, receiver)
    tried = await admin.post(f"/admin/api/webhooks/{webhook}/test", json={})
    assert tried.json() == {"status": 200, "reason": "", "taken": True}
    assert receiver.kinds == ["test"]
    receiver.answers = [404]
    tried = await admin.post(f"/admin/api/webhooks/{webhook}/test", json={})
    assert tried.json() == {"status": 404, "reason": "", "taken": False}
    renewed = await admin.post(f"/admin/api/webhooks/{webhook}/secret", json={})
    await admin.post(f"/admin/api/webhooks/{webhook}/test", json={})
    assert receiver.forged == 1
    receiver.secret, receiver.answers = renewed.json()["secret"], [200]
    assert (await admin.post(f"/admin/api/webhooks/{webhook}/test", json={})).json()["taken"]


async def test_only_admins_may(house: House, receiver: WebhookReceiver) -> None:
    agent = await house.signed_in()
    agent.headers["X-CSRF-Token"] = await agent.csrf(house.db)
    response = await agent.post(
        "/admin/api/webhooks/new", json=entered(receiver), headers={"origin": "http://helpdesk.test"}
    )
    assert response.status_code == 403


async def ended_delivery(db: Database, webhook: str) -> int:
    """A line of the log."""
    async with db.write() as session:
        event = ConversationEvent(
            kind="conversation.opened", conversation_id="c" * 32, channel="webchat", language="de", seq=2, facts={}
        )
        session.add(event)
        await session.flush()
        row = WebhookDelivery(
            webhook_id=webhook,
            event_number=event.number,
            status=DeliveryStatus.FAILED,
            attempts=9,
            answer_code=500,
            ended_at=now(),
        )
        session.add(row)
        await session.flush()
        return row.id


async def test_send_again_takes_what_has_ended_while_the_webhook_is_on(
    admin: StaffBrowser, db: Database, receiver: WebhookReceiver
) -> None:
    webhook = await add(admin, receiver)
    delivery = await ended_delivery(db, webhook)
    again = f"/admin/api/webhooks/{webhook}/again"
    refused = await admin.post(again, json={"delivery": delivery})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "webhook_off")
    await admin.post(f"/admin/api/webhooks/{webhook}/switch", json={"is_on": True})
    assert (await admin.post(again, json={"delivery": delivery})).status_code == 200
    assert (await admin.post(again, json={"delivery": delivery + 1})).status_code == 404
    async with db.read() as session:
        assert await session.scalar(select(WebhookDelivery.status)) == DeliveryStatus.PENDING
    await admin.post(f"/admin/api/webhooks/{webhook}/remove", json={})
    async with db.read() as session:
        assert await session.scalar(select(WebhookDelivery)) is None


@pytest.mark.browser
async def test_a_webhook_is_added_tried_and_switched_on_in_a_browser(
    house: House, receiver: WebhookReceiver, db: Database, browser: "Browser"
) -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/webhooks")
        await check(page)
        await page.click("a[href='/admin/webhooks/new']")
        await check(page)
        await page.fill("[name=name]", "CRM")
        await page.fill("[name=address]", receiver.address)
        await page.click("#save")
        await page.wait_for_selector("#secret-part:not([hidden])")
        await check(page)
        receiver.secret = await page.input_value("#secret")
        await page.click("#go-on")
        await page.wait_for_selector("#test")
        assert receiver.secret not in await page.content()
        await page.click("#test")
        await page.wait_for_selector("#tested:has-text('200')")
        await page.click("#switch")
        await page.wait_for_selector("#switch[data-on=yes]")
        async with db.read() as session:
            webhook = await session.scalar(select(WebhookRecord.id).where(WebhookRecord.is_on))
        assert webhook
        await ended_delivery(db, webhook)
        await page.reload()
        await check(page)
        await page.click("[data-again]")
        await page.wait_for_selector("#log .badge:has-text('wartet')")
    assert receiver.kinds == ["test"]
