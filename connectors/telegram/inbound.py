"""Hands in what an update means, and sees to what Telegram wants to hear afterwards, in the background."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from connectors.contract import InboundEdit, InboundMessage, Inbox, Reachability
from connectors.contract.background_work import BackgroundWork
from connectors.telegram.parse import BotIdentity, ButtonPress, ChatMigration, News, parse_update
from connectors.telegram.words import words

log = logging.getLogger(__name__)

_CHOSEN = "✓ "
PASSED_ON = "👀"
"""One of the signs that Telegram lets bots put on a message. https://core.telegram.org/bots/api#setmessagereaction"""

UseBot = Callable[[str], AbstractAsyncContextManager[Bot]]


class UpdateReceiver:
    """The way of an update of one bot, by webhook or by polling: understood, stored, and only then done."""

    def __init__(self, inbox: Inbox, use_bot: UseBot, afterwards: BackgroundWork) -> None:
        self._inbox = inbox
        self._use_bot = use_bot
        self._afterwards = afterwards

    async def receive(self, update: Mapping[str, Any], us: BotIdentity) -> None:
        """Store what an update says. What can never be stored is logged by its id and passed over.

        Raises what the inbox raises when the same update may be stored another time.
        """
        try:
            news = parse_update(update, us, datetime.now(UTC))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("telegram: update %s can't be read (%s)", _id_of(update), type(error).__name__)
            return
        if news is None:
            return
        try:
            await self._store(news, us)
        except Exception as error:
            if not is_refusal(error):
                raise
            log.info("telegram: update %s was refused (%s)", _id_of(update), getattr(error, "code", ""))

    async def _store(self, news: News, us: BotIdentity) -> None:
        match news:
            case InboundMessage():
                receipt = await self._inbox.receive(news)
                if receipt.with_agent:
                    self._afterwards.start(self._mark_passed_on(news, us), "marking a message")
            case InboundEdit():
                await self._inbox.edit(news)
            case Reachability():
                await self._inbox.reach(news)
            case ChatMigration():
                await self._inbox.move(news.old, news.chat_id)
            case ButtonPress():
                await self._press(news, us)

    async def _mark_passed_on(self, message: InboundMessage, us: BotIdentity) -> None:
        """Nobody speaks beside an agent, so a sign on the message says that it is with them."""
        async with self._use_bot(us.account) as bot:
            await bot.set_message_reaction(
                chat_id=int(message.address.chat_id),
                message_id=int(message.external_id.rpartition(":")[2]),
                reaction=PASSED_ON,
            )

    async def _press(self, press: ButtonPress, us: BotIdentity) -> None:
        """Have a choice carried out once. Whoever pressed hears at once what became of it."""
        said = words(press.language)
        if press.inbound is None:
            self._answer(press, us, said.not_yours)
            return
        try:
            await self._inbox.receive(press.inbound)
        except Exception as error:
            if is_refusal(error):
                self._answer(press, us, said.already_chosen)
            raise
        self._answer(press, us, None)
        self._afterwards.start(self._mark_chosen(press, us), "marking a choice")

    def _answer(self, press: ButtonPress, us: BotIdentity, text: str | None) -> None:
        self._afterwards.start(self._say(press, us, text), "answering a press")

    async def _say(self, press: ButtonPress, us: BotIdentity, text: str | None) -> None:
        async with self._use_bot(us.account) as bot:
            await bot.answer_callback_query(press.callback_id, text=text)

    async def _mark_chosen(self, press: ButtonPress, us: BotIdentity) -> None:
        async with self._use_bot(us.account) as bot:
            await bot.edit_message_reply_markup(
                chat_id=int(press.chat_id), message_id=press.message_id, reply_markup=keyboard_after(press)
            )


def keyboard_after(press: ButtonPress) -> InlineKeyboardMarkup | None:
    """Of the choices only the one that was made stays, ticked; links stay as they are."""
    rows: list[list[InlineKeyboardButton]] = []
    for row in press.keyboard:
        for button in row:
            text = str(button["text"])
            if button.get("url"):
                rows.append([InlineKeyboardButton(text=text, url=button["url"])])
            elif button.get("callback_data") == press.data:
                ticked = text if text.startswith(_CHOSEN) else _CHOSEN + text
                rows.append([InlineKeyboardButton(text=ticked, callback_data=press.data)])
    return InlineKeyboardMarkup(rows) if rows else None


def is_refusal(error: Exception) -> bool:
    """Whether the inbox has said no for good; what it can't store just now, or a fault, is worth another try."""
    code, status = getattr(error, "code", None), getattr(error, "status", 400)
    return (
        isinstance(code, str) and code not in ("unavailable", "slow_down") and isinstance(status, int) and status < 500
    )


def _id_of(update: Mapping[str, Any]) -> str:
    return str(update.get("update_id", "without an id"))[:20]
