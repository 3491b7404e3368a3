"""The admin page of the channels: what is connected and how it is, connecting, checking, disconnecting."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import Account, Channel
from connectors.contract.findings import ConnectionFailure, Finding, Report, failed_finding
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.web.admin.channels.words import WORDS
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import CHANNELS
from store.errors import NotFound

APP = "app"
"""The account that holds what all workspaces of Slack share; nothing is connected through it alone."""
Secret = Annotated[str, Field(max_length=300)]


class ChannelKeysBody(Body):
    """What an admin has pasted: the keys of a channel."""

    secrets: dict[Annotated[str, Field(max_length=40)], Secret]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetup:
    """How a channel is connected and looked at. `connect` tells each step to its second argument.

    It raises `ConnectionFailure` when nothing could be connected.
    """

    connect: Callable[[Mapping[str, str], Report], Awaitable[Account]]
    examine: Callable[[Account], Awaitable[Sequence[Finding]]]


def channel_routes(
    *, accounts: ChannelAccounts, steps: Mapping[Channel, ChannelSetup], slack_manifest: Callable[[], str], pages: Pages
) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _ChannelPages(accounts, steps, slack_manifest, pages)
    one = "/admin/api/channels/{channel}/{account}"
    return [
        route("/admin/channels", doors.show, access=Access.ADMIN),
        route("/admin/api/channels/{channel}", doors.connect, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/check", doors.check, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/disconnect", doors.disconnect, access=Access.ADMIN, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ChannelPages:
    accounts: ChannelAccounts
    steps: Mapping[Channel, ChannelSetup]
    slack_manifest: Callable[[], str]
    pages: Pages

    async def show(self, request: Request) -> Response:
        return self.pages.render(
            request,
            "admin/channels/channels.html",
            accounts=[account for account in await self.accounts.listed() if account.id != APP],
            manifest=self.slack_manifest(),
            texts=self.pages.texts(request, WORDS, CHANNELS),
        )

    async def connect(self, request: Request) -> Response:
        steps = self._steps(request)
        findings: list[Finding] = []
        secrets = (await read(request, ChannelKeysBody)).secrets
        try:
            await steps.connect({name: value.strip() for name, value in secrets.items()}, findings.append)
        except ConnectionFailure as reason:
            findings.append(failed_finding(str(request.path_params["channel"]), "not connected", str(reason)))
            return Json({"connected": False, "findings": _shown(findings)})
        return Json({"connected": True, "findings": _shown(findings)}, status_code=201)

    async def check(self, request: Request) -> Response:
        findings = await self._steps(request).examine(await self._account(request))
        return Json({"findings": _shown(findings)})

    async def disconnect(self, request: Request) -> Response:
        account = await self._account(request)
        await self.accounts.close(account.channel, account.id, "Disconnected by an admin.")
        return Json({"account": account.id, "active": False})

    def _steps(self, request: Request) -> ChannelSetup:
        wanted = str(request.path_params["channel"])
        found = next((steps for channel, steps in self.steps.items() if channel == wanted), None)
        if found is None:
            raise NotFound(f"The channel is one of {', '.join(self.steps)}.")
        return found

    async def _account(self, request: Request) -> Account:
        self._steps(request)
        channel = Channel(str(request.path_params["channel"]))
        account = await self.accounts.find(channel, str(request.path_params["account"]))
        if account is None:
            raise NotFound("This account was never connected.")
        return account


def _shown(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"name": each.name, "level": str(each.level), "found": each.found, "remedy": each.remedy} for each in findings
    ]
