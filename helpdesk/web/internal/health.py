"""Is it alive, is it ready, and what has been counted."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from helpdesk.observability import metrics
from helpdesk.turns.rasa_client import BotError, RasaClient
from helpdesk.web.shared.access import Access, route
from knowledge.search.library import Library
from store import migrate
from store.clock import CLOCK
from store.db import Database
from store.errors import NotAllowed, Unavailable
from store.models import Conversation, Handoff, now
from store.settings import Settings
from store.status import Status


@dataclass(slots=True)
class Health:
    """What readiness depends on. `draining` is set while the program stops."""

    db: Database
    rasa: RasaClient
    library: Library
    settings: Settings
    webchats: Callable[[], int]
    draining: bool = False

    async def check(self) -> dict[str, str]:
        """Each part with `ok` or what is wrong with it."""
        return await self.check_for_traffic() | {"database": await self._database(), "bot": await self._bot()}

    async def check_for_traffic(self) -> dict[str, str]:
        """The parts without which customers had better be sent to another instance.

        Without the bot, articles or a person answer; of a newer database this version knows all that it needs
        (docs/operations.md, "Upgrade"). So neither takes an instance out.
        """
        return {
            "database": await self._database(newer="ok"),
            "knowledge": "ok" if self.library.revision is not None else "not loaded yet",
            "server": "stopping" if self.draining else "ok",
        }

    async def _database(self, *, newer: str = "") -> str:
        try:
            found = await migrate.current(self.db)
        except Unavailable:
            return "can't be reached"
        if newer and found is not None and found not in migrate.known_revisions():
            return newer
        return "ok" if found == migrate.head() else f"has revision {found}, expected {migrate.head()}"

    async def _bot(self) -> str:
        try:
            facts = await self.rasa.health()
        except BotError as error:
            return f"doesn't answer ({error})"
        return "ok" if facts.get("status") == "ok" else "isn't well"


def health_routes(health: Health) -> list[BaseRoute]:
    """The doors of this module."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        for_traffic = request.query_params.get("for") == "traffic"
        parts = await (health.check_for_traffic() if for_traffic else health.check())
        ready = all(state == "ok" for state in parts.values())
        return JSONResponse({"status": "ok" if ready else "not ready"} | parts, status_code=200 if ready else 503)

    async def show_metrics(request: Request) -> Response:
        _check_reader(request, health.settings.metrics_token.get_secret_value())
        await _count(health.db)
        metrics.WEBCHAT_SOCKETS.set(health.webchats())
        return PlainTextResponse(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        route("/healthz", healthz, access=Access.PUBLIC),
        route("/readyz", readyz, access=Access.PUBLIC),
        route("/metrics", show_metrics, access=Access.PUBLIC),
    ]


def _check_reader(request: Request, token: str) -> None:
    """With a token set: whoever has it. Without: whoever is on this machine."""
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise NotAllowed("The metrics need the token of STAFFEL_METRICS_TOKEN.")
    elif not (request.client and _is_loopback(request.client.host)):
        raise NotAllowed("The metrics are for this machine; set STAFFEL_METRICS_TOKEN to read them from elsewhere.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _count(db: Database) -> None:
    async with db.read() as session:
        rows = await session.execute(select(Conversation.status, func.count()).group_by(Conversation.status))
        counted: dict[Status, int] = dict(rows.all())
        oldest = await session.scalar(
            select(func.min(Handoff.asked_at))
            .join(Conversation, Conversation.id == Handoff.conversation_id)
            .where(Conversation.status == Status.QUEUED, Handoff.ended_at.is_(None))
        )
    metrics.CLOCK_CORRECTION.set(CLOCK.correction.total_seconds())
    for status in Status:
        metrics.CONVERSATIONS.labels(str(status)).set(counted.get(status, 0))
    metrics.QUEUE_OLDEST_SECONDS.set((now() - oldest).total_seconds() if oldest else 0)
