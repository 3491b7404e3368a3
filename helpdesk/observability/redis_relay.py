"""Hints through Redis. Imported only where there is one: its client loads half of OpenTelemetry."""

import asyncio
import hmac

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from helpdesk.observability.hint_relay import AcceptHint

log = structlog.get_logger()

_NAMESPACE = "staffel"
SEND_LIMIT_SECONDS = 0.3  # what Redis may take; a hint isn't worth waiting for
RECONNECT_SECONDS = 1.0
#: A silence of this length is asked about; one more without an answer, and the connection is given up.
HEARTBEAT_SECONDS = 5.0
MAX_WAITING = 1_000


class RedisRelay:
    """Through Redis, which others may use, too: the channel is this installation's, and each hint is signed.

    Losing it is survived.
    """

    def __init__(self, redis: Redis, secret: str) -> None:
        self._redis = redis
        self._key = hmac.digest(secret.encode(), b"staffel hints", "sha256")
        self.channel = f"{_NAMESPACE}:{hmac.digest(self._key, b'channel', 'sha256').hex()[:16]}:live"
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(maxsize=MAX_WAITING)
        self.is_linked = False

    def send(self, body: str) -> None:
        """Send soon; nobody waits for it."""
        try:
            self._outgoing.put_nowait(body)
        except asyncio.QueueFull:
            log.warning("live.hint_dropped")

    async def run(self, accept: AcceptHint) -> None:
        """Hand what comes in to `accept`, one's own included, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send())
            tasks.create_task(self._hear(accept))

    async def _send(self) -> None:
        while True:
            body = await self._outgoing.get()
            try:
                async with asyncio.timeout(SEND_LIMIT_SECONDS):
                    await self._redis.publish(self.channel, self.signed(body))
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("live.redis_away", error=type(error).__name__)

    async def _hear(self, accept: AcceptHint) -> None:
        while True:
            try:
                await self._hear_until_lost(accept)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("live.redis_away", error=type(error).__name__)
            self.is_linked = False
            await asyncio.sleep(RECONNECT_SECONDS)

    def signed(self, body: str) -> str:
        """A hint as it travels: the signature, a space, the hint."""
        return f"{hmac.digest(self._key, body.encode(), 'sha256').hex()} {body}"

    def _accept(self, message: str, accept: AcceptHint) -> None:
        body = message.partition(" ")[2]
        if hmac.compare_digest(self.signed(body).encode(), message.encode()):
            accept(body)
        else:
            log.warning("live.hint_forged")

    async def _hear_until_lost(self, accept: AcceptHint) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(self.channel)
            self.is_linked, is_asked = True, False
            while True:
                message = await channel.get_message(timeout=HEARTBEAT_SECONDS)
                if message is None and is_asked:
                    raise TimeoutError  # nobody has said goodbye, and nobody is there
                if message is None:
                    await channel.ping()
                elif message["type"] == "message":
                    self._accept(message["data"].decode(errors="replace"), accept)
                is_asked = message is None
