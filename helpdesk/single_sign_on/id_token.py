"""What an ID token says of somebody, once signature, issuer, audience, times and nonce are checked. Pure.

authlib checks the claims (OpenID Connect Core, section 3.1.3.7), joserfc, by the same authors, the signature.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, InvalidTokenError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from helpdesk.single_sign_on.definition import FactorTrust, ProviderDefinition
from helpdesk.single_sign_on.errors import BadAnswer, ClocksApart

#: Signatures with a key of the provider's alone. Neither `none`, nor HS256, whose key is the client's own secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
#: How far the provider's clock may be off, in seconds.
LEEWAY_SECONDS = 60
MAX_SUBJECT_LENGTH = 255
MAX_GROUPS = 1000
#: Means of a second factor (RFC 8176): each of them besides a password makes two.
_POSSESSION = frozenset({"otp", "hwk", "swk", "sc", "sms", "tel", "fpt", "face", "iris", "retina", "vbm", "pop"})


class UnknownSigningKey(BadAnswer):
    """Signed with a key that isn't among those that we know; the provider may have a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderIdentity:
    """Who somebody is at a provider. `email` is `None` unless verified; `with_factor`: a second factor was shown."""

    subject: str
    email: str | None
    name: str
    groups: frozenset[str]
    with_factor: bool


def read_id_token(
    token: str,
    keys: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str | None,
    at: datetime,
) -> dict[str, Any]:
    """The claims of a token that is good. Raises `BadAnswer`, `ClocksApart` and `UnknownSigningKey`."""
    try:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        opened = jwt.decode(token, key=KeySet.import_key_set(_signing_keys(keys)), registry=registry)
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": client_id, "access_token": access_token},
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except InvalidKeyIdError:
        raise UnknownSigningKey("unknown key") from None
    except ExpiredTokenError:
        raise ClocksApart("expired") from None
    except InvalidTokenError:  # not yet, or issued in the future
        raise ClocksApart("from the future") from None
    except JoseError as error:
        raise BadAnswer(getattr(error, "claim", None) or error.error) from None
    except (ValueError, TypeError, KeyError):
        raise BadAnswer("malformed") from None
    return dict(claims)


def count_signing_keys(keys: Mapping[str, Any]) -> int:
    """How many keys for signatures a provider's set holds; 0 if they can't be read, as then no token can be checked."""
    try:
        return len(KeySet.import_key_set(_signing_keys(keys)).keys)
    except (JoseError, BadAnswer, ValueError, TypeError, KeyError):
        return 0


def _signing_keys(keys: Mapping[str, Any]) -> Any:
    """The keys that are for signatures; a set may hold keys to encrypt with as well."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise BadAnswer("no keys")
    return {"keys": [key for key in listed if isinstance(key, dict) and key.get("use", "sig") == "sig"]}


def identity_of(claims: Mapping[str, Any], definition: ProviderDefinition) -> ProviderIdentity:
    """Who the claims of a good token, and of the provider's userinfo, are about. Raises `BadAnswer`."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT_LENGTH:
        raise BadAnswer("sub")
    email = _verified_email(claims, definition.domains)
    called = next((one for one in (claims.get("name"), claims.get("preferred_username")) if isinstance(one, str)), "")
    return ProviderIdentity(
        subject=subject,
        email=email,
        name=called.strip() or (email or "").partition("@")[0],
        groups=frozenset(_groups(claims, definition.groups_claim)),
        with_factor=_has_factor(claims, definition),
    )


def has_all(claims: Mapping[str, Any], definition: ProviderDefinition) -> bool:
    """Whether nothing is missing that the provider's userinfo may tell."""
    return isinstance(claims.get("email"), str) and bool(_groups(claims, definition.groups_claim))


def _verified_email(claims: Mapping[str, Any], domains: Collection[str]) -> str | None:
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or "@" not in email:
        return None
    is_ours = verified is None and email.rpartition("@")[2].strip().lower() in domains
    return email if verified is True or verified == "true" or is_ours else None


def _groups(claims: Mapping[str, Any], path: str) -> list[str]:
    """The groups at a path; a claim whose own name has dots in it goes before the path."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    listed = [found] if isinstance(found, str) else found
    return [one for one in listed if isinstance(one, str)][:MAX_GROUPS] if isinstance(listed, list) else []


def _has_factor(claims: Mapping[str, Any], definition: ProviderDefinition) -> bool:
    if definition.factor is not FactorTrust.CLAIMS:
        return definition.factor is FactorTrust.ALWAYS
    if claims.get("acr") in definition.acr_values:
        return True
    listed = claims.get("amr")
    methods = {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()
    return "mfa" in methods or bool("pwd" in methods and methods & _POSSESSION)
