"""Files of a draft: the same in all windows of an agent, gone when sent, taken away, expired or erased."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.async_api import FilePayload, expect
from sqlalchemy import select, update

from connectors.contract import Address, Channel
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from helpdesk.files.file_store import make_file_store
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export_file import write_export
from helpdesk.privacy.kept import load_kept
from store.models import Agent, Availability, Conversation, FilePiece, Role, StoredFile, now
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import ORIGIN, PASSWORD, House, agent_by_email
from tests.integration.staff_windows import window
from tests.integration.webchat_server import served
from tests.sample_articles import reading_bot
from tests.sample_files import PDF

if TYPE_CHECKING:
    from playwright.async_api import Browser


async def hand_in(desk: DeskClient, conversation: str, name: str = "plan.pdf") -> httpx.Response:
    headers = {"x-csrf-token": desk.csrf, "origin": ORIGIN, "x-file-name": name, "accept": "application/json"}
    return await desk.browser.post(f"/desk/api/files?conversation={conversation}", content=PDF, headers=headers)


async def drop(desk: DeskClient, key: str) -> int:
    headers = {"x-csrf-token": desk.csrf, "origin": ORIGIN, "accept": "application/json"}
    return (await desk.browser.delete(f"/desk/api/files/{key}", headers=headers)).status_code


async def names(desk: DeskClient, conversation: str) -> list[str]:
    return [file["name"] for file in (await desk.ask(f"conversations/{conversation}/work"))["files"]]


async def keys_kept(house: House) -> list[str]:
    async with house.db.read() as session:
        return list(await session.scalars(select(StoredFile.key)))


async def test_the_files_of_a_draft_are_the_agents_in_this_conversation_only(
    house: House, conversations: Conversations
) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    one, other = await waiting(conversations, chat_id="anna"), await waiting(conversations, chat_id="ben")
    assert (await hand_in(mia, one)).status_code == 403  # nobody has it yet
    for each in (one, other):
        await mia.accept(each)
    first = (await hand_in(mia, one)).json()["id"]
    assert (await hand_in(mia, one, "rechnung.pdf")).status_code == 201
    assert (await hand_in(jo, one)).status_code == 403
    assert (await hand_in(mia, "0" * 32)).status_code == 404
    assert await names(mia, one) == ["plan.pdf", "rechnung.pdf"]
    opened = await mia.ask(f"conversations/{one}")
    assert [file["name"] for file in opened["work"]["files"]] == ["plan.pdf", "rechnung.pdf"]
    assert await names(mia, other) == await names(jo, one) == []
    assert await drop(jo, first) == 204
    assert await names(mia, one) == ["plan.pdf", "rechnung.pdf"]
    assert await drop(mia, first) == 204
    assert await names(mia, one) == ["rechnung.pdf"]
    async with house.db.write() as session:
        [left] = await session.scalars(select(StoredFile))
        assert timedelta(days=29) < left.erase_at - now() < timedelta(days=31)
        left.erase_at = now()
    assert await names(mia, one) == []


async def test_the_files_of_a_draft_go_with_the_customer(house: House, conversations: Conversations) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    await mia.accept(conversation)
    await hand_in(mia, conversation)
    assert len(await keys_kept(house)) == 1
    async with house.db.read() as session:
        contact = (await session.get_one(Conversation, conversation)).contact_id
    await erase_contact(house.db, contact)
    assert await keys_kept(house) == []
    async with house.db.read() as session:
        assert (await session.scalars(select(FilePiece.key))).all() == []


async def test_the_files_of_a_draft_are_in_the_customers_export(house: House, conversations: Conversations) -> None:
    """As its words are; with what the customer has only handed in, and without what is another customer's or gone."""
    mia = await desk_of(house, "Mia")
    one, other = await waiting(conversations, chat_id="anna"), await waiting(conversations, chat_id="ben")
    for each in (one, other):
        await mia.accept(each)
        await hand_in(mia, each, f"plan-{each[:4]}.pdf")
    gone = (await hand_in(mia, one, "gone.pdf")).json()["id"]
    files = make_file_store(house.db, "")
    anna = Address(channel=Channel.WEBCHAT, account="main", chat_id="anna")
    await files.keep(anna, "foto.pdf", PDF)
    async with house.db.write() as session:
        await session.execute(update(StoredFile).where(StoredFile.key == gone).values(erase_at=now()))
        contact = (await session.get_one(Conversation, one)).contact_id
    with (
        await write_export(house.db, files, contact, language="de") as made,
        zipfile.ZipFile(made) as archive,
    ):
        [conversation] = json.loads(archive.read("data.json"))["conversations"]
        told = [(file["name"], file["by"]) for file in conversation["unsent_files"]]
        assert told == [(f"plan-{one[:4]}.pdf", "agent"), ("foto.pdf", "contact")]
        kept = [archive.read(file["path"]) for file in conversation["unsent_files"]]
        assert kept == [PDF, PDF]
        assert len([name for name in archive.namelist() if name.startswith("files/")]) == 2
        page = archive.read("read.html").decode()
        assert all(file["path"] in page for file in conversation["unsent_files"])
    assert (await load_kept(house.db, contact)).file_bytes == 3 * len(PDF)


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_a_file_that_was_added_on_one_computer_is_sent_from_another(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url, bot=reading_bot(), undo_seconds=4.0) as (parts, address):
        await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        async with parts.db.write() as session:
            await session.execute(update(Agent).values(availability=Availability.ONLINE))
        mia = (await agent_by_email(parts.db, "mia@example.org")).id
        one = await waiting(parts.conversations, "Wie geht das?", "anna")
        await drive(parts.conversations).accept(one, mia)
        site = f"http://{address}"
        async with window(browser, site, "mia@example.org") as here, window(browser, site, "mia@example.org") as there:
            for page in (here, there):
                await page.goto(f"/desk?view=mine&conversation={one}")
                await page.wait_for_selector("#text:not([readonly])")
                await page.wait_for_selector("#lost", state="hidden")
            chosen = [FilePayload(name=name, mimeType="application/pdf", buffer=PDF) for name in ("a.pdf", "b.pdf")]
            await here.locator("#file-picker").set_input_files(chosen)
            for page in (here, there):
                await expect(page.locator("#answer-files li")).to_have_count(2)
            await there.locator("#answer-files li", has_text="b.pdf").locator("button").click()
            await expect(here.locator("#answer-files li")).to_have_count(1)
            await there.reload()
            await expect(there.locator("#answer-files li")).to_contain_text("a.pdf")
            await there.fill("#text", "So geht es:")
            await there.press("#text", "Enter")
            for page in (here, there):
                await expect(page.locator(".held")).to_contain_text("a.pdf")
                await expect(page.locator("#answer-files li")).to_have_count(0)
            await there.click(".held .undo")
            for page in (here, there):
                await expect(page.locator("#answer-files li")).to_contain_text("a.pdf")
            await there.press("#text", "Enter")
            await expect(here.locator("#lines .files")).to_contain_text("a.pdf", timeout=20_000)
            for page in (here, there):
                await expect(page.locator("#answer-files li")).to_have_count(0)
