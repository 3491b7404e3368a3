"""The admin page of the channels: what is connected and how it is, connecting, checking, disconnecting."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from typing import Annotated

from babel import Locale
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import Account, Channel, Inbox
from connectors.contract.findings import ConnectionFailure, Finding, Report, failed_finding
from helpdesk.accounts.roles import Capability
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.mail.letter import Letter
from helpdesk.mail.mail_server import MailServerStatus
from helpdesk.web.admin.channels.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.days import short_moment
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
    *,
    accounts: ChannelAccounts,
    steps: Mapping[Channel, ChannelSetup],
    slack_manifest: Callable[[], str],
    pages: Pages,
    mail_server: MailServerStatus | None = None,
    aside: StoredAsideMails | None = None,
    inbox: Inbox | None = None,
    zone: tzinfo = UTC,
) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _ChannelPages(accounts, steps, slack_manifest, pages, mail_server, aside, inbox, zone)
    one = "/admin/api/channels/{channel}/{account}"
    return [
        route("/admin/channels", doors.show, access=Capability.CHANNELS),
        route("/admin/api/mail/check", doors.check_mail, access=Capability.CHANNELS, methods=["POST"]),
        route("/admin/api/mail/test", doors.send_test_mail, access=Capability.CHANNELS, methods=["POST"]),
        route("/admin/api/mail/aside/{id}/open", doors.open_aside, access=Capability.CHANNELS, methods=["POST"]),
        route("/admin/api/channels/{channel}", doors.connect, access=Capability.CHANNELS, methods=["POST"]),
        route(f"{one}/check", doors.check, access=Capability.CHANNELS, methods=["POST"]),
        route(f"{one}/disconnect", doors.disconnect, access=Capability.CHANNELS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ChannelPages:
    accounts: ChannelAccounts
    steps: Mapping[Channel, ChannelSetup]
    slack_manifest: Callable[[], str]
    pages: Pages
    mail_server: MailServerStatus | None
    aside: StoredAsideMails | None
    inbox: Inbox | None
    zone: tzinfo

    async def show(self, request: Request) -> Response:
        locale = Locale.parse(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/channels/channels.html",
            accounts=[account for account in await self.accounts.listed() if account.id != APP],
            manifest=self.slack_manifest(),
            mail=await self.mail_server.load_figures() if self.mail_server else None,
            aside=await self.aside.newest() if self.aside else (),
            moment=partial(short_moment, locale=locale, zone=self.zone),
            texts=self.pages.texts(request, WORDS, CHANNELS),
        )

    async def check_mail(self, request: Request) -> Response:
        """Whether the mail server lets us in."""
        return Json({"findings": _shown([await self._mail_server().check()])})

    async def send_test_mail(self, request: Request) -> Response:
        """A mail to the admin who asks, at once; what the server answered."""
        agent = request.state.agent
        say = self.pages.messages(request).gettext
        letter = Letter(language=self.pages.language(request), body=say(WORDS["mail_test_body"]))
        found = await self._mail_server().send(agent.email, say(WORDS["mail_test_subject"]), letter)
        return Json({"findings": _shown([found])})

    async def open_aside(self, request: Request) -> Response:
        """A mail that was put aside becomes a conversation."""
        if self.aside is None or self.inbox is None:
            raise NotFound("No mailbox is set up.")
        return Json({"conversation": await self.aside.open(str(request.path_params["id"]), self.inbox)})

    def _mail_server(self) -> MailServerStatus:
        if self.mail_server is None:
            raise NotFound("No mail server is set up: STAFFEL_SMTP_URL is empty.")
        return self.mail_server

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
