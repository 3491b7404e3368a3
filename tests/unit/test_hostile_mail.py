"""Mail that is made to keep a parser busy: every one is read within seconds, whatever comes out."""

from collections.abc import Callable
from time import process_time

import pytest

from connectors.email.inbound.automatic_mail import MailPolicy
from connectors.email.inbound.parse import MailAside, parse_mail

HEAD = b"From: a@b.example\nSubject: x\nMessage-ID: <1@b.example>\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(150))
SECONDS = 5.0  # of processor; each took minutes, or would without a limit; now a fraction of a second

HOSTILE: dict[str, Callable[[], bytes]] = {
    "deep elements": lambda: HTML + b"<div>" * 150_000,
    "deep quotes": lambda: HTML + b"<blockquote type=cite>" * 40_000 + b"x",
    "comments that never end": lambda: HTML + b"<!--" * 250_000,
    "links in links": lambda: HTML + b"<a href='x'>y" * 70_000,
    "ends without beginnings": lambda: HTML + b"<b>x" * 100_000 + b"</i>" * 100_000,
    "lines like attributions": lambda: HEAD + b"\n" + b"On 1.1.2026\n" * 40_000,
    "lines like headers": lambda: HEAD + b"\n" + b"From: x\n" * 60_000,
    "closing formulas": lambda: HEAD + b"\n" + b"mit freundlichen gr\xc3\xbc\xc3\x9fen\n" * 30_000,
    "signed texts that never end": lambda: HEAD + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 14_000,
    "many recipients": lambda: b"To: " + b"a@b.example, " * 100_000 + b"\n" + HEAD + b"\nx",
    "many headers": lambda: HEAD + b"X: y\n" * 50_000 + b"\nx",
    "many parts": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
    "parameters in quotes that never end": lambda: HEAD + b'Content-Type: text/plain; a="' + b";x" * 60_000 + b"\n\nx",
    "parts in parts around many lines": lambda: HEAD + NESTED + b"\n" + b"a\n" * 2_000_000,
    "many long senders": lambda: (b"From: " + b"a@b.example, " * 1_500 + b"\n") * 900 + HEAD + b"\nx",
    "many long texts": lambda: HEAD + MIXED + (b"--b\nContent-Type: text/html\n\n" + b"<b>a</b>" * 60_000 + b"\n") * 40,
    "nothing but NULs": lambda: b"\0" * 1_000_000,
    "one endless line": lambda: HEAD + b"\nOn " + b"1.1 a " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_keeps_nobody_busy(name: str) -> None:
    content = HOSTILE[name]()
    began = process_time()

    parse_mail(content, MailPolicy())

    assert process_time() - began < SECONDS


def test_a_mail_of_nothing_is_put_aside() -> None:
    assert isinstance(parse_mail(b"", MailPolicy()), MailAside)
