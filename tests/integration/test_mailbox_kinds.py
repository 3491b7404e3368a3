"""Mailboxes as they are in the world: behind TLS, without IDLE, only to be read."""

from pathlib import Path

import pytest

from connectors.email.imap_client import FAULTS, ImapConnection, ReadOnlyMailbox
from connectors.email.imap_url import parse_imap_url
from connectors.email.mailbox import check_mailbox, problem_words
from connectors.email.webhook import BodyBudget, NoRoom
from tests.harness import eventually
from tests.imap_server import imap_server
from tests.integration.mail_desk import mail_desk, mail_of


async def test_a_mailbox_behind_tls_is_read_only_if_its_certificate_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with imap_server(tls=True) as server:
        server.deliver(mail_of("Guten Tag"))
        for scheme in ("imaps", "imap+starttls"):
            mailbox = parse_imap_url(server.url_with(scheme))
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            with pytest.raises(FAULTS) as refused:
                await check_mailbox(mailbox)
            assert "can't be reached" in problem_words(refused.value, mailbox)
            monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
            assert await check_mailbox(mailbox) == 1


@pytest.mark.sqlite_only
async def test_a_server_without_idle_is_asked_now_and_then(tmp_path: Path, sqlite_url: str) -> None:
    with imap_server(idle=False) as server:
        async with mail_desk(tmp_path, sqlite_url, imap_url=server.url) as desk:
            server.deliver(mail_of("Die erste."))
            await desk.written(1)
            server.deliver(mail_of("Die zweite.", subject="Zwei"))
            await desk.written(2)
        connection = ImapConnection(parse_imap_url(server.url))
        connection.cut()
        assert not connection.can_idle


@pytest.mark.sqlite_only
async def test_a_mailbox_over_its_quota_is_read_to_the_end_once_each(tmp_path: Path, sqlite_url: str) -> None:
    with imap_server(full=True) as server:
        async with mail_desk(tmp_path, sqlite_url, imap_url=f"{server.url}?done=Erledigt") as desk:
            server.deliver(mail_of("Die erste. " + "Sie ist lang. " * 200))
            server.deliver(mail_of("Die zweite.", subject="Zwei"))
            assert len(await desk.written(2)) == 2

            async def is_tidy() -> bool:
                return await check_mailbox(parse_imap_url(server.url)) == 0

            await eventually(is_tidy, "both to be put away")
            await desk.sent(2)
            server.deliver(mail_of("Die dritte.", subject="Drei"))
            assert len(await desk.written(3)) == 3, "nothing was stored twice meanwhile"
        connection = ImapConnection(parse_imap_url(server.url))
        with pytest.raises(FAULTS) as refused:
            connection._client.append("INBOX", mail_of("Keine mehr."))
        connection.cut()
    assert "full" in problem_words(refused.value, parse_imap_url(server.url))


def test_a_mailbox_where_nothing_can_be_marked_is_refused_with_the_reason() -> None:
    with imap_server(writable=False) as server:
        server.deliver(mail_of("Guten Tag"))
        mailbox = parse_imap_url(server.url)
        with pytest.raises(ReadOnlyMailbox) as refused:
            ImapConnection(mailbox)
    assert "read-only" in problem_words(refused.value, mailbox)


async def test_bodies_in_memory_are_counted_by_address_and_in_all_and_slow_ones_hold_nobody_up() -> None:
    budget = BodyBudget(in_all=100, of_one=60)
    async with budget.reading("a") as slow, budget.reading("a") as other, budget.reading("b") as stranger:
        slow(1)
        other(59)
        with pytest.raises(NoRoom):
            slow(1)
        stranger(40)
        with pytest.raises(NoRoom):
            stranger(1)
    async with budget.reading("a") as again:
        again(60)
