"""A web site that signs its customers in, and a browser of theirs."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from helpdesk.identity.token import SigningKey
from store.models import now


class Site:
    """Signs with one key for one Staffel."""

    def __init__(self, key: SigningKey, audience: str) -> None:
        self.key, self.audience = key, audience

    def claims(self, customer: str = "K-1", *, minutes: float = 60, **more: Any) -> dict[str, Any]:
        expires = int((now() + timedelta(minutes=minutes)).timestamp())
        known = {"sub": customer, "aud": self.audience, "exp": expires, "jti": secrets.token_hex(8)}
        return known | {"name": "Ida Muster", "email": "ida@example.org"} | more

    def token(self, customer: str = "K-1", **more: Any) -> str:
        """A JWT."""
        return self.jwt(self.claims(customer, **more))

    def jwt(self, claims: Mapping[str, Any], **header: Any) -> str:
        return jwt.encode(dict(claims), self.key.secret, algorithm="HS256", headers=header or None)

    def hmac(self, claims: Mapping[str, Any]) -> str:
        """The form that needs no library."""
        payload = base64.urlsafe_b64encode(json.dumps(dict(claims)).encode()).decode().rstrip("=")
        return payload + "." + hmac.new(self.key.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


@dataclass
class CustomerBrowser:
    """One browser as the widget makes it: keeps its visitor token and its own key, and opens one socket at a time."""

    address: str
    token: str | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(16))

    @asynccontextmanager
    async def open(self, identity: str | None = None) -> AsyncIterator["OpenPage"]:
        """A page with the chat open; with `identity` one on which the web site has signed its customer in."""
        async with connect(f"ws://{self.address}/webchat/ws", origin=f"http://{self.address}") as socket:  # type: ignore[arg-type]
            hello = {"type": "hello", "protocol": 1, "token": self.token, "last_seq": 0, "language": "de"}
            if identity is not None:
                hello |= {"identity": identity, "browser": self.key}
            await socket.send(json.dumps(hello))
            page = OpenPage(socket)
            await page.until("ready")
            self.token = page.welcome["token"]
            yield page


class OpenPage:
    """What one socket has brought."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    @property
    def welcome(self) -> dict[str, Any]:
        return next(frame for frame in self.frames if frame["type"] == "welcome")

    @property
    def conversation(self) -> str:
        return str(self.welcome["conversation"])

    @property
    def identity(self) -> dict[str, Any] | None:
        return self.welcome.get("identity")

    @property
    def texts(self) -> list[str]:
        return [frame["text"] for frame in self.frames if frame["type"] == "message"]

    async def until(self, kind: str, **fields: object) -> dict[str, Any]:
        """The next frame of a kind with these fields."""
        async with asyncio.timeout(60):
            while True:
                frame = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if frame["type"] == kind and fields.items() <= frame.items():
                    return dict(frame)

    async def say(self, text: str) -> None:
        """Write, and wait until it is stored."""
        client_id = secrets.token_hex(8)
        await self.socket.send(json.dumps({"type": "message", "text": text, "client_id": client_id}))
        await self.until("ack", client_id=client_id)

    async def closed(self, seconds: float = 5.0) -> int | None:
        """The code with which the server closes within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self.frames.append(json.loads(await self.socket.recv()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
