"""Calls to the Bot API through python-telegram-bot, and what their errors mean to us."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from connectors.contract import ChatMoved, DeliveryUnclear, RetryLater, Undeliverable
from connectors.contract.flood_history import FloodHistory

PUBLIC_API = "https://api.telegram.org"
CALL_WITHIN = 10.0  # seconds for one call
_AGAIN_AFTER = 1.5  # seconds; the outbox adds growing patience and jitter
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_TOKEN = re.compile(r"\b(?:bot)?(\d{3,20}):[A-Za-z0-9_-]{20,}")


class TokenFilter(logging.Filter):
    """Addresses of the Bot API hold the token; libraries that log addresses shall not log it."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        hidden = without_tokens(line)
        if hidden != line:
            record.msg, record.args = hidden, ()
        return True


def without_tokens(text: str) -> str:
    """`text` with every bot token in it reduced to the bot's id."""
    return _TOKEN.sub(r"\1:…", text)


def hide_tokens_in_logs() -> None:
    """Have the loggers of our libraries hide tokens; calling it again changes nothing."""
    for name in ("httpx", "httpcore.http11", "httpcore.connection", "telegram.Bot", "telegram.request.BaseRequest"):
        logger = logging.getLogger(name)
        if not any(isinstance(present, TokenFilter) for present in logger.filters):
            logger.addFilter(TokenFilter())
    # It quotes whole answers that it can't read, and with them what people wrote; we say that one was unclear.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)


def make_bot(token: str, api_url: str = "", *, read_timeout: float = CALL_WITHIN) -> Bot:
    """A client for one bot. `api_url` is that of another Bot API server than the public one."""
    hide_tokens_in_logs()
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of itself at every 429
    base = (api_url or PUBLIC_API).rstrip("/")

    def request(size: int) -> HTTPXRequest:
        return LenientRequest(
            connection_pool_size=size,
            connect_timeout=5.0,
            pool_timeout=5.0,
            read_timeout=read_timeout,
            write_timeout=CALL_WITHIN,
        )

    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request(64),
        get_updates_request=request(1),
    )


class LenientRequest(HTTPXRequest):
    """The SDK's requests, for which an answer that says ok is one, whatever else it holds or lacks."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer; the SDK would break on one that is ok and has no result, as if nobody knew what became of it."""
        answer: object = HTTPXRequest.parse_json_payload(payload)
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return {"result": None} | answer if answer.get("ok") is True else answer


async def close_bot(bot: Bot) -> None:
    """Close a client's connections."""
    for request in bot._request:  # `Bot.shutdown` closes only what `Bot.initialize` has opened with a call of its own
        await request.shutdown()


@contextmanager
def translate_errors(account: str, lane: str, floods: FloodHistory) -> Iterator[None]:
    """What a failed call means for a delivery; `InvalidToken` is left to the caller, who knows the account."""
    try:
        yield
    except InvalidToken:
        raise
    except RetryAfter as wait:
        raise RetryLater(seconds_of(wait), "Telegram asks for patience", account=floods.note(account, lane)) from None
    except ChatMigrated as moved:
        raise ChatMoved(str(moved.new_chat_id)) from None
    except (BadRequest, Forbidden) as never:
        raise Undeliverable(plain_words(never.message)) from None
    except NetworkError as broken:
        raise _meaning_of(broken) from None
    except TelegramError as odd:
        raise DeliveryUnclear(f"an answer that can't be read ({type(odd).__name__})") from None


def seconds_of(wait: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    after = wait.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def _meaning_of(broken: NetworkError) -> RetryLater | DeliveryUnclear:
    cause = broken.__cause__
    if isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_SENT):
        return DeliveryUnclear(f"the line broke ({type(cause).__name__})")
    reason = "Telegram can't be reached" if isinstance(cause, _NOT_SENT) else "Telegram has a fault"
    return RetryLater(_AGAIN_AFTER, reason)


_PLAIN = (
    ("blocked by the user", "The customer has blocked the bot on Telegram."),
    ("user is deactivated", "The customer's Telegram account no longer exists."),
    ("chat not found", "Telegram doesn't know this chat any more."),
    ("kicked", "The bot was removed from this group."),
    ("not a member", "The bot is no longer in this group."),
    ("group chat was deactivated", "This group has been closed."),
    ("can't initiate conversation", "On Telegram the customer has to write first."),
    ("not enough rights", "The bot may not write in this group."),
    ("have no rights", "The bot may not write in this group."),
    ("topic_closed", "This topic of the group has been closed."),
    ("message thread not found", "This topic of the group has been deleted."),
    ("message to edit not found", "The customer has deleted this message."),
    ("message can't be edited", "Telegram no longer lets this message be changed."),
    ("message can't be deleted", "Telegram no longer lets this message be taken back."),
    ("text must be non-empty", "There was nothing in the message that Telegram could show."),
    ("file is too big", "The file is larger than the 20 MB that Telegram gives out."),
)


def plain_words(description: str) -> str:
    """What Telegram's refusal means, for an agent to read."""
    lowered = description.lower()
    for sign, words in _PLAIN:
        if sign in lowered:
            return words
    return f"Telegram refused the message: {without_tokens(description)[:200]}"


def is_unknown_token(error: InvalidToken) -> bool:
    """Whether the token itself was refused; a 404 may as well be the fault of an API server in between."""
    return "unauthorized" in error.message.lower()
