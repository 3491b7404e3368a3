"""Telegram through python-telegram-bot: webhook or polling in, the outbox's parts out. Durability is helpdesk's."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import httpx
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from connectors.contract import (
    Account,
    Accounts,
    Address,
    Attachment,
    Channel,
    FileKeeper,
    Inbox,
    Leader,
    OutboundMessage,
    RetryLater,
    SendLimit,
    SentPart,
    Undeliverable,
)
from connectors.contract.background_work import BackgroundWork
from connectors.contract.flood_history import FloodHistory
from connectors.telegram.api_client import is_unknown_token, translate_errors
from connectors.telegram.buttons import ChoiceSigner
from connectors.telegram.clients import NOT_CONNECTED, BotClients
from connectors.telegram.delivery import is_group, limits_of, send_part
from connectors.telegram.file_sending import caption_of, send_file
from connectors.telegram.inbound import UpdateReceiver
from connectors.telegram.parse import BotIdentity, topic_of
from connectors.telegram.polling import NO_LONGER_ACCEPTED, PollingPace, UpdatePoller
from connectors.telegram.rendering import RenderedPart, render
from connectors.telegram.sent_changes import change_next
from connectors.telegram.webhook import Webhook

log = logging.getLogger(__name__)

POLLING = "polling"
_LOOK_EVERY = 2.0  # seconds between looks for newly connected bots
_DOWNLOAD_WITHIN = 60.0
_PIECE = 64 * 1024


class TelegramConnector:
    """The channel `telegram`."""

    channel = Channel.TELEGRAM

    def __init__(
        self,
        accounts: Accounts,
        leader: Leader,
        *,
        secret_key: str,
        origin: str,
        files: FileKeeper,
        api_url: str = "",
        patience: timedelta = timedelta(hours=6),
        pace: PollingPace | None = None,
    ) -> None:
        """`patience`: how old a message may be for the bot to answer it; an older one is held for a person."""
        self._accounts = accounts
        self._leader = leader
        self._files = files
        self._signer = ChoiceSigner(secret_key)
        self._patience = patience
        self.pace = pace or PollingPace()
        self._clients = BotClients(accounts, api_url)
        self._floods = FloodHistory()
        self.origin = origin
        self.afterwards = BackgroundWork("telegram", TelegramError)

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The webhook, one path for each bot."""
        return [Webhook(self._accounts, self._receiver(inbox), self.introduce).route()]

    async def run(self, inbox: Inbox) -> None:
        """Ask for the updates of every bot that is connected by polling, where this instance leads."""
        receiver = self._receiver(inbox)
        tasks: dict[str, tuple[Account, asyncio.Task[None]]] = {}
        try:
            while True:
                await self._follow_accounts(receiver, tasks)
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            for _, task in tasks.values():
                task.cancel()
            await asyncio.gather(*(task for _, task in tasks.values()), return_exceptions=True)

    async def close(self) -> None:
        """Close the bots' clients, once nobody calls them any more."""
        await self.afterwards.finish()
        await self._clients.close()

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """Telegram's, from its FAQ for bots."""
        return limits_of(address)

    async def send(self, message: OutboundMessage) -> SentPart:
        """Send the next part. Telegram can't be asked whether a doubtful one arrived: it is sent once more."""
        parts = render(message, self._signer) if message.text or not message.files else []
        if message.change is not None:
            async with self._calling(message.address.account, message.address.lane) as bot:
                return await change_next(bot, message, parts)
        at, count = len(message.parts), len(parts) + len(message.files)
        if at >= count:
            if not count:
                raise Undeliverable("There was nothing in the message that Telegram could show.")
            return SentPart(external_id=message.parts[-1])
        if at < len(parts):
            external_id = await self._send(message, parts[at], first=at == 0)
        else:
            external_id = await self._send_file(message, at - len(parts))
        return SentPart(external_id=external_id, more=at + 1 < count)

    async def _send_file(self, message: OutboundMessage, at: int) -> str:
        address, file = message.address, message.files[at]
        async with self._calling(address.account, address.lane) as bot:
            return await send_file(bot, address, file, self._files, caption_of(message, at))

    async def _send(self, message: OutboundMessage, part: RenderedPart, *, first: bool) -> str:
        address = message.address
        reply_to = _message_id(message.reply_to) if first and is_group(address) else None
        async with self._calling(address.account, address.lane) as bot:
            return await send_part(bot, address, part, reply_to)

    async def show_typing(self, address: Address) -> None:
        """Telegram shows it for five seconds."""
        with suppress(TelegramError, Undeliverable):
            async with self._clients.using(address.account) as bot:
                await bot.send_chat_action(int(address.chat_id), "typing", message_thread_id=topic_of(address))

    async def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """A file of at most 20 MB; Telegram gives out no larger ones."""
        async with self._calling(account, f"files:{account}") as bot:
            file = await bot.get_file(attachment.external_id)
        try:
            async for piece in _download(file.file_path or ""):
                yield piece
        except httpx.HTTPError as error:
            raise RetryLater(5, f"the file didn't come through ({type(error).__name__})") from None

    def introduce(self, account: Account) -> BotIdentity:
        """Who we are to the updates of an account."""
        return BotIdentity(
            account=account.id,
            username=account.settings.get("username", ""),
            signer=self._signer,
            patience=self._patience,
        )

    def _receiver(self, inbox: Inbox) -> UpdateReceiver:
        return UpdateReceiver(inbox, self._clients.using, self.afterwards)

    @asynccontextmanager
    async def _calling(self, account_id: str, lane: str) -> AsyncIterator[Bot]:
        """A bot to call; what goes wrong meanwhile is raised as the outbox knows it."""
        async with self._clients.using(account_id) as bot:
            try:
                with translate_errors(account_id, lane, self._floods):
                    yield bot
            except InvalidToken as error:
                raise await self._refused(account_id, error) from None

    async def _refused(self, account_id: str, error: InvalidToken) -> Undeliverable | RetryLater:
        """The token is no good any more, unless something between us and Telegram says so."""
        if not is_unknown_token(error):
            return RetryLater(30, "the Bot API answers 404", account=True)
        await self._accounts.close(Channel.TELEGRAM, account_id, NO_LONGER_ACCEPTED)
        return Undeliverable(NOT_CONNECTED)

    async def _follow_accounts(
        self, receiver: UpdateReceiver, tasks: dict[str, tuple[Account, asyncio.Task[None]]]
    ) -> None:
        """Start what was connected, stop what was disconnected or changed."""
        try:
            wanted = {
                account.id: account for account in await self._accounts.every(Channel.TELEGRAM) if _polls(account)
            }
        except Exception as error:
            log.warning("telegram: accounts can't be read (%s)", type(error).__name__)
            return
        for account_id, (account, task) in list(tasks.items()):
            if account_id not in wanted or not _is_same(wanted[account_id], account):
                task.cancel()
                del tasks[account_id]
        for account_id, account in wanted.items():
            if account_id not in tasks or tasks[account_id][1].done():
                bot = self._clients.of(account_id, account.secrets["token"])
                polling = UpdatePoller(self._accounts, receiver, self.pace)
                work = partial(polling.run, account, bot, self.introduce)
                task = asyncio.create_task(self._leader.lead(f"telegram:{account_id}", work))
                tasks[account_id] = (account, task)


def _polls(account: Account) -> bool:
    return account.settings.get("mode") == POLLING and bool(account.secrets.get("token"))


def _is_same(one: Account, other: Account) -> bool:
    def identity(account: Account) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return account.secrets, account.settings

    return identity(one) == identity(other)


def _message_id(external_id: str | None) -> int | None:
    """The message in `chat:message`; a press has no message of its own."""
    chat, _, message = (external_id or "").rpartition(":")
    return int(message) if chat.lstrip("-").isdigit() and message.isdigit() else None


async def _download(url: str) -> AsyncIterator[bytes]:
    async with httpx.AsyncClient(timeout=_DOWNLOAD_WITHIN) as client, client.stream("GET", url) as response:
        if response.status_code in (404, 410):
            raise Undeliverable("Telegram doesn't have this file any more.")
        if response.status_code != 200:
            raise RetryLater(5, f"the file's address answers {response.status_code}")
        async for piece in response.aiter_bytes(_PIECE):
            yield piece
