"""Hands in what Slack tells us, over HTTP or Socket Mode, and sees in the background to what Slack wants to hear."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from connectors.contract import (
    Account,
    Accounts,
    Channel,
    Faq,
    InboundEdit,
    InboundMessage,
    Inbox,
    Introduction,
    Withdrawal,
)
from connectors.contract.background_work import BackgroundWork
from connectors.slack import home, parse
from connectors.slack.api_client import SlackClient
from connectors.slack.buttons import GOOD_FOR, Buttons
from connectors.slack.interactions import (
    EXPIRED,
    ChoicePress,
    HomeSearch,
    Interaction,
    InteractionMessage,
    PressRejection,
    ShortcutCall,
    is_in_direct_message,
    offering_account,
    parse_command,
    parse_interaction,
)
from connectors.slack.parse import Json, WorkspaceIdentity
from connectors.slack.people import ProfileCache
from connectors.slack.rendering import after_choice
from connectors.slack.words import SlackWords, words

log = logging.getLogger(__name__)
audit = logging.getLogger("connectors.slack.audit")

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading raises when Slack's words aren't of the shape they should be."""

_RESULTS = 5
PASSED_ON = "eyes"
"""Short code of the sign on a message that an agent has. https://docs.slack.dev/reference/methods/reactions.add"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverTools:
    """What a receiver works with, beside the inbox."""

    accounts: Accounts
    faq: Faq
    slack: SlackClient
    people: ProfileCache
    buttons: Buttons
    afterwards: BackgroundWork
    api_url: str = ""


class SlackReceiver:
    """Each method returns when what it was given is stored, or can never be; it raises when a repeat may help.

    No method asks Slack for anything before that.
    """

    def __init__(self, inbox: Inbox, tools: ReceiverTools) -> None:
        self._inbox = inbox
        self._tools = tools

    async def event(self, envelope: Json, us: WorkspaceIdentity) -> None:
        """An event of the Events API."""
        event_id = str(envelope.get("event_id", "without an id"))[:40]
        try:
            news = parse.parse_event(envelope, us)
        except MALFORMED as error:
            log.warning("slack: event %s can't be read (%s)", event_id, type(error).__name__)
            return
        if not us.is_connected and not isinstance(news, parse.AccessRevocation | None):
            log.info("slack: event %s is for workspace %s, which isn't connected", event_id, us.account[:20])
            return
        try:
            await self._store(news, us)
        except Exception as error:
            if not is_refusal(error):
                raise
            log.info("slack: event %s was refused (%s)", event_id, getattr(error, "code", ""))

    async def _store(self, news: parse.News | None, us: WorkspaceIdentity) -> None:
        match news:
            case InboundMessage():
                receipt = await self._inbox.receive(self._introduced(news, us))
                if receipt.with_agent:
                    self._later(self._mark_passed_on(us, news), "marking a message")
            case InboundEdit():
                await self._inbox.edit(replace(news, message=self._introduced(news.message, us)))
            case Withdrawal():
                await self._inbox.withdraw(news)
            case parse.HomeVisit():
                self._later(self._show_home(us, news.user_id), "showing the home")
            case parse.AccessRevocation():
                log.warning("slack: workspace %s has taken its access back", us.account)
                await self._tools.accounts.close(Channel.SLACK, us.account, news.why)
            case None:
                pass

    async def interaction(self, payload: Json, us: WorkspaceIdentity) -> None:
        """A press, a shortcut or a sent modal."""
        try:
            us = us if us.is_connected else await self._offering(payload) or us
            said = self._words(us, payload["user"]["id"])
            found = parse_interaction(payload, us, self._tools.buttons, said, datetime.now(UTC))
        except MALFORMED as error:
            log.warning("slack: an interaction of %s can't be read (%s)", us.account[:20], type(error).__name__)
            return
        if not us.is_connected:
            log.info("slack: an interaction is for workspace %s, which isn't connected", us.account[:20])
            return
        try:
            await self._act(found, us, said, str(payload.get("response_url") or ""))
        except Exception as error:
            if not is_refusal(error):
                raise
            log.info("slack: an interaction was refused (%s)", getattr(error, "code", ""))

    async def _offering(self, payload: Json) -> WorkspaceIdentity | None:
        """With Slack Connect the presser's workspace may be named; our button knows its own."""
        account_id = offering_account(payload, self._tools.buttons, datetime.now(UTC))
        account = await self._account(account_id)
        return ourselves(account) if account else None

    async def _act(self, found: Interaction | None, us: WorkspaceIdentity, said: SlackWords, response_url: str) -> None:
        match found:
            case ChoicePress():
                await self._press(found, us, said, response_url)
            case PressRejection():
                self._reject(found, us, said)
            case InteractionMessage():
                await self._inbox.receive(self._introduced(found.inbound, us))
                if found.at_home:
                    self._later(self._show_home(us, found.inbound.contact_id, notice=True), "showing the home")
            case HomeSearch():
                self._later(self._search(us, found), "searching")
            case ShortcutCall():
                self._later(self._open_modal(us, found), "opening a modal")
            case None:
                pass

    async def _press(self, pressed: ChoicePress, us: WorkspaceIdentity, said: SlackWords, response_url: str) -> None:
        """Have a choice carried out once; a second press hears that it was."""
        try:
            await self._inbox.receive(self._introduced(pressed.inbound, us))
        except Exception as error:
            if not is_refusal(error):
                raise
            self._later(self._whisper(response_url, said.already_chosen), "explaining a press")
            return
        self._later(self._mark_chosen(us, pressed), "marking a choice")

    def _reject(self, rejected: PressRejection, us: WorkspaceIdentity, said: SlackWords) -> None:
        audit.warning(
            "slack: a button was rejected as %s: workspace %s, user %s, message %s",
            rejected.why,
            us.account,
            rejected.user_id,
            rejected.place,
        )
        text = said.no_longer_valid if rejected.why == EXPIRED else said.not_yours
        self._later(self._whisper(rejected.response_url, text), "explaining a rejection")

    async def command(self, form: Mapping[str, str], us: WorkspaceIdentity) -> dict[str, str] | None:
        """`/staffel …`; returns what only the one who typed it sees."""
        try:
            asked = parse_command(form, us)
        except MALFORMED as error:
            log.warning("slack: a command can't be read (%s)", type(error).__name__)
            return None
        said = self._words(us, asked.inbound.contact_id)
        if not us.is_connected:
            return _ephemeral(said.not_now)
        try:
            await self._inbox.receive(self._introduced(asked.inbound, us))
        except Exception as error:  # Slack repeats no command: the person has to
            log.warning("slack: a command of %s wasn't stored (%s)", us.account, type(error).__name__)
            return _ephemeral(said.not_now)
        return None if is_in_direct_message(form) else _ephemeral(said.in_direct_message)

    async def _account(self, account_id: str) -> Account | None:
        account = await self._tools.accounts.find(Channel.SLACK, account_id) if account_id else None
        return account if account and account.active else None

    def _introduced(self, inbound: InboundMessage, us: WorkspaceIdentity) -> InboundMessage:
        """With what is known of the person; what isn't is asked for the next time."""
        profile = self._tools.people.known(us.account, inbound.contact_id)
        if profile is None:
            self._later(self._learn(us, inbound.contact_id), "learning a profile")
            return inbound
        introduction = Introduction(language=profile.language, time_zone=profile.time_zone)
        return replace(inbound, contact_name=profile.name, introduction=introduction)

    def _words(self, us: WorkspaceIdentity, user_id: str) -> SlackWords:
        profile = self._tools.people.known(us.account, user_id)
        return words(profile.language if profile else None)

    def _later(self, work: Any, what: str) -> None:
        self._tools.afterwards.start(work, what)

    async def _token(self, us: WorkspaceIdentity) -> str:
        account = await self._account(us.account)
        return account.secrets.get("bot_token", "") if account else ""

    async def _learn(self, us: WorkspaceIdentity, user_id: str) -> SlackWords:
        profile = await self._tools.people.learn(await self._token(us), us.account, user_id)
        return words(profile.language)

    async def _show_home(
        self, us: WorkspaceIdentity, user_id: str, *, searched: str = "", found: home.Found = (), notice: bool = False
    ) -> None:
        said = await self._learn(us, user_id)
        view = home.home(said, searched=searched, found=found, notice=said.asked if notice else "")
        await self._tools.slack.call(await self._token(us), "views.publish", user_id=user_id, view=view)

    async def _search(self, us: WorkspaceIdentity, searched: HomeSearch) -> None:
        profile = await self._tools.people.learn(await self._token(us), us.account, searched.user_id)
        language = profile.language or "en"
        entries = await self._tools.faq.search(searched.words, language, limit=_RESULTS) if searched.words else []
        here, until = parse.direct(us, searched.user_id), datetime.now(UTC) + GOOD_FOR
        found = [(entry, self._tools.buttons.question(here, entry.question, until)) for entry in entries]
        await self._show_home(us, searched.user_id, searched=searched.words, found=found)

    async def _open_modal(self, us: WorkspaceIdentity, called: ShortcutCall) -> None:
        """Within three seconds of the call: who isn't known yet gets English rather than nothing."""
        view = home.question_modal(self._words(us, called.user_id), called.text)
        await self._tools.slack.call(await self._token(us), "views.open", trigger_id=called.trigger_id, view=view)
        await self._learn(us, called.user_id)

    async def _mark_chosen(self, us: WorkspaceIdentity, pressed: ChoicePress) -> None:
        said = await self._tools.people.learn(await self._token(us), us.account, pressed.inbound.contact_id)
        blocks = after_choice(pressed.blocks, pressed.title, said.language or "en")
        await self._tools.slack.call(
            await self._token(us),
            "chat.update",
            channel=pressed.channel,
            ts=pressed.ts,
            text=pressed.text,
            blocks=blocks,
            parse="none",
            link_names=False,
        )

    async def _mark_passed_on(self, us: WorkspaceIdentity, message: InboundMessage) -> None:
        """Nobody speaks beside an agent, so a sign on the message says that it is with them.

        A workspace that was connected before we asked for `reactions:write` goes without.
        """
        channel, _, ts = message.external_id.partition(":")
        await self._tools.slack.call(
            await self._token(us), "reactions.add", channel=channel, timestamp=ts, name=PASSED_ON
        )

    async def _whisper(self, response_url: str, text: str) -> None:
        """Say something to the one who pressed, and to nobody else."""
        if not is_slacks(response_url, self._tools.api_url):
            return
        async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
            await client.post(response_url, json={**_ephemeral(text), "replace_original": False})


def ourselves(account: Account) -> WorkspaceIdentity:
    """Who we are in a workspace that is connected."""
    settings = account.settings
    return WorkspaceIdentity(
        account=account.id, bot_user_id=settings.get("bot_user_id", ""), bot_id=settings.get("bot_id", "")
    )


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address to answer at is Slack's own, or the configured server's."""
    parts, own = urlsplit(url), urlsplit(api_url)
    if api_url and (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and parts.hostname == "hooks.slack.com"


def is_refusal(error: Exception) -> bool:
    """Whether the inbox has said no for good; what it can't store just now, or a fault, is worth another try."""
    code, status = getattr(error, "code", None), getattr(error, "status", 400)
    return (
        isinstance(code, str) and code not in ("unavailable", "slow_down") and isinstance(status, int) and status < 500
    )


def _ephemeral(text: str) -> dict[str, str]:
    return {"response_type": "ephemeral", "text": text}
