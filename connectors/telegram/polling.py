"""Asks Telegram for updates where it can't reach us: one instance alone, and each update until it is stored."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter

from connectors.contract import Account, Accounts
from connectors.telegram.api_client import is_unknown_token, seconds_of
from connectors.telegram.inbound import UpdateReceiver
from connectors.telegram.parse import ALLOWED_UPDATES, BotIdentity

log = logging.getLogger(__name__)

MAX_AT_ONCE = 100

WEBHOOK_ELSEWHERE = (
    "This bot sends its updates to a webhook, so that nobody can ask for them. "
    "Run `staffel connect telegram` again to have them come here."
)
SECOND_POLLER = (
    "Another program asks for this bot's updates, perhaps a second installation or a script with the same token. "
    "Stop it, or get a new token from @BotFather and connect again."
)
NO_LONGER_ACCEPTED = (
    "Telegram no longer accepts this bot's token. Get a new one from @BotFather and run `staffel connect telegram`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPace:
    """Seconds: how long Telegram may hold a question open, and how long we wait after what kind of trouble.

    `floor` lies between two questions that bring nothing new, should an endpoint not hold them open.
    """

    hold: float = 25.0
    after_conflict: float = 30.0
    after_fault: float = 3.0
    floor: float = 1.0


class UpdatePoller:
    """Asks for the updates of one bot. Telegram forgets an update when a later one is asked for: only once stored."""

    def __init__(self, accounts: Accounts, receiver: UpdateReceiver, pace: PollingPace) -> None:
        self._accounts = accounts
        self._receiver = receiver
        self._pace = pace

    async def run(self, account: Account, bot: Bot, introduce: Callable[[Account], BotIdentity]) -> None:
        """Ask and store until cancelled; returns when the token isn't good any more."""
        us = introduce(account)
        offset, problem = 0, account.problem
        while True:
            began = monotonic()
            try:
                updates = await self._ask(bot, offset)
            except InvalidToken as error:
                if is_unknown_token(error):
                    await self._accounts.close(account.channel, account.id, NO_LONGER_ACCEPTED)
                    return
                await asyncio.sleep(self._pace.after_conflict)
            except Conflict as error:
                problem = await self._tell(account, problem, _why(error))
                await asyncio.sleep(self._pace.after_conflict)
            except RetryAfter as wait:
                await asyncio.sleep(max(self._pace.floor, seconds_of(wait)))
            except Exception as error:
                log.info("telegram: bot %s can't be asked (%s)", account.id, type(error).__name__)
                await asyncio.sleep(self._pace.after_fault)
            else:
                problem = await self._tell(account, problem, None)
                before, offset = offset, await self._store(updates, us, offset)
                if offset == before:
                    await asyncio.sleep(max(0.0, self._pace.floor - (monotonic() - began)))

    async def _ask(self, bot: Bot, offset: int) -> Sequence[Mapping[str, Any]]:
        """The updates as Telegram sends them: the SDK's types refuse a whole batch for one that they don't know."""
        asked = {
            "offset": offset,
            "limit": MAX_AT_ONCE,
            "timeout": int(self._pace.hold),
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        url = f"{bot.base_url}/getUpdates?{urlencode(asked)}"
        found: Any = await bot.request.post(url, read_timeout=self._pace.hold + 10)
        return found if isinstance(found, list) else []

    async def _store(self, updates: Sequence[Mapping[str, Any]], us: BotIdentity, offset: int) -> int:
        """Store in order; the offset behind the last that is stored."""
        for update in updates:
            number = _number_of(update)
            if number is None:
                log.warning("telegram: an update for bot %s has no id", us.account)
                continue
            try:
                await self._receiver.receive(update, us)
            except Exception as error:
                log.warning("telegram: an update for bot %s wasn't stored (%s)", us.account, type(error).__name__)
                await asyncio.sleep(self._pace.after_fault)
                return offset
            offset = max(offset, number + 1)
        return offset

    async def _tell(self, account: Account, known: str | None, problem: str | None) -> str | None:
        """Let the admin see what is wrong, or that it's well again."""
        if problem == known:
            return known
        if problem:
            log.warning("telegram: bot %s: %s", account.id, problem)
        try:
            current = await self._accounts.find(account.channel, account.id)
            if current is not None:
                await self._accounts.save(replace(current, problem=problem))
        except Exception as error:
            log.warning("telegram: the problem of bot %s can't be stored (%s)", account.id, type(error).__name__)
            return known
        return problem


def _number_of(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if isinstance(number, int) else None


def _why(error: Conflict) -> str:
    return WEBHOOK_ELSEWHERE if "webhook" in error.message.lower() else SECOND_POLLER
