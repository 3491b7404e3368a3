"""The two forms of a signed identity, and whether it is signed with a key of ours.

A JSON Web Token with HS256, or, where there is no library at hand, `payload.signature`: the claims as JSON in base64url
and their HMAC-SHA256 in hexadecimal. What is signed is exactly what was sent, so there is nothing to be brought into a
canonical form on two sides. One has a dot in what is signed and the other hasn't: neither passes for the other.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.identity.claims import IdentityRefused, Refusal, VerifiedCustomer, read_customer

MAX_TOKEN_LENGTH = 8_192  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key of the web site; `secret` is the text that it was shown as."""

    id: str
    secret: str


def verify_identity(token: str, keys: Iterable[SigningKey], *, audience: str, at: datetime) -> VerifiedCustomer:
    """The customer whom a token is about. Raises `IdentityRefused`."""
    known = tuple(keys)
    if not known:
        raise IdentityRefused(Refusal.NO_KEY, "No key has been made for sign-ins, or all are retired.")
    parts = token.split(".")
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii() or not 2 <= len(parts) <= 3 or not all(parts):
        raise IdentityRefused(Refusal.MALFORMED, "This is neither a JWT nor 'payload.signature'.")
    payload, key = _verify_jwt(token, known) if len(parts) == 3 else _verify_hmac(parts[0], parts[1], known)
    claims = _read_claims(payload)
    named = claims.get("jti")
    name = named if isinstance(named, str) and 0 < len(named) <= 200 else token.rpartition(".")[0]
    token_hash = hashlib.sha256(f"{key.id}:{claims.get('sub')}:{name}".encode()).hexdigest()
    return read_customer(claims, audience=audience, at=at, token_hash=token_hash, key_id=key.id)


def _verify_jwt(token: str, keys: tuple[SigningKey, ...]) -> tuple[bytes, SigningKey]:
    import jwt  # with cryptography, for whoever signs customers in

    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise IdentityRefused(Refusal.MALFORMED, "The JWT's header can't be read.") from None
    if header.get("alg") != "HS256":
        raise IdentityRefused(Refusal.ALGORITHM, "The only algorithm that is taken is HS256.")
    wanted = header.get("kid")
    for key in keys:
        if wanted in {None, key.id} and (payload := _payload_of(token, key)) is not None:
            return payload, key
    raise _not_signed()


def _payload_of(token: str, key: SigningKey) -> bytes | None:
    import jwt

    try:
        payload: bytes = jwt.PyJWS(algorithms=["HS256"]).decode(token, key.secret, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    return payload


def _verify_hmac(payload: str, signature: str, keys: tuple[SigningKey, ...]) -> tuple[bytes, SigningKey]:
    for key in keys:
        expected = hmac.new(key.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, signature.lower()):
            return _decode(payload), key
    raise _not_signed()


def _not_signed() -> IdentityRefused:
    return IdentityRefused(Refusal.SIGNATURE, "The signature isn't by a key of this Staffel.")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise IdentityRefused(Refusal.MALFORMED, "The payload isn't base64url.") from None


def _read_claims(payload: bytes) -> Mapping[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise IdentityRefused(Refusal.MALFORMED, "The payload isn't a JSON object.")
    return claims
