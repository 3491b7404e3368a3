"""Calls to Slack's Web API through slack_sdk, and what their errors mean to us.

Retries are the outbox's: it knows whether a part may go out once more, and keeps its pauses in the database.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from connectors.contract import DeliveryUnclear, RetryLater, Undeliverable

CALL_WITHIN = 10  # seconds for one call, from the first look for its address to the last byte
AGAIN_AFTER = 1.5  # seconds; the outbox adds growing patience and jitter
_MAX_WAIT = 3600.0

ACCESS_LOST = frozenset({"token_revoked", "invalid_auth", "account_inactive", "token_expired", "not_authed"})
"""Slack has taken the token back; nothing will be sent until somebody installs us again."""

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
    "message_not_found": "This message isn't in Slack any more.",
    "cant_update_message": "Slack doesn't let Staffel change this message.",
    "edit_window_closed": "Slack no longer lets this message be changed.",
    "cant_delete_message": "Slack doesn't let Staffel take this message back.",
    "no_text": "There was nothing in the message that Slack could show.",
}
NOT_CONNECTED = "This Slack workspace isn't connected any more. An admin can connect it again: staffel connect slack."

sdk_log = logging.getLogger("connectors.slack.sdk")
"""Where the SDK and Bolt write to: nowhere. What goes wrong is ours to say, without what a message held."""

sdk_log.setLevel(logging.CRITICAL)


class SlackRefusal(Exception):
    """Slack answered, and said no: `error` is its own word for why."""

    def __init__(self, error: str, *, needed: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.needed = needed


class SlackRateLimit(RetryLater):
    """Slack answered 429, for this channel or for the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackResponse:
    """What Slack said; `headers` by lower-case name."""

    data: Mapping[str, Any]
    headers: Mapping[str, str]


class _TranslatingClient(AsyncWebClient):
    """The SDK's client with our errors, so that they mean the same in Bolt's flows."""

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        if credentials := arguments.pop("auth", None):  # aiohttp deprecates the form that the SDK would give them
            arguments["data"] = {**arguments["data"], **credentials}
        try:
            return await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            raise translate_error(error) from None
        except AttributeError:  # the SDK looks into JSON that is no object
            raise RetryLater(AGAIN_AFTER, "something between us and Slack answered") from None
        except (ClientError, OSError, ValueError) as error:  # ValueError: an answer that isn't text
            raise translate_line_error(error) from None


class SlackClient:
    """The Web API. `api_url` is that of another server than the public one."""

    def __init__(self, api_url: str = "", *, within: int = CALL_WITHIN) -> None:
        self._base = api_url or AsyncWebClient.BASE_URL
        self._within = within

    def web(self, token: str | None = None) -> AsyncWebClient:
        """The SDK's client for one token; its calls raise what `call` raises."""
        return _TranslatingClient(token, base_url=self._base, timeout=self._within, retry_handlers=[], logger=sdk_log)

    async def call(self, token: str | None, method: str, **arguments: Any) -> SlackResponse:
        """Call a method with JSON arguments.

        Raises `SlackRefusal` when Slack says no, `RetryLater` when it surely didn't do it, `DeliveryUnclear` when
        nobody knows.
        """
        return _response(await self.web(token).api_call(method, json=arguments))

    async def ask(self, token: str | None, method: str, **arguments: Any) -> SlackResponse:
        """The same for the methods that take a form instead."""
        return _response(await self.web(token).api_call(method, data=arguments))


def _response(answer: AsyncSlackResponse) -> SlackResponse:
    data = answer.data if isinstance(answer.data, dict) else {}
    return SlackResponse(data=data, headers={name.lower(): str(value) for name, value in answer.headers.items()})


def translate_error(error: SlackApiError) -> Exception:
    """What Slack's answer means. One that isn't JSON comes as aiohttp's own, which has no data."""
    response = error.response
    status = getattr(response, "status_code", None) or response.status
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    if status == 429:
        return SlackRateLimit(_wait(headers.get("retry-after", "")), "Slack asks for patience")
    if status >= 500:
        return RetryLater(AGAIN_AFTER, f"Slack answered {status}")
    found = getattr(response, "data", None)
    data = found if isinstance(found, dict) else {}
    word = str(data.get("error", ""))
    if word in _BUSY:
        return SlackRateLimit(_wait(headers.get("retry-after", "")), "Slack asks for patience")
    if word in _FAULTS:
        return RetryLater(AGAIN_AFTER, f"Slack answered {word}")
    if status != 200 or not word.replace("_", "").isalnum():
        return RetryLater(AGAIN_AFTER, f"something between us and Slack answered {status}")
    return SlackRefusal(word, needed=str(data.get("needed", "")))


def translate_line_error(error: Exception) -> Exception:
    """Only a connection that never stood is sure not to have carried anything."""
    if isinstance(error, ClientConnectorError):
        return RetryLater(AGAIN_AFTER, f"Slack can't be reached ({type(error.os_error).__name__})")
    return DeliveryUnclear(f"the line to Slack broke ({type(error).__name__})")


def undeliverable_error(word: str) -> Undeliverable:
    """A refusal in words for the agent."""
    return Undeliverable(REASONS.get(word, f"Slack didn't take this message (its word for it: {word[:60]})."))


def _wait(seconds: str) -> float:
    return min(float(seconds), _MAX_WAIT) if seconds.isascii() and seconds.isdigit() else 30.0
