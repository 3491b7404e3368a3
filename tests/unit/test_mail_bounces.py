"""Bounce notices as mail servers write them: which mail came back, whose address, why, and whether for good."""

import pytest

from connectors.email.bounces import parse_bounce

OURS = "<abc.1@example.com>"


def report(action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 5.1.1 User unknown") -> bytes:
    """RFC 3464, as Postfix writes it."""
    return f"""From: MAILER-DAEMON@mx.example.org
To: support@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <notice@mx.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<ida@example.org>: host mx said: 550 5.1.1 User unknown
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Original-Recipient: rfc822;Ida@example.org
Final-Recipient: rfc822; ida@internal.example.org
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}
--b
Content-Type: message/rfc822

From: support@example.com
Message-ID: {OURS}
Subject: Antwort

Text
--b--
""".encode()


HEADERS_ONLY = report().replace(b"Content-Type: message/rfc822", b"Content-Type: text/rfc822-headers")
QMAIL = f"""From: MAILER-DAEMON@example.org
Subject: failure notice

Hi. This is the qmail-send program at example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ida@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {OURS}
Subject: Antwort
""".encode()
EXIM = f"""From: Mail Delivery System <Mailer-Daemon@example.org>
X-Failed-Recipients: ida@example.org
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

  ida@example.org
    host mx.example.org: 550 mailbox unavailable

------ This is a copy of the message, including all the headers. ------

Message-ID: {OURS}
""".encode()
EXCHANGE = f"""From: postmaster@example.org
Subject: Unzustellbar: Antwort
In-Reply-To: {OURS}

Ihre Nachricht an <ida@example.org> wurde nicht zugestellt.
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'
""".encode()


@pytest.mark.parametrize("raw", [report(), HEADERS_ONLY, QMAIL, EXIM, EXCHANGE])
def test_a_notice_says_which_mail_and_whose_address(raw: bytes) -> None:
    bounce = parse_bounce(raw)
    assert bounce is not None
    assert OURS in bounce.message_ids
    assert "<notice@mx.example.org>" not in bounce.message_ids
    assert bounce.recipient == "ida@example.org"
    assert bounce.is_final
    assert bounce.reason


def test_the_reason_is_the_servers_own_word() -> None:
    bounce = parse_bounce(report())
    assert bounce
    assert bounce.reason == "550 5.1.1 User unknown"


@pytest.mark.parametrize(
    "raw",
    [
        report("delayed", "4.4.7", "smtp; 451 try later"),
        report("failed", "4.2.2", "smtp; 452 full"),
        QMAIL.replace(b"5.1.1", b"4.2.0"),
        EXIM.replace(b"550 mailbox unavailable", b"delivery has been delayed, 550"),
    ],
)
def test_a_delay_is_no_end(raw: bytes) -> None:
    bounce = parse_bounce(raw)
    assert bounce is not None
    assert not bounce.is_final


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        report("delivered", "2.0.0", "smtp; 250 ok"),
        report("relayed", "2.0.0"),
        b"From: a@b.example\nSubject: Hallo\n\nIch habe eine Frage zu 5.1.1\n",
        QMAIL.replace(OURS.encode(), b"none"),
    ],
)
def test_what_is_no_bounce_of_a_mail_is_none(raw: bytes) -> None:
    assert parse_bounce(raw) is None
