"""What a mail server answers decides what happens to a mail, against a real server that misbehaves."""

import threading
from datetime import datetime
from email.header import decode_header, make_header

import pytest

from connectors.contract import DeliveryUnclear, RetryLater, Undeliverable
from connectors.contract.mail import OutgoingMail
from connectors.email import smtp
from connectors.email.mime import encode_mail
from connectors.email.smtp import GREYLISTED_SECONDS, SmtpTransport
from connectors.email.smtp_url import SmtpSecurity, parse_smtp_url
from tests.fakes.mail_server import MailServer, running_mail_server, silent_server

SENDER = "Muster AG <support@example.com>"


def transport(url: str, seconds: float = 5.0) -> SmtpTransport:
    return SmtpTransport(parse_smtp_url(url, SENDER), connect_seconds=seconds, data_seconds=seconds)


def mail(**changes: object) -> OutgoingMail:
    values: dict[str, object] = {
        "recipient": "anna@example.org",
        "subject": "Ihre Frage",
        "text": "Guten Tag",
        "message_id": "<one@example.com>",
    }
    return OutgoingMail(**(values | changes))  # type: ignore[arg-type]


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with running_mail_server() as server:
        answer = await transport(server.url).send(
            mail(
                sender_name="Müller, Anna (Muster AG)",
                subject="Rückgabe: Größe & Farbe – geht das auch noch nach über dreißig Tagen ohne Kassenbon?",
                text="Grüße\n.\nein Punkt allein beendet nichts\n",
                html="<p>Grüße</p>",
                reply_to="support+abc@example.com",
                in_reply_to="<zero@example.com>",
                references=("<zero@example.com>",) * 12,
                headers={"List-Unsubscribe": f"<https://example.com/mail/stop/{'x' * 120}>", "Auto-Submitted": "no"},
            )
        )
    assert answer == "250 2.0.0 queued"
    [arrived] = server.mails
    assert server.recipients == ["anna@example.org"]
    assert str(make_header(decode_header(str(arrived["Subject"])))).startswith("Rückgabe: Größe & Farbe – geht")
    assert arrived["From"].addresses[0].display_name == "Müller, Anna (Muster AG)"
    assert arrived["From"].addresses[0].addr_spec == "support@example.com"
    assert arrived["Reply-To"].addresses[0].addr_spec == "support+abc@example.com"
    assert arrived["Message-ID"] == "<one@example.com>"
    assert arrived["References"].split() == ["<zero@example.com>"] * 12
    assert arrived["List-Unsubscribe"] == f"<https://example.com/mail/stop/{'x' * 120}>"
    text, html = arrived.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "Grüße\n.\nein Punkt allein beendet nichts\n"
    assert html.get_content().strip() == "<p>Grüße</p>"


async def test_a_large_mail_is_composed_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Base64 and line ends of fifteen megabytes take seconds, in which nobody's chat would go on."""
    threads: list[threading.Thread] = []

    def encode(content: OutgoingMail, sender: str, sent_at: datetime) -> bytes:
        threads.append(threading.current_thread())
        return encode_mail(content, sender, sent_at)

    monkeypatch.setattr(smtp, "encode_mail", encode)
    async with running_mail_server() as server:
        await transport(server.url).send(mail())
    assert threads
    assert threading.main_thread() not in threads


async def test_greylisting_asks_for_patience_and_is_taken_later() -> None:
    async with running_mail_server(
        MailServer(on_recipient=lambda server, _: "450 4.2.0 Greylisted" if server.tries == 1 else None)
    ) as server:
        with pytest.raises(RetryLater) as later:
            await transport(server.url).send(mail())
        assert (later.value.after, later.value.account) == (GREYLISTED_SECONDS, False)
        await transport(server.url).send(mail())
    assert len(server.mails) == 1


async def test_a_full_box_is_tried_later_after_the_content_too() -> None:
    async with running_mail_server(MailServer(on_data=lambda *_: "452 4.2.2 Mailbox full")) as server:
        with pytest.raises(RetryLater, match="Mailbox full"):
            await transport(server.url).send(mail())


@pytest.mark.parametrize("place", ["on_recipient", "on_data"])
async def test_a_final_no_is_told_in_the_servers_words(place: str) -> None:
    async with running_mail_server(MailServer(**{place: lambda *_: "550 5.1.1 No such user"})) as server:  # type: ignore[arg-type]
        with pytest.raises(Undeliverable, match=r"550 5\.1\.1 No such user"):
            await transport(server.url).send(mail())


async def test_a_server_that_accepts_and_dies_leaves_it_open() -> None:
    async with running_mail_server(MailServer(dies_after_data=True)) as server:
        with pytest.raises(DeliveryUnclear):
            await transport(server.url).send(mail())


async def test_a_server_that_hangs_after_the_content_leaves_it_open() -> None:
    async with running_mail_server(MailServer(hangs_after_data=True)) as server:
        with pytest.raises(DeliveryUnclear):
            await transport(server.url, 0.5).send(mail())


async def test_a_server_that_never_greets_has_taken_nothing() -> None:
    async with silent_server() as port:
        with pytest.raises(RetryLater) as later:
            await transport(f"smtp://127.0.0.1:{port}", 0.3).send(mail())
    assert later.value.account


async def test_nobody_there_has_taken_nothing(unused_tcp_port: int) -> None:
    with pytest.raises(RetryLater) as later:
        await transport(f"smtp://127.0.0.1:{unused_tcp_port}").send(mail())
    assert later.value.account


async def test_a_wrong_password_is_no_fault_of_the_mail() -> None:
    async with running_mail_server(MailServer(password="right")) as server:
        with pytest.raises(RetryLater, match="535") as later:
            await transport(f"smtp://anna:wrong@127.0.0.1:{server.port}").send(mail())
        assert later.value.account
        assert await transport(f"smtp://anna:right@127.0.0.1:{server.port}").send(mail()) == "250 2.0.0 queued"


async def test_starttls_goes_no_further_without_it() -> None:
    async with running_mail_server() as server:
        with pytest.raises(RetryLater):
            await transport(f"starttls://anna:secret@127.0.0.1:{server.port}").send(mail())
    assert server.mails == []


async def test_the_check_signs_in_and_sends_nothing() -> None:
    async with running_mail_server(MailServer(password="right")) as server:
        assert (await transport(f"smtp://anna:right@127.0.0.1:{server.port}").check()).startswith("250")
        with pytest.raises(RetryLater, match="535"):
            await transport(f"smtp://anna:wrong@127.0.0.1:{server.port}").check()
    assert server.mails == []


async def test_letters_before_the_at_and_domains_with_umlauts_arrive() -> None:
    async with running_mail_server() as server:
        await transport(server.url).send(mail(recipient="jörg@müller.example"))
    assert server.recipients == ["jörg@xn--mller-kva.example"]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Hello\r\nBcc: everyone@example.com"},
        {"subject": "Hello\nX: y"},
        {"sender_name": "Anna\rBcc: x@example.com"},
        {"recipient": "anna@example.org\r\nRCPT TO:<eve@example.com>"},
        {"recipient": "anna@example.org, eve@example.com"},
        {"recipient": "anna@example.org> SIZE=1"},
        {"recipient": ""},
        {"reply_to": "a@b\n"},
        {"message_id": "<a@b>\r\nBcc: x@example.com"},
        {"message_id": "a@b"},
        {"references": ("<a@b>\n",)},
        {"headers": {"X-Name": "a\r\nBcc: x@example.com"}},
        {"headers": {"X-Name: y\r\nBcc": "x@example.com"}},
        {"headers": {"X-Name": "a\x00"}},
    ],
)
def test_no_header_can_begin_another(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"mail|message id"):
        mail(**changes)


def test_the_url_says_how_and_who() -> None:
    server = parse_smtp_url("starttls://support%40example.com:p%3Ass@mail.example.com")
    assert (server.security, server.port) == (SmtpSecurity.STARTTLS, 587)
    assert (server.user, server.password, server.sender) == ("support@example.com", "p:ss", "support@example.com")
    assert "p:ss" not in repr(server)
    assert parse_smtp_url("smtps://u:p@mail.example.com", "Muster <a@b.example>").sender_name == "Muster"


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example.com", "a@b.example"),
        ("smtp://", "a@b.example"),
        ("smtp://mail.example.com:x", "a@b.example"),
        ("smtp://mail.example.com", ""),
        ("smtp://user:geheim@mail.example.com", ""),
        ("smtp://mail.example.com", "nobody"),
    ],
)
def test_a_wrong_url_says_what_was_expected_and_no_secret(url: str, sender: str) -> None:
    with pytest.raises(ValueError, match=r"STAFFEL_(SMTP_URL|MAIL_FROM): expected") as wrong:
        parse_smtp_url(url, sender)
    assert "geheim" not in str(wrong.value)
