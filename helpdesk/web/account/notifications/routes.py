"""Notifications of the signed-in agent: this browser, all devices, kinds, quiet hours; and the service worker."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.browsers import browser_name
from helpdesk.accounts.roles import Capability
from helpdesk.delivery.push_queue import PushQueue
from helpdesk.delivery.web_push import GONE
from helpdesk.notifications.devices import (
    NotificationWishes,
    PushSubscription,
    add_device,
    list_devices,
    load_device,
    load_wishes,
    remove_device,
    store_wishes,
)
from helpdesk.notifications.kinds import NotificationKind
from helpdesk.web.account.notifications.words import KINDS, WORDS
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import FEATURES, Pages
from store.db import Database
from store.errors import Invalid

_WORKER = FEATURES / "account" / "notifications" / "push-worker.js"


class PushDeviceBody(Body):
    """What the browser's `PushSubscription` says; `renews` when nobody has just switched it on."""

    endpoint: Annotated[str, Field(max_length=2000)]
    p256dh: Annotated[str, Field(max_length=120)]
    auth: Annotated[str, Field(max_length=40)]
    renews: bool = False


class NotificationWishBody(Body):
    """The kinds that are wanted, and quiet hours in the company's time; both times empty: none."""

    kinds: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=10)]
    quiet_from: Annotated[str, Field(max_length=5)] = ""
    quiet_until: Annotated[str, Field(max_length=5)] = ""


def notification_routes(*, db: Database, push: PushQueue, pages: Pages) -> list[BaseRoute]:
    """The routes of this module."""
    doors, api = _NotificationPages(db, push, pages), "/account/api/notifications"
    return [
        route("/account/notifications", doors.show, access=Capability.OWN_ACCOUNT),
        route("/desk/push-worker.js", _give_worker, access=Access.PUBLIC),
        route(api, doors.save, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route(f"{api}/key", doors.give_key, access=Capability.OWN_ACCOUNT),
        route(f"{api}/devices", doors.add, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route(f"{api}/devices/{{id}}/test", doors.try_out, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route(f"{api}/devices/{{id}}/remove", doors.remove, access=Capability.OWN_ACCOUNT, methods=["POST"]),
    ]


async def _give_worker(_request: Request) -> Response:
    """The service worker: it shows push messages, and keeps nothing."""
    return FileResponse(_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@dataclass(frozen=True, slots=True)
class _NotificationPages:
    db: Database
    push: PushQueue
    pages: Pages

    async def show(self, request: Request) -> Response:
        agent = request.state.agent
        async with self.db.read() as session:
            wishes = await load_wishes(session, agent.id)
        return self.pages.render(
            request,
            "account/notifications/notifications.html",
            kinds=list(NotificationKind),
            wishes=wishes,
            devices=await list_devices(self.db, agent.id),
            words=self.pages.texts(request, KINDS),
            texts=self.pages.texts(request, WORDS),
            browser_name=_shown_browser,
        )

    async def give_key(self, _request: Request) -> Response:
        """What the browser subscribes with."""
        return Json({"key": self.push.web_push.public_key})

    async def add(self, request: Request) -> Response:
        given = await read(request, PushDeviceBody)
        agent = request.state.agent
        try:
            await self.push.web_push.post.check(given.endpoint)
        except (OSError, ValueError):
            raise Invalid("Expected the address of a push service.") from None
        subscription = PushSubscription(endpoint=given.endpoint, p256dh=given.p256dh, auth=given.auth)
        browser = request.headers.get("user-agent", "")
        device = await add_device(self.db, agent.id, agent.session, subscription, browser, renews=given.renews)
        return Json({"id": device}, status_code=201)

    async def try_out(self, request: Request) -> Response:
        agent = request.state.agent
        device = await load_device(self.db, agent.id, str(request.path_params["id"]))
        status = await self.push.try_out(device, agent.language)
        return Json({"sent": 200 <= status < 300, "gone": status in GONE})

    async def remove(self, request: Request) -> Response:
        await remove_device(self.db, request.state.agent.id, str(request.path_params["id"]))
        return Json({})

    async def save(self, request: Request) -> Response:
        wanted = await read(request, NotificationWishBody)
        wishes = NotificationWishes(
            unwanted=frozenset(map(str, NotificationKind)) - set(wanted.kinds),
            quiet_from=wanted.quiet_from,
            quiet_until=wanted.quiet_until,
        )
        await store_wishes(self.db, request.state.agent.id, wishes)
        return Json({})


def _shown_browser(user_agent: str) -> str:
    """As people call it: "Firefox, Windows"."""
    return ", ".join(filter(None, browser_name(user_agent))) or "–"
