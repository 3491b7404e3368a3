"""A new version instance by instance: each is told to stop, drains, and is started anew while the other goes on."""

import asyncio
import random
import signal
from time import monotonic

import httpx

from benchmarks.history.servers import HistoryServers, until_all_answer
from tests.processes import ROOT, Helpdesk

#: Seconds between two replacements.
PAUSE = (2.0, 4.0)


async def replace_one_by_one(servers: HistoryServers, chance: random.Random, seconds: float) -> dict[str, int]:
    """Replace each instance by one of this code, again and again until `seconds` are over, each once at least.

    Raises `AssertionError` when one doesn't end by itself, or is called ready while it drains.
    """
    until, replaced = monotonic() + seconds, 0
    while replaced < len(servers.instances) or monotonic() < until:
        instance = servers.instances[replaced % len(servers.instances)]
        await asyncio.sleep(chance.uniform(*PAUSE))
        await _replace(instance)
        await until_all_answer(servers)
        replaced += 1
    await asyncio.sleep(chance.uniform(*PAUSE))
    return {"replaced an instance": replaced}


async def _replace(instance: Helpdesk) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        await client.get(f"{instance.origin}/healthz")  # a connection that is there before, as a load balancer has one
        ended = asyncio.create_task(instance.kill(signal.SIGTERM))
        await asyncio.sleep(0)
        await _check_not_ready(client, instance, ended)
    code = await ended
    assert code == 0, f"told to stop, an instance ended with {code}:\n{instance.log()[-2000:]}"
    instance.code = ROOT
    await instance.start()


async def _check_not_ready(client: httpx.AsyncClient, instance: Helpdesk, ended: asyncio.Task[int]) -> None:
    """From the moment that it has heard of its end, nobody is told that it is ready; then nobody is told anything."""
    said_so = False
    while not ended.done():
        try:
            ready = (await client.get(f"{instance.origin}/readyz")).is_success
        except httpx.HTTPError:
            return
        assert not (said_so and ready), "ready again while it drains"
        said_so = said_so or not ready
