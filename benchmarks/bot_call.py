"""What one request to the bot costs helpdesk, over aiohttp and over httpx: `python -m benchmarks.bot_call`.

In processor time of this process, the two in turn, so that they can be compared on a busy machine. The server that
answers is a process of its own and isn't counted.
"""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from statistics import median
from time import process_time

import click
import httpx
import uvloop

from bot_protocol import ArticleCandidate, TurnContext, TurnRequest
from bot_protocol.turn_request import EMBEDDING_BYTES
from helpdesk.turns.aiohttp_transport import AiohttpTransport

ROUNDS = 8
REQUESTS = 50
PATH = "/webhooks/staffel/webhook"
HEADERS = {"X-Staffel-Secret": "s" * 32}
SERVER = """
import asyncio

BODY = b'{"turn_id": "t", "status": "ok", "messages": [{"text": "%s"}]}' % (b"Answer " * 60)
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(BODY) + BODY

class Bot(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.read = transport, b""

    def data_received(self, data):
        self.read += data
        head, found, body = self.read.partition(b"\\r\\n\\r\\n")
        if found and len(body) >= int(head.lower().partition(b"content-length:")[2].split()[0]):
            self.read = b""
            self.transport.write(ANSWER)

async def main():
    server = await asyncio.get_running_loop().create_server(Bot, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""
TURN = TurnRequest(
    turn_id="t",
    conversation_id="c" * 32,
    text="Wo ist mein Paket?",
    payload=None,
    context=TurnContext(
        language="de",
        outcome="answer",
        candidates=tuple(
            ArticleCandidate(key=f"key-{n}", question="Wo ist mein Paket?", confidence=0.5) for n in "12345"
        ),
        embedding=bytes(EMBEDDING_BYTES),
    ),
)


@click.command()
def main() -> None:
    """Ask again and again, and print the milliseconds of a request: least and median of the rounds."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE) as server:
        try:
            port = int((server.stdout or sys.stdin.buffer).readline())
            costs = uvloop.run(_measure(f"http://127.0.0.1:{port}"))
        finally:
            server.kill()
    for name, rounds in costs.items():
        print(f"{name}: {min(rounds):.2f} ms at least, median {median(rounds):.2f}")


async def _measure(url: str) -> dict[str, list[float]]:
    transport = AiohttpTransport(url)
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=15, trust_env=False) as client:

        async def ask_by_aiohttp() -> bytes:
            body = json.dumps(TURN.to_json()).encode()
            async with transport.send("POST", PATH, headers=HEADERS, seconds=15, body=body) as response:
                return b"".join([chunk async for chunk in response.chunks])

        async def ask_by_httpx() -> bytes:
            async with client.stream("POST", PATH, json=TURN.to_json()) as response:
                return b"".join([chunk async for chunk in response.aiter_bytes()])

        ways = {"httpx": ask_by_httpx, "aiohttp": ask_by_aiohttp}
        costs: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, ask in ways.items():
                costs[name].append(await _cost(ask))
    await transport.close()
    return costs


async def _cost(ask: Callable[[], Awaitable[bytes]]) -> float:
    """Milliseconds of processor for one request."""
    await ask()
    began = process_time()
    for _ in range(REQUESTS):
        await ask()
    return 1000 * (process_time() - began) / REQUESTS


if __name__ == "__main__":
    main()
