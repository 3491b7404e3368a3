"""Every kind of payload that Slack sends, from tests/payloads/slack, and what it means to us."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import (
    ASK_HELP,
    ASK_PERSON,
    Address,
    AttachmentKind,
    Channel,
    InboundEdit,
    InboundMessage,
    Tap,
    Withdrawal,
)
from connectors.slack.buttons import Buttons
from connectors.slack.interactions import (
    ChoicePress,
    HomeSearch,
    InteractionMessage,
    PressRejection,
    ShortcutCall,
    parse_command,
    parse_interaction,
)
from connectors.slack.parse import (
    AccessRevocation,
    HomeVisit,
    WorkspaceIdentity,
    parse_event,
    to_text,
)
from connectors.slack.people import PersonProfile, read_profile
from connectors.slack.words import words

PAYLOADS = Path(__file__).parent.parent / "payloads" / "slack"
US = WorkspaceIdentity(account="T061EG9R6", bot_user_id="U0LAN0Z89", bot_id="B0")
BUTTONS = Buttons("k" * 32)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def message(name: str) -> InboundMessage:
    found = parse_event(recorded(name), US)
    assert isinstance(found, InboundMessage)
    return found


def acted(payload: dict[str, Any]) -> Any:
    return parse_interaction(payload, US, BUTTONS, words("en"), NOW)


def test_a_direct_message_is_read_as_it_was_typed() -> None:
    found = message("message_im")
    assert found.text == "Hello <team> & co, see the page (https://example.org/a?b=1&c=2) or mail ida@example.org"
    assert found.address == Address(channel=Channel.SLACK, account="T061EG9R6", chat_id="U2147483697")
    assert (found.contact_id, found.external_id) == ("U2147483697", "D024BE91L:1355517523.000005")
    assert found.payload is None


def test_a_command_typed_as_a_message_is_a_command() -> None:
    assert message("message_im_command").payload == ASK_PERSON


def test_a_link_from_another_channel_is_followed() -> None:
    assert message("message_im_link").link == "AbCdEfGhIjKlMnOpQrStUvWxYz012345"


def test_files_come_along_and_hidden_ones_do_not() -> None:
    photo, voice = message("message_im_file_share").attachments
    assert (photo.kind, photo.external_id, photo.name, photo.size) == (
        AttachmentKind.PHOTO,
        "F0S43PZDF",
        "tedair.gif",
        137531,
    )
    assert voice.kind == AttachmentKind.VOICE


def test_a_change_is_an_edit_of_the_message_it_changes() -> None:
    found = parse_event(recorded("message_changed"), US)
    assert isinstance(found, InboundEdit)
    assert (found.message.text, found.edit_id) == ("Hello, world!", "1355517536.000001")
    assert found.message.external_id == message("message_im").external_id


@pytest.mark.parametrize("name", ["message_changed_unfurl", "message_bot"])
def test_what_no_person_wrote_means_nothing(name: str) -> None:
    assert parse_event(recorded(name), US) is None


def test_a_deletion_withdraws_the_message() -> None:
    found = parse_event(recorded("message_deleted"), US)
    assert isinstance(found, Withdrawal)
    assert found.external_id == message("message_im").external_id
    assert found.address == message("message_im").address


def test_a_mention_belongs_to_its_thread_and_person_and_pings_become_words() -> None:
    found = message("app_mention")
    assert found.text == "is it everything a river should be? @here #random"
    assert (found.address.chat_id, found.address.thread) == ("C0LAN2Q65", "1515449522.000016/U061F7AUR")


def test_nothing_but_our_name_in_the_thread_asks_for_help_in_the_same_conversation() -> None:
    found = message("app_mention_thread")
    assert found.payload == ASK_HELP
    assert found.address == message("app_mention").address


def test_with_slack_connect_the_sender_is_of_another_workspace() -> None:
    assert message("app_mention_shared_channel").contact_id == "W0EXTERN"


def test_the_other_events_are_understood() -> None:
    assert parse_event(recorded("app_home_opened"), US) == HomeVisit(user_id="U061F7AUR")
    assert isinstance(parse_event(recorded("app_uninstalled"), US), AccessRevocation)
    assert isinstance(parse_event(recorded("tokens_revoked"), US), AccessRevocation)
    assert parse_event(recorded("url_verification"), US) is None


def test_revoked_user_tokens_are_not_ours() -> None:
    envelope = recorded("tokens_revoked")
    del envelope["event"]["tokens"]["bot"]
    assert parse_event(envelope, US) is None


def pressing(address: Address, until: datetime = NOW + timedelta(days=1)) -> dict[str, Any]:
    payload = recorded("block_actions_choice")
    payload["actions"][0]["value"] = BUTTONS.choice(address, 7, 1, until)
    return payload


HERE = Address(channel=Channel.SLACK, account="T061EG9R6", chat_id="CBR2V3XEX", thread="1.1/U061F7AUR")


def test_a_press_names_the_choice_in_its_own_conversation() -> None:
    found = acted(pressing(HERE))
    assert isinstance(found, ChoicePress)
    assert found.inbound.tap == Tap(seq=7, choice=1)
    assert found.inbound.address == HERE
    assert (found.title, found.channel, found.ts) == ("Yes", "CBR2V3XEX", "1548261231.000200")


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (recorded("block_actions_choice"), "forged"),
        (pressing(HERE, NOW - timedelta(seconds=1)), "expired"),
        (
            pressing(Address(channel=Channel.SLACK, account="T061EG9R6", chat_id="CBR2V3XEX", thread="1.1/U9")),
            "foreign",
        ),
        (
            pressing(Address(channel=Channel.SLACK, account="T061EG9R6", chat_id="C9", thread="1.1/U061F7AUR")),
            "foreign",
        ),
        (pressing(Address(channel=Channel.SLACK, account="T9", chat_id="U061F7AUR")), "foreign"),
    ],
)
def test_a_press_that_is_not_this_persons_is_rejected(payload: dict[str, Any], why: str) -> None:
    found = acted(payload)
    assert isinstance(found, PressRejection)
    assert found.why == why
    assert found.place == "CBR2V3XEX:1548261231.000200"


def test_the_home_and_the_shortcuts_are_understood() -> None:
    assert acted(recorded("block_actions_home_search")) == HomeSearch(user_id="U061F7AUR", words="returns")
    wish = acted(recorded("block_actions_home_person"))
    assert isinstance(wish, InteractionMessage)
    assert wish.inbound.payload == ASK_PERSON
    called = acted(recorded("shortcut"))
    assert isinstance(called, ShortcutCall)
    about = acted(recorded("message_action"))
    assert isinstance(about, ShortcutCall)
    assert about.text == "How do I return this (https://example.org)?"
    asked = acted(recorded("view_submission"))
    assert isinstance(asked, InteractionMessage)
    assert (asked.inbound.text, asked.inbound.external_id) == ("How long does it take?", "view:VNHU13V36")


def test_a_command_is_a_question_or_a_wish() -> None:
    form = recorded("slash_command")
    found = parse_command(form, US).inbound
    assert (found.text, found.payload) == ("how do I <return> it?", None)
    assert parse_command({**form, "text": ""}, US).inbound.payload == ASK_HELP
    assert parse_command({**form, "text": "Mensch"}, US).inbound.payload == ASK_PERSON
    assert parse_command({**form, "text": "connect " + "a" * 32}, US).inbound.link == "a" * 32


def test_a_free_text_is_never_a_payload() -> None:
    assert parse_command({**recorded("slash_command"), "text": "/ask_person"}, US).inbound.payload is None
    assert to_text("/forget_me", US) == "/forget_me"


def test_a_profile_gives_name_language_and_time_zone() -> None:
    assert read_profile(recorded("users_info")["user"]) == PersonProfile(
        name="Ida Muster", language="de", time_zone="Europe/Berlin"
    )
    assert read_profile({}) == PersonProfile()
