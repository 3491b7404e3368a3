"""Calls to Slack's Web API through slack_sdk, and what their errors mean to us.

The SDK's own asyncio client needs aiohttp; its plain one runs here in threads of our own. Retries are the outbox's.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from connectors.contract import DeliveryUnclear, RetryLater, Undeliverable

CALL_WITHIN = 10  # seconds for one call
AGAIN_AFTER = 1.5  # seconds; the outbox adds growing patience and jitter
_MAX_WAIT = 3600.0
_AT_ONCE = 24

ACCESS_LOST = frozenset({"token_revoked", "invalid_auth", "account_inactive", "token_expired", "not_authed"})
"""SlackClient has taken the token back; nothing will be sent until somebody installs us again."""

TOO_MUCH = frozenset({"msg_too_long", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""What may still be taken as plain words."""

NO_THREAD = frozenset({"thread_not_found", "message_not_found", "invalid_thread_ts", "cannot_reply_to_message"})
"""The message that a thread hung on is gone."""

_BUSY = frozenset({"ratelimited", "rate_limited"})
_FAULTS = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "external_channel_migrating",
    }
)

REASONS: Mapping[str, str] = {
    "channel_not_found": "Slack doesn't know this channel any more, or Staffel isn't allowed to see it.",
    "not_in_channel": "Staffel isn't a member of this channel. Somebody there can type: /invite @Staffel",
    "is_archived": "This Slack channel has been archived; nothing can be posted there.",
    "user_disabled": "This person's Slack account has been deactivated.",
    "user_not_found": "Slack doesn't know this person any more.",
    "users_not_found": "Slack doesn't know this person any more.",
    "cannot_dm_bot": "The other side is a bot, and bots can't be written to.",
    "messages_tab_disabled": "The app's messages tab is switched off. Switch it on in the app's settings, App Home.",
    "restricted_action": "An admin of this workspace has restricted who may post here.",
    "restricted_action_read_only_channel": "This channel is read-only.",
    "ekm_access_denied": "The workspace's admins have suspended posting.",
    "missing_scope": "Staffel's installation lacks a permission. ./staffel connect slack says which one.",
    "no_permission": "Staffel isn't allowed to post here.",
    "not_allowed_token_type": "Staffel was connected with a token of the wrong kind; it begins with xoxb-.",
    "no_text": "There was nothing in the message that Slack could show.",
}
NOT_CONNECTED = "This Slack workspace isn't connected any more. An admin can connect it again: staffel connect slack."

_sdk_log = logging.getLogger("connectors.slack.sdk")
_sdk_log.setLevel(logging.CRITICAL)  # what goes wrong is ours to say, without what a message held


class SlackRefusal(Exception):
    """SlackClient answered, and said no: `error` is its own word for why."""

    def __init__(self, error: str, *, needed: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.needed = needed


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackResponse:
    """What Slack said; `headers` by lower-case name."""

    data: Mapping[str, Any]
    headers: Mapping[str, str]


class SlackClient:
    """The Web API. `api_url` is that of another server than the public one."""

    def __init__(self, api_url: str = "", *, within: int = CALL_WITHIN) -> None:
        self._base = f"{(api_url or WebClient.BASE_URL).rstrip('/')}/"
        self._within = within
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="slack")

    async def call(self, token: str | None, method: str, **arguments: Any) -> SlackResponse:
        """Call a method with JSON arguments.

        Raises `SlackRefusal` when Slack says no, `RetryLater` when it surely didn't do it, `DeliveryUnclear` when
        nobody knows.
        """
        return await self._run(token, method, {"json": arguments})

    async def ask(self, token: str | None, method: str, **arguments: Any) -> SlackResponse:
        """The same for the methods that take a form instead."""
        return await self._run(token, method, {"data": arguments})

    async def _run(self, token: str | None, method: str, body: Mapping[str, Any]) -> SlackResponse:
        client = WebClient(token, base_url=self._base, timeout=self._within, retry_handlers=[], logger=_sdk_log)
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._threads, lambda: client.api_call(method, **body))
        except SlackApiError as error:
            raise translate_error(error) from None
        except (OSError, ValueError) as error:  # ValueError: an answer that isn't HTTP
            raise translate_line_error(error) from None
        data = answer.data if isinstance(answer.data, dict) else {}
        return SlackResponse(data=data, headers={name.lower(): str(value) for name, value in answer.headers.items()})


def translate_error(error: SlackApiError) -> Exception:
    """What Slack's answer means."""
    response = error.response
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    if response.status_code == 429:
        return RetryLater(_wait(headers.get("retry-after", "")), "Slack asks for patience")
    if response.status_code >= 500:
        return RetryLater(AGAIN_AFTER, f"Slack answered {response.status_code}")
    data = response.data if isinstance(response.data, dict) else {}
    word = str(data.get("error", ""))
    if word in _BUSY:
        return RetryLater(_wait(headers.get("retry-after", "")), "Slack asks for patience")
    if word in _FAULTS:
        return RetryLater(AGAIN_AFTER, f"Slack answered {word}")
    if response.status_code != 200 or not word.replace("_", "").isalnum():
        return RetryLater(AGAIN_AFTER, f"something between us and Slack answered {response.status_code}")
    return SlackRefusal(word, needed=str(data.get("needed", "")))


def translate_line_error(error: Exception) -> Exception:
    """Only a connection that never stood is sure not to have carried anything."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(error, URLError) and isinstance(
        reason, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError
    ):
        return RetryLater(AGAIN_AFTER, f"Slack can't be reached ({type(reason).__name__})")
    return DeliveryUnclear(f"the line to Slack broke ({type(reason).__name__})")


def undeliverable_error(word: str) -> Undeliverable:
    """A refusal in words for the agent."""
    return Undeliverable(REASONS.get(word, f"Slack didn't take this message (its word for it: {word[:60]})."))


def _wait(seconds: str) -> float:
    return min(float(seconds), _MAX_WAIT) if seconds.isascii() and seconds.isdigit() else 30.0
