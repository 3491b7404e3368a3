"""How the bot calls its actions in helpdesk: as Rasa does, without what makes Rasa's way dear.

Rasa opens a connection for every call, sends the domain along, and checks the schema of the answers themselves anew
before it checks an answer against it, which alone took more time than all the rest of a turn.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from types import MappingProxyType
from typing import Any

import aiohttp
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions import action as rasa_action
from rasa.core.actions import forms as rasa_forms
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

import tracing
from bot.custom_actions import CustomActions

ACTION_SECONDS = 8.0
"""An action gets this long; helpdesk gives the whole turn ten seconds. Rasa would wait 300."""
IDLE_SECONDS = 4.0
"""Shorter than any server keeps an idle connection, so that none is used in the moment in which it is closed."""


class ActionEndpoint(EndpointConfig):
    """The `action_endpoint` of endpoints.yml, over connections that stay open from one call to the next."""

    _kept: aiohttp.ClientSession | None = None
    _custom: CustomActions | None = None
    _domain: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def like(cls, endpoint: EndpointConfig, custom: CustomActions | None, domain: Domain) -> "ActionEndpoint":
        """The same address, with the same headers; `custom` are the actions that are run here, without a call."""
        kept = cls()
        kept.__dict__.update(vars(endpoint))
        if custom is not None:
            kept._custom, kept._domain = custom, domain.as_dict()
        return kept

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Every call of an action comes by here, those that Rasa's forms make for their validation too."""
        call = kwargs.get("json") or {}
        if self._custom is None or call.get("next_action") not in self._custom.names:
            given = {**(kwargs.pop("headers", None) or {}), **tracing.headers()}
            return await super().request(*args, headers=given, **kwargs)
        return await run_here(self._custom, call, self._domain)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Rasa closes what it gets at the end of a call; this stays."""
        if self._kept is None or self._kept.closed:
            basic = self.basic_auth
            self._kept = aiohttp.ClientSession(
                auth=aiohttp.BasicAuth(basic["username"], basic["password"]) if basic else None,
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        yield self._kept

    async def close(self) -> None:
        """Gives the connections back."""
        if self._kept is not None:
            await self._kept.close()
        if self._custom is not None:
            self._custom.close()


async def run_here(custom: CustomActions, call: Mapping[str, Any], domain: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of an action of one's own. Raises Rasa's `ActionExecutionRejection` where it raises rasa_sdk's."""
    from rasa_sdk.interfaces import ActionExecutionRejection as Rejection

    try:
        return await custom.run({**call, "domain": dict(domain)})
    except Rejection as rejection:
        raise ActionExecutionRejection(rejection.action_name) from None


def run_beside_rasas_own(custom: CustomActions, domain: Mapping[str, Any]) -> None:
    """For commands in which Rasa's processor runs and not ours: `rasa shell` and `rasa interactive`."""
    call_server = EndpointConfig.request

    async def request(endpoint: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
        call = kwargs.get("json")
        if isinstance(call, Mapping) and call.get("next_action") in custom.names:
            return await run_here(custom, call, domain)
        return await call_server(endpoint, *args, **kwargs)

    EndpointConfig.request = request


class LeanAction(RemoteAction):
    """A call whose answer is checked against a schema that was compiled once."""

    def _is_selective_domain_enabled(self) -> bool:
        """Not in endpoints.yml, so that it holds for what is called, and not for what is run here."""
        return True

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """The domain goes along where domain.yml says so (`send_domain`); rasa-sdk wants at least an empty one."""
        return {"domain": {}, **super()._action_call_format(tracker, domain)}

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        """Says where an answer is wrong and not what stands there, as Rasa would: that may be a customer's words."""
        wrong = best_match(_answer_schema().iter_errors(result))
        if wrong is not None:
            raise RasaException(f"The answer of {self.name()} is not as Rasa's schema wants it at {wrong.json_path}")
        return True


@cache
def _answer_schema() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def use_for_all_calls() -> None:
    """Rasa's forms make the calls for their questions and their validation themselves; these names make them lean."""
    rasa_action.RemoteAction = rasa_forms.RemoteAction = LeanAction
