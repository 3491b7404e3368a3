"""An answer to a mail finds its conversation by what we signed, and by nothing else."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract.mail import is_mail_address
from connectors.contract.reply_address import ReplyAddresses

ours = ReplyAddresses("k" * 32, "support@example.com")
ids = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(ids)
def test_what_is_made_is_found_again_whatever_the_case(conversation: str) -> None:
    address = ours.address(conversation)
    assert is_mail_address(address)
    assert len(address.partition("@")[0]) <= 64
    assert ours.conversation_of_address(address.upper()) == conversation
    assert ours.conversation_of_address(f"Muster AG <{address}>") == conversation
    message_id = ours.message_id(conversation, "a1b2")
    assert ours.conversation_of_message_ids(["<other@example.org>", f"<x@y> {message_id}"]) == conversation


@given(ids, st.integers(min_value=8, max_value=47))
def test_a_changed_sign_is_forged(conversation: str, place: int) -> None:
    address = ours.address(conversation)
    forged = address[:place] + ("a" if address[place] != "a" else "b") + address[place + 1 :]
    assert ours.conversation_of_address(forged) != conversation or forged == address


@pytest.mark.parametrize(
    "address", ["support@example.com", "support+abc@example.com", "", "support+" + "a" * 40 + "@x"]
)
def test_any_other_address_leads_nowhere(address: str) -> None:
    assert ours.conversation_of_address(address) is None


def test_another_installations_signature_and_another_use_are_refused() -> None:
    conversation = secrets.token_hex(16)
    theirs = ReplyAddresses("l" * 32, "support@example.com")
    assert ours.conversation_of_address(theirs.address(conversation)) is None
    assert ours.conversation_of_message_ids([theirs.message_id(conversation, "a1")]) is None
    token = ours.address(conversation).partition("+")[2].partition("@")[0]
    assert ours.conversation_of_message_ids([f"<{token}.a1@example.com>"]) is None
    moved = ours.message_id(conversation, "a1").replace(".a1@", ".a2@")
    assert ours.conversation_of_message_ids([moved]) is None


def test_a_sender_with_a_plus_keeps_one() -> None:
    plus = ReplyAddresses("k" * 32, "support+shop@example.com")
    assert plus.address("0" * 32).count("+") == 1
