"""What every kind of update means, from payloads as Telegram sends them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.contract import (
    ASK_HELP,
    ASK_PERSON,
    START,
    Address,
    AttachmentKind,
    Channel,
    InboundEdit,
    InboundMessage,
    Reachability,
)
from connectors.telegram.buttons import ChoiceSigner
from connectors.telegram.parse import BotIdentity, ButtonPress, ChatMigration, News, parse_update

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
US = BotIdentity(
    account="700100", username="staffel_test_bot", signer=ChoiceSigner("a secret of thirty-two characters")
)
SOON = datetime.fromtimestamp(1_795_600_060, UTC)
GROUP = "-1001234567890"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def parsed(name: str, time: datetime = SOON) -> News | None:
    return parse_update(payload(name), US, time)


def message(name: str) -> InboundMessage:
    found = parsed(name)
    assert isinstance(found, InboundMessage)
    return found


def at(chat_id: str, thread: str | None = None) -> Address:
    return Address(channel=Channel.TELEGRAM, account="700100", chat_id=chat_id, thread=thread)


def test_a_text_is_a_message_of_the_person_in_the_private_chat() -> None:
    found = message("text")

    assert found.address == at("42001")
    assert (found.contact_id, found.contact_name, found.external_id) == ("42001", "Ida Lund", "42001:11")
    assert (found.text, found.payload, found.held) == ("Wo bleibt mein Paket? 📦", None, None)
    assert found.introduction.language == "de"


def test_an_address_behind_words_is_written_out() -> None:
    assert message("text_with_link").text == "😀 Ich meine diesen Artikel (https://shop.example/a/1) hier"


@pytest.mark.parametrize(
    ("name", "payload_", "link"),
    [
        ("command_start", START, None),
        ("command_start_with_link", START, "Zk3_x-9"),
        ("command_human", ASK_PERSON, None),
        ("command_unknown", None, None),
        ("group_command_ours", ASK_HELP, None),
        ("group_command_bare", ASK_PERSON, None),
    ],
)
def test_commands_mean_what_helpdesk_knows(name: str, payload_: str | None, link: str | None) -> None:
    assert (message(name).payload, message(name).link) == (payload_, link)


def test_a_command_keeps_the_words_behind_it() -> None:
    assert message("command_human").text == "/human Mein Paket ist weg"


def test_a_forwarded_command_is_only_words() -> None:
    assert (message("forward").text, message("forward").payload) == ("/forget", None)


@pytest.mark.parametrize(
    ("name", "kind", "external_id", "media_type", "file_name"),
    [
        ("photo", AttachmentKind.PHOTO, "AgACAgIAAxkBAAIx", "image/jpeg", ""),
        ("album_photo", AttachmentKind.PHOTO, "AgACAgIAAxkBAAIx", "image/jpeg", ""),
        ("document", AttachmentKind.DOCUMENT, "BQACAgIAAxkBAAIdoc", "application/pdf", "Rechnung 4711.pdf"),
        ("voice", AttachmentKind.VOICE, "AwACAgIAAxkBAAIvoice", "audio/ogg", ""),
        ("audio", AttachmentKind.VOICE, "CQACAgIAAxkBAAIaudio", "audio/mpeg", "song.mp3"),
        ("video", AttachmentKind.VIDEO, "BAACAgIAAxkBAAIvideo", "video/mp4", "IMG_1.MP4"),
        ("video_note", AttachmentKind.VIDEO, "DQACAgIAAxkBAAInote", "video/mp4", ""),
        ("animation", AttachmentKind.VIDEO, "CgACAgIAAxkBAAIgif", "video/mp4", "hi.gif.mp4"),
        ("story", AttachmentKind.DOCUMENT, "", "", "story"),
    ],
)
def test_what_came_along_is_told(
    name: str, kind: AttachmentKind, external_id: str, media_type: str, file_name: str
) -> None:
    (found,) = message(name).attachments
    assert (found.kind, found.external_id, found.media_type, found.name) == (kind, external_id, media_type, file_name)


def test_a_caption_is_the_message_of_a_photo() -> None:
    assert message("photo").text == "So kam es an"


def test_places_cards_and_stickers_say_what_they_say() -> None:
    assert message("location").attachments[0].facts == {"latitude": "52.520008", "longitude": "13.404954"}
    assert message("venue").attachments[0].facts["title"] == "Café am Tor"
    assert message("contact").attachments[0].facts == {"name": "Jonas Beck", "phone": "+4915112345678"}
    assert (message("sticker").text, message("sticker").attachments[0].kind) == ("👍", AttachmentKind.STICKER)
    assert message("dice").text == "🎲 4"
    assert message("poll").text == "Wann passt es?\n- Montag\n- Dienstag"


def test_an_edit_names_its_message_and_itself() -> None:
    found = parsed("edited_text")
    assert isinstance(found, InboundEdit)
    assert (found.message.external_id, found.message.text) == ("42001:11", "Wo bleibt mein Paket 4711?")
    assert found.edit_id == f"1795600040:{payload('edited_text')['update_id']}"


def test_f53_a_message_older_than_our_patience_is_held() -> None:
    late = SOON + timedelta(hours=24)
    held = parsed("text", late)
    assert isinstance(held, InboundMessage)
    assert held.held == "too_old"
    in_time = parse_update(payload("text"), replace(US, patience=timedelta(hours=48)), late)
    assert isinstance(in_time, InboundMessage)
    assert in_time.held is None


@pytest.mark.parametrize("name", ["callback", "callback_inaccessible"])
def test_a_press_is_verified_for_the_chat_and_the_person(name: str) -> None:
    update = payload(name)
    update["callback_query"]["data"] = US.signer.sign(at("42001"), 7, 1)
    found = parse_update(update, US, SOON)
    assert isinstance(found, ButtonPress)
    assert found.inbound is not None
    assert found.inbound.tap is not None
    assert (found.inbound.tap.seq, found.inbound.tap.choice) == (7, 1)
    assert found.inbound.external_id == f"callback:{update['callback_query']['id']}"


def test_a_press_that_was_not_signed_for_this_person_is_no_message() -> None:
    found = parsed("callback")
    assert isinstance(found, ButtonPress)
    assert found.inbound is None
    update = payload("callback")
    update["callback_query"]["data"] = US.signer.sign(at("42002"), 7, 1)
    assert getattr(parse_update(update, US, SOON), "inbound", "") is None


@pytest.mark.parametrize(("name", "reachable"), [("blocked", False), ("unblocked", True)])
def test_being_shut_out_and_let_in_is_told(name: str, reachable: bool) -> None:
    found = parsed(name)
    assert isinstance(found, Reachability)
    assert (found.address, found.contact_id, found.reachable) == (at("42001"), "42001", reachable)


@pytest.mark.parametrize("name", ["migrate_to", "migrate_from"])
def test_f49_both_ends_of_a_migration_say_the_same(name: str) -> None:
    assert parsed(name) == ChatMigration(old=at("-4001"), chat_id=GROUP)


def test_f55_in_a_group_a_mention_begins_a_conversation_of_this_person() -> None:
    found = message("group_mention")
    assert found.address == at(GROUP, "u42001")
    assert found.text == "🙂  was kostet der Versand?"


def test_f55_an_answer_to_us_is_for_us() -> None:
    assert message("group_reply").text == "Und ins Ausland?"


def test_f55_our_bare_name_asks_what_is_possible() -> None:
    assert message("group_mention_alone").payload == ASK_HELP


def test_f55_a_topic_is_a_conversation_of_its_own() -> None:
    assert message("group_topic_mention").address == at(GROUP, "u42001/t77")


def test_f55_an_anonymous_admin_is_a_person_without_a_name_of_their_own() -> None:
    found = message("group_anonymous_admin")
    assert found.address == at(GROUP, f"c{GROUP}")
    assert (found.contact_id, found.contact_name) == (f"chat:{GROUP}", "Leitung")


@pytest.mark.parametrize(
    "name",
    [
        "via_bot",
        "channel_post",
        "callback_inline",
        "live_location_moved",
        "added_to_group",
        "group_chatter",
        "group_command_others",
        "group_command_unknown",
        "group_other_bot",
        "group_linked_channel",
        "group_forward_mention",
        "group_member_joined",
        "pinned",
    ],
)
def test_f55_what_is_not_for_us_is_passed_over(name: str) -> None:
    assert parsed(name) is None


def test_a_malformed_update_says_so() -> None:
    with pytest.raises(KeyError):
        parsed("malformed")


def test_every_recorded_payload_is_tried() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert [path.stem for path in PAYLOADS.glob("*.json") if f'"{path.stem}"' not in here] == []


def test_signed_data_fits_into_a_button_and_cannot_be_altered() -> None:
    data = US.signer.sign(at(GROUP, "u123456789012/t123456"), 999_999_999, 99)
    assert len(data.encode()) <= 64
    assert US.signer.verify(at(GROUP, "u123456789012/t123456"), data) is not None
    assert US.signer.verify(at(GROUP, "u123456789013/t123456"), data) is None
    for altered in (data.replace(":99:", ":98:"), data[:-1], data + "x", "", "1:1:1:ä", "1:²:1:x", "1::1:"):
        assert US.signer.verify(at(GROUP, "u123456789012/t123456"), altered) is None
