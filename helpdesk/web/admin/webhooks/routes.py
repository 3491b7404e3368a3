"""The admin pages of webhooks: address and events, the secret shown once, a test, the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.events.event_kinds import EventKind
from helpdesk.web.admin.articles.view_data import name_of
from helpdesk.web.admin.webhooks.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.webhooks.webhook_queue import WebhookQueue
from helpdesk.webhooks.webhook_store import WebhookForm, WebhookView, check_form
from store.errors import Invalid
from store.outgoing_addresses import ForbiddenAddress


class WebhookBody(Body):
    """What the form holds."""

    name: Annotated[str, Field(max_length=80)]
    address: Annotated[str, Field(max_length=500)]
    kinds: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]
    with_text: bool = False

    def as_form(self) -> WebhookForm:
        """What is to be kept."""
        return WebhookForm(
            name=self.name.strip(),
            address=self.address.strip(),
            kinds=tuple(self.kinds),
            with_text=self.with_text,
        )


class WebhookSwitchBody(Body):
    """On or off."""

    is_on: bool


class DeliveryBody(Body):
    """Which line of the log."""

    delivery: int


def webhook_routes(*, webhooks: WebhookQueue, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The routes of this module. `zone` is the one in which times are told."""
    doors, api = _WebhookPages(webhooks, pages, zone), "/admin/api/webhooks"
    changes = {
        "save": doors.save,
        "switch": doors.switch,
        "secret": doors.renew_secret,
        "test": doors.try_out,
        "again": doors.send_again,
        "remove": doors.remove,
    }
    return [
        route("/admin/webhooks", doors.show_list, access=Capability.CHANNELS),
        route("/admin/webhooks/new", doors.show_new, access=Capability.CHANNELS),
        route("/admin/webhooks/{id}", doors.show_webhook, access=Capability.CHANNELS),
        route(f"{api}/new", doors.add, access=Capability.CHANNELS, methods=["POST"]),
        *(
            route(f"{api}/{{id}}/{verb}", door, access=Capability.CHANNELS, methods=["POST"])
            for verb, door in changes.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class _WebhookPages:
    webhooks: WebhookQueue
    pages: Pages
    zone: ZoneInfo

    async def show_list(self, request: Request) -> Response:
        views = await self.webhooks.webhooks.list_all()
        return self.pages.render(
            request, "admin/webhooks/webhooks.html", webhooks=views, words=self._words(request), zone=self.zone
        )

    async def show_new(self, request: Request) -> Response:
        return await self._editor(request, None)

    async def show_webhook(self, request: Request) -> Response:
        return await self._editor(request, await self.webhooks.webhooks.load(_id(request)))

    async def _editor(self, request: Request, view: WebhookView | None) -> Response:
        words = self._words(request)
        return self.pages.render(
            request,
            "admin/webhooks/webhook.html",
            view=view,
            kinds=list(EventKind),
            deliveries=await self.webhooks.webhooks.load_deliveries(view.id) if view else [],
            words=words,
            texts=words,
            zone=self.zone,
        )

    def _words(self, request: Request) -> Mapping[str, object]:
        return self.pages.texts(request, WORDS)

    async def add(self, request: Request) -> Response:
        form = (await read(request, WebhookBody)).as_form()
        await self._must_be_callable(form)
        webhook_id, secret = await self.webhooks.webhooks.add(form, name_of(request))
        return Json({"id": webhook_id, "secret": secret}, status_code=201)

    async def save(self, request: Request) -> Response:
        form = (await read(request, WebhookBody)).as_form()
        await self._must_be_callable(form)
        await self.webhooks.webhooks.change(_id(request), form, name_of(request))
        return Json({})

    async def switch(self, request: Request) -> Response:
        wanted = await read(request, WebhookSwitchBody)
        await self.webhooks.webhooks.switch(_id(request), is_on=wanted.is_on, by=name_of(request))
        return Json({"is_on": wanted.is_on})

    async def renew_secret(self, request: Request) -> Response:
        return Json({"secret": await self.webhooks.webhooks.renew_secret(_id(request), name_of(request))})

    async def try_out(self, request: Request) -> Response:
        result = await self.webhooks.try_out(_id(request), name_of(request))
        return Json({"status": result.answer_code, "reason": result.reason, "taken": result.is_taken})

    async def send_again(self, request: Request) -> Response:
        wanted = await read(request, DeliveryBody)
        await self.webhooks.webhooks.send_again(_id(request), wanted.delivery)
        return Json({})

    async def remove(self, request: Request) -> Response:
        await self.webhooks.webhooks.remove(_id(request))
        return Json({})

    async def _must_be_callable(self, form: WebhookForm) -> None:
        """Say at once what would be refused later. Raises `Invalid`."""
        check_form(form)
        try:
            await self.webhooks.post.check(form.address)
        except ForbiddenAddress as reason:
            raise Invalid(str(reason), code="webhook_forbidden", fields=["address"]) from None
        except (OSError, UnicodeError, ValueError):
            raise Invalid("There is no machine of that name.", code="address_unknown", fields=["address"]) from None


def _id(request: Request) -> str:
    return str(request.path_params["id"])
