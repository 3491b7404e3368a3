"""Sends one part of a message, and puts up with what Telegram may not like about its form."""

from collections.abc import Mapping

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest

from connectors.contract import Address, SendLimit
from connectors.telegram.parse import topic_of
from connectors.telegram.rendering import RenderedPart

OVERALL_COUNT, OVERALL_SECONDS = 3, 0.15
"""Telegram's FAQ says about 30 a second. Twenty in short windows leave room for what arrives in bunches."""
GROUP_PER_MINUTE = 20
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_BAD_MARKS = ("can't parse entities", "entity", "entities")
_BAD_BUTTONS = ("button_url_invalid", "wrong http url", "url host is empty", "button url")


def limits_of(address: Address) -> tuple[SendLimit, ...]:
    """30 a second overall, one a second for a chat, 20 a minute for a group (https://core.telegram.org/bots/faq)."""
    overall = SendLimit(key=f"telegram:{address.account}", count=OVERALL_COUNT, seconds=OVERALL_SECONDS)
    chat = SendLimit(key=address.lane, count=1, seconds=1)
    if not is_group(address):
        return (overall, chat)
    return (overall, chat, SendLimit(key=f"{address.lane}:minute", count=GROUP_PER_MINUTE, seconds=60))


def is_group(address: Address) -> bool:
    """Groups have negative ids."""
    return address.chat_id.startswith("-")


async def send_part(bot: Bot, address: Address, part: RenderedPart, reply_to: int | None) -> str:
    """Send it; its id is `chat:message`, and ends with the colon where Telegram's echo doesn't tell the message.

    Marks or links that Telegram refuses are left out in a second call: the first surely arrived nowhere.
    """
    try:
        return await _send(bot, address, part, reply_to)
    except BadRequest as refused:
        plainer = simpler(part, refused.message.lower())
        if plainer is None:
            raise
    return await _send(bot, address, plainer, reply_to)


def simpler(part: RenderedPart, complaint: str) -> RenderedPart | None:
    """The part without what Telegram complains of, or `None` where that is something else."""
    if part.keyboard and any(sign in complaint for sign in _BAD_BUTTONS):
        rows = [[button for button in row if not button.url] for row in part.keyboard.inline_keyboard]
        kept = [row for row in rows if row]
        return RenderedPart(
            text=part.text, entities=part.entities, keyboard=InlineKeyboardMarkup(kept) if kept else None
        )
    if part.entities and any(sign in complaint for sign in _BAD_MARKS):
        return RenderedPart(text=part.text, entities=(), keyboard=part.keyboard)
    return None


async def _send(bot: Bot, address: Address, part: RenderedPart, reply_to: int | None) -> str:
    """The SDK's own `send_message` breaks on an echo that it can't read, and the message would be sent once more."""
    wanted = {
        "chat_id": int(address.chat_id),
        "text": part.text,
        "entities": part.entities or None,
        "reply_markup": part.keyboard,
        "message_thread_id": topic_of(address),
        "link_preview_options": NO_PREVIEW,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
    echo: object = await bot._post("sendMessage", {name: value for name, value in wanted.items() if value is not None})
    return external_id_in(echo, address)


def external_id_in(echo: object, address: Address) -> str:
    """The id of what was sent, from whatever Telegram answered."""
    message = echo.get("message_id") if isinstance(echo, Mapping) else None
    chat = echo.get("chat") if isinstance(echo, Mapping) else None
    chat_id = chat.get("id") if isinstance(chat, Mapping) else None
    where = chat_id if isinstance(chat_id, int) else address.chat_id
    return f"{where}:{message if isinstance(message, int) else ''}"
