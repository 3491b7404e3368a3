"""A push service on loopback with a browser behind it: checks who sends, decrypts, and refuses as it is told."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk.notifications.devices import PushSubscription
from tests.services import free_port


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class PushBrowser:
    """One subscription, and what came for it. `status` is what the service answers for it."""

    name: str
    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"0123456789abcdef"
    status: int = 201
    shown: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> PushSubscription:
        return PushSubscription(
            endpoint=f"{self.origin}/push/{self.name}", p256dh=packed(self.point), auth=packed(self.auth)
        )

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8291, as a browser does it."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)
        material = derive(32, self.auth, b"WebPush: info\0" + self.point + sender, shared)
        key = derive(16, salt, b"Content-Encoding: aes128gcm\0", material)
        nonce = derive(12, salt, b"Content-Encoding: nonce\0", material)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        return plain.rstrip(b"\0").removesuffix(b"\x02")


@dataclass
class PushService:
    """The server; `forged` counts messages whose sender could not show who they are."""

    port: int = field(default_factory=free_port)
    browsers: dict[str, PushBrowser] = field(default_factory=dict)
    forged: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def browser(self, name: str) -> PushBrowser:
        """A new subscription."""
        return self.browsers.setdefault(name, PushBrowser(name=name, origin=f"http://{self.host}"))

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/push/{name}", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        if not is_vapid(request.headers["authorization"], f"http://{self.host}"):
            self.forged += 1
            return Response(status_code=403)
        browser = self.browsers[request.path_params["name"]]
        if browser.status == 201:
            browser.shown.append(json.loads(browser.decrypt(await request.body())))
            browser.headers.append(dict(request.headers))
        return Response(status_code=browser.status)


def derive(length: int, salt: bytes, info: bytes, material: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def is_vapid(header: str, audience: str) -> bool:
    """Whether the token of RFC 8292 is signed with the key beside it, for this service, and not for ever."""
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    head, claims, signature = parts["t"].split(".")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(parts["k"]))
    raw = unpacked(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(pair, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    told = json.loads(unpacked(claims))
    is_timely = time.time() < told["exp"] <= time.time() + 24 * 3600
    return bool(told["aud"] == audience and is_timely and told["sub"].startswith(("https:", "mailto:")))


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """A service at work."""
    service = PushService()
    server = uvicorn.Server(uvicorn.Config(service.app(), port=service.port, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield service
    finally:
        server.should_exit = True
        await task
