"""A bench for each channel: how a customer there writes, repeats and presses, and what the customer gets to read.

`tests/integration/test_connector_contract.py` runs the same contract on every bench (docs/adding-a-channel.md).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from typing import Any, Protocol
from unittest.mock import patch

import httpx
from aiosmtpd.smtp import Envelope
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from helpdesk.app import AppComponents
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import MailServer
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.state import SlackFaultKind
from tests.fakes.telegram.faults import TelegramFault
from tests.integration.mail_desk import MailDesk, mail_desk, mail_of, plain_text
from tests.integration.slack_rooms import office
from tests.integration.telegram_desk import ORIGIN, SECRET, TelegramDesk, telegram_desk
from tests.integration.webchat_server import served


class Bench(Protocol):
    """One customer on one channel."""

    parts: AppComponents

    async def write(self, text: str) -> object:
        """Write; what comes back can be repeated."""
        ...

    async def repeat(self, written: Any) -> None:
        """The channel delivers the same message again."""
        ...

    def read(self) -> list[str]:
        """What has arrived, in order."""
        ...

    async def press(self, title: str) -> None:
        """Press the newest button called `title`."""
        ...

    async def forge(self) -> int:
        """Deliver something that nobody has signed; the status it is refused with."""
        ...

    def refuse(self) -> bool:
        """Let the channel refuse the next message for good; False where a channel can't."""
        ...

    def ask_for_patience(self) -> bool:
        """Let the channel ask for patience once; False where a channel can't."""
        ...


class TelegramBench:
    """Somebody in a private chat with the bot."""

    def __init__(self, desk: TelegramDesk) -> None:
        self.desk, self.parts = desk, desk.parts
        self.person = desk.fake.person()

    async def write(self, text: str) -> object:
        return self.person.writes(text)

    async def repeat(self, written: Any) -> None:
        self.desk.fake.updates.offer(self.person.update("message", written))
        await self.desk.fake.updates.quiet()

    def read(self) -> list[str]:
        return [message.text for message in self.desk.fake.state.sent_to(self.person.id)]

    async def press(self, title: str) -> None:
        messages = self.desk.fake.state.sent_to(self.person.id)
        self.person.presses(next(each for each in reversed(messages) if title in each.titles()), title)

    async def forge(self) -> int:
        door = httpx.ASGITransport(self.desk.apps[0])
        async with httpx.AsyncClient(transport=door, base_url=ORIGIN) as stranger:
            address = f"/telegram/{self.desk.fake.state.bot_id}/webhook"
            update = self.person.update("message", self.person.message("forged"))
            header = {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1] + "x"}
            return (await stranger.post(address, json=update, headers=header)).status_code

    def refuse(self) -> bool:
        self.desk.fake.state.faults.append(
            TelegramFault(method="sendMessage", status=403, description="Forbidden: bot was blocked by the user")
        )
        return True

    def ask_for_patience(self) -> bool:
        self.desk.fake.state.faults.append(
            TelegramFault(
                method="sendMessage", status=429, description="Too Many Requests: retry after 1", retry_after=1
            )
        )
        return True


class SlackBench:
    """Somebody who writes to the app directly."""

    def __init__(self, parts: AppComponents, fake: FakeSlack) -> None:
        self.parts, self.fake = parts, fake
        self.person = fake.state.person()

    async def write(self, text: str) -> object:
        return await self.fake.write(self.person, text)

    async def repeat(self, written: Any) -> None:
        await self.fake.deliver(self.fake.envelope(written))

    def read(self) -> list[str]:
        return [_shown(post) for post in self.fake.state.posts if post.channel == self.person.dm]

    async def press(self, title: str) -> None:
        posts = [post for post in self.fake.state.posts if post.channel == self.person.dm]
        await self.fake.press(self.person, next(each for each in reversed(posts) if title in _titles(each)), title)

    async def forge(self) -> int:
        body = b'{"type":"event_callback"}'
        headers = self.fake.signed(body) | {"X-Slack-Signature": "v0=" + "0" * 64}
        return (await self.fake.request("/slack/events", body, headers)).status_code

    def refuse(self) -> bool:
        self.fake.state.fail("chat.postMessage", SlackFaultKind.ERROR, "channel_not_found")
        return True

    def ask_for_patience(self) -> bool:
        self.fake.state.fail("chat.postMessage", SlackFaultKind.STATUS, status=429, retry_after=1)
        return True


class MailBench:
    """Somebody with a mail program: what they read is what the mail server was handed."""

    def __init__(self, desk: MailDesk) -> None:
        self.desk, self.parts = desk, desk.parts

    async def write(self, text: str) -> object:
        return self.desk.write(text, subject="")

    async def repeat(self, written: Any) -> None:
        before = self.desk.mailbox.read_mails()
        self.desk.mailbox.deliver(written)
        await self.desk.quiet(before + 1)

    def read(self) -> list[str]:
        return [plain_text(mail) for mail in self.desk.server.mails]

    async def press(self, title: str) -> None:
        raise AssertionError("a mail has no buttons")

    async def forge(self) -> int:
        door = httpx.ASGITransport(self.desk.apps[0])
        async with httpx.AsyncClient(transport=door, base_url=ORIGIN) as stranger:
            headers = {"X-Staffel-Timestamp": str(int(time())), "X-Staffel-Signature": "v1=" + "0" * 64}
            answer = await stranger.post("/email/inbound", content=mail_of("forged"), headers=headers)
            return answer.status_code

    def refuse(self) -> bool:
        self.desk.server.on_recipient = lambda server, envelope: "550 5.1.1 no such user"
        return True

    def ask_for_patience(self) -> bool:
        self.desk.server.on_recipient = _busy_once
        return True


def _busy_once(server: MailServer, envelope: Envelope) -> str | None:
    return "451 4.7.1 greylisted" if server.tries == 1 else None


class WebchatBench:
    """Somebody with the chat open."""

    def __init__(self, parts: AppComponents, address: str, chat: ChatClient) -> None:
        self.parts, self.address, self.chat = parts, address, chat

    async def write(self, text: str) -> object:
        return text, self.chat.say(text)

    async def repeat(self, written: Any) -> None:
        text, client_id = written
        async with connect(f"ws://{self.address}/webchat/ws", origin=f"http://{self.address}") as socket:  # type: ignore[arg-type]
            await socket.send(f'{{"type":"hello","protocol":1,"token":"{self.chat.token}"}}')
            await socket.send(f'{{"type":"message","client_id":"{client_id}","text":"{text}"}}')
            async with asyncio.timeout(60):
                while '"ack"' not in str(await socket.recv()):
                    pass

    def read(self) -> list[str]:
        return [line["text"] for line in self.chat.lines if line.get("author") in {"bot", "agent", "system"}]

    async def press(self, title: str) -> None:
        for line in reversed(self.chat.lines):
            titles = [choice["title"] for choice in line.get("choices") or ()]
            if title in titles:
                self.chat.tap(int(line["seq"]), titles.index(title))
                return
        raise AssertionError(f"there is no button {title}")

    async def forge(self) -> int:
        try:
            async with connect(f"ws://{self.address}/webchat/ws", origin="https://evil.example"):  # type: ignore[arg-type]
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def refuse(self) -> bool:
        return False

    def ask_for_patience(self) -> bool:
        return False


def _shown(post: Any) -> str:
    """What a post shows; its `text` is for notifications only."""
    sections = [block["text"]["text"] for block in post.blocks if block["type"] == "section"]
    return "\n".join(sections) or str(post.text)


def _titles(post: Any) -> list[str]:
    return [
        element["text"]["text"] for block in post.blocks if block["type"] == "actions" for element in block["elements"]
    ]


@asynccontextmanager
async def bench(channel: str, home: Path, url: str, bot: FakeBot) -> AsyncIterator[Bench]:
    """The bench of a channel, at work on the database at `url`."""
    if channel == "telegram":
        async with telegram_desk(home, url, bot) as desk:
            yield TelegramBench(desk)
    elif channel == "email":
        with patch("connectors.email.smtp.GREYLISTED_SECONDS", 0.2):  # two minutes in life
            async with mail_desk(home, url, bot, mail_secret="s" * 32) as mails:
                yield MailBench(mails)
    elif channel == "slack":
        async with office(home, url, bot) as (parts, fake):
            yield SlackBench(parts, fake)
    else:
        async with (
            served(home, url, bot=bot) as (parts, address),
            ChatClient(f"ws://{address}/webchat/ws", f"http://{address}") as chat,
        ):
            yield WebchatBench(parts, address, chat)
