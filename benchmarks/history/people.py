"""Customers at web chats and agents at the API, who go on whatever breaks."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection

from benchmarks.history.bot import WISH
from benchmarks.history.ledger import AcknowledgedLine, Ledger, Takeover
from tests.chat_client import ChatClient

#: Seconds between two messages of one customer, at most.
PAUSE = 6.0
#: One message in so many asks for a person.
WISHES = 12
#: One message in so many is sent twice.
REPEATS = 10


@dataclass
class RoamingClient(ChatClient):
    """A web chat that comes back to any of the instances, as behind a load balancer."""

    addresses: Sequence[str] = ()
    chance: random.Random = field(default_factory=random.Random)

    async def _converse(self, socket: ClientConnection) -> None:
        self.url = self.chance.choice(self.addresses)  # where it goes when this connection ends
        await super()._converse(socket)


@dataclass
class SimulatedCustomer:
    """Writes until `stop`, one message or up to three at once, and repeats some as a shaky line would."""

    name: str
    questions: Sequence[str]
    client: RoamingClient
    ledger: Ledger
    chance: random.Random
    _texts: dict[str, str] = field(default_factory=dict)
    _written: int = 0

    async def go_on(self, stop: asyncio.Event) -> None:
        """The whole life of a customer; what breaks on the screen is a complaint."""
        await self._wait(lambda it: it.is_ready, 180)
        while not stop.is_set():
            # Like the widget: what is not acknowledged yet goes first, so nothing new overtakes it after a break.
            if self.client.is_ready and not self.client.unacknowledged:
                for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
                    self._write()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.chance.uniform(0.1, PAUSE))
        await self._finish()

    def _write(self) -> None:
        self._written += 1
        wish = f" {WISH}" if self.chance.randrange(WISHES) == 0 else ""
        text = f"{self.name}-{self._written} {self.chance.choice(self.questions)}{wish}"
        client_id = self.client.say(text)
        self._texts[client_id] = text
        self.ledger.order[str(self.client.state["conversation"])].append(text)
        if self.chance.randrange(REPEATS) == 0:
            self.client.raw({"type": "message", "text": text, "client_id": client_id})

    async def _finish(self) -> None:
        """All is acknowledged and shown; the ledger keeps what was told."""
        await self._wait(lambda it: not it.unacknowledged, 120)
        conversation = str(self.client.state["conversation"])
        for client_id, seq in self.client.acks.items():
            line = AcknowledgedLine(conversation=conversation, seq=seq, text=self._texts[client_id], author="contact")
            self.ledger.lines.append(line)

    async def _wait(self, condition: Any, seconds: float) -> None:
        try:
            await self.client.until(condition, f"customer {self.name}", seconds)
        except AssertionError as error:
            self.ledger.complaints.append(str(error)[:300])


@dataclass
class SimulatedAgent:
    """Takes conversations from the queue, answers, and gives them back."""

    id: str
    name: str
    doors: Sequence[str]
    key: str
    ledger: Ledger
    chance: random.Random
    _answers: int = 0

    async def go_on(self, stop: asyncio.Event) -> None:
        """The whole day of an agent."""
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as program:
            while not stop.is_set():
                waiting = await self._ask(program, "GET", "/conversations", params={"view": "queue"}) or []
                if not waiting:
                    await asyncio.sleep(1)
                    continue
                await self._serve(program, str(self.chance.choice(waiting[:5])["id"]))

    async def _serve(self, program: httpx.AsyncClient, conversation: str) -> None:
        state = await self._ask(program, "POST", f"/conversations/{conversation}/accept", json={"agent": self.id})
        if not state:
            return
        epoch = int(state["epoch"])
        self.ledger.takeovers.append(Takeover(conversation=conversation, epoch=epoch, agent=self.id))
        for _ in range(self.chance.randint(1, 3)):
            if not await self._answer(program, conversation, epoch):
                return
            await asyncio.sleep(self.chance.uniform(0.2, 2))
        how = self.chance.choice(("return", "return", "resolve"))
        await self._ask(program, "POST", f"/conversations/{conversation}/{how}", json={"agent": self.id})

    async def _answer(self, program: httpx.AsyncClient, conversation: str, epoch: int) -> bool:
        self._answers += 1
        text = f"{self.name}-{self._answers} answers {conversation[:6]}"
        body = {"agent": self.id, "epoch": epoch, "text": text, "client_id": f"{self.name}-{self._answers}"}
        receipt = await self._ask(program, "POST", f"/conversations/{conversation}/answers", json=body)
        if not receipt:
            return False
        line = AcknowledgedLine(conversation=conversation, seq=int(receipt["seq"]), text=text, author="agent")
        self.ledger.lines.append(line)
        return True

    async def _ask(self, program: httpx.AsyncClient, method: str, path: str, **arguments: Any) -> Any:
        """The answer of whichever instance answers; nothing when it is refused for good."""
        until = monotonic() + 60
        while monotonic() < until:
            with suppress(httpx.TransportError):
                answer = await program.request(method, f"{self.chance.choice(self.doors)}/api/v1{path}", **arguments)
                if answer.is_success:
                    return answer.json()
                if answer.status_code not in (429, 500, 502, 503, 504):
                    self.ledger.refused[f"{answer.status_code} {path.rpartition('/')[2][:20]}"] += 1
                    return None
                if answer.status_code == 500:
                    self.ledger.complaints.append(f"500 from {method} {path}: {answer.text[:200]}")
            await asyncio.sleep(0.3)
        self.ledger.complaints.append(f"60 s without an answer to {method} {path}")
        return None
