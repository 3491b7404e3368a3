"""Talking with a provider: what it says of itself, its keys, and a code exchanged for tokens.

authlib builds and signs the requests; they go through the guard on addresses, and take ten seconds at most. Nothing of
what is sent or comes back is logged.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from helpdesk.outgoing.guarded_transport import GuardedTransport
from helpdesk.single_sign_on.definition import ProviderDefinition
from helpdesk.single_sign_on.errors import BadAnswer, ProviderAway
from helpdesk.single_sign_on.id_token import UnknownSigningKey, count_signing_keys, has_all, read_id_token
from helpdesk.single_sign_on.providers import Provider
from helpdesk.single_sign_on.ticket import Ticket
from store.errors import Invalid
from store.models import now

SECONDS = 10.0
MAX_ANSWER_BYTES = 512 * 1024
#: How long what a provider says of itself is believed.
FRESH = timedelta(hours=1)
#: A key that we don't know is asked for this often at most.
KEYS_EVERY = timedelta(minutes=1)
#: One that didn't answer isn't asked again for so long, so that nobody's clicks become a flood of calls.
AWAY_FOR = timedelta(seconds=5)
#: Some say only when they are asked how somebody has signed in (OpenID Connect Core, section 5.5).
_FACTOR_CLAIMS = json.dumps({"id_token": {"amr": None, "acr": None}})
_FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class _KnownProvider:
    """What a provider says of itself, and when it was asked."""

    metadata: dict[str, Any]
    asked_at: datetime
    keys: dict[str, Any] = field(default_factory=dict)
    keys_at: datetime | None = None


class ProviderClient:
    """One for a process. `own_hosts` are the hosts of our own network that may be called, as `name` or `name:port`."""

    def __init__(self, own_hosts: Collection[str] = (), *, clock: Callable[[], datetime] = now) -> None:
        self._own_hosts = own_hosts
        self._clock = clock
        self._known: dict[str, _KnownProvider] = {}
        self._away: dict[str, datetime] = {}

    async def check(self, definition: ProviderDefinition) -> None:
        """Ask it anew what it is, and for keys that can be read. Raises `ProviderAway`."""
        self._known.pop(definition.issuer, None)
        self._away.pop(definition.issuer, None)
        if not count_signing_keys(await self._keys(await self._discover(definition))):
            raise ProviderAway("no keys")

    async def authorization_address(self, provider: Provider, ticket: Ticket, redirect_uri: str) -> str:
        """Where the browser goes to sign in. Raises `ProviderAway`."""
        definition = provider.definition
        known = await self._discover(definition)
        extra = {"acr_values": " ".join(definition.acr_values)} if definition.acr_values else {}
        if known.metadata.get("claims_parameter_supported") is True:
            extra["claims"] = _FACTOR_CLAIMS
        address: str = prepare_grant_uri(
            known.metadata["authorization_endpoint"],
            client_id=definition.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=" ".join(definition.scopes),
            state=ticket.state,
            nonce=ticket.nonce,
            code_challenge=create_s256_code_challenge(ticket.verifier),
            code_challenge_method="S256",
            **extra,
        )
        return address

    async def sign_out_address(self, provider: Provider, return_to: str) -> str | None:
        """Where the browser goes to sign out at the provider; `None` if it has no such page. Raises `ProviderAway`."""
        endpoint = (await self._discover(provider.definition)).metadata.get("end_session_endpoint")
        if not isinstance(endpoint, str) or not _is_web(endpoint):
            return None
        query = httpx.QueryParams(client_id=provider.definition.client_id, post_logout_redirect_uri=return_to)
        return str(httpx.URL(endpoint).copy_merge_params(query))

    async def load_claims(self, provider: Provider, ticket: Ticket, code: str, redirect_uri: str) -> dict[str, Any]:
        """What the provider says of who has just signed in there. Raises `BadAnswer` and `ProviderAway`."""
        known = await self._discover(provider.definition)
        tokens = await self._exchange(provider, known, ticket, code, redirect_uri)
        access_token = tokens.get("access_token")
        access_token = access_token if isinstance(access_token, str) else None
        claims = await self._read(provider.definition, known, ticket, str(tokens.get("id_token", "")), access_token)
        userinfo = known.metadata.get("userinfo_endpoint")
        if has_all(claims, provider.definition) or not access_token or not isinstance(userinfo, str):
            return claims
        told = await self._fetch(userinfo, {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims.get("sub"):
            raise BadAnswer("userinfo of somebody else")
        return {**told, **claims}

    def accepts_issuer(self, provider: Provider, named: str | None) -> bool:
        """Whether the issuer that an answer names is this provider (RFC 9207); one that must name itself has to."""
        known = self._known.get(provider.definition.issuer)
        must = bool(known and known.metadata.get("authorization_response_iss_parameter_supported"))
        return named == provider.definition.issuer if named is not None else not must

    async def _read(
        self, definition: ProviderDefinition, known: _KnownProvider, ticket: Ticket, token: str, access: str | None
    ) -> dict[str, Any]:
        """The claims of the ID token, with keys fetched anew if it is signed with one that isn't known yet."""
        for _ in range(2):
            try:
                return read_id_token(
                    token,
                    await self._keys(known),
                    issuer=definition.issuer,
                    client_id=definition.client_id,
                    nonce=ticket.nonce,
                    access_token=access,
                    at=self._clock(),
                )
            except UnknownSigningKey:
                if known.keys_at is None or known.keys_at > self._clock() - KEYS_EVERY:
                    raise
                known.keys_at = None
        raise UnknownSigningKey("unknown key")

    async def _exchange(
        self, provider: Provider, known: _KnownProvider, ticket: Ticket, code: str, redirect_uri: str
    ) -> dict[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=ticket.verifier
        )
        method = _client_method(provider, known.metadata)
        auth = ClientAuth(provider.definition.client_id, provider.secret, auth_method=method)
        endpoint = known.metadata["token_endpoint"]
        address, headers, content = auth.prepare("POST", endpoint, dict(_FORM), body)
        response = await self._call("POST", address, headers=headers, content=content)
        if 400 <= response.status_code < 500:  # a code that was used already, say, or a wrong secret
            raise BadAnswer(f"status {response.status_code} for the code")
        return _document(response)

    async def _discover(self, definition: ProviderDefinition) -> _KnownProvider:
        known = self._known.get(definition.issuer)
        if known is not None and known.asked_at > self._clock() - FRESH:
            return known
        if self._away.get(definition.issuer, datetime.min.replace(tzinfo=UTC)) > self._clock() - AWAY_FOR:
            raise ProviderAway("away a moment ago")
        try:
            metadata = await self._fetch(definition.discovery_address)
        except ProviderAway:
            self._away[definition.issuer] = self._clock()
            raise
        if metadata.get("issuer") != definition.issuer:
            raise ProviderAway("it calls itself otherwise", told=str(metadata.get("issuer", ""))[:300])
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(metadata.get(name), str) or not _is_web(metadata[name]):
                raise ProviderAway(f"no {name}")
        known = self._known[definition.issuer] = _KnownProvider(metadata, self._clock())
        return known

    async def _keys(self, known: _KnownProvider) -> dict[str, Any]:
        if known.keys_at is None:
            known.keys = await self._fetch(known.metadata["jwks_uri"])
            known.keys_at = self._clock()
        return known.keys

    async def _fetch(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return _document(await self._call("GET", address, headers=headers))

    async def _call(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, content: str | None = None
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(SECONDS), self._open() as client:
                return await client.request(method, address, headers=dict(headers or {}), content=content)
        except (TimeoutError, httpx.TimeoutException):
            raise ProviderAway("too late") from None
        except Invalid as error:  # the guard on addresses
            raise ProviderAway(error.code) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None

    def _open(self) -> httpx.AsyncClient:
        """A client for one call: sign-ins are rare, and what a connection was judged by grows old."""
        return httpx.AsyncClient(
            transport=GuardedTransport(self._own_hosts, max_bytes=MAX_ANSWER_BYTES),
            timeout=SECONDS,
            trust_env=False,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "Staffel"},
        )


def _document(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises `ProviderAway`."""
    try:
        content = json.loads(response.content) if response.status_code == 200 else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ProviderAway(f"status {response.status_code}")
    return content


def _client_method(provider: Provider, metadata: Mapping[str, Any]) -> str:
    """How the client shows its secret: as HTTP's own credentials unless the provider takes a form alone."""
    if not provider.secret:
        return "none"
    offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_post" if "client_secret_basic" not in offered else "client_secret_basic"


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"https", "http"}
    except ValueError:
        return False
