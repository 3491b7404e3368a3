"""Updates on their way to the bot: asked for, or pushed to its webhook on Telegram's clock, in order for each chat."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.clocks import RetryClock
from tests.fakes.telegram.rules import TelegramRefusal, bad, check_webhook

Json = Mapping[str, Any]

REPEATS = (0, 2, 4, 8, 16, 32, 64)  # seconds
LATER_REPEATS = (60.0, 120.0)
MESSAGES_LAST = 86_400.0
PRESSES_LAST = 150.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """One try to deliver an update to the webhook: what came back (0: nothing), and after how many seconds."""

    update_id: int
    status: int
    seconds: float


@dataclass(slots=True)
class FakeWebhook:
    """Where updates go."""

    url: str = ""
    secret: str = ""
    most_connections: int = 40
    allowed: Sequence[str] = ()
    last_error: str = ""
    last_error_at: int = 0


@dataclass(slots=True)
class Updates:
    """Keeps what the bot hasn't taken yet. `doors` says where a public address leads, as DNS and a balancer would."""

    scale: float = 1.0
    doors: dict[str, list[httpx.AsyncBaseTransport]] = field(default_factory=dict)
    webhook: FakeWebhook = field(default_factory=FakeWebhook)
    pending: list[Json] = field(default_factory=list)
    knocks: list[Knock] = field(default_factory=list)
    dropped: list[Json] = field(default_factory=list)
    allowed: Sequence[str] = ()
    _next_id: int = 500_000
    _next_door: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _asking: asyncio.Event | None = None
    _queues: dict[str, asyncio.Queue[tuple[float, Json]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: int = 0
    _room: asyncio.Semaphore | None = None

    def new_id(self) -> int:
        """The next update's."""
        self._next_id += 1
        return self._next_id

    def offer(self, update: Json) -> None:
        """Something has happened that the bot ought to hear of."""
        if self.webhook.url:
            self._enqueue(update)
        else:
            self.pending.append(update)
            self._arrived.set()

    async def quiet(self) -> None:
        """Wait until every update has been taken by the webhook."""
        while self._busy:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Deliver nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # webhooks

    def set_webhook(self, params: Json) -> bool:
        url = str(params.get("url", ""))
        most = int(params.get("max_connections") or 40)
        secret = str(params.get("secret_token") or "")
        if url:
            check_webhook(url, secret, most)
            if _origin(url) not in self.doors:
                raise bad("bad webhook: Failed to resolve host: Name or service not known")
        self.webhook = FakeWebhook(
            url=url, secret=secret, most_connections=most, allowed=params.get("allowed_updates") or ()
        )
        self._room = asyncio.Semaphore(most)
        waiting, self.pending = (self.pending, []) if url else ([], self.pending)
        if not params.get("drop_pending_updates"):
            for update in waiting:
                self._enqueue(update)
        return True

    def delete_webhook(self, params: Json) -> bool:
        self.webhook = FakeWebhook()
        if params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    def get_webhook_info(self, params: Json) -> Json:
        info: dict[str, Any] = {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending) + self._busy,
        }
        if self.webhook.url:
            info |= {"max_connections": self.webhook.most_connections, "allowed_updates": list(self.webhook.allowed)}
        if self.webhook.last_error:
            info |= {"last_error_date": self.webhook.last_error_at, "last_error_message": self.webhook.last_error}
        return info

    def _enqueue(self, update: Json) -> None:
        name = _queue_of(update)
        if name not in self._queues:
            self._queues[name] = asyncio.Queue()
            task = asyncio.create_task(self._deliver_all(self._queues[name]))
            self._tasks.add(task)
        self._busy += 1
        self._queues[name].put_nowait((time.monotonic(), update))

    async def _deliver_all(self, queue: asyncio.Queue[tuple[float, Json]]) -> None:
        """One in flight: what fails holds up the rest of its queue."""
        while True:
            offered, update = await queue.get()
            await self._deliver(update, offered)
            self._busy -= 1

    async def _deliver(self, update: Json, offered: float) -> None:
        lasts = PRESSES_LAST if "callback_query" in update else MESSAGES_LAST
        clock = RetryClock(steps=REPEATS, last=LATER_REPEATS, scale=self.scale)
        for delay in clock.delays():
            wanted = await self._knock(update)
            if wanted is None:
                return
            await asyncio.sleep(max(delay, wanted * self.scale))
            if time.monotonic() - offered > lasts * self.scale:
                self.dropped.append(update)
                return

    async def _knock(self, update: Json) -> float | None:
        """Try once; `None` when it was taken, else the seconds that the answer asks us to wait."""
        room = self._room or asyncio.Semaphore(40)
        async with room:
            response = await self.post(update)
        if response is not None and response.is_success:
            return None
        self.webhook.last_error_at = int(time.time())
        self.webhook.last_error = (
            f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
            if response is not None
            else "Connection refused"
        )
        wanted = response.headers.get("retry-after", "0") if response is not None else "0"
        return min(3600.0, max(0.0, float(wanted)))

    async def post(self, update: Json, *, secret: str | None = None, door: int | None = None) -> httpx.Response | None:
        """Deliver at once and outside of every queue; `None` when nobody answered."""
        doors = self.doors[_origin(self.webhook.url)]
        self._next_door += 1
        transport = doors[(self._next_door if door is None else door) % len(doors)]
        headers = {SECRET_HEADER: self.webhook.secret if secret is None else secret}
        request = httpx.Request("POST", self.webhook.url, json=update, headers=headers)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(60 * max(self.scale, 0.1)):
                response = await transport.handle_async_request(request)
                await response.aread()
        except (httpx.HTTPError, OSError, TimeoutError):
            self.knocks.append(Knock(update_id=update["update_id"], status=0, seconds=time.perf_counter() - began))
            return None
        took = time.perf_counter() - began
        self.knocks.append(Knock(update_id=update["update_id"], status=response.status_code, seconds=took))
        return response

    # long polling

    async def get_updates(self, params: Json) -> Sequence[Json]:
        """What is there, or what comes within `timeout` seconds. A second question ends the first with 409."""
        if self.webhook.url:
            raise TelegramRefusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._asking is not None:
            self._asking.set()
        mine = self._asking = asyncio.Event()
        try:
            return await self._ask(params, mine)
        finally:
            if self._asking is mine:
                self._asking = None

    async def _ask(self, params: Json, ended: asyncio.Event) -> Sequence[Json]:
        offset = int(params.get("offset") or 0)
        self.allowed = params.get("allowed_updates") or self.allowed
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        deadline = time.monotonic() + min(50.0, float(params.get("timeout") or 0))
        while True:
            found = [update for update in self.pending if not self.allowed or _kind(update) in self.allowed]
            if found or time.monotonic() >= deadline:
                return found[: int(params.get("limit") or 100)]
            await self._news(ended, deadline - time.monotonic())
            if ended.is_set():
                raise TelegramRefusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )

    async def _news(self, ended: asyncio.Event, patience: float) -> None:
        self._arrived.clear()
        waits = [asyncio.ensure_future(self._arrived.wait()), asyncio.ensure_future(ended.wait())]
        try:
            await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _queue_of(update: Json) -> str:
    """Messages and their edits queue by chat, presses by person; between the two there is no order."""
    kind = _kind(update)
    if kind == "callback_query":
        return f"press {update[kind]['from']['id']}"
    return f"{'chat' if 'message' in kind else kind} {update[kind]['chat']['id']}"


def _kind(update: Json) -> str:
    return next(kind for kind in KINDS if kind in update)


def _origin(url: str) -> str:
    parts = httpx.URL(url)
    return f"{parts.scheme}://{parts.netloc.decode()}"
