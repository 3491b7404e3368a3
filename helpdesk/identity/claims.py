"""What a signed identity says: read and checked. Pure; whether it is signed is `identity.token`'s to say."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from store.errors import HelpdeskError
from store.models import CustomerAttributes

#: How long a sign-in may last; a longer one would outlive the web site's own session.
MAX_LIFETIME = timedelta(hours=24)
#: How far the web site's clock may be off.
CLOCK_SKEW = timedelta(seconds=60)
MAX_ID_LENGTH = 100  # characters, as are the others
MAX_NAME_LENGTH = 200
MAX_EMAIL_LENGTH = 254
MAX_ATTRIBUTES = 20
MAX_ATTRIBUTE_LENGTH = 200
MAX_SAFE_INTEGER = 2**53 - 1

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,30}")
_ATTRIBUTE_NAME = re.compile(r"[^\W\d_][\w -]{0,39}")
#: What has no place in a name: control characters, halves of surrogate pairs, and what turns the reading direction.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Refusal(StrEnum):
    """Why a sign-in isn't taken."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    TOO_LONG = "too_long"
    CLAIMS = "claims"
    NO_KEY = "no_key"
    REPLAYED = "replayed"
    ENDED = "ended"


class IdentityRefused(HelpdeskError):
    """A sign-in isn't taken. `customer_id` is who it was signed for, where only its time is over."""

    status = 401
    code = "identity_refused"

    def __init__(self, refusal: Refusal, message: str, *, customer_id: str | None = None) -> None:
        super().__init__(message, refusal=str(refusal))
        self.refusal = refusal
        self.customer_id = customer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCustomer:
    """What the web site has signed of a customer. `token_hash` names this sign-in, `key_id` the key that signed it."""

    customer_id: str
    expires_at: datetime
    token_hash: str
    key_id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: CustomerAttributes = field(default_factory=dict)


def read_customer(
    claims: Mapping[str, Any], *, audience: str, at: datetime, token_hash: str, key_id: str
) -> VerifiedCustomer:
    """The customer whom signed claims are about. Raises `IdentityRefused`."""
    customer_id = _customer_id(claims.get("sub"))
    _check_audience(claims.get("aud"), audience)
    expires_at = _time(claims.get("exp"), "exp")
    if expires_at <= at - CLOCK_SKEW:
        raise IdentityRefused(Refusal.EXPIRED, "The sign-in has expired.", customer_id=customer_id)
    if expires_at > at + MAX_LIFETIME + CLOCK_SKEW:
        raise IdentityRefused(Refusal.TOO_LONG, "'exp' is more than 24 hours ahead.")
    for name in ("iat", "nbf"):
        if claims.get(name) is not None and _time(claims[name], name) > at + CLOCK_SKEW:
            raise IdentityRefused(Refusal.NOT_YET, f"'{name}' lies in the future.")
    return VerifiedCustomer(
        customer_id=customer_id,
        expires_at=expires_at,
        token_hash=token_hash,
        key_id=key_id,
        name=_name(claims.get("name")),
        email=_matching(claims.get("email"), _EMAIL, MAX_EMAIL_LENGTH),
        phone=_matching(claims.get("phone"), _PHONE, 32),
        attributes=_attributes(claims.get("attributes")),
    )


def _customer_id(sub: object) -> str:
    text = str(sub) if isinstance(sub, int) and not isinstance(sub, bool) else sub
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_ID_LENGTH or _UNSEEN.search(text) or not text.strip():
        raise IdentityRefused(Refusal.CLAIMS, f"'sub' is the customer's id, 1 to {MAX_ID_LENGTH} characters.")
    return text


def _check_audience(aud: object, audience: str) -> None:
    named = aud if isinstance(aud, list) else [aud]
    if not any(isinstance(each, str) and each.rstrip("/") == audience.rstrip("/") for each in named):
        raise IdentityRefused(Refusal.AUDIENCE, f"'aud' has to be {audience}, the address of this Staffel.")


def _time(value: object, name: str) -> datetime:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e11:
        raise IdentityRefused(Refusal.CLAIMS, f"'{name}' is a time in seconds since 1970.")
    return datetime.fromtimestamp(value, UTC)


def _name(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        raise IdentityRefused(Refusal.CLAIMS, f"'name' is a text of at most {MAX_NAME_LENGTH} characters.")
    return " ".join(_UNSEEN.sub(" ", value).split()) or None


def _matching(value: object, form: re.Pattern[str], longest: int) -> str | None:
    """An address in its form; one that can't be used is nothing we were told."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= longest and form.fullmatch(text) and not _UNSEEN.search(text) else None


def _attributes(value: object) -> CustomerAttributes:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_ATTRIBUTES:
        raise IdentityRefused(Refusal.CLAIMS, f"'attributes' is an object with at most {MAX_ATTRIBUTES} values.")
    return {_attribute_name(name): _attribute(name, given) for name, given in value.items() if given is not None}


def _attribute_name(name: str) -> str:
    if not _ATTRIBUTE_NAME.fullmatch(name):
        raise IdentityRefused(Refusal.CLAIMS, "An attribute's name has 1 to 40 letters, digits, spaces, '_' or '-'.")
    return name


def _attribute(name: str, value: object) -> str | int | float | bool:
    match value:
        case bool():
            return value
        case int() if abs(value) <= MAX_SAFE_INTEGER:
            return value
        case float() if math.isfinite(value):
            return value
        case str() if len(value) <= MAX_ATTRIBUTE_LENGTH:
            return _UNSEEN.sub(" ", value).strip()
    raise IdentityRefused(
        Refusal.CLAIMS, f"Attribute '{name}' is a number, true, false or a text of at most {MAX_ATTRIBUTE_LENGTH}."
    )
