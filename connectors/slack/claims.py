"""What leaves us signed and comes back: the values of buttons, invitations, the state of an installation."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

_MAC_LENGTH = 22  # 16 bytes in base64


class ClaimSigner:
    """Signs claims for one purpose; what was signed for another isn't accepted."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        self._key = hmac.digest(secret_key.encode(), f"slack {purpose}".encode(), hashlib.sha256)

    def sign(self, claims: Mapping[str, str | int | None]) -> str:
        """`claims` with a signature; short enough for a button's value as long as the claims are."""
        body = json.dumps(dict(claims), separators=(",", ":"), ensure_ascii=False)
        return f"{self._mac(body)}{body}"

    def verify(self, value: object) -> dict[str, Any] | None:
        """The claims of `value`, `None` when we didn't sign it. Never raises."""
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


def to_url(signed: str) -> str:
    """A signed value as it can stand in an address or a cookie: hex, so that nothing in it needs escaping."""
    return signed.encode().hex()


def from_url(text: str) -> str:
    """What `to_url` made it from; empty for anything else."""
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return ""
