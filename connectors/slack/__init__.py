"""Slack through Bolt and slack_sdk: signed events or Socket Mode in, the outbox's parts out."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.routing import BaseRoute

from connectors.contract import (
    Account,
    Accounts,
    Address,
    Attachment,
    Channel,
    DeliveryUnclear,
    Faq,
    FileKeeper,
    Inbox,
    Leader,
    Nonces,
    OutboundFile,
    OutboundMessage,
    RetryLater,
    SendLimit,
    SentPart,
    Undeliverable,
)
from connectors.contract.background_work import BackgroundWork
from connectors.contract.flood_history import FloodHistory
from connectors.slack.api_client import (
    ACCESS_LOST,
    NOT_CONNECTED,
    SlackClient,
    SlackRateLimit,
    SlackRefusal,
    undeliverable_error,
)
from connectors.slack.bolt import BoltApp
from connectors.slack.buttons import GOOD_FOR, Buttons
from connectors.slack.delivery import PostSender
from connectors.slack.files import Files
from connectors.slack.inbound import ReceiverTools, SlackReceiver
from connectors.slack.installation import Installations, States
from connectors.slack.oauth import OAuthRoutes
from connectors.slack.parse import thread_ts_of
from connectors.slack.people import ProfileCache
from connectors.slack.rendering import render
from connectors.slack.routes import APP, SlackRoutes
from connectors.slack.sent_changes import change_next
from connectors.slack.socket_mode import SocketMode

ONE_POST_IN = 1.2
"""Seconds for one post in a channel. Slack allows one in 1; what leaves evenly arrives unevenly on a busy machine."""

log = logging.getLogger(__name__)

SOCKET = "socket"
"""The `mode` of the account "app" in an installation without a public address."""

_LOOK_EVERY = 5.0  # seconds between looks whether Socket Mode was switched on or off
_CHECK_EVERY = 3600.0  # seconds between looks whether the tokens still work


class SlackConnector:
    """The channel `slack`."""

    channel = Channel.SLACK

    def __init__(
        self,
        accounts: Accounts,
        leader: Leader,
        faq: Faq,
        nonces: Nonces,
        *,
        secret_key: str,
        origin: str,
        files: FileKeeper,
        api_url: str = "",
    ) -> None:
        self._accounts = accounts
        self._leader = leader
        self._kept = files
        self._slack = SlackClient(api_url)
        self._sender = PostSender(self._slack)
        self._floods = FloodHistory()
        self._files = Files(self._slack, api_url)
        self._buttons = Buttons(secret_key)
        states = States(secret_key, nonces)
        self._installing = OAuthRoutes(accounts, self._slack, states, secret_key=secret_key, origin=origin)
        self.afterwards = BackgroundWork("slack", SlackRefusal, RetryLater, DeliveryUnclear)
        self.people = ProfileCache(self._slack)
        self._tools = ReceiverTools(
            accounts=accounts,
            faq=faq,
            slack=self._slack,
            people=self.people,
            buttons=self._buttons,
            afterwards=self.afterwards,
            api_url=api_url,
        )

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """Events, presses, commands, and the two of an installation."""
        return [*SlackRoutes(self._accounts, self._bolt(inbox)).routes(), *self._installing.routes()]

    async def run(self, inbox: Inbox) -> None:
        """Socket Mode where it is switched on, and a look at the tokens now and then."""
        check = asyncio.create_task(self._lead_checks())
        try:
            await self._follow_mode(self._bolt(inbox))
        finally:
            check.cancel()
            await asyncio.gather(check, return_exceptions=True)

    async def close(self) -> None:
        """Wait for what is done in the background; each call closes its own line."""
        await self.afterwards.finish()

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """One post a second in each channel. https://docs.slack.dev/apis/web-api/rate-limits"""
        return (SendLimit(key=address.lane, count=1, seconds=ONE_POST_IN),)

    async def send(self, message: OutboundMessage) -> SentPart:
        """Post the next part."""
        account = await self._connected(message.address.account)
        has_words = bool(message.text) or not message.files
        posts = render(message, self._buttons, datetime.now(UTC) + GOOD_FOR, bot="@Staffel") if has_words else []
        at, count = len(message.parts), len(posts) + len(message.files)
        if at >= count and message.change is None:
            if not count:
                raise Undeliverable("There was nothing in the message that Slack could show.")
            return SentPart(external_id=message.parts[-1])
        try:
            token = account.secrets["bot_token"]
            if message.change is not None:
                return await change_next(self._slack, token, message, posts)
            if at < len(posts):
                external_id = await self._sender.post(token, message, posts[at])
            else:
                external_id = await self._send_file(token, message, message.files[at - len(posts)])
        except SlackRefusal as refused:
            raise await self._refused(account, refused) from None
        except SlackRateLimit as wait:
            is_flood = self._floods.note(account.id, message.address.lane)
            raise RetryLater(wait.after, str(wait), account=is_flood) from None
        return SentPart(external_id=external_id, more=at + 1 < count)

    async def _send_file(self, token: str, message: OutboundMessage, file: OutboundFile) -> str:
        channel = await self._sender.channel_of(token, message.address)
        content = b"".join([piece async for piece in self._kept.read(file.key)])
        file_id = await self._files.upload(token, channel, thread_ts_of(message.address), file, content)
        return f"{channel}:{file_id}"

    async def show_typing(self, address: Address) -> None:
        """Slack lets no bot show it outside of its assistant threads, which we don't use."""

    async def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """A file of at most 20 MB."""
        token = (await self._connected(account)).secrets["bot_token"]
        async for piece in self._files.fetch(token, attachment.external_id):
            yield piece

    def _bolt(self, inbox: Inbox) -> BoltApp:
        return BoltApp(SlackReceiver(inbox, self._tools), Installations(self._accounts), self._slack)

    async def _connected(self, account_id: str) -> Account:
        account = await self._accounts.find(Channel.SLACK, account_id)
        if account is None or not account.active or not account.secrets.get("bot_token"):
            raise Undeliverable(NOT_CONNECTED)
        return account

    async def _refused(self, account: Account, refused: SlackRefusal) -> Exception:
        """The end of a message; of the whole account, too, when the token is no good any more."""
        if refused.error not in ACCESS_LOST:
            return undeliverable_error(refused.error)
        await self._accounts.close(Channel.SLACK, account.id, f"Slack refuses Staffel's token ({refused.error}).")
        return Undeliverable(NOT_CONNECTED)

    async def _follow_mode(self, bolt: BoltApp) -> None:
        """Open the socket when its token comes, close it when it goes or changes."""
        token, task = "", None
        try:
            while True:
                wanted = await self._socket_token(token)
                if wanted != token or (task and task.done()):
                    if task:
                        task.cancel()
                    token, task = wanted, asyncio.create_task(self._socket(bolt, wanted)) if wanted else None
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _socket_token(self, now: str) -> str:
        try:
            app = await self._accounts.find(Channel.SLACK, APP)
        except Exception as error:
            log.warning("slack: accounts can't be read (%s)", type(error).__name__)
            return now
        in_use = app is not None and app.active and app.settings.get("mode") == SOCKET
        return app.secrets.get("app_token", "") if app and in_use else ""

    async def _socket(self, bolt: BoltApp, token: str) -> None:
        try:
            await SocketMode(self._slack, bolt, token).run()
        except SlackRefusal as refused:
            log.error("slack: Socket Mode is refused (%s); staffel doctor says what to do", refused.error)  # noqa: TRY400
            await asyncio.sleep(60)
        except Exception:
            log.exception("slack: the socket broke")

    async def _lead_checks(self) -> None:
        """Nobody needs to lead where nothing is connected."""
        while not await self._has_workspace():  # noqa: ASYNC110 - the accounts are a port: nobody tells
            await asyncio.sleep(_LOOK_EVERY)
        await self._leader.lead("slack:tokens", self._check_tokens)

    async def _has_workspace(self) -> bool:
        try:
            return any(account.id != APP for account in await self._accounts.every(Channel.SLACK))
        except Exception as error:
            log.warning("slack: accounts can't be read (%s)", type(error).__name__)
            return False

    async def _check_tokens(self) -> None:
        """A workspace whose token has ended is closed even when nobody told us."""
        while True:
            for account in await self._accounts.every(Channel.SLACK):
                if account.id != APP:
                    await self._check_token(account)
            await asyncio.sleep(_CHECK_EVERY)

    async def _check_token(self, account: Account) -> None:
        try:
            await self._slack.call(account.secrets.get("bot_token"), "auth.test")
        except SlackRefusal as refused:
            await self._refused(account, refused)
        except Exception as error:
            log.info("slack: workspace %s can't be checked (%s)", account.id, type(error).__name__)


__all__ = ["APP", "SOCKET", "SlackConnector"]
