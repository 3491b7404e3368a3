"""What Telegram's updates mean to us: pure functions of the update, our own name there, and the clock.

Shapes as at https://core.telegram.org/bots/api#update. What an update carries beyond them is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.contract import (
    ASK_HELP,
    COMMANDS,
    START,
    Address,
    Channel,
    InboundEdit,
    InboundMessage,
    Introduction,
    Reachability,
)
from connectors.telegram.attachments import attachments_of, text_of
from connectors.telegram.buttons import ChoiceSigner

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram for; everything else we would pass over anyway."""
TOO_OLD = "too_old"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,32}))?(?:\s+(.*))?", re.DOTALL)
_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_GROUPS = ("group", "supergroup")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotIdentity:
    """Our end: the bot's id, its username without @, how buttons are signed, how old a message may be."""

    account: str
    username: str
    signer: ChoiceSigner
    patience: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPress:
    """A button was pressed. `inbound` is `None` when it isn't one of ours for this person.

    `keyboard` is what stands under the message, rows of buttons as Telegram gave them.
    """

    callback_id: str
    language: str | None
    inbound: InboundMessage | None = None
    chat_id: str = ""
    message_id: int = 0
    data: str = ""
    keyboard: Sequence[Sequence[Json]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMigration:
    """A group has become a supergroup."""

    old: Address
    chat_id: str


News = InboundMessage | InboundEdit | ButtonPress | Reachability | ChatMigration


def parse_update(update: Json, us: BotIdentity, time: datetime) -> News | None:
    """What the update means, `None` when it doesn't concern us. Raises KeyError, TypeError, ValueError if malformed."""
    if message := update.get("message"):
        return _moved(message, us) or _message(message, us, time)
    if message := update.get("edited_message"):
        return _edit(message, us, time, update["update_id"])
    if query := update.get("callback_query"):
        return _press(query, us)
    if member := update.get("my_chat_member"):
        return _reachability(member, us, update["update_id"])
    return None


def _moved(message: Json, us: BotIdentity) -> ChatMigration | None:
    here = str(message["chat"]["id"])
    if new := message.get("migrate_to_chat_id"):
        return ChatMigration(old=_address(us, here, None), chat_id=str(new))
    if old := message.get("migrate_from_chat_id"):
        return ChatMigration(old=_address(us, str(old), None), chat_id=here)
    return None


def _message(message: Json, us: BotIdentity, time: datetime) -> InboundMessage | None:
    writer = _writer(message)
    if writer is None or "via_bot" in message or message.get("is_automatic_forward"):
        return None
    if message["chat"]["type"] in _GROUPS:
        if not is_addressed(message, us):
            return None
    elif message["chat"]["type"] != "private":
        return None
    attachments = attachments_of(message)
    text = without_mention(text_of(message), us.username) if message["chat"]["type"] in _GROUPS else text_of(message)
    if not text and not attachments:
        return _greeted_by_mention(message, us, writer, time)
    payload, link = (None, None) if "forward_origin" in message else command_of(text, us.username)
    return InboundMessage(
        address=_address_of(message, us, writer),
        contact_id=writer.id,
        external_id=_external_id(message),
        text=text,
        payload=payload,
        link=link,
        attachments=attachments,
        contact_name=writer.name,
        introduction=Introduction(language=writer.language),
        held=TOO_OLD if _is_too_old(message, us, time) else None,
        album=str(message["media_group_id"])[:64] if "media_group_id" in message else None,
    )


def _greeted_by_mention(
    message: Json, us: BotIdentity, writer: "MessageWriter", time: datetime
) -> InboundMessage | None:
    """Nothing but our name in a group: who calls wants to know what is possible here."""
    if not _words_of(message):
        return None
    return InboundMessage(
        address=_address_of(message, us, writer),
        contact_id=writer.id,
        external_id=_external_id(message),
        text=f"@{us.username}",
        payload=ASK_HELP,
        contact_name=writer.name,
        introduction=Introduction(language=writer.language),
        held=TOO_OLD if _is_too_old(message, us, time) else None,
    )


def _edit(message: Json, us: BotIdentity, time: datetime, update_id: int) -> InboundEdit | None:
    """New words. A live location is "edited" every few seconds; its new places are no words."""
    if not _words_of(message):
        return None
    new = _message(message, us, time)
    return InboundEdit(message=new, edit_id=f"{message.get('edit_date', 0)}:{update_id}") if new else None


def _press(query: Json, us: BotIdentity) -> ButtonPress | None:
    message = query.get("message")
    if not message:
        return None  # under a message that was sent through us into a foreign chat
    person = _person(query["from"])
    address = _address_of(message, us, person)
    data = query.get("data", "")
    tap = us.signer.verify(address, data)
    inbound = InboundMessage(
        address=address,
        contact_id=person.id,
        external_id=f"callback:{query['id']}",
        tap=tap,
        contact_name=person.name,
        introduction=Introduction(language=person.language),
    )
    return ButtonPress(
        callback_id=query["id"],
        language=query["from"].get("language_code"),
        inbound=inbound if tap else None,
        chat_id=address.chat_id,
        message_id=message["message_id"],
        data=data,
        keyboard=message.get("reply_markup", {}).get("inline_keyboard", ()),
    )


def _reachability(member: Json, us: BotIdentity, update_id: int) -> Reachability | None:
    """In a group nobody in particular is shut out; what is sent there fails and says so."""
    if member["chat"]["type"] != "private":
        return None
    chat_id = str(member["chat"]["id"])
    return Reachability(
        address=_address(us, chat_id, None),
        contact_id=chat_id,
        event_id=f"update:{update_id}",
        reachable=member["new_chat_member"]["status"] not in ("kicked", "left"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWriter:
    """Who wrote: a person, or a chat on whose behalf somebody writes without a name."""

    id: str
    thread: str
    name: str | None
    language: str | None


def _writer(message: Json) -> MessageWriter | None:
    """`None` for other bots. A group's anonymous admins and channels write through `sender_chat`."""
    if chat := message.get("sender_chat"):
        name = message.get("author_signature") or chat.get("title")
        return MessageWriter(id=f"chat:{chat['id']}", thread=f"c{chat['id']}", name=name, language=None)
    sender = message.get("from")
    return None if not sender or sender.get("is_bot") else _person(sender)


def _person(sender: Json) -> MessageWriter:
    name = " ".join(part for part in (sender.get("first_name"), sender.get("last_name")) if part)
    language = (sender.get("language_code") or "").split("-")[0].lower()
    return MessageWriter(id=str(sender["id"]), thread=f"u{sender['id']}", name=name or None, language=language or None)


def _address_of(message: Json, us: BotIdentity, writer: MessageWriter) -> Address:
    """One conversation for each person in a private chat, and for each person and topic in a group."""
    topic = f"t{message['message_thread_id']}" if message.get("is_topic_message") else ""
    in_group = message["chat"]["type"] in _GROUPS
    thread = "/".join(part for part in (writer.thread if in_group else "", topic) if part)
    return _address(us, str(message["chat"]["id"]), thread or None)


def topic_of(address: Address) -> int | None:
    """The forum topic that an address of ours names."""
    last = (address.thread or "").rpartition("/")[2]
    return int(last[1:]) if last.startswith("t") else None


def _address(us: BotIdentity, chat_id: str, thread: str | None) -> Address:
    return Address(channel=Channel.TELEGRAM, account=us.account, chat_id=chat_id, thread=thread)


def _external_id(message: Json) -> str:
    return f"{message['chat']['id']}:{message['message_id']}"


def _is_too_old(message: Json, us: BotIdentity, time: datetime) -> bool:
    written = message.get("edit_date") or message["date"]
    return time - datetime.fromtimestamp(written, UTC) > us.patience


def is_addressed(message: Json, us: BotIdentity) -> bool:
    """Whether words in a group are meant for us: our name, an answer to us, or a command of ours."""
    replied = message.get("reply_to_message", {}).get("from", {})
    if str(replied.get("id", "")) == us.account:
        return True
    if "forward_origin" in message:
        return False
    words = _words_of(message)
    if any(_mentions(entity, words, us) for entity in _entities_of(message)):
        return True
    command = _COMMAND.fullmatch(words.strip())
    if command is None:
        return False
    name, bot, _ = command.groups()
    return bot.lower() == us.username.lower() if bot else name.lower() in COMMANDS


def _mentions(entity: Json, words: str, us: BotIdentity) -> bool:
    if entity["type"] == "text_mention":
        return str(entity["user"]["id"]) == us.account
    return entity["type"] == "mention" and _stretch(words, entity).lower() == f"@{us.username}".lower()


def _stretch(words: str, entity: Json) -> str:
    """The words that an entity covers; Telegram counts in UTF-16 units."""
    encoded = words.encode("utf-16-le", "surrogatepass")
    start = entity["offset"] * 2
    return encoded[start : start + entity["length"] * 2].decode("utf-16-le", "replace")


def without_mention(text: str, username: str) -> str:
    """`text` as it would have been written to us alone."""
    bare = re.sub(rf"@{re.escape(username)}\b[,:]?", "", text, flags=re.IGNORECASE)
    return bare.strip() if bare != text else text


def command_of(text: str, username: str) -> tuple[str | None, str | None]:
    """The payload of a command of ours, and what the link said with which somebody began."""
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return None, None
    name, bot, rest = command.groups()
    if bot and bot.lower() != username.lower():
        return None, None
    payload = COMMANDS.get(name.lower())
    link = rest.strip() if payload == START and rest and _LINK.fullmatch(rest.strip()) else None
    return payload, link


def _words_of(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _entities_of(message: Json) -> Sequence[Json]:
    found: Sequence[Json] = message.get("entities") or message.get("caption_entities") or ()
    return found
