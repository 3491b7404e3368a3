"""Slack's Bolt, set up so that a customer's words are stored before Slack hears that we have them.

`process_before_response=True` makes Bolt answer after its listener: 200 when it returned, our error handler's answer
when it raised. What else Bolt does of itself is replaced here or switched off: it asks Slack who we are before it runs
a listener, answers 404 for what nobody listens to (Slack counts those, and ends deliveries when they are many), and
writes whole requests into the log.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from connectors.slack.api_client import SlackClient, sdk_log
from connectors.slack.inbound import MALFORMED, SlackReceiver
from connectors.slack.installation import Installations, installation_id
from connectors.slack.parse import WorkspaceIdentity

log = logging.getLogger(__name__)

AGAIN_AFTER = 5
"""Seconds that Slack is asked to wait when something couldn't be stored; it keeps to its own clock all the same."""

_ANY = re.compile("")
_FORM = "application/x-www-form-urlencoded"
_UNREADABLE = (*MALFORMED, RecursionError)

Json = Mapping[str, Any]


class StorageFailure(Exception):
    """What Slack told us isn't stored, and a repeat may help; carries the name of the error."""


class InstallationLookup(AsyncAuthorize):
    """Who we are where a request comes from, by our database. Bolt's own asks Slack before anything is stored.

    A workspace that isn't connected gets an answer, too: the receiver knows what to do about it.
    """

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(
        self, *, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None, **_: object
    ) -> AuthorizeResult:
        """Raises `StorageFailure` when the database is away."""
        found = self._installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=context.is_enterprise_install
        )
        bot = await _stored(found)
        names = {"bot_user_id": bot.bot_user_id, "bot_id": bot.bot_id, "bot_token": bot.bot_token} if bot else {}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **names)


class BoltApp:
    """Takes requests of Slack's by either way, the HTTP doors or Socket Mode, to the receiver."""

    def __init__(self, receiver: SlackReceiver, installations: Installations, slack: SlackClient) -> None:
        self._receiver = receiver
        self._app = self._listening(
            AsyncApp(
                name="staffel",
                logger=sdk_log,
                client=slack.web(),  # without it Bolt would look for a token in the environment
                authorize=InstallationLookup(installations),
                process_before_response=True,
                raise_error_for_unhandled_request=True,
                request_verification_enabled=False,  # the doors verify before Bolt reads the body
                ssl_check_enabled=False,  # 200 like all that nobody listens to; Bolt's own refuses the right token
                ignoring_self_events_enabled=False,  # no bot is answered at all: `parse.is_person`
                attaching_function_token_enabled=False,
                attaching_conversation_kwargs_enabled=False,
            )
        )

    async def request(self, body: str, content_type: str) -> BoltResponse:
        """Answer a verified request. Only its type of content is told to Bolt: other headers aren't signed."""
        guarded = _guarded(body) if content_type.startswith(_FORM) else body
        return await self._dispatch(lambda: AsyncBoltRequest(body=guarded, headers={"content-type": content_type}))

    async def envelope(self, payload: dict[str, Any]) -> BoltResponse:
        """Answer what came through the socket."""
        return await self._dispatch(lambda: AsyncBoltRequest(body=payload, mode="socket_mode"))

    async def _dispatch(self, read: Callable[[], AsyncBoltRequest]) -> BoltResponse:
        try:
            return await self._app.async_dispatch(read())
        except _UNREADABLE as error:  # from Bolt's reading of it, also on the way to our error handler
            return _unreadable(error)

    def _listening(self, app: AsyncApp) -> AsyncApp:
        app.error(_answer_error)
        app.middleware(self._throttle)
        app.event(_ANY)(self._event)
        app.command(_ANY)(self._command)
        for listen in (app.action, app.shortcut, app.view):
            listen(_ANY)(self._interaction)
        return app

    async def _throttle(self, body: Json, next: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Bolt has no listener for the one envelope that isn't an event."""
        if body.get("type") != "app_rate_limited":
            await next()
            return None
        log.warning("slack: events are held back since minute %s", body.get("minute_rate_limited"))
        return BoltResponse(status=200)

    async def _event(self, body: Json, context: AsyncBoltContext) -> None:
        await _stored(self._receiver.event(body, _ourselves(context)))

    async def _interaction(self, body: Json, context: AsyncBoltContext, ack: AsyncAck) -> None:
        await _stored(self._receiver.interaction(body, _ourselves(context)))
        await ack()

    async def _command(self, body: Mapping[str, str], context: AsyncBoltContext, ack: AsyncAck) -> None:
        answer = await _stored(self._receiver.command(body, _ourselves(context)))
        await ack(answer or "")


def _ourselves(context: AsyncBoltContext) -> WorkspaceIdentity:
    return WorkspaceIdentity(
        account=installation_id(context.enterprise_id, context.team_id, is_whole=context.is_enterprise_install),
        bot_user_id=context.bot_user_id or "",
        bot_id=context.bot_id or "",
        is_connected=context.bot_token is not None,
    )


async def _stored[T](work: Awaitable[T]) -> T:
    """Tell our failures from Bolt's own when it reads nonsense: after ours Slack has to come again."""
    try:
        return await work
    except Exception as error:
        raise StorageFailure(type(error).__name__) from error


async def _answer_error(error: Exception) -> BoltResponse:
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    if isinstance(error, _UNREADABLE):
        return _unreadable(error)
    log.warning(
        "slack: a request wasn't stored (%s)", error if isinstance(error, StorageFailure) else type(error).__name__
    )
    return failure_response()


def failure_response() -> BoltResponse:
    """What makes Slack come again."""
    return BoltResponse(status=503, headers={"Retry-After": str(AGAIN_AFTER)})


def _unreadable(error: Exception) -> BoltResponse:
    """200: Slack signed it, and would bring the same again."""
    log.warning("slack: a signed request can't be read (%s)", type(error).__name__)
    return BoltResponse(status=200)


def _guarded(form: str) -> str:
    """Bolt takes any form with the word "payload" in it for an interaction, and loses a command that asks for one."""
    is_interaction = form.startswith("payload=") or "&payload=" in form
    return form if is_interaction else form.replace("payload", "%70ayload")
