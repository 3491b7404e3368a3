"""The ceremonies of WebAuthn (Level 3, sections 7.1 and 7.2): what a browser is asked, whether its answer holds.

Pure functions over the library; it takes a moment to load, so import this module where a passkey is used.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from helpdesk.second_factor.challenges import MAX_AGE
from helpdesk.second_factor.errors import PasskeyFault, PasskeyRefused
from helpdesk.second_factor.relying_party import RelyingParty

#: Characters that an answer of a browser may have; real ones have two thousand.
MAX_ANSWER = 16_000
_TIMEOUT_MS = int(MAX_AGE.total_seconds() * 1000)
_TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)
#: What the library raises on answers that are none.
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCredential:
    """As much of a passkey as a browser needs to find it."""

    credential_id: str
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredential:
    """What a registration brings."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAnswer:
    """An answer that has the right shape; nothing in it is proved yet.

    `user_handle` is the agent's id, as the passkey keeps it; `None` where the browser didn't say it.
    """

    raw: dict[str, Any]
    credential_id: str
    challenge: bytes
    user_handle: str | None


def registration_options(
    rp: RelyingParty, challenge: bytes, *, agent_id: str, email: str, name: str, existing: Sequence[KnownCredential]
) -> str:
    """What `navigator.credentials.create` is given, as JSON: a passkey that is found without a name, and verified."""
    options = generate_registration_options(
        rp_id=rp.id,
        rp_name=rp.name,
        user_id=agent_id.encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(one) for one in existing],
    )
    return options_to_json(options)


def authentication_options(rp: RelyingParty, challenge: bytes, allowed: Sequence[KnownCredential] = ()) -> str:
    """What `navigator.credentials.get` is given, as JSON; with nothing `allowed`, the browser offers what it has."""
    options = generate_authentication_options(
        rp_id=rp.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=[_descriptor(one) for one in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def read_answer(text: str) -> PasskeyAnswer:
    """The browser's answer. Raises `PasskeyRefused`."""
    if len(text) > MAX_ANSWER:
        raise PasskeyRefused(PasskeyFault.ANSWER)
    try:
        raw = json.loads(text)
        response = raw["response"]
        handle = response.get("userHandle")
        return PasskeyAnswer(
            raw=raw,
            credential_id=_encode(_decode(raw["id"])),
            challenge=parse_client_data_json(_decode(response["clientDataJSON"])).challenge,
            user_handle=_decode(handle).decode() if handle else None,
        )
    except (*_MALFORMED, RecursionError):
        raise PasskeyRefused(PasskeyFault.ANSWER) from None


def verify_registration(rp: RelyingParty, answer: PasskeyAnswer) -> NewCredential:
    """Check the answer to `registration_options`. Raises `PasskeyRefused`."""
    try:
        found = verify_registration_response(
            credential=answer.raw,
            expected_challenge=answer.challenge,
            expected_rp_id=rp.id,
            expected_origin=rp.origin,
            require_user_verification=True,
        )
    except (*_MALFORMED, RecursionError):
        raise PasskeyRefused(PasskeyFault.SIGNATURE) from None
    return NewCredential(
        credential_id=_encode(found.credential_id),
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=_named_transports(answer.raw["response"].get("transports")),
    )


def verify_authentication(rp: RelyingParty, answer: PasskeyAnswer, public_key: bytes) -> int:
    """Check the answer to `authentication_options`; how often the passkey says it has signed. Raises `PasskeyRefused`.

    Whether it counts forward is for the caller: the library would look at that before the signature.
    """
    try:
        found = verify_authentication_response(
            credential=answer.raw,
            expected_challenge=answer.challenge,
            expected_rp_id=rp.id,
            expected_origin=rp.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (*_MALFORMED, RecursionError):
        raise PasskeyRefused(PasskeyFault.SIGNATURE) from None
    return found.new_sign_count


def _named_transports(named: object) -> tuple[str, ...]:
    return tuple(one for one in sorted(_TRANSPORTS) if one in named) if isinstance(named, list) else ()


def _descriptor(credential: KnownCredential) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(one) for one in credential.transports if one in _TRANSPORTS]
    return PublicKeyCredentialDescriptor(id=_decode(credential.credential_id), transports=transports or None)


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
