"""The admin page of alerts into the team's own chat on Slack or Telegram."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import Account, Channel
from helpdesk.accounts.roles import Capability
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.delivery.staff_alerts import StaffAlerts
from helpdesk.web.admin.alerts.words import REASONS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import CHANNELS
from store.db import Database
from store.errors import Invalid
from store.models import StaffAlertRule

#: The channels that have chats of several people.
_CHATS = (Channel.SLACK, Channel.TELEGRAM)


class StaffAlertBody(Body):
    """What the form holds. `account` is `channel:account`."""

    account: Annotated[str, Field(max_length=160)]
    chat_id: Annotated[str, Field(max_length=128)]
    minutes: Annotated[int, Field(ge=1, le=600)]
    reasons: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=3)]
    with_text: bool = False
    is_on: bool = False


def alert_routes(*, db: Database, alerts: StaffAlerts, accounts: ChannelAccounts, pages: Pages) -> list[BaseRoute]:
    """The routes of this module."""
    doors = _AlertPages(db, alerts, accounts, pages)
    return [
        route("/admin/alerts", doors.show, access=Capability.CHANNELS),
        route("/admin/api/alerts", doors.save, access=Capability.CHANNELS, methods=["POST"]),
        route("/admin/api/alerts/test", doors.try_out, access=Capability.CHANNELS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _AlertPages:
    db: Database
    alerts: StaffAlerts
    accounts: ChannelAccounts
    pages: Pages

    async def show(self, request: Request) -> Response:
        async with self.db.read() as session:
            rule = await session.get(StaffAlertRule, 1)
        return self.pages.render(
            request,
            "admin/alerts/alerts.html",
            rule=rule,
            failed=await self.alerts.last_problem(),
            accounts=await self._accounts(),
            channels=self.pages.texts(request, CHANNELS),
            reasons=self.pages.texts(request, REASONS),
            texts=self.pages.texts(request, WORDS),
        )

    async def save(self, request: Request) -> Response:
        rule = await self._read(request)
        async with self.db.write() as session:
            await session.merge(rule)
        return Json({"is_on": rule.is_on})

    async def try_out(self, request: Request) -> Response:
        return Json({"reason": await self.alerts.try_out(await self._read(request))})

    async def _read(self, request: Request) -> StaffAlertRule:
        """What was entered. Raises `Invalid`."""
        entered = await read(request, StaffAlertBody)
        account = next((one for one in await self._accounts() if _key(one) == entered.account), None)
        if account is None:
            raise Invalid("Connect Slack or Telegram first.", code="alert_account", fields=["account"])
        if not entered.chat_id.strip():
            raise Invalid("Which chat?", code="alert_chat", fields=["chat_id"])
        reasons = tuple(reason for reason in ("waits", "nobody", "promise") if reason in entered.reasons)
        return StaffAlertRule(
            id=1,
            channel=account.channel,
            account=account.id,
            chat_id=entered.chat_id.strip(),
            minutes=entered.minutes,
            reasons=reasons,
            with_text=entered.with_text,
            is_on=entered.is_on,
        )

    async def _accounts(self) -> list[Account]:
        return [account for channel in _CHATS for account in await self.accounts.every(channel) if account.id != "app"]


def _key(account: Account) -> str:
    return f"{account.channel}:{account.id}"
