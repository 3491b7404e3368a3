"""Alerts into the team's own chat: somebody waits, nobody is there, a promise is overdue; each once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from connectors.contract import Account, Channel, RetryLater, Undeliverable
from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.delivery import staff_alerts
from helpdesk.delivery.staff_alerts import MAX_ALERTS
from helpdesk.host.cli.alert_probe import check_alerts
from helpdesk.host.cli.checks import Check, CheckStatus
from helpdesk.privacy.erasure import erase_contact
from store.models import Agent, Availability, Handoff, Promise, PromiseKind, Role, StaffAlert, StaffAlertRule, now
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.fakes.slack import FakeSlack, slack
from tests.harness import conversation_of, eventually, hire, inbound_message, run_helpdesk, settings_for
from tests.integration.slack_rooms import connect, helpdesk_on
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.telegram_desk import telegram_desk
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

ASKED = (Trigger(kind=TriggerKind.ASKED, turns=()),)
CHAT = "-100417"


@asynccontextmanager
async def at_work(tmp_path: Path, url: str) -> AsyncIterator[tuple[AppComponents, FakeChannel]]:
    """Helpdesk whose alerts go to a chat that is a list."""
    chat = FakeChannel()
    async with run_helpdesk(settings_for(tmp_path, url, public_url="https://help.example.org"), FakeBot()) as parts:
        parts.alerts._connectors = {Channel.TELEGRAM: chat}
        yield parts, chat


async def rule(parts: AppComponents, **changes: Any) -> None:
    values: dict[str, Any] = {
        "channel": Channel.TELEGRAM,
        "account": "bot",
        "chat_id": CHAT,
        "minutes": 5,
        "reasons": ("waits", "nobody", "promise"),
        "is_on": True,
    }
    async with parts.db.write() as session:
        await session.merge(StaffAlertRule(id=1, **(values | changes)))


async def waiting(parts: AppComponents, name: str = "visitor", *, minutes: int = 6) -> str:
    """Somebody who has waited for so long."""
    desk = drive(parts.conversations)
    conversation = (await desk.receive(inbound_message("Where is my parcel 4711?", name=name))).conversation_id
    await desk.request_handoff(conversation, ASKED)
    async with parts.db.write() as session:
        asked_at = now() - timedelta(minutes=minutes)
        live = update(Handoff).where(Handoff.conversation_id == conversation)
        await session.execute(live.values(asked_at=asked_at, topic="delivery", wording="parcel 4711"))
    return conversation


async def arrived(chat: FakeChannel, count: int = 1) -> str:
    async def look() -> bool:
        return len(chat.arrived) >= count

    await eventually(look, f"{count} alerts")
    return chat.arrived[-1].text


async def alerts(parts: AppComponents) -> int:
    async with parts.db.read() as session:
        return await session.scalar(select(func.count()).select_from(StaffAlert)) or 0


async def test_who_waits_too_long_is_told_once_with_topic_and_link(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        await hire(parts, "Mia")
        conversation = await waiting(parts)
        await rule(parts)  # which makes it look
        text = await arrived(chat)
        await parts.alerts.look()
        assert await alerts(parts) == 1
    assert "Gast" in text
    assert "6 Min" in text
    assert "Lieferung" in text
    assert f"https://help.example.org/desk?conversation={conversation}" in text
    assert "4711" not in text
    assert chat.arrived[0].address.chat_id == CHAT


async def test_what_it_is_about_goes_along_only_if_that_is_chosen(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        await hire(parts, "Mia")
        await waiting(parts)
        await rule(parts, with_text=True)
        assert "parcel 4711" in await arrived(chat)


async def test_what_goes_along_is_short_and_names_no_address_number_or_account(
    tmp_path: Path, database_url: str
) -> None:
    wish = "Refund to DE89 3704 0044 0532 0130 00, mail ida@example.org, call +49 170 1234567. " + "Late! " * 800
    async with at_work(tmp_path, database_url) as (parts, chat):
        await hire(parts, "Mia")
        conversation = await waiting(parts)
        async with parts.db.write() as session:
            await session.execute(update(Handoff).values(correction=wish))
        await rule(parts, with_text=True)
        text = await arrived(chat)
    assert "Refund to" in text
    assert not any(word in text for word in ("3704", "ida@", "1234567"))
    assert len(text) < 1_000
    assert text.endswith(f"/desk?conversation={conversation}")


async def test_why_one_did_not_arrive_is_kept_until_the_next_arrives(tmp_path: Path, sqlite_url: str) -> None:
    async with at_work(tmp_path, sqlite_url) as (parts, chat):
        await hire(parts, "Mia")

        def refuse(_message: object) -> None:
            chat.before = None
            raise Undeliverable("The bot was removed from this chat.")

        chat.before = refuse
        await waiting(parts)
        await rule(parts)

        async def told() -> str | None:
            failed = await parts.alerts.last_problem()
            return failed.problem if failed else None

        assert await eventually(told, "the reason") == "The bot was removed from this chat."
        await waiting(parts, "another")
        await parts.alerts.look()
        await arrived(chat)

        async def is_well() -> bool:
            return await parts.alerts.last_problem() is None

        await eventually(is_well, "nothing to be told")


async def test_a_telegram_group_that_became_a_supergroup_is_followed(tmp_path: Path, sqlite_url: str) -> None:
    group, supergroup = -417, -100_417
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        telegram, parts = desk.fake.state, desk.parts
        telegram.chats |= {group, supergroup}
        await hire(parts, "Mia")
        await waiting(parts)
        await rule(parts, account=str(telegram.bot_id), chat_id=str(group))
        [alert] = await desk.sent(group, 1)
        assert "/desk?conversation=" in alert.text

        telegram.migrated[group] = supergroup
        await waiting(parts, "another")
        await parts.alerts.look()
        await desk.sent(supergroup, 1)
        async with parts.db.read() as session:
            known = await session.get_one(StaffAlertRule, 1)
        assert known.chat_id == str(supergroup)

        async def is_well() -> bool:
            return await parts.alerts.last_problem() is None

        await eventually(is_well, "the alert to have arrived")

        before = StaffAlertRule(channel=Channel.TELEGRAM, account=str(telegram.bot_id), chat_id=str(group))
        assert await parts.alerts.try_out(before) == "", "a page that was open since before sends there, too"
        assert len(await desk.sent(supergroup, 2)) == 2
        assert await statuses(parts) == [CheckStatus.OK]


async def statuses(parts: AppComponents) -> list[CheckStatus]:
    """What the doctor says of the alerts."""
    return [found.status for found in await check_alerts(parts.settings)]


async def test_the_doctor_says_whether_alerts_arrive(tmp_path: Path, sqlite_url: str) -> None:
    async with at_work(tmp_path, sqlite_url) as (parts, chat):
        await hire(parts, "Mia")
        assert await statuses(parts) == [CheckStatus.SKIPPED]

        def refuse(_message: object) -> None:
            raise Undeliverable("The bot was removed from this chat.")

        chat.before = refuse
        await parts.accounts.save(Account(channel=Channel.TELEGRAM, id="bot", name="Staffel"))
        await waiting(parts)
        await rule(parts)

        async def failed() -> list[Check]:
            return [found for found in await check_alerts(parts.settings) if found.status is CheckStatus.FAILED]

        [found] = await eventually(failed, "the doctor's word")
        assert "removed from this chat" in found.found
        await rule(parts, account="gone")
        assert "not connected" in (await check_alerts(parts.settings))[0].found


async def test_nobody_online_is_told_sooner_and_not_while_somebody_is(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        mia = await hire(parts, "Mia")
        await waiting(parts, minutes=2)
        await rule(parts)
        assert await parts.alerts.look()
        assert await alerts(parts) == 0
        async with parts.db.write() as session:
            await session.execute(update(Agent).where(Agent.id == mia).values(availability=Availability.OFFLINE))
        await parts.alerts.look()
        assert "Niemand ist da" in await arrived(chat)


async def test_an_overdue_promise_is_told(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        conversation = (await drive(parts.conversations).receive(inbound_message("Hello"))).conversation_id
        async with parts.db.write() as session:
            due = now() - timedelta(minutes=1)
            session.add(
                Promise(
                    conversation_id=conversation, kind=PromiseKind.OTHER, text="call 4711", due_at=due, broken_at=due
                )
            )
        await rule(parts)
        text = await arrived(chat)
    assert "überfällig" in text
    assert "4711" not in text


async def test_off_by_itself_and_many_at_once_are_held_back(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        for number in range(MAX_ALERTS + 2):
            await waiting(parts, f"c{number}")
        assert not await parts.alerts.look()
        await rule(parts, is_on=False)
        assert not await parts.alerts.look()
        assert await alerts(parts) == 0
        await rule(parts)
        await arrived(chat, MAX_ALERTS)
        await parts.alerts.look()
        assert await alerts(parts) == MAX_ALERTS


async def test_what_a_channel_refuses_for_now_is_sent_later_and_what_is_accepted_meanwhile_is_not(
    tmp_path: Path, database_url: str
) -> None:
    refusals = 0

    def refuse(_message: object) -> None:
        nonlocal refusals
        if refusals == 0:
            refusals += 1
            raise RetryLater(1.0)

    async with at_work(tmp_path, database_url) as (parts, chat):
        mia = await hire(parts, "Mia")
        chat.before = refuse
        await waiting(parts)
        await rule(parts)
        await arrived(chat)
        assert refusals == 1
        refusals = 0
        second = await waiting(parts, "second")
        await parts.alerts.look()

        async def refused() -> bool:
            return refusals == 1

        await eventually(refused, "the refusal")
        await drive(parts.conversations).accept(second, mia)

        async def over() -> bool:
            async with parts.db.read() as session:
                states = await session.scalars(select(StaffAlert.status).where(StaffAlert.conversation_id == second))
                return list(states) == ["failed"]

        await eventually(over, "its end")
    assert len(chat.arrived) == 1


async def test_erased_with_its_conversation(tmp_path: Path, database_url: str) -> None:
    async with at_work(tmp_path, database_url) as (parts, chat):
        conversation = await waiting(parts)
        await rule(parts)
        await arrived(chat)
        await erase_contact(parts.db, (await conversation_of(parts, conversation)).contact_id)
        assert await alerts(parts) == 0


def test_nothing_in_a_name_becomes_a_link_or_markup() -> None:
    name = "[Ida](https://evil.example)\n*now* <!channel>"
    assert staff_alerts._plain(name) == "Idahttps:evil.example now !channel"


@pytest.mark.sqlite_only
async def test_it_arrives_in_a_channel_of_slack(tmp_path: Path, database_url: str) -> None:
    async with slack() as fake, helpdesk_on(fake, tmp_path, database_url) as (parts, _):
        await hire(parts, "Mia")
        await waiting(parts)
        await rule(parts, channel=Channel.SLACK, account=fake.state.team, chat_id="C0417")

        async def posted() -> bool:
            return any("wartet seit" in str(post) for post in posts_of(fake))

        await eventually(posted, "the post")


def posts_of(fake: FakeSlack) -> list[Any]:
    return list(fake.state.posts)


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_an_admin_sets_it_up_and_tries_it(tmp_path: Path, database_url: str, browser: "Browser") -> None:
    async with slack() as fake, served(tmp_path, database_url, slack_api_url=fake.api_url) as (parts, address):
        await add_agent(parts.db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto("/admin/alerts")
            await check(page)
            await connect(parts, fake)
            await page.reload()
            await check(page)
            await page.fill("[name=chat_id]", "C0417")
            await page.click("#test")
            await page.wait_for_selector("#alerts-done:has-text('Gesendet')")
            await page.check("[name=is_on]")
            await page.fill("[name=minutes]", "7")
            await page.click("#save")
            await page.wait_for_selector("#alerts-saved:not([hidden])")
        async with parts.db.read() as session:
            kept = await session.get_one(StaffAlertRule, 1)
    assert (kept.chat_id, kept.minutes, kept.is_on) == ("C0417", 7, True)
