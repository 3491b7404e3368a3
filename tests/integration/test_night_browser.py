"""In real browsers: asked at ten in the evening, answered at nine, read in a mail; the reply by mail is on the desk."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from store.clock import CLOCK
from store.models import Conversation, Role, Team
from store.status import Status
from tests.e2e.people import PATIENCE, ChatCustomer, picture
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import running_mail_server
from tests.harness import conversation_of, eventually
from tests.imap_server import imap_server
from tests.integration.mail_desk import US, plain_text, reply_to
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
EVENING = datetime(2027, 3, 2, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # a Tuesday
MORNING = EVENING + timedelta(hours=11)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "timezone_id": "Europe/Berlin"}
WEEK = {day: (("09:00", "17:00"),) for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def it_is() -> Iterator[Callable[[datetime], None]]:
    """Sets helpdesk's clock, which is the machine's again afterwards."""

    def set_clock(at: datetime) -> None:
        time = datetime.now(UTC)
        CLOCK.set_by(at.astimezone(UTC), time, time)

    yield set_clock
    set_clock(datetime.now(UTC))


async def queued(parts: AppComponents) -> str:
    async def look() -> str | None:
        async with parts.db.read() as session:
            return await session.scalar(select(Conversation.id).where(Conversation.status == Status.QUEUED))

    return str(await eventually(look, "somebody who waits"))


async def test_an_evening_question_is_answered_in_the_morning_and_goes_on_by_mail(
    tmp_path: Path, database_url: str, browser: "Browser", it_is: Callable[[datetime], None]
) -> None:
    with imap_server() as mailbox:
        async with (
            running_mail_server() as server,
            served(
                tmp_path,
                database_url,
                bot=FakeBot(),
                smtp_url=server.url,
                mail_from=f"Muster AG <{US}>",
                imap_url=mailbox.url,
                mail_after=2,
            ) as (parts, address),
        ):
            origin = f"http://{address}"
            async with parts.db.write() as session:
                session.add(Team(name="Service", hours=WEEK, time_zone="Europe/Berlin"))
            await add_agent(parts.db, "mia@example.org", "Mia Weber", Role.AGENT, password=PASSWORD)

            it_is(EVENING)
            ida = await ChatCustomer.arrive(browser, origin, **PHONE)
            await ida.write("Ich möchte mit einem Menschen sprechen")
            await ida.sees(re.compile("morgen.*9 Uhr"))
            form = ida.chat.locator(".email")
            await form.locator("input").fill("ida@example.org")
            await form.locator("button").click()
            await ida.sees("ida@example.org")
            await picture(ida.page, "night-1-asked")
            conversation = await queued(parts)
            await ida.page.context.close()

            it_is(MORNING)
            async with window(browser, origin, "mia@example.org", timezone_id="Europe/Berlin") as desk:
                await desk.locator("#availability label.online").click()
                await desk.goto(f"/desk?conversation={conversation}")
                await desk.locator("[data-do=accept]").click()
                await desk.locator("#text").fill("Ihr Paket liegt in Köln, morgen ist es bei Ihnen.")
                await desk.locator("#send").click()

                async def mailed() -> bool:
                    return bool(server.mails)

                await eventually(mailed, "the mail")
                answer = server.mails[0]
                assert answer["To"] == "ida@example.org"
                assert "Ihr Paket liegt in Köln" in plain_text(answer)
                await expect(desk.locator(".delivery").last).to_contain_text("E-Mail gesendet", timeout=PATIENCE)
                await picture(desk, "night-2-answered")

                link = re.search(rf"{re.escape(origin)}/continue/mail/[\w=-]+", plain_text(answer))
                assert link
                elsewhere = await browser.new_context(**PHONE)
                phone = await elsewhere.new_page()
                await phone.goto(link[0])
                await phone.get_by_role("button", name="Gespräch öffnen").click()
                log = phone.locator("staffel-chat").get_by_role("log")
                await expect(log).to_contain_text("Ihr Paket liegt in Köln", timeout=PATIENCE)
                await picture(phone, "night-3-opened")
                await elsewhere.close()

                mailbox.deliver(reply_to(answer, "Danke, aber bitte an meine Arbeit.", sender="Ida <ida@example.org>"))
                lines = desk.locator("#lines")
                await expect(lines).to_contain_text("bitte an meine Arbeit", timeout=PATIENCE)
                await expect(lines).not_to_contain_text("schrieb Muster AG")
                await check(desk)
                await picture(desk, "night-4-replied")
            assert (await conversation_of(parts, conversation)).status == Status.ASSIGNED
