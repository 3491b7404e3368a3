"""Mails to staff: invitations, new passwords, what waits; each agent chooses, and no answer gives anything away."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import func, select, update

from connectors.contract.mail import MailBounce
from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.errors import LinkExpired, TooManySignIns
from helpdesk.accounts.invitations import InvitationAcceptance, accept_invitation, look
from helpdesk.accounts.throttle import LIMIT, count_resets, reset_account_key, reset_address_key
from helpdesk.app import AppComponents, create_app
from helpdesk.conversations.promises.promise_reminders import remind
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.delivery.staff_mails import next_digest
from helpdesk.insights.numbers.day_counts import FigureKey
from helpdesk.insights.numbers.day_rows import replace_days
from helpdesk.insights.numbers.figure_sums import Dimension, FigureName, FigureSums
from helpdesk.insights.numbers.report import FigureReader
from helpdesk.insights.numbers.week import last_whole_week, load_week, make_week_sheet, week_code
from helpdesk.mail.letter import Letter
from helpdesk.mail.mail_server import MailServerStatus
from helpdesk.web.account.routes import MAX_DAILY_ADDRESS_RESETS, MAX_DAILY_RESETS, MAX_RESETS
from i18n import catalog, locale_of
from store.db import Database
from store.models import (
    Agent,
    Contact,
    DeliveryStatus,
    DigestInterval,
    MailDelivery,
    MailKind,
    MailRefusal,
    Promise,
    Role,
    now,
)
from tests.conversation_driver import PromiseDriver
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.harness import conversation_of, eventually, settings_for
from tests.integration.staff import PASSWORD
from tests.integration.test_unseen_mail import answer, body, mail_is, mails_of, reachable, said_of, waiting


def token_in(text: str) -> str:
    found = re.search(r"/invitation/([\w-]+)", text)
    assert found
    return found[1]


async def arrived(server: MailServer, count: int) -> None:
    async def look_again() -> bool:
        return len(server.mails) >= count

    await eventually(look_again, f"{count} mails")


def browser(parts: AppComponents, app: object, address: str = "198.51.100.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 4711))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=parts.settings.origin, headers={"accept": "text/html"})


async def ask_reset(client: httpx.AsyncClient, email: str) -> httpx.Response:
    page = await client.get("/forgotten")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf
    return await client.post("/forgotten", data={"csrf": csrf[1], "email": email})


async def test_an_invitation_comes_by_mail_and_its_link_works_beside_the_one_shown(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        agent = await add_agent(parts.db, "mia@example.org", "Mia *M*", Role.AGENT)
        assert await parts.staff_mails.invite(agent.id)
        await arrived(server, 1)
        [mail] = server.mails
        assert mail["To"] == "mia@example.org"
        assert "Guten Tag Mia *M*," in body(mail)
        token = token_in(body(mail))
        assert not (await look(parts.db, token)).has_password
        async with parts.db.read() as session:
            assert await session.scalar(select(MailDelivery.content)) is None, "the link is never stored"
        await accept_invitation(parts.db, token, InvitationAcceptance(name="Mia", email="", password=PASSWORD))
        with pytest.raises(LinkExpired):
            await look(parts.db, token)


async def test_a_new_password_is_asked_for_at_sign_in_once_and_without_giving_anything_away(
    tmp_path: Path, database_url: str
) -> None:
    async with running_mail_server() as server:
        settings = settings_for(tmp_path, database_url, smtp_url=server.url, mail_from="support@example.com")
        app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
        async with app.router.lifespan_context(app):
            parts: AppComponents = app.state.parts
            await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
            async with browser(parts, app) as client:
                assert 'href="/forgotten"' in (await client.get("/signin")).text
                known = await ask_reset(client, "Mia@example.org")
                unknown = await ask_reset(client, "nobody@example.org")
            assert known.status_code == unknown.status_code == 200
            without_forms = [re.sub(r'value="[^"]*"', "", page.text) for page in (known, unknown)]
            assert without_forms[0] == without_forms[1]
            await arrived(server, 1)
            token = token_in(body(server.mails[0]))
            assert (await look(parts.db, token)).expires_at <= now() + timedelta(minutes=30)
            await accept_invitation(
                parts.db, token, InvitationAcceptance(name="Mia", email="", password=PASSWORD + " neu")
            )
            with pytest.raises(LinkExpired):
                await accept_invitation(
                    parts.db, token, InvitationAcceptance(name="Mia", email="", password=PASSWORD + " nochmal")
                )
            assert server.recipients == ["mia@example.org"]


async def test_asking_again_and_again_sends_no_more_mails(tmp_path: Path, database_url: str) -> None:
    async with running_mail_server() as server:
        settings = settings_for(tmp_path, database_url, smtp_url=server.url, mail_from="support@example.com")
        app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
        async with app.router.lifespan_context(app):
            parts: AppComponents = app.state.parts
            await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
            statuses = []
            for attempt in range(12):
                async with browser(parts, app, f"198.51.100.{7 + attempt // 11}") as client:
                    statuses.append((await ask_reset(client, "mia@example.org")).status_code)
            assert statuses == [200] * 10 + [429, 200]
            async with parts.db.read() as session:
                assert await session.scalar(select(func.count()).select_from(MailDelivery)) == 3


async def test_a_day_has_its_own_limits_for_an_account_and_for_an_address(db: Database) -> None:
    began = now()

    async def count_let_through(key: str, limit: int, daily_limit: int) -> int:
        """How often for whoever tries again each quarter of an hour, for a day."""
        allowed = 0
        for quarter in range(24 * 4):
            with suppress(TooManySignIns):
                at = began + timedelta(minutes=15 * quarter)
                await count_resets(db, key, at=at, limit=limit, daily_limit=daily_limit)
                allowed += 1
        return allowed

    assert await count_let_through(reset_account_key("a@b.example"), MAX_RESETS, MAX_DAILY_RESETS) == 6
    assert await count_let_through(reset_address_key("198.51.100.7"), LIMIT, MAX_DAILY_ADDRESS_RESETS) == 30


async def test_an_answered_reset_ends_the_other_links(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        await parts.staff_mails.reset_password("mia@example.org")
        await parts.staff_mails.reset_password("mia@example.org")
        await arrived(server, 2)
        first, second = (token_in(body(mail)) for mail in server.mails)
        await accept_invitation(parts.db, first, InvitationAcceptance(name="Mia", email="", password=PASSWORD + " x"))
        with pytest.raises(LinkExpired):
            await look(parts.db, second)


async def test_a_closed_account_gets_no_link(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, _):
        agent = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        async with parts.db.write() as session:
            await session.execute(update(Agent).where(Agent.id == agent.id).values(active=False))
        await parts.staff_mails.reset_password("mia@example.org")
        async with parts.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(MailDelivery)) == 0


async def make_due(parts: AppComponents) -> None:
    async with parts.db.write() as session:
        is_pending = MailDelivery.status == DeliveryStatus.PENDING
        await session.execute(update(MailDelivery).where(is_pending).values(due_at=now()))
    assert parts.mails
    parts.mails.wake(now())


async def digests(parts: AppComponents) -> list[MailDelivery]:
    async with parts.db.read() as session:
        found = await session.scalars(select(MailDelivery).where(MailDelivery.kind == MailKind.DIGEST))
        return list(found)


async def test_what_waits_comes_by_mail_to_who_chose_it_and_is_away(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        _, agent = await waiting(parts)
        await parts.staff_mails.choose(agent, DigestInterval.DAILY, promises=False)
        await parts.staff_mails.choose(agent, DigestInterval.HOURLY, promises=False)
        [planned] = await digests(parts)
        assert now() < planned.due_at <= now() + timedelta(hours=1)

        await make_due(parts)  # online: nothing leaves, and the next is planned

        async def is_planned_anew() -> bool:
            found = await digests(parts)
            return [mail.id for mail in found] != [planned.id] and len(found) == 1

        await eventually(is_planned_anew, "the next digest")
        assert server.mails == []

        async with parts.db.write() as session:
            await session.execute(update(Agent).values(last_seen_at=now() - timedelta(hours=1)))
        await make_due(parts)
        await arrived(server, 1)
        assert server.mails[0]["Subject"] == "Was in Staffel wartet"
        assert "Ihre Gespräche mit Neuem: 1" in body(server.mails[0])

        await parts.staff_mails.choose(agent, DigestInterval.OFF, promises=False)

        async def is_over() -> bool:
            return [mail.status for mail in await digests(parts)] == [DeliveryStatus.SENT]

        await eventually(is_over, "the last digest to be sent, and no other planned")


async def test_the_weeks_figures_come_by_mail_to_who_chose_them_and_may_read_them(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        eve = await add_agent(parts.db, "eve@example.org", "Eve", Role.EDITOR, password=PASSWORD)
        zone = ZoneInfo(parts.settings.time_zone)
        monday = last_whole_week(now().astimezone(zone).date())
        sums = FigureSums(counts=Counter({FigureName.INQUIRIES: 37, FigureName.HANDOFFS: 11, FigureName.ACCEPTED: 9}))
        sums.load((2, 14), inquiries=7)
        await replace_days(parts.db, monday, monday, {FigureKey(Dimension.ALL, monday, ""): sums})
        for agent in (mia, eve):
            await parts.staff_mails.choose(agent.id, DigestInterval.OFF, promises=False, weekly=True)
        assert {due.astimezone(zone).strftime("%a %H:%M") for due in await weekly_due(parts)} == {"Mon 08:00"}

        await make_due(parts)
        await arrived(server, 1)

        async def is_planned_anew() -> bool:
            return len([due for due in await weekly_due(parts) if due > now()]) == 2

        await eventually(is_planned_anew, "the mails of the next week to be planned")
        report = await load_week(parts.db, monday, FigureReader(agent_id=mia.id, sees_all=False))
        sheet = make_week_sheet(report, catalog("staff", "de"), locale_of("de"))
        [mail] = server.mails  # an editor has no figures on the desk, and none by mail
        assert (mail["To"], mail["Subject"]) == ("mia@example.org", sheet.title)
        text = " ".join(body(mail).split())
        assert all(part.title in text for part in sheet.parts)
        assert all(" ".join(line.split()) in text for part in sheet.parts for line in part.lines)
        assert "37" in text
        assert f"/desk/numbers/week?week={week_code(monday)}" in text

        await parts.staff_mails.choose(mia.id, DigestInterval.OFF, promises=False)
        assert len([due for due in await weekly_due(parts) if due > now()]) == 1


async def weekly_due(parts: AppComponents) -> list[datetime]:
    """When the mails of the week leave."""
    async with parts.db.read() as session:
        return list(await session.scalars(select(MailDelivery.due_at).where(MailDelivery.kind == MailKind.WEEKLY)))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (DigestInterval.OFF, None),
        (DigestInterval.HOURLY, datetime(2026, 3, 28, 11, tzinfo=UTC)),
        (DigestInterval.DAILY, datetime(2026, 3, 29, 6, tzinfo=UTC)),  # the clocks change that night
    ],
)
def test_when_the_next_digest_leaves(interval: DigestInterval, expected: datetime | None) -> None:
    assert next_digest(interval, ZoneInfo("Europe/Berlin"), datetime(2026, 3, 28, 10, 20, tzinfo=UTC)) == expected


async def test_a_bounce_marks_mail_and_address_and_the_agent_sees_it(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, _):
        conversation_id, agent = await waiting(parts)
        seq = await answer(parts, conversation_id, agent)
        sent = await mail_is(parts, conversation_id, DeliveryStatus.SENT)
        forged = MailBounce(message_ids=("<x@y>",), recipient="ida@example.org", reason="no", is_final=True)
        assert not await parts.bounces.report(forged)
        delayed = MailBounce(message_ids=(sent.message_id or "",), recipient="", reason="later", is_final=False)
        assert await parts.bounces.report(delayed)
        assert await said_of(parts, conversation_id, seq) == "mailed"

        final = MailBounce(message_ids=("<a@b>", sent.message_id or ""), recipient="", reason="550 no", is_final=True)
        assert await parts.bounces.report(final)
        assert await parts.bounces.report(final), "a second notice changes nothing"
        assert await said_of(parts, conversation_id, seq) == "mail_bounced"
        events = [line.event for line in await parts.timeline.lines(conversation_id)]
        assert events.count("mail_bounced") == 1
        async with parts.db.read() as session:
            contact = await session.get_one(Contact, (await conversation_of(parts, conversation_id)).contact_id)
            assert contact.mail_refusal == MailRefusal.BOUNCED
        await answer(parts, conversation_id, agent, "Noch etwas", "2")
        assert len(await mails_of(parts, conversation_id)) == 1


@pytest.mark.sqlite_only
async def test_the_admins_test_mail_tells_what_the_server_answered(tmp_path: Path, database_url: str) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        assert parts.mail_transport
        status = MailServerStatus(parts.mail_transport, parts.db)
        found = await status.send("ada@example.org", "Test", Letter(language="de", body="Test"))
        assert (found.level, found.found) == ("ok", "250 2.0.0 queued")
        server.on_recipient = lambda *_: "554 5.7.1 Relay access denied"
        found = await status.send("ada@example.org", "Test", Letter(language="de", body="Test"))
        assert found.level == "failed"
        assert "554 5.7.1 Relay access denied" in found.found
        assert (await status.check()).level == "ok"
        assert (await status.load_figures()).sender == "support@example.com"


@pytest.mark.sqlite_only
async def test_a_customer_who_wants_no_more_mails_says_so_with_one_press(tmp_path: Path, database_url: str) -> None:
    async with running_mail_server() as server:
        settings = settings_for(
            tmp_path, database_url, smtp_url=server.url, mail_from="support@example.com", mail_after=1
        )
        app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
        async with app.router.lifespan_context(app):
            parts: AppComponents = app.state.parts
            conversation_id, agent = await waiting(parts)
            await answer(parts, conversation_id, agent)
            await mail_is(parts, conversation_id, DeliveryStatus.SENT)
            [mail] = server.mails
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            path = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
            contact_id = (await conversation_of(parts, conversation_id)).contact_id

            async def refusal() -> MailRefusal | None:
                async with parts.db.read() as session:
                    return (await session.get_one(Contact, contact_id)).mail_refusal

            async with browser(parts, app) as client:
                assert (await client.get(path)).status_code == 200
                assert await refusal() is None, "looking at the link does nothing"
                forged = path[:-3] + ("AAA" if not path.endswith("AAA") else "BBB")
                assert (await client.post(forged)).status_code == 404
                assert await refusal() is None
                one_click = await client.post(
                    path, data={"List-Unsubscribe": "One-Click"}, headers={"accept": "*/*", "origin": "https://m.test"}
                )
                assert one_click.status_code == 200
            assert await refusal() == MailRefusal.STOPPED

            back = re.search(r"/continue/mail/[\w=-]+", body(mail))
            assert back
            async with browser(parts, app) as client:
                page = await client.get(back[0])
                csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
                assert csrf
                opened = await client.post(back[0], data={"csrf": csrf[1]})
                token = re.search(r'data-visitor="([^"]+)"', opened.text)
                assert token
                # The address of the page is the right to see it: no other site hears it, and our own form still works.
                assert opened.headers["referrer-policy"] == "same-origin"
                stop_token = path.rpartition("/")[2]
                assert (await client.get(f"/continue/mail/{stop_token}")).status_code == 404, "made for something else"
            await asyncio.sleep(0)


async def test_a_promise_that_is_due_is_mailed_to_its_owner_who_is_away_and_wants_it(
    tmp_path: Path, database_url: str
) -> None:
    async with reachable(tmp_path, database_url) as (parts, server):
        conversation_id, agent = await waiting(parts)
        promised = NewPromise(text="Rückruf wegen der Rechnung", due_at=now() + timedelta(hours=1))
        await PromiseDriver(parts.conversations).make(conversation_id, agent, promised)
        await remind(parts.conversations, now() + timedelta(minutes=50))
        async with parts.db.read() as session:
            assert await session.scalar(select(func.count()).where(MailDelivery.kind == MailKind.PROMISE)) == 0

        await parts.staff_mails.choose(agent, DigestInterval.OFF, promises=True)
        async with parts.db.write() as session:
            await session.execute(update(Agent).values(last_seen_at=now() - timedelta(hours=1)))
            await session.execute(update(Promise).values(reminded_at=None))
        await remind(parts.conversations, now() + timedelta(minutes=50))
        await arrived(server, 1)
        assert server.mails[0]["Subject"] == "Eine Zusage wird fällig"
        assert "Rechnung" not in body(server.mails[0]), "whose and what stands behind the sign-in"
