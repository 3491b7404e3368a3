"""Sends a file with a message: a picture as one where Telegram takes it so, everything else as a document."""

from telegram import Bot, InputFile, MessageEntity
from telegram.error import BadRequest

from connectors.contract import Address, Author, FileKeeper, OutboundFile, OutboundMessage
from connectors.telegram.delivery import external_id_in
from connectors.telegram.parse import topic_of
from connectors.telegram.styled_text import units

MAX_PHOTO_BYTES = 10 * 1024 * 1024
#: https://core.telegram.org/bots/api#sendphoto
MAX_PHOTO_SIDES, MAX_PHOTO_RATIO = 10_000, 20
MAX_CAPTION = 1_024
WRITE_SECONDS = 60.0
_MOVING = "image/gif"


def caption_of(message: OutboundMessage, at: int) -> str:
    """Who sends it, where no words say so: of the first file of an agent's message without any."""
    is_signed = at == 0 and not message.text and message.author == Author.AGENT and message.author_name
    return message.author_name[:MAX_CAPTION] if is_signed else ""


async def send_file(bot: Bot, address: Address, file: OutboundFile, files: FileKeeper, caption: str) -> str:
    """Send a file; its id is `chat:message`. Raises `Undeliverable` when it has been erased."""
    content = b"".join([piece async for piece in files.read(file.key)])
    if _is_photo(file):
        try:
            return await _send(bot, address, "photo", file, content, caption)
        except BadRequest as refused:
            if not _is_about_picture(refused):
                raise
    return await _send(bot, address, "document", file, content, caption)


def _is_photo(file: OutboundFile) -> bool:
    width, height = file.width or 0, file.height or 0
    if not width or not height or file.media_type == _MOVING or file.size > MAX_PHOTO_BYTES:
        return False
    return width + height <= MAX_PHOTO_SIDES and max(width, height) <= MAX_PHOTO_RATIO * min(width, height)


def _is_about_picture(refused: BadRequest) -> bool:
    """Telegram took nothing, because of what the picture is."""
    return any(sign in refused.message.lower() for sign in ("photo", "image_process", "dimensions"))


async def _send(bot: Bot, address: Address, kind: str, file: OutboundFile, content: bytes, caption: str) -> str:
    bold = MessageEntity(type="bold", offset=0, length=units(caption)) if caption else None
    wanted = {
        "chat_id": int(address.chat_id),
        kind: InputFile(content, filename=file.name),
        "caption": caption or None,
        "caption_entities": [bold] if bold else None,
        "message_thread_id": topic_of(address),
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    echo: object = await bot._post(f"send{kind.capitalize()}", given, write_timeout=WRITE_SECONDS)
    return external_id_in(echo, address)
