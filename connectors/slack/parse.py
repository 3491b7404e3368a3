"""What Slack's events mean to us: pure functions of the envelope and of our own names there.

Shapes as at https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/events. What an event carries
beyond them is passed over; a kind we don't know means nothing.

A direct message is addressed by the person (`U…`), not by its channel (`D…`): so what comes from the App Home, a
shortcut or `/staffel` belongs to the same conversation without asking Slack for the channel first. In a channel every
thread and person has a conversation of its own, and only mentions are read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.contract import (
    ASK_HELP,
    CONNECT,
    Address,
    Attachment,
    AttachmentKind,
    Channel,
    InboundEdit,
    InboundMessage,
    Withdrawal,
)
from connectors.contract import commands as contract_commands

COMMANDS: Mapping[str, str] = {**contract_commands.COMMANDS, "": ASK_HELP}
"""`/staffel` alone asks for help."""
_READ_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_FOLLOW = re.compile(r"(?:/staffel\s+)?(?:connect|verbinden)\s+([A-Za-z0-9_-]{20,64})", re.IGNORECASE)
_NOBODY = "USLACKBOT"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceIdentity:
    """Our end: the workspace's id, whether it is connected, and who we are in it."""

    account: str
    bot_user_id: str = ""
    bot_id: str = ""
    is_connected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeVisit:
    """Somebody looks at our App Home."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRevocation:
    """The workspace has taken its access back; `why` is in words for an admin."""

    why: str


News = InboundMessage | InboundEdit | Withdrawal | HomeVisit | AccessRevocation


def parse_event(envelope: Json, us: WorkspaceIdentity) -> News | None:
    """What an `event_callback` means, `None` when it doesn't concern us.

    Raises KeyError, TypeError, ValueError or AttributeError for a malformed one.
    """
    if envelope.get("type") != "event_callback":
        return None
    event: Json = envelope["event"]
    match event["type"]:
        case "message":
            return _message(event, us)
        case "app_mention":
            return _mention(event, us)
        case "app_home_opened":
            return HomeVisit(user_id=event["user"]) if event.get("tab") == "home" else None
        case "app_uninstalled":
            return AccessRevocation(why="Staffel was removed from this Slack workspace. Install it again to go on.")
        case "tokens_revoked":
            ours = (event.get("tokens") or {}).get("bot") or ()
            return (
                AccessRevocation(why="Slack revoked Staffel's token. Install Staffel again to go on.") if ours else None
            )
        case _:
            return None


def _message(event: Json, us: WorkspaceIdentity) -> News | None:
    """A direct message, or a change of one. What is written in channels comes as a mention, if at all."""
    if event.get("channel_type") != "im":
        return None
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, us)
        case "message_deleted":
            return _deleted(event, us)
        case subtype if subtype in _READ_SUBTYPES and is_person(event, us):
            return _direct(event, event["channel"], us)
        case _:
            return None


def _direct(message: Json, channel: str, us: WorkspaceIdentity) -> InboundMessage | None:
    text, attachments = to_text(message.get("text") or "", us), attachments_of(message)
    if not text and not attachments:
        return None
    payload, link = command_of(text)
    return InboundMessage(
        address=direct(us, message["user"]),
        contact_id=message["user"],
        external_id=f"{channel}:{message['ts']}",
        text=text,
        payload=payload,
        link=link,
        attachments=attachments,
    )


def _changed(event: Json, us: WorkspaceIdentity) -> InboundEdit | Withdrawal | None:
    """New words. Slack also reports a change when it unfolds a link, or leaves a stone for a deleted message."""
    new, old = event["message"], event.get("previous_message") or {}
    if new.get("subtype") == "tombstone":
        return _withdrawn(old, event["channel"], new["ts"], us)
    if not is_person(new, us) or new.get("text") == old.get("text") or "edited" not in new:
        return None
    message = _direct(new, event["channel"], us)
    return InboundEdit(message=message, edit_id=str(new["edited"]["ts"])) if message else None


def _deleted(event: Json, us: WorkspaceIdentity) -> Withdrawal | None:
    return _withdrawn(event.get("previous_message") or {}, event["channel"], event["deleted_ts"], us)


def _withdrawn(old: Json, channel: str, ts: str, us: WorkspaceIdentity) -> Withdrawal | None:
    if not is_person(old, us):
        return None
    return Withdrawal(address=direct(us, old["user"]), external_id=f"{channel}:{ts}")


def _mention(event: Json, us: WorkspaceIdentity) -> InboundMessage | None:
    if not is_person(event, us):
        return None
    text, attachments = to_text(event.get("text") or "", us), attachments_of(event)
    payload, _ = command_of(text)
    if not text and not attachments:
        text, payload = "@Staffel", ASK_HELP  # nothing but our name: who calls wants to know what is possible
    return InboundMessage(
        address=in_thread(us, event["channel"], event.get("thread_ts") or event["ts"], event["user"]),
        contact_id=event["user"],
        external_id=f"{event['channel']}:{event['ts']}",
        text=text,
        payload=payload if payload != CONNECT else None,  # a link is a secret; it isn't for a channel to read
        attachments=attachments,
    )


def is_person(message: Json, us: WorkspaceIdentity) -> bool:
    """Whether a human being wrote. Bots are never answered, our own and others': so no two can keep each other busy."""
    user = message.get("user")
    if not user or user in (us.bot_user_id, _NOBODY):
        return False
    return not message.get("bot_id") and not message.get("bot_profile") and message.get("subtype") != "bot_message"


def direct(us: WorkspaceIdentity, user_id: str) -> Address:
    """The conversation with one person. Raises TypeError for an id that is no text."""
    return Address(channel=Channel.SLACK, account=us.account, chat_id=_id(user_id))


def in_thread(us: WorkspaceIdentity, channel: str, thread_ts: str, user_id: str) -> Address:
    """The conversation with one person in a thread of a channel. Raises TypeError for an id that is no text."""
    thread = f"{_id(thread_ts)}/{_id(user_id)}"
    return Address(channel=Channel.SLACK, account=us.account, chat_id=_id(channel), thread=thread)


def _id(value: object) -> str:
    """An id as Slack gave it, which is looked at before it becomes a key of ours."""
    if not isinstance(value, str):
        raise TypeError("expected an id")
    return value


def thread_ts_of(address: Address) -> str | None:
    """The thread that an address names."""
    return address.thread.partition("/")[0] if address.thread else None


def person_of(address: Address) -> str:
    """Whose conversation an address names."""
    return address.thread.partition("/")[2] if address.thread else address.chat_id


def to_text(text: str, us: WorkspaceIdentity) -> str:
    """What a person typed: without Slack's escapes, our own name left out, links with their addresses."""
    named = f"<@{us.bot_user_id}>"
    bare = re.sub(rf"{re.escape(named)}[,:]?\s*", " ", text) if us.bot_user_id else text
    shown = _ENTITY.sub(_readable, bare)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _readable(entity: re.Match[str]) -> str:
    sign, target, label = entity.groups()
    if sign == "!":
        return label or f"@{target.partition('^')[0]}"
    if sign:
        return f"{sign}{(label or target).lstrip('@#')}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label in (address, target) else f"{label} ({address})"


def command_of(text: str) -> tuple[str | None, str | None]:
    """The payload of a typed `/staffel …`, and the token of a link from another channel."""
    if follow := _FOLLOW.fullmatch(text):
        return None, follow.group(1)
    name, _, rest = text.partition(" ")
    if name.lower() != "/staffel":
        return None, None
    return COMMANDS.get(rest.strip().lower()), None


def attachments_of(message: Json) -> tuple[Attachment, ...]:
    """The files of a message. Those Slack hides from us (its plan's limit) have no content and are left out."""
    files = message.get("files") or ()
    return tuple(_attachment(file) for file in files if file.get("mode") not in ("tombstone", "hidden_by_limit"))


def _attachment(file: Json) -> Attachment:
    media_type = str(file.get("mimetype") or "")
    return Attachment(
        kind=_kind(file, media_type),
        external_id=str(file["id"]),
        name=str(file.get("name") or file.get("title") or ""),
        media_type=media_type,
        size=file.get("size") if isinstance(file.get("size"), int) else None,
    )


def _kind(file: Json, media_type: str) -> AttachmentKind:
    if file.get("subtype") == "slack_audio" or media_type.startswith("audio/"):
        return AttachmentKind.VOICE
    if file.get("subtype") == "slack_video" or media_type.startswith("video/"):
        return AttachmentKind.VIDEO
    return AttachmentKind.PHOTO if media_type.startswith("image/") else AttachmentKind.DOCUMENT
