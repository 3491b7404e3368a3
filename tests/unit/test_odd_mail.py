"""Mail that is odd: charsets, broken headers, machines, encryption, files. Each comes out as `odd.toml` says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from connectors.email.inbound.automatic_mail import AsideReason, MailPolicy
from connectors.email.inbound.parse import Mail, MailAside, parse_mail

FOLDER = Path(__file__).parents[1] / "payloads" / "mail"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "odd.toml").read_text())
POLICY = MailPolicy(own={"support@muster.example"}, spam_header="X-Rspamd-Action: reject")


def test_every_odd_mail_is_expected() -> None:
    assert {file.stem for file in (FOLDER / "odd").iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_odd_mail_comes_out_as_it_should(name: str) -> None:
    mail = parse_mail((FOLDER / "odd" / f"{name}.eml").read_bytes(), POLICY)

    assert _facts(mail, EXPECTED[name]) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_with_the_line_ends_of_smtp_is_the_same(name: str) -> None:
    raw = (FOLDER / "odd" / f"{name}.eml").read_bytes()
    sent = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    mail = parse_mail(sent, POLICY)

    assert _facts(mail, EXPECTED[name]) == EXPECTED[name]


def test_of_two_senders_neither_is_believed() -> None:
    raw = b"From: anna@example.org\nFrom: eva@evil.example\nSubject: x\nMessage-ID: <1@evil.example>\n\nHallo"

    mail = parse_mail(raw, POLICY)

    assert isinstance(mail, MailAside)
    assert (mail.reason, mail.sender) == (AsideReason.NO_SENDER, "")


def _facts(mail: Mail | MailAside, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked of a mail, as it came out."""
    if isinstance(mail, MailAside):
        return {"aside": str(mail.reason)}
    found = {
        "text": mail.text,
        "text_begins": mail.text[: len(str(asked.get("text_begins", "")))],
        "id_begins": mail.id[: len(str(asked.get("id_begins", "")))],
        "subject": mail.subject,
        "sender": mail.sender,
        "sender_name": mail.sender_name,
        "hidden": mail.hidden,
        "silent": mail.silent,
        "files": [part.name for part in mail.files],
    }
    return {key: found[key] for key in asked if key in found}
