"""The admin pages of privacy: a person is found, looked at, handed out and erased on the record."""

import io
import json
import os
import zipfile
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from connectors.contract import Address, AttachmentKind, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.audit.audit_view import AuditFilter, load_entries
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.conversations import Conversations
from helpdesk.files.file_store import make_file_store
from helpdesk.files.uploads import pieces_of
from helpdesk.privacy.erasure_requests import Erasures, expire_wishes
from helpdesk.privacy.terms import KeptDays
from helpdesk.web.admin.privacy.routes import privacy_routes
from store.db import Database
from store.models import (
    AttachmentRecord,
    AttachmentStatus,
    Contact,
    Conversation,
    ErasureRecord,
    Message,
    MessageFacts,
    MessageKind,
    Role,
    SavedView,
    now,
)
from tests.conversation_driver import drive
from tests.integration.staff import ORIGIN, PASSWORD, House, StaffBrowser, make_house, served, staff_routes
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.sqlite_only

LOOK = os.environ.get("STAFFEL_LOOK")


@pytest.fixture
def erasures(db: Database) -> Erasures:
    return Erasures(db)


@pytest.fixture
def house(db: Database, erasures: Erasures) -> House:
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *privacy_routes(
                db=db,
                files=make_file_store(db, ""),
                erasures=erasures,
                privacy_notices=PrivacyNotices(db),
                pages=pages,
                zone=ZoneInfo("Europe/Berlin"),
                days=KeptDays(conversations=90, files=30),
            ),
        ],
    )


async def add_person(db: Database) -> str:
    """Ida Lovelace on Telegram, with an order, a file, and a list of the desk that names her; her contact's id."""
    files = make_file_store(db, "")
    kept = await files.take("telegram:bot:chat-77", "lampe.txt", pieces_of(b"broken lamp 4711"), any_kind=True)
    async with db.write() as session:
        contact = Contact(
            channel=Channel.TELEGRAM,
            account="bot",
            external_id="ida_on_telegram",
            name="Ida Lovelace",
            email="Ida@Example.org",
            phone="+49 170 1234567",
        )
        session.add(contact)
        await session.flush()
        talk = Conversation(
            contact_id=contact.id, channel=Channel.TELEGRAM, account="bot", chat_id="chat-77", last_seq=2
        )
        session.add(talk)
        await session.flush()
        lines = [
            Message(
                conversation_id=talk.id,
                seq=seq,
                epoch=1,
                kind=kind,
                author=author,
                text=text,
                facts=MessageFacts(attached=("document",) if seq == 1 else ()),
            )
            for seq, kind, author, text in [
                (1, MessageKind.INCOMING, Author.CONTACT, "Wo bleibt Bestellung 2026-88123?"),
                (2, MessageKind.OUTGOING, Author.BOT, "Ich sehe nach."),
            ]
        ]
        session.add_all(lines)
        await session.flush()
        session.add(
            AttachmentRecord(
                conversation_id=talk.id,
                message_id=lines[0].id,
                kind=AttachmentKind.DOCUMENT,
                external_id="",
                name="lampe.txt",
                media_type="text/plain",
                size=16,
                file_key=kept.key,
                status=AttachmentStatus.KEPT,
            )
        )
        return contact.id


async def look(page: "Page", name: str) -> None:
    """Keep pictures of a page, light, dark and on a phone, where `STAFFEL_LOOK` names a folder."""
    if not LOOK:
        return
    for scheme, width in (("light", 1200), ("dark", 1200), ("light", 390)):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.set_viewport_size({"width": width, "height": 900})
        await page.screenshot(path=f"{LOOK}/privacy-{name}-{scheme}-{width}.png", full_page=True)
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1200, "height": 900})


@pytest.mark.parametrize(
    "wanted",
    [
        "ida@EXAMPLE.org",
        "0170/123 45 67",
        "00491701234567",
        "lovelace ida",
        "Lovelase",
        "ida_on_telegram",
        "chat-77",
        "2026-88123",
        "Gast 1",
    ],
)
async def test_a_person_is_found_by_whatever_they_name(admin: StaffBrowser, db: Database, wanted: str) -> None:
    contact = await add_person(db)
    page = await admin.post("/admin/privacy", data={"wanted": wanted}, headers={"origin": ORIGIN})
    assert f"/admin/privacy/people/{contact}" in page.text


@pytest.mark.parametrize("wanted", ["0170/123 45 67", "00491701234567", "+49 (0)170 1234567", "4711222"])
async def test_a_telephone_and_a_channels_number_are_two(admin: StaffBrowser, db: Database, wanted: str) -> None:
    """Telegram's ids are numbers, too: side by side they are found each by itself."""
    async with db.write() as session:
        contact = Contact(channel=Channel.TELEGRAM, account="bot", external_id="4711222", phone="+491701234567")
        session.add(contact)
    page = await admin.post("/admin/privacy", data={"wanted": wanted}, headers={"origin": ORIGIN})
    assert f"/admin/privacy/people/{contact.id}" in page.text


async def test_nobody_is_said_to_be_nobody(admin: StaffBrowser, db: Database) -> None:
    await add_person(db)
    page = await admin.post("/admin/privacy", data={"wanted": "kurt@example.net"}, headers={"origin": ORIGIN})
    assert page.status_code == 200
    assert "/admin/privacy/people/" not in page.text
    assert (await admin.get(f"/admin/privacy/people/{'0' * 32}")).status_code == 404


async def test_what_is_kept_is_handed_out_with_the_files(admin: StaffBrowser, db: Database) -> None:
    contact = await add_person(db)
    data = (await admin.get(f"/admin/privacy/people/{contact}/data.json")).json()
    archive = zipfile.ZipFile(io.BytesIO((await admin.get(f"/admin/privacy/people/{contact}/archive.zip")).content))

    inside = json.loads(archive.read("data.json"))
    [file] = inside["conversations"][0].pop("files")
    assert archive.read(file["path"]) == b"broken lamp 4711"
    assert data["contact"]["channel_id"] == "ida_on_telegram"
    assert data["conversations"][0]["messages"] == inside["conversations"][0]["messages"]
    page = archive.read("read.html").decode()
    assert "2026-88123" in page
    assert f'href="{file["path"]}"' in page
    entered = await load_entries(db, AuditFilter(action="privacy"))
    assert [(one.action, one.subject) for one in entered] == [("privacy.people.export", contact)] * 2


async def test_an_erasure_leaves_a_receipt_without_what_was_erased(
    admin: StaffBrowser, db: Database, erasures: Erasures
) -> None:
    contact = await add_person(db)
    mia = await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    async with db.write() as session:
        session.add(SavedView(name="Ida Lovelace", agent_id=mia.id, wanted={"query": ""}))
        session.add(SavedView(name="Rechnungen", agent_id=mia.id, wanted={"query": "rechnung"}))
    form = {"reference": "Brief 17", "sure": ""}
    unsure = await admin.post(f"/admin/privacy/people/{contact}/erase", data=form, headers={"origin": ORIGIN})
    assert unsure.status_code == 422

    done = await admin.post(
        f"/admin/privacy/people/{contact}/erase", data=form | {"sure": "yes"}, headers={"origin": ORIGIN}
    )
    page = await admin.get(done.headers["location"])
    receipt = (await admin.get(f"{done.headers['location']}/receipt.json")).json()
    assert receipt["erased"]["messages"] == 2
    assert (receipt["erased"]["stored_files"], receipt["file_bytes"]) == (1, 16)
    assert receipt["erased"]["saved_views"] == 1
    assert receipt["reference"] == "Brief 17"
    assert "Ida" not in page.text
    assert contact not in page.text
    async with db.read() as session:
        assert list(await session.scalars(select(SavedView.name))) == ["Rechnungen"]
        assert not list(await session.scalars(select(Contact.id)))
    assert (await admin.get(f"/admin/privacy/people/{contact}")).status_code == 404


async def test_two_admins_are_needed_where_the_rule_says_so(
    admin: StaffBrowser, house: House, db: Database, erasures: Erasures
) -> None:
    contact = await add_person(db)
    erasures.rule = "two"
    asked = await admin.post(f"/admin/privacy/people/{contact}/erase", data={"sure": "yes"}, headers={"origin": ORIGIN})
    receipt = asked.headers["location"]
    own = await admin.post(f"{receipt}/confirm", headers={"origin": ORIGIN})
    assert own.status_code == 409

    other = await house.signed_in(Role.ADMIN, "jo@example.org", "Jo")
    other.headers.update({"x-csrf-token": await other.csrf(db), "origin": ORIGIN})
    async with db.write() as session:
        await session.execute(update(ErasureRecord).values(ends_at=now() - timedelta(seconds=1)))
    assert (await other.post(f"{receipt}/confirm")).status_code == 409
    async with db.write() as session:
        await session.execute(update(ErasureRecord).values(ends_at=now() + timedelta(hours=1)))
    assert (await other.post(f"{receipt}/confirm")).status_code == 303
    told = (await other.get(f"{receipt}/receipt.json")).json()
    assert (told["status"], told["asked_by"], told["confirmed_by"]) == ("done", "ada@example.org", "jo@example.org")

    async with db.write() as session:  # of a wish that nobody confirms nothing is left but that it was
        session.add(ErasureRecord(contact_id="f" * 32, asked_by="ada@example.org", ends_at=now() - timedelta(days=1)))
    async with db.write() as session:
        await expire_wishes(session, now())
        assert not list(await session.scalars(select(ErasureRecord).where(ErasureRecord.contact_id != "")))


async def test_a_notice_is_set_by_channel_and_language(admin: StaffBrowser, db: Database) -> None:
    notices = PrivacyNotices(db)
    answers = []
    for channel, address in [("", "https://example.org/p"), ("slack", "https://example.org/s"), ("", "javascript:1")]:
        form = {"channel": channel, "language": "de", "address": address, "text": ""}
        answers.append(await admin.post("/admin/privacy/notices", data=form, headers={"origin": ORIGIN}))
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    on_slack, elsewhere = await notices.look("slack", "de"), await notices.look("telegram", "de")
    assert on_slack
    assert elsewhere
    assert (on_slack.address, elsewhere.address) == ("https://example.org/s", "https://example.org/p")
    assert await notices.look("telegram", "en") is None


@pytest.mark.browser
async def test_from_the_question_to_the_receipt_in_a_browser(house: House, db: Database, browser: "Browser") -> None:
    await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
    await add_person(db)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/privacy/retention")
        await check(page)
        await look(page, "retention")
        await page.goto("/admin/privacy/notices")
        await page.fill("[name=address]", "https://example.org/datenschutz")
        await page.click("form.erase-form .primary")
        await check(page)
        await look(page, "notices")
        await page.goto("/admin/privacy")
        await page.fill("[name=wanted]", "0170 1234567")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".person-link")
        await check(page)
        await look(page, "found")
        await page.click(".person-link")
        await check(page)
        await look(page, "person")
        await page.fill("[name=reference]", "Brief 17")
        await page.check("[name=sure]")
        await page.click("button.danger")
        await page.wait_for_url("**/receipts/*")
        await check(page)
        await look(page, "receipt")


async def test_a_persons_request_goes_from_mail_to_receipt_in_the_browser(
    house: House,
    admin: StaffBrowser,
    db: Database,
    conversations: Conversations,
    browser: "Browser",
    capsys: pytest.CaptureFixture[str],
) -> None:
    contact, times = await add_person(db), {}
    async with served(house) as address, window(browser, address, "ada@example.org", locale="de-DE") as page:
        began = perf_counter()
        mail = InboundMessage(
            address=Address(channel=Channel.EMAIL, account="support@example.com", chat_id="ida@example.org"),
            contact_id="ida@example.org",
            external_id="<1@example.org>",
            text="Bitte löschen Sie alles über mich. Schicken Sie mir vorher, was Sie haben. Ida Lovelace",
        )
        asked = (await drive(conversations).receive(mail)).conversation_id
        await page.goto(f"/desk?conversation={asked}")
        await page.get_by_text("Bitte löschen Sie alles über mich").last.wait_for()
        times["the mail is read"] = perf_counter() - began
        await page.goto("/admin/privacy")
        await page.fill("[name=wanted]", "ida@example.org")
        await page.keyboard.press("Enter")
        await page.locator(f".person-link[href$='{contact}']").click()
        times["the person is found"] = perf_counter() - began
        async with page.expect_download() as download:
            await page.click("a[href$='archive.zip']")
        archive = zipfile.ZipFile(await (await download.value).path())
        times["what is kept is handed out"] = perf_counter() - began
        await page.fill("[name=reference]", "Mail 1")
        await page.check("[name=sure]")
        await look(page, "request-person")
        await page.click("button.danger")
        await page.wait_for_url("**/receipts/*")
        await page.get_by_text("Mail 1").wait_for()
        times["the receipt is there"] = perf_counter() - began
        await look(page, "request-receipt")
    assert b"2026-88123" in archive.read("data.json")
    async with db.read() as session:
        assert await session.get(Contact, contact) is None
    with capsys.disabled():
        print("\n" + "\n".join(f"{seconds:6.1f} s  {what}" for what, seconds in times.items()))  # noqa: T201
