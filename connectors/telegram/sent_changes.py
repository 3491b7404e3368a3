"""Changes what the bot has sent: new words for a part, or none at all. Doing so twice does no harm."""

from telegram import Bot
from telegram.error import BadRequest

from connectors.contract import Address, OutboundMessage, SentPart, Undeliverable
from connectors.contract.sent_changes import next_change
from connectors.telegram.delivery import NO_PREVIEW, simpler
from connectors.telegram.rendering import RenderedPart

_SAME = "message is not modified"
_GONE = "message to delete not found"
_NOT_KNOWN = "Telegram didn't say which message it was, so it can't be changed."


async def change_next(bot: Bot, message: OutboundMessage, rendered: list[RenderedPart]) -> SentPart:
    """Change the next part of a message that has gone out: its words are replaced, what is left over is removed.

    Raises `Undeliverable`, and what the Bot API's client raises.
    """
    change = next_change(message, len(rendered), unknown=_NOT_KNOWN)
    if change.is_removed:
        await _remove(bot, message.address, change.external_id)
    elif change.words is not None:
        await _edit(bot, message.address, change.external_id, rendered[change.words])
    return change.done


async def _edit(bot: Bot, address: Address, external_id: str, part: RenderedPart) -> None:
    try:
        await _post_edit(bot, address, external_id, part)
    except BadRequest as refused:
        if _SAME in refused.message.lower():
            return
        plainer = simpler(part, refused.message.lower())
        if plainer is None:
            raise
        await _post_edit(bot, address, external_id, plainer)


async def _post_edit(bot: Bot, address: Address, external_id: str, part: RenderedPart) -> None:
    wanted = {
        **_place(address, external_id),
        "text": part.text,
        "entities": part.entities or None,
        "reply_markup": part.keyboard,
        "link_preview_options": NO_PREVIEW,
    }
    await bot._post("editMessageText", {name: value for name, value in wanted.items() if value is not None})


async def _remove(bot: Bot, address: Address, external_id: str) -> None:
    try:
        await bot._post("deleteMessage", _place(address, external_id))
    except BadRequest as refused:
        if _GONE not in refused.message.lower():
            raise


def _place(address: Address, external_id: str) -> dict[str, int]:
    """Where the message is: a chat may have moved since, and then its old id is gone with it."""
    chat, _, message = external_id.rpartition(":")
    if not message.isdigit():
        raise Undeliverable(_NOT_KNOWN)
    return {"chat_id": int(chat or address.chat_id), "message_id": int(message)}
