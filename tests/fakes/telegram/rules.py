"""What the Bot API refuses, with its words. Stricter than Telegram where it would silently drop what we sent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

MAX_TEXT_LENGTH = 4096  # UTF-16 units
MAX_BYTES = 32_768
_MARKS = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "text_mention"}
_QUOTES = {"blockquote", "expandable_blockquote"}
_FOUND_BY_TELEGRAM = {"mention", "hashtag", "url", "email", "phone_number", "bot_command"}
_ENTITY_TYPES = frozenset(_MARKS | _QUOTES | _FOUND_BY_TELEGRAM)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_PORTS = (None, 443, 80, 88, 8443)

Json = Mapping[str, Any]


class TelegramRefusal(Exception):
    """The answer is `status` with `description`; `parameters` as in ResponseParameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str) -> TelegramRefusal:
    """400."""
    return TelegramRefusal(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(text: str, entities: Sequence[Json]) -> None:
    """A text that can be sent, with entities that lie within it."""
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > MAX_TEXT_LENGTH or len(text.encode()) > MAX_BYTES:
        raise bad("message is too long")
    if len(entities) > 100:
        raise bad("can't parse entities: too many entities")
    edges = _edges(text)
    for entity in entities:
        _check_entity(entity, edges)
    _check_nesting(entities)


def _edges(text: str) -> set[int]:
    """Offsets at which a character begins or ends: never inside a surrogate pair."""
    edges, position = {0}, 0
    for sign in text:
        position += 2 if ord(sign) > 0xFFFF else 1
        edges.add(position)
    return edges


def _check_entity(entity: Json, edges: set[int]) -> None:
    start, length = entity["offset"], entity["length"]
    if entity["type"] not in _ENTITY_TYPES:
        raise bad(f"can't parse entities: unknown type {entity['type']}")
    if length <= 0 or start not in edges or start + length not in edges:
        raise bad("can't parse entities: an entity begins or ends outside the text or inside a character")
    if entity["type"] == "text_link" and urlsplit(entity.get("url", "")).scheme not in ("http", "https", "tg"):
        raise bad("can't parse entities: a link without an address")


def _check_nesting(entities: Sequence[Json]) -> None:
    spans = [(entity["offset"], entity["offset"] + entity["length"], entity["type"]) for entity in entities]
    for at, (start, end, kind) in enumerate(spans):
        for other_start, other_end, other_kind in spans[at + 1 :]:
            if end <= other_start or other_end <= start:
                continue
            if not (start <= other_start and other_end <= end) and not (other_start <= start and end <= other_end):
                raise bad("can't parse entities: entities overlap without one being inside the other")
            if "blockquote" in kind and "blockquote" in other_kind:
                raise bad("can't parse entities: a quote inside a quote")


def check_keyboard(markup: Json | None) -> None:
    """An inline keyboard of buttons with exactly one meaning each."""
    if markup is None:
        return
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > 100:
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Json) -> None:
    if not button.get("text", "").strip():
        raise bad("inline keyboard button text is empty")
    if ("url" in button) == ("callback_data" in button):
        raise bad("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        parts = urlsplit(button["url"])
        if parts.scheme not in ("http", "https", "tg") or "." not in (parts.hostname or ""):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def check_webhook(url: str, secret: str, most_connections: int) -> None:
    """https, one of four ports, and a secret of the allowed signs."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in _PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= most_connections <= 100:
        raise bad("max_connections must be between 1 and 100")


def check_commands(commands: Iterable[Json]) -> None:
    """Lower case, each with a description."""
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def check_photo(content: bytes) -> None:
    """https://core.telegram.org/bots/api#sendphoto"""
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except OSError:
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
