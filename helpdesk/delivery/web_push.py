"""One push message to one browser: encrypted for it (RFC 8291, aes128gcm) and signed as ours (RFC 8292, VAPID).

The push service between us sees neither title nor text. The key pair is derived from `STAFFEL_SECRET_KEY`, so that all
instances share it and nothing has to be stored.
"""

import base64
import json
import os
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpdesk.notifications.devices import PushSubscription, decode_base64url
from helpdesk.outgoing.post import OutgoingPost, PostAnswer

#: The order of the curve P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD_BYTES = 4096
_TOKEN_SECONDS = 12 * 3600
#: Statuses with which a push service says that the browser takes no more of this subscription.
GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class PushMessage:
    """What is shown, and for how many seconds it is worth delivering. A later one of the same `topic` replaces it."""

    content: dict[str, Any]
    seconds: int
    topic: str
    is_urgent: bool = True


class WebPush:
    """Sends push messages. `contact` is where the owner of a push service may turn to: an https address or mailto:."""

    def __init__(self, secret_key: str, contact: str, post: OutgoingPost) -> None:
        self._key = derive_key(secret_key)
        self._contact = contact if contact.startswith(("https:", "mailto:")) else "mailto:staffel@localhost"
        self.post = post

    @property
    def public_key(self) -> str:
        """What browsers subscribe with, in base64url."""
        return encode_base64url(_point(self._key))

    async def send(self, to: PushSubscription, message: PushMessage) -> PostAnswer:
        """What the push service said. Raises `PostFailure`."""
        body = encrypt(json.dumps(message.content, ensure_ascii=False).encode(), to)
        headers = {
            "Authorization": f"vapid t={self._token(to.endpoint)}, k={self.public_key}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.seconds),
            "Urgency": "high" if message.is_urgent else "normal",
            "Topic": message.topic,
        }
        return await self.post.send(to.endpoint, body, headers)

    def _token(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + _TOKEN_SECONDS,
            "sub": self._contact,
        }
        signed = ".".join(_json_part(part) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{encode_base64url(r.to_bytes(32) + s.to_bytes(32))}"


def derive_key(secret_key: str) -> ec.EllipticCurvePrivateKey:
    """The key pair of this installation."""
    wide = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"staffel web push").derive(secret_key.encode())
    return ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())


def encrypt(
    plain: bytes,
    to: PushSubscription,
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """`plain` (3,993 bytes at most) for one browser; `salt` and `sender` are new each time but in tests."""
    salt, sender = salt or os.urandom(16), sender or ec.generate_private_key(ec.SECP256R1())
    receiver = decode_base64url(to.p256dh)
    shared = sender.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver))
    info = b"WebPush: info\0" + receiver + _point(sender)
    key_material = _derive(32, decode_base64url(to.auth), info, shared)
    key = _derive(16, salt, b"Content-Encoding: aes128gcm\0", key_material)
    nonce = _derive(12, salt, b"Content-Encoding: nonce\0", key_material)
    header = salt + _RECORD_BYTES.to_bytes(4) + bytes([65]) + _point(sender)
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def encode_base64url(content: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _derive(length: int, salt: bytes, info: bytes, material: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json_part(part: dict[str, Any]) -> str:
    return encode_base64url(json.dumps(part, separators=(",", ":")).encode())
