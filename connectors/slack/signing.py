"""Who may talk to us: Slack by its signature, our own buttons and links by ours. Nothing here ever raises."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from slack_sdk.signature import SignatureVerifier

TIMESTAMP = "x-slack-request-timestamp"
SIGNATURE = "x-slack-signature"
NEWEST = 300
"""Seconds that a request may be off our clock; https://docs.slack.dev/authentication/verifying-requests-from-slack"""

_MAX_DIGITS = 12
_MAC_LENGTH = 22  # 16 bytes in base64


def is_timely(timestamp: str | None, time: float) -> bool:
    """Whether a request's time is a plausible number close to ours; asked before the body is read."""
    if timestamp is None or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > _MAX_DIGITS:
        return False
    return abs(time - int(timestamp)) <= NEWEST


def is_from_slack(secret: str, body: bytes, timestamp: str | None, signature: str | None, time: float) -> bool:
    """Whether Slack signed `body`. The SDK's verifier raises on odd input, so what it trips over is refused first."""
    if not secret.strip() or signature is None or not signature.isascii() or not is_timely(timestamp, time):
        return False
    try:
        expected = SignatureVerifier(secret).generate_signature(timestamp=timestamp or "", body=body)
    except UnicodeDecodeError:
        return False
    return expected is not None and hmac.compare_digest(expected, signature)


class ClaimSigner:
    """Signs what leaves us and comes back: the values of buttons, the state of an installation."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        self._key = hmac.digest(secret_key.encode(), f"slack {purpose}".encode(), hashlib.sha256)

    def sign(self, claims: Mapping[str, str | int | None]) -> str:
        """`claims` with a signature; short enough for a button's value as long as the claims are."""
        body = json.dumps(dict(claims), separators=(",", ":"), ensure_ascii=False)
        return f"{self._mac(body)}{body}"

    def verify(self, value: object) -> dict[str, Any] | None:
        """The claims of `value`, `None` when we didn't sign it."""
        if not isinstance(value, str) or len(value) <= _MAC_LENGTH:
            return None
        mac, body = value[:_MAC_LENGTH], value[_MAC_LENGTH:]
        expected = self._mac(body).encode()
        if not hmac.compare_digest(mac.encode("utf-8", "surrogatepass"), expected):
            return None
        claims: dict[str, Any] = json.loads(body)
        return claims

    def _mac(self, body: str) -> str:
        digest = hmac.digest(self._key, body.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return urlsafe_b64encode(digest).decode()[:_MAC_LENGTH]
