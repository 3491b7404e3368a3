"""What goes wrong with mail: repeats, crashes, servers that end, refuse or are made anew, forged requests."""

import asyncio
import hmac
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import time

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from connectors.contract import Channel
from connectors.email.imap_client import ImapConnection
from connectors.email.receiver import ACCOUNT, MAX_MAILS
from connectors.email.webhook import MAX_BYTES
from store.errors import Unavailable
from store.models import Conversation, Lease, Message, now
from store.status import Status
from tests.harness import PATIENCE, eventually
from tests.integration.mail_desk import FAST, MailDesk, mail_desk, mail_of, reply_to

ORIGIN = "https://desk.example"
SECRET = "s" * 32


async def problem_of(desk: MailDesk) -> str | None:
    """What an admin reads of the mailbox."""
    account = await desk.parts.accounts.find(Channel.EMAIL, ACCOUNT)
    return account.problem if account else None


async def hand_in(
    app: Starlette, body: bytes, *, at: str | None = None, signature: str | None = None, secret: str = SECRET
) -> int:
    """Deliver a mail to the webhook; the status."""
    at = str(int(time())) if at is None else at
    signed = "v1=" + hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    headers = [
        (b"x-staffel-timestamp", at.encode("latin-1", "replace")),
        (b"x-staffel-signature", (signed if signature is None else signature).encode("latin-1", "replace")),
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        return (await client.post("/email/inbound", content=body, headers=headers)).status_code


@pytest.mark.slow
async def test_f44_a_burst_with_repeats_over_two_instances_is_stored_once_and_answered_once(
    tmp_path: Path, database_url: str
) -> None:
    mails = [
        mail_of(f"Wo ist Paket {number}?", sender=f"kunde{number % 20}@example.org", subject=f"Paket {number}")
        for number in range(40)
    ]
    async with mail_desk(tmp_path, database_url, instances=2, mail_secret=SECRET) as desk:
        for raw in [*mails, *mails[::5]]:
            desk.mailbox.deliver(raw)
        handed = await asyncio.gather(*(hand_in(desk.apps[number % 2], raw) for number, raw in enumerate(mails[::8])))
        lines = await desk.written(40)
        await desk.quiet(48)

        assert set(handed) <= {200, 503}
        assert Counter(line.text for line in lines).most_common(1)[0][1] == 1
        assert len(await desk.written(40)) == 40
        answers = Counter(str(mail["Subject"]) for mail in desk.server.mails)
        assert set(answers.values()) == {1}
        assert len(answers) == 40


@pytest.mark.sqlite_only
async def test_f45_an_answer_that_comes_before_the_mail_it_answers_is_kept(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Nachtrag.", In_Reply_To="<later@example.org>", subject="Re: Rechnung")
        await desk.written(1)
        desk.write("Meine Rechnung fehlt.", Message_ID="<later@example.org>")

        assert len(await desk.written(2)) == 2


@pytest.mark.sqlite_only
async def test_f46_what_is_signed_wrongly_is_refused_before_anybody_reads_it(tmp_path: Path, sqlite_url: str) -> None:
    raw = mail_of("Guten Tag")
    async with mail_desk(tmp_path, sqlite_url, mail_secret=SECRET) as desk:
        app = desk.apps[0]
        refused = [
            await hand_in(app, raw, secret="t" * 32),
            await hand_in(app, raw, signature=""),
            await hand_in(app, raw, signature="v1=" + "ä" * 64),
            await hand_in(app, raw, signature="v1=" + "0" * 5000),
            await hand_in(app, raw, at=""),
            await hand_in(app, raw, at="9" * 5000),
            await hand_in(app, raw, at="-1"),
            await hand_in(app, raw, at=str(int(time()) - 301)),
            await hand_in(app, raw, at=str(int(time()) + 310)),
        ]
        too_large = await hand_in(app, b"x" * (MAX_BYTES + 1))

        assert set(refused) == {401}
        assert too_large == 413
        assert await desk.conversations() == []
        assert await hand_in(app, raw) == 200
        assert await hand_in(app, raw) == 200
        assert len(await desk.written(1)) == 1


@pytest.mark.sqlite_only
async def test_without_a_secret_nothing_is_taken(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        assert await hand_in(desk.apps[0], mail_of("Guten Tag"), secret="") == 404


@pytest.mark.sqlite_only
async def test_f48_a_mail_server_that_ends_and_comes_back_loses_and_doubles_nothing(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Die erste.")
        await desk.written(1)
        await asyncio.to_thread(desk.mailbox.stop)

        async def told() -> bool:
            return "can't be reached" in (await problem_of(desk) or "")

        await eventually(told, "the admin to be told")
        desk.write("Die zweite.", subject="Zwei")
        await asyncio.to_thread(desk.mailbox.start)
        await desk.written(2)
        await desk.quiet(2)

        async def well() -> bool:
            return await problem_of(desk) is None

        await eventually(well, "the mailbox to be well")
        assert len(await desk.written(2)) == 2


@pytest.mark.sqlite_only
async def test_f49_a_password_that_is_refused_is_told_in_words_and_without_itself(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with mail_desk(tmp_path, sqlite_url) as right:
        url = right.mailbox.url.replace("wonder", "wrong-password")
        home = tmp_path / "wrong"
        home.mkdir()
        async with mail_desk(home, f"sqlite+aiosqlite:///{home}/other.db", imap_url=url) as desk:

            async def told() -> bool:
                return "user and password" in (await problem_of(desk) or "")

            await eventually(told, "the admin to be told")
            assert "wrong-password" not in str(await problem_of(desk))


@pytest.mark.sqlite_only
async def test_f52_one_instance_reads_and_the_other_takes_over(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url, instances=2) as desk:
        desk.write("Die erste.")
        await desk.written(1)
        names = {parts.db.name for parts in desk.instances}
        async with desk.parts.db.write() as session:
            lease = await session.get_one(Lease, f"email:{ACCOUNT}")
            (other,) = names - {lease.owner}
            lease.owner, lease.until = other, now() + timedelta(seconds=20)  # the leader stalled for longer than it may
        desk.write("Die zweite.", subject="Zwei")

        await desk.written(2)

        async with desk.parts.db.read() as session:
            assert (await session.get_one(Lease, f"email:{ACCOUNT}")).owner == other
        assert len(await desk.written(2)) == 2


@pytest.mark.sqlite_only
async def test_f53_an_old_backlog_goes_to_a_person_first(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.mailbox.deliver(mail_of("Die alte."), days_ago=3)

        await desk.written(1)

        (conversation,) = await desk.conversations()

        async def queued() -> bool:
            return (await desk.conversations())[0].status == Status.QUEUED

        await eventually(queued, f"conversation {conversation.id} to wait for a person")


@pytest.mark.sqlite_only
async def test_f54_a_sender_who_floods_is_put_aside(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        for number in range(MAX_MAILS + 3):
            desk.write(f"Nummer {number}", subject=f"Nummer {number}")

        rows = await desk.aside(3)

        assert {row.reason for row in rows} == {"flood"}
        assert len(await desk.written(MAX_MAILS)) == MAX_MAILS


@pytest.mark.sqlite_only
async def test_a_mailbox_that_was_made_anew_loses_and_doubles_nothing(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Die erste.")
        await desk.written(1)
        await desk.quiet(1)
        await asyncio.to_thread(desk.mailbox.renew_mailbox)
        desk.write("Die zweite.", subject="Zwei")

        await desk.written(2)

        await desk.quiet(2)
        assert len(await desk.written(2)) == 2


@pytest.mark.sqlite_only
async def test_a_mail_that_could_not_be_stored_stays_unread_and_comes_again(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = replace(FAST, idle=2 * PATIENCE)  # the next try doesn't wait for the next mail
    async with mail_desk(tmp_path, sqlite_url, pace=patient) as desk:
        receive, refusals = desk.parts.inbox.receive, iter([True, True])

        async def away_at_first(inbound: object, **options: bool) -> object:
            if next(refusals, False):
                raise Unavailable("The database is away.")
            return await receive(inbound, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(desk.parts.inbox, "receive", away_at_first)
        desk.write("Meine Rechnung fehlt.")

        assert len(await desk.written(1)) == 1
        await desk.quiet(1)


@pytest.mark.sqlite_only
async def test_a_reply_to_a_mail_of_the_web_chat_is_a_line_of_the_web_chat(tmp_path: Path, sqlite_url: str) -> None:
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Meine Rechnung fehlt.")
        (mail,) = await desk.sent(1)
        (conversation,) = await desk.conversations()
        async with desk.parts.db.write() as session:  # as if it had begun in the web chat, with the address left there
            moved = await session.get_one(Conversation, conversation.id)
            moved.channel, moved.account, moved.thread = Channel.WEBCHAT, "default", ""
        desk.mailbox.deliver(reply_to(mail, "Die Nummer ist 4711."))

        await desk.written(2)

        async with desk.parts.db.read() as session:
            line = await session.scalar(select(Message).where(Message.text == "Die Nummer ist 4711."))
        assert line is not None
        assert (line.conversation_id, line.channel) == (conversation.id, Channel.WEBCHAT)


@pytest.mark.sqlite_only
async def test_a_break_between_storing_and_marking_doubles_nothing(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, breaks = ImapConnection.finish, iter([True, True])

    def break_at_first(connection: ImapConnection, uid: int) -> None:
        if next(breaks, False):
            raise OSError("the line is cut")
        finish(connection, uid)

    monkeypatch.setattr(ImapConnection, "finish", break_at_first)
    async with mail_desk(tmp_path, sqlite_url) as desk:
        desk.write("Meine Rechnung fehlt.")

        await desk.quiet(1)

        assert len(await desk.written(1)) == 1
        assert len(desk.server.mails) == 1
