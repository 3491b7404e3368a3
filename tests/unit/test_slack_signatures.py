"""Signatures: Slack's and ours. Nothing raises, whatever comes."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import Address, Channel
from connectors.slack.buttons import MAX_VALUE_LENGTH, Buttons
from connectors.slack.claims import ClaimSigner
from connectors.slack.routes import is_from_slack

SECRET, NOW = "8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618.0
HERE = Address(channel=Channel.SLACK, account="T1", chat_id="U1")
TIME = datetime(2026, 11, 23, tzinfo=UTC)


def signature(body: bytes, timestamp: str) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("off", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_signature_is_good_for_five_minutes(off: int, good: bool) -> None:
    timestamp = str(int(NOW) + off)
    assert is_from_slack(SECRET, "{}", timestamp, signature(b"{}", timestamp), NOW) is good


def test_the_example_of_slacks_own_documentation_is_accepted() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert is_from_slack(SECRET, body.decode(), "1531420618", expected, NOW)


@given(st.text(max_size=50), st.one_of(st.text(), st.just(str(int(NOW)))), st.text())
def test_nothing_unsigned_is_accepted_and_nothing_raises(body: str, timestamp: str, given_: str) -> None:
    assert not is_from_slack(SECRET, body, timestamp, given_, NOW)


def test_without_a_secret_nothing_is_accepted() -> None:
    assert not is_from_slack(" ", "", str(int(NOW)), signature(b"", str(int(NOW))), NOW)


@given(st.text(), st.text())
def test_what_we_signed_comes_back_and_nothing_else(text: str, other: str) -> None:
    signer = ClaimSigner("k" * 32, "tests")
    value = signer.sign({"q": text})
    assert signer.verify(value) == {"q": text}
    assert signer.verify(value + other) in (None, {"q": text})
    assert ClaimSigner("k" * 32, "another purpose").verify(value) is None
    assert ClaimSigner("x" * 32, "tests").verify(value) is None


def test_a_buttons_value_holds_the_conversation_the_line_and_the_choice() -> None:
    buttons = Buttons("k" * 32)
    offered = buttons.read(buttons.choice(HERE, 12, 3, TIME + timedelta(seconds=1)), TIME)
    assert offered is not None
    assert (offered.address, offered.seq, offered.choice, offered.expired) == (HERE, 12, 3, False)
    assert len(buttons.question(HERE, "ä" * 1000, TIME)) <= MAX_VALUE_LENGTH
    expired = buttons.read(buttons.choice(HERE, 12, 3, TIME - timedelta(seconds=1)), TIME)
    assert expired is not None
    assert expired.expired
