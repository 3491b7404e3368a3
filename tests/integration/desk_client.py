"""What an agent's page asks and sends, and a conversation that waits for it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.conversations import Conversations
from store.models import Role
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.integration.staff import ORIGIN, House, StaffBrowser


class DeskClient:
    """A signed-in agent's page."""

    def __init__(self, house: House, browser: StaffBrowser, csrf: str) -> None:
        self.house, self.browser, self.csrf = house, browser, csrf

    async def ask(self, path: str) -> Any:
        answer = await self.browser.get(f"/desk/api/{path}", headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, path: str, body: object = None) -> httpx.Response:
        headers = {"accept": "application/json", "x-csrf-token": self.csrf, "origin": ORIGIN}
        return await self.browser.post(f"/desk/api/{path}", json={} if body is None else body, headers=headers)

    async def accept(self, conversation_id: str) -> int:
        """Accept and return the epoch."""
        answer = await self.send(f"conversations/{conversation_id}/accept")
        assert answer.status_code == 200, answer.text
        epoch: int = answer.json()["conversation"]["epoch"]
        return epoch


async def desk_of(house: House, name: str = "Mia") -> DeskClient:
    browser = await house.signed_in(Role.AGENT, f"{name.lower()}@example.org", name)
    return DeskClient(house, browser, await browser.csrf(house.db))


async def waiting(conversations: Conversations, text: str = "Wo bleibt mein Paket?", chat_id: str = "visitor-1") -> str:
    """A conversation in the queue."""
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    received = await drive(conversations).receive(
        InboundMessage(address=address, contact_id=chat_id, external_id=f"{chat_id}-1", text=text)
    )
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=text)
    await drive(conversations).request_handoff(received.conversation_id, [trigger])
    return received.conversation_id


def cookies_of(desk: DeskClient) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in desk.browser.cookies.jar)}


@asynccontextmanager
async def opened(address: str, desk: DeskClient) -> AsyncIterator[ClientConnection]:
    async with connect(f"{address}/desk/ws", origin=ORIGIN, additional_headers=cookies_of(desk)) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"type": "hello", "csrf": desk.csrf}))
        assert json.loads(await asyncio.wait_for(socket.recv(), 5)) == {"type": "ready"}
        yield socket


async def heard(socket: ClientConnection, **wanted: object) -> dict[str, Any]:
    """The next frame that has these fields."""
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if all(frame.get(key) == value for key, value in wanted.items()):
                return frame
